//! Identity words: what a name tells about the value that it names.
//!
//! `user.email`, `{ customerName }`, `getClientIp()`: in JavaScript a name is often the only evidence that a value is
//! personal. This module turns a name into a category, carefully: `file.name`, `emailVerified` and `emailTemplate` are
//! nothing. Which words mean what is data (`words/*.toml`, extensible by the user); the grammar that connects them is
//! in [`phrase`]. A name is believed only where nothing better is known about a value: that is the caller's business.

mod data;
mod memo;
mod phrase;
mod segment;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::base::Category;
use data::Document;
use memo::Memo;
use phrase::{Lexicon, Set, Use};

/// Between the names of a chain that was asked about; no sane name has it.
const SEPARATOR: &str = "\u{0}";

/// What a receiver, a variable or a type is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// A user, customer, member, patient, …
    Person,
    /// An organization, workspace, team, …
    Organization,
    /// A file, plan, project, component, …: ambiguous keys tell nothing.
    Thing,
    /// The name does not say.
    Unknown,
}

/// A user's own words could not be read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the identity words are not understood: {0}")]
pub struct WordsError(#[from] toml::de::Error);

/// All identity words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Words {
    lexicon: Lexicon,
    boolean_first: Set,
    boolean_last: Set,
    boolean_alone: Set,
    pseudonyms: Set,
    look_ups: Set,
    passing: Set,
    adverbs: Set,
    parts: Set,
    call_suffixes: Set,
    #[serde(skip)]
    taken_apart: Memo<Arc<[SmolStr]>>,
    #[serde(skip)]
    fields: Memo<Option<Category>>,
    #[serde(skip)]
    reads: Memo<Option<Category>>,
    #[serde(skip)]
    subjects: Memo<Subject>,
}

impl Words {
    /// These words and a user's own, in the same format.
    ///
    /// # Errors
    /// If the text is not TOML of that format.
    pub fn with(&self, extra_toml: &str) -> Result<Words, WordsError> {
        let document: Document = toml::from_str(extra_toml)?;
        let mut words = self.clone();
        words.lexicon.add(&document);
        let Document { boolean, pseudonym, function, .. } = &document;
        for (set, list) in [
            (&mut words.boolean_first, &boolean.first),
            (&mut words.boolean_last, &boolean.last),
            (&mut words.boolean_alone, &boolean.alone),
            (&mut words.pseudonyms, &pseudonym.words),
            (&mut words.look_ups, &function.look_ups),
            (&mut words.passing, &function.passing),
            (&mut words.adverbs, &function.adverbs),
            (&mut words.parts, &function.parts),
            (&mut words.call_suffixes, &function.suffixes),
        ] {
            set.extend(list.iter().map(|phrase| words.lexicon.joined(phrase)));
        }
        Ok(words)
    }

    /// What a name is about; dotted chains are read as a whole and look-up verbs are skipped (`useSession().data?.user`
    /// is a person).
    #[must_use]
    pub fn subject(&self, name: &str) -> Subject {
        self.subjects.of(name, || {
            if self.names_boolean(name) {
                return Subject::Unknown;
            }
            let chain: Vec<_> = name.split('.').map(|part| self.noun_words(part)).collect();
            self.lexicon.subject(&chain, Subject::Unknown)
        })
    }

    /// What reading `key` from a chain of receivers, outermost first, tells by itself.
    ///
    /// Whole records (`session.user`) are [`Words::names_person`]'s business and give nothing here.
    #[must_use]
    pub fn read(&self, receivers: &[&str], key: &str) -> Option<Category> {
        let mut asked = receivers.join(SEPARATOR);
        asked.extend([SEPARATOR, key]);
        if asked.matches(SEPARATOR).count() > receivers.len().max(1) {
            return self.read_anew(receivers, key);
        }
        self.reads.of(&asked, || self.read_anew(receivers, key))
    }

