//! The call graph, grown in rounds.
//!
//! In each round every call that is not settled asks what it may enter, knowing the callers and stores of the round
//! before: functions passed as values, set as fields or handed to libraries so find their calls. A round sees only the
//! round before and its own file, so the result does not depend on the schedule of threads.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    bounds,
    graph::{Callee, Caller, Graph, Site, Stored, World},
    resolve::Resolved,
    sdk,
    state::{Mode, State},
    step::{Basis, Stepper},
};
use crate::{
    base::Key,
    catalog::{
        Catalog, Signature,
        format::Meaning,
        port::{Anchor, Suffix},
        words::Words,
    },
    facts::{CallKind, ClassId, Home, Literal, Value, ValueId},
    link::project::{At, ClassAt, FileId, FunctionAt, Project},
};

/// The call graph, and what each answer in it rests on. It grows as files are parsed: only questions whose basis
/// changed are asked again.
#[derive(Default)]
pub struct Builder {
    graph: Graph,
    bases: FxHashMap<At, Box<[Basis]>>,
    unread: FxHashMap<At, Vec<FileId>>,
    files: FxHashSet<FileId>,
}

impl Builder {
    /// The call graph so far.
    #[must_use]
    pub const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The files that resolving each call would have looked into, sorted by call.
    #[must_use]
    pub fn unread(&self) -> Vec<(At, &[FileId])> {
        let mut unread: Vec<_> = self.unread.iter().map(|(call, files)| (*call, files.as_slice())).collect();
        unread.sort_unstable();
        unread
    }

    /// Takes in files that were parsed since.
    pub fn grow(&mut self, project: &Project, catalog: &Catalog, words: &Words) {
        let mut changed: FxHashSet<Basis> = FxHashSet::default();
        let mut calls: Vec<At> = Vec::new();
        for &file in project.files() {
            if self.files.insert(file) {
                changed.insert(Basis::File(file));
                calls.extend(project.facts(file).calls.iter().map(|&value| At { file, value }));
            }
        }
        let declared = declared(World { project, catalog, words, graph: &self.graph });
        self.graph.implementors = declared.implementors;
        self.graph.parameter_stores = declared.parameter_stores;
        for _ in 0..bounds::ROUNDS {
            calls.extend(self.resting_on(&changed));
            calls.sort_unstable();
            calls.dedup();
            if calls.is_empty() {
                break;
            }
            let graph = std::mem::take(&mut self.graph);
            self.graph = self.round(World { project, catalog, words, graph: &graph }, &calls);
            changed = self.graph.changes(&graph);
            calls.clear();
        }
    }

    fn resting_on(&self, changed: &FxHashSet<Basis>) -> Vec<At> {
        let touched = |bases: &[Basis]| bases.iter().any(|basis| changed.contains(basis));
        self.bases.iter().filter(|(_, bases)| touched(bases)).map(|(call, _)| *call).collect()
    }

    fn round(&mut self, world: World<'_>, calls: &[At]) -> Graph {
        let answers: Vec<Vec<Answer>> = calls.par_chunks(64).map(|calls| resolve_calls(world, calls)).collect();
        let mut callees = world.graph.callees.clone();
        let graph = world.graph;
        let mut bases = Vec::new();
        let mut unread = Vec::new();
        for answer in answers.into_iter().flatten() {
            callees.insert(answer.call, answer.callees);
            bases.push((answer.call, answer.rests_on));
            unread.push((answer.call, answer.unread));
        }
        let mut next = Graph {
            callees,
            implementors: graph.implementors.clone(),
            parameter_stores: graph.parameter_stores.clone(),
            ..Graph::default()
        };
        derive(&mut next, world);
        self.bases.extend(bases);
        for (call, files) in unread {
            if files.is_empty() {
                self.unread.remove(&call);
            } else {
                self.unread.insert(call, files);
            }
        }
        next
    }
}

