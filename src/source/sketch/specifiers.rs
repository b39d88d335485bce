//! Module names in quotes after the words that import.

use super::words::hash_of;

const FROM: u32 = hash_of(b"from");
const IMPORT: u32 = hash_of(b"import");
const REQUIRE: u32 = hash_of(b"require");

/// Longer strings are not module names.
const LONGEST: usize = 512;
/// Comments between the word and the quote are passed over up to this many.
const COMMENTS: usize = 8;

/// Whether the word with this hash can stand before a module name.
#[inline]
pub(super) const fn may_precede(hash: u32) -> bool {
    hash == FROM || hash == IMPORT || hash == REQUIRE
}

/// The module name after the word `bytes[start..end]`: `from "x"`, `import "x"`, `import("x")`, `require("x")`.
pub(super) fn after(bytes: &[u8], start: usize, end: usize) -> Option<&str> {
    let rest = skip_blank(&bytes[end..])?;
    let rest = match (&bytes[start..end], rest.first()?) {
        (b"import" | b"require", b'(') => skip_blank(&rest[1..])?,
        (b"from" | b"import", _) => rest,
        _ => return None,
    };
    quoted(rest)
}

/// What comes after white space and comments, such as the hints to bundlers inside `import(…)`.
fn skip_blank(mut rest: &[u8]) -> Option<&[u8]> {
    for _ in 0..COMMENTS {
        rest = rest.trim_ascii_start();
        rest = match rest {
            [b'/', b'*', inside @ ..] => &inside[memchr::memmem::find(inside, b"*/")? + 2..],
            [b'/', b'/', inside @ ..] => &inside[memchr::memchr(b'\n', inside)?..],
            _ => return Some(rest),
        };
    }
    None
}

/// The content of the string that `rest` starts with. Strings with escapes or substitutions name no module.
fn quoted(rest: &[u8]) -> Option<&str> {
    let (&quote, inside) = rest.split_first()?;
    if !matches!(quote, b'"' | b'\'' | b'`') {
        return None;
    }
    let inside = &inside[..inside.len().min(LONGEST)];
    let text = &inside[..memchr::memchr(quote, inside)?];
    let is_plain = !text.iter().any(|&byte| byte < b' ' || byte == b'\\' || (quote == b'`' && byte == b'$'));
    if text.is_empty() || !is_plain { None } else { std::str::from_utf8(text).ok() }
}
