//! From one report to its review.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{
    edits,
    model::{Cell, Coverage, Flow, Gap, Hidden, Item, Place, Recipient, Review, Source, Stop},
    persons, vendors,
};
use crate::{
    base::Category,
    catalog::{Catalog, words::Words},
    report::{
        Sources,
        lines::Lines,
        model::{Finding, Location, Report},
        neutral::{self, Neutral},
        phrase, redact,
    },
};

/// Characters of a line of code.
const MAX_CODE: usize = 160;
/// Lines of an initialisation.
const MAX_LINES: u32 = 14;
/// Places named for one record and category, files named for one gap.
const MAX_EXAMPLES: usize = 8;

/// What a review needs beside the report.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Who the vendors are.
    pub catalog: &'a Catalog,
    /// Which names stand for persons.
    pub words: &'a Words,
    /// The policy in force, in a sentence.
    pub policy: &'a str,
    /// What to call what was scanned.
    pub subject: &'a str,
    /// Whether what somebody decided to hide counts all the same: hidden or not, it leaves.
    pub with_hidden: bool,
}

/// Lines of code, harmless and redacted.
pub(super) struct Code<'a>(Lines<'a>);

impl Code<'_> {
    fn line(&mut self, file: &str, number: u32) -> Option<String> {
        let line = self.0.get(file, number)?;
        let line = redact::text(&neutral::clean(line.trim()));
        let cut: String = line.chars().take(MAX_CODE).collect();
        Some(if cut.len() < line.len() { cut + "…" } else { cut })
    }

    /// A few whole lines with their indentation.
    pub(super) fn block(&mut self, location: &Location) -> Option<String> {
        let last = location.end_line.min(location.line + MAX_LINES - 1);
        let lines: Option<Vec<String>> = (location.line..=last)
            .map(|number| {
                let line = self.0.get(&location.file, number)?;
                let indent = line.chars().take_while(|letter| matches!(letter, ' ' | '\t')).count();
                let indent = if number == location.line { 0 } else { indent.min(24) };
                Some(" ".repeat(indent) + &self.line(&location.file, number)?)
            })
            .collect();
        lines.map(|lines| lines.join("\n"))
    }
}

/// The place of a location.
pub(super) fn place(location: &Location) -> Place {
    Place { file: location.file.clone(), line: location.line }
}

/// Reviews one report. `sources` may know nothing; then code is not shown.
#[must_use]
pub fn review(report: &Report, facts: &Facts<'_>, sources: &dyn Sources) -> Review {
    let mut redacted = report.clone();
    redact::report(&mut redacted);
    let neutral = Neutral::of(&redacted);
    let mut code = Code(Lines::new(&neutral, sources));
    let coverage = coverage(&neutral.report, facts);
    let mut report = neutral.report.clone();
    if facts.with_hidden && !coverage.hidden.is_empty() {
        let report = report.to_mut();
        report.findings.iter_mut().for_each(|finding| finding.suppressed = None);
        report.collections.iter_mut().for_each(|collection| collection.suppressed = None);
    }
    let report = &*report;
    let shown = report.findings.iter().filter(|finding| finding.suppressed.is_none());
    let flows: Vec<Flow> = shown.filter_map(|finding| flow(report, finding, facts, &mut code)).collect();
    let recipients = vendors::recipients(report, &flows, facts, &mut code);
    let edits = edits::plan(&flows);
    Review {
        edits,
        tool: report.tool.clone(),
        ..assemble(neutral::clean(facts.subject).into_owned(), flows, recipients, coverage)
    }
}

/// Computes what follows from the flows and the receivers.
pub(super) fn assemble(
    subject: String,
    mut flows: Vec<Flow>,
    mut vendors: Vec<Recipient>,
    coverage: Coverage,
) -> Review {
    flows.sort_by(|a, b| grave(b).cmp(&grave(a)).then_with(|| order(a).cmp(&order(b))));
    vendors.sort_by(|a, b| (b.worst, b.direct, b.flows).cmp(&(a.worst, a.direct, a.flows)).then(a.id.cmp(&b.id)));
    Review {
        schema_version: 1,
        tool: crate::report::model::Tool { name: String::new(), version: String::new() },
        subject,
        repositories: Vec::new(),
        matrix: matrix(&flows, &vendors),
        inventory: inventory(&flows, &vendors),
        edits: Vec::new(),
        vendors,
        flows,
        coverage,
        history: None,
    }
}

fn grave(flow: &Flow) -> impl Ord + use<> {
    (flow.severity, edits::weight(flow.category), flow.confidence)
}

fn order(flow: &Flow) -> impl Ord + '_ {
    let origin = flow.path.first().map(|stop| &stop.place);
    (flow.category, &flow.vendor, &flow.app, &flow.apex, &flow.expression, origin)
}

fn flow(report: &Report, finding: &Finding, facts: &Facts<'_>, code: &mut Code<'_>) -> Option<Flow> {
    let category = finding.category?;
    let stop = |hop: &crate::report::model::Hop| Stop {
        place: place(&hop.location),
        role: hop.role,
        label: hop.label.clone(),
        code: code.line(&hop.location.file, hop.location.line),
    };
    let path: Vec<Stop> = finding.path.iter().map(stop).collect();
    let read = path.first().and_then(|stop| stop.code.as_deref());
    Some(Flow {
        vendor: finding.vendor.clone(),
        category,
        severity: finding.severity,
        confidence: finding.confidence,
        app: persons::app(&report.packages, &finding.location.file),
        person: persons::record(facts.words, &finding.origin.expression, read),
        expression: finding.origin.expression.clone(),
        apex: place(&finding.location),
        call: finding.sink.call.clone(),
        argument: finding.sink.argument.clone(),
        path,
        count: 1,
        fingerprint: finding.fingerprint.clone(),
    })
}

