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
mod plain;
mod scope;
mod sources;
mod specifier;
mod tree;
mod tsconfig;
mod view;

#[cfg(test)]
mod tests;

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use oxc_resolver::{ResolveOptions, ResolverGeneric};
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, ToSmolStr};

pub use files::{Disk, Files, Memory};

use packages::Packages;
use plain::Plain;
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
    /// A candidate file, as a path from the root.
    File(SmolStr),
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

type Library = ResolverGeneric<View>;

/// Resolves the imports of one tree, by the [`Place`] that imports. Can be shared between threads; answers do not
/// depend on their order.
pub struct Resolver {
    tree: Arc<Tree>,
    packages: Arc<Packages>,
    view: View,
    library: Library,
    /// The same without the `browser` field and with the `types` condition, for what the first one does not find.
    second: Library,
    bundlers: FxHashMap<SmolStr, Vec<SmolStr>>,
    scopes: RwLock<FxHashMap<SmolStr, Arc<Vec<Scope>>>>,
    /// What plain paths name that are tried for aliases.
    places: RwLock<FxHashMap<SmolStr, Option<Resolved>>>,
    answers: RwLock<FxHashMap<SmolStr, FxHashMap<SmolStr, Resolved>>>,
}

/// A directory as the place of files that import.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    resolver: &'a Resolver,
    dir: &'a str,
    /// The directory whose manifest and aliases hold: the nearest that has some.
    home: &'a str,
}

