//! Demand: which files must be parsed, found by asking and asking again.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{
    Found, MAX_ROUNDS, Wanted,
    load::{Loader, index_id},
};
use crate::{
    catalog::{Catalog, words::Words},
    facts::{COMMON_JS_EXPORT, ExportTarget, FunctionId, Home, Property, Value},
    link::project::{At, FileId, FunctionAt, Module, Project},
    source::{Sketch, Word},
    trace::{
        self,
        answers::Answers,
        bounds,
        build::Builder,
        graph::{Callee, World},
        state::State,
        step::Stepper,
    },
};

/// Imports between a function and a file that counts as near: the file itself imports it, or a barrel in between.
const NEAR: usize = 2;

/// Files farther away that may mention a name before it says nothing.
const FAR_CANDIDATES: usize = 150;

/// Answers that outlive a round.
#[derive(Default)]
struct Kept {
    /// What the sinks of each file were given.
    traced: trace::Traced,
    /// What each file exports of an SDK.
    handed_out: Answers<FileId, Vec<SmolStr>>,
    /// Whether a call into a file that was not parsed is given an SDK object.
    given: Answers<At, bool>,
}

/// Parses, links and traces until nothing more is wanted.
pub(crate) fn fixpoint(
    loader: &Loader,
    project: &mut Project,
    catalog: &Catalog,
    words: &Words,
    seeds: Wanted,
) -> Found {
    project.schemas = loader.schemas();
    let mut wanted = seeds;
    let mut asked: BTreeSet<FunctionAt> = BTreeSet::new();
    let mut found = Found::default();
    let mut builder = Builder::default();
    let mut names: BTreeSet<SmolStr> = BTreeSet::new();
    let mut handed: BTreeSet<(FileId, SmolStr)> = BTreeSet::new();
    let mut kept = Kept::default();
    for _ in 0..MAX_ROUNDS {
        loader.load(project, &wanted);
        builder.grow(project, catalog, words);
        let changed = builder.take_changed();
        let world = World { project, catalog, words, graph: builder.graph() };
        found = trace::trace(world, project.files(), &mut kept.traced, &changed);
        let mut unread = std::mem::take(&mut found.unread);
        for &function in &found.wanted_callers {
            if asked.insert(function) {
                let mut own = names_of(project, function);
                unread.extend(importers_of(loader, function.file, &own));
                if let Some((section, name)) = world.graph.section_of.get(&function) {
                    unread.extend(callers_by_name(loader, catalog, section, name));
                }
                own.extend(project.facts(function.file).exports.iter().map(|export| export.name.clone()));
                names.extend(own);
            }
        }
        unread.extend(towards(loader, project, &builder, &names, &found));
        kept.handed_out.renew(world, project.files(), &changed, handed_out);
        for &file in project.files() {
            for name in kept.handed_out.get(file).into_iter().flatten() {
                if handed.insert((file, name.clone())) {
                    unread.extend(importers_of(loader, file, std::slice::from_ref(name)));
                }
            }
        }
        let waiting = builder.unread();
        let calls: Vec<At> = waiting.iter().map(|(call, _)| *call).collect();
        kept.given.renew(world, &calls, &changed, is_given_an_sdk);
        let given = waiting.iter().filter(|(call, _)| kept.given.get(*call).is_some_and(|given| *given));
        unread.extend(given.flat_map(|(_, files)| files.iter().copied()));
        unread.retain(|file| project.unit(*file).is_none());
        if unread.is_empty() {
            // Options may stand in a file that no payload led to.
            let starts = trace::ambient::started(world, project.files());
            (found.started, found.initialised) = (starts.started, starts.initialised);
            unread.extend(starts.unread.into_iter().filter(|file| project.unit(*file).is_none()));
        }
        wanted = unread;
        if wanted.is_empty() {
            break;
        }
    }
    let world = World { project, catalog, words, graph: builder.graph() };
    if !wanted.is_empty() {
        let starts = trace::ambient::started(world, project.files());
        (found.started, found.initialised) = (starts.started, starts.initialised);
    }
    found.onward = trace::onward::named(world, project.files());
    let pages = trace::pages::told(world, project.files(), &found);
    found.flows.extend(pages);
    found.flows.sort();
    found.flows.dedup();
    found
}

