//! The engine: backward, on demand, from what vendors receive to where it was read.
//!
//! No vendor name, no syntax tree and no file system here. [`build`] makes the call graph, [`sinks`] says which
//! arguments a vendor learns, [`follow`] asks for each what it is made of, until an origin is met.

pub mod ambient;
pub mod bounds;
pub mod build;
pub mod flow;
pub mod follow;
pub mod graph;
pub mod library;
pub mod names;
pub mod onward;
mod options;
pub mod ports;
pub mod resolve;
pub mod sdk;
pub mod sinks;
pub mod state;
pub mod step;
pub mod types;

use rayon::prelude::*;

use crate::link::project::FileId;

/// Follows every sink of some files.
#[must_use]
pub fn trace(world: graph::World<'_>, files: &[FileId]) -> flow::Found {
    let parts: Vec<flow::Found> = files
        .par_iter()
        .map(|&file| {
            let mut stepper = step::Stepper::new(world);
            stepper.remembers = true;
            let mut found = flow::Found::default();
            for sink in sinks::of_file(&mut stepper, file) {
                found.homes.insert(file);
                let method = sink.place.call.rsplit(['.', '#']).next().unwrap_or_default();
                found.methods.insert(method.into());
                follow::follow(&mut stepper, &sink, &mut found);
            }
            found.unread.append(&mut stepper.unread);
            found
        })
        .collect();
    let mut all = flow::Found::default();
    for mut part in parts {
        all.flows.append(&mut part.flows);
        all.wrapped.append(&mut part.wrapped);
        all.lost.append(&mut part.lost);
        all.wanted_callers.append(&mut part.wanted_callers);
        all.unread.append(&mut part.unread);
        all.homes.append(&mut part.homes);
        all.methods.append(&mut part.methods);
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
