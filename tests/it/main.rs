//! The integration tests, in one binary.

#![allow(clippy::missing_panics_doc, clippy::unwrap_used, clippy::expect_used, reason = "tests panic to fail")]
#![allow(clippy::format_push_string, reason = "a test is written to be read")]
#![allow(clippy::disallowed_methods, reason = "fixtures and documentation are files")]

mod ambient;
mod baseline;
mod breach;
mod catalogue;
mod changes;
mod command_line;
mod expectations;
mod fixtures;
mod floors;
mod hostile;
mod init;
mod onward;
mod packages;
mod policy;
mod presence;
mod programs;
mod properties;
mod readme;
mod review;
mod revisions;
mod sarif;
mod signatures;
mod suppressions;
mod unfollowed;
mod vendor_pages;
