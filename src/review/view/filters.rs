//! Words of the templates.
//!
//! The signatures are those that the template library calls.

#![allow(
    missing_docs,
    clippy::unnecessary_wraps,
    clippy::trivially_copy_pass_by_ref,
    clippy::missing_errors_doc,
    clippy::inline_always,
    reason = "called by templates, in the form that the template library makes of them"
)]

use std::fmt::Display;

use askama::{Result, Values};

use crate::base::Category;

#[askama::filter_fn]
pub fn called(category: &Category, _: &dyn Values) -> Result<&'static str> {
    Ok(category.title())
}

#[askama::filter_fn]
pub fn group(category: &Category, _: &dyn Values) -> Result<&'static str> {
    Ok(category.group().id())
}

/// Titles in a sentence.
#[askama::filter_fn]
pub fn titles(categories: &[Category], _: &dyn Values) -> Result<String> {
    let titles: Vec<_> = categories.iter().map(|category| category.title()).collect();
    Ok(crate::report::phrase::list(&titles))
}

/// Ids for an attribute.
#[askama::filter_fn]
pub fn ids(categories: &[Category], _: &dyn Values) -> Result<String> {
    let ids: Vec<_> = categories.iter().map(|category| category.id()).collect();
    Ok(ids.join(" "))
}

/// `1 flow`, `2 flows`.
#[askama::filter_fn]
pub fn count(n: impl std::borrow::Borrow<usize>, _: &dyn Values, noun: &str) -> Result<String> {
    Ok(crate::report::phrase::count(*n.borrow(), noun))
}

/// With spaces up to a width.
#[askama::filter_fn]
pub fn padded(text: impl Display, _: &dyn Values, width: usize) -> Result<String> {
    Ok(format!("{:width$}", text.to_string()))
}

/// With a capital.
#[askama::filter_fn]
pub fn capital(text: impl Display, _: &dyn Values) -> Result<String> {
    Ok(crate::report::phrase::sentence(&text.to_string()))
}

/// Text with its code spans, as HTML.
#[askama::filter_fn]
pub fn prose(text: impl Display, _: &dyn Values) -> Result<String> {
    let text = text.to_string();
    let escape = |part: &str| askama::filters::escape(part, askama::filters::Html).map(|safe| safe.to_string());
    let pieces: Vec<String> = text.split('`').map(escape).collect::<std::result::Result<_, _>>()?;
    if pieces.len().is_multiple_of(2) {
        return Ok(pieces.join("`"));
    }
    let piece =
        |(at, piece): (usize, &String)| if at % 2 == 1 { format!("<code>{piece}</code>") } else { piece.clone() };
    Ok(pieces.iter().enumerate().map(piece).collect())
}

/// A code span of Markdown that holds any text.
#[askama::filter_fn]
pub fn code(text: impl Display, _: &dyn Values) -> Result<String> {
    Ok(crate::report::markdown::code(&text.to_string()).replace('|', "\\|"))
}

/// Text whose code spans stay, as Markdown.
#[askama::filter_fn]
pub fn plain(text: impl Display, _: &dyn Values) -> Result<String> {
    Ok(crate::report::markdown::plain(&text.to_string()).replace('|', "\\|"))
}

/// Escapes what Markdown would read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Markdown;

impl askama::filters::Escaper for Markdown {
    fn write_escaped_str<W: std::fmt::Write>(&self, mut dest: W, text: &str) -> std::fmt::Result {
        dest.write_str(&crate::report::markdown::escaped(text).replace('|', "\\|"))
    }
}
