//! Checkstyle XML, which most continuous-integration servers read.

use std::io::{self, Write};

use quick_xml::{
    Writer,
    events::{BytesDecl, Event},
};

use super::{
    Context,
    neutral::Neutral,
    remark::{self, Remark},
};
use crate::base::Severity;

/// Writes one document.
///
/// # Errors
/// What `out` answers.
pub fn write(neutral: &Neutral<'_>, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let remarks = remark::remarks(&neutral.report, context.names);
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("checkstyle").with_attribute(("version", "4.3")).write_inner_content(|xml| {
        remark::by_file(&remarks).into_iter().try_for_each(|(file, remarks)| {
            xml.create_element("file")
                .with_attribute(("name", file))
                .write_inner_content(|xml| remarks.iter().try_for_each(|remark| error(remark, xml)))
                .map(drop)
        })
    })?;
    writeln!(out)
}

fn error<W: Write>(remark: &Remark<'_>, xml: &mut Writer<W>) -> io::Result<()> {
    let severity = match remark.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "info",
    };
    let (line, column) = (remark.location.line.to_string(), remark.location.column.to_string());
    xml.create_element("error")
        .with_attribute(("line", line.as_str()))
        .with_attribute(("column", column.as_str()))
        .with_attribute(("severity", severity))
        .with_attribute(("message", remark.sentences().as_str()))
        .with_attribute(("source", format!("overshare.{}", remark.rule).as_str()))
        .write_empty()
        .map(drop)
}
