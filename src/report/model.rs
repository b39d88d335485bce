//! One answer, plain: everything that any output shows. Rendering computes nothing that is not here.
//!
//! The types serialise to schema version 1 of the JSON format (`docs/report.schema.json`).

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::base::{Category, Severity};

/// A place in a scanned file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Location {
    /// Path from the scanned root, with `/`.
    pub file: SmolStr,
    /// First line, from 1.
    pub line: u32,
    /// First column in Unicode code points, from 1.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column after the last code point.
    pub end_column: u32,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Rests on a name or on an assumption about code that was not seen.
    Low,
    /// Rests on one piece of evidence that leaves room for another reading.
    Medium,
    /// The read, the receiver or the sink's argument says it.
    High,
}

/// Where the personal value is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The place.
    #[serde(flatten)]
    pub location: Location,
    /// The expression as written, white space folded, at most 120 code points, literals redacted.
    pub expression: String,
}

/// The SDK call that hands the value over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sink {
    /// The place.
    #[serde(flatten)]
    pub location: Location,
    /// The callee as written, for example `mixpanel.people.set`.
    pub call: String,
    /// What the argument is to the vendor, for example `traits`.
    pub argument: String,
}

/// What a hop on a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Where the value is read.
    Origin,
    /// Where it passes.
    Step,
    /// Where it leaves.
    Sink,
}

/// One hop on the path of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// The place.
    #[serde(flatten)]
    pub location: Location,
    /// What the hop is.
    pub role: Role,
    /// What happens there, for example passed as `props` to `track()`.
    pub label: String,
}

/// What hides a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SuppressionKind {
    /// A comment in the code.
    Inline,
    /// A rule in `overshare.toml`.
    Config,
    /// The baseline.
    Baseline,
}

/// Why a finding is hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressed {
    /// What hides it.
    pub kind: SuppressionKind,
    /// The reason that was given.
    pub reason: String,
    /// The comment, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// Personal data handed to a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable across line moves: vendor, category, sink, origin expression, enclosing function and file.
    pub fingerprint: String,
    /// Rule id, for example `leak/email`.
    pub rule: SmolStr,
    /// How grave.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Vendor id.
    pub vendor: SmolStr,
    /// Data category; absent for rules that are not about one.
    pub category: Option<Category>,
    /// One sentence: what is sent to whom.
    pub message: String,
    /// The apex: the call in the project's code where the value leaves its owner.
    pub location: Location,
    /// Where the value is read.
    pub origin: Origin,
    /// The SDK call.
    pub sink: Sink,
    /// Origin first, sink last.
    pub path: Vec<Hop>,
    /// Why it is hidden, if it is.
    pub suppressed: Option<Suppressed>,
}

/// Something an SDK collects without a line saying so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// Vendor id.
    pub vendor: SmolStr,
    /// Data category.
    pub category: Category,
    /// `default`, `autocapture` or `session-replay`.
    pub kind: SmolStr,
    /// How grave: a note, or a warning for what people type and see where nothing masks it.
    pub severity: Severity,
    /// The initialisation that starts it.
    pub location: Location,
    /// The option that changes it.
    pub setting: Option<String>,
    /// What exactly is collected.
    pub what: String,
    /// What to do.
    pub advice: String,
    /// Why it is hidden, if it is.
    #[serde(default)]
    pub suppressed: Option<Suppressed>,
}

/// One place that shows a vendor's presence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// The place.
    #[serde(flatten)]
    pub location: Location,
    /// `import`, `global`, `script`, `dependency` or `http`.
    pub kind: SmolStr,
    /// What shows it: a package, a global variable, a part of a script's address, a host.
    #[serde(default)]
    pub name: SmolStr,
}

/// A vendor found in the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorPresence {
    /// Vendor id.
    pub vendor: SmolStr,
    /// Where it shows.
    pub evidence: Vec<Evidence>,
}

