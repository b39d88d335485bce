//! The engine: backward, on demand, from what vendors receive to where it was read.
//!
//! No vendor name, no syntax tree and no file system here. [`build`] makes the call graph, [`sinks`] says which
//! arguments a vendor learns, [`follow`] asks for each what it is made of, until an origin is met.

pub mod ambient;
pub mod answers;
pub mod bounds;
pub mod build;
pub mod flow;
pub mod follow;
pub mod graph;
mod guards;
pub mod library;
pub mod names;
pub mod onward;
mod options;
pub mod owners;
pub mod pages;
pub mod per_file;
pub mod ports;
pub mod resolve;
pub mod sdk;
pub mod sinks;
pub mod state;
pub mod step;
pub mod types;

use crate::link::project::FileId;

/// What the sinks of each file were given.
pub type Traced = answers::Answers<FileId, flow::Found>;

/// Follows every sink of some files, as far as the graph has `changed` since they were followed.
#[must_use]
pub fn trace(
    world: graph::World<'_>,
    files: &[FileId],
    traced: &mut Traced,
    changed: &answers::Changes,
) -> flow::Found {
    traced.renew(world, files, changed, |stepper, file| {
        let mut found = flow::Found::default();
        for sink in sinks::of_file(stepper, file) {
            found.homes.insert(file);
            let method = sink.place.call.rsplit(['.', '#']).next().unwrap_or_default();
            found.methods.insert(method.into());
            follow::follow(stepper, &sink, &mut found);
        }
        found.unread.append(&mut stepper.unread);
        found
    });
    together(world, traced)
}

/// What was found in all files, without what was found twice.
fn together(world: graph::World<'_>, traced: &Traced) -> flow::Found {
    let mut all = flow::Found::default();
    for part in traced.values() {
        all.flows.extend_from_slice(&part.flows);
        all.wrapped.extend_from_slice(&part.wrapped);
        all.lost.extend_from_slice(&part.lost);
        all.wanted_callers.extend_from_slice(&part.wanted_callers);
        all.unread.extend(&part.unread);
        all.homes.extend(&part.homes);
        all.methods.extend(part.methods.iter().cloned());
    }
    all.flows.sort();
    all.flows.dedup();
    all.wrapped.sort();
    all.wrapped.dedup();
    all.homes.extend(all.wanted_callers.iter().map(|function| function.file));
    for wrapped in &all.wrapped {
        let callers = world.graph.callers.get(&wrapped.function).map_or(0, Vec::len);
        all.callers.insert(wrapped.function, callers);
    }
    all.lost.sort();
    all.lost.dedup();
    all.wanted_callers.sort_unstable();
    all.wanted_callers.dedup();
    all
}
