//! Which file an import names.
//!
//! The rules of Node.js and of the bundlers are `oxc_resolver`'s; this module gives it a view of the tree (see `view`)
//! and adds what a scan needs and a build does not: packages whose built files are absent, aliases that stand in
//! bundler configurations, broken configuration files, and an answer for everything. The order of belief:
//!
//! 1. `./x` and `/x` are paths.
//! 2. Anything else is looked up in the aliases of the nearest configuration files, then of those further up.
//! 3. Then it is a private import `#x`, or a package of the tree.
//! 4. `@/x`, `~/x` and `src/x` are tried below the directories above the importing file.
//! 5. What remains is a package of a registry. Installed packages are never looked into.

mod bundler;
mod files;
mod literal;
mod packages;
mod path;
mod scope;
mod sources;
mod specifier;
mod tree;
mod tsconfig;
mod view;

#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use oxc_resolver::{ResolveOptions, ResolverGeneric};
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, ToSmolStr};

pub use files::{Disk, Files, Memory};

use packages::Packages;
use scope::{Scope, Target};
use specifier::Shape;
use tree::Tree;
use view::View;

/// Extensions that an import may leave out, likeliest first.
const EXTENSIONS: &[&str] = &[
    ".ts",
    ".tsx",
    ".mts",
    ".cts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".vue",
    ".svelte",
    ".astro",
    ".native.ts",
    ".native.tsx",
    ".web.ts",
    ".web.tsx",
    ".ios.ts",
    ".ios.tsx",
    ".android.ts",
    ".android.tsx",
    ".native.js",
    ".web.js",
    ".ios.js",
    ".android.js",
    ".d.ts",
    ".json",
];

/// Extensions that an import may write for a file that has another one.
const WRITTEN_AS: &[(&str, &[&str])] = &[
    (".js", &[".ts", ".tsx", ".js", ".jsx"]),
    (".jsx", &[".tsx", ".jsx"]),
    (".mjs", &[".mts", ".mjs", ".ts"]),
    (".cjs", &[".cts", ".cjs", ".ts"]),
];

/// Conditions of `exports` and `imports` that a scan takes, sources before builds.
const CONDITIONS: &[&str] = &[
    "source",
    "src",
    "development",
    "svelte",
    "browser",
    "module",
    "import",
    "require",
    "node",
    "worker",
    "react-native",
    "default",
];

/// Fields of a manifest that name the file to import, sources before builds.
const MAIN_FIELDS: &[&str] =
    &["source", "svelte", "react-native", "browser", "module", "jsnext:main", "main", "types", "typings"];

/// An alias may stand for another alias; longer chains are taken for a loop.
const MAX_ALIAS_STEPS: u8 = 3;

/// What an import names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// A candidate file below the root; the path starts with the root as it was given.
    File(PathBuf),
    /// A package that is not in the tree: its name with the sub-path, as written but for versions and loaders.
    Package(SmolStr),
    /// A file that holds no code: a style sheet, an image, JSON.
    Asset,
    /// A path or an alias at which nothing stands.
    Unresolved,
}

/// A configuration file that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Its path from the root.
    pub file: SmolStr,
    /// What is wrong with it, and what was done.
    pub message: String,
}

/// What a specifier was found to be, with paths from the root.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    File(SmolStr),
    Package(SmolStr),
    Asset,
    Nothing,
}

type Library = ResolverGeneric<View>;

/// Resolves the imports of one tree. Can be shared between threads; answers do not depend on their order.
pub struct Resolver {
    tree: Arc<Tree>,
    packages: Arc<Packages>,
    view: View,
    library: Library,
    /// The same without the `browser` field and with the `types` condition, for what the first one does not find.
    second: Library,
    bundlers: FxHashMap<SmolStr, Vec<SmolStr>>,
    scopes: RwLock<FxHashMap<SmolStr, Arc<Vec<Scope>>>>,
    answers: RwLock<FxHashMap<SmolStr, FxHashMap<SmolStr, Found>>>,
}

