//! What a file mentions, from one pass over its bytes and without a parse.
//!
//! Parsing is what a scan costs, so the cheapest file is the one that need not be parsed. A sketch answers, for every
//! file of a project, whether it *can* matter: which catalogue markers occur, whether an identifier occurs, and what is
//! imported. It reads comments and strings like code, so it may say yes too often; it says no only when that is true of
//! any parse.
//!
//! The pass is a search for *words*, runs of bytes that can form an identifier. Literal markers (package names, hosts)
//! have words inside, too; so one word of each literal is its anchor, and only in a file with an anchor the literals
//! themselves are looked for, where the anchor stands.

mod markers;
mod specifiers;
mod words;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use markers::Markers;
use words::{Seen, each_word, hash_at, identifiers_in};

/// What one file mentions.
///
/// Made at 400 to 550 MB/s on one core of a small, busy virtual machine, with 1,200 markers: 400 to 450 on 79 MB of
/// Rust sources (13 KB a file, few repetitions), 530 on 61 MB of generated TypeScript (5 KB a file, 2 % with a marker).
/// What share of a scan it is, `benches/scan` tells: reading every file, next to the whole scan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sketch {
    /// Ids of the markers that occur, sorted.
    pub markers: Vec<u32>,
    /// What is imported, re-exported or required by a literal name, in order of first appearance.
    pub specifiers: Vec<SmolStr>,
    identifiers: Box<[Packed]>,
}

/// The upper 24 bits of a word's hash, most significant first.
///
/// A sorted list of them is the set of identifiers of a file. Measured on Rust sources, 13 KB have 252 different words,
/// which take 0.75 KB; a hundred thousand files of that size would take 75 MB, and TypeScript files are mostly smaller.
/// One question in 65,000 is answered wrongly with yes. In a scan that asks fifty thousand files for hundreds of names
/// each wrong yes is a parse, which is why smaller sets (16 bits a word, or a Bloom filter of 10 bits a word: one in
/// hundreds) are no bargain.
type Packed = [u8; 3];

/// An identifier to look for in many sketches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word(Packed);

impl Word {
    /// The word for an identifier; a private name counts without its `#`.
    #[must_use]
    pub fn new(identifier: &str) -> Self {
        let bytes = identifier.strip_prefix('#').unwrap_or(identifier).as_bytes();
        Self(pack(hash_at(bytes, 0, bytes.len())))
    }
}

impl Sketch {
    /// Sketches a file, given as UTF-8.
    #[must_use]
    pub fn of(bytes: &[u8], markers: &Markers) -> Self {
        let mut pass =
            Pass { bytes, markers, seen: Seen::new(), found: markers::Found::default(), specifiers: Vec::new() };
        each_word(bytes, |start, end| pass.word(start, end));
        pass.finish()
    }

    /// Whether the identifier can occur in the file. Never wrongly false, except for names that are written with
    /// escapes (`\u0061`) or assembled from parts.
    #[must_use]
    pub fn mentions(&self, identifier: &str) -> bool {
        self.has(Word::new(identifier))
    }

    /// As [`Sketch::mentions`], for a word that is looked for in many files.
    #[must_use]
    pub fn has(&self, word: Word) -> bool {
        self.identifiers.binary_search(&word.0).is_ok()
    }
}

const fn pack(hash: u32) -> Packed {
    let [first, second, third, _] = hash.to_be_bytes();
    [first, second, third]
}

/// The state of one pass.
struct Pass<'a> {
    bytes: &'a [u8],
    markers: &'a Markers,
    seen: Seen,
    found: markers::Found,
    specifiers: Vec<SmolStr>,
}

impl Pass<'_> {
    fn word(&mut self, mut start: usize, end: usize) {
        // In `"\nname"` the `n` belongs to the escape.
        start += usize::from(start > 0 && self.bytes[start - 1] == b'\\');
        if start >= end || self.bytes[start].is_ascii_digit() {
            return;
        }
        let hash = hash_at(self.bytes, start, end);
        if specifiers::may_precede(hash) {
            self.specifier(start, end);
        }
        if self.seen.insert(hash) {
            self.new_word(start, end, hash);
        }
    }

    #[cold]
    fn specifier(&mut self, start: usize, end: usize) {
        if let Some(text) = specifiers::after(self.bytes, start, end)
            && !self.specifiers.iter().any(|known| known == text)
        {
            self.specifiers.push(SmolStr::new(text));
        }
    }

    fn new_word(&mut self, start: usize, end: usize, hash: u32) {
        let word = &self.bytes[start..end];
        self.markers.look_up(hash, word, &mut self.found);
        if !word.is_ascii() {
            for part in identifiers_in(word) {
                let hash = hash_at(part, 0, part.len());
                self.markers.look_up(hash, part, &mut self.found);
                self.seen.insert(hash);
            }
        }
    }

    fn finish(mut self) -> Sketch {
        let mut identifiers: Vec<Packed> = self.seen.into_sorted().into_iter().map(pack).collect();
        identifiers.dedup();
        self.specifiers.shrink_to_fit();
        Sketch {
            markers: self.markers.finish(self.bytes, self.found),
            specifiers: self.specifiers,
            identifiers: identifiers.into_boxed_slice(),
        }
    }
}

#[cfg(test)]
mod tests;
