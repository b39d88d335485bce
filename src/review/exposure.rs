//! If this vendor were breached today: what would be out, of whom, and which edits end it.

use std::collections::BTreeSet;

use serde::Serialize;
use smol_str::SmolStr;

use super::{
    build::note,
    edits,
    model::{Coverage, Edit, Flow, Recipient, Review},
};
use crate::{
    base::{Category, Group, Severity},
    catalog::format::Vendor,
    report::{model::Tool, phrase},
};

/// A category that would be disclosed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exposed {
    /// The category.
    pub category: Category,
    /// How grave.
    pub severity: Severity,
    /// Flows from code.
    pub flows: usize,
    /// What is collected by default, in sentences.
    pub defaults: Vec<String>,
    /// The records that it is read of.
    pub persons: Vec<SmolStr>,
}

/// What one vendor's breach would disclose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exposure {
    /// Always 1.
    pub schema_version: u32,
    /// What was scanned.
    pub subject: String,
    /// Who would be breached.
    pub vendor: Recipient,
    /// What would be out, the gravest first.
    pub exposed: Vec<Exposed>,
    /// Categories that join the records with each other and with those of other breaches.
    pub join_keys: Vec<Category>,
    /// Records of whom.
    pub persons: Vec<SmolStr>,
    /// Packages that send.
    pub apps: Vec<SmolStr>,
    /// Where it comes from, the gravest first.
    pub sources: Vec<Flow>,
    /// Places to edit, in order.
    pub plan: Vec<Edit>,
    /// What the answer rests on; of what is hidden, that which this vendor gets.
    pub coverage: Coverage,
    /// The tool that says so.
    pub tool: Tool,
    /// What orders exposures: the worse, the larger.
    pub score: usize,
}

impl Exposure {
    /// What code sends.
    #[must_use]
    pub fn sent(&self) -> Vec<Category> {
        self.exposed.iter().filter(|it| it.flows > 0).map(|it| it.category).collect()
    }

    /// What is collected by default only.
    #[must_use]
    pub fn collected(&self) -> Vec<Category> {
        self.exposed.iter().filter(|it| it.flows == 0).map(|it| it.category).collect()
    }

    /// What would weigh most and was not found.
    #[must_use]
    pub fn spared(&self) -> Vec<Category> {
        let grave = |category: &Category| {
            use Category::{BirthDate, GovernmentId};
            category.group() == Group::Special || matches!(category, BirthDate | GovernmentId)
        };
        let exposed = |category: &Category| self.exposed.iter().any(|it| it.category == *category);
        Category::ALL.iter().copied().filter(|category| grave(category) && !exposed(category)).collect()
    }

    /// Whether the packages that send have names.
    #[must_use]
    pub fn names_apps(&self) -> bool {
        self.apps.iter().any(|app| app != ".")
    }
}

/// What a breach would disclose, for each vendor that is present, the worst first.
#[must_use]
pub fn all(review: &Review) -> Vec<Exposure> {
    let mut all: Vec<_> = review.vendors.iter().map(|vendor| of(review, vendor)).collect();
    all.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.vendor.id.cmp(&b.vendor.id)));
    all
}

/// What a breach of a vendor would disclose that does not show in what was scanned: nothing that code could tell.
#[must_use]
pub fn absent(review: &Review, vendor: &Vendor) -> Exposure {
    of(review, &Recipient::of(vendor))
}

/// What a breach of `vendor` would disclose.
#[must_use]
pub fn of(review: &Review, vendor: &Recipient) -> Exposure {
    let sources: Vec<Flow> = review.flows.iter().filter(|flow| flow.vendor == vendor.id).cloned().collect();
    let exposed = exposed(review, vendor, &sources);
    let persons: BTreeSet<_> = sources.iter().map(|flow| flow.person.clone()).filter(|it| !it.is_empty()).collect();
    Exposure {
        schema_version: 1,
        subject: review.subject.clone(),
        join_keys: exposed.iter().map(|it| it.category).filter(|category| joins(*category)).collect(),
        score: exposed.iter().map(|it| edits::weight(it.category)).sum(),
        persons: persons.into_iter().collect(),
        apps: vendor.apps.clone(),
        plan: edits::plan(&sources),
        coverage: coverage(review, vendor),
        tool: review.tool.clone(),
        vendor: vendor.clone(),
        exposed,
        sources,
    }
}

fn coverage(review: &Review, vendor: &Recipient) -> Coverage {
    let mut coverage = Coverage { lost: vendor.lost.len(), ..review.coverage.clone() };
    coverage.hidden.retain(|hidden| hidden.vendor == vendor.id);
    coverage
}

/// Whether values of a category are the same for one person in other data sets.
const fn joins(category: Category) -> bool {
    use Category::{CryptoAddress, DeviceId, Email, GovernmentId, IpAddress, Organization, Phone, UserId, Username};
    matches!(
        category,
        Email | Phone | Username | UserId | Organization | DeviceId | IpAddress | GovernmentId | CryptoAddress
    )
}

fn exposed(review: &Review, vendor: &Recipient, sources: &[Flow]) -> Vec<Exposed> {
    let cells = review.matrix.iter().filter(|cell| cell.vendor == vendor.id);
    let mut exposed: Vec<_> = cells
        .map(|cell| {
            let of_category = |flow: &&Flow| flow.category == cell.category;
            let mut persons = Vec::new();
            for flow in sources.iter().filter(of_category).filter(|flow| !flow.person.is_empty()) {
                note(&mut persons, &flow.person);
            }
            let ambient = vendor.defaults.iter().filter(|it| it.categories.contains(&cell.category));
            let defaults = phrase::unique(ambient.map(|it| it.what.clone()));
            Exposed { category: cell.category, severity: cell.worst, flows: cell.flows, defaults, persons }
        })
        .collect();
    exposed.sort_by_key(|it| (std::cmp::Reverse((it.severity, edits::weight(it.category))), it.category));
    exposed
}
