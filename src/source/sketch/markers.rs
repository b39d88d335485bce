//! What to look for in every file: literals and identifiers, each standing for a marker id of the caller.

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashMap;

use super::words::{each_word, hash_at, is_word};

/// Words that say little about where a literal can occur, because sources are full of them.
const COMMON: &[&str] = &[
    "analytics",
    "api",
    "app",
    "browser",
    "cdn",
    "client",
    "collect",
    "com",
    "core",
    "events",
    "http",
    "https",
    "index",
    "io",
    "js",
    "latest",
    "lib",
    "min",
    "net",
    "next",
    "node",
    "package",
    "react",
    "script",
    "scripts",
    "sdk",
    "server",
    "src",
    "static",
    "tag",
    "tracker",
    "web",
    "www",
];

/// Everything to look for, prepared once and shared by all threads.
#[derive(Debug, Clone)]
pub struct Markers {
    words: FxHashMap<u32, Role>,
    /// One bit per value of a hash's lowest bits: whether `words` can know it.
    filter: Box<[u64]>,
    literals: Literals,
}

/// What a word means.
#[derive(Debug, Clone, Default)]
struct Role {
    /// Identifiers with this hash, and the markers that they stand for.
    identifiers: Vec<(String, u32)>,
    /// Whether a literal is anchored at the word.
    anchor: bool,
}

#[derive(Debug, Clone, Default)]
struct Literals {
    /// None if there are no literals.
    automaton: Option<AhoCorasick>,
    ids: Vec<u32>,
    /// Whether some literal has no word and must be looked for in every file.
    unanchored: bool,
}

/// What a pass has met so far.
pub(super) struct Found {
    ids: Vec<u32>,
    anchored: bool,
}

impl Markers {
    const FILTER_BITS: u32 = 1 << 16;

    /// Prepares the search.
    ///
    /// `literals` are found wherever they stand in the text, even in a comment, unless an identifier character in front
    /// or behind makes their outermost word longer (`acme-js` is not in `acme-json`). `identifiers` are found as whole
    /// identifiers. Several entries may share an id, and equal texts may stand for several ids. Empty texts stand for
    /// nothing.
    ///
    /// If there are so many literals that no automaton can be built (gigabytes), none is looked for.
    #[must_use]
    pub fn new(
        literals: impl IntoIterator<Item = (String, u32)>,
        identifiers: impl IntoIterator<Item = (String, u32)>,
    ) -> Self {
        let literals: Vec<_> = literals.into_iter().filter(|(text, _)| !text.is_empty()).collect();
        let mut words: FxHashMap<u32, Role> = FxHashMap::default();
        for (text, id) in identifiers {
            words.entry(hash_at(text.as_bytes(), 0, text.len())).or_default().identifiers.push((text, id));
        }
        let mut unanchored = false;
        for (text, _) in &literals {
            match anchor(text) {
                Some(hash) => words.entry(hash).or_default().anchor = true,
                None => unanchored = true,
            }
        }
        let filter = filter(words.keys().copied());
        Self { words, filter, literals: Literals::new(&literals, unanchored) }
    }

    pub(super) fn begin(&self) -> Found {
        Found { ids: Vec::new(), anchored: self.literals.unanchored }
    }

    /// Notes what a word stands for.
    #[inline]
    pub(super) fn look_up(&self, hash: u32, word: &[u8], found: &mut Found) {
        let bit = hash % Self::FILTER_BITS;
        if self.filter[bit as usize / 64] >> (bit % 64) & 1 == 0 {
            return;
        }
        let Some(role) = self.words.get(&hash) else { return };
        found.anchored |= role.anchor;
        let known = role.identifiers.iter().filter(|(text, _)| text.as_bytes() == word);
        found.ids.extend(known.map(|(_, id)| id));
    }

    /// The sorted marker ids of a file, once all its words are looked up.
    pub(super) fn finish(&self, bytes: &[u8], found: Found) -> Vec<u32> {
        let mut ids = found.ids;
        if found.anchored
            && let Some(automaton) = &self.literals.automaton
        {
            let hits = automaton.find_overlapping_iter(bytes).filter(|hit| stands_alone(bytes, hit.start(), hit.end()));
            ids.extend(hits.map(|hit| self.literals.ids[hit.pattern().as_usize()]));
        }
        ids.sort_unstable();
        ids.dedup();
        ids.shrink_to_fit();
        ids
    }
}

impl Literals {
    fn new(literals: &[(String, u32)], unanchored: bool) -> Self {
        if literals.is_empty() {
            return Self::default();
        }
        let texts = literals.iter().map(|(text, _)| text);
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(texts).ok();
        Self { automaton, ids: literals.iter().map(|(_, id)| *id).collect(), unanchored }
    }
}

/// Whether no word goes on across the borders of `bytes[start..end]`. In `"\nname"` the `n` belongs to the escape.
fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let word_at = |at: usize| bytes.get(at).is_some_and(|&byte| is_word(byte));
    let goes_on = |border: usize| border > 0 && word_at(border - 1) && word_at(border);
    let is_escape = start > 1 && bytes[start - 2] == b'\\';
    (is_escape || !goes_on(start)) && !goes_on(end)
}

fn filter(hashes: impl Iterator<Item = u32>) -> Box<[u64]> {
    let mut bits = vec![0_u64; Markers::FILTER_BITS as usize / 64];
    for hash in hashes {
        let bit = hash % Markers::FILTER_BITS;
        bits[bit as usize / 64] |= 1 << (bit % 64);
    }
    bits.into_boxed_slice()
}

/// The word of a literal by which files are chosen: the longest that is not common. None if there is no word that a
/// pass over a file would meet.
fn anchor(literal: &str) -> Option<u32> {
    let mut best: Option<(bool, &str)> = None;
    each_word(literal.as_bytes(), |start, end| {
        let word = &literal[start..end];
        let rank = (!COMMON.contains(&word), word);
        let is_usable = word.is_ascii() && !word.starts_with(|first: char| first.is_ascii_digit());
        if is_usable && best.is_none_or(|(rare, longest)| (rank.0, word.len()) > (rare, longest.len())) {
            best = Some(rank);
        }
    });
    best.map(|(_, word)| hash_at(word.as_bytes(), 0, word.len()))
}
