//! Progress: how far a scan is, told to whoever wants to show it.

use std::fmt;

/// What a scan is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Looking for files.
    Walking,
    /// Reading each file once; [`Progress::read`] follows for each.
    Reading {
        /// How many.
        files: usize,
    },
    /// Parsing what can matter and following values.
    Tracing,
}

/// Is told how far a scan is, from any of its threads.
pub trait Progress: fmt::Debug + Send + Sync {
    /// A stage begins.
    fn stage(&self, stage: Stage);

    /// One more file was read.
    fn read(&self);
}
