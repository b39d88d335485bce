use smol_str::SmolStr;

use super::*;
use crate::{base::Span, catalog::Catalog, policy::config::day};

/// A comment in line 5, before line 6.
fn file(texts: &[&str]) -> Vec<CommentedFile> {
    let remark = |(at, text): (usize, &&str)| {
        let line = u32::try_from(5 + at * 10).unwrap();
        let span = Span::new(line * 100, line * 100 + u32::try_from(text.len()).unwrap());
        Remark {
            comment: source::Comment { span, whole: span, here: Vec::new(), next: Vec::new() },
            text: (*text).to_owned(),
            location: place("a.js", line),
            here: Vec::new(),
            next: vec![line + 1..=line + 1],
        }
    };
    vec![CommentedFile { file: "a.js".into(), digest: 7, comments: texts.iter().enumerate().map(remark).collect() }]
}

fn place(file: &str, line: u32) -> Location {
    Location { file: file.into(), line, column: 1, end_line: line, end_column: 2 }
}

/// A finding whose origin, apex and sink stand in these lines of `a.js`; 0 is another file.
fn finding(rule: &str, vendor: &str, lines: [u32; 3]) -> Finding {
    let [origin, apex, sink] = lines.map(|line| place(if line == 0 { "b.js" } else { "a.js" }, line.max(1)));
    Finding {
        fingerprint: String::new(),
        rule: rule.into(),
        severity: Severity::Error,
        confidence: Confidence::High,
        vendor: SmolStr::new(vendor),
        category: None,
        message: String::new(),
        location: apex,
        origin: Origin { location: origin, expression: String::new() },
        sink: Sink { location: sink, call: String::new(), argument: String::new() },
        path: Vec::new(),
        suppressed: None,
    }
}

/// The lines of the apexes that are not hidden, and what is said of the comments.
fn judged(texts: &[&str], findings: Vec<Finding>) -> (Vec<bool>, Vec<String>, Vec<String>) {
    let catalog = Catalog::embedded().unwrap();
    let terms = Terms { catalog: &catalog, reasons_optional: false, today: day("2027-01-31").unwrap() };
    let mut ignores = Ignores::of(&file(texts), terms);
    let mut report = Report { findings, ..Report::default() };
    ignores.hide(&mut report);
    let hidden = report.findings.iter().map(|it| it.suppressed.is_some()).collect();
    let told = ignores.findings(true).iter().map(|it| format!("{} {}", it.rule, it.message)).collect();
    (hidden, told, ignores.edits().into_iter().map(|edit| edit.text.unwrap_or_else(|| "-".into())).collect())
}

#[test]
fn a_comment_hides_what_it_names_where_it_stands() {
    let check = |comment: &str, rule: &str, lines: [u32; 3], expect: bool| {
        let told = judged(&[comment], vec![finding(rule, "mixpanel", lines)]);
        assert_eq!(told.0, [expect], "{comment} {lines:?}: {told:?}");
        assert_eq!((told.1.is_empty(), told.2.is_empty()), (expect, expect), "{comment} {lines:?}: {told:?}");
    };
    let email = "// overshare-ignore leak/email -- x";
    for lines in [[6, 0, 0], [0, 6, 0], [0, 0, 6]] {
        check(email, "leak/email", lines, true);
    }
    check(email, "leak/email", [7, 7, 5], false);
    check(email, "leak/name", [6, 6, 6], false);
    check("// overshare-ignore leak/* -- x", "leak/name", [6, 0, 0], true);
    check("// overshare-ignore leak/direct -- x", "leak/name", [6, 0, 0], true);
    check("// overshare-ignore leak/special -- x", "leak/name", [6, 0, 0], false);
    check("// overshare-ignore ambient/* -- x", "leak/name", [6, 0, 0], false);
    check("// overshare-ignore leak/name(mixpanel) -- x", "leak/name", [6, 0, 0], true);
    check("// overshare-ignore leak/name(sentry) -- x", "leak/name", [6, 0, 0], false);
    check("// overshare-ignore leak/email, leak/name(sentry, mixpanel) -- x", "leak/phone", [6, 0, 0], false);
    check("// overshare-ignore-file vendor/denied -- x", "vendor/denied", [0, 0, 99], true);
    check("// overshare-ignore-file vendor/denied -- x", "vendor/denied", [0, 0, 0], false);
    check("// overshare-ignore leak/email -- x until=2027-01-31", "leak/email", [6, 0, 0], true);
}

#[test]
fn what_is_wrong_with_a_comment_is_said() {
    let check = |comment: &str, expect: &[&str], edits: &[&str]| {
        let known = [("leak/email", "mixpanel"), ("leak/email", "sentry"), ("leak/name", "sentry")];
        let findings = known.map(|(rule, vendor)| finding(rule, vendor, [6, 6, 6]));
        let (_, told, changed) = judged(&[comment], findings.into());
        assert_eq!(told.len(), expect.len(), "{comment}: {told:?}");
        assert!(told.iter().zip(expect).all(|(told, expect)| told.contains(expect)), "{comment}: {told:?}");
        assert_eq!(changed, edits, "{comment}");
    };
    check("// overshare-ignore leak/email(mixpanel, sentry), leak/name -- x", &[], &[]);
    check("// overshare-ignore leak/phone -- x", &["suppression/unused"], &["-"]);
    let half = "// overshare-ignore leak/email(mixpanel, posthog), leak/phone, leak/emial -- x";
    let told = ["did you mean `leak/email`?", "there is no finding of `leak/email(posthog)` and `leak/phone`"];
    check(half, &told, &["leak/email(mixpanel), leak/emial"]);
    check("// overshare-ignore leak/email(mixpanle) -- x", &["unknown There is no vendor `mixpanle`"], &[]);
    check("// overshare-ignore suppression/unused -- x", &["unknown There is no rule"], &[]);
    check("// overshare-ignore leak/email", &["malformed"], &[]);
    check("// overshare-ignore leak/email -- x until=2027-01-30", &["expired"], &[]);
    check("// overshare-ignore leak/phone -- x until=2027-01-30", &["unused"], &["-"]);
    check("// overshare-ignore-start leak/email -- x", &["has no `overshare-ignore-end`"], &[]);
    check("// overshare-ignore-end", &["ends what no `overshare-ignore-start` began"], &[]);
}

#[test]
fn a_region_ends() {
    let start = "// overshare-ignore-start leak/email -- x";
    let end = "// overshare-ignore-end";
    let findings = || [4, 6, 14, 16].map(|line| finding("leak/email", "mixpanel", [line, 0, 0])).into();
    assert_eq!(judged(&[start, end], findings()), (vec![false, true, true, false], vec![], vec![]));
    let inner = "// overshare-ignore-start leak/name -- x";
    let (hidden, told, edits) = judged(&[start, inner, end, end], findings());
    assert_eq!(hidden, [false, true, true, true]);
    assert!(told.len() == 1 && told[0].contains("`leak/name`"), "{told:?}");
    assert_eq!(edits, ["-", "-"]);
}
