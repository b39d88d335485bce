//! Flat tables: one row for each finding, default collection and vendor, ready for a database.
//!
//! Every row names its repository and nests nothing, so that the tables of many repositories are one table.

use serde::Serialize;

use super::model::{Ambient, Flow, Recipient, Review};
use crate::{
    base::{Category, Group, Severity},
    report::model::Confidence,
};

/// A row of `findings`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the columns of the documentation")]
pub struct FindingRow<'a> {
    pub repository: &'a str,
    pub vendor: &'a str,
    pub category: Category,
    pub category_group: Group,
    pub severity: Severity,
    pub confidence: Confidence,
    pub app: &'a str,
    pub person: &'a str,
    pub expression: &'a str,
    pub file: &'a str,
    pub line: u32,
    pub origin_file: &'a str,
    pub origin_line: u32,
    pub call: &'a str,
    pub argument: &'a str,
    pub hops: usize,
    pub fingerprint: &'a str,
}

/// A row of `collections`: one for each category.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the columns of the documentation")]
pub struct CollectionRow<'a> {
    pub repository: &'a str,
    pub vendor: &'a str,
    pub category: Category,
    pub kind: &'a str,
    pub severity: Severity,
    pub app: &'a str,
    pub file: &'a str,
    pub line: u32,
    pub setting: &'a str,
    pub what: &'a str,
    pub advice: &'a str,
}

/// A row of `vendors`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the columns of the documentation")]
pub struct VendorRow<'a> {
    pub repository: &'a str,
    pub vendor: &'a str,
    pub name: &'a str,
    pub kind: String,
    pub company: &'a str,
    pub country: &'a str,
    pub flows: usize,
    pub direct: bool,
    pub loaded: &'a str,
    pub unfollowed: usize,
}

/// Rows of `findings`.
pub fn findings<'a>(repository: &'a str, review: &'a Review) -> impl Iterator<Item = FindingRow<'a>> {
    review.flows.iter().map(move |flow| finding(repository, flow))
}

fn finding<'a>(repository: &'a str, flow: &'a Flow) -> FindingRow<'a> {
    let origin = flow.path.first().map_or(&flow.apex, |stop| &stop.place);
    FindingRow {
        repository,
        vendor: &flow.vendor,
        category: flow.category,
        category_group: flow.category.group(),
        severity: flow.severity,
        confidence: flow.confidence,
        app: &flow.app,
        person: &flow.person,
        expression: &flow.expression,
        file: &flow.apex.file,
        line: flow.apex.line,
        origin_file: &origin.file,
        origin_line: origin.line,
        call: &flow.call,
        argument: &flow.argument,
        hops: flow.path.len(),
        fingerprint: &flow.fingerprint,
    }
}

/// Rows of `collections`.
pub fn collections<'a>(repository: &'a str, review: &'a Review) -> impl Iterator<Item = CollectionRow<'a>> {
    let all = review.vendors.iter().flat_map(|vendor| vendor.defaults.iter().map(move |it| (vendor, it)));
    all.flat_map(move |(vendor, it)| {
        it.categories.iter().map(move |&category| collection(repository, vendor, it, category))
    })
}

fn collection<'a>(
    repository: &'a str,
    vendor: &'a Recipient,
    it: &'a Ambient,
    category: Category,
) -> CollectionRow<'a> {
    CollectionRow {
        repository,
        vendor: &vendor.id,
        category,
        kind: &it.kind,
        severity: it.severity,
        app: &it.app,
        file: &it.place.file,
        line: it.place.line,
        setting: it.setting.as_deref().unwrap_or_default(),
        what: &it.what,
        advice: &it.advice,
    }
}

/// Rows of `vendors`.
pub fn vendors<'a>(repository: &'a str, review: &'a Review) -> impl Iterator<Item = VendorRow<'a>> {
    review.vendors.iter().map(move |vendor| VendorRow {
        repository,
        vendor: &vendor.id,
        name: &vendor.name,
        kind: vendor.facts.as_ref().map(|facts| facts.kind.to_string()).unwrap_or_default(),
        company: vendor.facts.as_ref().map_or("", |facts| &facts.company),
        country: vendor.facts.as_ref().map_or("", |facts| &facts.country),
        flows: vendor.flows,
        direct: vendor.direct,
        loaded: vendor.loaded.first().map_or("", |(kind, _)| kind),
        unfollowed: vendor.lost.len(),
    })
}
