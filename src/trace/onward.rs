//! Where vendors hand data on to, as far as the code names it: `{ integrations: { Mixpanel: true } }`, or plugins of
//! other vendors.
//!
//! The catalogue says in which part of a call's arguments destinations are named. What is switched off there is none.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::{
    bounds,
    flow::{Place, place_of},
    graph::{Callee, World},
    options::{is_off, keys_of},
    sdk,
    state::{State, WHOLE},
    step::Stepper,
};
use crate::{
    base::Key,
    catalog::{VendorId, format::ForwardKind},
    facts::{Property, Value},
    link::project::{At, FileId},
};

/// A destination that a call names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Who hands data on.
    pub vendor: VendorId,
    /// Which of its ways of doing so, as an index into those of its catalogue file.
    pub forwards: usize,
    /// Where.
    pub place: Place,
    /// The destination, as it is named there.
    pub name: SmolStr,
    /// The vendor that it is, where it is an SDK and not a name.
    pub to: Option<VendorId>,
}

/// Spreads and wrapped objects on the way to a list of destinations.
const DEPTH: usize = 4;

/// The destinations that calls in some files name, sorted.
#[must_use]
pub fn named(world: World<'_>, files: &[FileId]) -> Vec<Named> {
    let mut stepper = Stepper::new(world);
    let mut found = BTreeSet::new();
    for &file in files {
        for &value in &world.project.facts(file).calls {
            let call = At { file, value };
            for vendor in forwarders(&stepper, call) {
                stepper.fuel = bounds::FUEL;
                of_call(&mut stepper, call, vendor, &mut found);
            }
        }
    }
    found.into_iter().collect()
}

/// The vendors behind a call that hand on what the code tells them to.
fn forwarders(stepper: &Stepper<'_>, call: At) -> BTreeSet<VendorId> {
    let World { catalog, graph, .. } = stepper.world;
    let named = |vendor: &VendorId| {
        let forwards = &catalog.sources()[vendor.0 as usize].details().forwards;
        forwards.iter().any(|forwards| forwards.kind == ForwardKind::Setting)
    };
    let vendor = |callee: &Callee| match callee {
        Callee::Handle(handle) => catalog.api(handle.api).vendor.filter(named),
        _ => None,
    };
    graph.callees.get(&call).into_iter().flatten().filter_map(vendor).collect()
}

fn of_call(stepper: &mut Stepper<'_>, call: At, vendor: VendorId, found: &mut BTreeSet<Named>) {
    let catalog = stepper.world.catalog;
    let mut arguments: Vec<State> =
        sdk::calls(stepper, call).into_iter().flat_map(|made| made.arguments).flatten().collect();
    arguments.sort();
    arguments.dedup();
    let place = place_of(stepper.world.project, call);
    for (index, forwards) in catalog.sources()[vendor.0 as usize].details().forwards.iter().enumerate() {
        let Some(setting) = forwards.setting.as_deref().filter(|_| forwards.kind == ForwardKind::Setting) else {
            continue;
        };
        for &argument in &arguments {
            let list = stepper.part(argument, &keys_of(setting));
            let mut destinations = Destinations { stepper, vendor, found: Vec::new() };
            destinations.in_object(list, DEPTH);
            destinations.in_list(list);
            let named = destinations.found.into_iter();
            found.extend(named.map(|(name, to)| Named { vendor, forwards: index, place, name, to }));
        }
    }
}

struct Destinations<'s, 'w> {
    stepper: &'s mut Stepper<'w>,
    vendor: VendorId,
    found: Vec<(SmolStr, Option<VendorId>)>,
}

impl Destinations<'_, '_> {
    /// Names are keys, unless they are switched off.
    fn in_object(&mut self, object: State, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        for end in self.stepper.ends(object) {
            let project = self.stepper.world.project;
            let Value::Object(properties) = project.value(end.at) else { continue };
            if end.path != WHOLE {
                continue;
            }
            for property in properties {
                match property {
                    Property::Keyed { key: Key::Name(name), value, .. } => {
                        let state = end.at(At { file: end.at.file, value: *value });
                        if !is_off(self.stepper, state) {
                            self.found.push((name.clone(), None));
                        }
                    }
                    Property::Keyed { .. } => {}
                    Property::Spread(value) => self.in_object(end.at(At { file: end.at.file, value: *value }), depth),
                }
            }
        }
    }

    /// Names are strings, or the elements are objects of other vendors.
    fn in_list(&mut self, list: State) {
        let element = self.stepper.part(list, &[Key::Any]);
        let names = self.stepper.strings(element);
        self.found.extend(names.into_iter().map(|name| (name, None)));
        let catalog = self.stepper.world.catalog;
        for handle in self.stepper.handles(element) {
            if let Some(other) = catalog.api(handle.api).vendor.filter(|vendor| *vendor != self.vendor) {
                self.found.push((catalog.vendor_id(other), Some(other)));
            }
        }
    }
}
