//! Which files are left out by what is inside them, and how that is said.

use std::fmt;

use smol_str::SmolStr;

use super::text::utf16;
use super::{FileKind, Options};

/// Bytes looked at to tell text from binary.
const SNIFF: usize = 8 * 1024;
/// Bytes looked at for a header that says "generated".
const HEADER: usize = 2 * 1024;
/// Smaller files are never taken for minified: a vendor's loader snippet is one dense line of about 1 KiB, and the
/// settings that matter stand right beside it.
const MINIFIED_BYTES: usize = 8 * 1024;
/// Lines from this length on can be minified code.
const LONG_LINE: usize = 500;
/// A long line is code when at least one byte in this many is a bracket or a semicolon; embedded images, fonts and
/// paths have next to none.
const BYTES_PER_PUNCTUATION: usize = 50;

/// Why a file or directory was left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SkipReason {
    /// Not text.
    Binary,
    /// Code squeezed by a tool.
    Minified,
    /// Made by a tool: build output, or a file whose header says so.
    Generated,
    /// More bytes than allowed.
    TooLarge {
        /// The largest size that is read, in bytes.
        limit: u64,
    },
    /// Somebody else's code, kept in the project.
    Vendored,
    /// A symbolic link: links are not followed, so that no file counts twice and none lies outside the project.
    Link,
    /// Named by the user, but not a kind of file that is analysed.
    Unsupported,
    /// The operating system refused.
    Unreadable(String),
}

impl SkipReason {
    /// Stable identifier.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::Minified => "minified",
            Self::Generated => "generated",
            Self::TooLarge { .. } => "too-large",
            Self::Vendored => "vendored",
            Self::Link => "link",
            Self::Unsupported => "unsupported",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// Whether the file should be analysed all the same when it names a vendor: clients of a tracking plan are
    /// generated code, and it is through them that the data leaves.
    #[must_use]
    pub const fn yields_to_markers(&self) -> bool {
        matches!(self, Self::Generated)
    }
}

impl fmt::Display for SkipReason {
    /// What follows "skipped: ".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Binary => f.write_str("not a text file"),
            Self::Minified => f.write_str("minified code"),
            Self::Generated => f.write_str("made by a tool"),
            Self::TooLarge { limit } => write!(f, "larger than {}", size(*limit)),
            Self::Vendored => f.write_str("third-party code"),
            Self::Link => f.write_str("a symbolic link"),
            Self::Unsupported => f.write_str("not a kind of file that is analysed"),
            Self::Unreadable(error) => write!(f, "cannot be read: {error}"),
        }
    }
}

/// Bytes in the largest unit that divides them.
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = UNITS.iter().find(|(factor, _)| bytes >= *factor && bytes.is_multiple_of(*factor));
    unit.map_or_else(|| format!("{bytes} bytes"), |(factor, name)| format!("{} {name}", bytes / factor))
}

/// A file or a whole directory that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Skipped {
    /// Path from the root, with `/`; a directory ends in `/`.
    pub rel: SmolStr,
    /// Why.
    pub reason: SkipReason,
}

/// Judges a file by its content. `rel` tells the kind of file; `bytes` are those of the file as it is on disk.
///
/// Costs at most one pass over the bytes and depends on nothing else.
#[must_use]
pub fn skip_content(rel: &str, bytes: &[u8], options: &Options) -> Option<SkipReason> {
    if bytes.len() as u64 > options.max_bytes {
        return Some(SkipReason::TooLarge { limit: options.max_bytes });
    }
    if is_binary(bytes) {
        return Some(SkipReason::Binary);
    }
    if options.no_skip || !matches!(FileKind::of(rel), FileKind::Script(_)) {
        return None;
    }
    if is_minified(bytes) {
        return Some(SkipReason::Minified);
    }
    is_generated(bytes).then_some(SkipReason::Generated)
}

fn is_binary(bytes: &[u8]) -> bool {
    utf16(bytes).is_none() && memchr::memchr(0, &bytes[..bytes.len().min(SNIFF)]).is_some()
}

/// Whether most of the file stands in long lines of dense code.
fn is_minified(bytes: &[u8]) -> bool {
    if bytes.len() < MINIFIED_BYTES {
        return false;
    }
    let mut dense = 0;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        if end - start >= LONG_LINE && is_dense(&bytes[start..end]) {
            dense += end - start;
        }
        start = end + 1;
    }
    dense > bytes.len() / 2
}

