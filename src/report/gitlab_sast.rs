//! GitLab's security report for static analysis: each finding with its whole flow, in the merge request's security
//! widget and the vulnerability report.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{
    Context, json,
    model::{Finding, Hop, Location, Role},
    neutral::Neutral,
    remark::{self, Remark},
    rules::rule,
};
use crate::base::Severity;

/// The version of GitLab's schema, which knows code flows.
const VERSION: &str = "15.1.4";

/// Writes one report.
///
/// # Errors
/// What `out` answers.
pub fn write(neutral: &Neutral<'_>, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = &neutral.report;
    let shown = report.findings.iter().filter(|finding| finding.suppressed.is_none()).map(Some);
    let findings = shown.chain(report.collected().map(|_| None));
    let remarks = remark::remarks(report, context.names);
    let vulnerabilities: Vec<_> =
        remarks.iter().zip(findings).map(|(remark, finding)| vulnerability(remark, finding, neutral)).collect();
    let tool = json!({
        "id": "overshare",
        "name": "overshare",
        "version": report.tool.version,
        "vendor": { "name": "overshare" },
    });
    let messages = report.problems.iter().map(|problem| {
        let level = if problem.severity == Severity::Note { "info" } else { "warn" };
        json!({ "level": level, "value": format!("{}: {}", problem.file, problem.message) })
    });
    // The hour does not matter, and the same tree must give the same bytes.
    let time = format!("{}T00:00:00", context.day);
    let scan = json!({
        "analyzer": tool,
        "scanner": tool,
        "type": "sast",
        "status": "success",
        "start_time": time,
        "end_time": time,
        "messages": messages.collect::<Vec<_>>(),
    });
    json::pretty(&json!({ "version": VERSION, "scan": scan, "vulnerabilities": vulnerabilities }), out)
}

fn vulnerability(remark: &Remark<'_>, finding: Option<&Finding>, neutral: &Neutral<'_>) -> Value {
    let severity = match remark.severity {
        Severity::Error => "High",
        Severity::Warning => "Medium",
        Severity::Note => "Low",
    };
    let meant = rule(&remark.rule);
    let weakness = |number: &str| {
        let url = format!("https://cwe.mitre.org/data/definitions/{number}.html");
        json!({ "type": "cwe", "name": format!("CWE-{number}"), "value": number, "url": url })
    };
    let own = json!({ "type": "overshare_rule", "name": format!("overshare {}", remark.rule), "value": remark.rule });
    let mut vulnerability = json!({
        "id": remark.fingerprint,
        "name": remark.text(),
        "description": format!("{} {}", remark.detail, meant.about).trim(),
        "severity": severity,
        "solution": meant.instead.join(" "),
        "location": {
            "file": neutral.original(&remark.location.file),
            "start_line": remark.location.line,
            "end_line": remark.location.end_line,
        },
        "identifiers": [own, weakness("359"), weakness("201")],
    });
    if let Some(finding) = finding.filter(|finding| !finding.path.is_empty()) {
        let nodes: Vec<_> = finding.path.iter().map(|hop| node(hop, neutral)).collect();
        vulnerability["details"] =
            json!({ "code_flows": { "type": "code-flows", "name": "code_flows", "items": [nodes] } });
    }
    vulnerability
}

fn node(hop: &Hop, neutral: &Neutral<'_>) -> Value {
    let kind = match hop.role {
        Role::Origin => "source",
        Role::Step => "propagation",
        Role::Sink => "sink",
    };
    let Location { file, line, end_line, .. } = &hop.location;
    let place = json!({
        "type": "file-location",
        "file_name": neutral.original(file),
        "line_start": line,
        "line_end": end_line,
    });
    json!({ "type": "code-flow-node", "node_type": kind, "file_location": place })
}
