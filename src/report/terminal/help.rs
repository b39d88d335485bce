//! Why it matters and what to do instead, at full length the first time and in one line after that.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use super::drawing::Pen;
use crate::{
    base::{Category, Group as Kind},
    catalog::format::PersonalData,
    report::{Names, advice, group::Group, phrase, rules},
};

/// Categories whose remedies are spelled out; further ones get the remedy that fits all.
const MAX_REMEDIES: usize = 2;

/// What has been explained in this run.
#[derive(Default)]
pub struct Help {
    categories: BTreeSet<Category>,
    vendors: BTreeSet<String>,
}

impl Help {
    /// Writes the reasons and remedies for a group.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn write(&mut self, group: &Group<'_>, names: &Names, pen: &Pen, out: &mut dyn Write) -> io::Result<()> {
        let mut categories = phrase::unique(group.findings.iter().filter_map(|finding| finding.category));
        categories.sort_by_key(|category| std::cmp::Reverse(category.group().default_severity()));
        let fresh: Vec<_> = categories.iter().copied().filter(|it| !self.categories.contains(it)).collect();
        let told = &categories[..categories.len().min(MAX_REMEDIES)];
        let mut reasons: Vec<String> =
            told.iter().filter(|it| fresh.contains(it)).map(|it| advice::advice(*it).why.to_owned()).collect();
        let vendors = phrase::unique(group.findings.iter().map(|finding| finding.vendor.as_str()));
        reasons.extend(vendors.into_iter().filter_map(|vendor| self.terms(vendor, &categories, names)));
        if !reasons.is_empty() {
            writeln!(out, "{}", pen.wrapped("  why:  ", &reasons.join(" ")))?;
        }
        let mut remedies = remedies(&categories, &fresh);
        if categories.is_empty() {
            let rules = phrase::unique(group.findings.iter().map(|finding| finding.rule.as_str()));
            remedies.extend(rules.into_iter().flat_map(|id| rules::rule(id).instead));
        }
        if !remedies.is_empty() {
            writeln!(out, "{}", pen.wrapped("  help: ", &remedies.join(" ")))?;
        }
        self.categories.extend(told);
        Ok(())
    }

    /// What the vendor's terms say, once per vendor, where it speaks against what is sent.
    fn terms(&mut self, vendor: &str, categories: &[Category], names: &Names) -> Option<String> {
        let identifying =
            categories.iter().any(|category| !matches!(category.group(), Kind::Pseudonymous | Kind::Context));
        let known = names.get(vendor).filter(|_| identifying)?;
        let verb = match known.personal_data {
            PersonalData::Allowed => return None,
            PersonalData::Restricted => "restricts",
            PersonalData::Forbidden => "forbids",
        };
        let fresh = self.vendors.insert(vendor.to_owned());
        fresh.then(|| format!("{} itself {verb} personal data: {}.", known.name, known.terms))
    }
}

/// All remedies for a category that stands alone and is met for the first time; else the first of each.
fn remedies(categories: &[Category], fresh: &[Category]) -> Vec<&'static str> {
    if let ([category], [_]) = (categories, fresh) {
        return advice::advice(*category).instead.to_vec();
    }
    let first = categories.iter().take(MAX_REMEDIES).filter_map(|it| advice::advice(*it).instead.first().copied());
    let general = (categories.len() > MAX_REMEDIES).then_some(advice::DROP);
    phrase::unique(first.chain(general))
}
