//! The review as plain data.

use serde::Serialize;
use smol_str::SmolStr;

use super::{edits, history::History};
use crate::{
    base::{Category, Severity},
    catalog::format::{Kind, PersonalData, Vendor},
    report::{
        model::{Confidence, Role, Stats, SuppressionKind, Tool},
        neutral::clean,
        phrase,
    },
};

/// A place in a file, as people write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Path from the scanned root.
    pub file: SmolStr,
    /// Line, from 1.
    pub line: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One stop on the way of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// Where.
    pub place: Place,
    /// What the stop is.
    pub role: Role,
    /// What happens there.
    pub label: String,
    /// The line of code, redacted; absent where the source is not at hand.
    pub code: Option<String>,
}

/// Personal data that code hands to a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// Who gets it.
    pub vendor: SmolStr,
    /// What is sent.
    pub category: Category,
    /// How grave.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The app of a monorepo, or the repository in a view of many.
    pub app: SmolStr,
    /// The record that it is read of, for example `User`; empty where code does not name one.
    pub person: SmolStr,
    /// The expression that reads it.
    pub expression: String,
    /// Where it leaves its owner.
    pub apex: Place,
    /// The call that hands it over.
    pub call: String,
    /// What it is to the vendor.
    pub argument: String,
    /// Origin first, sink last; empty in a view of many repositories.
    pub path: Vec<Stop>,
    /// Findings that this stands for: 1, but for a view of many repositories.
    pub count: usize,
    /// The finding.
    pub fingerprint: String,
}

/// Something that an SDK sends by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ambient {
    /// Which data, all by one mechanism.
    pub categories: Vec<Category>,
    /// `default`, `autocapture` or `session-replay`.
    pub kind: SmolStr,
    /// How grave.
    pub severity: Severity,
    /// The app, or the repository.
    pub app: SmolStr,
    /// What exactly.
    pub what: String,
    /// The option that changes it.
    pub setting: Option<String>,
    /// What to do.
    pub advice: String,
    /// The initialisation that starts it.
    pub place: Place,
    /// Initialisations that this stands for.
    pub count: usize,
}

/// An option of an SDK to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// The initialisation.
    pub place: Place,
    /// What is no longer collected then.
    pub categories: Vec<Category>,
    /// What to do.
    pub advice: String,
}

/// An initialisation of an SDK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Init {
    /// Where.
    pub place: Place,
    /// Its code with its settings, redacted.
    pub code: Option<String>,
}

/// Where data go on to from a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Onward {
    /// Whether it is set up at the vendor, where code does not show it.
    pub remote: bool,
    /// What happens.
    pub what: String,
    /// The destinations that code names.
    pub to: Vec<SmolStr>,
    /// The call that names them, or where the vendor is at work.
    pub place: Place,
}

/// A function of the project that passes its parameters on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wrapping {
    /// Its name.
    pub function: String,
    /// Where it stands.
    pub place: Place,
    /// How many call it.
    pub callers: usize,
}

/// A payload whose origin is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// Where the trail ends.
    pub place: Place,
    /// Why.
    pub reason: String,
}

/// A receiver of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Recipient {
    /// Vendor id.
    pub id: SmolStr,
    /// Name.
    pub name: String,
    /// What the catalogue knows of it; absent for a vendor that it does not know.
    pub facts: Option<RecipientFacts>,
    /// How it is loaded: kind of evidence (import, script, …) and place.
    pub loaded: Vec<(SmolStr, Place)>,
    /// Its initialisations.
    pub inits: Vec<Init>,
    /// What it collects by default.
    pub defaults: Vec<Ambient>,
    /// What makes that personal: where the user is identified, in words.
    pub identified: Option<String>,
    /// The options that end that; none in a view of many repositories.
    pub settings: Vec<Setting>,
    /// Where its data go on to.
    pub onward: Vec<Onward>,
    /// The project's wrappers around it.
    pub wrappers: Vec<Wrapping>,
    /// Payloads that could not be followed.
    pub lost: Vec<Lost>,
    /// Flows from code.
    pub flows: usize,
    /// The gravest of them.
    pub worst: Option<Severity>,
    /// Whether it gets what names a person by itself.
    pub direct: bool,
    /// Apps or repositories that hold it.
    pub apps: Vec<SmolStr>,
}

impl Recipient {
    /// A vendor of which nothing was found yet.
    #[must_use]
    pub fn of(vendor: &Vendor) -> Self {
        Self {
            id: vendor.id.as_str().into(),
            name: clean(&vendor.name).into_owned(),
            facts: Some(RecipientFacts::of(vendor)),
            ..Self::default()
        }
    }
}

/// What the catalogue knows of a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecipientFacts {
    /// What it is for.
    pub kind: Kind,
    /// Legal entity.
    pub company: String,
    /// Seat.
    pub country: String,
    /// Its terms.
    pub terms: String,
    /// What they say of personal data.
    pub personal_data: PersonalData,
}

impl RecipientFacts {
    fn of(vendor: &Vendor) -> Self {
        Self {
            kind: vendor.kind,
            company: clean(&vendor.company).into_owned(),
            country: clean(&vendor.country).into_owned(),
            terms: clean(&vendor.terms).into_owned(),
            personal_data: vendor.personal_data,
        }
    }
}

