//! A mistake in a text that the user wrote, shown where it stands.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use super::{
    MIN_WIDTH,
    drawing::Pen,
    excerpt::{Excerpt, Mark},
};
use crate::{
    base::{LineIndex, Severity},
    report::{
        Sources,
        group::Stop,
        lines::Lines,
        model::{Location, Report},
        neutral::{Neutral, clean},
    },
};

struct One(BTreeMap<String, Arc<str>>);

impl Sources for One {
    fn text(&self, file: &str) -> Option<Arc<str>> {
        self.0.get(file).cloned()
    }
}

/// Draws what is wrong at a place of a file.
#[must_use]
pub fn mistake(file: &str, text: &str, span: &Range<usize>, message: &str, colour: bool, width: usize) -> String {
    let index = LineIndex::new(text);
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let (start, end) = (index.position(text, offset(span.start)), index.position(text, offset(span.end)));
    let location = Location {
        file: file.into(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    };
    let plain = format!("{}:{}:{}: {}", clean(file), start.line, start.column, clean(message));
    let report = Report::default();
    let (neutral, files) = (Neutral::of(&report), One([(file.to_owned(), text.into())].into()));
    let stop = Stop { location, label: "here".to_owned() };
    let marks = [Mark { stop, primary: true, context: true }];
    let width = width.max(MIN_WIDTH);
    let excerpt = Excerpt::new(&marks, &mut Lines::new(&neutral, &files), width);
    Pen::new(colour, width).draw(&clean(message), Severity::Error, excerpt).unwrap_or(plain)
}
