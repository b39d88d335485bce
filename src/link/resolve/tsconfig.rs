//! `paths` and `baseUrl` from tsconfig and jsconfig files, read leniently.
//!
//! What can be had is had: an `extends` that is not in the tree (a package that is not installed, a file that a
//! framework generates) is passed over, and broken syntax costs that one file.

use serde_json::Value;
use smol_str::{SmolStr, format_smolstr};

use super::{
    packages::Packages,
    path,
    scope::{Scope, Target},
    specifier::package_name,
    tree::Tree,
};

/// An `extends` chain is followed through at most this many files; real ones have two or three.
const MAX_EXTENDS: usize = 32;

/// The aliases that hold for files in `dir` by its own configuration files, likeliest first. `names` are the entries of
/// the directory.
pub fn scopes(tree: &Tree, packages: &Packages, dir: &str, names: &[SmolStr]) -> Vec<Scope> {
    let mut files: Vec<SmolStr> = own_files(names).iter().map(|name| path::child(dir, name)).collect();
    for reference in files.clone().iter().flat_map(|file| references(tree, file)) {
        if !files.contains(&reference) {
            files.push(reference);
        }
    }
    files.iter().map(|file| scope(tree, packages, file)).filter(|scope| !scope.is_empty()).collect()
}

/// The configuration files among the names, in the order in which they are believed.
fn own_files(names: &[SmolStr]) -> Vec<&SmolStr> {
    let is_config = |name: &&SmolStr| {
        let middle = name.strip_suffix(".json").and_then(|name| name.strip_prefix("tsconfig"));
        name.as_str() == "jsconfig.json"
            || middle.is_some_and(|middle| middle.is_empty() || middle.starts_with(['.', '-', '_']))
    };
    let mut files: Vec<_> = names.iter().filter(is_config).collect();
    files.sort_by_key(|name| rank(name));
    files
}

fn rank(name: &str) -> u8 {
    match name {
        "tsconfig.json" => 0,
        "jsconfig.json" => 1,
        _ if ["app", "web", "client"].iter().any(|word| name.contains(word)) => 2,
        _ if ["spec", "test", "eslint", "e2e"].iter().any(|word| name.contains(word)) => 4,
        _ => 3,
    }
}

/// The referenced configuration files; referenced directories have their own when one looks up from a file.
fn references(tree: &Tree, file: &str) -> Vec<SmolStr> {
    let config = tree.read_json(file).unwrap_or_default();
    let list = config.get("references").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let paths = list.iter().filter_map(|reference| reference.get("path")?.as_str());
    let files = paths.filter(|path| path.ends_with(".json")).filter_map(|path| path::join(path::parent(file), path));
    files.filter(|file| tree.has_file(file)).collect()
}

/// Patterns and what they stand for, as written.
type Paths = Vec<(String, Vec<String>)>;

/// The options of one configuration file and all that it extends.
#[derive(Default)]
struct Options {
    base: Option<SmolStr>,
    /// The directory of the file that gives `paths`, and its entries.
    paths: Option<(SmolStr, Paths)>,
}

fn scope(tree: &Tree, packages: &Packages, file: &str) -> Scope {
    let options = options(tree, packages, file);
    let mut scope = Scope::default();
    let (paths_dir, paths) = options.paths.unwrap_or_default();
    // The compiler takes `paths` from `baseUrl` where there is one. Where nothing stands there, the file's own
    // directory is a better guess than none.
    let mut dirs: Vec<_> = options.base.iter().cloned().chain([paths_dir]).collect();
    dirs.dedup();
    for (pattern, values) in paths {
        let targets = dirs.iter().flat_map(|dir| values.iter().filter_map(|value| located(file, dir, value)));
        scope.alias(&pattern, targets.map(Target::Path).collect());
    }
    if let Some(base) = options.base {
        scope.base(base);
    }
    scope
}

/// Walks the `extends` chain: a file before what it extends, a later entry before an earlier one.
fn options(tree: &Tree, packages: &Packages, file: &str) -> Options {
    let mut options = Options::default();
    let (mut pending, mut seen) = (vec![SmolStr::new(file)], Vec::new());
    while let Some(next) = pending.pop() {
        if seen.contains(&next) || seen.len() >= MAX_EXTENDS {
            continue;
        }
        let config = tree.read_json(&next).unwrap_or_default();
        take(&mut options, file, &next, config.get("compilerOptions").unwrap_or(&Value::Null));
        let extends = strings(config.get("extends"));
        pending.extend(extends.iter().filter_map(|name| extended(tree, packages, &next, name)));
        seen.push(next);
    }
    options
}

fn take(options: &mut Options, first: &str, file: &str, compiler: &Value) {
    let dir = path::parent(file);
    if options.base.is_none() {
        let base = compiler.get("baseUrl").and_then(Value::as_str);
        options.base = base.and_then(|base| located(first, dir, base));
    }
    if let (None, Some(paths)) = (&options.paths, compiler.get("paths").and_then(Value::as_object)) {
        let entries = paths.iter().map(|(pattern, values)| (pattern.clone(), strings(Some(values))));
        options.paths = Some((dir.into(), entries.collect()));
    }
}

/// A path in a configuration file; `${configDir}` is the directory of the file that started the chain.
fn located(first: &str, dir: &str, value: &str) -> Option<SmolStr> {
    match value.strip_prefix("${configDir}") {
        Some(rest) => path::join(path::parent(first), rest),
        None => path::join(dir, value),
    }
}

/// The file that an `extends` entry names, if it is in the tree.
fn extended(tree: &Tree, packages: &Packages, file: &str, name: &str) -> Option<SmolStr> {
    let place = if name.starts_with('.') {
        path::join(path::parent(file), name)?
    } else {
        let (package, rest) = package_name(name);
        path::join(packages.dir(package)?, rest)?
    };
    let forms = [place.clone(), format_smolstr!("{place}.json"), path::child(&place, "tsconfig.json")];
    forms.into_iter().find(|form| form.ends_with(".json") && tree.has_file(form))
}

/// A string, or a list of strings.
fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}
