//! What outlives a call and can be written to: which of these a value is.

use crate::{
    base::Key,
    facts::{CallKind, Home, Value, ValueId},
    link::project::{At, ClassAt, FileId, FunctionAt},
    trace::{
        bounds,
        graph::{Callee, Site},
        state::State,
        step::Stepper,
    },
};

/// The long-lived objects that a value may be, and the keys that lead from them to it.
pub(super) fn sites(stepper: &mut Stepper<'_>, root: At) -> Vec<(Site, Vec<Key>)> {
    let world = stepper.world;
    let facts = world.project.facts(root.file);
    match facts.value(root.value) {
        Value::This(function) => match facts.function(*function).home {
            Home::Class(class) => vec![(Site::Instances(ClassAt { file: root.file, class }), Vec::new())],
            Home::Static(class) => vec![(Site::Class(ClassAt { file: root.file, class }), Vec::new())],
            Home::Object(object) => object_site(root.file, object, stepper),
            Home::None => vec![(Site::Made(FunctionAt { file: root.file, function: *function }), Vec::new())],
        },
        Value::Global(name) if matches!(name.as_str(), "window" | "globalThis" | "self" | "global") => {
            vec![(Site::Global, Vec::new())]
        }
        Value::Global(name) => vec![(Site::Global, vec![Key::Name(name.clone())])],
        // What a function does to its own local is in the local's definitions.
        Value::Object(_) | Value::Array(_) => Vec::new(),
        _ => value_sites(stepper, root),
    }
}

fn object_site(file: FileId, object: ValueId, stepper: &mut Stepper<'_>) -> Vec<(Site, Vec<Key>)> {
    let at = stepper.options_of(At { file, value: object });
    match stepper.world.project.value(at) {
        Value::Member { base, key: Key::Name(name), .. } if name == "prototype" => {
            let constructors = stepper.callables(State::whole(At { file, value: *base }));
            let made = constructors.into_iter().filter_map(|callee| match callee {
                Callee::Function { at, .. } => Some((Site::Made(at), Vec::new())),
                _ => None,
            });
            made.collect()
        }
        Value::Object(_) => vec![(Site::Value(at), Vec::new())],
        _ => value_sites(stepper, at),
    }
}

fn value_sites(stepper: &mut Stepper<'_>, root: At) -> Vec<(Site, Vec<Key>)> {
    let mut found = Vec::new();
    for end in stepper.owners(State::whole(root)) {
        let keys = stepper.tables.path(end.path).0.clone();
        let site = match stepper.world.project.value(end.at) {
            Value::Class(class) => Site::Class(ClassAt { file: end.at.file, class: *class }),
            Value::Call(made) if made.kind == CallKind::New => match class_of(stepper, end.at) {
                Some(class) => Site::Instances(class),
                None => Site::Value(end.at),
            },
            Value::This(function) => match stepper.world.project.facts(end.at.file).function(*function).home {
                Home::Class(class) => Site::Instances(ClassAt { file: end.at.file, class }),
                _ => continue,
            },
            Value::Object(_) | Value::Array(_) | Value::Call(_) | Value::Function(_) => Site::Value(end.at),
            _ => continue,
        };
        found.push((site, keys));
    }
    found.sort();
    found.dedup();
    found.truncate(bounds::CALLEES);
    found
}

fn class_of(stepper: &mut Stepper<'_>, call: At) -> Option<ClassAt> {
    stepper.callees(call).iter().find_map(|callee| if let Callee::Class(class) = callee { Some(*class) } else { None })
}
