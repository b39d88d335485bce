//! `JUnit` XML: each finding is a test case in the suite of its file. Notes pass, everything graver fails.

use std::io::{self, Write};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{
    Context,
    neutral::Neutral,
    phrase,
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
    let (tests, failures) = counts(remarks.iter());
    let suites = xml.create_element("testsuites").with_attribute(("name", "overshare"));
    let suites = suites.with_attribute(("tests", tests.as_str())).with_attribute(("failures", failures.as_str()));
    suites.write_inner_content(|xml| {
        remark::by_file(&remarks).into_iter().try_for_each(|(file, remarks)| suite(file, &remarks, xml))
    })?;
    writeln!(out)
}

fn counts<'a>(remarks: impl Iterator<Item = &'a Remark<'a>> + Clone) -> (String, String) {
    let failures = remarks.clone().filter(|remark| fails(remark)).count();
    (remarks.count().to_string(), failures.to_string())
}

fn fails(remark: &Remark<'_>) -> bool {
    remark.severity > Severity::Note
}

fn suite<W: Write>(file: &str, remarks: &[&Remark<'_>], xml: &mut Writer<W>) -> io::Result<()> {
    let (tests, failures) = counts(remarks.iter().copied());
    xml.create_element("testsuite")
        .with_attribute(("name", file))
        .with_attribute(("tests", tests.as_str()))
        .with_attribute(("failures", failures.as_str()))
        .write_inner_content(|xml| remarks.iter().try_for_each(|remark| case(remark, xml)))
        .map(drop)
}

fn case<W: Write>(remark: &Remark<'_>, xml: &mut Writer<W>) -> io::Result<()> {
    let place = phrase::place(remark.location);
    let vendor = if remark.vendor.is_empty() { String::new() } else { format!(" {}", remark.vendor) };
    let name = format!("{}{vendor} at {place}", remark.rule);
    let text = format!("{place}: {} {}", remark.message, remark.detail);
    let case = xml.create_element("testcase").with_attribute(("name", name.as_str()));
    case.with_attribute(("classname", remark.location.file.as_str()))
        .write_inner_content(|xml| {
            let element = if fails(remark) {
                let failure = xml.create_element("failure").with_attribute(("type", remark.severity.id()));
                failure.with_attribute(("message", remark.message.as_str()))
            } else {
                xml.create_element("system-out")
            };
            element.write_text_content(BytesText::new(&text)).map(drop)
        })
        .map(drop)
}
