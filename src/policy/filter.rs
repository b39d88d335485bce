//! Filtering: what the user asked not to see is taken out of a report, and counted.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::{
    base::Category,
    report::model::{Confidence, Report},
};

/// What the user wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Findings that are less sure are taken out.
    pub min_confidence: Confidence,
    /// Only these vendors; all, if empty.
    pub vendors: BTreeSet<SmolStr>,
    /// Only these categories; all, if empty.
    pub categories: BTreeSet<Category>,
}

impl Default for Filter {
    /// Takes nothing out.
    fn default() -> Self {
        Self { min_confidence: Confidence::Low, vendors: BTreeSet::new(), categories: BTreeSet::new() }
    }
}

/// How many findings were taken out, each counted under the first reason that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hidden {
    /// They go to other vendors.
    pub vendor: usize,
    /// They are of other categories.
    pub category: usize,
    /// They are not sure enough.
    pub confidence: usize,
}

impl Hidden {
    /// All of them.
    #[must_use]
    pub const fn total(self) -> usize {
        self.vendor + self.category + self.confidence
    }
}

/// Takes out of `report` what `filter` does not ask for. Problems and figures stay: they are about the work done.
pub fn filter(report: &mut Report, filter: &Filter) -> Hidden {
    let mut hidden = Hidden::default();
    report.findings.retain(|finding| {
        let reason = if !filter.wants(&finding.vendor) {
            &mut hidden.vendor
        } else if !filter.wants_category(finding.category) {
            &mut hidden.category
        } else if finding.confidence < filter.min_confidence {
            &mut hidden.confidence
        } else {
            return true;
        };
        *reason += 1;
        false
    });
    report
        .collections
        .retain(|collection| filter.wants(&collection.vendor) && filter.wants_category(Some(collection.category)));
    if let Some(gone) = &mut report.gone {
        gone.findings.retain(|it| filter.wants(&it.vendor) && filter.wants_category(it.category));
        gone.collections.retain(|it| filter.wants(&it.vendor) && filter.wants_category(Some(it.category)));
        gone.vendors.retain(|id| filter.wants(id));
    }
    report.vendors.retain(|presence| filter.wants(&presence.vendor));
    report.forwards.retain(|presence| filter.wants(&presence.vendor));
    report.unfollowed.retain(|end| filter.wants(&end.vendor));
    report.wrappers.retain_mut(|wrapper| {
        wrapper.vendors.retain(|vendor| filter.wants(vendor));
        !wrapper.vendors.is_empty()
    });
    hidden
}

impl Filter {
    fn wants_category(&self, category: Option<Category>) -> bool {
        self.categories.is_empty() || category.is_some_and(|category| self.categories.contains(&category))
    }

    fn wants(&self, vendor: &SmolStr) -> bool {
        self.vendors.is_empty() || self.vendors.contains(vendor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::Finding;

    fn finding(vendor: &str, category: &str, confidence: &str) -> Finding {
        let place = r#""file": "a.ts", "line": 1, "column": 1, "end_line": 1, "end_column": 2"#;
        let text = format!(
            r#"{{ "fingerprint": "", "rule": "leak/{category}", "severity": "error", "confidence": "{confidence}",
                "vendor": "{vendor}", "category": "{category}", "message": "", "location": {{ {place} }},
                "origin": {{ {place}, "expression": "" }}, "sink": {{ {place}, "call": "", "argument": "" }},
                "path": [], "suppressed": null }}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn report() -> Report {
        let mut report: Report = serde_json::from_str(
            r#"{ "schema_version": 1, "tool": { "name": "", "version": "" }, "root": ".", "findings": [],
                "collections": [], "vendors": [], "wrappers": [], "unfollowed": [], "problems": [],
                "stats": { "files": 0, "files_parsed": 0, "bytes": 0, "bytes_parsed": 0, "elapsed_ms": 0 } }"#,
        )
        .unwrap();
        report.findings =
            vec![finding("acme", "email", "high"), finding("acme", "name", "low"), finding("zeta", "email", "medium")];
        report
    }

    #[test]
    fn what_is_hidden_is_counted() {
        let check = |vendors: &[&str], categories: &[Category], min_confidence, left: &[usize], hidden: [usize; 3]| {
            let vendors = vendors.iter().map(SmolStr::new).collect();
            let wanted = Filter { min_confidence, vendors, categories: categories.iter().copied().collect() };
            let (all, mut report) = (report().findings, report());
            let found = filter(&mut report, &wanted);
            assert_eq!([found.vendor, found.category, found.confidence], hidden, "{wanted:?}");
            assert_eq!(report.findings, left.iter().map(|&at| all[at].clone()).collect::<Vec<_>>(), "{wanted:?}");
        };
        check(&[], &[], Confidence::Low, &[0, 1, 2], [0, 0, 0]);
        check(&["acme"], &[], Confidence::Low, &[0, 1], [1, 0, 0]);
        check(&[], &[Category::Email], Confidence::Low, &[0, 2], [0, 1, 0]);
        check(&[], &[], Confidence::Medium, &[0, 2], [0, 0, 1]);
        check(&["acme"], &[Category::Name], Confidence::High, &[], [1, 1, 1]);
    }
}
