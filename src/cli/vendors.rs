//! `overshare vendors`: the catalogue as a list.

use std::io::Write;

use serde::Serialize;

use super::{args::ListFormat, error::CliError};
use crate::catalog::{Catalog, Source, format::Vendor};

/// One vendor of the list.
#[derive(Serialize)]
struct Entry<'a> {
    #[serde(flatten)]
    vendor: &'a Vendor,
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
    entries.sort_by(|a, b| a.vendor.id.cmp(&b.vendor.id));
    let written = match format {
        ListFormat::Table => table(&entries, out),
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &entries).map_err(Into::into).and_then(|()| writeln!(out))
        }
    };
    written.map_err(CliError::Output)
}

fn entry(source: &Source) -> Option<Entry<'_>> {
    let marks = &source.marks;
    Some(Entry {
        vendor: source.vendor.as_ref()?,
        packages: &marks.packages,
        globals: &marks.globals,
        scripts: &marks.scripts,
        hosts: &marks.hosts,
    })
}

fn table(entries: &[Entry<'_>], out: &mut dyn Write) -> std::io::Result<()> {
    let head = ["ID", "NAME", "KIND", "SEAT", "COMPANY"].map(str::to_owned);
    let row = |entry: &Entry<'_>| {
        let Vendor { id, name, kind, country, company, .. } = entry.vendor;
        [id.clone(), name.clone(), kind.to_string(), country.clone(), company.clone()]
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
