//! What a change adds: the findings, collections and vendors of a report that an older report of the same project does
//! not have.
//!
//! Two findings are the same flow if their ends are the same and they take the same way: neither lines nor formatting
//! count. A file that was moved takes its flows along: where the old file is gone, names of files do not count either.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::model::{Collection, Finding, Gone, Report, Suppressed, SuppressionKind};

/// Leaves in `new` only what `old` does not have, and adds what is gone since the revision `old` is of. `exists` knows
/// the files of the newer side.
pub fn only_new(new: &mut Report, old: Report, since: &str, exists: &dyn Fn(&str) -> bool) {
    let findings = Sides::of(std::mem::take(&mut new.findings), old.findings);
    let findings = findings.without(|it| (way(it, true), in_comment(it.suppressed.as_ref()))).without_moved(
        |it| (way(it, false), in_comment(it.suppressed.as_ref())),
        |it| files(it).any(|file| !exists(file)),
    );
    new.findings = findings.new;
    // What a new comment hides is hidden, not gone; what an old one hid is new once the comment is gone.
    let hidden: BTreeSet<_> =
        new.findings.iter().filter(|it| in_comment(it.suppressed.as_ref())).map(|it| way(it, false)).collect();
    let collections = Sides::of(std::mem::take(&mut new.collections), old.collections);
    let collections = collections
        .without(|it| (started(it, true), in_comment(it.suppressed.as_ref())))
        .without_moved(|it| (started(it, false), in_comment(it.suppressed.as_ref())), |it| !exists(&it.location.file));
    new.collections = collections.new;
    let hidden_too: BTreeSet<_> =
        new.collections.iter().filter(|it| in_comment(it.suppressed.as_ref())).map(|it| started(it, false)).collect();
    let vendors = Sides::of(std::mem::take(&mut new.vendors), old.vendors).without(|it| it.vendor.clone());
    new.vendors = vendors.new;
    let lost = Sides::of(std::mem::take(&mut new.unfollowed), old.unfollowed);
    new.unfollowed = lost.without(|it| (it.vendor.clone(), it.location.file.clone(), it.reason.clone())).new;
    new.gone = Some(Gone {
        since: since.to_owned(),
        findings: findings
            .old
            .into_iter()
            .filter(|it| it.suppressed.is_none() && !hidden.contains(&way(it, false)))
            .collect(),
        collections: collections
            .old
            .into_iter()
            .filter(|it| it.suppressed.is_none() && !hidden_too.contains(&started(it, false)))
            .collect(),
        vendors: vendors.old.into_iter().map(|it| it.vendor).collect(),
    });
}

/// What is left of either side.
struct Sides<T> {
    new: Vec<T>,
    old: Vec<T>,
}

impl<T> Sides<T> {
    const fn of(new: Vec<T>, old: Vec<T>) -> Self {
        Self { new, old }
    }

    /// Takes out what both have, as often as both have it.
    fn without<K: Ord>(self, key: impl Fn(&T) -> K) -> Self {
        self.without_moved(key, |_| true)
    }

    /// The same, where what is old `may` count as moved.
    fn without_moved<K: Ord>(self, key: impl Fn(&T) -> K, may: impl Fn(&T) -> bool) -> Self {
        let mut known: BTreeMap<K, usize> = BTreeMap::new();
        for item in self.old.iter().filter(|item| may(item)) {
            *known.entry(key(item)).or_default() += 1;
        }
        let mut met: BTreeMap<K, usize> = BTreeMap::new();
        let new = self.new.into_iter().filter(|item| {
            let key = key(item);
            let left = known.get_mut(&key).filter(|left| **left > 0);
            let Some(left) = left else { return true };
            *left -= 1;
            *met.entry(key).or_default() += 1;
            false
        });
        let new = new.collect();
        let old = self.old.into_iter().filter(|item| {
            let left = may(item).then(|| met.get_mut(&key(item))).flatten().filter(|left| **left > 0);
            left.map(|left| *left -= 1).is_none()
        });
        Self { new, old: old.collect() }
    }
}

/// A flow's ends and hops, as text.
fn way(finding: &Finding, with_files: bool) -> Vec<String> {
    let named = |file: &str| if with_files { file.to_owned() } else { String::new() };
    let mut way = vec![
        finding.rule.to_string(),
        finding.vendor.to_string(),
        super::fingerprint::bare(&finding.origin.expression),
        super::fingerprint::bare(&finding.sink.call),
        finding.sink.argument.clone(),
        named(&finding.location.file),
    ];
    if with_files {
        way.push(finding.fingerprint.clone());
    }
    way.extend(finding.path.iter().flat_map(|hop| [named(&hop.location.file), hop.label.clone()]));
    way
}

/// Whether a comment hides it.
fn in_comment(suppressed: Option<&Suppressed>) -> bool {
    suppressed.is_some_and(|it| it.kind == SuppressionKind::Inline)
}

fn files(finding: &Finding) -> impl Iterator<Item = &str> {
    let hops = finding.path.iter().map(|hop| hop.location.file.as_str());
    std::iter::once(finding.location.file.as_str()).chain(hops)
}

/// What is collected, by whom, and how it is set.
fn started(it: &Collection, with_files: bool) -> [String; 6] {
    let file = if with_files { it.location.file.to_string() } else { String::new() };
    let setting = it.setting.clone().unwrap_or_default();
    let severity = it.severity.to_string();
    [it.vendor.to_string(), it.category.to_string(), it.kind.to_string(), setting, severity, file]
}
