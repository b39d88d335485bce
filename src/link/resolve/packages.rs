//! The packages that live in the scanned tree: npm, yarn, pnpm and lerna workspaces, and those that nobody declared.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;
use smol_str::SmolStr;

use super::{
    path,
    scope::{Scope, Target},
    tree::Tree,
};

/// Directories whose packages are samples or stand-ins, reachable by name only when a workspace declares them.
const SAMPLES: &[&str] =
    &["fixtures", "__fixtures__", "__mocks__", "mocks", "templates", "template", "test", "tests", "__tests__", "e2e"];

/// The dependency tables of a manifest.
const TABLES: &[&str] = &["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

/// One `package.json` of the tree.
pub struct Package {
    /// Its directory.
    pub dir: SmolStr,
    /// The whole manifest, an object.
    pub manifest: Value,
}

impl Package {
    /// The name it is imported by.
    pub fn name(&self) -> Option<&str> {
        self.manifest.get("name")?.as_str().filter(|name| !name.is_empty())
    }

    /// The private imports that stand for packages only: `"#sdk": "posthog-js"`. Those for files are resolved by rule.
    pub fn renamed_packages(&self) -> Scope {
        let mut scope = Scope::default();
        for (key, value) in self.manifest.get("imports").and_then(Value::as_object).into_iter().flatten() {
            let targets = leaves(value);
            if !targets.iter().any(|target| target.starts_with('.')) {
                scope.alias(key, targets.into_iter().map(|target| Target::Specifier(target.into())).collect());
            }
        }
        scope
    }

    /// The version range by which it asks for another package.
    fn range_of(&self, name: &str) -> Option<&str> {
        TABLES.iter().find_map(|table| self.manifest.get(table)?.get(name)?.as_str())
    }

    /// The globs of the `workspaces` field, which is a list or an object that holds one.
    fn workspaces(&self) -> Vec<String> {
        let field = self.manifest.get("workspaces");
        strings(field.and_then(|field| field.get("packages")).or(field))
    }

    fn is_sample(&self) -> bool {
        self.dir.split('/').any(|name| SAMPLES.contains(&name))
    }
}

/// All packages of the tree.
#[derive(Default)]
pub struct Packages {
    by_dir: FxHashMap<SmolStr, Package>,
    /// Name to directory, where a workspace says so.
    declared: BTreeMap<SmolStr, SmolStr>,
    /// Name to directory, where only the manifest itself says so and no other manifest has the name.
    found: BTreeMap<SmolStr, SmolStr>,
    scopes: FxHashSet<SmolStr>,
    /// Directories of packages whose `browser` field puts some files in the place of others.
    renaming: FxHashSet<SmolStr>,
}

impl Packages {
    /// Reads every manifest that stands beside or above a candidate file.
    pub fn read(tree: &Tree) -> Self {
        let dirs = tree.dirs();
        let manifests: Vec<_> = dirs.par_iter().filter_map(|dir| read_manifest(tree, dir)).collect();
        let mut packages = Self::default();
        for package in &manifests {
            packages.declare(&workspace_globs(tree, package), package, &manifests);
        }
        packages.find(&manifests);
        let names = packages.declared.keys().chain(packages.found.keys());
        packages.scopes = names.filter_map(|name| Some(name.split_once('/')?.0.into())).collect();
        let renaming = manifests.iter().filter(|package| package.manifest.get("browser").is_some_and(Value::is_object));
        packages.renaming = renaming.map(|package| package.dir.clone()).collect();
        packages.by_dir = manifests.into_iter().map(|package| (package.dir.clone(), package)).collect();
        packages
    }

    /// The package whose manifest stands in `dir`.
    pub fn at(&self, dir: &str) -> Option<&Package> {
        self.by_dir.get(dir)
    }

    /// The directory of the nearest manifest at or above `dir`.
    pub fn around<'a>(&self, dir: &'a str) -> Option<&'a str> {
        path::ancestors(dir).find(|dir| self.by_dir.contains_key(*dir))
    }

    /// Whether the package around a file puts some files in the place of others.
    pub fn renames_files(&self, file: &str) -> bool {
        !self.renaming.is_empty()
            && self.around(path::parent(file)).is_some_and(|package| self.renaming.contains(package))
    }

    /// The conditions that some manifest of the tree puts before a TypeScript source: a project's own name for
    /// "take me unbuilt".
    pub fn source_conditions(&self) -> BTreeSet<String> {
        let fields = ["exports", "imports"];
        let tables = self.by_dir.values().flat_map(|package| fields.map(|field| package.manifest.get(field)));
        let mut pending: Vec<&Value> = tables.flatten().collect();
        let mut conditions = BTreeSet::new();
        while let Some(value) = pending.pop() {
            for (key, value) in value.as_object().into_iter().flatten() {
                if !key.starts_with(['.', '#']) && key != "types" && value.as_str().is_some_and(is_typescript) {
                    conditions.insert(key.clone());
                }
                pending.push(value);
            }
        }
        conditions
    }

    /// The directory of the package called `name`, whoever asks.
    pub fn dir(&self, name: &str) -> Option<&SmolStr> {
        self.declared.get(name).or_else(|| self.found.get(name))
    }

    /// The directory of the package called `name`, if a file in `from` means that one. A package that no workspace
    /// declares is not meant where a manifest asks for a version of the registry.
    pub fn dir_for(&self, name: &str, from: &str) -> Option<&SmolStr> {
        if let Some(dir) = self.declared.get(name) {
            return Some(dir);
        }
        let asked = path::ancestors(from).find_map(|dir| self.by_dir.get(dir)?.range_of(name));
        let from_registry = asked.is_some_and(|range| !is_local_range(range));
        self.found.get(name).filter(|_| !from_registry && !is_builtin(name))
    }

    /// Whether some package name starts with this scope, for example `@acme`.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }

    /// Whether any package can be imported by name.
    pub fn is_empty(&self) -> bool {
        self.declared.is_empty() && self.found.is_empty()
    }

    fn declare(&mut self, globs: &[String], workspace: &Package, all: &[Package]) {
        if globs.is_empty() {
            return;
        }
        let (wanted, unwanted) = (glob_set(globs, false), glob_set(globs, true));
        let members = all.iter().filter(|package| {
            let inside = path::inside(&package.dir, &workspace.dir);
            inside.is_some_and(|dir| dir.is_empty() || wanted.is_match(dir) && !unwanted.is_match(dir))
        });
        for package in members {
            if let Some(name) = package.name() {
                self.declared.entry(name.into()).or_insert_with(|| package.dir.clone());
            }
        }
    }

    fn find(&mut self, all: &[Package]) {
        let mut homes: BTreeMap<&str, Vec<&SmolStr>> = BTreeMap::new();
        for package in all.iter().filter(|package| !package.is_sample()) {
            homes.entry(package.name().unwrap_or_default()).or_default().push(&package.dir);
        }
        for (name, dirs) in homes {
            if let ([dir], false) = (dirs.as_slice(), name.is_empty()) {
                self.found.insert(name.into(), (*dir).clone());
            }
        }
    }
}