/// What needs no resolution: who implements which interface, and what functions write into their parameters.
fn declared(world: World<'_>) -> Graph {
    let mut graph = Graph::default();
    for &file in world.project.files() {
        let facts = world.project.facts(file);
        for (index, class) in facts.classes.iter().enumerate() {
            let at = ClassAt { file, class: ClassId(u32::try_from(index).unwrap_or(u32::MAX)) };
            for name in &class.implements {
                graph.implementors.entry(name.clone()).or_default().push(at);
            }
        }
        for store in &facts.stores {
            let (root, mut keys) = root_of(world, At { file, value: store.base });
            keys.push(store.key.clone());
            if let Value::Parameter { function, index } = facts.value(root.value) {
                let stores = graph.parameter_stores.entry((FunctionAt { file, function: *function }, *index));
                stores.or_default().push((keys, At { file, value: store.value }));
            }
        }
    }
    graph
}

/// The value that a chain of members starts at, behind local names, and the keys on the way.
fn root_of(world: World<'_>, at: At) -> (At, Vec<Key>) {
    let facts = world.project.facts(at.file);
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

struct Answer {
    call: At,
    callees: Vec<Callee>,
    rests_on: Box<[Basis]>,
    unread: Vec<FileId>,
}

fn resolve_calls(world: World<'_>, calls: &[At]) -> Vec<Answer> {
    let mut stepper = Stepper::new(world);
    let mut answers = Vec::with_capacity(calls.len());
    for &call in calls {
        stepper.fuel = bounds::FUEL;
        let callees = resolve_call(&mut stepper, call).callees;
        let mut rests_on: Vec<Basis> = stepper.rests_on.drain().collect();
        rests_on.sort_unstable();
        let unread = std::mem::take(&mut stepper.unread).into_iter().collect();
        answers.push(Answer { call, callees, rests_on: rests_on.into_boxed_slice(), unread });
    }
    answers
}

fn resolve_call(stepper: &mut Stepper<'_>, call: At) -> Resolved {
    let world = stepper.world;
    let facts = world.project.facts(call.file);
    let Some(made) = facts.call(call.value) else { return Resolved::default() };
    let callee = At { file: call.file, value: made.callee };
    if matches!(facts.value(made.callee), Value::Literal(Literal::Text(_))) && made.kind == CallKind::Jsx {
        return Resolved::default();
    }
    let mut resolved = stepper.resolve(State::whole(callee));
    // A method of something unknown is what the library models say of its name.
    let known = resolved.callees.iter().any(|callee| !matches!(callee, Callee::Part(..)));
    if let (false, Value::Member { key: Key::Name(name), .. }) = (known, facts.value(made.callee))
        && let Some(handle) = world.catalog.method(name)
    {
        resolved.callees.push(Callee::Handle(handle));
    }
    resolved
}

/// What follows from the callees: callers, users, callbacks, stores, channels.
fn derive(graph: &mut Graph, world: World<'_>) {
    let mut calls: Vec<At> = graph.callees.keys().copied().collect();
    calls.sort_unstable();
    let snapshot = Graph { callees: graph.callees.clone(), ..before(world.graph) };
    let world = World { graph: &snapshot, ..world };
    let derived: Vec<Derived> = calls.par_chunks(512).map(|calls| derive_calls(world, calls)).collect();
    for part in derived {
        for (function, caller) in part.callers {
            graph.callers.entry(function).or_default().push(caller);
        }
        for (class, call) in part.users {
            graph.users.entry(class).or_default().push(call);
        }
        for (parameter, handle) in part.handed {
            graph.handed.entry(parameter).or_default().push(handle);
        }
        for (site, path, call) in part.part_calls {
            graph.part_calls.entry(site).or_default().push((path, call));
        }
        for (channel, call) in part.channels {
            graph.channels.entry(channel).or_default().push(call);
        }
    }
    sort_all(graph);
    let stores: Vec<_> = world.project.files().par_iter().map(|&file| resolve_stores(world, file)).collect();
    for found in stores {
        for (site, key, stored) in found {
            graph.stores.entry((site, key)).or_default().push(stored);
        }
    }
    index_stores(graph);
    resolve_bases(graph, world);
}

fn before(graph: &Graph) -> Graph {
    Graph {
        callees: FxHashMap::default(),
        callers: graph.callers.clone(),
        users: graph.users.clone(),
        handed: graph.handed.clone(),
        part_calls: graph.part_calls.clone(),
        stores: graph.stores.clone(),
        site_keys: graph.site_keys.clone(),
        bases: graph.bases.clone(),
        implementors: graph.implementors.clone(),
        subclasses: graph.subclasses.clone(),
        channels: graph.channels.clone(),
        parameter_stores: graph.parameter_stores.clone(),
    }
}

fn sort_all(graph: &mut Graph) {
    fn tidy<K, V: Ord>(map: &mut FxHashMap<K, Vec<V>>) {
        for list in map.values_mut() {
            list.sort();
            list.dedup();
        }
    }
    tidy(&mut graph.callers);
    tidy(&mut graph.users);
    tidy(&mut graph.handed);
    tidy(&mut graph.part_calls);
    tidy(&mut graph.channels);
}

fn index_stores(graph: &mut Graph) {
    let mut keys: Vec<_> = graph.stores.keys().cloned().collect();
    keys.sort();
    for (site, key) in keys {
        graph.site_keys.entry(site).or_default().push(key);
    }
    for list in graph.stores.values_mut() {
        list.sort();
        list.dedup();
    }
}

#[derive(Default)]
struct Derived {
    callers: Vec<(FunctionAt, Caller)>,
    users: Vec<(ClassAt, At)>,
    handed: Vec<((FunctionAt, u32), crate::catalog::Handle)>,
    part_calls: Vec<(At, crate::base::Path, At)>,
    channels: Vec<((smol_str::SmolStr, smol_str::SmolStr), At)>,
}

fn derive_calls(world: World<'_>, calls: &[At]) -> Derived {
    let mut derived = Derived::default();
    let mut stepper = Stepper::new(world);
    for &call in calls {
        stepper.fuel = bounds::FUEL;
        for callee in stepper.callees(call).to_vec() {
            match callee {
                Callee::Function { at, mode, .. } => derived.callers.push((at, Caller { call, mode })),
                Callee::Class(class) => {
                    derived.users.push((class, call));
                    constructed(world, &mut derived, class, call);
                }
                Callee::Handle(handle) => {
                    for signature in world.catalog.call(&handle) {
                        library_callbacks(&mut stepper, &mut derived, call, signature);
                    }
                }
                Callee::Part(site, path) => derived.part_calls.push((site, path, call)),
            }
        }
        sdk_callbacks(&mut stepper, &mut derived, call);
    }
    derived
}

/// Constructing a class calls its constructor, or the one that it inherits.
fn constructed(world: World<'_>, derived: &mut Derived, class: ClassAt, call: At) {
    let mut at = class;
    for _ in 0..16 {
        if let Some(function) = world.project.class(at).constructor {
            derived.callers.push((FunctionAt { file: at.file, function }, Caller { call, mode: Mode::Direct }));
            return;
        }
        match world.graph.bases.get(&at).and_then(|bases| bases.first()) {
            Some(&base) => at = base,
            None => return,
        }
    }
}

/// Functions that a library is given call back: `list.map(f)`.
fn library_callbacks(stepper: &mut Stepper<'_>, derived: &mut Derived, call: At, signature: &Signature) {
    let mut seen = Vec::new();
    for flow in &signature.flows {
        if let Anchor::Channel(name, key) = &flow.to.anchor {
            let key = stepper.channel_key(call, *key);
            derived.channels.push(((name.clone(), key), call));
        }
        for port in [&flow.from, &flow.to] {
            let split = port.suffix.iter().position(|step| !matches!(step, Suffix::Part(_)));
            let Some(split) = split.filter(|_| !matches!(port.anchor, Anchor::Return | Anchor::Channel(..))) else {
                continue;
            };
            let head = crate::catalog::port::Port { anchor: port.anchor.clone(), suffix: port.suffix[..split].to_vec() };
            if seen.contains(&head) {
                continue;
            }
            for (index, state) in stepper.port(State::whole(call), call, &head).into_iter().enumerate() {
                let argument = match &head.anchor {
                    Anchor::Argument(argument) => *argument,
                    _ => u32::try_from(index).unwrap_or(u32::MAX),
                };
                for (function, _, _) in stepper.functions(state) {
                    derived.callers.push((function, Caller { call, mode: Mode::Callback(argument) }));
                }
            }
            seen.push(head);
        }
    }
}

/// Callbacks that an SDK hands its own objects: `withScope(scope => …)`.
fn sdk_callbacks(stepper: &mut Stepper<'_>, derived: &mut Derived, call: At) {
    for made in sdk::calls(stepper, call) {
        for (index, argument) in made.arguments.iter().enumerate() {
            let Some(state) = argument else { continue };
            if let Some(meaning) = made.signature.meaning(index) {
                hand(stepper, derived, &made.handle, *state, meaning);
            }
        }
    }
}

fn hand(
    stepper: &mut Stepper<'_>, derived: &mut Derived, handle: &crate::catalog::Handle, state: State, meaning: &Meaning,
) {
    match meaning {
        Meaning::Word(_) => {}
        Meaning::Parts(parts) => {
            for (key, meaning) in parts {
                let path = stepper.tables.within(state.path, sdk::part_key(key));
                hand(stepper, derived, handle, State { path, ..state }, meaning);
            }
        }
        Meaning::Callback(callback) => {
            for (function, _, _) in stepper.functions(state) {
                for (index, name) in callback.params.iter().enumerate() {
                    if let Some(api) = stepper.world.catalog.sibling(handle.api, name) {
                        let index = u32::try_from(index).unwrap_or(u32::MAX);
                        let handle = crate::catalog::Handle { api, path: smol_str::SmolStr::default() };
                        derived.handed.push(((function, index), handle));
                    }
                }
            }
        }
    }
}

type FoundStore = (Site, Key, Stored);

fn resolve_stores(world: World<'_>, file: FileId) -> Vec<FoundStore> {
    let mut stepper = Stepper::new(world);
    let mut found = Vec::new();
    let facts = world.project.facts(file);
    for store in &facts.stores {
        stepper.fuel = bounds::FUEL;
        let (root, mut keys) = root_of(world, At { file, value: store.base });
        keys.push(store.key.clone());
        let value = At { file, value: store.value };
        for (site, mut prefix) in sites(&mut stepper, root) {
            prefix.extend(keys.iter().cloned());
            let first = prefix.remove(0);
            found.push((site, first, Stored { rest: prefix, value }));
        }
    }
    found
}

/// The long-lived objects that a value may be, and the keys that lead from them to it.
fn sites(stepper: &mut Stepper<'_>, root: At) -> Vec<(Site, Vec<Key>)> {
    let world = stepper.world;
    let facts = world.project.facts(root.file);
    match facts.value(root.value) {
        Value::This(function) => match facts.function(*function).home {
            Home::Class(class) => vec![(Site::Instances(ClassAt { file: root.file, class }), Vec::new())],
            Home::Static(class) => vec![(Site::Class(ClassAt { file: root.file, class }), Vec::new())],
            Home::Object(object) => object_site(root.file, object, stepper),
            Home::None => Vec::new(),
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
    let at = At { file, value: object };
    match stepper.world.project.value(at) {
        Value::Object(_) => vec![(Site::Value(at), Vec::new())],
        _ => value_sites(stepper, at),
    }
}

fn value_sites(stepper: &mut Stepper<'_>, root: At) -> Vec<(Site, Vec<Key>)> {
    let mut found = Vec::new();
    for end in stepper.ends(State::whole(root)) {
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

fn resolve_bases(graph: &mut Graph, world: World<'_>) {
    let mut stepper = Stepper::new(world);
    let mut bases = FxHashMap::default();
    let mut subclasses: FxHashMap<ClassAt, Vec<ClassAt>> = FxHashMap::default();
    for &file in world.project.files() {
        for (index, class) in world.project.facts(file).classes.iter().enumerate() {
            let Some(base) = class.extends else { continue };
            let at = ClassAt { file, class: ClassId(u32::try_from(index).unwrap_or(u32::MAX)) };
            stepper.fuel = bounds::FUEL;
            let resolved = stepper.resolve(State::whole(At { file, value: base }));
            for callee in resolved.callees {
                if let Callee::Class(base) = callee
                    && base != at
                {
                    bases.entry(at).or_insert_with(Vec::new).push(base);
                    subclasses.entry(base).or_default().push(at);
                }
            }
        }
    }
    graph.bases = bases;
    graph.subclasses = subclasses;
}
