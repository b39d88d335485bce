//! Tables as CSV and as JSON lines.

use std::io::{self, Write};

use serde::Serialize;

use crate::review::{Review, model::Place, ropa};

/// Writes rows as CSV, with a header unless they follow others of the same table.
///
/// # Errors
/// What `out` answers.
pub fn rows<T: Serialize>(rows: impl IntoIterator<Item = T>, header: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut raw = csv::WriterBuilder::new().has_headers(header).from_writer(Vec::new());
    for row in rows {
        raw.serialize(row).map_err(io::Error::other)?;
    }
    let raw = raw.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(raw.as_slice());
    let mut writer = csv::Writer::from_writer(out);
    for record in reader.records() {
        writer.write_record(record.map_err(io::Error::other)?.iter().map(guarded)).map_err(io::Error::other)?;
    }
    writer.flush()
}

/// A spreadsheet reads a cell that starts with one of these as a formula; an apostrophe makes it text.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// Writes rows as one JSON object for each line.
///
/// # Errors
/// What `out` answers.
pub fn lines<T: Serialize>(rows: impl IntoIterator<Item = T>, out: &mut dyn Write) -> io::Result<()> {
    for row in rows {
        serde_json::to_writer(&mut *out, &row)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes the record of processing activities.
///
/// # Errors
/// What `out` answers.
pub fn activities(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    rows(ropa::activities(review), true, out)
}

#[derive(Serialize)]
struct InventoryRow<'a> {
    category: &'a str,
    category_group: &'a str,
    person: &'a str,
    flows: usize,
    places: String,
    sent_to: String,
    collected_by_default_by: String,
}

/// Writes the data inventory: a row for each category and record.
///
/// # Errors
/// What `out` answers.
pub fn inventory(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let mut all = Vec::new();
    for item in &review.inventory {
        let row = |person, flows, places: &[Place]| InventoryRow {
            category: item.category.id(),
            category_group: item.category.group().id(),
            person,
            flows,
            places: places.iter().map(ToString::to_string).collect::<Vec<String>>().join("; "),
            sent_to: item.sent_to.join("; "),
            collected_by_default_by: item.collected_by.join("; "),
        };
        if item.sources.is_empty() {
            all.push(row("", 0, &[]));
        }
        all.extend(item.sources.iter().map(|source| row(&source.person, source.flows, &source.places)));
    }
    rows(all, true, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let mut out = Vec::new();
        rows([("=1+1", "a,b"), ("@x", "-1"), ("plain", "\"q\"")], false, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "'=1+1,\"a,b\"\n'@x,'-1\nplain,\"\"\"q\"\"\"\n");
    }
}
