//! The byte loop: words, their hashes, and which of them are new.

/// Calls `visit(start, end)` for every maximal run of bytes that can form an identifier: ASCII letters and digits, `_`,
/// `$`, and every byte of a character beyond ASCII.
///
/// Works on blocks of 64 bytes: one bit per byte says "belongs to a word", and the edges of the runs of ones are the
/// borders of the words. So there is no branch per byte, and none that depends on the length of a word.
pub(super) fn each_word(bytes: &[u8], mut visit: impl FnMut(usize, usize)) {
    let mut runs = Runs { start: 0, inside: false };
    let (blocks, rest) = bytes.as_chunks::<64>();
    for (index, block) in blocks.iter().enumerate() {
        runs.feed(index * 64, word_mask(block), &mut visit);
    }
    let mut last = [b' '; 64];
    last[..rest.len()].copy_from_slice(rest);
    runs.feed(blocks.len() * 64, word_mask(&last), &mut visit);
    if runs.inside {
        visit(runs.start, bytes.len());
    }
}

/// The run that is open between blocks.
struct Runs {
    start: usize,
    inside: bool,
}

impl Runs {
    #[inline]
    fn feed(&mut self, base: usize, mask: u64, visit: &mut impl FnMut(usize, usize)) {
        let mut edges = mask ^ ((mask << 1) | u64::from(self.inside));
        while edges != 0 {
            let at = base + edges.trailing_zeros() as usize;
            edges &= edges - 1;
            if self.inside {
                visit(self.start, at);
            }
            self.start = at;
            self.inside = !self.inside;
        }
    }
}

/// Bit `i` is set if byte `i` belongs to a word. The first loop becomes vector instructions; the second gathers the
/// lowest bit of eight bytes at a time by a multiplication.
#[inline]
fn word_mask(block: &[u8; 64]) -> u64 {
    let mut flags = [0_u8; 64];
    for (flag, &byte) in flags.iter_mut().zip(block) {
        *flag = u8::from(is_word(byte));
    }
    let (eights, _) = flags.as_chunks::<8>();
    eights
        .iter()
        .rev()
        .fold(0, |mask, eight| (mask << 8) | (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56))
}

#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "without branches the loop over a block becomes vector instructions")]
pub(super) const fn is_word(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'0') < 10;
    letter | digit | (byte == b'_') | (byte == b'$') | (byte >= 0x80)
}

/// The hash of the word `bytes[start..end]`. Words of up to eight bytes, which most are, cost one load and one
/// multiplication. The bytes behind the word do not matter, wherever it stands.
#[inline]
pub(super) fn hash_at(bytes: &[u8], start: usize, end: usize) -> u32 {
    let mut hash = 0;
    let mut at = start;
    loop {
        let left = end - at;
        let eight = match bytes.get(at..at + 8) {
            Some(eight) => u64::from_le_bytes(eight.try_into().unwrap_or_default()),
            None => last_bytes(&bytes[at..]),
        };
        if left <= 8 {
            return finish(mix(hash, eight & mask_of(left)));
        }
        hash = mix(hash, eight);
        at += 8;
    }
}

/// The hash of a whole word, for constants.
pub(super) const fn hash_of(word: &[u8]) -> u32 {
    assert!(word.len() <= 8);
    let mut eight = 0;
    let mut at = word.len();
    while at > 0 {
        at -= 1;
        eight = (eight << 8) | word[at] as u64;
    }
    finish(mix(0, eight))
}

#[cold]
fn last_bytes(rest: &[u8]) -> u64 {
    rest.iter().rev().fold(0, |eight, &byte| (eight << 8) | u64::from(byte))
}

/// Ones for the lowest `bytes` bytes.
#[inline]
const fn mask_of(bytes: usize) -> u64 {
    if bytes == 0 { 0 } else { u64::MAX >> (64 - 8 * bytes) }
}

