//! Files joined into a project: modules resolved, facts held by file.

pub mod project;
