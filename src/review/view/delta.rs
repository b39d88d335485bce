//! The delta of two revisions, short enough for a pull request.

use std::io::{self, Write};

use askama::Template;

use super::{filters, html};
use crate::{
    report::{markdown::code, phrase},
    review::delta::{Change, Delta},
};

/// Changes that are listed: a comment has a size limit.
const MAX_CHANGES: usize = 60;

/// Writes the delta as text.
///
/// # Errors
/// What `out` answers.
pub fn terminal(delta: &Delta, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} to {}", delta.from, delta.to)?;
    lines(delta).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Writes the delta as Markdown: the same, in a block that colours additions and removals.
///
/// # Errors
/// What `out` answers.
pub fn markdown(delta: &Delta, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Personal data, {} to {}\n\n```diff", code(&delta.from), code(&delta.to))?;
    lines(delta).iter().try_for_each(|line| writeln!(out, "{}", line.replace("```", "'''").replace('−', "-")))?;
    writeln!(out, "```")
}

#[derive(Template)]
#[template(path = "delta.html")]
struct Page<'a> {
    delta: &'a Delta,
    lines: Vec<String>,
    style: &'static str,
}

/// Writes the delta as a page.
///
/// # Errors
/// What `out` answers.
pub fn page(delta: &Delta, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { delta, lines: lines(delta), style: html::STYLE };
    writeln!(out, "{}", page.render().map_err(io::Error::other)?)
}

fn lines(delta: &Delta) -> Vec<String> {
    if delta.is_empty() {
        return vec!["no change in what leaves".to_owned()];
    }
    let mut lines: Vec<_> = delta.vendors_added.iter().map(|name| format!("+ {name} is new")).collect();
    lines.extend(delta.vendors_removed.iter().map(|name| format!("− {name} is gone")));
    lines.extend(delta.flows.iter().take(MAX_CHANGES).map(change));
    if let Some(rest) = delta.flows.len().checked_sub(MAX_CHANGES).filter(|rest| *rest > 0) {
        lines.push(format!("… and {rest} more changes: see the JSON"));
    }
    lines.extend(
        delta
            .ambient
            .iter()
            .map(|it| format!("{} {} → {}, by default ({})", sign(it.added), it.category.title(), it.name, it.kind)),
    );
    lines
}

const fn sign(added: bool) -> &'static str {
    if added { "+" } else { "−" }
}

/// `+ e-mail address → Mixpanel, through track(), 3 callers: src/a.ts:3, …`
fn change(change: &Change) -> String {
    let places: Vec<_> = change.places.iter().map(ToString::to_string).collect();
    let more = if change.callers > places.len() { ", …" } else { "" };
    let (count, noun) = if change.wrapper { (change.callers, "caller") } else { (change.flows, "flow") };
    let whole = match (change.whole, change.added) {
        (true, true) => " for the first time",
        (true, false) => " no longer",
        (false, _) => "",
    };
    format!(
        "{} {} → {}{whole}, through {}(), {}: {}{more}",
        sign(change.added),
        change.category.title(),
        change.name,
        change.through,
        phrase::count(count, noun),
        places.join(", ")
    )
}
