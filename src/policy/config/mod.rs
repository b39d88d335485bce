//! The project's policy: what `overshare.toml` says, checked, ready to be asked.
//!
//! Reading files is the caller's business. A [`Builder`] takes the text of each, base files first; every mistake in
//! them is a [`Mistake`] with its place. The clock too is the caller's: a policy is asked about a day.

mod format;
mod mistake;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use smol_str::SmolStr;
use toml::Spanned;

use crate::{
    base::{Category, Severity},
    catalog::{Catalog, format::Kind, words::Words},
};

pub use format::{Day, File, Level, Pattern, Selection, Severities, day};
pub use mistake::Mistake;

/// What the project decided.
#[derive(Debug, Default)]
pub struct Policy {
    scopes: Vec<Scope>,
    /// Vendors that may receive something.
    pub allows: Vec<Allow>,
    /// Vendors that must not be used, with reasons.
    pub denied: BTreeMap<SmolStr, String>,
    /// The only vendors that may be used, if there is such a list.
    pub declared: Option<BTreeSet<SmolStr>>,
    /// Vendors whose software runs on the project's own machines.
    pub self_hosted: BTreeSet<SmolStr>,
    /// Whether comments that hide findings may lack a reason.
    pub reasons_optional: bool,
}

/// Severities for a part of the project.
#[derive(Debug)]
struct Scope {
    paths: Vec<Pattern>,
    severities: Severities,
}

/// A vendor that may receive something.
#[derive(Debug)]
pub struct Allow {
    /// The vendor.
    pub vendor: SmolStr,
    /// What; anything, if empty.
    pub categories: Vec<Selection>,
    /// Where; everywhere, if empty.
    pub paths: Vec<Pattern>,
    /// Why.
    pub reason: String,
    /// The last day.
    pub until: Option<Date>,
}

/// What a severity is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The file, from the policy's folder.
    pub path: &'a str,
    /// The vendor.
    pub vendor: &'a str,
    /// What the vendor is used for.
    pub kind: Option<Kind>,
    /// The data category.
    pub category: Option<Category>,
}

/// A severity that the policy sets, and the entry that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The severity; none if findings are off.
    pub severity: Option<Severity>,
    /// The entry, for example `severity.vendor.sentry`.
    pub entry: String,
}

impl Policy {
    /// What the policy sets for a subject, if anything: the last scope that says something holds.
    #[must_use]
    pub fn severity(&self, subject: Subject<'_>) -> Option<Setting> {
        let mut scopes = self.scopes.iter().rev().filter(|scope| scope.covers(subject.path));
        scopes.find_map(|scope| scope.severities.of(subject))
    }

    /// The entry that allows a subject on a day, if one does.
    #[must_use]
    pub fn allowed(&self, subject: Subject<'_>, today: Date) -> Option<&Allow> {
        self.allows.iter().find(|allow| allow.covers(subject) && !allow.expired(today))
    }
}

impl Scope {
    fn covers(&self, path: &str) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|pattern| pattern.matches(path))
    }
}

impl Allow {
    fn covers(&self, subject: Subject<'_>) -> bool {
        let of = |category| self.categories.iter().any(|selection| selection.selects(category));
        self.vendor == subject.vendor
            && (self.categories.is_empty() || subject.category.is_some_and(of))
            && (self.paths.is_empty() || self.paths.iter().any(|pattern| pattern.matches(subject.path)))
    }

    /// Whether it no longer holds.
    #[must_use]
    pub fn expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }
}

impl Severities {
    /// Path, vendor, category, kind, group: the nearest answer.
    fn of(&self, subject: Subject<'_>) -> Option<Setting> {
        let setting =
            |table: &str, key: &str, level: Level| Setting { severity: level.severity(), entry: entry(table, key) };
        if let Some((pattern, level)) = self.path.iter().rev().find(|(pattern, _)| pattern.matches(subject.path)) {
            return Some(setting("path", &pattern.to_string(), *level));
        }
        if let Some((vendor, level)) = self.vendor.iter().find(|(id, _)| id.get_ref() == subject.vendor) {
            return Some(setting("vendor", vendor.get_ref(), *level));
        }
        if let Some((category, level)) = subject.category.and_then(|it| Some((it, self.category.get(&it)?))) {
            return Some(setting("category", category.id(), *level));
        }
        if let Some((kind, level)) = subject.kind.and_then(|it| Some((it, self.kind.get(&it)?))) {
            return Some(setting("kind", &kind.to_string(), *level));
        }
        let group = subject.category.map(Category::group)?;
        self.group.get(&group).map(|level| setting("group", group.id(), *level))
    }
}

fn entry(table: &str, key: &str) -> String {
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if plain { format!("severity.{table}.{key}") } else { format!("severity.{table}.\"{key}\"") }
}

