//! What a directive names: rules, and vendors that exist.

use smol_str::SmolStr;

use super::directive;
use crate::{
    base::{Category, Group, similar},
    catalog::Catalog,
    report::rules,
};

/// Families of rules whose findings a comment may hide.
const FAMILIES: [&str; 3] = ["leak", "ambient", "vendor"];

/// The names that exist.
pub(super) struct Known<'c> {
    vendors: Vec<&'c str>,
    rules: Vec<String>,
}

impl<'c> Known<'c> {
    pub(super) fn of(catalog: &'c Catalog) -> Self {
        let vendors = catalog.sources().iter().filter_map(|source| Some(source.vendor.as_ref()?.id.as_str()));
        let hideable = |id: &String| FAMILIES.iter().any(|family| id.split('/').next() == Some(family));
        let mut rules: Vec<String> = rules::ids().into_iter().filter(hideable).collect();
        rules.extend(FAMILIES.map(|family| format!("{family}/*")));
        rules.extend(Group::ALL.iter().flat_map(|group| ["leak", "ambient"].map(|family| format!("{family}/{group}"))));
        Self { vendors: vendors.collect(), rules }
    }
}

/// Rules.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rules {
    One(String),
    Family(String),
    /// The rules of a family that are about a group of categories.
    Group(String, Group),
}

impl Rules {
    fn of(text: &str) -> Self {
        let (family, name) = text.split_once('/').unwrap_or((text, ""));
        let group = Group::ALL.iter().find(|group| group.id() == name);
        match (name, group) {
            ("*", _) => Self::Family(family.to_owned()),
            (_, Some(group)) => Self::Group(family.to_owned(), *group),
            _ => Self::One(text.to_owned()),
        }
    }

    fn has(&self, rule: &str) -> bool {
        let (family, name) = rule.split_once('/').unwrap_or((rule, ""));
        match self {
            Self::One(id) => id == rule,
            Self::Family(own) => own == family,
            Self::Group(own, group) => {
                own == family && name.parse::<Category>().is_ok_and(|category| category.group() == *group)
            }
        }
    }
}

/// One target of a directive, and which parts of it are needed.
#[derive(Debug, Clone)]
pub(super) struct Target {
    text: String,
    /// None if there is no such rule.
    rules: Option<Rules>,
    /// None for a vendor that does not exist is `false` in `known`.
    vendors: Vec<Vendor>,
    /// Whether it hid something, where no vendor is named.
    met: bool,
}

#[derive(Debug, Clone)]
struct Vendor {
    id: SmolStr,
    known: bool,
    met: bool,
}

impl Target {
    pub(super) fn of(written: &directive::Target, known: &Known<'_>) -> Self {
        let vendor = |id: &String| Vendor { id: id.into(), known: known.vendors.contains(&id.as_str()), met: false };
        Self {
            text: written.rule.clone(),
            rules: known.rules.contains(&written.rule).then(|| Rules::of(&written.rule)),
            vendors: written.vendors.iter().map(vendor).collect(),
            met: false,
        }
    }

    /// What does not exist, as sentences.
    pub(super) fn unknown(&self, known: &Known<'_>) -> Vec<String> {
        let sentence = |what: &str, name: &str, near: Option<&str>, listed: &str| {
            let help = near.map_or_else(|| listed.to_owned(), |near| format!("did you mean `{near}`?"));
            format!("There is no {what} `{name}`, so this comment hides nothing of it: {help}")
        };
        let mut sentences = Vec::new();
        if self.rules.is_none() {
            let near = similar(&self.text, known.rules.iter().map(String::as_str));
            sentences.push(sentence("rule", &self.text, near, "`leak/email` and `leak/*` are examples."));
        }
        for vendor in self.vendors.iter().filter(|vendor| !vendor.known) {
            let near = similar(&vendor.id, known.vendors.iter().copied());
            sentences.push(sentence("vendor", &vendor.id, near, "`overshare vendors` lists all."));
        }
        sentences
    }

    /// Whether it names a finding, which is noted.
    pub(super) fn meets(&mut self, rule: &str, vendor: &str) -> bool {
        if !self.rules.as_ref().is_some_and(|rules| rules.has(rule)) {
            return false;
        }
        if self.vendors.is_empty() {
            self.met = true;
            return true;
        }
        let named = self.vendors.iter_mut().find(|it| it.id == vendor);
        named.map(|it| it.met = true).is_some()
    }

    /// Whether any part of it was needed.
    pub(super) fn is_met(&self) -> bool {
        self.met || self.vendors.iter().any(|vendor| vendor.met)
    }

    /// As it is written.
    pub(super) fn shown(&self) -> String {
        self.with(|_| true).unwrap_or_else(|| self.text.clone())
    }

    /// The part that hid nothing, of what exists.
    pub(super) fn idle(&self) -> Option<String> {
        self.rules.as_ref().filter(|_| !self.met)?;
        self.with(|vendor| vendor.known && !vendor.met)
    }

    /// The rest: what hid something, and what does not exist and is told elsewhere.
    pub(super) fn needed(&self) -> Option<String> {
        if self.rules.is_none() || self.met {
            return Some(self.shown());
        }
        (!self.vendors.is_empty()).then(|| self.with(|vendor| !vendor.known || vendor.met)).flatten()
    }

    /// The target with some of its vendors; none if that leaves none.
    fn with(&self, wanted: impl Fn(&Vendor) -> bool) -> Option<String> {
        if self.vendors.is_empty() {
            return Some(self.text.clone());
        }
        let ids: Vec<&str> = self.vendors.iter().filter(|it| wanted(it)).map(|it| it.id.as_str()).collect();
        (!ids.is_empty()).then(|| format!("{}({})", self.text, ids.join(", ")))
    }
}
