//! What SDKs collect by default: their initialisations, and what the options given there turn on and off.
//!
//! Where the value of an option is not known it proves nothing: what is collected by default stays reported, what must
//! be asked for needs at least the option's name in the code.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{
    bounds,
    flow::{Place, place_of},
    graph::{Callee, World},
    options::{Truth, holds},
    sdk::{self, part_key},
    state::State,
    step::Stepper,
};
use crate::{
    catalog::{
        VendorId,
        format::{Collects, Meaning, Word},
    },
    link::project::{At, FileId},
};

/// A default collection that an initialisation starts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Started {
    /// Where.
    pub place: Place,
    /// Who collects.
    pub vendor: VendorId,
    /// Which of the vendor's collections, as an index into those of its catalogue file.
    pub collects: usize,
    /// Whether an option, or its absence, masks it.
    pub masked: bool,
}

/// What the initialisations in some files start.
#[derive(Debug, Default)]
pub struct Starts {
    /// The collections.
    pub started: Vec<Started>,
    /// The object types that are initialised, by name, whatever that starts.
    pub initialised: BTreeSet<(VendorId, SmolStr)>,
    /// The files that would have to be read to know better.
    pub unread: BTreeSet<FileId>,
    /// What calls that take no options have started in a file.
    told: BTreeSet<(FileId, VendorId, usize)>,
}

/// What the calls in some files start.
#[must_use]
pub fn started(world: World<'_>, files: &[FileId]) -> Starts {
    let mut stepper = Stepper::new(world);
    let mut found = Starts::default();
    for &file in files {
        for &value in &world.project.facts(file).calls {
            let call = At { file, value };
            if initialises(&stepper, call) {
                stepper.fuel = bounds::FUEL;
                of_call(&mut stepper, call, &mut found);
            }
        }
    }
    found.started.sort();
    found.started.dedup();
    found.unread = stepper.unread;
    found
}

/// Whether a call may be an initialisation, which is cheap to ask.
fn initialises(stepper: &Stepper<'_>, call: At) -> bool {
    let World { catalog, graph, .. } = stepper.world;
    graph.callees.get(&call).into_iter().flatten().any(|callee| match callee {
        Callee::Handle(handle) => {
            let through = catalog.through(handle).map(|(handle, _)| handle);
            let mut signatures = catalog.call(through.as_ref().unwrap_or(handle)).into_iter();
            match catalog.api(handle.api).vendor {
                Some(_) => signatures.any(|signature| signature.init || signature.dispatch.is_some()),
                None => signatures.any(sdk::installs),
            }
        }
        _ => false,
    })
}

/// An initialisation of a vendor's, all its signatures together: which of them is meant, the options tell.
#[derive(Default)]
struct Initialisation<'w> {
    /// Names of the apis that are initialised.
    apis: BTreeSet<&'w str>,
    /// Where options may stand.
    settings: Vec<State>,
    /// Whether it takes options at all.
    takes_options: bool,
}

fn of_call(stepper: &mut Stepper<'_>, call: At, found: &mut Starts) {
    let catalog = stepper.world.catalog;
    let mut vendors: BTreeMap<VendorId, Initialisation<'_>> = BTreeMap::new();
    let mut calls = sdk::calls(stepper, call);
    calls.extend(sdk::handed_on(stepper, call));
    for made in calls {
        let Some(vendor) = catalog.api(made.handle.api).vendor.filter(|_| made.signature.init) else { continue };
        let initialisation = vendors.entry(vendor).or_default();
        let apis = [Some(made.handle.api), made.signature.returns];
        initialisation.apis.extend(apis.into_iter().flatten().map(|api| catalog.api(api).name.as_str()));
        initialisation.takes_options |= made.signature.args.iter().chain(&made.signature.rest).any(has_options);
        for (index, argument) in made.arguments.iter().enumerate() {
            if let (Some(state), Some(meaning)) = (argument, made.signature.meaning(index)) {
                options(stepper, *state, meaning, &mut initialisation.settings);
            }
        }
    }
    let place = place_of(stepper.world.project, call);
    for (vendor, Initialisation { apis, settings, takes_options }) in vendors {
        found.initialised.extend(apis.iter().map(|&api| (vendor, SmolStr::new(api))));
        for (index, collects) in catalog.sources()[vendor.0 as usize].details().collects.iter().enumerate() {
            let starts = collects.apis.iter().any(|api| apis.contains(api.as_str()));
            // What hands out the SDK wherever it is used (`getAnalytics()`) starts it where it is called first.
            let starts = starts && is_on(stepper, &settings, collects);
            if starts && (takes_options || found.told.insert((call.file, vendor, index))) {
                let masked = collects.masked.iter().any(|test| holds(stepper, &settings, test) == Truth::Yes);
                found.started.push(Started { place, vendor, collects: index, masked });
            }
        }
    }
}

fn has_options(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Word(word) => *word == Word::Settings,
        Meaning::Parts(parts) => parts.values().any(has_options),
        Meaning::Callback(_) => false,
    }
}

/// The parts of an argument that are init options.
fn options(stepper: &mut Stepper<'_>, state: State, meaning: &Meaning, out: &mut Vec<State>) {
    match meaning {
        Meaning::Word(Word::Settings) => out.push(state),
        Meaning::Parts(parts) => {
            for (key, meaning) in parts {
                let path = stepper.part(state, &[part_key(key)]);
                options(stepper, path, meaning, out);
            }
        }
        _ => {}
    }
}

fn is_on(stepper: &mut Stepper<'_>, settings: &[State], collects: &Collects) -> bool {
    collects.when.iter().all(|test| holds(stepper, settings, test) != Truth::No)
        && !collects.unless.iter().any(|test| holds(stepper, settings, test) == Truth::Yes)
}
