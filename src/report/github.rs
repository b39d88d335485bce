//! GitHub workflow commands: each line becomes an annotation on the diff of a pull request.

use std::io::{self, Write};

use super::{
    Context,
    neutral::Neutral,
    remark::{self, Remark},
};
use crate::base::Severity;

/// Writes one command per remark.
///
/// # Errors
/// What `out` answers.
pub fn write(neutral: &Neutral<'_>, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    remark::remarks(&neutral.report, context.names).iter().try_for_each(|remark| command(remark, out))
}

fn command(remark: &Remark<'_>, out: &mut dyn Write) -> io::Result<()> {
    let kind = match remark.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let at = remark.location;
    write!(out, "::{kind} file={},line={},endLine={}", property(&at.file), at.line, at.end_line)?;
    if at.line == at.end_line {
        // Columns of a place that spans lines are refused.
        write!(out, ",col={},endColumn={}", at.column, at.end_column)?;
    }
    let title = property(format!("{} [{}]", remark.vendor, remark.rule).trim_start());
    writeln!(out, ",title={title}::{}", data(&format!("{}\n{}", remark.message, remark.detail)))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which a comma or a colon would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
