//! One HTML file that needs nothing else: no network, works from disk, prints.
//!
//! Text reaches the page in two ways, both safe: through the template library's escaping, and as JSON that the page's
//! script writes with `textContent`. The content-security policy admits the page's own style and script by their
//! hashes and nothing else, so that markup that got through would still do nothing.

use std::io::{self, Write};

use askama::Template;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::{
    filters,
    pack::Pack,
    sankey::{self, Map},
};
use crate::{
    base::{Category, Severity},
    catalog::format::PersonalData,
    report::{advice, phrase},
    review::model::{Cell, Review},
};

pub(super) const STYLE: &str = include_str!("../../../templates/review.css");
const SCRIPT: &str = include_str!("../../../templates/review.js");

/// Flows that a page lists; the gravest come first, and the tables have all.
const MAX_FLOWS: usize = 5_000;
/// Edits that a page lists.
const MAX_EDITS: usize = 60;

#[derive(Template)]
#[template(path = "review.html")]
struct Page<'a> {
    review: &'a Review,
    style: &'static str,
    script: &'static str,
    style_hash: String,
    script_hash: String,
    map: Map,
    columns: Vec<Category>,
    data: String,
    left_out: usize,
    edits_left_out: usize,
}

impl Page<'_> {
    fn cell(&self, vendor: &str, category: &Category) -> Option<&Cell> {
        self.review.matrix.iter().find(|cell| cell.vendor == vendor && cell.category == *category)
    }

    fn direct(&self) -> Vec<&str> {
        self.review.vendors.iter().filter(|vendor| vendor.direct).map(|vendor| vendor.name.as_str()).collect()
    }

    fn receiving(&self) -> usize {
        self.review.vendors.iter().filter(|vendor| vendor.flows > 0).count()
    }

    fn severity(&self, severity: Severity) -> usize {
        self.review.flows.iter().filter(|flow| flow.severity == severity).map(|flow| flow.count).sum()
    }

    fn edits(&self) -> &[crate::review::model::Edit] {
        self.review.edits.get(..MAX_EDITS).unwrap_or(&self.review.edits)
    }

    fn names(&self, ids: &[smol_str::SmolStr]) -> String {
        phrase::list(&ids.iter().map(|id| self.review.name(id)).collect::<Vec<_>>())
    }

    fn instead(&self, category: &Category) -> &'static str {
        advice::advice(*category).instead.first().copied().unwrap_or(advice::DROP)
    }

    fn why(&self, category: &Category) -> &'static str {
        advice::advice(*category).why
    }

    fn gap_files(&self) -> usize {
        self.review.coverage.gaps.iter().map(|gap| gap.files).sum()
    }

    fn terms(&self, personal_data: &PersonalData) -> &'static str {
        match personal_data {
            PersonalData::Allowed => "is allowed",
            PersonalData::Restricted => "is allowed with limits",
            PersonalData::Forbidden => "is forbidden",
        }
    }

    fn apps(&self) -> Vec<&str> {
        let apps: std::collections::BTreeSet<_> = self.review.flows.iter().map(|flow| flow.app.as_str()).collect();
        apps.into_iter().collect()
    }
}

pub(super) fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

/// Writes the page.
///
/// # Errors
/// What `out` answers.
pub fn write(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let listed = review.flows.get(..MAX_FLOWS).unwrap_or(&review.flows);
    let columns = Category::ALL.iter().filter(|category| review.matrix.iter().any(|cell| cell.category == **category));
    let page = Page {
        style: STYLE,
        script: SCRIPT,
        style_hash: hash(STYLE),
        script_hash: hash(SCRIPT),
        map: sankey::map(review),
        columns: columns.copied().collect(),
        data: Pack::of(listed).json(),
        left_out: review.flows.len() - listed.len(),
        edits_left_out: review.edits.len().saturating_sub(MAX_EDITS),
        review,
    };
    page.render_into(&mut Text(out)).map_err(io::Error::other)
}

/// Template output as bytes.
struct Text<'w>(&'w mut dyn Write);

impl std::fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.write_all(text.as_bytes()).map_err(|_| std::fmt::Error)
    }
}
