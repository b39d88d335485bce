//! The scanned tree: the candidate files, the directories they imply, and guarded access to configuration files.

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Problem, files::Files, path};

/// Larger configuration files are not read: real ones are a hundred times smaller.
const MAX_CONFIG_BYTES: usize = 4 << 20;

pub struct Tree {
    root: PathBuf,
    canonical_root: Option<PathBuf>,
    files: Arc<dyn Files>,
    known: FxHashSet<SmolStr>,
    dirs: FxHashSet<SmolStr>,
    problems: Mutex<BTreeSet<Problem>>,
}

impl Tree {
    pub fn new(root: PathBuf, files: Arc<dyn Files>, known: &[SmolStr]) -> Self {
        let mut dirs = FxHashSet::from_iter([SmolStr::default()]);
        for file in known {
            // A directory already seen has all its ancestors in the set.
            let all = path::ancestors(path::parent(file));
            let fresh: Vec<_> = all.take_while(|dir| !dirs.contains(*dir)).map(SmolStr::new).collect();
            dirs.extend(fresh);
        }
        let canonical_root = files.canonical(&root).ok();
        let known = known.iter().cloned().collect();
        Self { root, canonical_root, files, known, dirs, problems: Mutex::default() }
    }

    /// Whether a path is one of the candidate files.
    pub fn is_known(&self, file: &str) -> bool {
        self.known.contains(file)
    }

    /// Whether a directory holds candidate files.
    pub fn is_dir(&self, dir: &str) -> bool {
        self.dirs.contains(dir)
    }

    /// Whether anything that can be imported has this path, with or without an extension.
    pub fn is_place(&self, path: &str) -> bool {
        let with = |extension: &&str| self.is_known(&format!("{path}{extension}"));
        self.is_dir(path) || self.is_known(path) || super::EXTENSIONS.iter().any(with)
    }

    /// All directories, sorted.
    pub fn dirs(&self) -> Vec<&SmolStr> {
        let mut dirs: Vec<_> = self.dirs.iter().collect();
        dirs.sort_unstable();
        dirs
    }

    /// All candidate files, in no order.
    pub fn known(&self) -> impl Iterator<Item = &SmolStr> {
        self.known.iter()
    }

    /// Whether a file stands on the disk, candidate or not.
    pub fn has_file(&self, file: &str) -> bool {
        self.is_known(file) || self.files.is_file(&self.absolute(file))
    }

    /// The names of all entries of a directory on the disk, sorted.
    pub fn names(&self, dir: &str) -> Vec<SmolStr> {
        let entries = self.files.list(&self.absolute(dir)).unwrap_or_default();
        entries.iter().filter_map(|entry| Some(SmolStr::new(entry.file_name()?.to_str()?))).collect()
    }

    /// The text of a configuration file. `None` when it is absent, leads out of the root, or is not text of a
    /// sensible size; the latter two are reported.
    pub fn read(&self, file: &str) -> Option<String> {
        let path = self.absolute(file);
        let bytes = self.files.read(&path).ok()?;
        if !self.is_inside(&path) {
            self.report(file, "not read: it is a link that leads out of the scanned directory".to_owned());
            return None;
        }
        if bytes.len() > MAX_CONFIG_BYTES {
            self.report(file, format!("not read: larger than {} MiB", MAX_CONFIG_BYTES >> 20));
            return None;
        }
        String::from_utf8(bytes).map_err(|_| self.report(file, "not read: it is not UTF-8 text".to_owned())).ok()
    }

    /// The value of a JSON file, comments allowed. `None` when it cannot be had; broken syntax is reported.
    pub fn read_json(&self, file: &str) -> Option<serde_json::Value> {
        let text = self.read(file)?;
        let value = crate::link::config::value(&text);
        value.map_err(|error| self.report(file, format!("ignored: it is not valid JSON: {error}"))).ok()
    }

    /// Remembers that a configuration file could not be used.
    pub fn report(&self, file: &str, message: String) {
        let problem = Problem { file: file.into(), message };
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).insert(problem);
    }

    /// What could not be used so far, sorted.
    pub fn problems(&self) -> Vec<Problem> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Where a path from the root stands.
    pub fn absolute(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The path from the root of `path`, which is either below the root or already relative to it.
    pub fn relative(&self, path: &Path) -> Option<SmolStr> {
        let path =
            path.strip_prefix(&self.root).or_else(|_| if path.is_absolute() { Err(()) } else { Ok(path) }).ok()?;
        let mut text = String::new();
        for component in path.components() {
            match component {
                Component::CurDir => {}
                Component::Normal(name) => {
                    if !text.is_empty() {
                        text.push('/');
                    }
                    text.push_str(name.to_str()?);
                }
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        Some(text.into())
    }

    fn is_inside(&self, path: &Path) -> bool {
        let inside = |root: &PathBuf| self.files.canonical(path).is_ok_and(|path| path.starts_with(root));
        self.canonical_root.as_ref().is_some_and(inside)
    }
}
