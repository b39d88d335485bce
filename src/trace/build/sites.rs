//! What outlives a call and can be written to: which of these a value is.

use crate::{
    base::Key,
    facts::{CallKind, Facts, Home, Value, ValueId},
    link::project::{At, ClassAt, FileId, FunctionAt, Project},
    trace::{
        bounds,
        graph::{Callee, Site},
        owners::Entered,
        state::{Mode, State},
        step::{Basis, Stepper},
    },
};

/// A long-lived object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kept {
    pub site: Site,
    /// The keys that lead from it to what is written to.
    pub keys: Vec<Key>,
    /// The calls by which it came to where that happens.
    pub entered: Entered,
}

impl Kept {
    /// An object that is the same whoever calls.
    pub(super) const fn always(site: Site) -> Self {
        Self { site, keys: Vec::new(), entered: Entered::new() }
    }
}

/// The long-lived objects that a value may be.
pub(super) fn sites(stepper: &mut Stepper<'_>, root: At) -> Vec<Kept> {
    let world = stepper.world;
    let facts = world.project.facts(root.file);
    match facts.value(root.value) {
        Value::This(function) => match facts.function(*function).home {
            Home::Class(class) => vec![Kept::always(Site::Instances(ClassAt { file: root.file, class }))],
            Home::Static(class) => vec![Kept::always(Site::Class(ClassAt { file: root.file, class }))],
            Home::Object(object) => object_site(root.file, object, stepper),
            Home::None => made_sites(stepper, FunctionAt { file: root.file, function: *function }),
        },
        Value::Global(name) if matches!(name.as_str(), "window" | "globalThis" | "self" | "global") => {
            vec![Kept::always(Site::Global)]
        }
        Value::Global(name) => vec![Kept { keys: vec![Key::Name(name.clone())], ..Kept::always(Site::Global) }],
        // What a function does to its own local is in the local's definitions.
        Value::Object(_) if has_setter(facts, root.value) => vec![Kept::always(Site::Value(root))],
        Value::Object(_) | Value::Array(_) => Vec::new(),
        _ => value_sites(stepper, root),
    }
}

/// What a constructor function fills: what it makes, and what those make that call it on their own `this`.
fn made_sites(stepper: &mut Stepper<'_>, function: FunctionAt) -> Vec<Kept> {
    let mut found = vec![function];
    let mut next = 0;
    while let Some(&function) = found.get(next).filter(|_| found.len() < bounds::CALLEES) {
        next += 1;
        stepper.rests_on.insert(Basis::Callers(function));
        for caller in stepper.world.graph.callers.get(&function).into_iter().flatten() {
            let facts = stepper.world.project.facts(caller.call.file);
            let first = facts.call(caller.call.value).and_then(|made| made.arguments.first());
            if let (Mode::Call | Mode::Apply, Some(first)) = (caller.mode, first)
                && let Value::This(outer) = facts.value(first.value)
                && facts.function(*outer).home == Home::None
            {
                let outer = FunctionAt { file: caller.call.file, function: *outer };
                if !found.contains(&outer) {
                    found.push(outer);
                }
            }
        }
    }
    found.into_iter().map(|function| Kept::always(Site::Made(function))).collect()
}

/// Whether an assignment to a member of an object literal may be a call.
fn has_setter(facts: &Facts, object: ValueId) -> bool {
    facts.functions.iter().any(|function| function.sets.is_some() && function.home == Home::Object(object))
}

fn object_site(file: FileId, object: ValueId, stepper: &mut Stepper<'_>) -> Vec<Kept> {
    let at = stepper.options_of(At { file, value: object });
    match stepper.world.project.value(at) {
        Value::Member { base, key: Key::Name(name), .. } if name == "prototype" => {
            let constructors = stepper.callables(State::whole(At { file, value: *base }));
            let made = constructors.into_iter().filter_map(|callee| match callee {
                Callee::Function { at, .. } => Some(Kept::always(Site::Made(at))),
                _ => None,
            });
            made.collect()
        }
        Value::Object(_) => vec![Kept::always(Site::Value(at))],
        _ => value_sites(stepper, at),
    }
}

/// The long-lived objects that a value may be, where it is not the function's own.
pub(super) fn value_sites(stepper: &mut Stepper<'_>, root: At) -> Vec<Kept> {
    let mut found = Vec::new();
    for owner in stepper.owners(State::whole(root)) {
        let at = owner.state.at;
        let site = match stepper.world.project.value(at) {
            Value::Class(class) => Site::Class(ClassAt { file: at.file, class: *class }),
            Value::Call(made) if made.kind == CallKind::New => match class_of(stepper, at) {
                Some(class) => Site::Instances(class),
                None => Site::Value(at),
            },
            Value::This(function) => match stepper.world.project.facts(at.file).function(*function).home {
                Home::Class(class) => Site::Instances(ClassAt { file: at.file, class }),
                _ => continue,
            },
            Value::Object(_) | Value::Array(_) | Value::Call(_) | Value::Function(_) => Site::Value(at),
            _ => continue,
        };
        found.push(Kept { site, keys: stepper.tables.path(owner.state.path).0.clone(), entered: owner.entered });
    }
    found.sort();
    found.dedup();
    found.truncate(bounds::CALLEES);
    found
}

fn class_of(stepper: &mut Stepper<'_>, call: At) -> Option<ClassAt> {
    stepper.callees(call).iter().find_map(|callee| if let Callee::Class(class) = callee { Some(*class) } else { None })
}

/// The value that a chain of members starts at, behind local names, and the keys on the way.
pub(super) fn root_of(project: &Project, at: At) -> (At, Vec<Key>) {
    let facts = project.facts(at.file);
    let mut keys = Vec::new();
    let mut value = at.value;
    for _ in 0..64 {
        match facts.value(value) {
            Value::Member { base, key, .. } => {
                keys.push(key.clone());
                value = *base;
            }
            Value::Read { value: Some(inner), .. }
            | Value::Typed { value: inner, .. }
            | Value::Update { base: inner, .. }
            | Value::Passed { base: inner, .. } => value = *inner,
            _ => break,
        }
    }
    keys.reverse();
    (At { file: at.file, value }, keys)
}
