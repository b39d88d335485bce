//! What a file is, judged by its name alone.

use serde::{Deserialize, Serialize};

/// The grammar that reads a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// `.js`, `.mjs`, `.cjs`: the JavaScript grammar, which reads JSX too.
    JavaScript,
    /// `.jsx`: the same grammar as [`Language::JavaScript`].
    Jsx,
    /// `.ts`, `.mts`, `.cts`: TypeScript, in which `<T>x` is a cast and not an element.
    TypeScript,
    /// `.tsx`: TypeScript with JSX.
    Tsx,
}

impl Language {
    /// The language that a file extension or a `lang` attribute names.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "js" | "mjs" | "cjs" | "es6" | "javascript" => Self::JavaScript,
            "jsx" => Self::Jsx,
            "ts" | "mts" | "cts" | "typescript" => Self::TypeScript,
            "tsx" => Self::Tsx,
            _ => return None,
        })
    }
}

/// A kind of file that has scripts inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Host {
    /// A page or a server's template of one: `<script>` elements and `on…` attributes.
    Html,
    /// A Vue single-file component.
    Vue,
    /// A Svelte component.
    Svelte,
    /// An Astro component or page.
    Astro,
}

/// What a file is to the analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FileKind {
    /// JavaScript or TypeScript.
    Script(Language),
    /// A file with scripts inside.
    Embedded(Host),
    /// A `package.json`.
    Manifest,
    /// Anything else. A walk keeps only those that describe a workspace or a data model.
    Other,
}

impl FileKind {
    /// The kind of a file, from its name or path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let name = file_name(path);
        if name == "package.json" {
            return Self::Manifest;
        }
        let Some((stem, extension)) = name.rsplit_once('.') else { return Self::Other };
        let extension = extension.to_ascii_lowercase();
        match extension.as_str() {
            _ if stem.is_empty() => Self::Other,
            "html" | "htm" | "xhtml" => Self::Embedded(Host::Html),
            // Pages that a server's template engine fills: Razor, EEx, EJS, ERB, FreeMarker, Go, Handlebars, Jinja,
            // JSP, Liquid, Mustache, Nunjucks, PHP, Smarty, Twig.
            "cshtml" | "eex" | "ejs" | "erb" | "ftl" | "gohtml" | "handlebars" | "hbs" | "heex" | "j2" | "jinja"
            | "jinja2" | "jsp" | "leex" | "liquid" | "mustache" | "njk" | "php" | "phtml" | "tmpl" | "tpl" | "twig" => {
                Self::Embedded(Host::Html)
            }
            "vue" => Self::Embedded(Host::Vue),
            "svelte" => Self::Embedded(Host::Svelte),
            "astro" => Self::Embedded(Host::Astro),
            "javascript" | "typescript" => Self::Other,
            other => Language::of_extension(other).map_or(Self::Other, Self::Script),
        }
    }

    /// Whether the file holds code to analyse.
    #[must_use]
    pub const fn is_code(self) -> bool {
        matches!(self, Self::Script(_) | Self::Embedded(_))
    }
}

/// Whether the path names a TypeScript declaration file, which has types and no behaviour.
#[must_use]
pub fn is_declaration(path: &str) -> bool {
    let name = file_name(path);
    [".d.ts", ".d.mts", ".d.cts"].iter().any(|end| name.ends_with(end))
}

/// Whether the path names a test, a mock or a story: the persons in these are made up. Folders such as `test` say too
/// little, as whole projects live in them.
#[must_use]
pub fn is_test(path: &str) -> bool {
    const FOLDERS: &[&str] = &["__tests__", "__mocks__", "cypress", "e2e"];
    const PARTS: &[&str] = &[".test.", ".spec.", ".stories.", ".cy."];
    // What sets up a test runner or configures it.
    const STARTS: &[&str] = &["test.", "setup-tests.", "setupTests.", "vitest.", "jest.", "playwright.", "cypress."];
    let name = file_name(path);
    let folders = path.split('/').rev().skip(1);
    PARTS.iter().any(|part| name.contains(part))
        || STARTS.iter().any(|start| name.starts_with(start))
        || folders.into_iter().any(|folder| FOLDERS.contains(&folder))
}

/// Whether a file of kind [`FileKind::Other`] tells about the workspace or about what records hold.
pub(super) fn is_description(name: &str) -> bool {
    const NAMES: &[&str] = &["deno.json", "jsconfig.json", "lerna.json", "overshare.toml", "pnpm-workspace.yaml"];
    const EXTENSIONS: &[&str] = &["gql", "graphql", "prisma"];
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    NAMES.contains(&name) || EXTENSIONS.contains(&extension) || (name.starts_with("tsconfig") && extension == "json")
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kinds() {
        use FileKind::{Embedded, Manifest, Other, Script};
        let cases = [
            ("src/a.js", Script(Language::JavaScript)),
            ("a.mjs", Script(Language::JavaScript)),
            ("a.cjs", Script(Language::JavaScript)),
            ("A.JSX", Script(Language::Jsx)),
            ("a.ts", Script(Language::TypeScript)),
            ("a.d.mts", Script(Language::TypeScript)),
            ("a.cts", Script(Language::TypeScript)),
            ("a.test.tsx", Script(Language::Tsx)),
            ("index.html", Embedded(Host::Html)),
            ("layout.html.eex", Embedded(Host::Html)),
            ("views/app.blade.php", Embedded(Host::Html)),
            ("App.vue", Embedded(Host::Vue)),
            ("App.svelte", Embedded(Host::Svelte)),
            ("index.astro", Embedded(Host::Astro)),
            ("store.svelte.ts", Script(Language::TypeScript)),
            ("packages/a/package.json", Manifest),
            ("package-lock.json", Other),
            (".js", Other),
            ("Makefile", Other),
            ("a.typescript", Other),
            ("", Other),
        ];
        for (path, kind) in cases {
            assert_eq!(FileKind::of(path), kind, "{path}");
        }
    }

    #[test]
    fn tests_are_known_by_their_names() {
        for test in [
            "a/cart.test.ts",
            "a/cart.spec.js",
            "__mocks__/fetch.ts",
            "e2e/pay.ts",
            "Cart.stories.tsx",
            "test.setup.ts",
            "web/vitest.setup.browser.ts",
            "jest.config.js",
        ] {
            assert!(is_test(test), "{test}");
        }
        for code in [
            "test/cart.ts",
            "src/latest.ts",
            "src/contest.tsx",
            "tests/fixtures/a.js",
            "src/testing/spec.ts",
            "src/jester.ts",
        ] {
            assert!(!is_test(code), "{code}");
        }
    }

    #[test]
    fn declarations_and_descriptions() {
        assert!(is_declaration("src/a.d.ts") && is_declaration("a.d.cts") && !is_declaration("a.ts"));
        for name in ["tsconfig.json", "tsconfig.base.json", "schema.prisma", "q.graphql", "pnpm-workspace.yaml"] {
            assert!(is_description(name), "{name}");
        }
        assert!(!is_description("logo.png") && !is_description("package-lock.json"));
    }
}
