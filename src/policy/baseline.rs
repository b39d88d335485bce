//! The baseline: findings that were there when the check was switched on. They are hidden, and counted, until they are
//! mended; what is new is not.
//!
//! The file has one line for each finding, sorted, so that two branches that touch it merge. Line numbers are not in
//! it. A file that was moved takes its entries along: an entry whose file is gone matches the same flow elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::fingerprint;
use crate::report::model::{Finding, Report, Suppressed, SuppressionKind};

/// One finding that is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file of the apex, from the folder of the baseline.
    pub file: String,
    /// Rule id.
    pub rule: String,
    /// Vendor id.
    pub vendor: String,
    /// The flow, wherever its files are.
    pub flow: String,
    /// How often.
    pub count: usize,
    /// Why it may stay, for reviewers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline(BTreeMap<Key, Entry>);

type Key = (String, String, String, String);

/// A line of a baseline is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct BaselineError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Baseline {
    /// Reads a baseline. Two lines about one finding, as merges leave them, are one.
    ///
    /// # Errors
    /// When a line is not an entry.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let mut known = Self::default();
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            let entry: Entry =
                serde_json::from_str(text).map_err(|error| BaselineError { line, message: error.to_string() })?;
            known.add(entry);
        }
        Ok(known)
    }

    /// The findings of a report that nothing else hides, with the reasons that `before` gave.
    #[must_use]
    pub fn of(report: &Report, prefix: &str, before: &Self) -> Self {
        let mut known = Self::default();
        for finding in report.findings.iter().filter(|it| it.suppressed.is_none()) {
            let entry = Entry { count: 1, ..entry(finding, prefix) };
            let reason = before.0.get(&key(&entry)).or_else(|| before.elsewhere(&entry)).map(|it| it.reason.clone());
            match known.0.get_mut(&key(&entry)) {
                Some(same) => same.count += 1,
                None => known.add(Entry { reason: reason.unwrap_or_default(), ..entry }),
            }
        }
        known
    }

    fn elsewhere(&self, wanted: &Entry) -> Option<&Entry> {
        self.0.values().find(|it| it.flow == wanted.flow && it.rule == wanted.rule && it.vendor == wanted.vendor)
    }

    fn add(&mut self, entry: Entry) {
        let known = self.0.entry(key(&entry)).or_insert_with(|| entry.clone());
        known.count = known.count.max(entry.count);
        if known.reason.is_empty() {
            known.reason = entry.reason;
        }
    }

    /// Hides the findings that are known. What is left of the baseline is stale: it was mended, or has changed.
    #[must_use]
    pub fn hide(&self, report: &mut Report, prefix: &str, exists: &dyn Fn(&str) -> bool) -> Self {
        let mut left = self.clone();
        for finding in report.findings.iter_mut().filter(|it| it.suppressed.is_none()) {
            left.take(&key(&entry(finding, prefix)), finding);
        }
        let gone: BTreeSet<String> = left.0.values().map(|it| it.file.clone()).filter(|file| !exists(file)).collect();
        for finding in report.findings.iter_mut().filter(|it| it.suppressed.is_none()) {
            let (_, rule, vendor, flow) = key(&entry(finding, prefix));
            let moved = gone.iter().map(|file| (file.clone(), rule.clone(), vendor.clone(), flow.clone()));
            if let Some(key) = moved.into_iter().find(|key| left.0.contains_key(key)) {
                left.take(&key, finding);
            }
        }
        left
    }

    fn take(&mut self, key: &Key, finding: &mut Finding) {
        let Some(entry) = self.0.get_mut(key) else { return };
        finding.suppressed =
            Some(Suppressed { kind: SuppressionKind::Baseline, reason: entry.reason.clone(), location: None });
        entry.count -= 1;
        if entry.count == 0 {
            self.0.remove(key);
        }
    }

    /// This baseline without what `stale` holds.
    #[must_use]
    pub fn without(mut self, stale: &Self) -> Self {
        for (key, gone) in &stale.0 {
            if let Some(entry) = self.0.get_mut(key) {
                entry.count = entry.count.saturating_sub(gone.count);
            }
        }
        self.0.retain(|_, entry| entry.count > 0);
        self
    }

    /// The entries about files whose path starts so.
    #[must_use]
    pub fn below(mut self, prefix: &str) -> Self {
        self.0.retain(|_, entry| entry.file.starts_with(prefix));
        self
    }

    /// How many findings it stands for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.values().map(|entry| entry.count).sum()
    }

    /// Whether it knows nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of the file: one line for each entry, sorted.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = self.0.values().filter_map(|entry| serde_json::to_string(entry).ok());
        lines.map(|line| line + "\n").collect()
    }
}

fn key(entry: &Entry) -> Key {
    (entry.file.clone(), entry.rule.clone(), entry.vendor.clone(), entry.flow.clone())
}

fn entry(finding: &Finding, prefix: &str) -> Entry {
    Entry {
        file: format!("{prefix}{}", finding.location.file),
        rule: finding.rule.to_string(),
        vendor: finding.vendor.to_string(),
        flow: fingerprint::wherever(finding),
        count: 1,
        reason: String::new(),
    }
}
