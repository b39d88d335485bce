//! From paths to bytes: which files belong to a project, what their text is, and what each of them mentions.
//!
//! The floor answers three questions before anything is parsed. [`walk`] finds the files and says what it left out and
//! why. [`read`] and [`decode`] turn a file into text whatever its encoding. [`Sketch`] tells, from one pass over the
//! bytes, which catalogue markers, identifiers and import specifiers occur, so that a file that cannot matter is never
//! parsed. [`islands`] cuts the scripts and expressions out of HTML, Vue, Svelte and Astro files.
//!
//! What a marker stands for is not known here: the caller hands markers in as data.

#![allow(clippy::disallowed_methods, reason = "this is where the disk is met")]

mod comment;
mod islands;
mod kind;
pub mod revision;
mod rules;
mod sketch;
mod skip;
mod text;
mod walk;

pub use comment::Comment;
pub use islands::{
    Form, Island, IslandKind, Islands, Program, comments, island_text, islands, programs, with_inline_scripts,
};
pub use kind::{FileKind, Host, Language, is_declaration, is_test};
pub use sketch::{Markers, Sketch, Word};
pub use skip::{SkipReason, Skipped, skip_content};
pub use text::{Text, decode, digest, read, read_into, text_of};
pub use walk::{Candidate, Walk, WalkError, places, walk, walk_from};

/// How files are chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Look also at vendored, minified and generated files. What `.gitignore` excludes, binary files and files above
    /// `max_bytes` stay out.
    pub no_skip: bool,
    /// Files with more bytes than this are left out.
    pub max_bytes: u64,
    /// Number of threads that walk; 0 means one per core. The result does not depend on it.
    pub threads: usize,
}

impl Default for Options {
    /// 2 MiB is above any source that people write and below most bundles.
    fn default() -> Self {
        Self { no_skip: false, max_bytes: 2 * 1024 * 1024, threads: 0 }
    }
}
