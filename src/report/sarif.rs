//! SARIF 2.1.0, for code-scanning services and editors.
//!
//! Each finding is a result whose thread flow has every hop. What GitHub asks beyond the standard: each result has a
//! place, rules carry help and `security-severity`, and `primaryLocationLineHash` is the one fingerprint it reads. What
//! it takes has limits, so a long report becomes several logs: see [`parts`].

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, CodeFlow, Invocation, Location as Place, Message, MultiformatMessageString, Notification,
    PhysicalLocation, PropertyBag, Region, ReportingConfiguration, ReportingDescriptor, Result as Entry, ResultLevel,
    Run, RunAutomationDetails, Sarif, Suppression, ThreadFlow, ThreadFlowLocation, Tool, ToolComponent,
};

use super::{
    Context, json, links,
    model::{Collection, Finding, Hop, Location, Problem, Report, Role, Suppressed, SuppressionKind},
    neutral::Neutral,
    phrase, rules,
};
use crate::base::Severity;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const HOME: &str = "https://github.com/overshare/overshare";
/// Results of a log: GitHub takes 25,000 and shows 5,000.
const MAX_RESULTS: usize = 5_000;
/// Places in a log. One takes about 600 bytes, and a tenth of that compressed; GitHub takes 10 MB.
const MAX_PLACES: usize = 60_000;
/// Hops of a flow; GitHub shows 1,000.
const MAX_HOPS: usize = 1_000;
/// The name of the scanned root, to which all addresses are relative.
const ROOT: &str = "%SRCROOT%";

/// Writes a log with one run.
///
/// # Errors
/// What `out` answers.
pub fn write(neutral: &Neutral<'_>, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer { neutral, context, seen: BTreeMap::new(), rules: rule_ids(&neutral.report) };
    let run = writer.run();
    json::pretty(&Sarif::builder().schema(SCHEMA).version("2.1.0").runs(vec![run]).build(), out)
}

/// The reports that a report is split into, so that GitHub takes the log of each; one, nearly always.
#[must_use]
pub fn parts(report: &Report) -> Vec<Report> {
    let (mut parts, mut results, mut places) = (Vec::new(), 0, 0);
    let rest = Report { findings: Vec::new(), collections: Vec::new(), ..report.clone() };
    let mut part = rest.clone();
    let mut full = |part: &mut Report, size: usize| {
        if results == MAX_RESULTS || results > 0 && places + size > MAX_PLACES {
            parts.push(std::mem::replace(part, Report { problems: Vec::new(), ..rest.clone() }));
            (results, places) = (0, 0);
        }
        (results, places) = (results + 1, places + size);
    };
    for finding in &report.findings {
        full(&mut part, 3 + finding.path.len().min(MAX_HOPS));
        part.findings.push(finding.clone());
    }
    for collection in &report.collections {
        full(&mut part, 1);
        part.collections.push(collection.clone());
    }
    parts.push(part);
    parts
}

fn rule_ids(report: &Report) -> Vec<String> {
    let findings = report.findings.iter().map(|finding| finding.rule.to_string());
    let ids: BTreeSet<_> = findings.chain(report.collections.iter().map(phrase::ambient_rule)).collect();
    ids.into_iter().collect()
}

struct Writer<'a> {
    neutral: &'a Neutral<'a>,
    context: &'a Context<'a>,
    /// How often a fingerprint came up: two equal calls in one function must not become one alert.
    seen: BTreeMap<String, usize>,
    rules: Vec<String>,
}

