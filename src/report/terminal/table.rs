//! Counts of findings: categories down, vendors across, in as many blocks as the width asks for.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use unicode_width::UnicodeWidthStr;

use crate::{base::Category, report::phrase};

/// The narrowest column of counts.
const CELL: usize = 4;
/// Columns between two columns.
const GAP: usize = 2;
/// The title of the row of sums.
const ALL: &str = "all";

/// Counts by category and vendor.
pub struct Table<'a> {
    categories: Vec<Category>,
    vendors: Vec<&'a str>,
    counts: BTreeMap<(&'a str, Category), usize>,
}

impl<'a> Table<'a> {
    /// Counts pairs of vendor and category.
    pub fn new(pairs: impl Iterator<Item = (&'a str, Category)>) -> Self {
        let mut counts: BTreeMap<_, usize> = BTreeMap::new();
        for pair in pairs {
            *counts.entry(pair).or_default() += 1;
        }
        let vendors = phrase::unique(counts.keys().map(|(vendor, _)| *vendor));
        let counted = |category: &Category| counts.keys().any(|(_, other)| other == category);
        Self { categories: Category::ALL.iter().copied().filter(counted).collect(), vendors, counts }
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Writes the table in at most `width` columns, unless one vendor alone is wider.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn write(&self, width: usize, out: &mut dyn Write) -> io::Result<()> {
        let titles = self.categories.iter().map(|category| category.title().width()).max().unwrap_or(0).max(ALL.len());
        for (at, vendors) in self.blocks(width.saturating_sub(titles + GAP)).iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            row("", titles, vendors, str::to_owned, out)?;
            for category in &self.categories {
                row(category.title(), titles, vendors, |vendor| self.cell(vendor, *category), out)?;
            }
            row(ALL, titles, vendors, |vendor| self.sum(vendor).to_string(), out)?;
        }
        Ok(())
    }

    fn cell(&self, vendor: &str, category: Category) -> String {
        self.counts.get(&(vendor, category)).map_or_else(|| "·".to_owned(), usize::to_string)
    }

    fn sum(&self, vendor: &str) -> usize {
        self.counts.iter().filter(|((other, _), _)| *other == vendor).map(|(_, n)| n).sum()
    }

    /// The vendors in runs whose columns fit in `room`.
    fn blocks(&self, room: usize) -> Vec<Vec<&'a str>> {
        let (mut blocks, mut used): (Vec<Vec<_>>, _) = (Vec::new(), 0);
        for vendor in &self.vendors {
            used += column(vendor);
            if let Some(block) = blocks.last_mut().filter(|_| used <= room) {
                block.push(*vendor);
            } else {
                blocks.push(vec![*vendor]);
                used = column(vendor);
            }
        }
        blocks
    }
}

/// Width of a vendor's column.
fn column(vendor: &str) -> usize {
    vendor.width().max(CELL) + GAP
}

fn row(
    title: &str,
    titles: usize,
    vendors: &[&str],
    cell: impl Fn(&str) -> String,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "  {title}{}", " ".repeat(titles.saturating_sub(title.width())))?;
    for vendor in vendors {
        let text = cell(vendor);
        write!(out, "{}{text}", " ".repeat(column(vendor).saturating_sub(text.width())))?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_tables_are_cut_into_blocks() {
        let pairs = [("Acme", Category::Email), ("Zeta Ads", Category::Email), ("Zeta Ads", Category::Name)];
        let check = |width: usize, expected: &str| {
            let mut out = Vec::new();
            Table::new(pairs.into_iter()).write(width, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        let head = "                  Acme  Zeta Ads\n";
        let rows =
            "  e-mail address     1         1\n  name               ·         1\n  all                1         2\n";
        check(80, &format!("{head}{rows}"));
        let one = "                  Acme\n  e-mail address     1\n  name               ·\n  all                1\n";
        let two = [("", "Zeta Ads"), ("e-mail address", "1"), ("name", "1"), ("all", "2")];
        let two: String = two.map(|(title, cell)| format!("  {title:14}  {cell:>8}\n")).concat();
        check(30, &format!("{one}\n{two}"));
    }
}
