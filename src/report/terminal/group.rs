//! Findings that are one story: one vendor, one place, one merged path.

use std::collections::BTreeMap;

use crate::report::{
    Names,
    model::{Finding, Hop, Location, Role},
    phrase,
};

/// Stops beyond this many are cut from the middle of a merged path; all of them are in the JSON.
const MAX_STOPS: usize = 24;

/// Findings of one vendor at one place.
pub struct Group<'a> {
    /// The apex that they share.
    pub place: &'a Location,
    /// At least one.
    pub findings: Vec<&'a Finding>,
}

/// A place on the merged path of a group.
pub struct Stop {
    /// The place.
    pub location: Location,
    /// What happens there, numbered where the path has several stops.
    pub label: String,
}

/// The findings that are not hidden, by file, place and vendor.
pub fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(&Location, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.suppressed.is_none()) {
        groups.entry((&finding.location, &finding.vendor)).or_default().push(finding);
    }
    groups.into_iter().map(|((place, _), findings)| Group { place, findings }).collect()
}

impl<'a> Group<'a> {
    /// The file that the group's place stands in.
    pub fn file(&self) -> &'a str {
        &self.place.file
    }

    /// The merged path, in the order in which the values travel.
    pub fn stops(&self, names: &Names) -> Vec<Stop> {
        let mut merged: Vec<(&Location, Vec<String>)> = Vec::new();
        for finding in &self.findings {
            let mut next = 0;
            for hop in &finding.path {
                let label = label(finding, hop, names);
                if let Some(at) = merged.iter().position(|(location, _)| **location == hop.location) {
                    merged[at].1.push(label);
                    next = at + 1;
                } else {
                    merged.insert(next, (&hop.location, vec![label]));
                    next += 1;
                }
            }
        }
        if !merged.iter().any(|(location, _)| *location == self.place) {
            let last = merged.len().saturating_sub(1);
            merged.insert(last, (self.place, vec!["leaves here".to_owned()]));
        }
        numbered(shortened(merged))
    }
}

/// What to write at a hop. An origin always says its category: it is what tells the labels of a group apart.
fn label(finding: &Finding, hop: &Hop, names: &Names) -> String {
    let category = finding.category.map_or("", |category| category.title());
    match hop.role {
        Role::Origin if hop.label.is_empty() => category.to_owned(),
        Role::Origin if !category.is_empty() && !hop.label.contains(category) => format!("{category}: {}", hop.label),
        Role::Sink if hop.label.is_empty() => {
            format!("{} gets it as {}", names.name(&finding.vendor), finding.sink.argument)
        }
        _ => hop.label.clone(),
    }
}

/// Drops the middle of a path that is too long to read.
fn shortened(mut stops: Vec<(&Location, Vec<String>)>) -> Vec<(&Location, Vec<String>)> {
    if let Some(excess) = stops.len().checked_sub(MAX_STOPS).filter(|excess| *excess > 0) {
        let from = MAX_STOPS / 2;
        stops.drain(from..from + excess);
        let note = format!("({} before this one left out: see --format json)", phrase::count(excess, "hop"));
        stops[from].1.push(note);
    }
    stops
}

fn numbered(stops: Vec<(&Location, Vec<String>)>) -> Vec<Stop> {
    let several = stops.len() > 1;
    let numbered = stops.into_iter().enumerate().map(|(at, (location, labels))| {
        let text = phrase::unique(labels).join("; ");
        let label = if several { format!("{}. {text}", at + 1) } else { text };
        Stop { location: location.clone(), label }
    });
    numbered.collect()
}