/// One step of a folded multiplication, in which each bit of the input reaches each bit of the result.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the two halves of the product are folded")]
const fn mix(hash: u64, eight: u64) -> u64 {
    let product = ((hash ^ eight ^ 0x2d35_8dcc_aa6c_78a5) as u128) * 0x9e37_79b9_7f4a_7c15;
    (product as u64) ^ ((product >> 64) as u64)
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the two halves are folded")]
const fn finish(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}

/// The parts of a word beyond ASCII that stand between spaces and punctuation beyond ASCII: `name` in `“name”`.
pub(super) fn identifiers_in(word: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = std::str::from_utf8(word).unwrap_or_default();
    text.split(is_separator).filter(move |part| !part.is_empty() && part.len() < word.len()).map(str::as_bytes)
}

/// Whether a character beyond ASCII ends an identifier. The joiners are part of identifiers.
fn is_separator(character: char) -> bool {
    let is_joiner = matches!(character, '\u{200C}' | '\u{200D}');
    let is_punctuation = matches!(character, '\u{A1}'..='\u{A9}' | '\u{AB}'..='\u{B4}' | '\u{B6}'..='\u{B9}'
        | '\u{BB}'..='\u{BF}' | '\u{D7}' | '\u{F7}' | '\u{2000}'..='\u{206F}' | '\u{2190}'..='\u{2BFF}'
        | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{FE10}'..='\u{FE1F}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FEFF}' | '\u{FF00}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FFFD}');
    !is_joiner && (character.is_whitespace() || is_punctuation)
}

/// The hashes met in a file.
///
/// A small table remembers recent ones, so that nearly every repetition is dropped at once; the rest go when the hashes
/// are sorted. The table is cleared for every file and therefore small.
pub(super) struct Seen {
    recent: [u32; Self::SLOTS],
    hashes: Vec<u32>,
}

impl Seen {
    const SLOTS: usize = 2048;

    pub(super) fn new() -> Self {
        // Zero marks an empty slot; the word whose hash is zero, if there is one, is therefore always present.
        Self { recent: [0; Self::SLOTS], hashes: vec![0] }
    }

    /// Adds a hash; false if it is certainly known.
    #[inline]
    pub(super) fn insert(&mut self, hash: u32) -> bool {
        let slot = &mut self.recent[hash as usize % Self::SLOTS];
        if *slot == hash {
            return false;
        }
        *slot = hash;
        self.hashes.push(hash);
        true
    }

    pub(super) fn into_sorted(mut self) -> Vec<u32> {
        self.hashes.sort_unstable();
        self.hashes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &[u8]) -> Vec<&[u8]> {
        let mut found = Vec::new();
        each_word(text, |start, end| found.push(&text[start..end]));
        found
    }

    #[test]
    fn words_end_where_identifiers_end() {
        for (text, expect) in [
            ("", vec![]),
            ("a", vec!["a"]),
            (" a.b(c_1,$d)", vec!["a", "b", "c_1", "$d"]),
            ("this.#client", vec!["this", "client"]),
            ("größe+1", vec!["größe", "1"]),
        ] {
            let found: Vec<_> = words(text.as_bytes()).into_iter().map(|w| std::str::from_utf8(w).unwrap()).collect();
            assert_eq!(found, expect, "{text}");
        }
    }

    #[test]
    fn constants_hash_like_text() {
        for word in [&b"from"[..], b"import", b"require", b"", b"x"] {
            assert_eq!(hash_at(word, 0, word.len()), hash_of(word));
        }
    }

    #[test]
    fn punctuation_beyond_ascii_separates() {
        let parts = |word: &'static str| identifiers_in(word.as_bytes()).collect::<Vec<_>>();
        assert_eq!(parts("“track”"), [b"track"]);
        assert_eq!(parts("a\u{A0}bc"), [&b"a"[..], b"bc"]);
        assert!(parts("größe").is_empty());
    }

    proptest! {
        #[test]
        fn blocks_agree_with_a_simple_split(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let simple: Vec<_> = bytes.split(|&byte| !is_word(byte)).filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(words(&bytes), simple);
        }

        #[test]
        fn a_hash_depends_on_the_word_alone(word in "[a-z$_]{1,30}", before in "[ .]{0,9}", after in "[ .]{0,9}") {
            let text = format!("{before}{word}{after}");
            let at = hash_at(text.as_bytes(), before.len(), before.len() + word.len());
            prop_assert_eq!(at, hash_at(word.as_bytes(), 0, word.len()));
        }
    }
}
