//! The text of islands: that of the host with all else made blank.

use super::{Form, Island, Islands};
use crate::base::Span;
use crate::source::Language;

/// The islands of one scope, joined into one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The grammar that reads it.
    pub language: Language,
    /// The islands in it, in the order of the text.
    pub islands: Vec<Island>,
    /// As many bytes as the host has, and the same lines.
    pub text: String,
}

/// Joins the islands that share a scope. Expressions and handlers are statements of their own, in the order of the host
/// text: a template's expressions may thus stand before the declarations that they mean.
#[must_use]
pub fn programs(text: &str, islands: &Islands) -> Vec<Program> {
    let mut scopes: Vec<Vec<Island>> = Vec::new();
    for island in &islands.list {
        let scope = scopes.iter_mut().find(|scope| scope.first().is_some_and(|first| first.scope == island.scope));
        match scope {
            Some(scope) => scope.push(*island),
            None => scopes.push(vec![*island]),
        }
    }
    let joined = scopes.into_iter().filter_map(|islands| {
        let language = islands.first()?.language;
        Some(Program { language, text: joined(text, &islands), islands })
    });
    joined.collect()
}

/// The text of one island: as many bytes as the host has, all other text blank, line ends kept. A value stands in
/// parentheses.
#[must_use]
pub fn island_text(text: &str, island: &Island) -> String {
    joined(text, std::slice::from_ref(island))
}

fn joined(text: &str, islands: &[Island]) -> String {
    let mut bytes: Vec<u8> = text.bytes().map(blank).collect();
    // Where the island before ends, with its closing parenthesis.
    let mut taken = 0;
    for island in islands {
        let (start, end) = (island.span.start as usize, island.span.end as usize);
        if start < taken || island.span.of(text).is_empty() {
            continue;
        }
        bytes[start..end].copy_from_slice(island.span.of(text).as_bytes());
        if island.escaped {
            unescape(&mut bytes[start..end]);
        }
        blank_scripts(&mut bytes[start..end], island.form);
        taken = delimit(&mut bytes, island.span, island.form, taken);
    }
    String::from_utf8(bytes).unwrap_or_default()
}

const fn blank(byte: u8) -> u8 {
    if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }
}

/// Puts delimiters into the blank bytes around an island and returns the end of what is taken. Between `}` and `{` of
/// the host there is no room for a semicolon, and `(a)(b)` would be a call: there the braces stay, and the expression
/// is a block.
fn delimit(bytes: &mut [u8], span: Span, form: Form, taken: usize) -> usize {
    let (start, end) = (span.start as usize, span.end as usize);
    let is_free = |at: usize| at >= taken && bytes.get(at) == Some(&b' ');
    let before = start.checked_sub(1).filter(|&at| is_free(at));
    let earlier = start.checked_sub(2).filter(|&at| is_free(at));
    let after = Some(end).filter(|&at| is_free(at));
    let (open, close) = match (form, before, earlier) {
        (Form::Statements, ..) => (b';', b';'),
        (Form::Value, Some(_), None) if taken > 0 => (b'{', b'}'),
        (Form::Value, ..) => (b'(', b')'),
    };
    let (Some(before), Some(after)) = (before, after) else { return end };
    bytes[before] = open;
    bytes[after] = close;
    if let Some(earlier) = earlier.filter(|_| open == b'(') {
        bytes[earlier] = b';';
    }
    end + 1
}

/// Decodes character references and keeps the length: an opening quote goes to the end of its reference, all else to
/// the start of the run of references, so that `&amp;&amp;` becomes an operator.
fn unescape(code: &mut [u8]) {
    let (mut at, mut quoted) = (0, None);
    // Where the characters of a run of references go.
    let mut to = 0;
    while at < code.len() {
        let Some((character, length)) = reference(&code[at..]) else {
            at += 1;
            to = at;
            continue;
        };
        code[at..at + length].fill(b' ');
        let is_quote = matches!(character, b'"' | b'\'');
        if is_quote && quoted.is_none() {
            quoted = Some(character);
            to = at + length - 1;
        } else if quoted == Some(character) {
            quoted = None;
        }
        code[to] = character;
        to += 1;
        at += length;
    }
}

/// The character reference that `code` starts with, and its length.
fn reference(code: &[u8]) -> Option<(u8, usize)> {
    const REFERENCES: &[(&[u8], u8)] = &[
        (b"&quot;", b'"'),
        (b"&#34;", b'"'),
        (b"&apos;", b'\''),
        (b"&#39;", b'\''),
        (b"&#x27;", b'\''),
        (b"&amp;", b'&'),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
    ];
    let known = REFERENCES.iter().find(|(reference, _)| code.starts_with(reference));
    known.map(|(reference, character)| (*character, reference.len()))
}

/// Blanks the content of `<script>` elements inside an expression with markup: it is an island of its own.
fn blank_scripts(code: &mut [u8], form: Form) {
    let mut at = 0;
    while form == Form::Value
        && let Some(start) = memchr::memmem::find(&code[at..], b"<script").map(|start| at + start)
        && let Some(open) = memchr::memchr(b'>', &code[start..]).map(|open| start + open + 1)
        && let Some(end) = memchr::memmem::find(&code[open..], b"</script").map(|end| open + end)
    {
        code[open..end].iter_mut().for_each(|byte| *byte = blank(*byte));
        at = end;
    }
}
