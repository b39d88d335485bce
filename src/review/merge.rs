//! Many repositories in one review, one report at a time.
//!
//! A report is reviewed, reduced and dropped before the next is read, so that what is kept grows with the pairs of
//! repository, vendor and category, not with the findings. Single hops stay in the reports and in the flat tables.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{
    build,
    model::{Coverage, Edit, Flow, Hidden, Place, Recipient, Repository, Review},
};
use crate::{
    base::{Category, Severity},
    report::model::Tool,
};

/// Edits kept of each repository, and in the end.
const EDITS: (usize, usize) = (3, 200);
/// Places kept of how a vendor is loaded.
const MAX_LOADED: usize = 8;

/// Collects reviews.
#[derive(Debug, Default)]
pub struct Merger {
    repositories: Vec<Repository>,
    flows: Vec<Flow>,
    vendors: BTreeMap<SmolStr, Recipient>,
    edits: Vec<Edit>,
    coverage: Coverage,
    tool: Option<Tool>,
}

impl Merger {
    /// Adds one repository; its flows become one for each vendor, category and severity.
    pub fn add(&mut self, name: &str, review: Review) {
        let name = SmolStr::new(name);
        self.repositories.push(Repository {
            name: name.clone(),
            flows: review.total(),
            vendors: review.vendors.len(),
            worst: review.flows.iter().map(|flow| flow.severity).max(),
        });
        self.tool.get_or_insert(review.tool);
        self.flows.extend(reduced(&name, review.flows));
        for vendor in review.vendors {
            self.vendor(&name, vendor);
        }
        let edits = review.edits.into_iter().take(EDITS.0);
        self.edits.extend(edits.map(|edit| Edit { place: within(&name, &edit.place), code: None, ..edit }));
        self.cover(&name, review.coverage);
    }

    fn vendor(&mut self, name: &SmolStr, vendor: Recipient) {
        let loaded: Vec<_> = vendor.loaded.iter().take(1).map(|(kind, at)| (kind.clone(), within(name, at))).collect();
        let known = self.vendors.entry(vendor.id.clone()).or_insert_with(|| Recipient {
            id: vendor.id.clone(),
            name: vendor.name.clone(),
            facts: vendor.facts.clone(),
            onward: vendor.onward.clone(),
            ..Recipient::default()
        });
        known.apps.push(name.clone());
        known.flows += vendor.flows;
        known.worst = known.worst.max(vendor.worst);
        known.direct |= vendor.direct;
        if known.loaded.len() < MAX_LOADED {
            known.loaded.extend(loaded);
        }
        for mut ambient in vendor.defaults {
            if let Some(same) = known.defaults.iter_mut().find(|it| it.what == ambient.what && it.kind == ambient.kind)
            {
                same.count += 1;
            } else {
                ambient.place = within(name, &ambient.place);
                known.defaults.push(ambient);
            }
        }
    }

    fn cover(&mut self, name: &SmolStr, coverage: Coverage) {
        let stats = &mut self.coverage.stats;
        stats.files += coverage.stats.files;
        stats.files_parsed += coverage.stats.files_parsed;
        stats.bytes += coverage.stats.bytes;
        stats.bytes_parsed += coverage.stats.bytes_parsed;
        self.coverage.lost += coverage.lost;
        self.coverage.policy = coverage.policy;
        for mut gap in coverage.gaps {
            gap.examples = vec![name.clone()];
            match self.coverage.gaps.iter_mut().find(|it| it.kind == gap.kind && it.reason == gap.reason) {
                Some(same) => same.files += gap.files,
                None => self.coverage.gaps.push(gap),
            }
        }
        for mut hidden in coverage.hidden {
            let same = |it: &&mut Hidden| {
                (it.kind, &it.reason, &it.vendor, it.category)
                    == (hidden.kind, &hidden.reason, &hidden.vendor, hidden.category)
            };
            if let Some(same) = self.coverage.hidden.iter_mut().find(same) {
                same.findings += hidden.findings;
            } else {
                hidden.places = hidden.places.iter().take(1).map(|at| within(name, at)).collect();
                self.coverage.hidden.push(hidden);
            }
        }
    }

    /// The review of all.
    #[must_use]
    pub fn finish(mut self) -> Review {
        self.edits.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.place.cmp(&b.place)));
        self.edits.truncate(EDITS.1);
        self.repositories.sort_by(|a, b| (b.worst, b.flows).cmp(&(a.worst, a.flows)).then_with(|| a.name.cmp(&b.name)));
        let subject = match self.repositories.len() {
            1 => "1 repository".to_owned(),
            n => format!("{n} repositories"),
        };
        let vendors = self.vendors.into_values().collect();
        let tool = self.tool.unwrap_or_else(|| Tool { name: String::new(), version: String::new() });
        let merged = build::assemble(subject, self.flows, vendors, self.coverage);
        Review { repositories: self.repositories, edits: self.edits, tool, ..merged }
    }
}

fn within(name: &SmolStr, place: &Place) -> Place {
    Place { file: format!("{name}/{}", place.file).into(), line: place.line }
}

/// The gravest flow for each vendor, category and severity, and how many it stands for.
fn reduced(name: &SmolStr, flows: Vec<Flow>) -> impl Iterator<Item = Flow> + use<> {
    let mut kept: BTreeMap<(SmolStr, Category, Severity), Flow> = BTreeMap::new();
    for flow in flows {
        let key = (flow.vendor.clone(), flow.category, flow.severity);
        if let Some(same) = kept.get_mut(&key) {
            same.count += flow.count;
        } else {
            kept.insert(key, Flow { path: Vec::new(), app: name.clone(), apex: within(name, &flow.apex), ..flow });
        }
    }
    kept.into_values()
}