impl Writer<'_> {
    fn run(&mut self) -> Run {
        let report = &self.neutral.report;
        let mut results: Vec<_> = report.findings.iter().map(|finding| self.finding(finding)).collect();
        results.extend(report.collections.iter().map(|collection| self.collection(collection)));
        let rules: Vec<_> = self.rules.iter().map(|id| descriptor(&rules::rule(id))).collect();
        let driver = ToolComponent::builder().name("overshare").semantic_version(&report.tool.version);
        let driver = driver.information_uri(HOME);
        let driver = driver.version(&report.tool.version).rules(rules).build();
        let root = ArtifactLocation::builder().description(text("The scanned root.")).build();
        // Logs of one commit that are called alike replace each other.
        let id = self.context.part.map(|part| format!("overshare/part-{part}/"));
        let run = Run::builder()
            .tool(Tool::builder().driver(driver).build())
            .invocations(vec![self.invocation()])
            .original_uri_base_ids(BTreeMap::from([(ROOT.to_owned(), root)]))
            .column_kind("unicodeCodePoints")
            .results(results)
            .build();
        Run { automation_details: id.map(|id| RunAutomationDetails::builder().id(id).build()), ..run }
    }

    fn invocation(&self) -> Invocation {
        let notifications: Vec<_> = self.neutral.report.problems.iter().map(|it| self.notification(it)).collect();
        Invocation::builder().execution_successful(true).tool_execution_notifications(notifications).build()
    }

    fn notification(&self, problem: &Problem) -> Notification {
        let place = Place::builder().physical_location(self.physical(&problem.file, None)).build();
        Notification::builder()
            .message(text(&problem.message))
            .level(problem.severity.id())
            .locations(vec![place])
            .build()
    }

    fn finding(&mut self, finding: &Finding) -> Entry {
        let related = [
            (1, &finding.origin.location, format!("Read here: {}", finding.origin.expression)),
            (2, &finding.sink.location, format!("Sent here: {}, {}", finding.sink.call, finding.sink.argument)),
        ];
        let related = related.map(|(id, location, label)| Place { id: Some(id), ..self.place(location, &label) });
        let properties = [
            ("vendor", json!(finding.vendor)),
            ("category", json!(finding.category)),
            ("confidence", json!(finding.confidence)),
        ];
        let is_flow = !finding.path.is_empty();
        let suppressions: Vec<_> = finding.suppressed.iter().map(|it| self.suppression(it)).collect();
        Entry {
            // A finding about a vendor or a comment is no flow.
            code_flows: is_flow.then(|| vec![self.flow(finding)]),
            related_locations: is_flow.then(|| related.into()),
            suppressions: Some(suppressions),
            properties: Some(bag(properties)),
            ..self.entry(&finding.rule, finding.severity, &finding.message, &finding.location, &finding.fingerprint)
        }
    }

    fn collection(&mut self, collection: &Collection) -> Entry {
        let rule = phrase::ambient_rule(collection);
        let vendor = self.context.names.name(&collection.vendor);
        let message = format!("{vendor}: {} {}", collection.what, collection.advice);
        let fingerprint = phrase::collection_fingerprint(collection);
        let properties = [("vendor", json!(collection.vendor)), ("category", json!(collection.category))];
        let suppressions: Vec<_> = collection.suppressed.iter().map(|it| self.suppression(it)).collect();
        Entry {
            suppressions: Some(suppressions),
            properties: Some(bag(properties)),
            ..self.entry(&rule, collection.severity, &message, &collection.location, &fingerprint)
        }
    }

    /// What every result has.
    fn entry(&mut self, rule: &str, severity: Severity, message: &str, at: &Location, fingerprint: &str) -> Entry {
        let count = self.seen.entry(fingerprint.to_owned()).or_default();
        *count += 1;
        let hash = BTreeMap::from([("primaryLocationLineHash".to_owned(), format!("{fingerprint}:{count}"))]);
        let index = self.rules.binary_search_by(|known| known.as_str().cmp(rule)).ok();
        let entry = Entry::builder()
            .rule_id(rule)
            .level(level(severity))
            .message(text(message))
            .locations(vec![self.bare(at)])
            .partial_fingerprints(hash)
            .build();
        Entry { rule_index: index.and_then(|index| i64::try_from(index).ok()), ..entry }
    }

    fn flow(&self, finding: &Finding) -> CodeFlow {
        let steps: Vec<_> = hops(&finding.path).map(|hop| self.step(hop)).collect();
        CodeFlow::builder().thread_flows(vec![ThreadFlow::builder().locations(steps).build()]).build()
    }

    fn step(&self, hop: &Hop) -> ThreadFlowLocation {
        let (label, importance) = match hop.role {
            Role::Origin if hop.label.is_empty() => ("read here", "essential"),
            Role::Sink if hop.label.is_empty() => ("sent here", "essential"),
            Role::Step => (hop.label.as_str(), "important"),
            _ => (hop.label.as_str(), "essential"),
        };
        ThreadFlowLocation::builder().location(self.place(&hop.location, label)).importance(importance).build()
    }

    fn suppression(&self, suppressed: &Suppressed) -> Suppression {
        let kind = match suppressed.kind {
            SuppressionKind::Inline => "inSource",
            SuppressionKind::Config | SuppressionKind::Baseline => "external",
        };
        let place = suppressed.location.as_ref().map(|location| self.bare(location));
        let suppression =
            Suppression::builder().kind(kind).status("accepted").justification(&suppressed.reason).build();
        Suppression { location: place, ..suppression }
    }

    fn place(&self, location: &Location, label: &str) -> Place {
        Place { message: Some(text(label)), ..self.bare(location) }
    }

    fn bare(&self, location: &Location) -> Place {
        Place::builder().physical_location(self.physical(&location.file, Some(location))).build()
    }

    fn physical(&self, file: &str, location: Option<&Location>) -> PhysicalLocation {
        let uri = links::uri(self.neutral.original(file));
        let artifact = ArtifactLocation::builder().uri(uri).uri_base_id(ROOT).build();
        let physical = PhysicalLocation::builder().artifact_location(artifact).build();
        PhysicalLocation { region: location.map(region), ..physical }
    }
}

