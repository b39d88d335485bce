//! One line per finding, for `grep`, editors and logs: `file:line:column: severity[rule] vendor: message`.

use std::io::{self, Write};

use super::{Context, model::Location, neutral::Neutral, phrase};

/// Writes one line per finding that is not hidden, then one per default collection.
///
/// # Errors
/// What `out` answers.
pub fn write(neutral: &Neutral<'_>, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = &neutral.report;
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        let Location { file, line, column, .. } = &finding.location;
        let vendor = context.names.name(&finding.vendor);
        let (severity, rule, message) = (finding.severity, &finding.rule, &finding.message);
        writeln!(out, "{file}:{line}:{column}: {severity}[{rule}] {vendor}: {message}")?;
    }
    for collection in &report.collections {
        let Location { file, line, column, .. } = &collection.location;
        let (rule, vendor) = (phrase::ambient_rule(collection), context.names.name(&collection.vendor));
        writeln!(out, "{file}:{line}:{column}: note[{rule}] {vendor}: {}", collection.what)?;
    }
    Ok(())
}