fn is_dense(line: &[u8]) -> bool {
    let punctuation = line.iter().filter(|byte| matches!(byte, b';' | b'{' | b'}' | b'(' | b')')).count();
    punctuation * BYTES_PER_PUNCTUATION >= line.len()
}

/// Whether a comment at the top says that a tool wrote the file.
fn is_generated(bytes: &[u8]) -> bool {
    let header = String::from_utf8_lossy(header(&bytes[..bytes.len().min(HEADER)])).to_ascii_lowercase();
    let made = ["generated by", "auto-generated", "autogenerated", "automatically generated", "code generated"];
    let warned =
        ["do not edit", "do not modify", "do not change", "don't edit", "not be edited", "will be overwritten"];
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| header.contains(phrase));
    header.contains("@generated") || header.contains("webpackbootstrap") || (says(&made) && says(&warned))
}

/// The comments and directives before the first line of code.
fn header(bytes: &[u8]) -> &[u8] {
    let mut end = 0;
    let mut in_block = false;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let text = line.trim_ascii();
        let opens = text.starts_with(b"/*");
        let is_directive = text.starts_with(b"'use ") || text.starts_with(b"\"use ");
        if !(in_block || opens || text.is_empty() || text.starts_with(b"//") || text.starts_with(b"#!") || is_directive)
        {
            break;
        }
        end += line.len();
        in_block = (in_block || opens) && memchr::memmem::find(text, b"*/").is_none();
    }
    &bytes[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(rel: &str, bytes: &[u8]) -> Option<&'static str> {
        skip_content(rel, bytes, &Options::default()).map(|reason| reason.id())
    }

    #[test]
    fn binary() {
        assert_eq!(check("a.js", b"\x89PNG\0\0"), Some("binary"));
        assert_eq!(check("a.html", b"a\0"), Some("binary"));
        assert_eq!(check("a.js", b"\xFF\xFEa\0b\0"), None);
        let late = [vec![b' '; SNIFF], vec![0]].concat();
        assert_eq!(check("a.js", &late), None);
    }

    #[test]
    fn minified() {
        let code = "function a(b){return b.c({d:1});}".repeat(400);
        let image = format!("export const logo = '{}';\n", "QUJDREVG".repeat(2000));
        let written = "export function track(event) {\n  return send(event);\n}\n".repeat(400);
        for (rel, text, expect) in [
            ("a.js", code.as_str(), Some("minified")),
            ("a.js", &format!("/*! licence */\n{code}\n"), Some("minified")),
            ("a.html", &code, None),
            ("a.js", &code[..2000], None),
            ("a.js", &image, None),
            ("a.js", &written, None),
        ] {
            assert_eq!(check(rel, text.as_bytes()), expect, "{}", &text[..40]);
        }
    }

    #[test]
    fn generated() {
        for (text, expect) in [
            ("// @generated\nx()", Some("generated")),
            ("/**\n * @generated SignedSource<<0>>\n */\nx()", Some("generated")),
            ("'use strict';\n\n// Code generated by protoc. DO NOT EDIT.\n", Some("generated")),
            (
                "/* eslint-disable */\n/* This file was automatically generated.\n * Do not modify. */\n",
                Some("generated"),
            ),
            ("x()\n// @generated\n", None),
            ("// ids are generated by the server\nx()", None),
            ("export const a = '@generated'", None),
            ("", None),
        ] {
            assert_eq!(check("a.ts", text.as_bytes()), expect, "{text}");
        }
    }

    #[test]
    fn too_large_and_no_skip() {
        let options = Options { no_skip: true, max_bytes: 20, threads: 1 };
        assert_eq!(skip_content("a.js", b"// @generated\n", &options), None);
        let reason = skip_content("a.js", &[b' '; 21], &options);
        assert_eq!(reason, Some(SkipReason::TooLarge { limit: 20 }));
    }

    #[test]
    fn sentences() {
        assert_eq!(SkipReason::TooLarge { limit: 2 << 20 }.to_string(), "larger than 2 MiB");
        assert_eq!(SkipReason::TooLarge { limit: 1500 }.to_string(), "larger than 1500 bytes");
        assert_eq!(SkipReason::Unreadable("denied".into()).to_string(), "cannot be read: denied");
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..20_000)) {
            let _ = check("a.js", &bytes);
        }
    }
}
