//! A record of processing activities: the columns of Article 30(1) GDPR, filled where code can tell.

use serde::Serialize;

use super::model::{Recipient, RecipientFacts, Review};
use crate::{catalog::format::Kind, report::phrase};

const TO_FILL_IN: &str = "to fill in";

/// The European Economic Area, where data may go as within the Union.
const EEA: &str = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK";

/// What a kind of vendor is used for, as a record of processing calls it.
#[must_use]
pub const fn purpose(kind: Kind) -> &'static str {
    match kind {
        Kind::ProductAnalytics => "measuring how the product is used",
        Kind::WebAnalytics => "measuring visits of web pages",
        Kind::Cdp => "collecting customer data and passing it on to other services",
        Kind::SessionReplay => "recording sessions on the screen",
        Kind::ErrorTracking => "finding errors of the software",
        Kind::Apm => "monitoring performance",
        Kind::Logging => "keeping and searching logs",
        Kind::Ads => "advertising and its measurement",
        Kind::SupportChat => "customer support",
        Kind::Marketing => "marketing messages",
        Kind::FeatureFlags => "switching features and testing variants",
        Kind::Attribution => "telling which campaign led to a visit",
        Kind::TagManager => "loading scripts of other services",
        Kind::UserOnboarding => "guiding users through the product",
        Kind::Surveys => "asking users",
        Kind::FraudPrevention => "preventing fraud and abuse",
        Kind::Search => "search in the product",
    }
}

/// Whether a country is a third country under Chapter V GDPR.
fn third_country(country: &str) -> bool {
    !EEA.split(' ').any(|member| member == country)
}

/// One activity: what is handed to one vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// What it is.
    pub processing_activity: String,
    /// Art. 30(1)(a).
    pub controller_and_contact: String,
    /// Art. 30(1)(a), where there is one.
    pub joint_controller: String,
    /// Art. 30(1)(a), where there is one.
    pub representative: String,
    /// Art. 30(1)(a), too.
    pub data_protection_officer: String,
    /// Art. 30(1)(b).
    pub purposes: String,
    /// Art. 30(1)(c).
    pub categories_of_data_subjects: String,
    /// Art. 30(1)(c), too.
    pub categories_of_personal_data: String,
    /// Art. 30(1)(d): the vendor, and those that it hands data on to.
    pub recipients: String,
    /// Art. 30(1)(e): the country, and whether it is a third one.
    pub transfers_to_third_countries: String,
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
    let data: Vec<_> = cells
        .iter()
        .map(|cell| match cell.flows {
            0 => format!("{} (collected by default)", cell.category.title()),
            _ => cell.category.title().to_owned(),
        })
        .collect();
    let own = || review.flows.iter().filter(|flow| flow.vendor == vendor.id);
    let persons = phrase::unique(own().map(|flow| flow.person.as_str()).filter(|person| !person.is_empty()));
    let places = phrase::unique(own().map(|flow| flow.apex.to_string()));
    let started = vendor.inits.iter().map(|init| init.place.to_string());
    let facts = vendor.facts.as_ref();
    let told = |text: fn(&RecipientFacts) -> String| facts.map_or_else(|| TO_FILL_IN.to_owned(), text);
    Some(Activity {
        processing_activity: match facts {
            Some(it) => format!("{} with {}", phrase::sentence(purpose(it.kind)), vendor.name),
            None => format!("Processing by {}", vendor.name),
        },
        controller_and_contact: TO_FILL_IN.into(),
        joint_controller: TO_FILL_IN.into(),
        representative: TO_FILL_IN.into(),
        data_protection_officer: TO_FILL_IN.into(),
        purposes: told(|it| format!("{} (from the kind of vendor; to confirm)", purpose(it.kind))),
        categories_of_data_subjects: filled(&persons),
        categories_of_personal_data: data.join("; "),
        recipients: recipients(vendor),
        transfers_to_third_countries: told(transfer),
        safeguards: told(|it| format!("{TO_FILL_IN}; terms: {}", it.terms)),
        time_limits_for_erasure: TO_FILL_IN.into(),
        security_measures: TO_FILL_IN.into(),
        evidence: places.into_iter().chain(started).take(20).collect::<Vec<_>>().join("; "),
    })
}

fn recipients(vendor: &Recipient) -> String {
    let own =
        vendor.facts.as_ref().map_or_else(|| vendor.name.clone(), |it| format!("{} ({})", it.company, vendor.name));
    let onward =
        phrase::unique(vendor.onward.iter().flat_map(|onward| &onward.to)).into_iter().map(ToString::to_string);
    let hidden = vendor.onward.iter().any(|onward| onward.to.is_empty());
    let hidden = hidden.then(|| "others that are configured at the vendor: to fill in".to_owned());
    std::iter::once(own).chain(onward).chain(hidden).collect::<Vec<_>>().join("; ")
}

fn transfer(facts: &RecipientFacts) -> String {
    let where_to = if third_country(&facts.country) { "third country" } else { "within the EEA" };
    format!("{} ({where_to}, by the company's seat; place of hosting: to fill in)", facts.country)
}

fn filled(names: &[&str]) -> String {
    if names.is_empty() { TO_FILL_IN.into() } else { format!("{} (records in code; to confirm)", names.join("; ")) }
}
