//! overshare: which vendor gets which fields of a person, from which line, along which path.
//!
//! A file becomes a finding by floors that import only downwards; `docs/architecture.md` is the map.

pub mod base;
pub mod catalog;
pub mod cli;
pub mod facts;
pub mod link;
pub mod policy;
pub mod report;
pub mod review;
pub mod scan;
pub mod source;
pub mod syntax;
pub mod trace;
