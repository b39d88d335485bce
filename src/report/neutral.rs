//! Text of the scanned tree, made harmless: no byte of it may steer a terminal or reorder a line.
//!
//! A file name, a literal or a comment can hold escape sequences, line breaks, or bidirectional marks that make code
//! read other than it runs. [`clean`] swaps each such character for one visible character, so that columns keep their
//! meaning. Views for people and for line-based tools take a whole report through [`Neutral`]; JSON instead escapes
//! (see the `json` module), because a machine needs the exact name.

use std::{borrow::Cow, collections::BTreeMap};

use smol_str::SmolStr;

use super::model::{Collection, Finding, Forwarding, Location, Report, Suppressed};

/// Whether a character must not reach an output as it is.
#[must_use]
pub const fn is_hostile(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'   // C0, DEL, C1
        | '\u{ad}' | '\u{61c}' | '\u{180e}' // soft hyphen, Arabic letter mark, vowel separator
        | '\u{200b}'..='\u{200f}'           // zero width, left-to-right and right-to-left mark
        | '\u{2028}'..='\u{202e}'           // line and paragraph separator, embeddings and overrides
        | '\u{2060}'..='\u{206f}'           // invisible operators, isolates, deprecated format characters
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// The visible stand-in for a hostile character: its control picture, or U+FFFD where there is none.
#[must_use]
pub fn picture(c: char) -> char {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '␡',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// `text` with every hostile character swapped for its [`picture`].
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hostile) {
        Cow::Owned(text.chars().map(|c| if is_hostile(c) { picture(c) } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// A report whose strings are all clean, and the way back to the file names as they are.
#[derive(Debug, Clone)]
pub struct Neutral<'a> {
    /// The report.
    pub report: Cow<'a, Report>,
    originals: BTreeMap<SmolStr, SmolStr>,
}

impl<'a> Neutral<'a> {
    /// Cleans a report; one that is clean is borrowed.
    #[must_use]
    pub fn of(report: &'a Report) -> Self {
        let (mut dirty, mut cleaner) = (report.clone(), Cleaner::default());
        cleaner.report(&mut dirty);
        let report = if cleaner.changed { Cow::Owned(dirty) } else { Cow::Borrowed(report) };
        Self { report, originals: cleaner.originals }
    }

    /// The name on disk of a file in the clean report.
    #[must_use]
    pub fn original<'b>(&'b self, file: &'b str) -> &'b str {
        self.originals.get(file).map_or(file, SmolStr::as_str)
    }
}

/// Walks every string of a report. A test with a hostile string in every field sees to it that none is forgotten.
#[derive(Default)]
struct Cleaner {
    changed: bool,
    originals: BTreeMap<SmolStr, SmolStr>,
}

impl Cleaner {
    fn text(&mut self, text: &mut String) {
        if let Cow::Owned(clean) = clean(text) {
            *text = clean;
            self.changed = true;
        }
    }

    fn small(&mut self, text: &mut SmolStr) {
        if let Cow::Owned(clean) = clean(text) {
            *text = SmolStr::new(clean);
            self.changed = true;
        }
    }

    fn file(&mut self, file: &mut SmolStr) {
        let original = file.clone();
        self.small(file);
        if original != *file {
            self.originals.insert(file.clone(), original);
        }
    }

    fn place(&mut self, location: &mut Location) {
        self.file(&mut location.file);
    }

    fn report(&mut self, report: &mut Report) {
        for text in [&mut report.tool.name, &mut report.tool.version, &mut report.root] {
            self.text(text);
        }
        report.findings.iter_mut().for_each(|finding| self.finding(finding));
        report.collections.iter_mut().for_each(|collection| self.collection(collection));
        if let Some(gone) = &mut report.gone {
            self.text(&mut gone.since);
            gone.findings.iter_mut().for_each(|finding| self.finding(finding));
            gone.collections.iter_mut().for_each(|collection| self.collection(collection));
            gone.vendors.iter_mut().for_each(|vendor| self.small(vendor));
        }
        self.presence(report);
        for problem in &mut report.problems {
            self.file(&mut problem.file);
            self.text(&mut problem.message);
        }
    }

    fn finding(&mut self, finding: &mut Finding) {
        for text in [&mut finding.fingerprint, &mut finding.message, &mut finding.origin.expression] {
            self.text(text);
        }
        for text in [&mut finding.sink.call, &mut finding.sink.argument] {
            self.text(text);
        }
        for text in [&mut finding.rule, &mut finding.vendor] {
            self.small(text);
        }
        for place in [&mut finding.location, &mut finding.origin.location, &mut finding.sink.location] {
            self.place(place);
        }
        for hop in &mut finding.path {
            self.place(&mut hop.location);
            self.text(&mut hop.label);
        }
        self.suppressed(finding.suppressed.as_mut());
    }

    fn suppressed(&mut self, suppressed: Option<&mut Suppressed>) {
        if let Some(suppressed) = suppressed {
            self.text(&mut suppressed.reason);
            suppressed.location.iter_mut().for_each(|place| self.place(place));
        }
    }

    fn collection(&mut self, collection: &mut Collection) {
        self.suppressed(collection.suppressed.as_mut());
        self.place(&mut collection.location);
        for text in [&mut collection.vendor, &mut collection.kind] {
            self.small(text);
        }
        for text in [&mut collection.what, &mut collection.advice].into_iter().chain(&mut collection.setting) {
            self.text(text);
        }
    }

    fn forwarding(&mut self, forwarding: &mut Forwarding) {
        self.place(&mut forwarding.location);
        for text in [&mut forwarding.vendor, &mut forwarding.kind] {
            self.small(text);
        }
        for text in std::iter::once(&mut forwarding.what).chain(&mut forwarding.setting) {
            self.text(text);
        }
        for destination in &mut forwarding.destinations {
            for text in std::iter::once(&mut destination.name).chain(&mut destination.vendor) {
                self.small(text);
            }
        }
    }

    fn presence(&mut self, report: &mut Report) {
        for presence in &mut report.vendors {
            self.small(&mut presence.vendor);
            for evidence in &mut presence.evidence {
                self.place(&mut evidence.location);
                self.small(&mut evidence.kind);
                self.small(&mut evidence.name);
            }
        }
        report.forwards.iter_mut().for_each(|forwarding| self.forwarding(forwarding));
        for package in &mut report.packages {
            self.small(&mut package.folder);
            self.small(&mut package.name);
        }
        for wrapper in &mut report.wrappers {
            self.text(&mut wrapper.function);
            self.place(&mut wrapper.location);
            wrapper.vendors.iter_mut().for_each(|vendor| self.small(vendor));
            for forward in &mut wrapper.forwards {
                self.text(&mut forward.parameter);
                self.text(&mut forward.path);
            }
        }
        for end in &mut report.unfollowed {
            self.small(&mut end.vendor);
            self.place(&mut end.location);
            self.text(&mut end.reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::sample;

    #[test]
    fn hostile_characters_become_one_visible_character_each() {
        let check = |input: &str, expected: &str| {
            assert_eq!(clean(input), expected);
            assert_eq!(clean(input).chars().count(), input.chars().count());
        };
        check("plain é 😀 日本", "plain é 😀 日本");
        check("\x1b[31mred\x07", "␛[31mred␇");
        check("a\r\n\tb", "a␍␊␉b");
        check("\u{9b}31m", "\u{fffd}31m");
        check("\u{202e}abc\u{2066}", "\u{fffd}abc\u{fffd}");
        check("\u{7f}\u{feff}\u{e0041}", "␡\u{fffd}\u{fffd}");
    }

    #[test]
    fn no_field_of_a_report_is_forgotten() {
        let hostile = sample::everywhere("\x1b[31m\u{202e}\n");
        let neutral = Neutral::of(&hostile);
        let strings = serde_json::to_value(&*neutral.report).unwrap();
        let mut rest = vec![&strings];
        while let Some(value) = rest.pop() {
            match value {
                serde_json::Value::String(text) => assert!(!text.chars().any(is_hostile), "{text:?}"),
                serde_json::Value::Array(items) => rest.extend(items),
                serde_json::Value::Object(map) => rest.extend(map.values()),
                _ => {}
            }
        }
        let (clean, original) = (&neutral.report.findings[0].location.file, &hostile.findings[0].location.file);
        assert_eq!(neutral.original(clean), original);
    }

    #[test]
    fn a_clean_report_is_borrowed() {
        assert!(matches!(Neutral::of(&sample::plain()).report, Cow::Borrowed(_)));
    }
}
