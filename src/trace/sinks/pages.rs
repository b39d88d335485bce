//! Where code names the page: its address or its title, which everybody learns who sends page views by himself.
//!
//! Library models say it: what `args` and `assigns` of an api without a vendor mean becomes the page's address or
//! title.

use std::collections::BTreeSet;

use super::{Root, Sink, SinkPlace, Start, argument_label, one_line, worth_demand};
use crate::{
    base::Key,
    catalog::{VendorId, format::Meaning},
    facts::{Store, Value},
    link::project::{At, FileId, FunctionAt},
    trace::{
        bounds,
        flow::{Place, place_of},
        graph::Callee,
        sdk,
        state::State,
        step::Stepper,
    },
};

/// Addresses of something else than a page of this project.
const ELSEWHERE: &[&str] = &["http:", "https:", "//", "mailto:", "tel:", "sms:", "data:", "blob:", "javascript:"];

/// The sinks of a file for the vendors that send page views.
pub fn of_file(stepper: &mut Stepper<'_>, file: FileId, viewers: &BTreeSet<VendorId>) -> Vec<Sink> {
    let facts = stepper.world.project.facts(file);
    let mut sinks = Vec::new();
    for &value in &facts.calls {
        let call = At { file, value };
        if may_name_a_page(stepper, call) {
            stepper.fuel = bounds::FUEL;
            let roots = of_call(stepper, call);
            let project = stepper.world.project;
            if let (false, Value::Call(made)) = (roots.is_empty(), project.value(call)) {
                let callee = one_line(project.text(At { file, value: made.callee }));
                let function = project.owner(call);
                sinks.extend(for_each(stepper, viewers, &roots, place_of(project, call), &callee, function));
            }
        }
    }
    for store in &facts.stores {
        stepper.fuel = bounds::FUEL;
        let roots = of_store(stepper, file, store);
        if !roots.is_empty() {
            let unit = stepper.world.project.unit(file).map(|unit| unit.text.clone()).unwrap_or_default();
            let place = Place { file, span: store.span };
            let function = FunctionAt { file, function: store.function };
            sinks.extend(for_each(stepper, viewers, &roots, place, &one_line(store.span.of(&unit)), function));
        }
    }
    sinks
}

fn for_each(
    stepper: &Stepper<'_>,
    viewers: &BTreeSet<VendorId>,
    roots: &[Root],
    place: Place,
    call: &str,
    function: FunctionAt,
) -> Vec<Sink> {
    let sink = |&vendor: &VendorId| Sink {
        vendor,
        place: SinkPlace { place, call: call.to_owned(), argument: String::new() },
        function,
        demand: worth_demand(stepper, vendor, roots),
        roots: roots.to_vec(),
        reached_by: None,
    };
    viewers.iter().map(sink).collect()
}

/// Whether a call is of a library that was described, which is cheap to ask.
fn may_name_a_page(stepper: &Stepper<'_>, call: At) -> bool {
    let (catalog, graph) = (stepper.world.catalog, stepper.world.graph);
    graph.callees.get(&call).into_iter().flatten().any(|callee| match callee {
        Callee::Handle(handle) => {
            catalog.api(handle.api).vendor.is_none()
                && catalog.call(handle).iter().any(|signature| !signature.args.is_empty())
        }
        _ => false,
    })
}

fn of_call(stepper: &mut Stepper<'_>, call: At) -> Vec<Root> {
    let mut roots = Vec::new();
    for made in sdk::calls(stepper, call) {
        if stepper.world.catalog.api(made.handle.api).vendor.is_some() {
            continue;
        }
        for (index, argument) in made.arguments.iter().enumerate() {
            if let (Some(state), Some(meaning)) = (argument, made.signature.meaning(index)) {
                page(stepper, *state, meaning, &argument_label(meaning, index), &mut roots);
            }
        }
    }
    roots
}

/// `document.title = …`, `location.href = …`.
fn of_store(stepper: &mut Stepper<'_>, file: FileId, store: &Store) -> Vec<Root> {
    let Key::Name(name) = &store.key else { return Vec::new() };
    let mut roots = Vec::new();
    for handle in stepper.handles(State::whole(At { file, value: store.base })) {
        let catalog = stepper.world.catalog;
        let (None, Some(meaning)) = (catalog.api(handle.api).vendor, catalog.assign(&handle, name)) else { continue };
        page(stepper, State::whole(At { file, value: store.value }), meaning, "page", &mut roots);
    }
    roots
}

/// What becomes the page's address or title, if it is one of this project's.
fn page(stepper: &mut Stepper<'_>, state: State, meaning: &Meaning, label: &str, out: &mut Vec<Root>) {
    let texts = stepper.texts(state, 4);
    if !texts.iter().any(|text| ELSEWHERE.iter().any(|scheme| text.starts_with(scheme))) {
        Start { stepper, keys: &[] }.roots(state, meaning, label, out);
    }
}