/// Files between a call and what it may enter: those that calls by a wanted name are imported through, if they lead to
/// a file in which something reaches a vendor. `app().tracker.send(x)` waits for what `app()` may enter.
fn towards(loader: &Loader, project: &Project, builder: &Builder, names: &BTreeSet<SmolStr>, found: &Found) -> Wanted {
    let unread = builder.unread();
    if unread.is_empty() {
        return Wanted::new();
    }
    let homes = found.homes.iter().map(|file| index_id(Loader::candidate_of(*file)));
    let reaching = loader.reaching(homes);
    let waiting: FxHashMap<At, &[FileId]> = unread.into_iter().collect();
    let callees = &builder.graph().callees;
    let mut wanted = Wanted::new();
    for &file in project.files() {
        for call in project.facts(file).calls.iter().map(|&value| At { file, value }) {
            let named = |name: SmolStr| names.contains(&name) || found.methods.contains(&name);
            if !called_by(project, call).is_some_and(named) {
                continue;
            }
            let parts = callees.get(&call).into_iter().flatten().filter_map(|callee| match callee {
                Callee::Part(site, _) => Some(*site),
                _ => None,
            });
            let files = std::iter::once(call).chain(parts).filter_map(|call| waiting.get(&call)).copied().flatten();
            wanted.extend(files.filter(|file| reaching.contains(&index_id(Loader::candidate_of(**file)))));
        }
    }
    wanted
}

/// The name by which something is called.
fn called_by(project: &Project, call: At) -> Option<SmolStr> {
    let Value::Call(made) = project.value(call) else { return None };
    let facts = project.facts(call.file);
    match facts.value(made.callee) {
        Value::Member { key, .. } => key.as_name().map(SmolStr::new),
        Value::Read { variable, .. } => Some(facts.variable(*variable).name.clone()),
        _ => None,
    }
}

/// The exports of a file that are SDK objects, or functions that give them.
fn handed_out(stepper: &mut Stepper<'_>, file: FileId) -> Vec<SmolStr> {
    let world = stepper.world;
    let facts = world.project.facts(file);
    let mut names = Vec::new();
    for export in &facts.exports {
        let values: Vec<At> = match &export.target {
            ExportTarget::Variable(variable) => {
                let variable = facts.variable(*variable);
                variable.writes.iter().chain(&variable.outside_writes).map(|&value| At { file, value }).collect()
            }
            ExportTarget::Value(value) => vec![At { file, value: *value }],
            ExportTarget::From(import) => {
                if let Module::Package(package) = world.project.module(file, *import)
                    && world.catalog.knows_package(package)
                {
                    names.push(export.name.clone());
                }
                continue;
            }
            ExportTarget::Star(_) => continue,
        };
        if values.into_iter().any(|at| is_sdk(stepper, at, 2)) {
            names.push(export.name.clone());
        }
    }
    names
}

/// Whether a value is a vendor's object, holds one, or is a function that returns one.
fn is_sdk(stepper: &mut Stepper<'_>, at: At, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let world = stepper.world;
    stepper.fuel = bounds::SDK_FUEL;
    match world.project.value(at) {
        Value::Function(function) => {
            let returns = &world.project.facts(at.file).function(*function).returns;
            returns.iter().any(|&value| is_sdk(stepper, At { file: at.file, value }, depth))
        }
        Value::Object(properties) => properties.iter().any(|property| match property {
            Property::Keyed { value, .. } | Property::Spread(value) => {
                is_sdk(stepper, At { file: at.file, value: *value }, depth)
            }
        }),
        // What a list or a string gives is none, and most exported functions return such things.
        Value::Call(_) if world.graph.fallbacks.has(&at) => false,
        _ => stepper.resolve(State::whole(at)).callees.iter().any(|callee| match callee {
            Callee::Handle(handle) => world.catalog.api(handle.api).vendor.is_some(),
            _ => false,
        }),
    }
}

