//! The TOML format of identity words, as it is typed in `words/*.toml` and in a user's own configuration.
//!
//! Every file is a [`Document`]; documents are merged by union, so that a user's words only ever add to the embedded
//! ones. What each list means is said at its head in the embedded files.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::Category;

/// One file of words; every part may be absent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Document {
    /// Phrases that name a category.
    pub category: BTreeMap<Category, Phrases>,
    /// Phrases made of two nouns, which also hold across a dot.
    pub compound: Vec<Compound>,
    /// Phrases that tell nothing although they end like one that does.
    pub nothing: Vec<String>,
    /// What receivers are about.
    pub subject: Nouns,
    /// Words that shape a name.
    pub grammar: Grammar,
    /// Names of booleans and counts.
    pub boolean: Edges,
    /// Names of hashes and masks.
    pub pseudonym: Pseudonyms,
    /// Names of functions.
    pub function: Functions,
}

/// When a phrase tells its category.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Phrases {
    /// Whatever it is said of.
    pub always: Vec<String>,
    /// Unless it is said of a thing or an organization.
    pub usually: Vec<String>,
    /// As `usually`, but not for property reads.
    pub payload: Vec<String>,
    /// Of a person only.
    pub of_person: Vec<String>,
    /// Of an organization only.
    pub of_organization: Vec<String>,
}

/// Every noun of `of` with every head: `card` and `number` give `cardNumber` and `card.number`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Compound {
    /// What it tells; nothing if absent.
    pub category: Option<Category>,
    /// Nouns that stand first.
    pub of: Vec<String>,
    /// Nouns that stand last.
    pub heads: Vec<String>,
}

/// Nouns by what they stand for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Nouns {
    /// A person.
    pub person: Vec<String>,
    /// A person, unless what it belongs to is something else.
    pub person_unless: Vec<String>,
    /// Persons whose bare name is as often a flag or a role.
    pub roles: Vec<String>,
    /// An organization.
    pub organization: Vec<String>,
    /// Anything else.
    pub thing: Vec<String>,
}

/// Words that shape a name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Grammar {
    /// Nouns that say nothing of their own.
    pub transparent: Vec<String>,
    /// Of the transparent nouns, those that may end the name of a whole record.
    pub whole: Vec<String>,
    /// Trailing words of a type's name that leave it what it is about.
    pub types: Vec<String>,
    /// Modifiers that leave a noun what it is.
    pub adjectives: Vec<String>,
    /// Trailing words that leave the name before them what it is.
    pub suffixes: Vec<String>,
    /// What follows one of these is no longer the head.
    pub prepositions: Vec<String>,
    /// Words that belong together although they are written apart.
    pub joins: Vec<String>,
    /// Words that are not the plural they look like.
    pub singular: Vec<String>,
    /// Objects whose keys name fields instead of holding them.
    pub labels: Vec<String>,
    /// Leading verbs of actions and flags.
    pub actions: Vec<String>,
}

/// Words that stand at either end of a name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Edges {
    /// At the beginning of a longer name.
    pub first: Vec<String>,
    /// At the end of a longer name.
    pub last: Vec<String>,
    /// As the whole name.
    pub alone: Vec<String>,
}

/// Names of hashes and masks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Pseudonyms {
    /// Anywhere in a name.
    pub words: Vec<String>,
}

/// Names of functions.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Functions {
    /// Verbs of functions that find something out.
    pub look_ups: Vec<String>,
    /// Verbs of functions whose result is made of their arguments.
    pub passing: Vec<String>,
    /// Words before the verb that change nothing.
    pub adverbs: Vec<String>,
    /// Parts of a value that no longer tell who is meant.
    pub parts: Vec<String>,
    /// Trailing words that say how, not what.
    pub suffixes: Vec<String>,
}