    fn read_anew(&self, receivers: &[&str], key: &str) -> Option<Category> {
        let receivers_words: Vec<_> = receivers.iter().map(|receiver| self.noun_words(receiver)).collect();
        let of_class = receivers.last().is_some_and(|receiver| receiver.starts_with(char::is_uppercase));
        let is_person = || self.lexicon.subject(&receivers_words, Subject::Unknown) == Subject::Person;
        let is_member = of_class && key.starts_with(char::is_uppercase);
        if is_member || is_constant(key) && !is_person() {
            return None;
        }
        self.category(&receivers_words, key, Subject::Unknown, Use::Read)
    }

    /// What a key, variable or parameter name tells in an object about `subject`.
    #[must_use]
    pub fn field(&self, key: &str, subject: Subject) -> Option<Category> {
        let mut asked = String::from(match subject {
            Subject::Person => "p",
            Subject::Organization => "o",
            Subject::Thing => "t",
            Subject::Unknown => "u",
        });
        asked.push_str(key);
        self.fields.of(&asked, || self.category(&[], key, subject, Use::Payload))
    }

    /// The words of a name, with those joined that belong together.
    fn words(&self, name: &str) -> Arc<[SmolStr]> {
        self.taken_apart.of(name, || self.lexicon.words(name).into())
    }

    fn category(&self, receivers: &[Vec<SmolStr>], key: &str, context: Subject, usage: Use) -> Option<Category> {
        let words = self.words(key);
        let is_action = self.starts_with_verb(&words) && !self.lexicon.is_phrase(&words);
        if is_action || self.is_boolean(&words) || self.is_pseudonym(&words) {
            return None;
        }
        self.lexicon.tells(receivers, &words, context, usage)
    }

    /// Whether a name, or a dotted chain, stands for a whole record of a person (`currentUser`, `current_user.data`).
    /// Constants (`DATABASE_USER`) do not, nor do roles and flags (`admin`).
    #[must_use]
    pub fn names_person(&self, name: &str) -> bool {
        let (receivers, last) = name.rsplit_once('.').unwrap_or(("", name));
        let words = self.words(last);
        if is_constant(last) || self.is_boolean(&words) || self.is_pseudonym(&words) {
            return false;
        }
        let bare = !self.starts_with_verb(&words) && !self.lexicon.ends_in(&words, &self.lexicon.roles);
        let mut chain: Vec<_> = receivers.split('.').map(|part| self.noun_words(part)).collect();
        chain.push(words.to_vec());
        bare && self.is_person(&chain)
    }

    /// Whether a type stands for a record of a person: as [`Words::names_person`], but `Member` and `Admin` do too, and
    /// `UserModel` is `User`.
    #[must_use]
    pub fn types_person(&self, name: &str) -> bool {
        let words = self.noun_words(name);
        !self.is_boolean(&words) && !self.is_pseudonym(&words) && self.is_person(&[words])
    }

    fn is_person(&self, chain: &[Vec<SmolStr>]) -> bool {
        let whole = chain.last().is_some_and(|words| self.lexicon.ends_whole(words));
        whole && self.lexicon.subject(chain, Subject::Unknown) == Subject::Person
    }

    fn starts_with_verb(&self, words: &[SmolStr]) -> bool {
        let verb = |word: &SmolStr| self.look_ups.contains(word) || self.lexicon.actions.contains(word);
        words.len() > 1 && verb(&words[0])
    }

    /// Whether a name is that of a boolean or a count, whose value cannot identify anybody (`isUser`, `emailVerified`).
    #[must_use]
    pub fn names_boolean(&self, name: &str) -> bool {
        self.is_boolean(&self.words(name))
    }

    fn is_boolean(&self, words: &[SmolStr]) -> bool {
        match words {
            [] => false,
            [only] => self.boolean_alone.contains(only),
            [first, .., last] => self.boolean_first.contains(first) || self.boolean_last.contains(last),
        }
    }

