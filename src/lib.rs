//! overshare: which vendor gets which fields of a person, from which line, along which path.
pub mod base;
pub mod catalog;
pub mod report;
