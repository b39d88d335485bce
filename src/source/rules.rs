//! Directories and file names that are not the project's own source, by name and place.
//!
//! A name alone is often not enough: `build`, `coverage` or `vendor` can be a feature of the product (an insurance has
//! coverages, a marketplace has vendors). Such a name counts only in the places where tools put such directories: next
//! to a manifest, or among the static files of a site.

use std::path::Path;

use super::SkipReason;

/// Version control: never of interest, not even worth a word.
const SILENT: &[&str] = &[".git", ".hg", ".jj", ".sl", ".svn"];

/// Third-party code wherever it stands.
const VENDORED: &[&str] = &[
    ".pnpm-store",
    ".venv",
    ".yarn",
    "Carthage",
    "Pods",
    "__pypackages__",
    "bower_components",
    "jspm_packages",
    "node_modules",
    "site-packages",
    "web_modules",
];

/// Tool output wherever it stands.
const GENERATED: &[&str] = &[
    ".angular",
    ".astro",
    ".cache",
    ".docusaurus",
    ".expo",
    ".gradle",
    ".netlify",
    ".next",
    ".nuxt",
    ".nx",
    ".nyc_output",
    ".open-next",
    ".output",
    ".parcel-cache",
    ".react-router",
    ".serverless",
    ".svelte-kit",
    ".temp",
    ".turbo",
    ".vercel",
    ".vinxi",
    ".wrangler",
    "storybook-static",
];

/// Third-party code or tool output if it stands where tools put it.
const PLACED: &[(&str, SkipReason)] = &[
    ("build", SkipReason::Generated),
    ("coverage", SkipReason::Generated),
    ("dist", SkipReason::Generated),
    ("out", SkipReason::Generated),
    ("target", SkipReason::Generated),
    // Deeper down it may be the sign-in with third parties.
    ("third-party", SkipReason::Vendored),
    ("third_party", SkipReason::Vendored),
    ("vendor", SkipReason::Vendored),
    ("vendors", SkipReason::Vendored),
    ("venv", SkipReason::Vendored),
];

/// What stands at the top of a package or a repository.
const TOPS: &[&str] = &[
    ".git",
    "Cargo.toml",
    "Gemfile",
    "build.gradle",
    "composer.json",
    "go.mod",
    "lerna.json",
    "package.json",
    "pom.xml",
    "pyproject.toml",
];

/// Directories of static files, into which build output and libraries are copied.
const STATIC: &[&str] =
    &["assets", "javascripts", "js", "lib", "libs", "public", "static", "webroot", "www", "wwwroot"];

/// What a rule says about a directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Walk on.
    Enter,
    /// Leave out and say so.
    Skip(SkipReason),
    /// Leave out without a word.
    Ignore,
}

/// Judges a directory that was met on the way. `lenient` lifts all rules but those about version control.
pub(super) fn directory(path: &Path, lenient: bool) -> Verdict {
    let name = name_of(path);
    if SILENT.contains(&name) {
        return Verdict::Ignore;
    }
    if lenient {
        return Verdict::Enter;
    }
    if VENDORED.contains(&name) {
        return Verdict::Skip(SkipReason::Vendored);
    }
    if GENERATED.contains(&name) {
        return Verdict::Skip(SkipReason::Generated);
    }
    match PLACED.iter().find(|(placed, _)| *placed == name) {
        Some((_, reason)) if is_place_of_tools(path) => Verdict::Skip(reason.clone()),
        _ => Verdict::Enter,
    }
}

/// Whether all that stands below a directory of this name is somebody else's or made by tools.
pub(super) fn is_foreign(name: &str) -> bool {
    SILENT.contains(&name) || VENDORED.contains(&name) || GENERATED.contains(&name)
}

/// Whether a file of this name stands at the top of a package or a repository.
pub(super) fn is_top(name: &str) -> bool {
    TOPS.contains(&name)
}

/// Judges a file by its name.
pub(super) fn file(name: &str) -> Option<SkipReason> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let ends = |endings: &[&str]| endings.iter().any(|ending| stem.ends_with(ending));
    if ends(&[".min", "-min"]) {
        return Some(SkipReason::Minified);
    }
    (ends(&[".bundle", ".chunk"]) || name.starts_with(".pnp.")).then_some(SkipReason::Generated)
}

fn is_place_of_tools(path: &Path) -> bool {
    let Some(parent) = path.parent() else { return false };
    STATIC.contains(&name_of(parent)) || TOPS.iter().any(|top| parent.join(top).exists())
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("packages/a")).unwrap();
        std::fs::write(root.path().join("packages/a/package.json"), "{}").unwrap();
        let skip = |reason| Verdict::Skip(reason);
        for (path, verdict) in [
            (".git", Verdict::Ignore),
            ("a/node_modules", skip(SkipReason::Vendored)),
            ("src/.next", skip(SkipReason::Generated)),
            ("packages/a/dist", skip(SkipReason::Generated)),
            ("packages/a/vendor", skip(SkipReason::Vendored)),
            ("public/build", skip(SkipReason::Generated)),
            ("packages/a/third_party", skip(SkipReason::Vendored)),
            ("packages/a/src/auth/third-party", Verdict::Enter),
            ("packages/a/src", Verdict::Enter),
            ("src/coverage", Verdict::Enter),
            ("app/vendor", Verdict::Enter),
            (".storybook", Verdict::Enter),
        ] {
            assert_eq!(directory(&root.path().join(path), false), verdict, "{path}");
        }
        assert_eq!(directory(&root.path().join("node_modules"), true), Verdict::Enter);
        assert_eq!(directory(&root.path().join(".git"), true), Verdict::Ignore);
    }

    #[test]
    fn files() {
        for (name, id) in [
            ("jquery.min.js", Some("minified")),
            ("jquery-min.js", Some("minified")),
            ("app.bundle.js", Some("generated")),
            (".pnp.cjs", Some("generated")),
            ("admin.js", None),
            ("min.js", None),
        ] {
            assert_eq!(file(name).map(|reason| reason.id()), id, "{name}");
        }
    }
}
