//! Functions that are declared with an SDK's callback type: `const addUser: OnErrorCallback = (event) => …`.

use smol_str::SmolStr;

use super::{Fresh, edges::insert};
use crate::{
    catalog::{Catalog, Handle, format::Meaning},
    facts::{TypeRef, Value},
    link::project::{FileId, FunctionAt, Project},
    trace::step::Basis,
};

/// Hands such functions the SDK's objects; the catalogue describes the type as a call that is given the callback.
pub(super) fn declare(Fresh { graph, changed, project, catalog, file }: &mut Fresh<'_>) {
    let (project, catalog, file) = (*project, *catalog, *file);
    let facts = project.facts(file);
    for variable in &facts.variables {
        let Some(annotation) = variable.annotation else { continue };
        let functions = variable.writes.iter().filter_map(|&write| match facts.value(write) {
            Value::Function(function) => Some(FunctionAt { file, function: *function }),
            _ => None,
        });
        for function in functions {
            for (index, handle) in handed(project, catalog, file, &facts.types[annotation.index()]) {
                changed.insert(Basis::Callers(function));
                insert(graph.handed.entry((function, index)).or_default(), handle);
            }
        }
    }
}

/// What a function of a type is called with, by parameter.
fn handed(project: &Project, catalog: &Catalog, file: FileId, annotation: &TypeRef) -> Vec<(u32, Handle)> {
    let TypeRef::Named(name, _) = annotation else { return Vec::new() };
    let Some((package, name)) = project.package_type(file, name) else { return Vec::new() };
    let mut found = Vec::new();
    for handle in catalog.export(package, Some(name)) {
        for signature in catalog.call(&handle) {
            let Some(Meaning::Callback(callback)) = signature.args.first() else { continue };
            for (index, api) in callback.params.iter().enumerate() {
                if let (Some(api), Ok(index)) = (catalog.sibling(handle.api, api), u32::try_from(index)) {
                    found.push((index, Handle { api, path: SmolStr::default() }));
                }
            }
        }
    }
    found
}
