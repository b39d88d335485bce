//! Enough of JavaScript's lexical grammar to find the end of an expression in markup.

use super::markup::Range;

/// The bytes of a script that are code: what stands in strings, comments, regular expressions and the literal parts of
/// templates is passed over. Yields the offset, the byte, and how many braces are open before it.
pub(super) struct Code<'t> {
    bytes: &'t [u8],
    at: usize,
    open: Vec<Open>,
    /// The last byte of code that is not white space, to tell a regular expression from a division.
    last: u8,
    /// How many more quotes and slashes may turn out to open nothing. Each has cost a look at the rest of its line, so
    /// their number is what keeps the scan linear; behind the last of them, quotes are taken for text.
    pub(super) patience: usize,
}

/// Real files have a handful of apostrophes in markup inside expressions.
pub(super) const PATIENCE: usize = 256;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Brace,
    /// `${` in a template.
    Substitution,
}

impl<'t> Code<'t> {
    /// The code in `bytes` from the offset `at`.
    pub(super) const fn new(bytes: &'t [u8], at: usize, patience: usize) -> Self {
        Self { bytes, at, open: Vec::new(), last: b'(', patience }
    }

    /// Passes over the literal part of a template, up to its end or the next `${`.
    fn template(&mut self) {
        while let Some(found) = memchr::memchr3(b'`', b'$', b'\\', self.rest()) {
            self.at += found + 1;
            match self.bytes[self.at - 1] {
                b'`' => {
                    self.last = b'`';
                    return;
                }
                b'$' if self.rest().first() == Some(&b'{') => {
                    self.at += 1;
                    self.open.push(Open::Substitution);
                    self.last = b'{';
                    return;
                }
                b'\\' => self.at += 1,
                _ => {}
            }
        }
        self.at = self.bytes.len();
    }

    /// Passes over a string after its opening quote. If the line has no closing quote, it was an apostrophe.
    fn string(&mut self, quote: u8) {
        self.close(quote, |byte| byte == quote);
    }

    /// Passes over a regular expression after its opening slash.
    fn regular_expression(&mut self) {
        let mut in_class = false;
        self.close(b'/', |byte| {
            in_class = byte == b'[' || (in_class && byte != b']');
            byte == b'/' && !in_class
        });
    }

    /// Goes behind the byte on this line that closes what is open, if there is one.
    fn close(&mut self, last: u8, mut closes: impl FnMut(u8) -> bool) {
        if self.patience == 0 {
            return;
        }
        let mut escaped = false;
        for (length, &byte) in self.rest().iter().enumerate() {
            if byte == b'\n' {
                break;
            }
            if !escaped && byte != b'\\' && closes(byte) {
                self.at += length + 1;
                self.last = last;
                return;
            }
            escaped = byte == b'\\' && !escaped;
        }
        self.patience -= 1;
    }

    /// Passes over a comment or a regular expression after a slash; else the slash divides.
    fn slash(&mut self) {
        match self.rest().first() {
            Some(b'*') => {
                let end = memchr::memmem::find(self.rest(), b"*/");
                self.at = end.map_or(self.bytes.len(), |end| self.at + end + 2);
            }
            // In `https://…` of an embedded text the slashes are none of ours.
            Some(b'/') if self.last != b':' => {
                self.at = memchr::memchr(b'\n', self.rest()).map_or(self.bytes.len(), |end| self.at + end);
            }
            _ if starts_expression(self.last) => self.regular_expression(),
            _ => self.last = b'/',
        }
    }

    fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

impl Iterator for Code<'_> {
    type Item = (usize, u8, usize);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let at = self.at;
            let byte = *self.bytes.get(at)?;
            self.at += 1;
            let depth = self.open.len();
            match byte {
                // After a letter it is the apostrophe of `don't` in nested markup.
                b'"' | b'\'' if !self.last_touches(at) => self.string(byte),
                b'`' => self.template(),
                b'/' => self.slash(),
                b'{' => self.open.push(Open::Brace),
                b'}' if self.open.pop() == Some(Open::Substitution) => {
                    self.template();
                    continue;
                }
                _ => {}
            }
            if matches!(byte, b'"' | b'\'' | b'`' | b'/') {
                continue;
            }
            if !byte.is_ascii_whitespace() {
                self.last = byte;
            }
            return Some((at, byte, depth));
        }
    }
}

impl Code<'_> {
    fn last_touches(&self, at: usize) -> bool {
        at > 0 && self.bytes[at - 1].is_ascii_alphabetic() && self.last.is_ascii_alphabetic()
    }
}

/// Whether an expression, and not an operator, follows after this byte.
const fn starts_expression(last: u8) -> bool {
    matches!(last, b'(' | b',' | b'=' | b':' | b'[' | b'!' | b'&' | b'|' | b'?' | b'{' | b'}' | b';' | b'+' | b'~')
}

/// The offset of the last `word` with white space around it that no bracket encloses.
pub(super) fn last_word(text: &str, range: Range, word: &str) -> Option<usize> {
    let bytes = text.as_bytes().get(..range.end)?;
    let (mut enclosed, mut found) = (0_usize, None);
    for (at, byte, depth) in Code::new(bytes, range.start, PATIENCE) {
        match byte {
            b'(' | b'[' => enclosed += 1,
            b')' | b']' => enclosed = enclosed.saturating_sub(1),
            _ if byte.is_ascii_whitespace() && depth == 0 && enclosed == 0 => {
                let is_word = bytes[at + 1..].strip_prefix(word.as_bytes());
                if is_word.is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace)) {
                    found = Some(at + 1);
                }
            }
            _ => {}
        }
    }
    found
}
