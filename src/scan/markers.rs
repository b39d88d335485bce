//! The catalogue's markers: byte strings that show a vendor may be at work in a file.

use smol_str::SmolStr;

use crate::{
    catalog::{Catalog, VendorId},
    source::Markers,
};

/// How a marker shows a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkKind {
    Package,
    Global,
    Script,
    Host,
}

/// One marker.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) vendor: VendorId,
    pub(crate) kind: MarkKind,
    pub(crate) text: SmolStr,
}

/// All markers, prepared for sketching.
pub(crate) struct Marks {
    pub(crate) markers: Markers,
    pub(crate) marks: Vec<Mark>,
}

impl Marks {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let mut marks = Vec::new();
        for (index, source) in catalog.sources().iter().enumerate() {
            if source.vendor.is_none() {
                continue;
            }
            let vendor = VendorId(u32::try_from(index).unwrap_or(u32::MAX));
            let mut add = |kind, texts: &[SmolStr]| {
                marks.extend(texts.iter().map(|text| Mark { vendor, kind, text: text.clone() }));
            };
            add(MarkKind::Package, &source.marks.packages);
            add(MarkKind::Global, &source.marks.globals);
            add(MarkKind::Script, &source.marks.scripts);
            add(MarkKind::Host, &source.marks.hosts);
        }
        let id = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let literals = marks.iter().enumerate().filter(|(_, mark)| mark.kind != MarkKind::Global);
        let literals: Vec<_> = literals.map(|(index, mark)| (literal(mark), id(index))).collect();
        let identifiers = marks.iter().enumerate().filter(|(_, mark)| mark.kind == MarkKind::Global);
        let identifiers: Vec<_> = identifiers.map(|(index, mark)| (mark.text.to_string(), id(index))).collect();
        Self { markers: Markers::new(literals, identifiers), marks }
    }
}

/// How a file shows a global variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// Only as a property, a string, a word in a comment.
    None,
    /// `name.x`, `name(`, `name =`, `name[`
    Bare,
    /// `window.name`
    OfWindow,
}

/// Globals of so few letters are names that everybody uses.
const SHORT: usize = 3;

impl Marks {
    /// Which of the markers met in a file's bytes count, and which count only where the project names the vendor in
    /// another way: a global must be used as one, and the name of a short one says little.
    pub(crate) fn confirmed(&self, text: &str, met: Vec<u32>) -> (Vec<u32>, Vec<u32>) {
        let mut weak = Vec::new();
        let strong = met.into_iter().filter(|&id| {
            let mark = &self.marks[id as usize];
            let used = if mark.kind == MarkKind::Global { usage(text, &mark.text) } else { Use::OfWindow };
            if used == Use::Bare && mark.text.len() <= SHORT {
                weak.push(id);
                return false;
            }
            used != Use::None
        });
        let strong = strong.collect();
        (strong, weak)
    }

    /// Whether a marker is this package or one in its scope of sub-paths.
    pub(crate) fn is_package(&self, id: u32, name: &str) -> bool {
        let mark = &self.marks[id as usize];
        let below = |scope: &str| name.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        mark.kind == MarkKind::Package && (mark.text == name || mark.text.strip_suffix("/*").is_some_and(below))
    }
}

/// The strongest use of a global variable in a text.
fn usage(text: &str, name: &str) -> Use {
    let bytes = text.as_bytes();
    let mut strongest = Use::None;
    for at in memchr::memmem::find_iter(bytes, name.as_bytes()) {
        let before = &text.as_bytes()[..at];
        let after = &bytes[at + name.len()..];
        if before.last().is_some_and(|&byte| is_word(byte)) || after.first().is_some_and(|&byte| is_word(byte)) {
            continue;
        }
        let object = ["window", "globalThis", "self"].iter().any(|object| {
            let dotted = before.strip_suffix(b".").map(|rest| rest.strip_suffix(b"?").unwrap_or(rest));
            let quoted = before
                .strip_suffix(b"\"")
                .or_else(|| before.strip_suffix(b"'"))
                .and_then(|rest| rest.strip_suffix(b"["));
            let cast = |rest: &[u8]| rest.ends_with(b"as any)") || rest.ends_with(b")");
            dotted.is_some_and(|rest| rest.ends_with(object.as_bytes()) || cast(rest))
                || quoted.is_some_and(|rest| rest.ends_with(object.as_bytes()) || cast(rest))
        });
        if object {
            return Use::OfWindow;
        }
        // A plugin puts `$name` on every component.
        let property = before.last() == Some(&b'.') && !before.ends_with(b"...") && !name.starts_with('$');
        let next = after.iter().find(|byte| !byte.is_ascii_whitespace());
        let used = match next {
            Some(b'(' | b'[' | b'.' | b'`') => true,
            Some(b'?') => after.trim_ascii_start().starts_with(b"?."),
            Some(b'!') => after.trim_ascii_start().starts_with(b"!."),
            Some(b'=') => !after.trim_ascii_start().starts_with(b"=="),
            _ => false,
        };
        if used && !property {
            strongest = Use::Bare;
        }
    }
    strongest
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// The bytes that show a marker: a package stands in quotes, a wildcard host is its domain.
fn literal(mark: &Mark) -> String {
    match mark.kind {
        MarkKind::Package => mark.text.trim_end_matches("/*").to_owned(),
        MarkKind::Host => mark.text.trim_start_matches("*.").to_owned(),
        _ => mark.text.to_string(),
    }
}