    /// Whether a name is that of a hash or a mask, or of a function that makes one (`emailHash`, `redact`).
    #[must_use]
    pub fn names_pseudonym(&self, name: &str) -> bool {
        self.is_pseudonym(&self.words(name))
    }

    fn is_pseudonym(&self, words: &[SmolStr]) -> bool {
        words.iter().any(|word| self.pseudonyms.contains(word))
    }

    /// Whether a function so named builds its result from its arguments (`formatEmail`), as opposed to one that looks
    /// something up or tests something.
    #[must_use]
    pub fn passes_arguments(&self, callee: &str) -> bool {
        let words = self.call_words(callee);
        let part = words.len() > 1 && self.lexicon.ends_in(&words, &self.parts);
        !part && !self.is_boolean(&words) && !self.is_pseudonym(&words) && self.verb_is_of(&words, &self.passing)
    }

    fn verb_is_of(&self, words: &[SmolStr], verbs: &Set) -> bool {
        words.iter().find(|word| !self.adverbs.contains(*word)).is_some_and(|verb| verbs.contains(verb))
    }

    /// What calling a function so named yields when nothing else is known about it.
    #[must_use]
    pub fn call(&self, callee: &str) -> Option<Category> {
        let words = self.call_words(callee);
        let mut words = &words[..];
        if self.is_boolean(words) || self.is_pseudonym(words) {
            return None;
        }
        while let [before @ .., last] = words
            && !before.is_empty()
            && self.call_suffixes.contains(last)
        {
            words = before;
        }
        let result = self.without_verbs(words);
        if result.is_empty() || self.lexicon.is_preposition(&result[0]) || self.starts_with_verb(result) {
            return None;
        }
        let looks_up = result.len() < words.len();
        self.result(callee, result, looks_up)
    }

    fn result(&self, callee: &str, result: &[SmolStr], looks_up: bool) -> Option<Category> {
        let chain = [result.to_vec()];
        if self.lexicon.subject(&chain, Subject::Unknown) == Subject::Organization {
            return None;
        }
        let told = self.lexicon.tells(&[], result, Subject::Unknown, Use::Payload);
        match told {
            Some(_) if looks_up || result.len() > 1 => told,
            Some(_) => None,
            None if looks_up => self.is_person(&chain).then_some(Category::PersonObject),
            None => self.names_person(last_name(callee)).then_some(Category::PersonObject),
        }
    }

    fn call_words(&self, callee: &str) -> Arc<[SmolStr]> {
        self.words(last_name(callee))
    }

    /// The words of a name without the verbs that look it up, and of a type without what types are called.
    fn noun_words(&self, name: &str) -> Vec<SmolStr> {
        let mut words = self.without_verbs(&self.words(name)).to_vec();
        let is_type = name.starts_with(char::is_uppercase);
        while is_type && words.len() > 1 && words.last().is_some_and(|last| self.lexicon.types.contains(last)) {
            words.pop();
        }
        words
    }

    fn without_verbs<'a>(&self, words: &'a [SmolStr]) -> &'a [SmolStr] {
        let verbs = words.iter().take_while(|word| self.look_ups.contains(*word)).count();
        if verbs < words.len() { &words[verbs..] } else { words }
    }

    /// The lower-case words that a name is made of, in any spelling: `userIDs`, `user_ids` and `$user-ids` are `user`,
    /// `ids`. Names of absurd length have none.
    #[must_use]
    pub fn segment(name: &str) -> Vec<SmolStr> {
        segment::segment(name)
    }
}

/// `Scopes.EMAIL` names a constant, an environment variable or a column, not somebody's e-mail.
fn is_constant(key: &str) -> bool {
    let letters = || key.chars().filter(|c| c.is_alphabetic());
    letters().count() > 1 && letters().all(char::is_uppercase)
}

fn last_name(chain: &str) -> &str {
    chain.rsplit('.').next().unwrap_or_default()
}
