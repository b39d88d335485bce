//! Reviewdog's diagnostic format, for review comments on any forge.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{
    Context, json,
    lines::Lines,
    neutral::Neutral,
    remark::{self, Remark},
};
use crate::base::Severity;

/// Writes one diagnostic result.
///
/// # Errors
/// What `out` answers.
pub fn write(neutral: &Neutral<'_>, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Lines::new(neutral, context.sources);
    let remarks = remark::remarks(&neutral.report, context.names);
    let diagnostics: Vec<_> = remarks.iter().map(|remark| diagnostic(remark, neutral, &mut lines)).collect();
    json::pretty(&json!({ "source": { "name": "overshare" }, "diagnostics": diagnostics }), out)
}

fn diagnostic(remark: &Remark<'_>, neutral: &Neutral<'_>, lines: &mut Lines<'_>) -> Value {
    let severity = match remark.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "INFO",
    };
    let at = remark.location;
    let mut position = |line: u32, column: u32| json!({ "line": line, "column": bytes(lines, &at.file, line, column) });
    let range = json!({ "start": position(at.line, at.column), "end": position(at.end_line, at.end_column) });
    json!({
        "message": format!("{}\n{}", remark.text(), remark.detail),
        "severity": severity,
        "code": { "value": remark.rule },
        "location": { "path": neutral.original(&at.file), "range": range },
    })
}

/// A column in bytes, which is what reviewdog counts; in code points where the text is gone.
fn bytes(lines: &mut Lines<'_>, file: &str, line: u32, column: u32) -> u64 {
    let Some(text) = lines.get(file, line) else { return u64::from(column) };
    let before = text.chars().take((column as usize).saturating_sub(1));
    before.map(|c| c.len_utf8() as u64).sum::<u64>() + 1
}
