//! A comment for a pull request: what a reviewer needs in one screen, the rest folded.
//!
//! Text of the scanned tree stands in code spans only: there it can neither mention people nor link nor end the table.

use std::io::{self, Write};

use super::{
    Context,
    group::{self, Group},
    model::{Destination, Report},
    neutral::Neutral,
    phrase, rules,
};

/// Rows of a table, and items of a list.
const MAX_ROWS: usize = 60;
/// Expressions in a row.
const MAX_ORIGINS: usize = 5;
/// Bytes of a comment: one of more than 65,536 characters is refused.
const MAX_COMMENT: usize = 60_000;
/// Characters of a code span.
const MAX_CODE: usize = 120;
/// Lets a later run find and replace the comment.
const MARKER: &str = "<!-- overshare -->";

/// Writes the comment.
///
/// # Errors
/// What `out` answers.
pub fn write(neutral: &Neutral<'_>, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = &neutral.report;
    let mut page = Vec::new();
    head(report, &mut page)?;
    let sections: [Section; 6] = [findings, gone, collections, forwards, remedies, unknown];
    let mut cut = false;
    for section in sections {
        let mut text = Vec::new();
        section(report, context, &mut text)?;
        if page.len() + text.len() <= MAX_COMMENT {
            page.append(&mut text);
        } else {
            cut = true;
        }
    }
    if cut {
        writeln!(page, "\nThe rest is too long for a comment: run `overshare check` to see it.")?;
    }
    out.write_all(&page)
}

type Section = fn(&Report, &Context<'_>, &mut dyn Write) -> io::Result<()>;

fn head(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let counts = phrase::severities(report.findings.iter().filter(|finding| finding.suppressed.is_none()));
    let total = counts.iter().map(|(n, _)| n).sum();
    let parts: Vec<_> = counts.iter().map(|(n, noun)| phrase::count(*n, noun)).collect();
    writeln!(out, "{MARKER}\n## overshare: {}\n", phrase::count(total, "finding"))?;
    writeln!(out, "{} in {}.", phrase::list(&parts), phrase::count(report.stats.files, "file"))
}

fn findings(report: &Report, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut groups = group::groups(&report.findings);
    if groups.is_empty() {
        return Ok(());
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.severity()));
    writeln!(out, "\n| | What goes to whom | Where | Read from |\n| --- | --- | --- | --- |")?;
    let (mut rows, mut bytes) = (0, 0);
    for group in groups.iter().take(MAX_ROWS) {
        let place = code(&phrase::place(group.place));
        let what = plain(&phrase::headline(&group.findings, context.names));
        let cells = [group.severity().id(), &what, &place, &origins(group)].map(|cell| cell.replace('|', "\\|"));
        let row = format!("| {} |\n", cells.join(" | "));
        bytes += row.len();
        if bytes > MAX_COMMENT / 2 {
            break;
        }
        rows += 1;
        out.write_all(row.as_bytes())?;
    }
    more(groups.len() - rows, out)
}

fn origins(group: &Group<'_>) -> String {
    let expressions = group.findings.iter().map(|finding| code(&finding.origin.expression));
    let all = phrase::unique(expressions);
    let rest = all.len().checked_sub(MAX_ORIGINS).filter(|rest| *rest > 0);
    let rest = rest.map(|rest| format!(" and {rest} more")).unwrap_or_default();
    all[..all.len().min(MAX_ORIGINS)].join(", ") + &rest
}

fn more(rest: usize, out: &mut dyn Write) -> io::Result<()> {
    if rest == 0 { Ok(()) } else { writeln!(out, "\n… and {rest} more: run `overshare check` to see them.") }
}

/// What a change takes away.
fn gone(report: &Report, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(gone) = &report.gone else { return Ok(()) };
    let told = phrase::gone(gone, context.names);
    if told.is_empty() {
        return writeln!(out, "\nNothing is gone since {}.", code(&gone.since));
    }
    writeln!(out, "\n**Gone since {}**\n", code(&gone.since))?;
    for (what, place) in told.iter().take(MAX_ROWS) {
        let place = place.as_ref().map(|place| format!(" ({})", code(place))).unwrap_or_default();
        writeln!(out, "- {}{place}", plain(what))?;
    }
    more(told.len().saturating_sub(MAX_ROWS), out)
}

