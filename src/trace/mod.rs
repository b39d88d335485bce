//! The engine: backward, on demand, from what vendors receive to where it was read.
//!
//! No vendor name, no syntax tree and no file system here. [`build`] makes the call graph, [`sinks`] says which
//! arguments a vendor learns, [`follow`] asks for each what it is made of, until an origin is met.

pub mod bounds;
pub mod build;
pub mod graph;
pub mod resolve;
pub mod sdk;
pub mod state;
pub mod step;
