//! From what a package publishes back to what it is built from: `dist/track.js` to `src/track.ts`.
//!
//! A manifest names built files, and a scanned tree holds none. Build tools keep the paths below the output directory,
//! so the source is found by taking output directories off the front and trying the usual source directories.

use super::{packages::Packages, path, tree::Tree};

/// Directories that build tools write to.
const OUTPUTS: &[&str] = &[
    "dist",
    "lib",
    "build",
    "out",
    "es",
    "esm",
    "cjs",
    "umd",
    "mjs",
    "module",
    "commonjs",
    "types",
    "typings",
    "output",
    ".output",
    "bundle",
    "release",
    "compiled",
    "dts",
    "node",
    "browser",
    "development",
    "production",
    "publish",
];

/// Directories that sources stand in, likeliest first; the last is the package itself.
const SOURCES: &[&str] = &["src", "source", "lib", "app", "src/lib", "addon", ""];

/// Words that build tools put between the name and the extension.
const FLAVOURS: &[&str] =
    &["min", "esm", "cjs", "umd", "es", "mjs", "module", "browser", "node", "prod", "production", "development", "d"];

/// Extensions of built files, each with those of the sources that it can come from.
const BUILT: &[(&str, &[&str])] = &[
    (".d.ts", &[".ts", ".tsx", ".js", ".jsx"]),
    (".d.mts", &[".mts", ".ts", ".tsx", ".mjs", ".js"]),
    (".d.cts", &[".cts", ".ts", ".tsx", ".cjs", ".js"]),
    (".mjs", &[".mts", ".ts", ".tsx", ".mjs", ".js", ".jsx"]),
    (".cjs", &[".cts", ".ts", ".tsx", ".cjs", ".js", ".jsx"]),
    (".js", &[".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs"]),
    (".jsx", &[".tsx", ".jsx"]),
];

/// The candidate file that the absent, built `file` is made from.
pub fn source_of(tree: &Tree, packages: &Packages, file: &str) -> Option<String> {
    let (stem, extensions) = BUILT.iter().find_map(|(built, sources)| Some((file.strip_suffix(built)?, sources)))?;
    if !may_be_built(stem) {
        return None;
    }
    let dir = packages.around(path::parent(file))?;
    let inner = path::inside(stem, dir)?;
    let stems = tails(inner).flat_map(|tail| [tail, plain(tail)]);
    stems.flat_map(places).find_map(|place| {
        let place = path::child(dir, &place);
        extensions.iter().map(|extension| format!("{place}{extension}")).find(|source| tree.is_known(source))
    })
}

/// Whether a path could be that of a built file, once it had an extension.
pub fn may_be_built(path: &str) -> bool {
    path.split('/').any(is_output)
}

/// Where the source of the path `sub` of a package may stand, from the package's directory, likeliest first. The empty
/// path means the package itself.
pub fn guesses(name: &str, sub: &str) -> Vec<String> {
    if !sub.is_empty() {
        return std::iter::once(sub).chain(tails(sub)).flat_map(places).collect();
    }
    let own = path::name(name);
    let starts = ["index", "main", own, "public-api", "public_api", "mod"];
    SOURCES.iter().flat_map(|dir| starts.map(|start| path::child(dir, start).into())).collect()
}

/// What is left of a path after each leading output directory.
fn tails(inner: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(tail(inner), |rest| tail(rest))
}

fn tail(path: &str) -> Option<&str> {
    path.split_once('/').filter(|(dir, _)| is_output(dir)).map(|(_, tail)| tail)
}

fn places(tail: &str) -> impl Iterator<Item = String> {
    SOURCES.iter().map(move |dir| path::child(dir, tail).into())
}

/// The path without a flavour: `index.esm` is `index`.
fn plain(stem: &str) -> &str {
    let mut plain = stem;
    while let Some((rest, flavour)) = plain.rsplit_once('.') {
        if !FLAVOURS.contains(&flavour) {
            break;
        }
        plain = rest;
    }
    plain
}

fn is_output(dir: &str) -> bool {
    OUTPUTS.contains(&dir) || dir.starts_with("dist-") || dir.starts_with("build-") || dir.starts_with("lib-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_fall_away_one_by_one() {
        assert_eq!(tails("dist/esm/a/b").collect::<Vec<_>>(), ["esm/a/b", "a/b"]);
        assert_eq!(tails("src/a").count(), 0);
        assert_eq!(plain("index.esm.min"), "index");
        assert_eq!(plain("user.service"), "user.service");
    }
}
