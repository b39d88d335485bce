//! Answers about names that were given before: code repeats its names, and to take one apart costs far more than to
//! look it up.

use std::{
    fmt,
    hash::BuildHasher,
    sync::{PoisonError, RwLock},
};

use rustc_hash::{FxBuildHasher, FxHashMap};

/// Parts with a lock each, so that threads seldom wait for one another.
const SHARDS: usize = 16;

/// What was found out about names. The answers depend on the names alone, so nobody can tell whether one was kept.
pub struct Memo<V> {
    shards: [RwLock<FxHashMap<Box<str>, V>>; SHARDS],
}

impl<V: Clone> Memo<V> {
    /// The answer about a name, found out if nobody has asked yet.
    pub fn of(&self, name: &str, find: impl FnOnce() -> V) -> V {
        let hash = usize::try_from(FxBuildHasher.hash_one(name) >> 32).unwrap_or_default();
        let shard = &self.shards[hash % SHARDS];
        if let Some(known) = shard.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return known.clone();
        }
        let found = find();
        shard.write().unwrap_or_else(PoisonError::into_inner).insert(name.into(), found.clone());
        found
    }
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| RwLock::default()) }
    }
}

impl<V> Clone for Memo<V> {
    /// Other words may give other answers: a copy starts with none.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<V> PartialEq for Memo<V> {
    /// What was asked before changes no answer.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<V> fmt::Debug for Memo<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}
