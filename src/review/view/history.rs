//! The matrix over time: a chart of text, and a chart of bars for a page.

#![allow(clippy::cast_precision_loss, reason = "numbers become lengths of a drawing")]

use std::io::{self, Write};

use askama::Template;

use super::{filters, html};
use crate::review::history::{History, Since};

/// Width of a row's chart; its height.
const SIZE: (f64, f64) = (320.0, 22.0);
/// Width of the last bar, which has no next moment to reach to.
const LAST: f64 = 10.0;
/// Height of a bar for what is collected by default only, and the least of one for flows.
const LEAST: (f64, f64) = (4.0, 7.0);

/// Writes the history as a chart of text: a line for each vendor and category, a column for each moment.
///
/// # Errors
/// What `out` answers.
pub fn text(history: &History, out: &mut dyn Write) -> io::Result<()> {
    for (at, moment) in history.moments.iter().enumerate() {
        writeln!(out, "{:>3}  {}  {:10.10}  {}", at + 1, moment.day, moment.commit, moment.name)?;
    }
    let names: Vec<String> =
        history.cells.iter().map(|cell| format!("{} → {}", cell.category.title(), cell.name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let heads: Vec<String> = (1..=history.moments.len()).map(|at| format!("{at:>4}")).collect();
    writeln!(out, "\n{:width$}{}   since", "", heads.concat())?;
    for (name, cell) in names.iter().zip(&history.cells) {
        let pad = " ".repeat(width - name.chars().count());
        let columns: String = cell.flows.iter().copied().map(column).collect();
        writeln!(out, "{name}{pad}{columns}   {}", since(history, cell))?;
    }
    writeln!(out, "\nNumbers are flows from code, d is collected by default only.")
}

/// Writes the same as Markdown.
///
/// # Errors
/// What `out` answers.
pub fn markdown(history: &History, out: &mut dyn Write) -> io::Result<()> {
    let mut chart = Vec::new();
    text(history, &mut chart)?;
    // A name of a tag or a vendor cannot end the block.
    let chart = String::from_utf8_lossy(&chart).replace("```", "'''");
    writeln!(out, "```text\n{chart}```")
}

fn column(flows: Option<usize>) -> String {
    match flows {
        None => format!("{:>4}", "·"),
        Some(0) => format!("{:>4}", "d"),
        Some(flows) => format!("{flows:>4}"),
    }
}

/// Since when, in words: the day of the commit, and its name where that is not a day itself.
fn since(history: &History, cell: &Since) -> String {
    let Some(moment) = history.start(cell) else { return "not any more".to_owned() };
    let before = if cell.since == Some(0) { " or before" } else { "" };
    match moment.name.parse::<jiff::civil::Date>() {
        Ok(_) => format!("{}{before}", moment.day),
        Err(_) => format!("{} ({}){before}", moment.name, moment.day),
    }
}

#[derive(Template)]
#[template(path = "history.html")]
struct Page<'a> {
    chart: Chart<'a>,
    style: &'static str,
}

/// Writes one page.
///
/// # Errors
/// What `out` answers.
pub fn page(history: &History, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { chart: Chart::of(history), style: html::STYLE };
    writeln!(out, "{}", page.render().map_err(io::Error::other)?)
}

/// One row of the chart.
struct Row<'a> {
    cell: &'a Since,
    since: String,
    bars: Vec<Bar>,
}

/// How much is sent from one moment to the next.
struct Bar {
    x: String,
    y: String,
    width: String,
    height: String,
    ambient: bool,
    title: String,
}

/// The history, laid out.
#[derive(Template)]
#[template(path = "chart.html")]
pub(super) struct Chart<'a> {
    history: &'a History,
    rows: Vec<Row<'a>>,
    ticks: Vec<String>,
    width: f64,
    height: f64,
}

impl<'a> Chart<'a> {
    /// Lays a history out: moments stand where their time says.
    pub(super) fn of(history: &'a History) -> Self {
        let places = places(history);
        let most = history.cells.iter().flat_map(|cell| &cell.flows).filter_map(|flows| *flows).max().unwrap_or(0);
        let rows = history.cells.iter().map(|cell| Row {
            cell,
            since: since(history, cell),
            bars: bars(history, cell, &places, most),
        });
        Self {
            history,
            rows: rows.collect(),
            ticks: places.iter().map(|x| format!("{x:.1}")).collect(),
            width: SIZE.0,
            height: SIZE.1,
        }
    }

    fn ends(&self) -> (&str, &str) {
        let day = |moment: Option<&'a crate::review::history::Moment>| moment.map_or("", |moment| &*moment.day);
        (day(self.history.moments.first()), day(self.history.moments.last()))
    }
}

/// Where each moment stands, from left to right.
fn places(history: &History) -> Vec<f64> {
    let seconds = || history.moments.iter().map(|moment| moment.seconds);
    let (first, last) = (seconds().min().unwrap_or(0), seconds().max().unwrap_or(0));
    let room = SIZE.0 - LAST;
    let steps = history.moments.len().saturating_sub(1).max(1) as f64;
    let place = |(at, seconds): (usize, i64)| {
        if first == last { at as f64 / steps * room } else { (seconds - first) as f64 / (last - first) as f64 * room }
    };
    seconds().enumerate().map(place).collect()
}

fn bars(history: &History, cell: &Since, places: &[f64], most: usize) -> Vec<Bar> {
    let bar = |(at, flows): (usize, &Option<usize>)| {
        let flows = (*flows)?;
        let (x, moment) = (*places.get(at)?, history.moments.get(at)?);
        let next = places.get(at + 1).copied().unwrap_or(x + LAST);
        let share = (flows as f64 / most.max(1) as f64).sqrt();
        let height = if flows == 0 { LEAST.0 } else { LEAST.1 + (SIZE.1 - LEAST.1) * share };
        let what = if flows == 0 { "by default only".to_owned() } else { crate::report::phrase::count(flows, "flow") };
        Some(Bar {
            x: format!("{x:.1}"),
            y: format!("{:.1}", SIZE.1 - height),
            width: format!("{:.1}", (next - x).max(0.5)),
            height: format!("{height:.1}"),
            ambient: flows == 0,
            title: format!("{}, {}: {what}", moment.name, moment.day),
        })
    };
    cell.flows.iter().enumerate().filter_map(bar).collect()
}