fn collections(report: &Report, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.collected().next().is_none() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>Collected by default: no line of code asks for it</summary>\n")?;
    let rows = report.collected().map(|it| (context.names.name(&it.vendor), it, phrase::place(&it.location)));
    let rows: Vec<_> = rows.collect();
    for (vendor, collection, place) in rows.iter().take(MAX_ROWS) {
        let (vendor, text) = (plain(vendor), plain(&format!("{} {}", collection.what, collection.advice)));
        writeln!(out, "- {vendor}, {}: {text} ({})", phrase::collected(collection), code(place))?;
    }
    more(rows.len().saturating_sub(MAX_ROWS), out)?;
    writeln!(out, "\n</details>")
}

fn forwards(report: &Report, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.forwards.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>Handed on: these vendors send data further</summary>\n")?;
    for it in report.forwards.iter().take(MAX_ROWS) {
        let name =
            |to: &Destination| to.vendor.as_ref().map_or_else(|| code(&to.name), |id| plain(context.names.name(id)));
        let names = phrase::unique(it.destinations.iter().map(name));
        let to = if names.is_empty() { "places unknown, configured remotely".to_owned() } else { phrase::list(&names) };
        let (vendor, place) = (plain(context.names.name(&it.vendor)), code(&phrase::place(&it.location)));
        writeln!(out, "- {vendor}, to {to}: {} ({place})", plain(&it.what))?;
    }
    more(report.forwards.len().saturating_sub(MAX_ROWS), out)?;
    writeln!(out, "\n</details>")
}

fn remedies(report: &Report, _: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let shown = report.findings.iter().filter(|finding| finding.suppressed.is_none());
    let mut ids: Vec<_> = shown.map(|finding| finding.rule.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>Why it matters, and what to do instead</summary>\n")?;
    for id in ids {
        writeln!(out, "- {}: {}", code(id), rules::rule(id).help())?;
    }
    writeln!(out, "\n</details>")
}

fn unknown(report: &Report, _: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = [
        (report.unfollowed.len(), "payload", "could not be followed"),
        (report.problems.len(), "file", "could not be read in full"),
    ];
    let parts = counts.iter().filter(|(n, ..)| *n > 0);
    let parts = parts.map(|(n, noun, what)| format!("{} {what}", phrase::count(*n, noun)));
    let hidden = phrase::hidden(report).map(|hidden| format!("{hidden} not shown"));
    let parts: Vec<_> = parts.chain(hidden).collect();
    if parts.is_empty() { Ok(()) } else { writeln!(out, "\n{}.", phrase::list(&parts)) }
}

/// A code span that holds any text.
pub(crate) fn code(text: &str) -> String {
    let cut: String = text.chars().take(MAX_CODE).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    let longest = cut.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if cut.starts_with('`') || cut.ends_with('`') || cut.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{cut}{dots}{pad}{fence}")
}

/// Text without any meaning to Markdown, HTML or the notification of people, but for balanced code spans.
pub(crate) fn plain(text: &str) -> String {
    let parts: Vec<_> = text.split('`').collect();
    if parts.len() % 2 == 0 {
        return escaped(text);
    }
    let part = |(at, part): (usize, &&str)| if at % 2 == 1 { code(part) } else { escaped(part) };
    parts.iter().enumerate().map(part).collect()
}

pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '@' => escaped.push_str("@<!-- -->"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '~' | '!' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_hold_anything() {
        let check = |text: &str, expected: &str| assert_eq!(code(text), expected);
        check("user.email", "`user.email`");
        check("a || b", "`a || b`");
        check("`${x}`", "`` `${x}` ``");
        check("a``b", "```a``b```");
        check("", "`  `");
        check(&"x".repeat(200), &format!("`{}…`", "x".repeat(MAX_CODE)));
    }

    #[test]
    fn plain_text_does_nothing() {
        let check = |text: &str, expected: &str| assert_eq!(plain(text), expected);
        check("<b>@team [x](y) | _", "&lt;b&gt;@<!-- -->team \\[x\\](y) | \\_");
        check("Set `a_b: [1]` now.", "Set `a_b: [1]` now.");
        check("one ` only", "one \\` only");
    }
}