fn read_manifest(tree: &Tree, dir: &SmolStr) -> Option<Package> {
    if !tree.has_config(dir, "package.json") {
        return None;
    }
    let manifest = tree.read_json(&path::child(dir, "package.json"))?;
    manifest.is_object().then(|| Package { dir: dir.clone(), manifest })
}

/// The member globs that the manifest, `pnpm-workspace.yaml` and `lerna.json` in one directory give.
fn workspace_globs(tree: &Tree, package: &Package) -> Vec<String> {
    let mut globs = package.workspaces();
    globs.extend(pnpm_globs(tree, &path::child(&package.dir, "pnpm-workspace.yaml")));
    let lerna = path::child(&package.dir, "lerna.json");
    if tree.has_file(&lerna) {
        let declared = tree.read_json(&lerna).map(|lerna| strings(lerna.get("packages"))).unwrap_or_default();
        let default = || if globs.is_empty() { vec!["packages/*".to_owned()] } else { Vec::new() };
        globs.extend(if declared.is_empty() { default() } else { declared });
    }
    globs
}

#[derive(serde::Deserialize)]
struct PnpmWorkspace {
    #[serde(default)]
    packages: Option<Vec<String>>,
}

fn pnpm_globs(tree: &Tree, file: &str) -> Vec<String> {
    let Some(text) = tree.has_file(file).then(|| tree.read(file)).flatten() else { return Vec::new() };
    match serde_saphyr::from_str::<PnpmWorkspace>(&text) {
        Ok(workspace) => workspace.packages.unwrap_or_default(),
        Err(error) => {
            let reason = error.to_string();
            let line = reason.lines().next().unwrap_or_default();
            tree.report(file, format!("ignored: it is not a valid pnpm workspace: {line}"));
            Vec::new()
        }
    }
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// The set of all globs that start with `!`, or of all that do not. A glob that is none matches nothing.
fn glob_set(globs: &[String], negated: bool) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs.iter().filter(|glob| glob.starts_with('!') == negated) {
        let glob = glob.trim_start_matches('!').trim_start_matches("./").trim_end_matches('/');
        if let Ok(glob) = GlobBuilder::new(glob).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}

/// All strings inside a value.
fn leaves(value: &Value) -> Vec<&str> {
    let (mut pending, mut found) = (vec![value], Vec::new());
    while let Some(value) = pending.pop() {
        match value {
            Value::String(text) => found.push(text.as_str()),
            Value::Array(items) => pending.extend(items.iter().rev()),
            Value::Object(entries) => pending.extend(entries.values().rev()),
            _ => {}
        }
    }
    found
}

fn is_typescript(path: &str) -> bool {
    let ends = [".ts", ".tsx", ".mts", ".cts"].iter().any(|end| path.ends_with(end));
    ends && ![".d.ts", ".d.mts", ".d.cts"].iter().any(|end| path.ends_with(end))
}

/// Whether a version range points into the repository.
fn is_local_range(range: &str) -> bool {
    ["workspace:", "file:", "link:", "portal:", "*", ".", "/"].iter().any(|start| range.starts_with(start))
}

/// Modules of Node.js that older code imports without `node:`.
const BUILTINS: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

fn is_builtin(name: &str) -> bool {
    BUILTINS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtins_are_sorted() {
        assert!(BUILTINS.is_sorted());
        assert!(is_builtin("events") && !is_builtin("event"));
    }

    #[test]
    fn globs_as_package_managers_read_them() {
        let matches = |globs: &[&str], dir: &str| {
            let globs: Vec<_> = globs.iter().map(|glob| (*glob).to_owned()).collect();
            glob_set(&globs, false).is_match(dir) && !glob_set(&globs, true).is_match(dir)
        };
        assert!(matches(&["packages/*"], "packages/a") && !matches(&["packages/*"], "packages/a/b"));
        assert!(matches(&["packages/**"], "packages/a/b") && matches(&["./apps/web/"], "apps/web"));
        assert!(!matches(&["packages/*", "!packages/old"], "packages/old"));
        assert!(matches(&["{apps,libs}/*"], "libs/x"));
    }
}
