//! What left or joined between two revisions.
//!
//! Flows are compared by what a reviewer cares for: which category goes to whom, read from which expression in which
//! file, through which call. Lines do not count, so that moved code is no change.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use smol_str::SmolStr;

use super::model::{Flow, Place, Review};
use crate::{base::Category, report::phrase};

/// Flows of one category to one vendor through one call, that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whether they came.
    pub added: bool,
    /// The category.
    pub category: Category,
    /// The vendor.
    pub vendor: SmolStr,
    /// Its name.
    pub name: String,
    /// The call that hands it over: that of the project's own wrapper, or else of the SDK.
    pub through: String,
    /// Whether that is a wrapper.
    pub wrapper: bool,
    /// How many flows.
    pub flows: usize,
    /// From how many places.
    pub callers: usize,
    /// Where they leave: some of the places.
    pub places: Vec<Place>,
    /// Whether the vendor did not get this category before, or does not any more.
    pub whole: bool,
}

/// Something that is collected by default, that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AmbientChange {
    /// Whether it came.
    pub added: bool,
    /// The category.
    pub category: Category,
    /// The vendor.
    pub vendor: SmolStr,
    /// Its name.
    pub name: String,
    /// `default`, `autocapture` or `session-replay`.
    pub kind: SmolStr,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delta {
    /// Always 1.
    pub schema_version: u32,
    /// The old side.
    pub from: String,
    /// The new side.
    pub to: String,
    /// Vendors that are new.
    pub vendors_added: Vec<String>,
    /// Vendors that are gone.
    pub vendors_removed: Vec<String>,
    /// Flows, what came first.
    pub flows: Vec<Change>,
    /// Default collection.
    pub ambient: Vec<AmbientChange>,
}

/// Places named for one change.
const MAX_PLACES: usize = 3;

/// Compares two reviews; `from` and `to` say what to call them.
#[must_use]
pub fn between(old: &Review, new: &Review, from: &str, to: &str) -> Delta {
    let mut flows = changes(new, old, true);
    flows.extend(changes(old, new, false));
    let mut ambient = ambients(new, old, true);
    ambient.extend(ambients(old, new, false));
    Delta {
        schema_version: 1,
        from: from.to_owned(),
        to: to.to_owned(),
        vendors_added: missing(new, old),
        vendors_removed: missing(old, new),
        flows,
        ambient,
    }
}

impl Delta {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let vendors = self.vendors_added.is_empty() && self.vendors_removed.is_empty();
        vendors && self.flows.is_empty() && self.ambient.is_empty()
    }
}

/// Names of vendors that `here` has and `there` has not.
fn missing(here: &Review, there: &Review) -> Vec<String> {
    let only = here.vendors.iter().filter(|vendor| there.vendor(&vendor.id).is_none());
    only.map(|vendor| vendor.name.clone()).collect()
}

fn key(flow: &Flow) -> impl Ord + '_ {
    let origin = flow.path.first().map_or(&flow.apex.file, |stop| &stop.place.file);
    (flow.category, &flow.vendor, &flow.call, &flow.expression, &flow.apex.file, origin)
}

/// The function of the project that a flow enters first, or else the SDK's.
fn through(flow: &Flow) -> (&str, bool) {
    let entered = flow.path.iter().find_map(|stop| Some(stop.label.strip_prefix("passed to ")?.split_once("()")?.0));
    match entered {
        Some(wrapper) => (wrapper, true),
        None => (&flow.call, false),
    }
}

/// The flows that `here` has more of than `there`, by category, vendor and call.
fn changes(here: &Review, there: &Review, added: bool) -> Vec<Change> {
    let mut left: BTreeMap<_, usize> = BTreeMap::new();
    for flow in &there.flows {
        *left.entry(key(flow)).or_default() += 1;
    }
    let sends = |flow: &Flow| there.flows.iter().any(|it| it.vendor == flow.vendor && it.category == flow.category);
    let mut changes: BTreeMap<_, Change> = BTreeMap::new();
    let mut callers: BTreeSet<_> = BTreeSet::new();
    for flow in &here.flows {
        if let Some(same) = left.get_mut(&key(flow)).filter(|count| **count > 0) {
            *same -= 1;
            continue;
        }
        let (through, wrapper) = through(flow);
        let key = (flow.category, &flow.vendor, through);
        let change = changes.entry(key).or_insert_with(|| Change {
            added,
            category: flow.category,
            vendor: flow.vendor.clone(),
            name: here.name(&flow.vendor).to_owned(),
            through: through.to_owned(),
            wrapper,
            flows: 0,
            callers: 0,
            places: Vec::new(),
            whole: !sends(flow),
        });
        change.flows += 1;
        change.callers += usize::from(callers.insert((key, &flow.apex)));
        if change.places.len() < MAX_PLACES && !change.places.contains(&flow.apex) {
            change.places.push(flow.apex.clone());
        }
    }
    changes.into_values().collect()
}

fn ambients(here: &Review, there: &Review, added: bool) -> Vec<AmbientChange> {
    let has = |review: &Review, id: &str, category: Category, kind: &str| {
        let vendor = review.vendor(id).into_iter().flat_map(|vendor| &vendor.defaults);
        vendor.clone().any(|it| it.kind == kind && it.categories.contains(&category))
    };
    let mut changes = Vec::new();
    for vendor in &here.vendors {
        let entries =
            vendor.defaults.iter().flat_map(|it| it.categories.iter().map(move |&category| (category, &it.kind)));
        for (category, kind) in phrase::unique(entries) {
            if !has(there, &vendor.id, category, kind) {
                let (vendor, name) = (vendor.id.clone(), vendor.name.clone());
                changes.push(AmbientChange { added, category, vendor, name, kind: kind.clone() });
            }
        }
    }
    changes
}
