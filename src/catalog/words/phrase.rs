//! The lexicon: what phrases and nouns mean, looked up word by word.
//!
//! Two facts carry the whole matcher. A name is a compound noun whose head stands last, so a phrase is matched against
//! the *end* of a name and the longest match wins: `emailTemplate` ends in no phrase, `marketingEmail` in one that
//! tells nothing. And a member chain is a compound noun too, so `user.company.name` is judged like `userCompanyName`:
//! by the noun that stands nearest to the head.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{
    Subject,
    data::{Compound, Document, Grammar, Nouns, Phrases},
    segment::{segment, singular},
};
use crate::base::Category;

/// A set of words.
pub type Set = FxHashSet<SmolStr>;

/// Longest phrase in words; longer tails of a name are not looked up.
const LONGEST_PHRASE: usize = 5;

/// Whether a name stands for a value, or for a property that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A key, a variable, a parameter: somebody chose the name for the value.
    Payload,
    /// A property read from something.
    Read,
}

/// What one phrase tells, by what it is said of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Entry {
    always: Option<Category>,
    usually: Option<Category>,
    payload: Option<Category>,
    of_person: Option<Category>,
    of_organization: Option<Category>,
}

impl Entry {
    fn tells(&self, of: Subject, usage: Use) -> Option<Category> {
        self.always.or_else(|| match of {
            Subject::Person => self.of_person.or(self.payload).or(self.usually),
            Subject::Organization => self.of_organization,
            Subject::Thing => None,
            Subject::Unknown if usage == Use::Payload => self.payload.or(self.usually),
            Subject::Unknown => self.usually,
        })
    }
}

/// What a noun stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Noun {
    Is(Subject),
    PersonUnless,
    Transparent,
}

/// Phrases, nouns and the grammar that connects them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lexicon {
    entries: FxHashMap<SmolStr, Entry>,
    nouns: FxHashMap<SmolStr, Noun>,
    /// Words written apart, joined by spaces, that count as one.
    joins: Set,
    suffixes: Set,
    prepositions: Set,
    singular: Set,
    labels: Set,
    whole: Set,
    /// Persons whose bare name is as often a flag.
    pub roles: Set,
    /// Leading verbs of actions.
    pub actions: Set,
    /// Trailing words of a type's name.
    pub types: Set,
}

impl Lexicon {
    /// Adds the words of a document.
    pub fn add(&mut self, document: &Document) {
        self.add_grammar(&document.grammar);
        self.add_nouns(&document.subject);
        for (&category, phrases) in &document.category {
            self.add_phrases(category, phrases);
        }
        for compound in &document.compound {
            self.add_compound(compound);
        }
        for phrase in &document.nothing {
            self.entries.insert(fuse(&segment(phrase)), Entry::default());
        }
    }

    fn add_grammar(&mut self, grammar: &Grammar) {
        for phrase in &grammar.joins {
            self.joins.insert(spaced(&segment(phrase)));
        }
        for (set, list) in [
            (&mut self.suffixes, &grammar.suffixes),
            (&mut self.prepositions, &grammar.prepositions),
            (&mut self.singular, &grammar.singular),
            (&mut self.labels, &grammar.labels),
            (&mut self.whole, &grammar.whole),
            (&mut self.actions, &grammar.actions),
            (&mut self.types, &grammar.types),
        ] {
            set.extend(list.iter().map(|phrase| fuse(&segment(phrase))));
        }
        self.add_noun_list(&grammar.adjectives, Noun::Transparent);
        self.add_noun_list(&grammar.transparent, Noun::Transparent);
    }

    fn add_nouns(&mut self, nouns: &Nouns) {
        self.add_noun_list(&nouns.person, Noun::Is(Subject::Person));
        self.add_noun_list(&nouns.person_unless, Noun::PersonUnless);
        self.add_noun_list(&nouns.organization, Noun::Is(Subject::Organization));
        self.add_noun_list(&nouns.thing, Noun::Is(Subject::Thing));
        self.roles.extend(nouns.roles.iter().map(|phrase| fuse(&segment(phrase))));
    }

    fn add_noun_list(&mut self, list: &[String], noun: Noun) {
        for phrase in list {
            let word = self.joined(phrase);
            self.nouns.insert(word, noun);
        }
    }

    /// A phrase as one word; from then on it is one wherever it occurs.
    pub fn joined(&mut self, phrase: &str) -> SmolStr {
        let words = segment(phrase);
        if words.len() > 1 {
            self.joins.insert(spaced(&words));
        }
        fuse(&words)
    }