/// Where a vendor sends data on to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// As the code names it.
    pub name: SmolStr,
    /// The vendor that it is, if it is known.
    pub vendor: Option<SmolStr>,
}

/// A vendor that hands data on to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarding {
    /// Vendor id.
    pub vendor: SmolStr,
    /// `setting` where the code names the destinations; `remote` where they are configured at the vendor, out of sight.
    pub kind: SmolStr,
    /// The call that names them, or where the vendor is at work.
    pub location: Location,
    /// The option that names them.
    pub setting: Option<String>,
    /// What happens.
    pub what: String,
    /// The destinations that the code names; none where they are configured remotely.
    pub destinations: Vec<Destination>,
}

/// A package of the project: what a monorepo calls an app or a library.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Package {
    /// The folder of its `package.json`, from the scanned root; empty for the root itself.
    pub folder: SmolStr,
    /// Its name; the folder's where it has none.
    pub name: SmolStr,
}

/// What a wrapper passes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Forward {
    /// Parameter name.
    pub parameter: String,
    /// Part of it; `*` for all.
    pub path: String,
}

/// One of the project's own functions that hands its parameters to a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapper {
    /// Its name.
    pub function: String,
    /// Where it is defined.
    pub location: Location,
    /// Vendor ids.
    pub vendors: Vec<SmolStr>,
    /// What it passes on.
    pub forwards: Vec<Forward>,
    /// Number of call sites.
    pub callers: usize,
}

/// A payload that could not be followed to its origin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unfollowed {
    /// Vendor id.
    pub vendor: SmolStr,
    /// Where the trail ends.
    pub location: Location,
    /// Why.
    pub reason: String,
}

/// Something about the input that the user should know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// Path from the scanned root.
    pub file: SmolStr,
    /// How grave.
    pub severity: Severity,
    /// What happened, for example "skipped: larger than 2 MiB".
    pub message: String,
}

/// What an older revision has and this tree has not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// The revision, as it was named.
    pub since: String,
    /// Flows that nothing hid, as they were there.
    pub findings: Vec<Finding>,
    /// What was collected by default.
    pub collections: Vec<Collection>,
    /// Ids of vendors that are no longer used.
    pub vendors: Vec<SmolStr>,
}

/// How much was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stats {
    /// Source files seen.
    pub files: usize,
    /// Source files parsed.
    pub files_parsed: usize,
    /// Bytes of source seen.
    pub bytes: u64,
    /// Bytes parsed.
    pub bytes_parsed: u64,
    /// Wall-clock time in milliseconds; 0 where output must not vary.
    pub elapsed_ms: u64,
}

/// The tool that made a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `overshare`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// One answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Always 1.
    pub schema_version: u32,
    /// The tool.
    pub tool: Tool,
    /// The scanned root as given.
    pub root: String,
    /// Flows into vendors, sorted by place.
    pub findings: Vec<Finding>,
    /// Default collection, sorted by place.
    pub collections: Vec<Collection>,
    /// Vendors found, sorted by id.
    pub vendors: Vec<VendorPresence>,
    /// Vendors that hand data on, sorted by place.
    #[serde(default)]
    pub forwards: Vec<Forwarding>,
    /// The packages that the project is made of, sorted by folder.
    #[serde(default)]
    pub packages: Vec<Package>,
    /// The project's own wrappers, sorted by place.
    pub wrappers: Vec<Wrapper>,
    /// Where the trail ends, sorted by place.
    pub unfollowed: Vec<Unfollowed>,
    /// What was skipped or partial, sorted by file.
    pub problems: Vec<Problem>,
    /// How much was done.
    pub stats: Stats,
    /// What a change takes away; only in a comparison.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
}

impl Report {
    /// Default collection that nothing hides.
    pub fn collected(&self) -> impl Iterator<Item = &Collection> {
        self.collections.iter().filter(|it| it.suppressed.is_none())
    }
}