/// The hops of a path; of one that is too long, its ends.
fn hops(path: &[Hop]) -> impl Iterator<Item = &Hop> {
    let excess = path.len().saturating_sub(MAX_HOPS);
    let (head, tail) = path.split_at(path.len().min(MAX_HOPS / 2));
    head.iter().chain(tail.iter().skip(excess))
}

fn region(location: &Location) -> Region {
    Region::builder()
        .start_line(i64::from(location.line))
        .start_column(i64::from(location.column))
        .end_line(i64::from(location.end_line))
        .end_column(i64::from(location.end_column))
        .build()
}

/// A message. `[a](b)` in it would be a link, so text from the scanned tree is taken apart there.
fn text(text: &str) -> Message {
    Message::builder().text(text.replace("](", "] (")).build()
}

const fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Error => ResultLevel::Error,
        Severity::Warning => ResultLevel::Warning,
        Severity::Note => ResultLevel::Note,
    }
}

fn descriptor(rule: &rules::Rule) -> ReportingDescriptor {
    let both =
        |plain: &str, markdown: String| MultiformatMessageString::builder().text(plain).markdown(markdown).build();
    let plain = |text: &str| MultiformatMessageString::builder().text(text).build();
    let properties = [("security-severity", json!(rule.score)), ("precision", json!("high"))];
    let tags = ["security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359"].map(str::to_owned);
    ReportingDescriptor::builder()
        .id(&rule.id)
        .name(rule.name())
        .short_description(plain(&rule.title))
        .full_description(plain(&rule.about))
        .help(both(&rule.help(), rule.markdown()))
        .default_configuration(ReportingConfiguration::builder().level(rule.severity.id()).build())
        .properties(PropertyBag { tags: Some(tags.into()), ..bag(properties) })
        .build()
}

fn bag<const N: usize>(properties: [(&str, serde_json::Value); N]) -> PropertyBag {
    let properties = properties.map(|(key, value)| (key.to_owned(), value));
    PropertyBag::builder().additional_properties(properties).build()
}