    fn add_phrases(&mut self, category: Category, phrases: &Phrases) {
        type Slot = fn(&mut Entry) -> &mut Option<Category>;
        let lists: [(&[String], Slot); 5] = [
            (&phrases.always, |entry| &mut entry.always),
            (&phrases.usually, |entry| &mut entry.usually),
            (&phrases.payload, |entry| &mut entry.payload),
            (&phrases.of_person, |entry| &mut entry.of_person),
            (&phrases.of_organization, |entry| &mut entry.of_organization),
        ];
        for (list, slot) in lists {
            for phrase in list {
                *slot(self.entries.entry(fuse(&segment(phrase))).or_default()) = Some(category);
            }
        }
    }

    fn add_compound(&mut self, compound: &Compound) {
        for of in &compound.of {
            for head in &compound.heads {
                let (of, head) = (fuse(&segment(of)), fuse(&segment(head)));
                let entry = Entry { always: compound.category, ..Entry::default() };
                self.entries.entry(format!("{of}{head}").into()).or_insert_with(|| entry.clone());
                self.entries.insert(format!("{of}.{head}").into(), entry);
            }
        }
    }

    /// The words of a name, with those joined that belong together.
    pub fn words(&self, name: &str) -> Vec<SmolStr> {
        let words = segment(name);
        let mut joined = Vec::with_capacity(words.len());
        let mut rest = words.as_slice();
        while let Some(first) = rest.first() {
            let length = (2..=rest.len().min(3)).rev().find(|&n| self.joins.contains(&spaced(&rest[..n])));
            joined.push(length.map_or_else(|| first.clone(), |n| fuse(&rest[..n])));
            rest = &rest[length.unwrap_or(1)..];
        }
        joined
    }

    /// What the words of a key tell, said of `receivers` (outermost first) that stand in `context`.
    pub fn tells(&self, receivers: &[Vec<SmolStr>], key: &[SmolStr], context: Subject, usage: Use) -> Option<Category> {
        let receivers: Vec<&[SmolStr]> = receivers.iter().map(|words| self.noun_phrase(words)).collect();
        let nearest = receivers.last().copied().unwrap_or_default();
        if nearest.last().is_some_and(|word| self.labels.contains(word)) {
            return None;
        }
        let (entry, modifiers) = self.look_up(nearest, key)?;
        let mut chain = receivers;
        chain.push(&modifiers);
        entry.tells(self.subject_of(&chain, context), usage)
    }

    /// The entry of the longest phrase that ends a key, and the words before it.
    fn look_up(&self, receiver: &[SmolStr], key: &[SmolStr]) -> Option<(Entry, Vec<SmolStr>)> {
        let mut key = key;
        let mut head = self.noun_phrase(key);
        loop {
            // A phrase may hold a preposition itself (`dateOfBirth`), but must not stand behind one (`userByEmail`).
            let before = if key.starts_with(head) { head.len() } else { key.len() - head.len() };
            let whole = self.tail(receiver, key, before);
            if let Some(found) = whole.or_else(|| self.tail(receiver, head, head.len())) {
                return Some(found);
            }
            let (last, before) = head.split_last()?;
            let trailing = self.suffixes.contains(last) || last.chars().all(char::is_numeric);
            if before.is_empty() || !trailing {
                return self.split_fused(key.last()?);
            }
            (key, head) = (before, before);
        }
    }

    /// The entry of the longest phrase that ends `key` and starts before the word `limit`.
    fn tail(&self, receiver: &[SmolStr], key: &[SmolStr], limit: usize) -> Option<(Entry, Vec<SmolStr>)> {
        if let Some(entry) = self.spanning(receiver, key) {
            return Some((entry.clone(), Vec::new()));
        }
        let longest = key.len().saturating_sub(LONGEST_PHRASE);
        (longest..limit).find_map(|start| {
            let entry = self.entry(&fuse(&key[start..]), &key[key.len() - 1])?;
            Some((entry.clone(), key[..start].to_vec()))
        })
    }

    /// A compound over the last dot: `card.number`.
    fn spanning(&self, receiver: &[SmolStr], key: &[SmolStr]) -> Option<&Entry> {
        let key = (!key.is_empty()).then(|| fuse(key))?;
        (1..=receiver.len().min(2)).rev().find_map(|n| {
            let of = fuse(&receiver[receiver.len() - n..]);
            let one = self.singular_of(&of).map(|of| format!("{of}.{key}"));
            self.entries.get(format!("{of}.{key}").as_str()).or_else(|| self.entries.get(one?.as_str()))
        })
    }

