//! Keys and access paths: which part of a value is meant.

use std::fmt;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Key {
    /// A property with a known name; private names keep their `#`.
    Name(SmolStr),
    /// An array element at a known index.
    Index(u32),
    /// Some array element, or a property whose name is not known.
    Any,
}

impl Key {
    /// A property key.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self::Name(SmolStr::new(name))
    }

    /// The property name, if it is one.
    #[must_use]
    pub fn as_name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Index(_) | Self::Any => None,
        }
    }

    /// Whether two keys can denote the same part of a value. What a promise was rejected with is no part that a
    /// program can name, so an unknown key is another.
    #[must_use]
    pub fn may_equal(&self, other: &Self) -> bool {
        let any =
            matches!(self, Self::Any) && !other.is_rejection() || matches!(other, Self::Any) && !self.is_rejection();
        self == other || any
    }

    /// What a promise was rejected with.
    #[must_use]
    pub fn rejection() -> Self {
        Self::name(REJECTION)
    }

    /// Whether it stands for what a promise was rejected with.
    #[must_use]
    pub fn is_rejection(&self) -> bool {
        self.as_name() == Some(REJECTION)
    }
}

/// The part of a promise that it was rejected with, as the library models call it.
const REJECTION: &str = "$reason";

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, ".{name}"),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Any => f.write_str("[*]"),
        }
    }
}

/// An access path: the keys from a value to the part of it that is meant, outermost first.
///
/// The empty path means the value itself *and* whatever can be reached from it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Path(pub Vec<Key>);

impl Path {
    /// The whole value.
    #[must_use]
    pub const fn whole() -> Self {
        Self(Vec::new())
    }

    /// Whether the whole value is meant.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// This path inside the part `key` of a larger value. Keeps at most `limit` keys: the deepest are forgotten, so
    /// that a longer path means more of the value, never another part of it.
    #[must_use]
    pub fn within(&self, key: Key, limit: usize) -> Self {
        let mut keys = Vec::with_capacity((self.0.len() + 1).min(limit));
        keys.push(key);
        keys.extend(self.0.iter().take(limit.saturating_sub(1)).cloned());
        Self(keys)
    }

    /// The first key and the path after it.
    #[must_use]
    pub fn split(&self) -> Option<(&Key, Self)> {
        let (first, rest) = self.0.split_first()?;
        Some((first, Self(rest.to_vec())))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_whole() {
            return f.write_str("*");
        }
        self.0.iter().try_for_each(|key| write!(f, "{key}"))
    }
}
