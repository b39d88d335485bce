//! The lines of source that a diagnostic shows, cut to size before they are drawn.
//!
//! miette prints whole lines, prints control characters as they are, draws one file per diagnostic, misplaces labels
//! that overlap and panics beyond column 65,535. So it never sees a scanned file: it sees an **excerpt**, a made-up
//! text of **parts** (neighbouring lines of one file, each cut to a window around its labels, every character harmless)
//! whose labels do not overlap. The excerpt answers miette's questions about it as if the parts stood in their files.

use std::{collections::BTreeSet, ops::Range};

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::report::{group::Stop, lines::Lines, phrase};
use row::Row;

mod row;

/// Lines between two labels that are shown rather than left out.
const MAX_GAP: u32 = 2;

/// A place to label.
pub struct Mark {
    /// The place and its label.
    pub stop: Stop,
    /// Whether it is the diagnostic's own place.
    pub primary: bool,
    /// Whether to show the lines around it.
    pub context: bool,
}

/// Source with labels, ready to be drawn.
#[derive(Debug, Default)]
pub struct Excerpt {
    text: String,
    parts: Vec<Part>,
    labels: Vec<Label>,
}

#[derive(Debug)]
struct Part {
    file: String,
    range: Range<usize>,
    line: usize,
    lines: usize,
}

#[derive(Debug)]
struct Label {
    text: String,
    range: Range<usize>,
    line: usize,
    column: usize,
    primary: bool,
}

impl Excerpt {
    /// Cuts the lines of `marks` out of their files, in the order in which the files first come up.
    pub fn new(marks: &[Mark], lines: &mut Lines<'_>, width: usize) -> Self {
        let mut excerpt = Self::default();
        for file in phrase::unique(marks.iter().map(|mark| mark.stop.location.file.as_str())) {
            let marks: Vec<_> = marks.iter().filter(|mark| mark.stop.location.file == file).collect();
            let rows = rows(file, &marks, lines, width);
            for part in rows.chunk_by(|one, next| next.line == one.line + 1) {
                excerpt.push(file, part);
            }
        }
        excerpt
    }

    /// The labels, as miette wants them.
    pub fn labels(&self) -> impl Iterator<Item = LabeledSpan> + '_ {
        self.labels.iter().map(|label| {
            let (text, span) = (Some(label.text.clone()), SourceSpan::from(label.range.clone()));
            if label.primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })
    }

    fn push(&mut self, file: &str, rows: &[Row]) {
        let Some(first) = rows.first() else { return };
        let start = self.text.len();
        for row in rows {
            let base = self.text.len();
            self.text.push_str(&row.text);
            self.text.push('\n');
            self.labels.extend(row.labels.iter().map(|label| Label {
                text: label.text.clone(),
                range: base + label.range.start..base + label.range.end,
                line: (row.line as usize).saturating_sub(1),
                column: (label.column as usize).saturating_sub(1),
                primary: label.primary,
            }));
        }
        let range = start..self.text.len();
        self.parts.push(Part {
            file: file.to_owned(),
            range,
            line: (first.line as usize).saturating_sub(1),
            lines: rows.len(),
        });
    }
}

/// The rows to show of one file, in order; a long line with labels far apart gives several.
fn rows(file: &str, marks: &[&Mark], lines: &mut Lines<'_>, width: usize) -> Vec<Row> {
    let wanted = wanted(file, marks, lines);
    let digits = wanted.last().map_or(1, |line| line.to_string().len());
    let room = width.saturating_sub(digits + 4);
    let row = |line: &u32| {
        let marks: Vec<_> = marks.iter().copied().filter(|mark| mark.stop.location.line == *line).collect();
        row::rows(*line, lines.get(file, *line).unwrap_or_default(), &marks, room)
    };
    wanted.iter().flat_map(row).collect()
}

/// The lines to show of one file: those with labels, small gaps between them, and what stands around the primary one.
fn wanted(file: &str, marks: &[&Mark], lines: &mut Lines<'_>) -> BTreeSet<u32> {
    let labelled: BTreeSet<u32> = marks.iter().map(|mark| mark.stop.location.line).collect();
    let pairs = labelled.iter().zip(labelled.iter().skip(1));
    let gaps: Vec<u32> = pairs.filter(|(one, next)| *next - *one <= MAX_GAP + 1).flat_map(|(a, b)| a + 1..*b).collect();
    let around = marks.iter().filter(|mark| mark.context && mark.primary).map(|mark| mark.stop.location.line);
    let around = around.flat_map(|line| [line.saturating_sub(1), line.saturating_add(1)]);
    let mut filled = |line: &u32| lines.get(file, *line).is_some_and(|text| !text.trim().is_empty());
    let around: Vec<u32> = around.filter(|line| filled(line)).collect();
    labelled.into_iter().chain(gaps).chain(around).collect()
}

impl SourceCode for Excerpt {
    /// A whole part, whatever of it is asked for; without context, the exact place of a label in its file.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let within = |part: &&Part| part.range.start <= start && end <= part.range.end;
        let part = self.parts.iter().find(within).ok_or(MietteError::OutOfBounds)?;
        let label = self.labels.iter().find(|label| before == 0 && label.range == (start..end));
        let (line, column, range) = match label {
            Some(label) => (label.line, label.column, label.range.clone()),
            None => (part.line, 0, part.range.clone()),
        };
        let data = self.text.as_bytes().get(range.clone()).ok_or(MietteError::OutOfBounds)?;
        let contents = MietteSpanContents::new_named(part.file.clone(), data, range.into(), line, column, part.lines);
        Ok(Box::new(contents))
    }
}
