//! Small pieces of English: counts, lists, and the sentence that says what goes where.

use std::collections::BTreeMap;

use super::{
    Names,
    model::{Collection, Finding, Gone, Location, Problem, Report, SuppressionKind},
};
use crate::base::{Category, Severity};

/// `1 finding`, `2 findings`.
#[must_use]
pub fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<_> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}

/// The titles of categories, as [`list`]; a comma keeps `browser and device` together.
#[must_use]
pub fn titles(categories: &[Category]) -> String {
    let titles: Vec<_> = categories.iter().map(|category| category.title()).collect();
    match titles.as_slice() {
        [most @ .., last] if !most.is_empty() && titles.iter().any(|title| title.contains(" and ")) => {
            format!("{}, and {last}", most.join(", "))
        }
        all => list(all),
    }
}

/// `text` with a capital.
pub fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Items in their order, each once.
pub fn unique<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = Vec::new();
    for item in items {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    seen
}

/// What is sent to whom, for findings of one place: "E-mail address and name go to Mixpanel".
#[must_use]
pub fn headline(findings: &[&Finding], names: &Names) -> String {
    let categories: Vec<Category> = unique(findings.iter().filter_map(|finding| finding.category));
    if categories.is_empty() || !findings.iter().all(|finding| finding.rule.starts_with("leak/")) {
        return list(&unique(findings.iter().map(|finding| finding.message.trim_end_matches('.'))));
    }
    let titles: Vec<_> = categories.iter().map(|category| category.title()).collect();
    let verb = if titles.len() == 1 { "goes" } else { "go" };
    let vendors = unique(findings.iter().map(|finding| names.name(&finding.vendor)));
    format!("{} {verb} to {}", sentence(&list(&titles)), list(&vendors))
}

/// `src/app.ts:3:5`
#[must_use]
pub fn place(location: &Location) -> String {
    format!("{}:{}:{}", location.file, location.line, location.column)
}

/// Starts the part of a collection's sentence that is about one project: where it identifies its users.
pub const PERSONAL_HERE: &str = " Personal here:";

/// A collection's sentence in general, and what makes it personal in this project: `the user is identified at a.ts:3`.
#[must_use]
pub fn collection_parts(what: &str) -> (&str, Option<&str>) {
    match what.split_once(PERSONAL_HERE) {
        Some((general, here)) => (general, Some(here.trim().trim_end_matches('.'))),
        None => (what, None),
    }
}

/// The rule id of something collected by default.
#[must_use]
pub fn ambient_rule(collection: &Collection) -> String {
    match collection.kind.as_str() {
        "default" => format!("ambient/{}", collection.category),
        kind => format!("ambient/{kind}"),
    }
}

/// What is collected, in a word or two: the data, or the way for what records whatever is on the screen.
#[must_use]
pub fn collected(collection: &Collection) -> &str {
    match collection.kind.as_str() {
        "autocapture" => "clicks and inputs",
        "session-replay" => "screen recording",
        _ => collection.category.title(),
    }
}

/// Stays the same while lines move: made of what is collected, by whom and in which file.
#[must_use]
pub fn collection_fingerprint(collection: &Collection) -> String {
    let Collection { vendor, category, kind, location, .. } = collection;
    let key = format!("{vendor}\0{category}\0{kind}\0{}", location.file);
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(key.as_bytes()))
}

/// A problem's kind and detail: `skipped: larger than 2 MiB` is `skipped` and `larger than 2 MiB`.
#[must_use]
pub fn problem_parts(problem: &Problem) -> (&str, &str) {
    problem.message.split_once(": ").unwrap_or(("note", &problem.message))
}

/// How much is hidden, and by what; none if nothing is.
#[must_use]
pub fn hidden(report: &Report) -> Option<String> {
    let mut kinds: BTreeMap<_, [usize; 2]> = BTreeMap::new();
    let findings = report.findings.iter().filter_map(|it| Some((it.suppressed.as_ref()?.kind, 0)));
    let collections = report.collections.iter().filter_map(|it| Some((it.suppressed.as_ref()?.kind, 1)));
    for (kind, what) in findings.chain(collections) {
        kinds.entry(kind).or_default()[what] += 1;
    }
    let part = |(kind, [findings, collections]): (&SuppressionKind, &[usize; 2])| {
        let what = [(*findings, "finding"), (*collections, "default collection")];
        let what: Vec<_> = what.into_iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(n, noun)).collect();
        format!("{} by {}", list(&what), suppressor(*kind))
    };
    let parts: Vec<_> = kinds.iter().map(part).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What a change takes away: what it is, and where it was.
#[must_use]
pub fn gone(gone: &Gone, names: &Names) -> Vec<(String, Option<String>)> {
    let findings = gone.findings.iter().map(|it| (format!("{} [{}]", it.message, it.rule), Some(place(&it.location))));
    let collections = gone.collections.iter().map(|it| {
        let what = format!("{}, collected by default by {}", sentence(collected(it)), names.name(&it.vendor));
        (what, Some(place(&it.location)))
    });
    let vendors = gone.vendors.iter().map(|id| (format!("{} is no longer used", names.name(id)), None));
    findings.chain(collections).chain(vendors).collect()
}

/// What hides a finding, in words.
#[must_use]
pub fn suppressor(kind: SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Inline => "comments",
        SuppressionKind::Config => "the configuration",
        SuppressionKind::Baseline => "the baseline",
    }
}

/// How many findings there are of each severity: errors, warnings, notes.
pub fn severities<'a>(findings: impl Iterator<Item = &'a Finding>) -> [(usize, &'static str); 3] {
    let mut counts = [(0, "error"), (0, "warning"), (0, "note")];
    for finding in findings {
        counts[match finding.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        }]
        .0 += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english() {
        assert_eq!((count(1, "error"), count(0, "error")), ("1 error".into(), "0 errors".into()));
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(sentence("état"), "État");
        assert_eq!(unique([1, 2, 1]), [1, 2]);
    }
}
