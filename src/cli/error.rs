//! What can go wrong before or after the work, and how to mend it.

use std::{io, path::PathBuf};

use crate::{base::similar, scan::ScanError, source::revision::RevisionError};

/// The work could not be done. Each variant is the user's to mend but the last.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The user named something that does not exist.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// `vendor`, `data category`, …
        what: &'static str,
        /// What was typed.
        name: String,
        /// How to find the right one.
        help: String,
    },
    /// The arguments contradict each other.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to type instead.
        help: String,
    },
    /// A file or folder that the user named cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    Unreadable {
        /// What was named.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        error: io::Error,
    },
    /// A file that the user named cannot be written.
    #[error("cannot write `{}`: {error}", path.display())]
    Unwritable {
        /// What was named.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        error: io::Error,
    },
    /// The policy is wrong, told with pictures of the places.
    #[error("the policy is not understood\n{0}")]
    Policy(String),
    /// Standard output refuses, and not because its reader went away.
    #[error("cannot write to standard output: {0}")]
    Output(#[source] io::Error),
    /// The scan itself.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The threads could not be started.
    #[error("cannot start the threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

impl CliError {
    /// How to mend it, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unknown { help, .. } | Self::Usage { help, .. } => Some(help.clone()),
            Self::Unreadable { .. } => Some("check its permissions, or name another path".to_owned()),
            Self::Unwritable { .. } => Some("check that the folder exists and may be written to".to_owned()),
            Self::Threads(_) => Some("try fewer, for example `--threads 1`".to_owned()),
            Self::Scan(ScanError::Walk(_)) => {
                Some("paths are taken from the current folder; see `overshare --help`".to_owned())
            }
            Self::Scan(ScanError::Revision(RevisionError::Unknown { .. })) => Some(
                "a shallow clone has few: fetch it first (`fetch-depth: 0`, or `git fetch origin REVISION`)".to_owned(),
            ),
            Self::Output(_) | Self::Policy(_) | Self::Scan(_) => None,
        }
    }
}

/// What to say of an unknown name: the one most like it, or else where all of them are listed.
#[must_use]
pub fn suggestion<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>, listed: &str) -> String {
    similar(wanted, known).map_or_else(|| listed.to_owned(), |name| format!("did you mean `{name}`?"))
}
