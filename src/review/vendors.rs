//! The receivers: who they are, how they are loaded, what they collect by themselves, what could not be followed.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{
    build::{Code, Facts, note, place},
    edits,
    model::{Ambient, Flow, Init, Lost, Onward, Recipient, Setting, Wrapping},
    persons,
};
use crate::{
    base::Group,
    report::{
        model::{Collection, Location, Report},
        neutral::clean,
        phrase,
    },
};

/// Every vendor that the report names, in no order yet.
pub(super) fn recipients(report: &Report, flows: &[Flow], facts: &Facts<'_>, code: &mut Code<'_>) -> Vec<Recipient> {
    let mut ids: BTreeSet<&SmolStr> = report.vendors.iter().map(|presence| &presence.vendor).collect();
    ids.extend(flows.iter().map(|flow| &flow.vendor));
    ids.extend(report.collected().map(|collection| &collection.vendor));
    ids.into_iter().map(|id| recipient(id, report, flows, facts, code)).collect()
}

fn recipient(id: &SmolStr, report: &Report, flows: &[Flow], facts: &Facts<'_>, code: &mut Code<'_>) -> Recipient {
    let known = facts.catalog.vendor_named(id);
    let own: Vec<&Flow> = flows.iter().filter(|flow| flow.vendor == *id).collect();
    let collections: Vec<&Collection> = report.collected().filter(|it| it.vendor == *id).collect();
    let evidence = report.vendors.iter().filter(|presence| presence.vendor == *id).flat_map(|it| &it.evidence);
    let loaded: Vec<_> = evidence.map(|it| (it.kind.clone(), place(&it.location))).collect();
    let mut apps = Vec::new();
    for file in own.iter().map(|flow| &flow.apex.file).chain(loaded.iter().map(|(_, place)| &place.file)) {
        note(&mut apps, &persons::app(&report.packages, file));
    }
    apps.sort();
    let defaults = defaults(&collections, report);
    let nothing = || Recipient { id: id.clone(), name: id.to_string(), ..Recipient::default() };
    Recipient {
        inits: inits(&collections, code),
        settings: settings(&defaults),
        identified: collections.iter().find_map(|it| phrase::collection_parts(&it.what).1).map(str::to_owned),
        defaults,
        onward: onward(id, report, facts),
        wrappers: wrappers(id, report),
        lost: lost(id, report),
        flows: own.len(),
        worst: own.iter().map(|flow| flow.severity).max(),
        direct: own.iter().any(|flow| matches!(flow.category.group(), Group::Direct | Group::Record)),
        loaded,
        apps,
        ..known.map_or_else(nothing, Recipient::of)
    }
}

fn inits(collections: &[&Collection], code: &mut Code<'_>) -> Vec<Init> {
    let places: BTreeSet<&Location> = collections.iter().map(|it| &it.location).collect();
    places.into_iter().map(|location| Init { place: place(location), code: code.block(location) }).collect()
}

/// Collections of one mechanism at one place are one entry.
fn defaults(collections: &[&Collection], report: &Report) -> Vec<Ambient> {
    let mut entries: BTreeMap<(&Location, &str, &str), Ambient> = BTreeMap::new();
    for it in collections {
        let entry = entries.entry((&it.location, &it.kind, &it.what)).or_insert_with(|| Ambient {
            categories: Vec::new(),
            kind: it.kind.clone(),
            severity: it.severity,
            app: persons::app(&report.packages, &it.location.file),
            what: phrase::collection_parts(&it.what).0.to_owned(),
            setting: it.setting.clone(),
            advice: it.advice.clone(),
            place: place(&it.location),
            count: 1,
        });
        note(&mut entry.categories, &it.category);
        entry.severity = entry.severity.max(it.severity);
    }
    entries.into_values().collect()
}

/// One entry for each change of an initialisation.
fn settings(defaults: &[Ambient]) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for ambient in defaults.iter().filter(|it| !it.advice.is_empty()) {
        let same = |it: &&mut Setting| it.place == ambient.place && it.advice == ambient.advice;
        match settings.iter_mut().find(same) {
            Some(setting) => ambient.categories.iter().for_each(|category| note(&mut setting.categories, category)),
            None => settings.push(Setting {
                place: ambient.place.clone(),
                categories: ambient.categories.clone(),
                advice: ambient.advice.clone(),
            }),
        }
    }
    settings.sort_by_key(|it| (it.categories.iter().map(|category| edits::rank(*category)).min(), it.place.clone()));
    settings
}

fn onward(id: &SmolStr, report: &Report, facts: &Facts<'_>) -> Vec<Onward> {
    let known = |id: &SmolStr| facts.catalog.vendor_named(id).map(|vendor| SmolStr::new(clean(&vendor.name)));
    let own = report.forwards.iter().filter(|forwarding| forwarding.vendor == *id);
    let entries = own.map(|it| Onward {
        remote: it.kind == "remote",
        what: it.what.clone(),
        to: it
            .destinations
            .iter()
            .map(|to| to.vendor.as_ref().and_then(known).unwrap_or_else(|| to.name.clone()))
            .collect(),
        place: place(&it.location),
    });
    entries.collect()
}

fn wrappers(id: &SmolStr, report: &Report) -> Vec<Wrapping> {
    let own = report.wrappers.iter().filter(|wrapper| wrapper.vendors.contains(id));
    let mut wrappers: Vec<_> = own
        .map(|it| Wrapping { function: it.function.clone(), place: place(&it.location), callers: it.callers })
        .collect();
    wrappers.sort_by(|a, b| b.callers.cmp(&a.callers).then_with(|| a.place.cmp(&b.place)));
    wrappers
}

fn lost(id: &SmolStr, report: &Report) -> Vec<Lost> {
    let own = report.unfollowed.iter().filter(|end| end.vendor == *id);
    let mut lost: Vec<_> = own.map(|it| Lost { place: place(&it.location), reason: it.reason.clone() }).collect();
    lost.dedup();
    lost
}
