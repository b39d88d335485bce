//! One line per finding, for `grep`, editors and logs: `file:line:column: severity[rule] vendor: message`.

use std::io::{self, Write};

use super::{Context, neutral::Neutral, phrase, remark};

/// Writes one line per finding that is not hidden, then one per default collection.
///
/// # Errors
/// What `out` answers.
pub fn write(neutral: &Neutral<'_>, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    for remark in remark::remarks(&neutral.report, context.names) {
        let remark::Remark { severity, rule, location, .. } = &remark;
        writeln!(out, "{}: {severity}[{rule}] {}", phrase::place(location), remark.text())?;
    }
    Ok(())
}
