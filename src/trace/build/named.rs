//! Functions that are called by name: `dispatch("cart/add", item)` enters the `add` of an object's section `actions`.

use smol_str::SmolStr;

use super::{Fresh, edges::insert};
use crate::{
    facts::Value,
    link::project::{At, FunctionAt, Project},
    trace::{
        graph::Callee,
        names,
        state::{Mode, State},
        step::{self, Basis, Stepper},
    },
};

/// The functions of a file that others call by name.
pub(super) fn declare(Fresh { graph, changed, project, catalog, file }: &mut Fresh<'_>) {
    let (project, catalog, file) = (*project, *catalog, *file);
    let facts = project.facts(file);
    for value in &facts.values {
        let Value::Object(properties) = value else { continue };
        for (section, members) in step::named(properties) {
            if !catalog.sections().iter().any(|known| known.name == section) {
                continue;
            }
            let Value::Object(members) = project.value(defined(project, At { file, value: members })) else { continue };
            for (name, member) in step::named(members) {
                if let Value::Function(function) = project.value(defined(project, At { file, value: member })) {
                    let (function, name) = (FunctionAt { file, function: *function }, SmolStr::new(name));
                    let key = (SmolStr::new(section), name.clone());
                    graph.section_of.insert(function, key.clone());
                    insert(graph.sections.entry(key).or_default(), function);
                    changed.insert(Basis::Section(name));
                }
            }
        }
    }
}

/// The value behind a constant, or the value itself.
fn defined(project: &Project, at: At) -> At {
    project.facts(at.file).behind(at.value).map_or(at, |value| At { value, ..at })
}

/// The functions that a call enters whose first argument names them: `dispatch("cart/add", item)`.
pub(super) fn called(stepper: &mut Stepper<'_>, callee: At, named: At) -> Vec<Callee> {
    let world = stepper.world;
    let Some(method) = names::last(world, callee) else { return Vec::new() };
    let mut found = Vec::new();
    for section in world.catalog.sections().iter().filter(|section| section.called_by == method) {
        for text in stepper.strings(State::whole(named)) {
            let name = SmolStr::new(text.rsplit('/').next().unwrap_or_default());
            stepper.rests_on.insert(Basis::Section(name.clone()));
            let functions = world.graph.sections.get(&(SmolStr::new(&section.name), name)).into_iter().flatten();
            found.extend(functions.map(|&at| Callee::Function { at, mode: Mode::Direct, made_in: Vec::new() }));
        }
    }
    found
}
