//! What is collected by default, as the report says it: at which initialisation, how grave, and what would turn it off.

use std::fmt::Write as _;

use std::collections::{BTreeMap, BTreeSet};

use super::place::Places;
use crate::{
    base::{Category, Severity},
    catalog::{
        Catalog, Source, VendorId,
        format::{CollectionKind, Collects},
    },
    report::{
        model::{Collection, Evidence, Location, VendorPresence},
        phrase::PERSONAL_HERE,
    },
    trace::{ambient::Started, flow::Found},
};

/// What SDKs collect without a line that asks for it, sorted by place.
pub(super) fn collections(
    places: &Places<'_>,
    catalog: &Catalog,
    found: &Found,
    vendors: &[VendorPresence],
) -> Vec<Collection> {
    let known = identified(places, found);
    let mut collections = Vec::new();
    for Started { place, vendor, collects, masked } in &found.started {
        let Some(entry) = catalog.sources()[vendor.0 as usize].details().collects.get(*collects) else { continue };
        let start = Start { vendor: *vendor, location: places.location(*place), masked: *masked };
        collections.extend(start.collections(catalog, entry, known.get(vendor)));
    }
    let started: BTreeSet<VendorId> = found.started.iter().map(|started| started.vendor).collect();
    let initialised = |vendor: VendorId, entry: &Collects| {
        entry.apis.iter().any(|api| found.initialised.contains(&(vendor, api.as_str().into())))
    };
    for (index, source) in catalog.sources().iter().enumerate() {
        let vendor = VendorId(u32::try_from(index).unwrap_or(u32::MAX));
        let id = catalog.vendor_id(vendor);
        let Some(presence) = vendors.iter().find(|presence| presence.vendor == id) else { continue };
        // Code that initialises the SDK of pages with all switched off starts nothing, and neither does the script.
        let collects = &source.details().collects;
        let begun = started.contains(&vendor)
            || collects.iter().any(|entry| in_pages(source, entry) && initialised(vendor, entry));
        for entry in collects.iter().filter(|entry| entry.when.is_empty()) {
            let locations = match entry.apis.is_empty() {
                true => at_work(presence),
                false if !begun && in_pages(source, entry) => loaded(presence),
                false => Vec::new(),
            };
            for location in locations {
                let start = Start { vendor, location, masked: false };
                collections.extend(start.collections(catalog, entry, known.get(&vendor)));
            }
        }
    }
    collections.sort_by(|a, b| order(a).cmp(&order(b)));
    collections.dedup();
    collections
}

fn order(it: &Collection) -> (&Location, &str, &str, Category, &str) {
    (&it.location, &it.vendor, &it.kind, it.category, &it.what)
}

struct Start {
    vendor: VendorId,
    location: Location,
    masked: bool,
}

impl Start {
    /// One entry for each category.
    fn collections<'s>(
        &'s self,
        catalog: &'s Catalog,
        entry: &'s Collects,
        known: Option<&'s Location>,
    ) -> impl Iterator<Item = Collection> + 's {
        let (kind, severity) = match entry.kind {
            CollectionKind::Default => ("default", Severity::Note),
            CollectionKind::Autocapture => ("autocapture", self.unmasked()),
            CollectionKind::SessionReplay => ("session-replay", self.unmasked()),
        };
        let mut what = entry.what.clone();
        if let Some(Location { file, line, .. }) = known {
            let _ = write!(what, "{PERSONAL_HERE} the user is identified at {file}:{line}.");
        }
        entry.categories.iter().map(move |&category| Collection {
            vendor: catalog.vendor_id(self.vendor),
            category,
            kind: kind.into(),
            severity,
            location: self.location.clone(),
            setting: entry.setting.clone(),
            what: what.clone(),
            advice: entry.advice.clone(),
            suppressed: None,
        })
    }

    const fn unmasked(&self) -> Severity {
        if self.masked { Severity::Note } else { Severity::Warning }
    }
}

/// For each vendor that is told who the user is, the first place.
fn identified(places: &Places<'_>, found: &Found) -> BTreeMap<VendorId, Location> {
    let mut known: BTreeMap<VendorId, Location> = BTreeMap::new();
    for flow in found.flows.iter().filter(|flow| names_somebody(flow.category)) {
        let location = places.location(flow.apex);
        known.entry(flow.vendor).and_modify(|first| *first = location.clone().min(first.clone())).or_insert(location);
    }
    known
}

const fn names_somebody(category: Category) -> bool {
    use Category::{Email, Name, PersonObject, Phone, UserId, Username};
    matches!(category, Email | Name | PersonObject | Phone | UserId | Username)
}

/// Where a vendor's code is at work: where pages load it, or else where it is first used. A dependency that is not
/// imported collects nothing.
pub(super) fn at_work(presence: &VendorPresence) -> Vec<Location> {
    let loaded = loaded(presence);
    if !loaded.is_empty() {
        return loaded;
    }
    let works = |evidence: &&Evidence| matches!(evidence.kind.as_str(), "import" | "global");
    presence.evidence.iter().find(works).map(|evidence| evidence.location.clone()).into_iter().collect()
}

/// Where a vendor's script is loaded. Without an initialisation in the project the script starts itself, or what is
/// configured at the vendor starts it.
fn loaded(presence: &VendorPresence) -> Vec<Location> {
    let scripts = presence.evidence.iter().filter(|evidence| evidence.kind == "script");
    scripts.map(|evidence| evidence.location.clone()).collect()
}

/// Whether the SDK that collects is the one of pages, which has a global variable.
fn in_pages(source: &Source, entry: &Collects) -> bool {
    let global = source.details().entries.iter().filter(|entry| !entry.globals.is_empty());
    global.filter_map(|global| global.api.as_ref()).any(|api| entry.apis.contains(api))
}
