//! What things are called: the names along a chain of reads, for the identity words to judge.

use smol_str::SmolStr;

use super::graph::World;
use crate::{
    base::Key,
    facts::{TypeRef, Value},
    link::project::{At, FunctionAt},
};

/// How far definitions are followed for names.
const DEFINITIONS: usize = 4;

/// The name by which an expression goes: the last of `a.b.c`, the variable, the callee.
#[must_use]
pub fn last(world: World<'_>, at: At) -> Option<SmolStr> {
    let facts = world.project.facts(at.file);
    match facts.value(at.value) {
        Value::Member { key: Key::Name(key), .. } => Some(key.clone()),
        Value::Member { base, .. } | Value::Await(base) | Value::Typed { value: base, .. } => {
            last(world, At { file: at.file, value: *base })
        }
        Value::Read { variable, .. } => Some(facts.variable(*variable).name.clone()),
        Value::Global(name) => Some(name.clone()),
        Value::Call(made) => last(world, At { file: at.file, value: made.callee }),
        _ => None,
    }
}

/// The chains of names that a receiver goes by, outermost name first: as written, and by the definitions and types of
/// the variables in it.
#[must_use]
pub fn receivers(world: World<'_>, at: At) -> Vec<Vec<SmolStr>> {
    let mut chains = Vec::new();
    collect(world, at, DEFINITIONS, &[], &mut chains);
    // A parameter without a type adds no name to that of its variable.
    if chains.iter().any(|chain| !chain.is_empty()) {
        chains.retain(|chain| !chain.is_empty());
    }
    chains
}

fn collect(world: World<'_>, at: At, depth: usize, inner: &[SmolStr], chains: &mut Vec<Vec<SmolStr>>) {
    let facts = world.project.facts(at.file);
    let mut names: Vec<SmolStr> = inner.to_vec();
    let mut value = at.value;
    let place = |value| At { file: at.file, value };
    loop {
        match facts.value(value) {
            Value::Member { base, key, .. } => {
                if let Key::Name(key) = key {
                    names.insert(0, key.clone());
                }
                value = *base;
            }
            Value::Await(base) | Value::Typed { value: base, .. } | Value::Passed { base, .. } => {
                if let Value::Typed { annotation, .. } = facts.value(value) {
                    push_type(&facts.types[annotation.index()], &names, chains);
                }
                value = *base;
            }
            Value::Read { variable, value: definition } => {
                let variable = facts.variable(*variable);
                let mut named = names.clone();
                named.insert(0, variable.name.clone());
                chains.push(named);
                if let Some(annotation) = variable.annotation {
                    push_type(&facts.types[annotation.index()], &names, chains);
                }
                let only = if variable.writes.len() == 1 { variable.writes.first() } else { None };
                if let (Some(depth), Some(&definition)) = (depth.checked_sub(1), definition.as_ref().or(only)) {
                    collect(world, place(definition), depth, &names, chains);
                }
                return;
            }
            Value::Global(name) => {
                names.insert(0, name.clone());
                return chains.push(names);
            }
            Value::Call(made) => {
                if let Some(callee) = last(world, place(made.callee)) {
                    names.insert(0, callee);
                }
                return chains.push(names);
            }
            Value::Choice(options) => {
                for &option in options.iter().take(4) {
                    if let Some(depth) = depth.checked_sub(1) {
                        collect(world, place(option), depth, &names, chains);
                    }
                }
                return;
            }
            Value::Parameter { function, index } => {
                let function = FunctionAt { file: at.file, function: *function };
                if let Some(annotation) = parameter_type(world, function, *index) {
                    let mut typed = names.clone();
                    typed.insert(0, annotation);
                    chains.push(typed);
                }
                return chains.push(names);
            }
            _ => return chains.push(names),
        }
    }
}

fn push_type(annotation: &TypeRef, names: &[SmolStr], chains: &mut Vec<Vec<SmolStr>>) {
    if let Some(name) = type_name(annotation) {
        let mut chain = names.to_vec();
        chain.insert(0, name);
        chains.push(chain);
    }
}

/// The name of a parameter's declared type.
#[must_use]
pub fn parameter_type(world: World<'_>, function: FunctionAt, index: u32) -> Option<SmolStr> {
    let facts = world.project.facts(function.file);
    let parameter = facts.function(function.function).parameters.get(index as usize)?;
    type_name(&facts.types[parameter.annotation?.index()])
}

/// The name that tells what a type is about.
#[must_use]
pub fn type_name(annotation: &TypeRef) -> Option<SmolStr> {
    match annotation {
        TypeRef::Named(name, arguments) => match (name.as_str(), arguments.first()) {
            ("Promise" | "Partial" | "Readonly" | "Required" | "NonNullable" | "Awaited" | "Ref", Some(inner)) => {
                type_name(inner)
            }
            ("string" | "number" | "boolean" | "any" | "unknown" | "object" | "void" | "null" | "undefined", _) => None,
            _ => Some(name.rsplit('.').next().unwrap_or(name).into()),
        },
        TypeRef::Array(inner) => type_name(inner),
        TypeRef::Several(parts) => parts.iter().find_map(type_name),
        TypeRef::Indexed(_, key) => Some(key.clone()),
        _ => None,
    }
}
