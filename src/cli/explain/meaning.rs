//! The catalogue's meanings, conditions and kinds, in words.

use std::collections::BTreeMap;

use crate::catalog::{
    Signature,
    format::{CollectionKind, Condition, Kind, Meaning, PersonalData, Word},
};

/// A call as the vendor understands it, for example `identify(user id, person fields)`. `None` if it learns nothing.
#[must_use]
pub fn call(path: &str, signature: &Signature) -> Option<String> {
    let mut arguments: Vec<_> = signature.args.iter().map(meaning).collect();
    arguments.extend(signature.rest.as_ref().and_then(meaning).map(|rest| Some(format!("{rest}…"))));
    while arguments.last().is_some_and(Option::is_none) {
        arguments.pop();
    }
    let told: Vec<_> = arguments.into_iter().map(|told| told.unwrap_or_else(|| UNTOLD.to_owned())).collect();
    let name = if path == "()" { "" } else { path };
    (!told.is_empty()).then(|| format!("{name}({})", told.join(", ")))
}

/// Stands for an argument that is not sent, or tells nothing of a person.
pub const UNTOLD: &str = "_";

/// What a vendor learns from a value; `None` if nothing.
#[must_use]
pub fn meaning(meaning: &Meaning) -> Option<String> {
    match meaning {
        Meaning::Word(it) => word(*it).map(str::to_owned),
        Meaning::Callback(callback) => Some(format!("() => {}", self::meaning(callback.returns.as_deref()?)?)),
        Meaning::Parts(parts) => self::parts(parts),
    }
}

/// Known keys first, then what holds for any other.
fn parts(parts: &BTreeMap<String, Meaning>) -> Option<String> {
    let (rest, known): (Vec<_>, Vec<_>) = parts.iter().partition(|(key, _)| *key == "*");
    let told = known.into_iter().chain(rest).filter_map(|(key, part)| Some(self::part(key, &meaning(part)?)));
    let told: Vec<_> = told.collect();
    match &told[..] {
        [] => None,
        [elements] if parts.contains_key("[]") && parts.len() == 1 => Some(elements.clone()),
        _ => Some(format!("{{ {} }}", told.join(", "))),
    }
}

fn part(key: &str, part: &str) -> String {
    match key {
        "[]" => format!("[{part}]"),
        _ => format!("{key}: {part}"),
    }
}

const fn word(word: Word) -> Option<&'static str> {
    Some(match word {
        Word::Ignore | Word::Settings => return None,
        Word::Traits => "person fields",
        Word::GroupTraits => "organization fields",
        Word::Properties => "event fields",
        Word::Text => "text",
        Word::Key => "field name",
        Word::Value => "field value",
        Word::TraitValue => "person field value",
        Word::GroupValue => "organization field value",
        Word::Is(category) => category.title(),
    })
}

/// All of the conditions, as the rest of a sentence that starts with "when".
#[must_use]
pub fn conditions(conditions: &[Condition], joint: &str) -> String {
    conditions.iter().map(condition).collect::<Vec<_>>().join(joint)
}

fn condition(condition: &Condition) -> String {
    let setting = format!("`{}`", condition.setting);
    let quoted = |texts: &mut dyn Iterator<Item = String>| {
        texts.map(|text| format!("`{text}`")).collect::<Vec<_>>().join(" or ")
    };
    let mut tests = Vec::new();
    if !condition.is.is_empty() {
        tests.push(format!("{setting} is {}", quoted(&mut condition.is.iter().map(ToString::to_string))));
    }
    if !condition.contains.is_empty() {
        tests.push(format!("{setting} contains {}", quoted(&mut condition.contains.iter().cloned())));
    }
    if !condition.calls.is_empty() {
        tests.push(format!("{setting} holds a call of {}", quoted(&mut condition.calls.iter().cloned())));
    }
    if let Some(least) = &condition.at_least {
        tests.push(format!("{setting} is at least `{least}`"));
    }
    if let Some(present) = condition.present {
        tests.push(format!("{setting} is {}", if present { "set" } else { "not set" }));
    }
    tests.join(" and ")
}

/// What a vendor is used for.
#[must_use]
pub fn kind(kind: Kind) -> String {
    match kind {
        Kind::Cdp => "customer data platform".to_owned(),
        Kind::Apm => "application performance monitoring".to_owned(),
        Kind::Ads => "advertising".to_owned(),
        _ => kind.to_string().replace('-', " "),
    }
}

/// What the terms say of personal data.
#[must_use]
pub const fn personal_data(personal_data: PersonalData) -> &'static str {
    match personal_data {
        PersonalData::Allowed => "its terms allow them under a data-processing agreement",
        PersonalData::Restricted => "its terms allow them with limits: no special categories, or only hashed",
        PersonalData::Forbidden => "its terms forbid sending them",
    }
}

/// The heading over what is collected in one way.
#[must_use]
pub const fn collection(kind: CollectionKind) -> &'static str {
    match kind {
        CollectionKind::Default => "Sent with every event or page view",
        CollectionKind::Autocapture => "Recorded without a call (autocapture)",
        CollectionKind::SessionReplay => "The screen (session replay)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_in_words() {
        let check = |toml: &str, expect: Option<&str>| {
            #[derive(serde::Deserialize)]
            struct Holder {
                m: Meaning,
            }
            let holder: Holder = toml::from_str(toml).unwrap();
            assert_eq!(meaning(&holder.m).as_deref(), expect, "{toml}");
        };
        check("m = 'user-id'", Some("user id"));
        check("m = 'ignore'", None);
        check("m = { a = 'ignore' }", None);
        check("m = { '[]' = { name = 'key' }, id = 'email' }", Some("{ [{ name: field name }], id: e-mail address }"));
        check("m = { '[]' = 'email' }", Some("[e-mail address]"));
        check("m = { '$callback' = ['x'] }", None);
        check("m = { '$callback' = ['x'], '$returns' = 'traits' }", Some("() => person fields"));
    }

    #[test]
    fn conditions_in_words() {
        let check = |toml: &str, expect: &str| {
            assert_eq!(condition(&toml::from_str(toml).unwrap()), expect);
        };
        check("setting = 'ip'\nis = [false, 'no']", "`ip` is `false` or `\"no\"`");
        check("setting = 'a.b'\npresent = false", "`a.b` is not set");
        check("setting = 'list[]'\ncalls = ['replay']", "`list[]` holds a call of `replay`");
        check("setting = 'v'\nat-least = '2'", "`v` is at least `2`");
    }
}
