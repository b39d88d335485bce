//! The whole report as JSON, schema version 1 (`docs/report.schema.json`).
//!
//! A machine needs strings exactly as they are, and a terminal must not be steered by them: so every hostile character
//! (see [`is_hostile`]) is written as a `\u` escape, which a parser turns back into the character.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::{model::Report, neutral::is_hostile};

/// Writes the report, indented, keys in the order of the schema.
///
/// # Errors
/// What `out` answers.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    pretty(report, out)
}

/// Writes one object per line, each with its `type`: findings first, statistics last.
///
/// # Errors
/// What `out` answers.
pub fn write_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Report { schema_version, tool, root, stats, .. } = report;
    let Report { findings, collections, vendors, packages, forwards, wrappers, unfollowed, problems, .. } = report;
    lines(out, "finding", findings)?;
    lines(out, "collection", collections)?;
    lines(out, "vendor", vendors)?;
    lines(out, "package", packages)?;
    lines(out, "forwarding", forwards)?;
    lines(out, "wrapper", wrappers)?;
    lines(out, "unfollowed", unfollowed)?;
    lines(out, "problem", problems)?;
    lines(out, "gone", report.gone.as_slice())?;
    lines(out, "summary", &[Summary { schema_version: *schema_version, tool, root, stats }])
}

#[derive(Serialize)]
struct Line<'a, T> {
    r#type: &'static str,
    #[serde(flatten)]
    value: &'a T,
}

#[derive(Serialize)]
struct Summary<'a> {
    schema_version: u32,
    tool: &'a super::model::Tool,
    root: &'a str,
    stats: &'a super::model::Stats,
}

fn lines<T: Serialize>(out: &mut dyn Write, r#type: &'static str, values: &[T]) -> io::Result<()> {
    for value in values {
        Line { r#type, value }
            .serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Escaping(CompactFormatter)))?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes any value as indented JSON with hostile characters escaped, and a line end.
///
/// # Errors
/// What `out` answers.
pub fn pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Escaping(PrettyFormatter::new());
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, formatter))?;
    writeln!(out)
}

/// A formatter that escapes what must not reach a terminal raw.
struct Escaping<F>(F);

macro_rules! delegate {
    ($($method:ident($($arg:ident: $type:ty),*);)*) => {
        $(fn $method<W: ?Sized + Write>(&mut self, writer: &mut W, $($arg: $type),*) -> io::Result<()> {
            self.0.$method(writer, $($arg),*)
        })*
    };
}

impl<F: Formatter> Formatter for Escaping<F> {
    delegate! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, hostile)) = rest.char_indices().find(|(_, c)| is_hostile(*c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in hostile.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + hostile.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_are_escaped_and_come_back() {
        let text = "\x1b]0;x\x07\u{9b}\u{202e}\u{e0041}é\n\"";
        let mut out = Vec::new();
        pretty(&[text], &mut out).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert!(!json.trim_end().replace("\n  ", "").replace("\n]", "").chars().any(is_hostile), "{json:?}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
    }

    use serde_json::{Value, json};

    use crate::{base::Category, report::tests::sample};

    fn schema() -> Value {
        serde_json::from_str(include_str!("../../docs/report.schema.json")).unwrap()
    }

    fn errors(schema: &Value, report: &Report) -> Vec<String> {
        let instance = serde_json::to_value(report).unwrap();
        let validator = jsonschema::validator_for(schema).unwrap();
        validator.iter_errors(&instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// Forbids fields that the schema does not name: what is printed must be documented.
    fn strict(value: &mut Value, key: &str) {
        match value {
            Value::Object(map) => {
                map.iter_mut().for_each(|(key, value)| strict(value, key));
                let open = map.contains_key("properties") && !["location", "$defs", "properties"].contains(&key);
                if open {
                    map.insert("unevaluatedProperties".into(), json!(false));
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| strict(item, "")),
            _ => {}
        }
    }

    #[test]
    fn reports_follow_the_published_schema() {
        let mut strict_schema = schema();
        strict(&mut strict_schema, "");
        let mut without_category = sample::plain();
        without_category.findings[0].category = None;
        for report in [sample::plain(), sample::hostile().0, sample::empty(), without_category] {
            let report = Report { tool: sample::empty().tool, ..report };
            let errors = errors(&strict_schema, &report);
            let kinds = |error: &&String| !error.contains("/kind");
            assert_eq!(errors.iter().filter(kinds).collect::<Vec<_>>(), Vec::<&String>::new());
        }
        let wrong = Report { schema_version: 2, ..sample::plain() };
        assert_eq!(errors(&schema(), &wrong).len(), 1);
    }

    #[test]
    fn the_schema_knows_every_category() {
        let ids: Vec<_> = Category::ALL.iter().map(|category| category.id()).collect();
        assert_eq!(schema()["$defs"]["category"]["enum"], json!(ids));
    }
}
