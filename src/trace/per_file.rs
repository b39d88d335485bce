//! Tables whose entries lie together by file.
//!
//! The graph of a large project has hundreds of thousands of entries, and nearly all that is asked of it while one file
//! is looked at is about that file. In one table each question would go to memory that no cache holds; in a table for
//! each file most of the answers are at hand.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use super::{graph::Site, step::Basis};
use crate::link::project::{At, FileId, FunctionAt};

/// Something that belongs to a file.
pub trait InFile {
    /// The file.
    fn file(&self) -> FileId;
}

/// The file of what belongs to no file.
const NOWHERE: FileId = FileId(u32::MAX);

impl InFile for At {
    fn file(&self) -> FileId {
        self.file
    }
}

impl InFile for FunctionAt {
    fn file(&self) -> FileId {
        self.file
    }
}

impl InFile for Basis {
    fn file(&self) -> FileId {
        match self {
            Self::Callees(at) | Self::Parts(at) | Self::Site(Site::Value(at)) => at.file,
            Self::Callers(function) | Self::Site(Site::Made(function)) => function.file,
            Self::Users(class) | Self::Lineage(class) | Self::Site(Site::Instances(class) | Site::Class(class)) => {
                class.file
            }
            Self::File(file) => *file,
            Self::Site(Site::Global) | Self::Channel(_) | Self::Implementors(_) | Self::Section(_) => NOWHERE,
        }
    }
}

/// A table by something that belongs to a file.
#[derive(Debug)]
pub struct PerFile<K, V>(FxHashMap<FileId, FxHashMap<K, V>>);

impl<K, V> Default for PerFile<K, V> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<K: InFile + Hash + Eq, V> PerFile<K, V> {
    /// The entry of a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.0.get(&key.file())?.get(key)
    }

    /// Whether a key has an entry.
    #[must_use]
    pub fn has(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// Gives a key an entry.
    pub fn insert(&mut self, key: K, value: V) {
        self.0.entry(key.file()).or_default().insert(key, value);
    }

    /// Takes the entry of a key away.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.0.get_mut(&key.file())?.remove(key)
    }
}

impl<K: InFile + Hash + Eq, V: Default> PerFile<K, V> {
    /// The entry of a key, made if there is none.
    pub fn of(&mut self, key: K) -> &mut V {
        self.0.entry(key.file()).or_default().entry(key).or_default()
    }
}