impl Resolver {
    /// Prepares the tree below `root`. `known` are the candidate files, as paths from the root with slashes: the only
    /// files that an import can resolve to. Reads the manifests of the tree; other configuration is read on demand.
    #[must_use]
    pub fn new(root: PathBuf, files: Arc<dyn Files>, known: &[SmolStr]) -> Self {
        let tree = Arc::new(Tree::new(root, files, known));
        let packages = Arc::new(Packages::read(&tree));
        let options = options(&packages);
        let library = Library::new_with_file_system(View::of(&tree, &packages), options.clone());
        let second = library.clone_with_options(second_options(options));
        Self {
            view: View::of(&tree, &packages),
            bundlers: bundler::files(tree.known()),
            tree,
            packages,
            library,
            second,
            scopes: RwLock::default(),
            answers: RwLock::default(),
        }
    }

    /// What `specifier` names in the file `from`, which is given below the root or relative to it.
    #[must_use]
    pub fn resolve(&self, from: &Path, specifier: &str) -> Resolved {
        let Some(from) = self.tree.relative(from) else { return Resolved::Unresolved };
        match self.answer(path::parent(&from), specifier) {
            Found::File(file) => Resolved::File(self.tree.absolute(&file)),
            Found::Package(package) => Resolved::Package(package),
            Found::Asset => Resolved::Asset,
            Found::Nothing => Resolved::Unresolved,
        }
    }

    /// The path from the root of a file that [`Resolver::resolve`] gave.
    #[must_use]
    pub fn relative(&self, file: &Path) -> Option<SmolStr> {
        self.tree.relative(file)
    }

