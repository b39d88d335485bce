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
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::{base::Category, catalog::format::Kind, review::ropa};

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
pub fn titles(categories: impl AsRef<[Category]>, _: &dyn Values) -> Result<String> {
    Ok(crate::report::phrase::titles(categories.as_ref()))
}

/// Ids for an attribute.
#[askama::filter_fn]
pub fn ids(categories: &[Category], _: &dyn Values) -> Result<String> {
    let ids: Vec<_> = categories.iter().map(|category| category.id()).collect();
    Ok(ids.join(" "))
}

/// `1 flow`, `2 flows`.
#[askama::filter_fn]
pub fn count(n: impl Number, _: &dyn Values, noun: &str) -> Result<String> {
    Ok(crate::report::phrase::count(n.number(), noun))
}

/// A count, behind as many references as a template's loops put it.
pub trait Number {
    fn number(&self) -> usize;
}

impl Number for usize {
    fn number(&self) -> usize {
        *self
    }
}

impl<N: Number> Number for &N {
    fn number(&self) -> usize {
        (**self).number()
    }
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
    let pieces: Vec<String> = text.split('`').map(escaped).collect::<Result<_>>()?;
    if pieces.len().is_multiple_of(2) {
        return Ok(pieces.join("`"));
    }
    let piece =
        |(at, piece): (usize, &String)| if at % 2 == 1 { format!("<code>{piece}</code>") } else { piece.clone() };
    Ok(pieces.iter().enumerate().map(piece).collect())
}

/// A path as HTML that may break after each folder.
#[askama::filter_fn]
pub fn path(text: impl Display, _: &dyn Values) -> Result<String> {
    Ok(escaped(&text.to_string())?.replace('/', "/<wbr>"))
}

/// What a kind of vendor is used for.
#[askama::filter_fn]
pub fn purpose(kind: &Kind, _: &dyn Values) -> Result<&'static str> {
    Ok(ropa::purpose(*kind))
}

/// The first letters of a commit's hash.
#[askama::filter_fn]
pub fn short(text: &str, _: &dyn Values) -> Result<String> {
    Ok(text.chars().take(10).collect())
}

/// The hash by which a content-security policy admits a text.
#[askama::filter_fn]
pub fn hash(text: &str, _: &dyn Values) -> Result<String> {
    Ok(STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn escaped(text: &str) -> Result<String> {
    Ok(askama::filters::escape(text, askama::filters::Html)?.to_string())
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
