//! The scanned tree: the candidate files, the directories they imply, and guarded access to configuration files.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{Problem, files::Files, path};

/// Larger configuration files are not read: real ones are a hundred times smaller.
const MAX_CONFIG_BYTES: usize = 4 << 20;

pub struct Tree {
    root: PathBuf,
    canonical_root: Option<PathBuf>,
    files: Arc<dyn Files>,
    known: FxHashSet<SmolStr>,
    /// The likeliest file for each path without an extension.
    stems: FxHashMap<SmolStr, SmolStr>,
    /// Whether the candidates hold every manifest and configuration file, so that the disk need not be asked.
    whole: bool,
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
        let stems = stems(known);
        let known = known.iter().cloned().collect();
        Self { root, canonical_root, files, known, stems, whole: false, dirs, problems: Mutex::default() }
    }

    /// Says that the candidates are all that the tree has.
    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    /// The candidate file of this path.
    pub fn known_as(&self, file: &str) -> Option<SmolStr> {
        self.known.get(file).cloned()
    }

    /// The candidate file that an import of a path without an extension names.
    pub fn started(&self, stem: &str) -> Option<SmolStr> {
        self.stems.get(stem).cloned()
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

    /// Whether a directory has a manifest or a configuration file of this name.
    pub fn has_config(&self, dir: &str, name: &str) -> bool {
        let file = path::child(dir, name);
        if self.whole { self.is_known(&file) } else { self.has_file(&file) }
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
    fn absolute(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn is_inside(&self, path: &Path) -> bool {
        let inside = |root: &PathBuf| self.files.canonical(path).is_ok_and(|path| path.starts_with(root));
        self.canonical_root.as_ref().is_some_and(inside)
    }
}

/// For each path that becomes a candidate by an extension, the candidate with the likeliest one.
fn stems(known: &[SmolStr]) -> FxHashMap<SmolStr, SmolStr> {
    let mut stems: FxHashMap<&str, (usize, &SmolStr)> = FxHashMap::default();
    for file in known {
        for (rank, extension) in super::EXTENSIONS.iter().enumerate() {
            let Some(stem) = file.strip_suffix(extension) else { continue };
            let best = stems.entry(stem).or_insert((rank, file));
            if rank < best.0 {
                *best = (rank, file);
            }
        }
    }
    stems.into_iter().map(|(stem, (_, file))| (stem.into(), file.clone())).collect()
}
