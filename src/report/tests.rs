//! One hand-built report, hostile in every string, through every format.

use std::{collections::BTreeMap, sync::Arc};

use super::*;

pub mod sample;

/// Files in memory.
#[derive(Default)]
pub struct Files(pub BTreeMap<String, Arc<str>>);

impl Sources for Files {
    fn text(&self, file: &str) -> Option<Arc<str>> {
        self.0.get(file).cloned()
    }
}

pub fn rendered(format: Format, report: &Report, files: &Files, colour: bool) -> String {
    let names = sample::names();
    let context = Context { sources: files, names: &names, colour, width: 80 };
    let mut out = Vec::new();
    render(format, report, &context, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// No raw control or bidirectional character leaves in any format, but for line ends and, if asked for, colours.
#[test]
fn nothing_steers_a_terminal() {
    let (report, files) = sample::hostile();
    for &format in Format::ALL {
        let text = rendered(format, &report, &files, false);
        let raw: Vec<_> = text.chars().filter(|c| neutral::is_hostile(*c) && *c != '\n').collect();
        assert!(raw.is_empty(), "{format}: {raw:?}");
    }
}

#[test]
fn formats_by_id() {
    for &format in Format::ALL {
        assert_eq!(format.id().parse(), Ok(format));
    }
    let error = "yaml".parse::<Format>().unwrap_err().to_string();
    assert!(error.contains("terminal, compact, json"), "{error}");
}

#[test]
fn snapshots() {
    let (report, files) = sample::shop();
    for &format in Format::ALL {
        insta::assert_snapshot!(format!("shop_{format}"), rendered(format, &report, &files, false));
    }
    insta::assert_snapshot!("shop_terminal_colour", rendered(Format::Terminal, &report, &files, true));
}

#[test]
fn hostile_snapshots() {
    let (report, files) = sample::hostile();
    for &format in Format::ALL {
        insta::assert_snapshot!(format!("hostile_{format}"), rendered(format, &report, &files, false));
    }
}
