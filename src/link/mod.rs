//! Files joined into a project: modules resolved, facts held by file, and what manifests declare.

mod config;
pub mod manifest;
pub mod project;
pub mod resolve;
pub mod schema;
