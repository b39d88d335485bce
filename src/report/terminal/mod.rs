//! The view for people at a terminal: annotated source, then a summary.
//!
//! Findings of one vendor at one place are one diagnostic with several labels. Each hop of a path shows its own line of
//! source, whichever file it stands in; a hop outside the diagnostic's file is shown once in full and by its place
//! alone after that, so that the inside of a wrapper with forty callers is not printed forty times. The same holds for
//! the reasons and remedies of a category.

mod drawing;
mod excerpt;
mod help;
mod mistake;
mod summary;
mod table;

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use super::{
    Context,
    group::{self, Group, Stop},
    lines::Lines,
    model::Location,
    neutral::Neutral,
    phrase,
};
use drawing::Pen;
use excerpt::{Excerpt, Mark};
pub use mistake::mistake;

/// Narrower terminals are treated as this wide.
const MIN_WIDTH: usize = 48;

/// Writes the diagnostics and the summary.
///
/// # Errors
/// What `out` answers.
pub fn write(neutral: &Neutral<'_>, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut printer = Printer::new(neutral, context);
    let groups = group::groups(&neutral.report.findings);
    for (at, group) in groups.iter().enumerate() {
        if at == 0 || groups[at - 1].file() != group.file() {
            printer.file_line(&groups[at..], out)?;
        }
        printer.diagnostic(group, out)?;
    }
    summary::write(&neutral.report, context, &printer.pen, out)
}

struct Printer<'a> {
    context: Context<'a>,
    pen: Pen,
    lines: Lines<'a>,
    shown: BTreeSet<Location>,
    help: help::Help,
}

impl<'a> Printer<'a> {
    fn new(neutral: &'a Neutral<'_>, context: &Context<'a>) -> Self {
        Self {
            context: *context,
            pen: Pen::new(context.colour, context.width.max(MIN_WIDTH)),
            lines: Lines::new(neutral, context.sources),
            shown: BTreeSet::new(),
            help: help::Help::default(),
        }
    }

    /// `src/app.ts: 3 findings`, above the first diagnostic of a file.
    fn file_line(&self, groups: &[Group<'_>], out: &mut dyn Write) -> io::Result<()> {
        let file = groups[0].file();
        let findings = groups.iter().take_while(|group| group.file() == file).map(|group| group.findings.len()).sum();
        writeln!(out, "{}\n", self.pen.strong(&format!("{file}: {}", phrase::count(findings, "finding"))))
    }

    fn diagnostic(&mut self, group: &Group<'_>, out: &mut dyn Write) -> io::Result<()> {
        let (shown, told) = self.split(group);
        let excerpt = Excerpt::new(&shown, &mut self.lines, self.pen.width());
        let drawn = self.pen.draw(&title(group, &self.context), group.severity(), excerpt);
        match drawn {
            Some(drawn) => out.write_all(drawn.as_bytes())?,
            None => self.plain(group, out)?,
        }
        for stop in &told {
            let text = format!("{}: {}", phrase::place(&stop.location), stop.label);
            writeln!(out, "{}", self.pen.wrapped("    at ", &text))?;
        }
        self.help.write(group, self.context.names, &self.pen, out)?;
        writeln!(out)
    }

    /// Which stops get a snippet and which only their place: those that stood in an earlier diagnostic, and those whose
    /// source cannot be had.
    fn split(&mut self, group: &Group<'_>) -> (Vec<Mark>, Vec<Stop>) {
        let (mut shown, mut told) = (Vec::new(), Vec::new());
        for stop in group.stops(self.context.names) {
            let here = stop.location.file == group.place.file;
            let fresh = here || self.shown.insert(stop.location.clone());
            if fresh && self.lines.get(&stop.location.file, stop.location.line).is_some() {
                shown.push(Mark { primary: stop.location == *group.place, context: here, stop });
            } else {
                told.push(stop);
            }
        }
        (shown, told)
    }

    /// What is said when the drawing failed: one line.
    fn plain(&self, group: &Group<'_>, out: &mut dyn Write) -> io::Result<()> {
        let place = phrase::place(group.place);
        writeln!(out, "  {}: {} ({place})", group.severity(), title(group, &self.context))
    }
}

/// `E-mail address and name go to Mixpanel [leak/email, leak/name]`.
fn title(group: &Group<'_>, context: &Context<'_>) -> String {
    let rules = phrase::unique(group.findings.iter().map(|finding| finding.rule.as_str()));
    format!("{} [{}{}]", phrase::headline(&group.findings, context.names), rules.join(", "), doubt(group))
}

/// How sure the surest finding is, where that is less than high.
fn doubt(group: &Group<'_>) -> &'static str {
    match group.findings.iter().map(|finding| finding.confidence).max() {
        Some(super::model::Confidence::Low) => ", low confidence",
        Some(super::model::Confidence::Medium) => ", medium confidence",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::tests::{Files, sample};

    proptest! {
        /// Any text with any places in it is drawn: the one-line fallback is for defects that nobody has met yet.
        #[test]
        fn any_place_in_any_text_can_be_drawn(
            text in "([a-c(){} \t\r\n\u{202e}日é\u{301}]{0,40}|[a-c ]{300,400}){0,4}",
            places in prop::collection::vec((0u32..6, 0u32..500, 0u32..6, 0u32..500), 1..5),
            width in 0usize..200,
        ) {
            let location = |&(line, column, lines, end_column): &(u32, u32, u32, u32)| {
                Location { file: "a".into(), line, column, end_line: line + lines / 4, end_column }
            };
            let mark = |at: (usize, &(u32, u32, u32, u32))| {
                let stop = Stop { location: location(at.1), label: "a label of some words".to_owned() };
                Mark { stop, primary: at.0 == 0, context: true }
            };
            let marks: Vec<_> = places.iter().enumerate().map(mark).collect();
            let report = sample::empty();
            let (neutral, files) = (Neutral::of(&report), Files([("a".to_owned(), text.as_str().into())].into()));
            let excerpt = Excerpt::new(&marks, &mut Lines::new(&neutral, &files), width.max(MIN_WIDTH));
            let drawn = Pen::new(false, width.max(MIN_WIDTH)).draw("title", crate::base::Severity::Note, excerpt);
            prop_assert!(drawn.is_some_and(|drawn| !drawn.contains("Failed to read")));
        }
    }

    #[test]
    fn eighty_columns_are_enough() {
        let (report, files) = sample::shop();
        let text = crate::report::tests::rendered(crate::report::Format::Terminal, &report, &files, false);
        for line in text.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
        }
    }
}