    /// The configuration files that could not be used so far, sorted.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.tree.problems()
    }

    fn answer(&self, dir: &str, specifier: &str) -> Found {
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = answers.get(dir).and_then(|known| known.get(specifier)) {
            return found.clone();
        }
        drop(answers);
        let found = self.find(dir, specifier, 0);
        let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        answers.entry(dir.into()).or_default().insert(specifier.into(), found.clone());
        found
    }

    fn find(&self, dir: &str, specifier: &str, steps: u8) -> Found {
        match specifier::shape(specifier) {
            Shape::Relative(path) => self.library_finds(dir, path).unwrap_or_else(|| missing(path)),
            Shape::Rooted(path) => self.rooted(dir, path).unwrap_or_else(|| missing(path)),
            Shape::Bare(name) => self.bare(dir, name, steps),
            Shape::Package(name) => Found::Package(name.to_smolstr()),
            Shape::Nothing => Found::Nothing,
        }
    }

    fn bare(&self, dir: &str, name: &str, steps: u8) -> Found {
        let found = self.aliased(dir, name, steps);
        let found = found.or_else(|| self.of_package(dir, name)).or_else(|| self.customary(dir, name));
        let otherwise = || if specifier::is_private(name) { missing(name) } else { Found::Package(name.into()) };
        found.unwrap_or_else(otherwise)
    }

    /// By the aliases of the configuration files at and above `dir`.
    fn aliased(&self, dir: &str, name: &str, steps: u8) -> Option<Found> {
        path::ancestors(dir).find_map(|dir| {
            let scopes = self.scopes_of(dir);
            scopes.iter().flat_map(|scope| scope.targets(name)).find_map(|target| match target {
                Target::Path(path) => self.at(&path),
                Target::Specifier(next) if next == name || steps >= MAX_ALIAS_STEPS => None,
                Target::Specifier(next) => {
                    let found = self.find(dir, &next, steps + 1);
                    (found != Found::Nothing).then_some(found)
                }
            })
        })
    }

    /// As a private import of the package around `dir`, or as a package of the tree.
    fn of_package(&self, dir: &str, specifier: &str) -> Option<Found> {
        if specifier.starts_with('#') {
            return self.library_finds(dir, specifier);
        }
        let (name, sub) = specifier::package_name(specifier);
        let home = self.packages.dir_for(name, dir)?;
        self.library_finds(dir, specifier)
            .or_else(|| sources::guesses(name, sub).iter().find_map(|guess| self.at(&path::join(home, guess)?)))
    }

    /// By custom: `@/x` and its like below the directories above, where no configuration says so.
    fn customary(&self, dir: &str, specifier: &str) -> Option<Found> {
        let paths = customs(specifier);
        path::ancestors(dir).find_map(|dir| paths.iter().find_map(|path| self.at(&path::join(dir, path)?)))
    }

    /// A path from the root of the site: below the nearest package, then below those around it.
    fn rooted(&self, dir: &str, path: &str) -> Option<Found> {
        let homes = path::ancestors(dir).filter(|dir| dir.is_empty() || self.packages.at(dir).is_some());
        let places = homes.flat_map(|home| [path::join(home, path), path::join(home, &format!("public/{path}"))]);
        places.flatten().find_map(|path| self.at(&path))
    }

    /// The file or the directory at a path from the root.
    fn at(&self, path: &str) -> Option<Found> {
        let is_asset = || specifier::is_asset(path) && self.tree.has_file(path);
        self.library_finds("", &format!("./{path}")).or_else(|| is_asset().then_some(Found::Asset))
    }

    fn library_finds(&self, dir: &str, specifier: &str) -> Option<Found> {
        let place = view::place(dir);
        let found = self.library.resolve(&place, specifier).or_else(|_| self.second.resolve(&place, specifier));
        let path = self.view.real(found.ok()?.path())?;
        Some(if self.tree.is_known(&path) { Found::File(path) } else { Found::Asset })
    }

    fn scopes_of(&self, dir: &str) -> Arc<Vec<Scope>> {
        let scopes = self.scopes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = scopes.get(dir) {
            return Arc::clone(known);
        }
        drop(scopes);
        let read = Arc::new(self.read_scopes(dir));
        let mut scopes = self.scopes.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(scopes.entry(dir.into()).or_insert(read))
    }

    fn read_scopes(&self, dir: &str) -> Vec<Scope> {
        let is_project = ["package.json", "tsconfig.json", "jsconfig.json", "tsconfig.base.json", "deno.json"]
            .iter()
            .any(|name| self.tree.has_file(&path::child(dir, name)));
        let names = if is_project { self.tree.names(dir) } else { Vec::new() };
        let mut scopes = tsconfig::scopes(&self.tree, &self.packages, dir, &names);
        let configs = self.bundlers.get(dir).map(Vec::as_slice).unwrap_or_default();
        scopes.extend(self.packages.at(dir).map(packages::Package::renamed_packages));
        scopes.extend(bundler::scopes(&self.tree, &self.packages, dir, &names, configs));
        scopes
    }
}

/// The paths that a specifier stands for by custom.
fn customs(specifier: &str) -> Vec<String> {
    if let Some(rest) = ["@/", "~/", "@@/", "~~/"].iter().find_map(|start| specifier.strip_prefix(start)) {
        return vec![format!("src/{rest}"), rest.to_owned(), format!("app/{rest}")];
    }
    match specifier.split_once('/') {
        Some(("$lib", rest)) => vec![format!("src/lib/{rest}")],
        Some(("src" | "app", _)) => vec![specifier.to_owned()],
        _ => Vec::new(),
    }
}

fn missing(path: &str) -> Found {
    if specifier::is_asset(path) { Found::Asset } else { Found::Nothing }
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|&item| item.to_owned()).collect()
}

fn options(packages: &Packages) -> ResolveOptions {
    let mut conditions = packages.source_conditions();
    conditions.extend(owned(CONDITIONS));
    ResolveOptions {
        extensions: owned(EXTENSIONS),
        extension_alias: WRITTEN_AS.iter().map(|(written, real)| ((*written).to_owned(), owned(real))).collect(),
        condition_names: conditions.into_iter().collect(),
        main_fields: owned(MAIN_FIELDS),
        alias_fields: vec![vec!["browser".to_owned()]],
        symlinks: false,
        node_path: false,
        ..ResolveOptions::default()
    }
}

fn second_options(mut options: ResolveOptions) -> ResolveOptions {
    options.condition_names.push("types".to_owned());
    options.alias_fields.clear();
    options
}
