//! What each rule id means: the text behind SARIF rules, `explain` and the links of other views.

use std::fmt::Write as _;

use super::{advice, phrase};
use crate::base::{Category, Group, Severity};

/// A rule, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The id, for example `leak/email`.
    pub id: String,
    /// What a finding of it says, in short.
    pub title: String,
    /// What it means, as sentences.
    pub about: String,
    /// Why it matters.
    pub why: &'static str,
    /// What to do instead, the best first.
    pub instead: &'static [&'static str],
    /// Severity where no policy says otherwise.
    pub severity: Severity,
    /// How grave on the scale of 0 to 10 that code-scanning services sort by.
    pub score: &'static str,
}

const AUTOCAPTURE: &str = "The SDK records clicks, inputs and page views without a call for each: what the page shows \
                           and what its elements are called reach the vendor.";
const REPLAY: &str = "The SDK records the screen: whatever a person sees or types there reaches the vendor, unless it \
                      is masked.";
const AMBIENT: &[&str] = &[
    "Turn it off in the options of the SDK.",
    "If it is wanted, mask what can hold personal data and name it in \
       the privacy notice.",
];

const DENIED: &[&str] = &["Remove the package, the script and the calls."];
const UNDECLARED: &[&str] = &[
    "Have it approved and add it to `declared` in `overshare.toml`, or remove the package, the script and the calls.",
];

const UNUSED: &[&str] = &["Remove the comment; `overshare check --fix` does it."];
const EXPIRED: &[&str] = &["Mend what it hides, or decide anew and give a later day."];
const MALFORMED: &[&str] =
    &["Write it as `overshare-ignore leak/email(VENDOR) -- why`; docs/suppressions.md has all forms."];
const UNKNOWN: &[&str] = &["Name a rule or a vendor that exists; `overshare vendors` lists the vendors."];

/// Rules that are not about one category.
const OTHERS: [&str; 8] = [
    "ambient/autocapture",
    "ambient/session-replay",
    "vendor/denied",
    "vendor/undeclared",
    "suppression/unused",
    "suppression/expired",
    "suppression/malformed",
    "suppression/unknown",
];

/// The ids of all rules.
#[must_use]
pub fn ids() -> Vec<String> {
    let of = |category: &Category| ["leak", "ambient"].map(|kind| format!("{kind}/{category}"));
    Category::ALL.iter().flat_map(of).chain(OTHERS.map(str::to_owned)).collect()
}

/// The rule behind an id.
#[must_use]
pub fn rule(id: &str) -> Rule {
    let category = id.split_once('/').and_then(|(_, category)| category.parse::<Category>().ok());
    match (id.split_once('/'), category) {
        (Some(("leak", _)), Some(category)) => leak(id, category),
        (Some(("ambient", _)), Some(category)) => ambient(id, category),
        (Some(("ambient", "autocapture")), _) => fixed(id, "An SDK records what people do", AUTOCAPTURE, AMBIENT),
        (Some(("ambient", "session-replay")), _) => fixed(id, "An SDK records the screen", REPLAY, AMBIENT),
        (Some(("vendor", "denied")), _) => {
            fixed(id, "A vendor is used that the policy forbids", "The project's `overshare.toml` denies it.", DENIED)
        }
        (Some(("vendor", "undeclared")), _) => {
            fixed(id, "A vendor is used that nobody declared", "It is not in the list `declared`.", UNDECLARED)
        }
        (Some(("suppression", "unused")), _) => {
            fixed(id, "A comment hides nothing", "What it hid is gone; it would hide the next one unseen.", UNUSED)
        }
        (Some(("suppression", "expired")), _) => {
            fixed(id, "A comment no longer hides", "The day that it gives after `until=` is over.", EXPIRED)
        }
        (Some(("suppression", "malformed")), _) => {
            fixed(id, "A comment is not understood", "It means to hide findings, and hides none.", MALFORMED)
        }
        (Some(("suppression", "unknown")), _) => {
            fixed(id, "A comment names what does not exist", "There is no such rule, or no such vendor.", UNKNOWN)
        }
        _ => fixed(id, "A rule of this project's policy", "The project's `overshare.toml` asks for it.", &[]),
    }
}

fn leak(id: &str, category: Category) -> Rule {
    let advice = advice::advice(category);
    Rule {
        id: id.to_owned(),
        title: format!("{} goes to a vendor", phrase::sentence(category.title())),
        about: format!("The code hands a person's data to a vendor. {}", category.counts()),
        why: advice.why,
        instead: advice.instead,
        severity: category.group().default_severity(),
        score: score(category),
    }
}

fn ambient(id: &str, category: Category) -> Rule {
    let advice = advice::advice(category);
    Rule {
        id: id.to_owned(),
        title: format!("An SDK collects by default: {}", category.title()),
        about: format!("The SDK sends it without a line of code that says so. {}", category.counts()),
        why: advice.why,
        instead: AMBIENT,
        severity: Severity::Note,
        score: "3.0",
    }
}

fn fixed(id: &str, title: &str, about: &str, instead: &'static [&'static str]) -> Rule {
    let (title, about) = (title.to_owned(), about.to_owned());
    let severity = match id {
        "vendor/denied" | "vendor/undeclared" | "suppression/malformed" | "suppression/unknown" => Severity::Error,
        "suppression/unused" | "suppression/expired" => Severity::Warning,
        _ => Severity::Note,
    };
    let score = if severity == Severity::Error { "7.0" } else { "3.0" };
    Rule { id: id.to_owned(), title, about, why: "", instead, severity, score }
}

const fn score(category: Category) -> &'static str {
    match (category, category.group()) {
        (Category::Credential | Category::GovernmentId, _) => "9.0",
        (_, Group::Special) => "8.0",
        (_, Group::Direct) => "7.0",
        (_, Group::Record) => "6.0",
        (_, Group::Context) => "4.5",
        (_, Group::Pseudonymous) => "3.0",
    }
}

impl Rule {
    /// The id as one word, for example `LeakEmail`.
    #[must_use]
    pub fn name(&self) -> String {
        self.id.split(|c: char| !c.is_alphanumeric()).map(phrase::sentence).collect()
    }

    /// Why and what instead, as plain text; never empty.
    #[must_use]
    pub fn help(&self) -> String {
        let sentences = [self.why].into_iter().chain(self.instead.iter().copied());
        let help = sentences.filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ");
        if help.is_empty() { self.about.clone() } else { help }
    }

    /// The whole rule as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut page = format!("# {}\n\n{}\n", self.title, self.about);
        if !self.why.is_empty() {
            let _ = write!(page, "\n## Why it matters\n\n{}\n", self.why);
        }
        if !self.instead.is_empty() {
            page.push_str("\n## What to do instead\n\n");
            for remedy in self.instead {
                let _ = writeln!(page, "- {remedy}");
            }
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_explained() {
        for &category in Category::ALL {
            for id in [format!("leak/{category}"), format!("ambient/{category}")] {
                let rule = rule(&id);
                assert!(rule.markdown().contains("## Why it matters"), "{id}");
                assert!(rule.score.parse::<f32>().is_ok_and(|score| score > 0.0 && score <= 10.0));
            }
        }
        for id in OTHERS {
            assert!(!rule(id).about.contains("asks for it") && !rule(id).instead.is_empty(), "{id}");
        }
        assert!(!rule("x").about.is_empty());
    }
}
