//! An exposure as text for a terminal, Markdown and HTML: a draft that a data protection officer completes.

use std::io::{self, Write};

use askama::Template;

use super::{filters, html};
use crate::{
    base::Category,
    report::{advice, markdown, phrase},
    review::exposure::Exposure,
};

#[derive(Template)]
#[template(path = "exposure.md")]
struct Markdown<'a> {
    it: &'a Exposure,
}

impl Markdown<'_> {
    fn why(&self, category: &Category) -> &'static str {
        advice::advice(*category).why
    }

    fn summary(&self) -> String {
        summary(self.it)
    }
}

#[derive(Template)]
#[template(path = "exposure.txt", escape = "none")]
struct Plain<'a> {
    it: &'a Exposure,
}

impl Plain<'_> {
    fn summary(&self) -> String {
        summary(self.it)
    }
}

#[derive(Template)]
#[template(path = "exposure.html")]
struct Page<'a> {
    all: &'a [Exposure],
    style: &'static str,
}

impl Page<'_> {
    fn why(&self, category: &Category) -> &'static str {
        advice::advice(*category).why
    }

    fn summary(&self, it: &Exposure) -> String {
        summary(it)
    }

    /// The one exposure of a page that has one.
    fn only(&self) -> Option<&Exposure> {
        if let [only] = self.all { Some(only) } else { None }
    }
}

/// The answer in a few sentences.
fn summary(it: &Exposure) -> String {
    let name = &it.vendor.name;
    let files = phrase::count(it.coverage.stats.files, "file");
    let (sent, collected) = (phrase::titles(&it.sent()), phrase::titles(&it.collected()));
    let what = match (sent.is_empty(), collected.is_empty()) {
        (true, true) if it.vendor.loaded.is_empty() => {
            return format!(
                "{name} does not show in {files} of {}: no import, script, call or dependency.",
                it.subject
            );
        }
        (true, true) => {
            return format!("{name} is used in {}, but no personal data that reaches it was found.", it.subject);
        }
        (false, true) => format!("{sent}, which the code sends"),
        (true, false) => format!("{collected}, which its SDK collects by default"),
        (false, false) => format!("{sent}, which the code sends; and {collected}, which its SDK collects by default"),
    };
    let text = format!("Records that {name} holds for {} can contain {what}.", it.subject);
    if it.join_keys.is_empty() {
        return text;
    }
    let keys = phrase::sentence(&phrase::titles(&it.join_keys));
    let verb = if it.join_keys.len() == 1 { "joins" } else { "join" };
    format!("{text} {keys} {verb} the records of one person with each other and with other data sets.")
}

/// Who would disclose most, where there are several.
fn ranking(all: &[Exposure], heading: &str, escaped: fn(&str) -> String, out: &mut dyn Write) -> io::Result<()> {
    if all.len() < 2 {
        return Ok(());
    }
    writeln!(out, "{heading}Vendors, by what their breach would disclose\n")?;
    for (at, it) in all.iter().enumerate() {
        let titles: Vec<_> = it.exposed.iter().map(|row| row.category.title()).collect();
        let what = if titles.is_empty() { "nothing was found".to_owned() } else { titles.join(", ") };
        writeln!(out, "{}. {}: {what}", at + 1, escaped(&it.vendor.name))?;
    }
    writeln!(out)
}

/// Writes text for a terminal; several exposures start with a ranking.
///
/// # Errors
/// What `out` answers.
pub fn terminal(all: &[Exposure], out: &mut dyn Write) -> io::Result<()> {
    ranking(all, "", str::to_owned, out)?;
    for it in all {
        writeln!(out, "{}\n", Plain { it }.render().map_err(io::Error::other)?.trim_end())?;
    }
    Ok(())
}

/// Writes Markdown; several exposures start with a ranking.
///
/// # Errors
/// What `out` answers.
pub fn markdown(all: &[Exposure], out: &mut dyn Write) -> io::Result<()> {
    ranking(all, "# ", markdown::escaped, out)?;
    for it in all {
        writeln!(out, "{}\n", Markdown { it }.render().map_err(io::Error::other)?.trim_end())?;
    }
    Ok(())
}

/// Writes one page.
///
/// # Errors
/// What `out` answers.
pub fn page(all: &[Exposure], out: &mut dyn Write) -> io::Result<()> {
    let page = Page { all, style: html::STYLE };
    writeln!(out, "{}", page.render().map_err(io::Error::other)?)
}
