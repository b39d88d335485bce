//! Words that every floor shares: places in text, keys and access paths, and the data categories.
//!
//! Nothing here knows about syntax, vendors or files on disk.

mod category;
mod key;
mod similar;
mod span;

pub use category::{Category, Group, Severity, UnknownCategory};
pub use key::{Key, Path};
pub use similar::similar;
pub use span::{LineIndex, Position, Span};