/// Makes a policy of files, and adds to the catalogue and the words what they define.
pub struct Builder {
    /// The policy so far.
    pub policy: Policy,
    /// The catalogue so far.
    pub catalog: Catalog,
    /// The words so far.
    pub words: Words,
}

impl Builder {
    /// No policy: the catalogue and the words as they come.
    #[must_use]
    pub fn new(catalog: Catalog, words: Words) -> Self {
        Self { policy: Policy::default(), catalog, words }
    }

    /// Adds a file; what it says holds over what files before it said.
    ///
    /// # Errors
    /// All mistakes that were found in it.
    pub fn add(&mut self, file: File) -> Result<(), Vec<Mistake>> {
        let mut mistakes = self.define(&file);
        mistakes.extend(self.unknown_vendors(&file));
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let id = |id: &Spanned<String>| SmolStr::from(id.get_ref());
        let policy = &mut self.policy;
        policy.scopes.push(Scope { paths: Vec::new(), severities: file.severity });
        let overrides = file.r#override.into_iter();
        policy.scopes.extend(overrides.map(|it| Scope { paths: it.paths, severities: it.severity }));
        policy.allows.extend(file.allow.into_iter().map(|it| Allow {
            vendor: id(&it.vendor),
            categories: it.categories,
            paths: it.paths,
            reason: it.reason.0,
            until: it.until.map(|day| day.0),
        }));
        policy.denied.extend(file.deny.iter().map(|it| (id(&it.vendor), it.reason.0.clone())));
        if let Some(declared) = &file.declared {
            policy.declared.get_or_insert_default().extend(declared.iter().map(id));
        }
        policy.self_hosted.extend(file.self_hosted.iter().map(id));
        if let Some(required) = file.suppressions.require_reason {
            policy.reasons_optional = !required;
        }
        Ok(())
    }

    /// Trackers, libraries, words, hosts and sanitizers of the project's own.
    fn define(&mut self, file: &File) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        let trackers = file.tracker.iter().map(|(id, table)| (id, with_vendor(id.get_ref(), table)));
        let models = file.model.iter().map(|(id, table)| (id, table.clone()));
        for (id, table) in trackers.chain(models) {
            if let Err(error) = self.catalog.add(id.get_ref(), &table.to_string()) {
                mistakes.push(Mistake::new(id.span(), first_line(&error.message)));
            }
        }
        if let Some(words) = &file.words {
            match self.words.with(&words.get_ref().to_string()) {
                Ok(all) => self.words = all,
                Err(error) => mistakes.push(Mistake::new(words.span(), first_line(&error.to_string()))),
            }
        }
        for sanitizer in &file.sanitizers {
            self.catalog.sanitize(sanitizer);
        }
        self.catalog.own_hosts(&file.first_party_hosts);
        mistakes
    }

    fn unknown_vendors(&self, file: &File) -> Vec<Mistake> {
        let lists = file.declared.iter().flatten().chain(&file.self_hosted);
        let entries = file.allow.iter().map(|it| &it.vendor).chain(file.deny.iter().map(|it| &it.vendor));
        let scopes = std::iter::once(&file.severity).chain(file.r#override.iter().map(|it| &it.severity));
        let named = lists.chain(entries).chain(scopes.flat_map(|it| it.vendor.keys()));
        let unknown = named.filter(|id| self.catalog.vendor_named(id.get_ref()).is_none());
        let known: Vec<&str> =
            self.catalog.sources().iter().filter_map(|source| Some(source.vendor.as_ref()?.id.as_str())).collect();
        unknown.map(|id| Mistake::unknown("vendor", id, &known)).collect()
    }
}

/// A tracker's table with what a company need not say of its own software.
fn with_vendor(id: &str, table: &toml::Table) -> toml::Table {
    let mut table = table.clone();
    let defaults = [
        ("id", id),
        ("name", id),
        ("kind", "product-analytics"),
        ("company", ""),
        ("country", ""),
        ("website", ""),
        ("terms", ""),
        ("personal-data", "allowed"),
    ];
    let vendor = table.entry("vendor").or_insert_with(|| toml::Value::Table(toml::Table::new()));
    if let Some(vendor) = vendor.as_table_mut() {
        for (key, value) in defaults {
            vendor.entry(key).or_insert_with(|| value.into());
        }
    }
    table
}

/// The sentence of a TOML error: its picture of the place is of a text that nobody typed.
fn first_line(message: &str) -> String {
    let lines = message.lines().filter(|line| !line.trim_start().starts_with(['|', '^']) && !line.contains(" | "));
    let told: Vec<_> = lines.filter(|line| !line.starts_with("TOML parse error")).map(str::trim).collect();
    told.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests;
