//! Findings that are one story: one place, the same values, one merged path, whoever gets them.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::{
    Names,
    model::{Finding, Hop, Location, Role},
    phrase,
};
use crate::base::{Category, Severity};

/// Stops beyond this many are cut from the middle of a merged path; all of them are in the JSON.
const MAX_STOPS: usize = 24;

/// Findings of one place whose values go to the same vendors.
pub struct Group<'a> {
    /// The apex that they share.
    pub place: &'a Location,
    /// At least one; in the order in which their values are read.
    pub findings: Vec<&'a Finding>,
}

/// A place on the merged path of a group.
pub struct Stop {
    /// The place.
    pub location: Location,
    /// What happens there, numbered where the path has several stops.
    pub label: String,
}

/// What makes vendors share a diagnostic: they get the same categories from the same origins.
type Values<'a> = Vec<(&'a Location, Option<Category>)>;

/// The findings that are not hidden, by file and place; vendors that get the same values are one group.
pub fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut places: BTreeMap<&Location, BTreeMap<&str, Vec<&Finding>>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.suppressed.is_none()) {
        places.entry(&finding.location).or_default().entry(&finding.vendor).or_default().push(finding);
    }
    places.into_iter().flat_map(|(place, vendors)| at_place(place, vendors.into_values())).collect()
}

fn at_place<'a>(place: &'a Location, vendors: impl Iterator<Item = Vec<&'a Finding>>) -> Vec<Group<'a>> {
    let mut groups: IndexMap<Values<'_>, Vec<&Finding>> = IndexMap::new();
    for mut findings in vendors {
        findings.sort_by_key(|finding| (&finding.origin.location, finding.category));
        let values = findings.iter().map(|finding| (&finding.origin.location, finding.category)).collect();
        groups.entry(values).or_default().append(&mut findings);
    }
    groups.into_values().map(|findings| Group { place, findings }).collect()
}

impl<'a> Group<'a> {
    /// The file that the group's place stands in.
    pub fn file(&self) -> &'a str {
        &self.place.file
    }

    /// The gravest severity.
    pub fn severity(&self) -> Severity {
        self.findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Note)
    }

    /// What to write at the place, where no hop stands there.
    fn place_label(&self) -> &'static str {
        let is = |family: &str| self.findings.iter().all(|finding| finding.rule.starts_with(family));
        if is("suppression/") {
            "this comment"
        } else if is("vendor/") {
            "used here"
        } else {
            "leaves here"
        }
    }

    /// The merged path, in the order in which the values travel.
    pub fn stops(&self, names: &Names) -> Vec<Stop> {
        let mut merged = Vec::new();
        for finding in &self.findings {
            merge(&mut merged, finding, names);
        }
        if !merged.iter().any(|(location, _)| *location == self.place) {
            let last = merged.len().saturating_sub(1);
            merged.insert(last, (self.place, vec![self.place_label().to_owned()]));
        }
        numbered(shortened(merged))
    }
}

/// A place and what its findings say of it.
type Merged<'a> = (&'a Location, Vec<String>);

/// Adds a finding's path to those merged before it: its own hops go right before the first hop that they share.
fn merge<'a>(merged: &mut Vec<Merged<'a>>, finding: &'a Finding, names: &Names) {
    let mut own = Vec::new();
    for hop in &finding.path {
        let label = label(finding, hop, names);
        let Some(mut at) = merged.iter().position(|(location, _)| **location == hop.location) else {
            own.push((&hop.location, vec![label]));
            continue;
        };
        if !own.is_empty() {
            let count = own.len();
            merged.splice(at..at, own.drain(..));
            at += count;
        }
        merged[at].1.push(label);
    }
    merged.append(&mut own);
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
fn shortened(mut stops: Vec<Merged<'_>>) -> Vec<Merged<'_>> {
    if let Some(excess) = stops.len().checked_sub(MAX_STOPS).filter(|excess| *excess > 0) {
        let from = MAX_STOPS / 2;
        stops.drain(from..from + excess);
        let note = format!("({} before this one left out: see --format json)", phrase::count(excess, "hop"));
        stops[from].1.push(note);
    }
    stops
}

fn numbered(stops: Vec<Merged<'_>>) -> Vec<Stop> {
    let several = stops.len() > 1;
    let numbered = stops.into_iter().enumerate().map(|(at, (location, labels))| {
        let text = phrase::unique(labels).join("; ");
        let label = if several { format!("{}. {text}", at + 1) } else { text };
        Stop { location: location.clone(), label }
    });
    numbered.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::sample;

    fn place(line: u32) -> Location {
        Location { file: "a.js".into(), line, column: 1, end_line: line, end_column: 2 }
    }

    /// Findings given as vendor, category and the lines of their paths; the apex is the last but one.
    fn check(findings: &[(&str, Category, &[u32])], expected: &[(usize, &[u32])]) {
        let finding = |(vendor, category, lines): &(&str, Category, &[u32])| {
            let last = lines.len() - 1;
            let role = |at| if at == 0 { Role::Origin } else { Role::Step };
            let hop = |(at, line): (usize, &u32)| Hop { location: place(*line), role: role(at), label: "x".into() };
            let path: Vec<_> = lines.iter().enumerate().map(hop).collect();
            let location = path[last - 1].location.clone();
            Finding { location, ..sample::finding(vendor, *category, "x", path) }
        };
        let findings: Vec<_> = findings.iter().map(finding).collect();
        let groups = groups(&findings);
        let lines = |group: &Group<'_>| {
            let stops = group.stops(&sample::names());
            (group.findings.len(), stops.iter().map(|stop| stop.location.line).collect::<Vec<_>>())
        };
        let expected: Vec<_> = expected.iter().map(|(n, lines)| (*n, lines.to_vec())).collect();
        assert_eq!(groups.iter().map(lines).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn one_place_is_one_group() {
        use Category::{Email, Name};
        check(&[("acme", Email, &[1, 5, 9])], &[(1, &[1, 5, 9])]);
        check(&[("acme", Email, &[1, 5, 9]), ("acme", Name, &[2, 3, 5, 9])], &[(2, &[1, 2, 3, 5, 9])]);
        check(&[("acme", Email, &[1, 5, 9]), ("zeta", Email, &[1, 5, 8])], &[(2, &[1, 5, 9, 8])]);
        check(&[("acme", Email, &[1, 5, 9]), ("zeta", Name, &[1, 5, 8])], &[(1, &[1, 5, 9]), (1, &[1, 5, 8])]);
        check(&[("acme", Email, &[1, 5, 9]), ("acme", Email, &[1, 6, 9])], &[(1, &[1, 5, 9]), (1, &[1, 6, 9])]);
    }

    #[test]
    fn long_paths_lose_their_middle() {
        let path: Vec<u32> = (1..=100).collect();
        let kept: Vec<u32> = (1..=12).chain(89..=100).collect();
        check(&[("acme", Category::Email, &path)], &[(1, &kept)]);
    }
}
