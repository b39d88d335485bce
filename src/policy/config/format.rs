//! `overshare.toml` as it is typed. `docs/overshare.schema.json` describes the same for editors.

#![allow(clippy::mutable_key_type, reason = "patterns are compared by their text")]

use std::{
    collections::BTreeMap,
    fmt,
    hash::{Hash, Hasher},
};

use globset::{GlobBuilder, GlobMatcher};
use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Spanned;

use crate::{
    base::{Category, Group, Severity},
    catalog::format::Kind,
};

/// One policy file; every part may be absent.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct File {
    /// For editors.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// Policy files that this one adds to, from its own folder.
    pub extends: Vec<Spanned<String>>,
    /// How grave findings are.
    pub severity: Severities,
    /// Vendors that may receive something.
    pub allow: Vec<Allow>,
    /// Vendors that must not be used.
    pub deny: Vec<Deny>,
    /// The vendors that may be used at all.
    pub declared: Option<Vec<Spanned<String>>>,
    /// Vendors whose software runs on the project's own machines.
    pub self_hosted: Vec<Spanned<String>>,
    /// Hosts of the project's own.
    pub first_party_hosts: Vec<String>,
    /// Functions whose result no longer tells who a person is: `name`, or `package#name`.
    pub sanitizers: Vec<String>,
    /// Comments that hide findings.
    pub suppressions: Suppressions,
    /// What holds for a part of the project only.
    pub r#override: Vec<Override>,
    /// Trackers of the project's own, by id, in the catalogue's format.
    pub tracker: BTreeMap<Spanned<String>, toml::Table>,
    /// Libraries, by name, in the catalogue's format.
    pub model: BTreeMap<Spanned<String>, toml::Table>,
    /// Identity words, in the format of `words/`.
    pub words: Option<Spanned<toml::Table>>,
}

/// How grave findings are. The nearest answer holds: path, vendor, category, kind, group.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Severities {
    /// By the file in which the value leaves its owner; of several patterns the last holds.
    pub path: IndexMap<Pattern, Level>,
    /// By vendor.
    pub vendor: BTreeMap<Spanned<String>, Level>,
    /// By data category.
    pub category: BTreeMap<Category, Level>,
    /// By what vendors are used for.
    pub kind: BTreeMap<Kind, Level>,
    /// By group of data categories.
    pub group: BTreeMap<Group, Level>,
}

/// A severity, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Hidden, and counted.
    Off,
    /// See [`Severity::Note`].
    Note,
    /// See [`Severity::Warning`].
    Warning,
    /// See [`Severity::Error`].
    Error,
}

impl Level {
    /// The severity, if it is one.
    #[must_use]
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Note => Some(Severity::Note),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// A vendor that may receive something.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Allow {
    /// The vendor.
    pub vendor: Spanned<String>,
    /// What it may receive: data categories and groups of them; anything, if there are none.
    #[serde(default)]
    pub categories: Vec<Selection>,
    /// Where; everywhere, if there are none.
    #[serde(default)]
    pub paths: Vec<Pattern>,
    /// Why.
    pub reason: Reason,
    /// The last day on which it may.
    #[serde(default)]
    pub until: Option<Day>,
}

/// A vendor that must not be used.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Deny {
    /// The vendor.
    pub vendor: Spanned<String>,
    /// Why.
    pub reason: Reason,
}

/// Comments that hide findings.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Suppressions {
    /// Whether each must give a reason; `true` unless told.
    pub require_reason: Option<bool>,
}

/// What holds for a part of the project only.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Which part.
    pub paths: Vec<Pattern>,
    /// How grave findings are there.
    #[serde(default)]
    pub severity: Severities,
}

/// A data category, or a group of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// One category.
    Category(Category),
    /// All of a group.
    Group(Group),
}

impl Selection {
    /// Whether a category is selected.
    #[must_use]
    pub fn selects(self, category: Category) -> bool {
        match self {
            Self::Category(own) => own == category,
            Self::Group(group) => category.group() == group,
        }
    }
}

impl<'de> Deserialize<'de> for Selection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Some(group) = Group::ALL.iter().find(|group| group.id() == text) {
            return Ok(Self::Group(*group));
        }
        text.parse().map(Self::Category).map_err(|_| {
            let ids = Category::ALL.iter().map(|it| it.id()).chain(Group::ALL.iter().map(|group| group.id()));
            let ids: Vec<_> = ids.map(|id| format!("`{id}`")).collect();
            D::Error::custom(format!("unknown data category `{text}`, expected one of {}", ids.join(", ")))
        })
    }
}

/// A reason: what a reviewer can argue about.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Reason(pub String);

impl TryFrom<String> for Reason {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = text.trim().to_owned();
        if text.is_empty() { Err("the reason is empty: say why, for the next reader") } else { Ok(Self(text)) }
    }
}

/// A pattern of paths from the policy file's folder, such as `apps/admin/**`.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    glob: GlobMatcher,
}

impl Pattern {
    /// Whether a path is meant.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.glob.is_match(path)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let glob = GlobBuilder::new(text.trim_start_matches("./")).literal_separator(true).build();
        let glob = glob.map_err(|error| D::Error::custom(format!("bad path pattern: {error}")))?.compile_matcher();
        Ok(Self { text, glob })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// A day, as a TOML date or as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match toml::Value::deserialize(deserializer)? {
            toml::Value::Datetime(date) => date.to_string(),
            toml::Value::String(text) => text,
            other => return Err(D::Error::custom(format!("`{other}` is no date: write it as 2027-01-31"))),
        };
        day(&text).map(Self).ok_or_else(|| D::Error::custom(format!("`{text}` is no date: write it as 2027-01-31")))
    }
}

/// The day that a text names, such as `2027-01-31`.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    text.parse().ok().filter(|_| text.len() == 10)
}
