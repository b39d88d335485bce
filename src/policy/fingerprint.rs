//! Fingerprints: what makes a finding the same finding after edits elsewhere in the file.

use xxhash_rust::xxh3::Xxh3;

use super::place::Places;
use crate::{
    report::model::{Evidence, Finding, Origin},
    trace::flow::Flow,
};

/// Vendor, category, sink, origin expression, enclosing function and file; no lines, no columns, no formatting.
pub(super) fn of(places: &Places<'_>, vendor: &str, flow: &Flow, origin: &Origin) -> String {
    let function = places.project.function(flow.function);
    let file = places.project.unit(flow.apex.file).map_or("", |unit| unit.name.as_str());
    let name = function.name.as_deref().unwrap_or_default();
    digest(&[
        vendor,
        flow.category.id(),
        &bare(&flow.sink.call),
        &bare(&origin.expression),
        name,
        file,
        &origin.location.file,
    ])
}

/// Rule, vendor, kind of evidence and file: for findings that are about a vendor and not about a flow.
pub(super) fn of_presence(rule: &str, vendor: &str, evidence: &Evidence) -> String {
    digest(&[rule, vendor, &evidence.kind, &evidence.location.file])
}

/// Rule, file, and what a comment says: for findings that are about a comment.
pub(super) fn of_comment(rule: &str, file: &str, targets: &str, message: &str) -> String {
    digest(&[rule, file, targets, message])
}

/// Code without what a formatter may change: white space, the kind of quotes, commas and brackets at ends.
pub(super) fn bare(code: &str) -> String {
    let letters = code.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | ';'));
    let text: String = letters.map(|c| if matches!(c, '\'' | '`') { '"' } else { c }).collect();
    text.replace(",]", "]").replace(",}", "}").trim_end_matches(',').to_owned()
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Xxh3::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update(&[0]);
    }
    format!("{:032x}", hash.digest128())
}

/// Sink, argument and origin of a flow, without the names of files and functions.
pub(super) fn wherever(finding: &Finding) -> String {
    let digest = digest(&[&bare(&finding.sink.call), &finding.sink.argument, &bare(&finding.origin.expression)]);
    digest[..16].to_owned()
}
