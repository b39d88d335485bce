//! The view for people at a terminal: annotated source, then a summary.
//!
//! Findings of one vendor at one place are one diagnostic with several labels. Each hop of a path shows its own line of
//! source, whichever file it stands in; a hop outside the diagnostic's file is shown once in full and by its place
//! alone after that, so that the inside of a wrapper with forty callers is not printed forty times. The same holds for
//! the reasons and remedies of a category.

mod drawing;
mod excerpt;
mod group;
mod help;
mod lines;
mod summary;

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use super::{
    Context,
    model::{Finding, Location},
    neutral::Neutral,
    phrase,
};
use crate::base::Severity;
use drawing::Pen;
use excerpt::{Excerpt, Mark};
use group::{Group, Stop};

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
    lines: lines::Lines<'a>,
    shown: BTreeSet<Location>,
    help: help::Help,
}

impl<'a> Printer<'a> {
    fn new(neutral: &'a Neutral<'_>, context: &Context<'a>) -> Self {
        Self {
            context: *context,
            pen: Pen::new(context.colour, context.width.max(MIN_WIDTH)),
            lines: lines::Lines::new(neutral, context.sources),
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
        let drawn = self.pen.draw(&title(group, &self.context), severity(&group.findings), excerpt);
        match drawn {
            Some(drawn) => out.write_all(drawn.as_bytes())?,
            None => self.plain(group, out)?,
        }
        for stop in &told {
            let Location { file, line, column, .. } = &stop.location;
            let text = format!("{file}:{line}:{column}: {}", stop.label);
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
        let Location { file, line, column, .. } = group.place;
        writeln!(out, "  {}: {} ({file}:{line}:{column})", severity(&group.findings), title(group, &self.context))
    }
}

fn severity(findings: &[&Finding]) -> Severity {
    findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Note)
}

/// `E-mail address and name go to Mixpanel [leak/email, leak/name]`.
fn title(group: &Group<'_>, context: &Context<'_>) -> String {
    let rules = phrase::unique(group.findings.iter().map(|finding| finding.rule.as_str()));
    format!("{} [{}{}]", phrase::headline(&group.findings, context.names), rules.join(", "), doubt(&group.findings))
}

/// How sure the surest finding is, where that is less than high.
fn doubt(findings: &[&Finding]) -> &'static str {
    match findings.iter().map(|finding| finding.confidence).max() {
        Some(super::model::Confidence::Low) => ", low confidence",
        Some(super::model::Confidence::Medium) => ", medium confidence",
        _ => "",
    }
}
