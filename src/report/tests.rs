//! One hand-built report, hostile in every string, through every format.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    model::{Suppressed, SuppressionKind},
    *,
};

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
    let context =
        Context { sources: files, names: &names, colour, width: 80, day: jiff::civil::date(2027, 1, 31), part: None };
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

/// What machines read can be read by machines, whatever the names in it.
#[test]
fn hostile_names_do_not_break_the_syntax() {
    let (report, files) = sample::hostile();
    let text = |format| rendered(format, &report, &files, false);
    for format in [Format::Json, Format::Sarif, Format::Gitlab, Format::GitlabSast, Format::Rdjson] {
        assert!(serde_json::from_str::<serde_json::Value>(&text(format)).is_ok(), "{format}");
    }
    assert_eq!(serde_json::from_str::<Report>(&text(Format::Json)).unwrap(), report);
    assert!(text(Format::Jsonl).lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    for format in [Format::Junit, Format::Checkstyle] {
        let (text, mut elements) = (text(format), 0);
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(element) | quick_xml::events::Event::Empty(element) => {
                    assert!(element.attributes().all(|attribute| attribute.is_ok()), "{format}");
                    elements += 1;
                }
                _ => {}
            }
        }
        assert!(elements > 4, "{format}");
    }
    // The flow is told whole where a format has room for it.
    let sarif: serde_json::Value = serde_json::from_str(&text(Format::Sarif)).unwrap();
    let flow = &sarif["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"];
    let gitlab: serde_json::Value = serde_json::from_str(&text(Format::GitlabSast)).unwrap();
    let nodes = &gitlab["vulnerabilities"][0]["details"]["code_flows"]["items"][0];
    assert_eq!((flow.as_array().unwrap().len(), nodes.as_array().unwrap().len()), (3, 3));
    assert_eq!(nodes[2]["file_location"]["file_name"], report.findings[0].sink.location.file.as_str());
    let remarks = report.findings.len() + report.collections.len();
    for format in [Format::Compact, Format::Github] {
        assert_eq!(text(format).lines().count(), remarks, "{format}");
    }
    assert!(text(Format::Github).lines().all(|line| line.starts_with("::") && line.matches("::").count() >= 2));
}

/// Every format says how many are hidden, or keeps them; none shows them as findings.
#[test]
fn what_is_hidden_is_no_finding() {
    let (mut report, files) = sample::shop();
    report.collections.clear();
    report.forwards.clear();
    for finding in &mut report.findings {
        let reason = "agreed".to_owned();
        finding.suppressed = Some(Suppressed { kind: SuppressionKind::Inline, reason, location: None });
    }
    for &format in Format::ALL {
        let text = rendered(format, &report, &files, false);
        match format {
            Format::Terminal | Format::Markdown => assert!(text.contains("6 findings by comments"), "{text}"),
            Format::Json | Format::Jsonl | Format::Sarif => assert_eq!(text.matches("agreed").count(), 6, "{format}"),
            _ => assert!(!text.contains("leak/"), "{format}: {text}"),
        }
    }
}

/// A report of many findings with long paths.
fn long(findings: usize, hops: usize) -> (Report, Files) {
    let (mut report, files) = sample::hostile();
    let mut finding = report.findings[0].clone();
    finding.path = finding.path.iter().cycle().take(hops).cloned().collect();
    let numbered = |line: usize| {
        let mut finding = finding.clone();
        finding.location.line = u32::try_from(line).unwrap();
        finding
    };
    report.findings = (1..=findings).map(numbered).collect();
    (report, files)
}

#[test]
fn a_comment_is_never_too_long() {
    let (report, files) = long(3000, 2);
    let text = rendered(Format::Markdown, &report, &files, false);
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.contains("more: run `overshare check` to see them."));
    assert!(text.contains("3 files could not be read in full"), "{text}");
}

/// GitHub takes logs up to a size, and the first thousand hops of a flow.
#[test]
fn a_long_log_is_split() {
    let counts = |report: &Report| {
        sarif::parts(report).iter().map(|it| (it.findings.len(), it.collections.len())).collect::<Vec<_>>()
    };
    assert_eq!(counts(&long(1, 2).0), [(1, 3)]);
    assert_eq!(counts(&long(10_000, 2).0), [(5000, 0), (5000, 0), (0, 3)]);
    assert_eq!(counts(&long(100, 3000).0), [(59, 0), (41, 3)]);
    let (report, files) = long(1, 3000);
    let log: serde_json::Value = serde_json::from_str(&rendered(Format::Sarif, &report, &files, false)).unwrap();
    let steps = &log["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(steps.as_array().unwrap().len(), 1000);
}

/// What GitHub refuses an upload for.
#[test]
fn sarif_is_what_code_scanning_takes() {
    let (report, files) = sample::hostile();
    let log: serde_json::Value = serde_json::from_str(&rendered(Format::Sarif, &report, &files, false)).unwrap();
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].is_u64());
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        let rule = &run["tool"]["driver"]["rules"][index];
        assert_eq!(rule["id"], result["ruleId"]);
        for key in ["fullDescription", "help", "shortDescription"] {
            assert!(rule[key]["text"].as_str().is_some_and(|text| !text.is_empty()), "{key}");
        }
        assert!(rule["properties"]["security-severity"].is_string());
        assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string());
    }
}
