//! What to look for in every file: literals and identifiers, each standing for a marker id of the caller.

use std::ops::Range;

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
    /// Literals without a word: they are looked for in every file.
    wordless: Vec<Literal>,
}

/// What a word means.
#[derive(Debug, Clone, Default)]
struct Role {
    /// Identifiers with this hash, and the markers that they stand for.
    identifiers: Vec<(String, u32)>,
    /// Literals that are anchored at the word.
    literals: Vec<Literal>,
}

#[derive(Debug, Clone)]
struct Literal {
    text: String,
    id: u32,
    /// The part of the text by which it is looked for: its anchor, or all of it.
    sought: Range<usize>,
}

/// What a pass has met so far.
#[derive(Default)]
pub(super) struct Found {
    ids: Vec<u32>,
    /// The words that literals are anchored at.
    anchors: Vec<u32>,
}

impl Markers {
    const FILTER_BITS: u32 = 1 << 16;

    /// Prepares the search.
    ///
    /// `literals` are found wherever they stand in the text, even in a comment, unless an identifier character in front
    /// or behind makes their outermost word longer (`acme-js` is not in `acme-json`). `identifiers` are found as whole
    /// identifiers. Several entries may share an id, and equal texts may stand for several ids. Empty texts stand for
    /// nothing.
    #[must_use]
    pub fn new(
        literals: impl IntoIterator<Item = (String, u32)>,
        identifiers: impl IntoIterator<Item = (String, u32)>,
    ) -> Self {
        let mut words: FxHashMap<u32, Role> = FxHashMap::default();
        for (text, id) in identifiers {
            words.entry(hash_at(text.as_bytes(), 0, text.len())).or_default().identifiers.push((text, id));
        }
        let mut wordless = Vec::new();
        for (text, id) in literals.into_iter().filter(|(text, _)| !text.is_empty()) {
            match anchor(&text) {
                Some(sought) => {
                    let hash = hash_at(text.as_bytes(), sought.start, sought.end);
                    words.entry(hash).or_default().literals.push(Literal { text, id, sought });
                }
                None => wordless.push(Literal { sought: 0..text.len(), text, id }),
            }
        }
        let filter = filter(words.keys().copied());
        Self { words, filter, wordless }
    }

    /// Notes what a word stands for.
    #[inline]
    pub(super) fn look_up(&self, hash: u32, word: &[u8], found: &mut Found) {
        let bit = hash % Self::FILTER_BITS;
        if self.filter[bit as usize / 64] >> (bit % 64) & 1 == 0 {
            return;
        }
        let Some(role) = self.words.get(&hash) else { return };
        if !role.literals.is_empty() {
            found.anchors.push(hash);
        }
        let known = role.identifiers.iter().filter(|(text, _)| text.as_bytes() == word);
        found.ids.extend(known.map(|(_, id)| id));
    }

    /// The sorted marker ids of a file, once all its words are looked up.
    pub(super) fn finish(&self, bytes: &[u8], found: Found) -> Vec<u32> {
        let Found { mut ids, mut anchors } = found;
        anchors.sort_unstable();
        anchors.dedup();
        let anchored = anchors.iter().filter_map(|hash| self.words.get(hash)).map(|role| role.literals.as_slice());
        for literals in anchored.chain([self.wordless.as_slice()]) {
            literals.chunk_by(|a, b| a.sought() == b.sought()).for_each(|alike| look_for(alike, bytes, &mut ids));
        }
        ids.sort_unstable();
        ids.dedup();
        ids.shrink_to_fit();
        ids
    }
}

impl Literal {
    fn sought(&self) -> &[u8] {
        &self.text.as_bytes()[self.sought.clone()]
    }
}

/// Looks for literals that are sought by the same word.
fn look_for(literals: &[Literal], bytes: &[u8], ids: &mut Vec<u32>) {
    let Some(first) = literals.first() else { return };
    for at in memchr::memmem::find_iter(bytes, first.sought()) {
        let here = literals.iter().filter(|literal| {
            let start = at.checked_sub(literal.sought.start);
            start.is_some_and(|start| {
                let end = start + literal.text.len();
                bytes.get(start..end) == Some(literal.text.as_bytes()) && stands_alone(bytes, start, end)
            })
        });
        ids.extend(here.map(|literal| literal.id));
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
fn anchor(literal: &str) -> Option<Range<usize>> {
    let mut best: Option<(bool, Range<usize>)> = None;
    each_word(literal.as_bytes(), |start, end| {
        let word = &literal[start..end];
        let rank = (!COMMON.contains(&word), end - start);
        let is_usable = word.is_ascii() && !word.starts_with(|first: char| first.is_ascii_digit());
        if is_usable && best.as_ref().is_none_or(|(rare, longest)| rank > (*rare, longest.len())) {
            best = Some((rank.0, start..end));
        }
    });
    best.map(|(_, word)| word)
}
