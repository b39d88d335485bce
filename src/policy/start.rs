//! A policy to start with: what is there today is written down as it is, so that the check passes, and as exceptions
//! that a reviewer can take one by one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use jiff::civil::Date;

use crate::{
    base::{Category, Severity},
    catalog::Catalog,
    report::{
        model::{Finding, Report},
        phrase,
    },
};

/// Files that an exception lists; of more, their folders are named.
const MAX_FILES: usize = 20;

/// Folders that an exception lists; with more it holds everywhere.
const MAX_FOLDERS: usize = 10;

const HEAD: &str = "\
# What may go where: the policy of this project for overshare.
# `overshare config show` prints what is in force. All keys: docs/policy.md of overshare.
";

const TAIL: &str = r#"
# How grave findings are: "off", "note", "warning" or "error". The nearest answer holds, from top to bottom.
# [severity.path]
# "apps/playground/**" = "off"
# [severity.vendor]
# VENDOR = "warning"
# [severity.category]
# user-id = "warning"
# [severity.group]
# special = "error"

# A vendor that must not be used any more: every import, script, global and dependency becomes an error.
# [[deny]]
# vendor = "VENDOR"
# reason = "why"

# Comments in the code that hide findings (`overshare-ignore`) owe a reason.
[suppressions]
require-reason = true
"#;

/// What was written.
#[derive(Debug, PartialEq, Eq)]
pub struct Start {
    /// The text of `overshare.toml`.
    pub text: String,
    /// Vendors that are declared.
    pub vendors: usize,
    /// Exceptions.
    pub exceptions: usize,
}

/// The policy under which a report of a whole project passes.
#[must_use]
pub fn start(report: &Report, catalog: &Catalog, today: Date) -> Start {
    let mut text = HEAD.to_owned();
    let vendors: Vec<&str> = report.vendors.iter().map(|presence| presence.vendor.as_str()).collect();
    text.push_str("\n# The vendors that were in use on ");
    let _ = writeln!(text, "{today}. Any other is an error: `vendor/undeclared`.");
    text.push_str("declared = [\n");
    for id in &vendors {
        let name = catalog.vendor_named(id).map_or(*id, |vendor| &vendor.name);
        let _ = writeln!(text, "    {}, # {name}", quoted(id));
    }
    text.push_str("]\n");
    text.push_str(
        "\n# Vendors whose software runs on your own machines, and your own hosts: what they get stays at home.\n\
         # self-hosted = [\"VENDOR\"]\n# first-party-hosts = [\"*.example.com\"]\n\
         # Functions whose result no longer tells who a person is.\n# sanitizers = [\"hash\"]\n",
    );
    let exceptions = exceptions(report);
    if !exceptions.is_empty() {
        let _ = write!(
            text,
            "\n# What the code handed over on {today}, and what would fail the check. Take each: mend the code and \
             delete the\n# entry, or say in `reason` why it may stay; `until` is the last day on which it may.\n"
        );
    }
    for it in &exceptions {
        let categories: Vec<String> = it.categories.iter().map(|category| quoted(category.id())).collect();
        let _ = write!(text, "\n[[allow]]\nvendor = {}\ncategories = [{}]\n", quoted(it.vendor), categories.join(", "));
        if let Some(paths) = &it.paths {
            text.push_str("paths = [\n");
            paths.iter().for_each(|path| {
                let _ = writeln!(text, "    {},", quoted(path));
            });
            text.push_str("]\n");
        }
        let found = phrase::count(it.findings, "finding");
        let _ = writeln!(text, "reason = \"not reviewed: {found} when the check was switched on\"");
        text.push_str("# until = 2099-12-31\n");
    }
    text.push_str(TAIL);
    Start { text, vendors: vendors.len(), exceptions: exceptions.len() }
}

/// Categories that a vendor gets at the same places.
struct Exception<'r> {
    vendor: &'r str,
    categories: Vec<Category>,
    /// None holds everywhere.
    paths: Option<Vec<String>>,
    findings: usize,
}

/// A vendor, and the files that several categories share.
type Shared<'r> = (&'r str, BTreeSet<&'r str>);

fn exceptions(report: &Report) -> Vec<Exception<'_>> {
    let fails = |it: &&Finding| it.severity == Severity::Error && it.suppressed.is_none();
    let mut places: BTreeMap<(&str, Category), (BTreeSet<&str>, usize)> = BTreeMap::new();
    for finding in report.findings.iter().filter(fails) {
        let Some(category) = finding.category else { continue };
        let (files, count) = places.entry((&finding.vendor, category)).or_default();
        files.insert(&finding.location.file);
        *count += 1;
    }
    let mut exceptions: BTreeMap<Shared<'_>, (Vec<Category>, usize)> = BTreeMap::new();
    for ((vendor, category), (files, count)) in places {
        let (categories, all) = exceptions.entry((vendor, files)).or_default();
        categories.push(category);
        *all += count;
    }
    let exceptions = exceptions.into_iter().map(|((vendor, files), (categories, findings))| Exception {
        vendor,
        categories,
        paths: paths(&files),
        findings,
    });
    exceptions.collect()
}

/// Patterns for files: each, or their folders.
fn paths(files: &BTreeSet<&str>) -> Option<Vec<String>> {
    if files.len() <= MAX_FILES {
        return Some(files.iter().map(|file| globset::escape(file)).collect());
    }
    let folder = |file: &&str| file.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let folders: BTreeSet<String> = files.iter().map(folder).collect::<Option<_>>()?;
    (folders.len() <= MAX_FOLDERS).then(|| folders.iter().map(|it| format!("{}/*", globset::escape(it))).collect())
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