/// A vendor and a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The vendor.
    pub vendor: SmolStr,
    /// The category.
    pub category: Category,
    /// Flows from code.
    pub flows: usize,
    /// Ways in which it is collected by default.
    pub defaults: usize,
    /// The gravest.
    pub worst: Severity,
}

/// What is read of one kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The record; empty where code does not name one.
    pub person: SmolStr,
    /// Flows that start there.
    pub flows: usize,
    /// Where it is read: a few of the places.
    pub places: Vec<Place>,
}

/// One category of the data inventory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The category.
    pub category: Category,
    /// By record.
    pub sources: Vec<Source>,
    /// Vendors that get it from code.
    pub sent_to: Vec<SmolStr>,
    /// Vendors that collect it by default.
    pub collected_by: Vec<SmolStr>,
}

/// A place to edit, and what that removes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Where.
    pub place: Place,
    /// What stands there.
    pub what: String,
    /// The line of code.
    pub code: Option<String>,
    /// Categories that no longer pass.
    pub categories: Vec<Category>,
    /// Vendors that no longer get them.
    pub vendors: Vec<SmolStr>,
    /// Flows that end.
    pub flows: usize,
    /// Places in which these flows leave their owners.
    pub callers: usize,
    /// What the ended flows weigh: edits stand in its order.
    pub weight: usize,
}

/// Why something was not read in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// `skipped`, `partial`, …
    pub kind: String,
    /// The reason.
    pub reason: String,
    /// Files.
    pub files: usize,
    /// Some of them.
    pub examples: Vec<SmolStr>,
}

/// Findings that somebody decided to hide: of one vendor and category, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hidden {
    /// By what.
    pub kind: SuppressionKind,
    /// Why.
    pub reason: String,
    /// Who gets it.
    pub vendor: SmolStr,
    /// What; none for rules that are not about a category.
    pub category: Option<Category>,
    /// How many.
    pub findings: usize,
    /// Where they leave: some of the places.
    pub places: Vec<Place>,
}

/// What was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Coverage {
    /// What was scanned, as it was named.
    pub root: String,
    /// How much was read.
    pub stats: Stats,
    /// What was not read in full.
    pub gaps: Vec<Gap>,
    /// What was hidden.
    pub hidden: Vec<Hidden>,
    /// Findings that are shown here and that the project's baseline knows; none where there is no baseline.
    pub baselined: Option<usize>,
    /// Payloads that could not be followed.
    pub lost: usize,
    /// The policy that was in force, in a sentence.
    pub policy: String,
}

impl Coverage {
    /// Files that were not read in full.
    #[must_use]
    pub fn gap_files(&self) -> usize {
        self.gaps.iter().map(|gap| gap.files).sum()
    }
}

/// A repository in a view of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repository {
    /// Its name.
    pub name: SmolStr,
    /// Flows from code.
    pub flows: usize,
    /// Vendors.
    pub vendors: usize,
    /// The gravest flow.
    pub worst: Option<Severity>,
}

/// The review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Always 1.
    pub schema_version: u32,
    /// The tool that made the reports.
    pub tool: Tool,
    /// What was scanned, in a word: the name of the folder or of the report.
    pub subject: String,
    /// The repositories in a view of many; else none.
    pub repositories: Vec<Repository>,
    /// Receivers, the worst first.
    pub vendors: Vec<Recipient>,
    /// Who gets what.
    pub matrix: Vec<Cell>,
    /// The data inventory.
    pub inventory: Vec<Item>,
    /// What to do first.
    pub edits: Vec<Edit>,
    /// Flows, the gravest first.
    pub flows: Vec<Flow>,
    /// What was looked at.
    pub coverage: Coverage,
    /// Who got what before, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
}

impl Review {
    /// The number of findings that the flows stand for.
    #[must_use]
    pub fn total(&self) -> usize {
        self.flows.iter().map(|flow| flow.count).sum()
    }

    /// A receiver by its id.
    #[must_use]
    pub fn vendor(&self, id: &str) -> Option<&Recipient> {
        self.vendors.iter().find(|vendor| vendor.id == id)
    }

    /// The name to show for a vendor.
    #[must_use]
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.vendor(id).map_or(id, |vendor| &vendor.name)
    }

    /// The names of vendors in a sentence.
    #[must_use]
    pub fn names(&self, ids: &[SmolStr]) -> String {
        phrase::list(&ids.iter().map(|id| self.name(id)).collect::<Vec<_>>())
    }

    /// The names of those that get what names a person by itself.
    #[must_use]
    pub fn direct(&self) -> Vec<&str> {
        self.vendors.iter().filter(|vendor| vendor.direct).map(|vendor| vendor.name.as_str()).collect()
    }

    /// The categories that anybody gets, what harms most first.
    #[must_use]
    pub fn categories(&self) -> Vec<Category> {
        let mut all = phrase::unique(self.matrix.iter().map(|cell| cell.category));
        all.sort_by_key(|category| edits::rank(*category));
        all
    }

    /// What a vendor gets of a category.
    #[must_use]
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "templates pass by reference")]
    pub fn cell(&self, vendor: &str, category: &Category) -> Option<&Cell> {
        self.matrix.iter().find(|cell| cell.vendor == vendor && cell.category == *category)
    }
}