impl Resolver {
    /// Prepares the tree below `root`. `known` are the candidate files, as paths from the root with slashes: the only
    /// files that an import can resolve to. Where they are the `whole` tree, manifests and configuration files are
    /// among them; else these are looked for on the disk. Reads the manifests of the tree; other configuration is read
    /// on demand.
    #[must_use]
    pub fn new(root: PathBuf, files: Arc<dyn Files>, known: &[SmolStr], whole: bool) -> Self {
        let tree = Tree::new(root, files, known);
        let tree = Arc::new(if whole { tree.whole() } else { tree });
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
            places: RwLock::default(),
            answers: RwLock::default(),
        }
    }

    /// The place of the file `from`, a path from the root.
    #[must_use]
    pub fn place<'a>(&'a self, from: &'a str) -> Place<'a> {
        let dir = path::parent(from);
        let has_rules = |dir: &&str| self.packages.at(dir).is_some() || !self.scopes_of(dir).is_empty();
        Place { resolver: self, dir, home: path::ancestors(dir).find(has_rules).unwrap_or_default() }
    }

    /// The configuration files that could not be used so far, sorted.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.tree.problems()
    }

    /// Finds, unless it was found before. What bare specifiers and paths from the site's root name depends on the
    /// directory only through the nearest configuration, but where customs look further up.
    fn answer(&self, place: Place<'_>, specifier: &str) -> Resolved {
        if let Shape::Relative(path) = specifier::shape(specifier) {
            return self.relative(place.dir, path);
        }
        let dir = if customs(specifier).is_empty() { place.home } else { place.dir };
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

    fn find(&self, dir: &str, specifier: &str, steps: u8) -> Resolved {
        match specifier::shape(specifier) {
            Shape::Relative(path) => self.relative(dir, path),
            Shape::Rooted(path) => self.rooted(dir, path).unwrap_or_else(|| missing(path)),
            Shape::Bare(name) => self.bare(dir, name, steps),
            Shape::Package(name) => Resolved::Package(name.to_smolstr()),
            Shape::Nothing => Resolved::Unresolved,
        }
    }

    fn relative(&self, dir: &str, specifier: &str) -> Resolved {
        self.stands(dir, specifier).unwrap_or_else(|| missing(specifier))
    }

    fn bare(&self, dir: &str, name: &str, steps: u8) -> Resolved {
        let found = self.aliased(dir, name, steps);
        let found = found.or_else(|| self.of_package(dir, name)).or_else(|| self.customary(dir, name));
        let otherwise = || if specifier::is_private(name) { missing(name) } else { Resolved::Package(name.into()) };
        found.unwrap_or_else(otherwise)
    }

    /// By the aliases of the configuration files at and above `dir`.
    fn aliased(&self, dir: &str, name: &str, steps: u8) -> Option<Resolved> {
        path::ancestors(dir).find_map(|dir| {
            let scopes = self.scopes_of(dir);
            scopes.iter().flat_map(|scope| scope.targets(name)).find_map(|target| match target {
                Target::Path(path) => self.at(&path),
                Target::Specifier(next) if next == name || steps >= MAX_ALIAS_STEPS => None,
                Target::Specifier(next) => {
                    let found = self.find(dir, &next, steps + 1);
                    (found != Resolved::Unresolved).then_some(found)
                }
            })
        })
    }

    /// As a private import of the package around `dir`, or as a package of the tree.
    fn of_package(&self, dir: &str, specifier: &str) -> Option<Resolved> {
        if specifier.starts_with('#') {
            return self.library_finds(dir, specifier);
        }
        let (name, sub) = specifier::package_name(specifier);
        let home = self.packages.dir_for(name, dir)?;
        self.library_finds(dir, specifier)
            .or_else(|| sources::guesses(name, sub).iter().find_map(|guess| self.at(&path::join(home, guess)?)))
    }

    /// By custom: `@/x` and its like below the directories above, where no configuration says so.
    fn customary(&self, dir: &str, specifier: &str) -> Option<Resolved> {
        let paths = customs(specifier);
        path::ancestors(dir).find_map(|dir| paths.iter().find_map(|path| self.at(&path::join(dir, path)?)))
    }

    /// A path from the root of the site: below the nearest package, then below those around it.
    fn rooted(&self, dir: &str, path: &str) -> Option<Resolved> {
        let homes = path::ancestors(dir).filter(|dir| dir.is_empty() || self.packages.at(dir).is_some());
        let places = homes.flat_map(|home| [path::join(home, path), path::join(home, &format!("public/{path}"))]);
        places.flatten().find_map(|path| self.at(&path))
    }

    /// The file or the directory at a path from the root.
    fn at(&self, path: &str) -> Option<Resolved> {
        let places = self.places.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = places.get(path) {
            return found.clone();
        }
        drop(places);
        let is_asset = || specifier::is_asset(path) && self.tree.has_file(path);
        let found = self.stands("", &format!("./{path}")).or_else(|| is_asset().then_some(Resolved::Asset));
        let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
        places.insert(path.into(), found.clone());
        found
    }

    /// What a path that starts with a dot names.
    fn stands(&self, dir: &str, specifier: &str) -> Option<Resolved> {
        let path = path::join(dir, specifier);
        match path.map_or(Plain::Unclear, |path| plain::at(&self.tree, &self.packages, &path, specifier)) {
            Plain::File(file) => Some(Resolved::File(file)),
            Plain::Nothing => None,
            Plain::Unclear => self.library_finds(dir, specifier),
        }
    }

    fn library_finds(&self, dir: &str, specifier: &str) -> Option<Resolved> {
        let place = view::place(dir);
        let found = self.library.resolve(&place, specifier).or_else(|_| self.second.resolve(&place, specifier));
        let path = self.view.real(found.ok()?.path())?;
        Some(if self.tree.is_known(&path) { Resolved::File(path) } else { Resolved::Asset })
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
            .any(|name| self.tree.has_config(dir, name));
        let names = if is_project { self.tree.names(dir) } else { Vec::new() };
        let mut scopes = tsconfig::scopes(&self.tree, &self.packages, dir, &names);
        let configs = self.bundlers.get(dir).map(Vec::as_slice).unwrap_or_default();
        scopes.extend(self.packages.at(dir).map(packages::Package::renamed_packages));
        scopes.extend(bundler::scopes(&self.tree, &self.packages, dir, &names, configs));
        scopes
    }
}

impl Place<'_> {
    /// What `specifier` names here.
    #[must_use]
    pub fn resolve(self, specifier: &str) -> Resolved {
        self.resolver.answer(self, specifier)
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

fn missing(path: &str) -> Resolved {
    if specifier::is_asset(path) { Resolved::Asset } else { Resolved::Unresolved }
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
