//! The page of a vendor: who it is, how it is recognised, what its calls mean, what it collects unasked.

use std::{collections::BTreeSet, fmt::Write as _};

use smol_str::SmolStr;

use super::{
    meaning,
    page::{Block, Page},
};
use crate::catalog::{
    Catalog, CompiledApi, Source, VendorId,
    format::{CollectionKind, Collects, Entry, ForwardKind, Forwards, Vendor, Verified},
};

/// The page of the vendor with this id.
#[must_use]
pub fn page(catalog: &Catalog, id: &str) -> Option<Page> {
    let is_it = |source: &Source| source.vendor.as_ref().is_some_and(|vendor| vendor.id == id);
    let index = catalog.sources().iter().position(is_it)?;
    let source = &catalog.sources()[index];
    let vendor = source.vendor.as_ref()?;
    let mut blocks = vec![Block::List(about(vendor))];
    blocks.extend(recognised(source));
    blocks.extend(calls(catalog, VendorId(u32::try_from(index).ok()?), source));
    blocks.extend(collected(source));
    blocks.extend(forwarded(&source.details().forwards));
    blocks.extend(verified(&source.details().verified));
    Some(Page { title: vendor.name.clone(), blocks })
}

fn about(vendor: &Vendor) -> Vec<String> {
    let Vendor { id, kind, company, country, website, terms, personal_data, .. } = vendor;
    vec![
        format!("id: `{id}`"),
        format!("used for: {}", meaning::kind(*kind)),
        format!("company: {company} ({country})"),
        format!("website: {website}"),
        format!("personal data: {}; {terms}", meaning::personal_data(*personal_data)),
    ]
}

/// The marks by which its presence is seen.
fn recognised(source: &Source) -> Vec<Block> {
    let marks = &source.marks;
    let kinds = [
        ("npm packages", &marks.packages),
        ("global variables", &marks.globals),
        ("scripts", &marks.scripts),
        ("HTTP hosts", &marks.hosts),
    ];
    let told = |(kind, marks): (&str, &Vec<SmolStr>)| {
        let unique: BTreeSet<_> = marks.iter().collect();
        (!unique.is_empty()).then(|| format!("{kind}: {}", codes(unique)))
    };
    let items: Vec<_> = kinds.into_iter().filter_map(told).collect();
    if items.is_empty() {
        Vec::new()
    } else {
        vec![Block::Section("How it is recognised".to_owned()), Block::List(items)]
    }
}

fn codes<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    texts.into_iter().map(|text| format!("`{}`", text.as_ref())).collect::<Vec<_>>().join(", ")
}

/// For each object of the SDK the calls that hand data over, and what the vendor takes their arguments for.
fn calls(catalog: &Catalog, id: VendorId, source: &Source) -> Vec<Block> {
    let parts = catalog.apis(id).filter_map(|api| {
        let calls = calls_of(catalog, api);
        (!calls.is_empty()).then(|| {
            let (title, way) = (Block::Part(api.name.to_string()), entrance(api, &source.details().entries));
            [Some(title), way.map(Block::Text), Some(Block::Code(calls))]
        })
    });
    let parts: Vec<_> = parts.flatten().flatten().collect();
    if parts.is_empty() {
        return parts;
    }
    let legend = format!(
        "Each argument stands as what it tells; `{}` is not sent, or tells nothing of a person.",
        meaning::UNTOLD
    );
    let head = [Block::Section("What its calls mean".to_owned()), Block::Text(legend)];
    head.into_iter().chain(parts).collect()
}

fn calls_of(catalog: &Catalog, api: &CompiledApi) -> Vec<String> {
    let mut told = Vec::new();
    for (path, signatures) in catalog.calls(api) {
        told.extend(signatures.into_iter().filter_map(|signature| meaning::call(path, signature)));
    }
    told.extend(api.assigned().filter_map(|(path, value)| Some(format!("{path} = {}", meaning::meaning(value)?))));
    told.dedup();
    told
}

/// How a program gets the object, where it does so directly.
fn entrance(api: &CompiledApi, entries: &[Entry]) -> Option<String> {
    let own = entries.iter().filter(|entry| entry.api.as_deref() == Some(api.name.as_str()));
    let ways = own.flat_map(|entry| entry.packages.iter().chain(&entry.globals));
    let ways: BTreeSet<_> = ways.filter(|way| !way.ends_with("/*")).collect();
    (!ways.is_empty()).then(|| format!("By {}.", codes(ways)))
}

