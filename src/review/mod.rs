//! The security review: what a privacy lawyer and an engineer look at together.
//!
//! A [`Review`] is computed once from one report or many and is plain data: flows with their hops and code, who gets
//! what, what SDKs collect by default, which edits remove most, what was not covered. An [`Exposure`] is the part of it
//! that one vendor's breach would disclose. The views in [`view`] order and phrase it, and compute nothing.

mod build;
pub mod delta;
mod edits;
pub mod exposure;
pub mod history;
pub mod merge;
pub mod model;
mod persons;
pub mod ropa;
pub mod tables;
mod vendors;
pub mod view;

pub use build::{Facts, review};
pub use exposure::Exposure;
pub use history::History;
pub use model::Review;
