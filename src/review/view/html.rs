//! One HTML file that needs nothing else: no network, works from disk, prints.
//!
//! Text reaches the page in two ways, both safe: through the template library's escaping, and as JSON that the page's
//! script writes with `textContent`. The content-security policy admits the page's own style and script by their
//! hashes and nothing else, so that markup that got through would still do nothing.

use std::io::{self, Write};

use askama::Template;

use super::{
    filters,
    history::Chart,
    pack::Pack,
    sankey::{self, Map},
};
use crate::{
    base::{Category, Severity},
    catalog::format::PersonalData,
    report::{advice, phrase},
    review::model::{Edit, Repository, Review},
};

pub(super) const STYLE: &str = include_str!("../../../templates/review.css");
const SCRIPT: &str = include_str!("../../../templates/review.js");

/// Flows that a page lists; the gravest come first, and the tables have all.
const MAX_FLOWS: usize = 5_000;
/// Edits that a page lists.
const MAX_EDITS: usize = 60;
/// Repositories that stand unfolded.
const MAX_REPOSITORIES: usize = 40;
/// Records that are listed for one category.
const MAX_SOURCES: usize = 12;
/// Kinds of hidden findings that a page lists.
const MAX_HIDDEN: usize = 200;

#[derive(Template)]
#[template(path = "review.html")]
struct Page<'a> {
    review: &'a Review,
    style: &'static str,
    script: &'static str,
    map: Map,
    chart: Option<Chart<'a>>,
    columns: Vec<Category>,
    data: String,
    left_out: usize,
    edits_left_out: usize,
}

impl Page<'_> {
    fn receiving(&self) -> usize {
        self.review.vendors.iter().filter(|vendor| vendor.flows > 0).count()
    }

    fn severity(&self, severity: Severity) -> usize {
        self.review.flows.iter().filter(|flow| flow.severity == severity).map(|flow| flow.count).sum()
    }

    fn edits(&self) -> &[Edit] {
        self.review.edits.get(..MAX_EDITS).unwrap_or(&self.review.edits)
    }

    /// The repositories that are listed at once; the others stand folded.
    fn first(&self) -> &[Repository] {
        self.review.repositories.get(..MAX_REPOSITORIES).unwrap_or(&self.review.repositories)
    }

    fn rest(&self) -> &[Repository] {
        self.review.repositories.get(MAX_REPOSITORIES..).unwrap_or_default()
    }

    fn has_settings(&self) -> bool {
        self.review.vendors.iter().any(|vendor| !vendor.settings.is_empty())
    }

    /// What to send instead, said once for the categories that share it.
    fn instead(&self, categories: &[Category]) -> Vec<(&'static str, Vec<Category>)> {
        let mut all: Vec<(&'static str, Vec<Category>)> = Vec::new();
        for &category in categories {
            let advice = self.smaller(&category);
            match all.iter_mut().find(|(known, _)| *known == advice) {
                Some((_, same)) => same.push(category),
                None => all.push((advice, vec![category])),
            }
        }
        all
    }

    fn smaller(&self, category: &Category) -> &'static str {
        advice::smaller(*category)
    }

    fn why(&self, category: &Category) -> &'static str {
        advice::advice(*category).why
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

/// Writes the page.
///
/// # Errors
/// What `out` answers.
pub fn write(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let listed = review.flows.get(..MAX_FLOWS).unwrap_or(&review.flows);
    let page = Page {
        style: STYLE,
        script: SCRIPT,
        map: sankey::map(review),
        chart: review.history.as_ref().map(Chart::of),
        columns: review.categories(),
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
