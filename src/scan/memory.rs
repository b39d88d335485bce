//! What was understood of files, kept from one scan to the next: revisions of a project share most of them.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_128;

use crate::{facts::Facts, source::Language};

/// Facts by the content of their file. What the scan before the last did not ask for is forgotten, so that memory grows
/// with a revision and its changes, not with the history.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    scan: u32,
    facts: FxHashMap<Key, (u32, Arc<Facts>)>,
    reused: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key(u128, Language);

impl Memory {
    /// A new scan begins.
    pub(crate) fn begin(&self) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.scan;
        kept.scan += 1;
        kept.facts.retain(|_, (scan, _)| *scan == before);
    }

    /// The facts of a text, computed unless they are known.
    pub(crate) fn facts(&self, text: &str, language: Language, compute: impl FnOnce() -> Facts) -> Arc<Facts> {
        let key = Key(xxh3_128(text.as_bytes()), language);
        if let Some(known) = self.known(key) {
            return known;
        }
        let facts = Arc::new(compute());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let scan = kept.scan;
        kept.facts.insert(key, (scan, facts.clone()));
        facts
    }

    fn known(&self, key: Key) -> Option<Arc<Facts>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let scan = kept.scan;
        let (last, facts) = kept.facts.get_mut(&key)?;
        *last = scan;
        let facts = facts.clone();
        kept.reused += 1;
        Some(facts)
    }

    /// How often facts were not computed again.
    #[must_use]
    pub fn reused(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).reused
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn facts_are_kept_for_the_next_scan_only() {
        let memory = Memory::default();
        let computed = Cell::new(0);
        let ask = |text: &str| {
            memory.facts(text, Language::TypeScript, || {
                computed.set(computed.get() + 1);
                Facts::default()
            });
            computed.get()
        };
        memory.begin();
        assert_eq!((ask("a"), ask("b"), ask("a")), (1, 2, 2));
        memory.begin();
        assert_eq!(ask("a"), 2, "known from the scan before");
        memory.begin();
        assert_eq!((ask("a"), ask("b")), (2, 3), "b was not asked for in between");
        assert_eq!(memory.reused(), 3);
    }
}
