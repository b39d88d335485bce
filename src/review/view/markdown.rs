//! The review as Markdown: the same as the page, for a wiki or a ticket.

use std::io::{self, Write};

use askama::Template;

use super::filters;
use crate::{
    base::Category,
    report::{advice, phrase},
    review::model::{Cell, Review},
};

/// Flows that are listed; the gravest come first.
const MAX_FLOWS: usize = 500;
/// Edits that are listed.
const MAX_EDITS: usize = 60;

#[derive(Template)]
#[template(path = "review.md")]
struct Page<'a> {
    review: &'a Review,
    columns: Vec<Category>,
}

impl Page<'_> {
    fn cell(&self, vendor: &str, category: &Category) -> Option<&Cell> {
        self.review.matrix.iter().find(|cell| cell.vendor == vendor && cell.category == *category)
    }

    fn direct(&self) -> String {
        let direct = self.review.vendors.iter().filter(|vendor| vendor.direct);
        phrase::list(&direct.map(|vendor| vendor.name.as_str()).collect::<Vec<_>>())
    }

    fn names(&self, ids: &[smol_str::SmolStr]) -> String {
        phrase::list(&ids.iter().map(|id| self.review.name(id)).collect::<Vec<_>>())
    }

    fn instead(&self, category: &Category) -> &'static str {
        advice::advice(*category).instead.first().copied().unwrap_or(advice::DROP)
    }
}

/// Writes the document.
///
/// # Errors
/// What `out` answers.
pub fn write(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let columns = Category::ALL.iter().filter(|category| review.matrix.iter().any(|cell| cell.category == **category));
    let page = Page { columns: columns.copied().collect(), review };
    writeln!(out, "{}", page.render().map_err(io::Error::other)?)
}
