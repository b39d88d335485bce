//! An exposure as text for a terminal, Markdown and HTML.

use std::io::{self, Write};

use askama::Template;

use super::{filters, html};
use crate::{base::Category, report::advice, review::exposure::Exposure};

#[derive(Template)]
#[template(path = "exposure.md")]
struct Markdown<'a> {
    it: &'a Exposure,
}

impl Markdown<'_> {
    fn why(&self, category: &Category) -> &'static str {
        advice::advice(*category).why
    }
}

#[derive(Template)]
#[template(path = "exposure.txt", escape = "none")]
struct Plain<'a> {
    it: &'a Exposure,
}

#[derive(Template)]
#[template(path = "exposure.html")]
struct Page<'a> {
    all: &'a [Exposure],
    style: &'static str,
    style_hash: String,
}

/// Writes text for a terminal; several exposures start with a ranking.
///
/// # Errors
/// What `out` answers.
pub fn terminal(all: &[Exposure], out: &mut dyn Write) -> io::Result<()> {
    if all.len() > 1 {
        writeln!(out, "Vendors, by what their breach would disclose\n")?;
        for (at, it) in all.iter().enumerate() {
            let titles: Vec<_> = it.exposed.iter().map(|row| row.category.title()).collect();
            let what = if titles.is_empty() { "nothing was found".to_owned() } else { titles.join(", ") };
            writeln!(out, "{:3}. {}: {what}", at + 1, it.vendor.name)?;
        }
        writeln!(out)?;
    }
    for it in all {
        writeln!(out, "{}", Plain { it }.render().map_err(io::Error::other)?)?;
    }
    Ok(())
}

/// Writes Markdown.
///
/// # Errors
/// What `out` answers.
pub fn markdown(all: &[Exposure], out: &mut dyn Write) -> io::Result<()> {
    for it in all {
        writeln!(out, "{}", Markdown { it }.render().map_err(io::Error::other)?)?;
    }
    Ok(())
}

/// Writes one page.
///
/// # Errors
/// What `out` answers.
pub fn page(all: &[Exposure], out: &mut dyn Write) -> io::Result<()> {
    let page = Page { all, style: html::STYLE, style_hash: html::hash(html::STYLE) };
    writeln!(out, "{}", page.render().map_err(io::Error::other)?)
}
