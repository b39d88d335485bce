//! What an import names, before any file is looked at.

use std::borrow::Cow;

/// The kinds of specifier, each with the text that is left to resolve.
#[derive(Debug, PartialEq, Eq)]
pub enum Shape<'a> {
    /// `./x`, `../x`, `.`
    Relative(&'a str),
    /// `/x`: from the root of the site or of the project; the slash is gone.
    Rooted(&'a str),
    /// A package, an alias, or a private import `#x`.
    Bare(&'a str),
    /// A package for certain: `node:fs`, `npm:posthog-node@4`, `https://esm.sh/mixpanel-browser`.
    Package(Cow<'a, str>),
    /// Nothing that can be followed.
    Nothing,
}

/// Hosts that serve npm packages as modules, with the path that comes before the package name.
const PACKAGE_HOSTS: &[&str] = &[
    "esm.sh/",
    "cdn.skypack.dev/",
    "unpkg.com/",
    "cdn.jsdelivr.net/npm/",
    "esm.run/",
    "jspm.dev/",
    "ga.jspm.io/npm:",
    "cdn.esm.sh/",
];

/// Extensions of files that bundlers import and that hold no code.
const ASSETS: &[&str] = &[
    "css",
    "scss",
    "sass",
    "less",
    "styl",
    "pcss",
    "postcss",
    "svg",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "avif",
    "ico",
    "bmp",
    "mp3",
    "mp4",
    "m4a",
    "ogg",
    "wav",
    "webm",
    "mov",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "json",
    "json5",
    "jsonc",
    "yaml",
    "yml",
    "toml",
    "md",
    "mdx",
    "txt",
    "csv",
    "graphql",
    "gql",
    "html",
    "wasm",
    "pdf",
    "glsl",
    "vert",
    "frag",
    "wgsl",
    "glb",
    "gltf",
    "hdr",
    "zip",
    "po",
    "xml",
    "webmanifest",
    "node",
    "proto",
    "sql",
    "hbs",
    "ejs",
    "pug",
];

/// Sorts a specifier as written by its shape; loader prefixes and queries fall away.
pub fn shape(specifier: &str) -> Shape<'_> {
    let text = without_loaders(specifier.trim());
    match text {
        "" => Shape::Nothing,
        "." | ".." => Shape::Relative(text),
        _ if text.starts_with("./") || text.starts_with("../") => Shape::Relative(text),
        _ if text.starts_with("//") || text.contains("://") => remote(text),
        _ if text.starts_with('/') => Shape::Rooted(text.trim_start_matches('/')),
        _ => match text.split_once(':') {
            Some(("npm" | "jsr", package)) => Shape::Package(without_version(package)),
            Some(("data" | "file" | "blob", _)) => Shape::Nothing,
            Some(_) => Shape::Package(Cow::Borrowed(text)),
            None => Shape::Bare(text),
        },
    }
}

/// Drops `raw-loader!` and its like before the path, `?url` and its like after it.
fn without_loaders(text: &str) -> &str {
    let text = text.rsplit_once('!').map_or(text, |(_, path)| path);
    text.split_once('?').map_or(text, |(path, _)| path)
}

/// The package that a content delivery network serves at an address; any other module goes by its address, `//` first.
fn remote(text: &str) -> Shape<'_> {
    let Some(at) = text.find("//") else { return Shape::Nothing };
    let address = &text[at + 2..];
    let package = PACKAGE_HOSTS.iter().find_map(|host| address.strip_prefix(host));
    match package.map(|package| package.trim_start_matches('/')) {
        Some(package) if !package.is_empty() => Shape::Package(without_version(package)),
        _ if address.contains('/') => Shape::Package(Cow::Borrowed(&text[at..])),
        _ => Shape::Nothing,
    }
}

/// `@acme/sdk@1.2/browser` is `@acme/sdk/browser`.
fn without_version(package: &str) -> Cow<'_, str> {
    let package = package.trim_start_matches('/');
    let scope = package.strip_prefix('@').and_then(|rest| rest.find('/')).map_or(0, |slash| slash + 2);
    let Some(at) = package[scope..].find('@').map(|at| scope + at) else { return Cow::Borrowed(package) };
    let after = package[at..].find('/').map_or("", |slash| &package[at + slash..]);
    if after.starts_with("/+") {
        Cow::Borrowed(&package[..at])
    } else {
        Cow::Owned(format!("{}{after}", &package[..at]))
    }
}

/// The package name at the start of a bare specifier and the path after it: `@acme/ui/button` is `@acme/ui`, `button`.
pub fn package_name(specifier: &str) -> (&str, &str) {
    let slashes = usize::from(specifier.starts_with('@'));
    match specifier.match_indices('/').nth(slashes) {
        Some((at, _)) => (&specifier[..at], &specifier[at + 1..]),
        None => (specifier, ""),
    }
}

/// Whether a path ends like a file that holds no code.
pub fn is_asset(path: &str) -> bool {
    let extension = super::path::name(path).rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| ASSETS.contains(&extension.as_str()))
}

/// Whether a bare specifier can only be an alias for files of the project, never a package of a registry.
pub fn is_private(specifier: &str) -> bool {
    ["@/", "~/", "@@/", "~~/", "$", "#"].iter().any(|start| specifier.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        let package = |name: &'static str| Shape::Package(name.into());
        let cases = [
            ("./a", Shape::Relative("./a")),
            ("..", Shape::Relative("..")),
            ("raw-loader!./a.txt", Shape::Relative("./a.txt")),
            ("!!style-loader!css-loader!./a.css", Shape::Relative("./a.css")),
            ("./worker?worker&inline", Shape::Relative("./worker")),
            ("/src/main.ts", Shape::Rooted("src/main.ts")),
            ("posthog-js", Shape::Bare("posthog-js")),
            ("@/lib/track", Shape::Bare("@/lib/track")),
            ("#lib", Shape::Bare("#lib")),
            ("node:fs", package("node:fs")),
            ("npm:@sentry/deno@8.1/core", package("@sentry/deno/core")),
            ("npm:posthog-node", package("posthog-node")),
            ("https://esm.sh/mixpanel-browser@2.47.0", package("mixpanel-browser")),
            ("https://cdn.jsdelivr.net/npm/posthog-js@1/+esm", package("posthog-js")),
            ("https://example.com/v1/a.js?x=1", package("//example.com/v1/a.js")),
            ("https://example.com", Shape::Nothing),
            ("data:text/javascript,1", Shape::Nothing),
            ("  ", Shape::Nothing),
        ];
        for (text, expect) in cases {
            assert_eq!(shape(text), expect, "{text}");
        }
    }

    #[test]
    fn package_names() {
        let cases = [
            ("a", ("a", "")),
            ("a/b/c", ("a", "b/c")),
            ("@s/a", ("@s/a", "")),
            ("@s/a/b", ("@s/a", "b")),
            ("@s", ("@s", "")),
        ];
        for (text, expect) in cases {
            assert_eq!(package_name(text), expect, "{text}");
        }
    }
}
