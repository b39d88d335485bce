//! `overshare explain`: a page about a rule, a vendor or a data category.
//!
//! A page is made from the catalogue and the rules' own texts, so that it cannot say anything else than what the
//! analysis does. The vendors' pages are kept in `docs/vendors/`; a test holds them to this text.

mod meaning;
mod page;
mod vendor;

use super::error::{CliError, suggestion};
use crate::{
    base::Category,
    catalog::{Catalog, Marks, Source, format::Vendor},
    report::rules::{Rule, ids, rule},
};

pub use page::{Block, Page};

/// The page about `topic`: the id of a rule, vendor or category, or what a vendor is recognised by: its name, a
/// package, a global variable, a script, a host.
///
/// # Errors
/// When there is no such thing, with the one that is most like it.
pub fn explain(catalog: &Catalog, topic: &str) -> Result<Page, CliError> {
    let wanted = topic.trim().to_lowercase();
    if let Ok(category) = wanted.parse() {
        return Ok(of_category(catalog, category));
    }
    if ids().contains(&wanted) {
        return Ok(of_rule(&rule(&wanted)));
    }
    vendor_meant(catalog, &wanted).and_then(|id| vendor::page(catalog, id)).ok_or_else(|| unknown(catalog, topic))
}

/// The pages of all vendors with their descriptions, by id.
#[must_use]
pub fn vendors(catalog: &Catalog) -> Vec<(&Vendor, Page)> {
    let known = catalog.sources().iter().filter_map(|source| source.vendor.as_ref());
    let mut pages: Vec<_> = known.filter_map(|vendor| Some((vendor, vendor::page(catalog, &vendor.id)?))).collect();
    pages.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    pages
}

/// What a vendor is used for, in words.
#[must_use]
pub fn kind(vendor: &Vendor) -> String {
    meaning::kind(vendor.kind)
}

fn vendor_meant<'a>(catalog: &'a Catalog, wanted: &str) -> Option<&'a str> {
    let is_named = |vendor: &Vendor| vendor.id == wanted || vendor.name.to_lowercase() == wanted;
    let vendors = || catalog.sources().iter().filter_map(|source| Some((source, source.vendor.as_ref()?)));
    let is_recognised = |source: &Source| {
        let Marks { packages, globals, scripts, hosts } = &source.marks;
        [packages, globals, scripts, hosts].into_iter().flatten().any(|mark| mark.eq_ignore_ascii_case(wanted))
    };
    let named = vendors().find(|(_, vendor)| is_named(vendor));
    let found = named.or_else(|| vendors().find(|(source, _)| is_recognised(source)));
    found.map(|(_, vendor)| vendor.id.as_str())
}

fn unknown(catalog: &Catalog, topic: &str) -> CliError {
    let rules = ids();
    let vendors = catalog.sources().iter().filter_map(|source| source.vendor.as_ref()).map(|vendor| vendor.id.as_str());
    let known =
        Category::ALL.iter().map(|category| category.id()).chain(vendors).chain(rules.iter().map(String::as_str));
    let help = suggestion(
        topic,
        known,
        "name a rule (`leak/email`), a vendor (`overshare vendors`) or a data category (`email`)",
    );
    CliError::Unknown { what: "rule, vendor or data category", name: topic.to_owned(), help }
}

fn of_rule(rule: &Rule) -> Page {
    let severity = format!("Severity: {}, unless the project's policy says otherwise.", rule.severity);
    let mut blocks = vec![Block::Text(rule.about.clone()), Block::Text(severity)];
    blocks.extend(reasons(rule));
    Page { title: format!("{}: {}", rule.id, rule.title), blocks }
}

fn reasons(rule: &Rule) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !rule.why.is_empty() {
        blocks.extend([Block::Section("Why it matters".to_owned()), Block::Text(rule.why.to_owned())]);
    }
    if !rule.instead.is_empty() {
        let instead = rule.instead.iter().map(|text| (*text).to_owned()).collect();
        blocks.extend([Block::Section("What to do instead".to_owned()), Block::List(instead)]);
    }
    blocks
}

fn of_category(catalog: &Catalog, category: Category) -> Page {
    let leak = rule(&format!("leak/{category}"));
    let group = format!(
        "It belongs to the {} identifiers; a finding of it is of severity {}.",
        category.group().id(),
        leak.severity
    );
    let mut blocks = vec![Block::Text(category.counts().to_owned()), Block::Text(group)];
    blocks.extend(reasons(&leak));
    let collects = |source: &Source| source.details().collects.iter().any(|it| it.categories.contains(&category));
    let sources = catalog.sources().iter().filter(|source| collects(source));
    let mut ids: Vec<_> = sources.filter_map(|source| Some(format!("`{}`", source.vendor.as_ref()?.id))).collect();
    ids.sort();
    if !ids.is_empty() {
        let text = format!("{}. `overshare explain VENDOR` tells how to turn it off.", ids.join(", "));
        blocks.extend([Block::Section("Vendors that collect it by default".to_owned()), Block::Text(text)]);
    }
    Page { title: format!("{category}: {}", category.title()), blocks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_vendor_and_category_has_a_page() {
        let catalog = Catalog::embedded().unwrap();
        let topics = Category::ALL.iter().map(ToString::to_string).chain(ids());
        for topic in topics {
            let page = explain(&catalog, &topic).unwrap();
            assert!(page.title.starts_with(&topic), "{topic}");
            assert!(page.blocks.len() > 2, "{topic}");
        }
        for (vendor, page) in vendors(&catalog) {
            assert_eq!(explain(&catalog, &vendor.name.to_uppercase()).unwrap(), page);
        }
    }

    #[test]
    fn a_vendor_is_found_by_what_stands_in_code() {
        let catalog = Catalog::embedded().unwrap();
        for (mark, name) in [("posthog-js", "PostHog"), ("fbq", "Meta Pixel"), ("api.mixpanel.com", "Mixpanel")] {
            assert_eq!(explain(&catalog, mark).unwrap().title, name);
        }
    }

    #[test]
    fn the_nearest_topic_is_suggested() {
        let catalog = Catalog::embedded().unwrap();
        let check = |topic: &str, expect: &str| {
            let help = explain(&catalog, topic).unwrap_err().help().unwrap();
            assert!(help.contains(expect), "{topic}: {help}");
        };
        check("leak/emial", "did you mean `leak/email`?");
        check("", "name a rule");
    }
}
