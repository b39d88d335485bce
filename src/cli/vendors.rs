//! `overshare vendors`: the catalogue as a list.

use std::io::Write;

use serde::Serialize;

use super::{args::ListFormat, error::CliError};
use crate::catalog::{
    Catalog, Marks, Source,
    format::{Kind, PersonalData, Vendor},
};

/// One vendor of the list; the keys are spelt as in the JSON report.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    name: &'a str,
    kind: Kind,
    company: &'a str,
    country: &'a str,
    website: &'a str,
    terms: &'a str,
    personal_data: PersonalData,
    packages: &'a [smol_str::SmolStr],
    globals: &'a [smol_str::SmolStr],
    scripts: &'a [smol_str::SmolStr],
    hosts: &'a [smol_str::SmolStr],
}

/// Writes the list, sorted by id.
///
/// # Errors
/// When `out` refuses.
pub fn write(catalog: &Catalog, format: ListFormat, out: &mut dyn Write) -> Result<(), CliError> {
    let mut entries: Vec<_> = catalog.sources().iter().filter_map(entry).collect();
    entries.sort_by_key(|entry| entry.id);
    let written = match format {
        ListFormat::Table => table(&entries, out),
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &entries).map_err(Into::into).and_then(|()| writeln!(out))
        }
    };
    written.map_err(CliError::Output)
}

fn entry(source: &Source) -> Option<Entry<'_>> {
    let Vendor { id, name, kind, company, country, website, terms, personal_data } = source.vendor.as_ref()?;
    let Marks { packages, globals, scripts, hosts } = &source.marks;
    let (kind, personal_data) = (*kind, *personal_data);
    Some(Entry { id, name, kind, company, country, website, terms, personal_data, packages, globals, scripts, hosts })
}

fn table(entries: &[Entry<'_>], out: &mut dyn Write) -> std::io::Result<()> {
    let head = ["ID", "NAME", "KIND", "SEAT", "COMPANY"].map(str::to_owned);
    let row = |entry: &Entry<'_>| {
        let kind = entry.kind.to_string();
        [entry.id, entry.name, kind.as_str(), entry.country, entry.company].map(str::to_owned)
    };
    let rows: Vec<_> = [head].into_iter().chain(entries.iter().map(row)).collect();
    let width =
        |column: usize| rows.iter().map(|row| unicode_width::UnicodeWidthStr::width(row[column].as_str())).max();
    let widths: Vec<_> = (0..5).map(|column| width(column).unwrap_or(0)).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| pad(cell, *width));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    writeln!(out, "\n{} vendors. `overshare explain ID` tells more of one.", entries.len())
}

/// Pads by what a terminal shows, which is not the number of bytes or characters.
fn pad(cell: &str, width: usize) -> String {
    let missing = width.saturating_sub(unicode_width::UnicodeWidthStr::width(cell));
    format!("{cell}{}", " ".repeat(missing))
}