    fn entry(&self, phrase: &str, last: &SmolStr) -> Option<&Entry> {
        self.entries.get(phrase).or_else(|| {
            let one = self.singular_of(last)?;
            let stem = phrase.strip_suffix(last.as_str())?;
            self.entries.get(format!("{stem}{one}").as_str())
        })
    }

    fn singular_of(&self, word: &str) -> Option<SmolStr> {
        if self.singular.contains(word) { None } else { singular(word) }
    }

    /// `orgname` and `userid`: a noun and a head that were written as one word.
    fn split_fused(&self, word: &SmolStr) -> Option<(Entry, Vec<SmolStr>)> {
        let known = |noun: &str| matches!(self.nouns.get(noun), Some(Noun::Is(_) | Noun::PersonUnless));
        word.char_indices().skip(2).find_map(|(at, _)| {
            let (noun, head) = word.split_at(at);
            let entry = self.entries.get(head).filter(|_| known(noun))?;
            Some((entry.clone(), vec![SmolStr::from(noun)]))
        })
    }

    /// The words up to the first preposition: `userById` is a user. A leading preposition is dropped.
    fn noun_phrase<'a>(&self, words: &'a [SmolStr]) -> &'a [SmolStr] {
        let is_preposition = |word: &&SmolStr| self.prepositions.contains(*word);
        let leading = words.iter().take_while(is_preposition).count();
        let words = if leading < words.len() { &words[leading..] } else { words };
        let end = words.iter().position(|word| is_preposition(&word)).filter(|&at| at > 0);
        &words[..end.unwrap_or(words.len())]
    }

    /// Whether a name begins with a preposition (`byEmail`).
    pub fn is_preposition(&self, word: &str) -> bool {
        self.prepositions.contains(word)
    }

    /// What a chain of names is about: the nearest noun decides, `context` is what stands around it.
    pub fn subject(&self, chain: &[Vec<SmolStr>], context: Subject) -> Subject {
        let phrases: Vec<&[SmolStr]> = chain.iter().map(|words| self.noun_phrase(words)).collect();
        self.subject_of(&phrases, context)
    }

    fn subject_of(&self, chain: &[&[SmolStr]], context: Subject) -> Subject {
        let mut fallback = None;
        for name in chain.iter().rev() {
            // `x.profile` is a person's, `inferenceProfile` is whatever the unknown word says.
            let mut within = None;
            for word in name.iter().rev() {
                match self.noun(word) {
                    Some(Noun::Is(subject)) => return subject,
                    Some(Noun::PersonUnless) => within = Some(Subject::Person),
                    Some(Noun::Transparent) => {}
                    None if within.is_some() => return Subject::Unknown,
                    None => return fallback.unwrap_or(Subject::Unknown),
                }
            }
            fallback = within.or(fallback);
        }
        match context {
            Subject::Unknown => fallback.unwrap_or(Subject::Unknown),
            known => known,
        }
    }

    fn noun(&self, word: &SmolStr) -> Option<Noun> {
        let known = |word: &str| self.nouns.get(word).copied();
        known(word).or_else(|| known(&self.singular_of(word)?)).or_else(|| {
            let digits = word.chars().all(char::is_numeric);
            digits.then_some(Noun::Transparent)
        })
    }

    /// Whether a name ends like that of a whole record: in a noun for a person, or in `data`, `info` and the like.
    pub fn ends_whole(&self, words: &[SmolStr]) -> bool {
        let head = self.noun_phrase(words);
        let Some(last) = head.last() else { return false };
        let person = matches!(self.noun(last), Some(Noun::Is(Subject::Person) | Noun::PersonUnless));
        (person || self.whole.contains(last) || last.chars().all(char::is_numeric)) && !self.has_phrase(head)
    }

    fn has_phrase(&self, words: &[SmolStr]) -> bool {
        self.tail(&[], words, words.len()).is_some()
    }

    /// Whether a whole name is a phrase that tells something (`resetToken`, though it starts like an action).
    pub fn is_phrase(&self, words: &[SmolStr]) -> bool {
        words.last().is_some_and(|last| self.entry(&fuse(words), last).is_some())
    }

    /// Whether the last word of a name is of this set, in the singular.
    pub fn ends_in(&self, words: &[SmolStr], set: &Set) -> bool {
        words
            .last()
            .is_some_and(|word| set.contains(word) || self.singular_of(word).is_some_and(|one| set.contains(&one)))
    }
}

fn fuse(words: &[SmolStr]) -> SmolStr {
    words.concat().into()
}

fn spaced(words: &[SmolStr]) -> SmolStr {
    words.join(" ").into()
}
