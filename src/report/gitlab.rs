//! GitLab code quality: shown in the merge request's widget and diff.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{
    Context, json,
    neutral::Neutral,
    remark::{self, Remark},
};
use crate::base::Severity;

/// Writes one array.
///
/// # Errors
/// What `out` answers.
pub fn write(neutral: &Neutral<'_>, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let remarks = remark::remarks(&neutral.report, context.names);
    let entries: Vec<_> = remarks.iter().map(|remark| entry(remark, neutral)).collect();
    json::pretty(&entries, out)
}

fn entry(remark: &Remark<'_>, neutral: &Neutral<'_>) -> Value {
    let severity = match remark.severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    };
    let Remark { rule, location, fingerprint, .. } = remark;
    json!({
        "check_name": rule,
        "description": remark.sentences(),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            "path": neutral.original(&location.file),
            "lines": { "begin": location.line, "end": location.end_line },
        },
    })
}
