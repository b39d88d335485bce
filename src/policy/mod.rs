//! Policy: from flows to findings. Severity, confidence, messages and fingerprints are decided here and nowhere else.

mod ambient;
mod apply;
pub mod baseline;
pub mod compare;
pub mod config;
pub mod filter;
mod fingerprint;
pub mod ignore;
mod onward;
mod place;
pub mod start;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::{
    base::Category,
    catalog::{Catalog, words::Words},
    link::project::{FunctionAt, Project},
    report::model::{Confidence, Finding, Forward, Hop, Origin, Report, Role, Sink, Unfollowed, Wrapper},
    trace::flow::{Basis, Flow, Found},
};

pub use apply::{Standing, apply, weigh};
use place::Places;

/// Turns what the engine found into the findings, wrappers and lost trails of a report.
pub fn judge(project: &Project, catalog: &Catalog, _words: &Words, found: &Found, report: &mut Report) {
    let places = Places::new(project);
    let mut findings: Vec<Finding> = found.flows.iter().map(|flow| finding(&places, catalog, flow)).collect();
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
    findings.dedup_by(|later, first| same(later, first));
    report.findings = findings;
    report.collections = ambient::collections(&places, catalog, found, &report.vendors);
    report.forwards = onward::forwards(&places, catalog, found, &report.vendors);
    report.wrappers = wrappers(&places, catalog, found, report);
    report.unfollowed = found
        .lost
        .iter()
        .map(|lost| Unfollowed {
            vendor: catalog.vendor_id(lost.vendor),
            location: places.location(lost.place),
            reason: lost.reason.to_owned(),
        })
        .collect();
    report.unfollowed.sort_by(|a, b| (&a.location, &a.vendor).cmp(&(&b.location, &b.vendor)));
    report.unfollowed.dedup();
}

/// Adds findings to a report that has some.
pub fn add(report: &mut Report, findings: Vec<Finding>) {
    report.findings.extend(findings);
    report.findings.sort_by(|a, b| key(a).cmp(&key(b)));
}

type Key<'f> = (&'f crate::report::model::Location, &'f SmolStr, Option<Category>, &'f crate::report::model::Location);

fn key(finding: &Finding) -> Key<'_> {
    (&finding.location, &finding.vendor, finding.category, &finding.origin.location)
}

/// The same data at the same call, by another signature or argument.
fn same(later: &Finding, first: &Finding) -> bool {
    key(later) == key(first) && later.sink.location == first.sink.location
}

fn finding(places: &Places<'_>, catalog: &Catalog, flow: &Flow) -> Finding {
    let vendor = catalog.vendor_id(flow.vendor);
    let name = catalog.vendor_named(&vendor).map_or_else(|| vendor.to_string(), |vendor| vendor.name.clone());
    let expression = places.expression(flow.origin);
    let origin = Origin { location: places.location(flow.origin), expression };
    let sink = Sink {
        location: places.location(flow.sink.place),
        call: flow.sink.call.clone(),
        argument: flow.sink.argument.clone(),
    };
    Finding {
        fingerprint: fingerprint::of(places, &vendor, flow, &origin),
        rule: format!("leak/{}", flow.category).into(),
        severity: flow.category.group().default_severity(),
        confidence: confidence(flow.basis),
        message: message(flow.category, &name),
        category: Some(flow.category),
        vendor,
        location: places.location(flow.apex),
        path: path(places, flow),
        origin,
        sink,
        suppressed: None,
    }
}

const fn confidence(basis: Basis) -> Confidence {
    match basis {
        Basis::Read => Confidence::High,
        Basis::Meaning | Basis::Key => Confidence::Medium,
        Basis::Name => Confidence::Low,
    }
}

fn message(category: Category, vendor: &str) -> String {
    let title = category.title();
    let mut letters = title.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{} goes to {vendor}", letters.as_str())
}

fn path(places: &Places<'_>, flow: &Flow) -> Vec<Hop> {
    let mut hops: Vec<Hop> = Vec::new();
    hops.push(Hop { location: places.location(flow.origin), role: Role::Origin, label: String::new() });
    for step in flow.steps.iter().skip(1) {
        hops.push(Hop { location: places.location(step.place), role: Role::Step, label: step.label.clone() });
    }
    hops.push(Hop { location: places.location(flow.sink.place), role: Role::Sink, label: String::new() });
    hops
}

fn wrappers(places: &Places<'_>, catalog: &Catalog, found: &Found, report: &Report) -> Vec<Wrapper> {
    let mut by_function: BTreeMap<FunctionAt, Wrapper> = BTreeMap::new();
    for wrapped in &found.wrapped {
        let function = places.project.function(wrapped.function);
        let Some(name) = function.name.clone() else { continue };
        let place = crate::trace::flow::Place { file: wrapped.function.file, span: function.name_span };
        let wrapper = by_function.entry(wrapped.function).or_insert_with(|| Wrapper {
            function: name.to_string(),
            location: places.location(place),
            vendors: Vec::new(),
            forwards: Vec::new(),
            callers: found.callers.get(&wrapped.function).copied().unwrap_or(0),
        });
        let vendor = catalog.vendor_id(wrapped.vendor);
        if !wrapper.vendors.contains(&vendor) {
            wrapper.vendors.push(vendor);
        }
        let parameter = places.parameter(wrapped.function, wrapped.parameter);
        let forward = Forward { parameter, path: wrapped.path.to_string().trim_start_matches('.').to_owned() };
        if !wrapper.forwards.contains(&forward) {
            wrapper.forwards.push(forward);
        }
    }
    let mut wrappers: Vec<Wrapper> = by_function.into_values().filter(|wrapper| wrapper.callers > 0).collect();
    for wrapper in &mut wrappers {
        wrapper.vendors.sort();
        wrapper.forwards.sort();
    }
    wrappers.sort_by(|a, b| (&a.location, &a.function).cmp(&(&b.location, &b.function)));
    let _ = report;
    wrappers
}
