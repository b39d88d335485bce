//! Plain paths: what the resolution library would answer, from the list of candidate files.
//!
//! Nearly all imports of a project are `./x` or an alias of a directory, and nothing but the names of the candidates
//! decides them. To know who imports a wrapper a scan asks for all of them, so these are answered by one look-up. What
//! has rules of its own (manifests, built files that are absent, the `browser` field) is the library's.

use smol_str::SmolStr;

use super::{WRITTEN_AS, packages::Packages, path, sources, tree::Tree};

/// What stands at a plain path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// A candidate file.
    File(SmolStr),
    /// Certainly nothing.
    Nothing,
    /// The library must be asked.
    Unclear,
}

/// What an import of `path`, which is written as `specifier`, names.
pub fn at(tree: &Tree, packages: &Packages, path: &str, specifier: &str) -> Plain {
    if !is_plain(specifier) || packages.renames_files(path) {
        return Plain::Unclear;
    }
    let written = WRITTEN_AS.iter().find_map(|(written, real)| Some((path.strip_suffix(written)?, *real)));
    if let Some((stem, real)) = written {
        let mut forms = real.iter().map(|extension| format!("{stem}{extension}"));
        return forms.find_map(|form| tree.known_as(&form)).map_or(Plain::Unclear, Plain::File);
    }
    if let Some(file) = tree.known_as(path).or_else(|| tree.started(path)) {
        return Plain::File(file);
    }
    if tree.is_dir(path) {
        let index = tree.started(&path::child(path, "index")).filter(|_| packages.at(path).is_none());
        return index.map_or(Plain::Unclear, Plain::File);
    }
    let with_json = || tree.is_dir(path::parent(path)) && tree.has_file(&format!("{path}.json"));
    let may_be_json = path.ends_with(".json") || with_json();
    if may_be_json || sources::may_be_built(path) { Plain::Unclear } else { Plain::Nothing }
}

/// Whether only names decide: no query or fragment, no installed package, a file rather than a directory.
fn is_plain(specifier: &str) -> bool {
    let special = |byte: u8| matches!(byte, b'?' | b'#' | b'\\' | b'%' | 0);
    !specifier.bytes().any(special)
        && !matches!(path::name(specifier), "" | "." | "..")
        && !specifier.contains("node_modules")
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::link::resolve::{
        Resolved, Resolver,
        specifier::{self, Shape},
        tests::{empty, resolver},
    };

    /// What is answered without the library is what the library answers.
    pub fn agrees(resolver: &Resolver, dir: &str, specifier: &str) {
        let Shape::Relative(written) = specifier::shape(specifier) else { return };
        let Some(path) = path::join(dir, written) else { return };
        let found = resolver.library_finds(dir, written);
        match at(&resolver.tree, &resolver.packages, &path, written) {
            Plain::File(file) => assert_eq!(found, Some(Resolved::File(file)), "{dir}: {specifier}"),
            Plain::Nothing => assert_eq!(found, None, "{dir}: {specifier}"),
            Plain::Unclear => {}
        }
    }

    #[test]
    fn plain_paths_are_answered_as_the_library_would() {
        let extensions = ["", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".vue", ".json", ".css", ".native.ts", ".d.ts"];
        let files =
            ["a.ts", "a.tsx", "b.js", "c/index.vue", "c/d.native.ts", "d.ts", "d/index.ts", "lib/e.ts", "f.d.ts"];
        let mut tree = empty(&files);
        tree.extend([("g/package.json", "{ \"main\": \"../a\" }"), ("g/h.ts", ""), ("i.json", ""), ("j/k.ts", "")]);
        tree.extend([("j/package.json", "{ \"browser\": { \"./k.ts\": \"./l.ts\" } }"), ("j/l.ts", "")]);
        let resolver = resolver(&tree);
        let stems =
            ["a", "b", "c", "c/d", "c/index", "d", "lib/e", "dist/e", "f", "g", "g/h", "i", "j/k", "none", "a/", "."];
        for stem in stems {
            for extension in extensions {
                agrees(&resolver, "", &format!("./{stem}{extension}"));
                agrees(&resolver, "c", &format!("../{stem}{extension}"));
            }
        }
    }
}
