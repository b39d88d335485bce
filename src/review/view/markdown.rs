//! The review as Markdown: the same as the page, for a wiki or a ticket.

use std::io::{self, Write};

use askama::Template;

use super::{filters, history};
use crate::{
    base::Category,
    report::{advice, phrase},
    review::Review,
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
    history: Option<String>,
}

impl Page<'_> {
    fn instead(&self, category: &Category) -> &'static str {
        advice::smaller(*category)
    }
}

/// Writes the document.
///
/// # Errors
/// What `out` answers.
pub fn write(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let history = review.history.as_ref().map(|history| {
        let mut chart = Vec::new();
        history::markdown(history, &mut chart).map(|()| String::from_utf8_lossy(&chart).into_owned())
    });
    let page = Page { columns: review.categories(), history: history.transpose()?, review };
    writeln!(out, "{}", page.render().map_err(io::Error::other)?)
}
