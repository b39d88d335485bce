//! A record of processing activities: the columns of Article 30(1) GDPR, filled where code can tell.

use serde::Serialize;

use super::model::{Recipient, Review};
use crate::report::phrase;

const TO_FILL_IN: &str = "to fill in";

/// One activity: what is handed to one vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// What it is.
    pub processing_activity: String,
    /// Art. 30(1)(a).
    pub controller_and_contact: String,
    /// Art. 30(1)(a), too.
    pub data_protection_officer: String,
    /// Art. 30(1)(b).
    pub purposes: String,
    /// Art. 30(1)(c).
    pub categories_of_data_subjects: String,
    /// Art. 30(1)(c), too.
    pub categories_of_personal_data: String,
    /// Art. 30(1)(d).
    pub recipients: String,
    /// Art. 30(1)(e).
    pub third_country: String,
    /// Art. 30(1)(e): the safeguards.
    pub safeguards: String,
    /// Art. 30(1)(f).
    pub time_limits_for_erasure: String,
    /// Art. 30(1)(g).
    pub security_measures: String,
    /// Where code says so.
    pub evidence: String,
}

/// One activity for each vendor that gets something.
#[must_use]
pub fn activities(review: &Review) -> Vec<Activity> {
    review.vendors.iter().filter_map(|vendor| activity(review, vendor)).collect()
}

fn activity(review: &Review, vendor: &Recipient) -> Option<Activity> {
    let cells: Vec<_> = review.matrix.iter().filter(|cell| cell.vendor == vendor.id).collect();
    if cells.is_empty() {
        return None;
    }
    let data: Vec<_> = cells.iter().map(|cell| cell.category.title()).collect();
    let own = || review.flows.iter().filter(|flow| flow.vendor == vendor.id);
    let persons = phrase::unique(own().map(|flow| flow.person.as_str()).filter(|person| !person.is_empty()));
    let places = phrase::unique(own().map(|flow| flow.apex.to_string()));
    let started = vendor.inits.iter().map(|init| init.place.to_string());
    let facts = vendor.facts.as_ref();
    Some(Activity {
        processing_activity: format!(
            "{} by {}",
            facts.map_or("processing".into(), |it| it.kind.to_string()),
            vendor.name
        ),
        controller_and_contact: TO_FILL_IN.into(),
        data_protection_officer: TO_FILL_IN.into(),
        purposes: facts.map_or(TO_FILL_IN.into(), |it| format!("{} (from the kind of vendor; to confirm)", it.kind)),
        categories_of_data_subjects: filled(&persons),
        categories_of_personal_data: data.join("; "),
        recipients: facts.map_or_else(|| vendor.name.clone(), |it| format!("{} ({})", it.company, vendor.name)),
        third_country: facts
            .map_or(TO_FILL_IN.into(), |it| format!("{} (seat of the company; hosting: to fill in)", it.country)),
        safeguards: facts.map_or(TO_FILL_IN.into(), |it| format!("to fill in; terms: {}", it.terms)),
        time_limits_for_erasure: TO_FILL_IN.into(),
        security_measures: TO_FILL_IN.into(),
        evidence: places.into_iter().chain(started).take(20).collect::<Vec<_>>().join("; "),
    })
}

fn filled(names: &[&str]) -> String {
    if names.is_empty() { TO_FILL_IN.into() } else { format!("{} (records in code; to confirm)", names.join("; ")) }
}