/// Whether a call is given an SDK object as an argument.
fn is_given_an_sdk(stepper: &mut Stepper<'_>, call: At) -> bool {
    let Value::Call(made) = stepper.world.project.value(call) else { return false };
    let facts = stepper.world.project.facts(call.file);
    made.arguments.iter().take(6).any(|item| {
        let plain = matches!(facts.value(item.value), Value::Read { .. } | Value::Member { .. } | Value::Object(_));
        plain && is_sdk(stepper, At { file: call.file, value: item.value }, 2)
    })
}

/// The files that may use what a file exports under some names: they can reach it by imports, and mention a name.
///
/// A name that many files mention says nothing: then only files at a short distance count.
fn importers_of(loader: &Loader, home: FileId, names: &[SmolStr]) -> Wanted {
    if names.is_empty() {
        return Wanted::new();
    }
    let direct = names.iter().any(|name| name == "default" || name == COMMON_JS_EXPORT);
    let words: Vec<Word> = names.iter().map(|name| Word::new(name)).collect();
    let importers = loader.importers();
    let home = index_id(Loader::candidate_of(home));
    let mut reached: FxHashSet<u32> = std::iter::once(home).collect();
    let mut layer = vec![home];
    let mut near = Wanted::new();
    let mut far = Wanted::new();
    let mut distance = 0;
    while !layer.is_empty() {
        distance += 1;
        let mut next = Vec::new();
        for file in layer {
            for &importer in &importers[file as usize] {
                if !reached.insert(importer) {
                    continue;
                }
                next.push(importer);
                let seen = &loader.seen[importer as usize];
                let mentions = words.iter().any(|&word| seen.sketch.has(word)) || direct && file == home;
                if seen.code && mentions {
                    let list = if distance <= NEAR { &mut near } else { &mut far };
                    list.insert(Loader::first_program(importer));
                }
            }
        }
        layer = next;
    }
    if far.len() <= FAR_CANDIDATES {
        near.append(&mut far);
    }
    near
}

/// The files that may call a function by its name in a section: they mention it, and what calls by name.
fn callers_by_name(loader: &Loader, catalog: &Catalog, section: &str, name: &str) -> Wanted {
    let callers = catalog.sections().iter().filter(|known| known.name == section);
    let callers: Vec<Word> = callers.map(|known| Word::new(&known.called_by)).collect();
    let name = Word::new(name);
    let mentions = |sketch: &Sketch| sketch.has(name) && callers.iter().any(|&caller| sketch.has(caller));
    let found = loader.where_seen(|seen| mentions(&seen.sketch));
    if found.len() <= FAR_CANDIDATES { found } else { Wanted::new() }
}

/// The names by which other files may call a function: its own, the exports that lead to it, its class.
fn names_of(project: &Project, at: FunctionAt) -> Vec<SmolStr> {
    let facts = project.facts(at.file);
    let function = facts.function(at.function);
    let mut names: Vec<SmolStr> = function.name.iter().cloned().collect();
    if let Home::Class(class) | Home::Static(class) = function.home
        && function.name.as_deref() == Some("constructor")
    {
        names = facts.class(class).name.iter().cloned().collect();
    }
    for export in &facts.exports {
        let hands_out = match &export.target {
            ExportTarget::Value(value) => is_function(project, At { file: at.file, value: *value }, at.function),
            ExportTarget::Variable(variable) => {
                let writes = &facts.variable(*variable).writes;
                writes.iter().any(|&value| is_function(project, At { file: at.file, value }, at.function))
            }
            _ => false,
        };
        if hands_out {
            names.push(export.name.clone());
        }
    }
    if names.is_empty()
        && let Some(parent) = function.parent.filter(|parent| *parent != FunctionId(0))
    {
        return names_of(project, FunctionAt { file: at.file, function: parent });
    }
    names.sort();
    names.dedup();
    names
}

/// Whether a value is this function, or is made from it by a call that is given it (`memo(Component)`).
fn is_function(project: &Project, at: At, function: FunctionId) -> bool {
    match project.value(at) {
        Value::Function(own) => *own == function,
        Value::Call(made) => {
            let arguments = made.arguments.iter().take(4).map(|item| At { file: at.file, value: item.value });
            arguments.into_iter().any(|argument| is_function(project, argument, function))
        }
        Value::Read { value: Some(value), .. } => is_function(project, At { file: at.file, value: *value }, function),
        _ => false,
    }
}
