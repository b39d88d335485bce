//! What line-based tools show: one remark per finding and per default collection, at one place each.

use std::collections::BTreeMap;

use super::{
    Names,
    model::{Collection, Finding, Location, Report},
    phrase, rules,
};
use crate::base::Severity;

/// Something to say about a place.
pub struct Remark<'a> {
    /// How grave.
    pub severity: Severity,
    /// Rule id.
    pub rule: String,
    /// Name of the vendor.
    pub vendor: &'a str,
    /// One sentence.
    pub message: String,
    /// Where the value is read and where it is sent, or what to do.
    pub detail: String,
    /// The place.
    pub location: &'a Location,
    /// Stays the same while lines move; unique within the report.
    pub fingerprint: String,
}

impl Remark<'_> {
    /// The message, after the vendor's name if it is about one.
    pub fn text(&self) -> String {
        if self.vendor.is_empty() { self.message.clone() } else { format!("{}: {}", self.vendor, self.message) }
    }

    /// The text and the detail, as sentences.
    pub fn sentences(&self) -> String {
        format!("{}. {}", self.text().trim_end_matches('.'), self.detail)
    }
}

/// The findings that are not hidden, then the default collections, each in the report's order.
pub fn remarks<'a>(report: &'a Report, names: &'a Names) -> Vec<Remark<'a>> {
    let findings = report.findings.iter().filter(|finding| finding.suppressed.is_none());
    let mut remarks: Vec<_> = findings.map(|it| finding(it, names)).collect();
    remarks.extend(report.collected().map(|it| collection(it, names)));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for remark in &mut remarks {
        let count = seen.entry(remark.fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 {
            remark.fingerprint = format!("{}:{count}", remark.fingerprint);
        }
    }
    remarks
}

/// Remarks by file, for formats that nest them.
pub fn by_file<'a>(remarks: &'a [Remark<'a>]) -> BTreeMap<&'a str, Vec<&'a Remark<'a>>> {
    let mut files: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for remark in remarks {
        files.entry(remark.location.file.as_str()).or_default().push(remark);
    }
    files
}

fn finding<'a>(finding: &'a Finding, names: &'a Names) -> Remark<'a> {
    let (origin, sink) = (&finding.origin, &finding.sink);
    let (read, sent) = (phrase::place(&origin.location), phrase::place(&sink.location));
    Remark {
        severity: finding.severity,
        rule: finding.rule.to_string(),
        vendor: names.name(&finding.vendor),
        message: finding.message.clone(),
        detail: if finding.path.is_empty() {
            rules::rule(&finding.rule).instead.concat()
        } else {
            format!("Read at {read}: {}. Sent at {sent}: {} ({}).", origin.expression, sink.call, sink.argument)
        },
        location: &finding.location,
        fingerprint: finding.fingerprint.clone(),
    }
}

fn collection<'a>(collection: &'a Collection, names: &'a Names) -> Remark<'a> {
    Remark {
        severity: collection.severity,
        rule: phrase::ambient_rule(collection),
        vendor: names.name(&collection.vendor),
        message: format!("Collected by default ({}): {}", phrase::collected(collection), collection.what),
        detail: collection.advice.clone(),
        location: &collection.location,
        fingerprint: phrase::collection_fingerprint(collection),
    }
}
