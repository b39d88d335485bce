//! The integration tests, in one binary.

#![allow(clippy::missing_panics_doc, reason = "tests panic to fail")]

mod catalogue;
mod command_line;
mod expectations;
mod fixtures;
mod floors;
mod vendor_pages;
