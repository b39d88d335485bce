//! Places as people read them: file names, lines, columns, and the code that stands there.

use crate::{
    link::project::{FunctionAt, Project},
    report::{model::Location, redact},
    trace::flow::Place,
};

/// Longest expression shown, in code points.
const MAX_EXPRESSION: usize = 120;

/// Turns places of the engine into locations of the report.
pub(super) struct Places<'p> {
    pub(super) project: &'p Project,
}

impl<'p> Places<'p> {
    pub(super) const fn new(project: &'p Project) -> Self {
        Self { project }
    }

    /// Where a place is.
    pub(super) fn location(&self, place: Place) -> Location {
        let Some(unit) = self.project.unit(place.file) else {
            return Location { file: "".into(), line: 1, column: 1, end_line: 1, end_column: 1 };
        };
        let start = unit.lines.position(&unit.text, place.span.start);
        let end = unit.lines.position(&unit.text, place.span.end);
        Location {
            file: unit.name.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }

    /// The code at a place: white space folded, long text cut, string literals redacted.
    pub(super) fn expression(&self, place: Place) -> String {
        let text = self.project.unit(place.file).map_or("", |unit| place.span.of(&unit.text));
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        redact::text(&folded).chars().take(MAX_EXPRESSION).collect()
    }

    /// The name of a parameter, or its position.
    pub(super) fn parameter(&self, function: FunctionAt, index: u32) -> String {
        let parameters = &self.project.function(function).parameters;
        let parameter = parameters.get(index as usize);
        let name = parameter.and_then(|parameter| parameter.name.clone());
        name.map_or_else(|| format!("parameter {}", index + 1), |name| name.to_string())
    }
}