fn matrix(flows: &[Flow], vendors: &[Recipient]) -> Vec<Cell> {
    let mut cells: BTreeMap<(usize, Category), Cell> = BTreeMap::new();
    let ranks: BTreeMap<&SmolStr, usize> = vendors.iter().enumerate().map(|(at, vendor)| (&vendor.id, at)).collect();
    let mut add = |vendor: &SmolStr, category, flows, defaults, severity| {
        let key = (ranks.get(vendor).copied().unwrap_or(usize::MAX), category);
        let cell = cells.entry(key).or_insert_with(|| Cell {
            vendor: vendor.clone(),
            category,
            flows: 0,
            defaults: 0,
            worst: severity,
        });
        cell.flows += flows;
        cell.defaults += defaults;
        cell.worst = cell.worst.max(severity);
    };
    for flow in flows {
        add(&flow.vendor, flow.category, flow.count, 0, flow.severity);
    }
    for vendor in vendors {
        for ambient in &vendor.defaults {
            for &category in &ambient.categories {
                add(&vendor.id, category, 0, ambient.count, ambient.severity);
            }
        }
    }
    cells.into_values().collect()
}

fn inventory(flows: &[Flow], vendors: &[Recipient]) -> Vec<Item> {
    let mut items: BTreeMap<Category, Item> = BTreeMap::new();
    let empty = |category| Item { category, sources: Vec::new(), sent_to: Vec::new(), collected_by: Vec::new() };
    for flow in flows {
        let item = items.entry(flow.category).or_insert_with(|| empty(flow.category));
        note(&mut item.sent_to, &flow.vendor);
        read(&mut item.sources, flow);
    }
    for vendor in vendors {
        for &category in vendor.defaults.iter().flat_map(|ambient| &ambient.categories) {
            let item = items.entry(category).or_insert_with(|| empty(category));
            note(&mut item.collected_by, &vendor.id);
        }
    }
    for item in items.values_mut() {
        item.sources.sort_by(|a, b| b.flows.cmp(&a.flows).then_with(|| a.person.cmp(&b.person)));
    }
    let mut items: Vec<_> = items.into_values().collect();
    items.sort_by_key(|item| edits::rank(item.category));
    items
}

fn read(sources: &mut Vec<Source>, flow: &Flow) {
    let at = sources.iter().position(|source| source.person == flow.person).unwrap_or_else(|| {
        sources.push(Source { person: flow.person.clone(), flows: 0, places: Vec::new() });
        sources.len() - 1
    });
    let source = &mut sources[at];
    source.flows += flow.count;
    let origin = flow.path.first().map_or(&flow.apex, |stop| &stop.place);
    if source.places.len() < MAX_EXAMPLES && !source.places.contains(origin) {
        source.places.push(origin.clone());
    }
}

/// Adds what is not there yet.
pub(super) fn note<T: PartialEq + Clone>(list: &mut Vec<T>, item: &T) {
    if !list.contains(item) {
        list.push(item.clone());
    }
}

fn coverage(report: &Report, facts: &Facts<'_>) -> Coverage {
    let mut gaps: BTreeMap<(String, String), Gap> = BTreeMap::new();
    for problem in &report.problems {
        let (kind, reason) = phrase::problem_parts(problem);
        let gap = gaps.entry((kind.to_owned(), reason.to_owned())).or_insert_with(|| Gap {
            kind: kind.to_owned(),
            reason: reason.to_owned(),
            files: 0,
            examples: Vec::new(),
        });
        gap.files += 1;
        if gap.examples.len() < MAX_EXAMPLES {
            gap.examples.push(problem.file.clone());
        }
    }
    Coverage {
        root: report.root.clone(),
        stats: report.stats,
        gaps: gaps.into_values().collect(),
        hidden: hidden(report),
        baselined: None,
        lost: report.unfollowed.len(),
        policy: facts.policy.to_owned(),
    }
}

fn hidden(report: &Report) -> Vec<Hidden> {
    let mut all: BTreeMap<_, Hidden> = BTreeMap::new();
    let findings = report.findings.iter().map(|it| (&it.suppressed, &it.vendor, it.category, &it.location));
    let collections = report.collections.iter().map(|it| (&it.suppressed, &it.vendor, Some(it.category), &it.location));
    for (suppressed, vendor, category, location) in findings.chain(collections) {
        let Some(suppressed) = suppressed else { continue };
        let key = (suppressed.kind, &suppressed.reason, vendor, category);
        let hidden = all.entry(key).or_insert_with(|| Hidden {
            kind: suppressed.kind,
            reason: suppressed.reason.clone(),
            vendor: vendor.clone(),
            category,
            findings: 0,
            places: Vec::new(),
        });
        hidden.findings += 1;
        let at = place(location);
        if hidden.places.len() < MAX_EXAMPLES && !hidden.places.contains(&at) {
            hidden.places.push(at);
        }
    }
    all.into_values().collect()
}
