//! Where vendors hand data on to, as the report says it: what the code names, and that the rest is unknown to it.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{ambient::at_work, place::Places};
use crate::{
    catalog::{
        Catalog, VendorId,
        format::{ForwardKind, Forwards},
    },
    report::model::{Destination, Evidence, Forwarding, Location, VendorPresence},
    trace::flow::{Found, Place},
};

/// Who hands data on, sorted by place.
pub(super) fn forwards(
    places: &Places<'_>,
    catalog: &Catalog,
    found: &Found,
    vendors: &[VendorPresence],
) -> Vec<Forwarding> {
    let mut forwards = named(places, catalog, found);
    for presence in vendors {
        let sources = catalog.sources().iter();
        let own = sources.filter(|source| source.vendor.as_ref().is_some_and(|vendor| presence.vendor == vendor.id));
        let entries =
            own.flat_map(|source| &source.details().forwards).filter(|entry| entry.kind == ForwardKind::Remote);
        forwards.extend(entries.filter_map(|entry| remote(presence, entry)));
    }
    forwards.sort_by(|a, b| order(a).cmp(&order(b)));
    forwards.dedup();
    forwards
}

fn order(it: &Forwarding) -> (&Location, &str, &str) {
    (&it.location, &it.vendor, &it.what)
}

/// What is configured at the vendor, told once: where the vendor is at work, by what the entry is about.
fn remote(presence: &VendorPresence, entry: &Forwards) -> Option<Forwarding> {
    let about = |evidence: &&Evidence| entry.marks.is_empty() || entry.marks.iter().any(|mark| *mark == evidence.name);
    let evidence = presence.evidence.iter().filter(about).cloned().collect();
    let location = at_work(&VendorPresence { vendor: presence.vendor.clone(), evidence }).into_iter().next()?;
    Some(forwarding(presence.vendor.clone(), entry, location, Vec::new()))
}

fn named(places: &Places<'_>, catalog: &Catalog, found: &Found) -> Vec<Forwarding> {
    let mut calls: BTreeMap<(Place, VendorId, usize), Vec<Destination>> = BTreeMap::new();
    for named in &found.onward {
        let Some(entry) = catalog.sources()[named.vendor.0 as usize].details().forwards.get(named.forwards) else {
            continue;
        };
        let known = entry.destinations.get(named.name.as_str()).map(SmolStr::from);
        let vendor = named.to.map(|to| catalog.vendor_id(to)).or(known);
        let destinations = calls.entry((named.place, named.vendor, named.forwards)).or_default();
        destinations.push(Destination { name: named.name.clone(), vendor });
    }
    let forwarding = |((place, vendor, index), destinations): ((Place, VendorId, usize), Vec<Destination>)| {
        let entry = catalog.sources()[vendor.0 as usize].details().forwards.get(index)?;
        Some(forwarding(catalog.vendor_id(vendor), entry, places.location(place), destinations))
    };
    calls.into_iter().filter_map(forwarding).collect()
}

fn forwarding(vendor: SmolStr, entry: &Forwards, location: Location, destinations: Vec<Destination>) -> Forwarding {
    let kind = match entry.kind {
        ForwardKind::Remote => "remote",
        ForwardKind::Setting => "setting",
    };
    let (setting, what) = (entry.setting.clone(), entry.what.clone());
    Forwarding { vendor, kind: kind.into(), location, setting, what, destinations }
}