fn collected(source: &Source) -> Vec<Block> {
    let mut blocks = vec![Block::Section("What it collects by default".to_owned())];
    if source.details().collects.is_empty() {
        blocks.push(Block::Text("Nothing is known.".to_owned()));
    }
    for kind in [CollectionKind::Default, CollectionKind::Autocapture, CollectionKind::SessionReplay] {
        let items: Vec<_> = source.details().collects.iter().filter(|it| it.kind == kind).map(collection).collect();
        if !items.is_empty() {
            blocks.push(Block::Part(meaning::collection(kind).to_owned()));
            blocks.push(Block::List(items));
        }
    }
    blocks
}

fn collection(collects: &Collects) -> String {
    let titles: Vec<_> = collects.categories.iter().map(|category| category.title()).collect();
    let mut text = format!("{}: {}", titles.join(", "), collects.what);
    if collects.pages {
        text.push_str(" What the address or the title of a page says of a person goes with it.");
    }
    for (lead, conditions, joint) in [
        ("Collected when", &collects.when, " and "),
        ("Not collected when", &collects.unless, ", or "),
        ("Masked when", &collects.masked, ", or "),
    ] {
        if !conditions.is_empty() {
            let _ = write!(text, " {lead} {}.", meaning::conditions(conditions, joint));
        }
    }
    let apis = if collects.apis.is_empty() { String::new() } else { format!(" Objects: {}.", codes(&collects.apis)) };
    format!("{text} To change it: {}{apis} Source: {}.", collects.advice, evidence(&collects.evidence))
}

fn evidence(evidence: &str) -> String {
    if evidence.starts_with("https://") { evidence.to_owned() } else { format!("`{evidence}`") }
}

fn forwarded(forwards: &[Forwards]) -> Vec<Block> {
    if forwards.is_empty() {
        return Vec::new();
    }
    vec![Block::Section("Where it sends data on to".to_owned()), Block::List(forwards.iter().map(forward).collect())]
}

fn forward(forward: &Forwards) -> String {
    let place = match (forward.kind, &forward.setting) {
        (ForwardKind::Remote, _) => " The code does not show where to.".to_owned(),
        (ForwardKind::Setting, Some(setting)) => format!(" Named in the code, in `{setting}`."),
        (ForwardKind::Setting, None) => " Named in the code.".to_owned(),
    };
    let known: BTreeSet<_> = forward.destinations.values().collect();
    let known = if known.is_empty() { String::new() } else { format!(" Known destinations: {}.", codes(known)) };
    format!("{}{place}{known} Source: {}.", forward.what, evidence(&forward.evidence))
}

fn verified(verified: &[Verified]) -> Vec<Block> {
    let items: Vec<_> = verified.iter().filter_map(read_in).collect();
    if items.is_empty() {
        Vec::new()
    } else {
        vec![Block::Section("Where this was read".to_owned()), Block::List(items)]
    }
}

fn read_in(verified: &Verified) -> Option<String> {
    match (&verified.package, &verified.version, &verified.url) {
        (Some(package), Some(version), _) => Some(format!("`{package}` {version}")),
        (Some(package), None, _) => Some(format!("`{package}`")),
        (None, _, Some(url)) => Some(url.clone()),
        (None, _, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: &str = r#"
        [vendor]
        id = "acme"
        name = "Acme"
        kind = "cdp"
        company = "Acme, Inc."
        country = "US"
        website = "https://acme.example"
        terms = "https://acme.example/dpa"
        personal-data = "restricted"
        [[verified]]
        package = "acme-js"
        version = "1.2.3"
        [[entry]]
        packages = ["acme-js", "acme-js/*"]
        exports = ["default"]
        api = "browser"
        [[entry]]
        globals = ["acme"]
        api = "browser"
        [api.browser.calls]
        init = { args = ["ignore", "settings"], init = true }
        identify = { args = ["user-id", "traits"] }
        set = [{ args = ["traits"] }, { args = ["key", "trait-value"] }]
        [api.browser.assigns]
        user = "traits"
        [[collects]]
        kind = "default"
        categories = ["ip-address", "location"]
        apis = ["browser"]
        what = "The address of every request."
        unless = [{ setting = "ip", is = [false] }]
        advice = "Pass `ip: false`."
        evidence = "acme-js@1.2.3 config.js"
        [[forwards]]
        kind = "setting"
        setting = "to"
        destinations = { "Zeta" = "zeta" }
        what = "Events go on."
        evidence = "https://acme.example/to"
    "#;

    #[test]
    fn everything_that_the_file_says_is_told() {
        let mut catalog = Catalog::default();
        catalog.add("acme.toml", ACME).unwrap();
        insta::assert_snapshot!(page(&catalog, "acme").unwrap().markdown());
        assert_eq!(page(&catalog, "other"), None);
    }
}
