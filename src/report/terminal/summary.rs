//! The end of the terminal view: who gets what, by which wrappers, what comes without a line of code, and what this
//! report does not know.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use super::{drawing::Pen, table::Table};
use crate::{
    base::Severity,
    report::{
        Context,
        model::{Collection, Finding, Forwarding, Location, Report, Unfollowed, Wrapper},
        phrase,
    },
};

/// Wrappers and places listed in a section; the rest is counted.
const MAX_PLACES: usize = 10;

/// Reasons listed for files that were skipped or partly read, the most frequent first.
const MAX_REASONS: usize = 5;

/// Writes the summary.
///
/// # Errors
/// What `out` answers.
pub fn write(report: &Report, context: &Context<'_>, pen: &Pen, out: &mut dyn Write) -> io::Result<()> {
    let summary = Summary { report, context, pen };
    summary.table(out)?;
    summary.wrappers(out)?;
    summary.collections(out)?;
    summary.forwards(out)?;
    summary.silent_vendors(out)?;
    summary.unfollowed(out)?;
    summary.problems(out)?;
    summary.hidden(out)?;
    summary.last_line(out)
}

struct Summary<'a> {
    report: &'a Report,
    context: &'a Context<'a>,
    pen: &'a Pen,
}

impl<'a> Summary<'a> {
    fn shown(&self) -> impl Iterator<Item = &'a Finding> {
        self.report.findings.iter().filter(|finding| finding.suppressed.is_none())
    }

    fn name(&self, vendor: &'a str) -> &'a str {
        self.context.names.name(vendor)
    }

    fn heading(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.pen.strong(text))
    }

    fn line(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.pen.filled(text, "", "  "))
    }

    fn item(&self, lead: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.pen.filled(&format!("{lead}{text}"), "  ", "    "))
    }

    /// Categories down, vendors across, in as many blocks as the width asks for.
    fn table(&self, out: &mut dyn Write) -> io::Result<()> {
        let pairs = self.shown().filter_map(|finding| Some((self.name(&finding.vendor), finding.category?)));
        let table = Table::new(pairs);
        if table.is_empty() {
            return Ok(());
        }
        self.heading("Findings by category and vendor", out)?;
        table.write(self.pen.width(), out)?;
        writeln!(out)
    }

    fn wrappers(&self, out: &mut dyn Write) -> io::Result<()> {
        let wrappers = &self.report.wrappers;
        if wrappers.is_empty() {
            return Ok(());
        }
        self.heading("Wrappers: functions of this project that pass their parameters on", out)?;
        let mut wrappers: Vec<_> = wrappers.iter().collect();
        wrappers.sort_by_key(|wrapper| std::cmp::Reverse(wrapper.callers));
        for Wrapper { function, location, vendors, callers, .. } in wrappers.iter().take(MAX_PLACES) {
            let vendors: Vec<_> = vendors.iter().map(|vendor| self.name(vendor)).collect();
            let (vendors, callers) = (phrase::list(&vendors), phrase::count(*callers, "caller"));
            self.item(
                &format!("{function}() "),
                &format!("to {vendors}, {callers}, {}", phrase::place(location)),
                out,
            )?;
        }
        self.more(wrappers.len(), out)?;
        writeln!(out)
    }

    /// By initialisation: one item for everything that one call starts.
    fn collections(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut starts: BTreeMap<(&str, &Location), Vec<&Collection>> = BTreeMap::new();
        for collection in self.report.collected() {
            starts.entry((self.name(&collection.vendor), &collection.location)).or_default().push(collection);
        }
        if starts.is_empty() {
            return Ok(());
        }
        self.heading("Collected by default: no line of code asks for it", out)?;
        for ((vendor, location), collections) in starts {
            self.item(&format!("{vendor}, started at "), &phrase::place(location), out)?;
            for (what, advice) in phrase::unique(collections.iter().map(|it| (&it.what, &it.advice))) {
                let same = collections.iter().filter(|it| (&it.what, &it.advice) == (what, advice));
                let titles = phrase::unique(same.map(|it| phrase::collected(it)));
                let text = format!("{}: {what} {advice}", titles.join(", "));
                writeln!(out, "{}", self.pen.wrapped("    - ", &text))?;
            }
        }
        writeln!(out)
    }

    /// By vendor: everything that the code names, and what it cannot know.
    fn forwards(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut vendors: BTreeMap<&str, Vec<&Forwarding>> = BTreeMap::new();
        for forwarding in &self.report.forwards {
            vendors.entry(self.name(&forwarding.vendor)).or_default().push(forwarding);
        }
        if vendors.is_empty() {
            return Ok(());
        }
        self.heading("Handed on: these vendors send data further", out)?;
        for (vendor, forwards) in vendors {
            let (remote, named): (Vec<_>, Vec<_>) = forwards.into_iter().partition(|it| it.destinations.is_empty());
            let destinations = named.iter().flat_map(|it| &it.destinations);
            let names =
                phrase::unique(destinations.map(|it| it.vendor.as_deref().map_or(&*it.name, |id| self.name(id))));
            if let [first, ..] = named[..] {
                let place = phrase::place(&first.location);
                self.item(&format!("{vendor} "), &format!("to {}, named at {place}", phrase::list(&names)), out)?;
            }
            for it in remote {
                let text = format!("to places unknown, configured remotely: {}", it.what);
                self.item(&format!("{vendor}, at {}, ", phrase::place(&it.location)), &text, out)?;
            }
        }
        writeln!(out)
    }

    /// Vendors in the project that no finding names: clean so far, or out of sight.
    fn silent_vendors(&self, out: &mut dyn Write) -> io::Result<()> {
        let loud: BTreeSet<_> = self.shown().map(|finding| finding.vendor.as_str()).collect();
        let silent = self.report.vendors.iter().filter(|presence| !loud.contains(presence.vendor.as_str()));
        let names: Vec<_> = silent.map(|presence| self.name(&presence.vendor)).collect();
        if names.is_empty() {
            return Ok(());
        }
        self.line(&format!("Present without a finding: {}.", phrase::list(&names)), out)?;
        writeln!(out)
    }

    fn unfollowed(&self, out: &mut dyn Write) -> io::Result<()> {
        let ends = &self.report.unfollowed;
        if ends.is_empty() {
            return Ok(());
        }
        let heading = format!("Not followed: {} of unknown content", phrase::count(ends.len(), "payload"));
        self.heading(&heading, out)?;
        for Unfollowed { vendor, location, reason } in ends.iter().take(MAX_PLACES) {
            self.item(&format!("{} ", phrase::place(location)), &format!("to {}: {reason}", self.name(vendor)), out)?;
        }
        self.more(ends.len(), out)?;
        writeln!(out)
    }

    fn more(&self, total: usize, out: &mut dyn Write) -> io::Result<()> {
        match total.checked_sub(MAX_PLACES) {
            None | Some(0) => Ok(()),
            Some(rest) => self.item("", &format!("and {rest} more, in --format json"), out),
        }
    }

    /// What was skipped or only partly read, by kind and reason.
    fn problems(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut kinds: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for problem in &self.report.problems {
            let (kind, reason) = phrase::problem_parts(problem);
            *kinds.entry(kind).or_default().entry(reason).or_default() += 1;
        }
        for (kind, reasons) in &kinds {
            let total = phrase::count(reasons.values().sum(), "file");
            self.line(&format!("{} {total}: {}.", phrase::sentence(kind), told(reasons)), out)?;
        }
        if kinds.is_empty() { Ok(()) } else { writeln!(out) }
    }

    fn hidden(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(hidden) = phrase::hidden(self.report) else { return Ok(()) };
        self.line(&format!("Hidden: {hidden}."), out)?;
        writeln!(out)
    }

    fn last_line(&self, out: &mut dyn Write) -> io::Result<()> {
        let counts = phrase::severities(self.shown());
        let total = counts.iter().map(|(n, _)| n).sum();
        let severities = [Severity::Error, Severity::Warning, Severity::Note];
        let parts = counts.iter().zip(severities).map(|((n, noun), severity)| {
            let text = phrase::count(*n, noun);
            if *n == 0 { text } else { self.pen.severe(severity, &text) }
        });
        let stats = &self.report.stats;
        let (parts, files) = (parts.collect::<Vec<_>>().join(", "), phrase::count(stats.files, "file"));
        writeln!(out, "{} ({parts}) in {files}, {} parsed", phrase::count(total, "finding"), stats.files_parsed)
    }
}

/// The most frequent reasons, with their counts where there are several.
fn told(reasons: &BTreeMap<&str, usize>) -> String {
    let mut sorted: Vec<_> = reasons.iter().collect();
    sorted.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    if let [(reason, _)] = sorted[..] {
        return (*reason).to_owned();
    }
    let mut told: Vec<_> = sorted.iter().take(MAX_REASONS).map(|(reason, n)| format!("{reason} ({n})")).collect();
    let rest: usize = sorted.iter().skip(MAX_REASONS).map(|(_, n)| **n).sum();
    told.extend((rest > 0).then(|| format!("other reasons ({rest})")));
    told.join(", ")
}
