//! Answers that are kept while the project grows, and asked for again where what they rest on has changed.
//!
//! A scan traces in rounds, and each round adds files. Most answers of a round are those of the round before: an answer
//! notes the parts of the graph that it rests on ([`Basis`]), and only if one of them changed is it computed anew. The
//! result is that of asking everything again.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::{graph::World, step::Basis, step::Stepper};

/// The parts of the graph that changed.
#[derive(Debug, Default)]
pub struct Changes(pub(super) FxHashSet<Basis>);

/// What was answered, and what it rests on.
struct Answer<V> {
    value: V,
    rests_on: FxHashSet<Basis>,
}

/// Answers by what was asked about.
pub struct Answers<K, V> {
    known: BTreeMap<K, Answer<V>>,
}

impl<K, V> Default for Answers<K, V> {
    fn default() -> Self {
        Self { known: BTreeMap::new() }
    }
}

impl<K: Ord + Copy + Send + Sync, V: Send + Sync> Answers<K, V> {
    /// Asks about each key that is new, or whose answer rests on something that has changed, in parallel. Each question
    /// has a stepper of its own, so that no answer depends on which were asked before.
    pub fn renew(
        &mut self,
        world: World<'_>,
        keys: &[K],
        changed: &Changes,
        ask: impl Fn(&mut Stepper<'_>, K) -> V + Sync,
    ) {
        let stale = |key: &K| self.known.get(key).is_none_or(|answer| !answer.rests_on.is_disjoint(&changed.0));
        let asked: Vec<K> = keys.iter().copied().filter(stale).collect();
        let answered: Vec<(K, Answer<V>)> = asked
            .into_par_iter()
            .map(|key| {
                let mut stepper = Stepper::new(world);
                let value = ask(&mut stepper, key);
                (key, Answer { value, rests_on: stepper.rests_on })
            })
            .collect();
        self.known.extend(answered);
    }

    /// What is known about a key.
    #[must_use]
    pub fn get(&self, key: K) -> Option<&V> {
        self.known.get(&key).map(|answer| &answer.value)
    }

    /// All answers, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.known.values().map(|answer| &answer.value)
    }
}
