//! What is picked by a string: a field of a page by a selector, a place in a store by its key.

use super::{Basis, Evidence, FieldRead, Hint, Node, Search, prefer};
use crate::{base::Category, catalog::words::Subject, trace::step::Hop};

/// Attributes of a field that say what is typed into it, the most telling first.
const ATTRIBUTES: &[&str] = &["name", "id", "autocomplete", "formcontrolname", "type"];

impl Search<'_, '_> {
    /// The string by which something is picked names what it holds: `$("#email").val()`.
    pub(super) fn learn_picked(&mut self, index: u32, mut evidence: Evidence) -> Option<Evidence> {
        let Node { state, hop, apex, .. } = &self.nodes[index as usize];
        let (state, apex, through) = (*state, *apex, if let Hop::Library(call) = hop { Some(*call) } else { None });
        let picked = self.within_fuel(|search| search.stepper.picked_by(state.at));
        let telling: Vec<&str> = picked.iter().flat_map(|text| names(text)).collect();
        if telling.is_empty() {
            return Some(evidence);
        }
        if !self.is_held(state) {
            let told = telling.iter().fold(evidence, |evidence, name| self.learn_receiver(state, evidence, name));
            return Some(told);
        }
        let words = self.world().words;
        if telling.iter().any(|name| words.names_boolean(name) || words.names_pseudonym(name)) {
            return None;
        }
        let at = evidence.read.map_or_else(|| through.unwrap_or(state.at), |read| read.at);
        if let Some(category) = telling.iter().find_map(|name| words.field(name, Subject::Unknown)) {
            let category = prefer(evidence.hint, category);
            evidence.hint = Some(Hint { category, basis: Basis::Name, at: Some(at) });
        } else if evidence.bag && Self::person_fits(evidence) && telling.iter().any(|name| words.names_person(name)) {
            let hint = Hint { category: Category::PersonObject, basis: Basis::Name, at: Some(at) };
            evidence.hint = Some(hint);
        } else {
            return Some(evidence);
        }
        // The field was read, whatever it is a part of.
        evidence.read = evidence.read.or(Some(FieldRead { at, category: None, of_thing: false, apex }));
        Some(evidence)
    }
}

/// The names by which a string picks something: those of the last element of a selector, or the string itself.
#[must_use]
pub fn names(text: &str) -> Vec<&str> {
    if text.contains(['<', '/']) && !text.contains('[') {
        return Vec::new();
    }
    let element = last_element(text);
    let attributes: Vec<(&str, &str)> = element.split('[').skip(1).filter_map(attribute).collect();
    let of = |wanted: &&str| attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, it)| *it);
    let mut found: Vec<&str> = ATTRIBUTES.iter().filter_map(of).collect();
    let plain = element.split('[').next().unwrap_or_default();
    let marked = plain.split_once(['#', '.']).map(|(_, marked)| marked);
    match marked {
        Some(marked) => {
            let marked = marked.split(':').next().unwrap_or_default();
            found.extend(marked.split(['#', '.']).filter(|name| !name.is_empty()));
        }
        // A plain word is a key or an id; before attributes it is the element's kind.
        None if !element.contains('[') && !plain.is_empty() => found.push(plain),
        None => {}
    }
    found
}

/// What stands behind the last space or combinator outside of brackets.
fn last_element(text: &str) -> &str {
    let mut depth = 0_usize;
    let mut start = 0;
    let text = text.trim();
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ' ' | '>' | '+' | '~' | ',' if depth == 0 => start = at + 1,
            _ => {}
        }
    }
    &text[start..]
}

/// `name="email"]…`
fn attribute(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once(']')?.0.split_once('=')?;
    let name = name.trim().trim_end_matches(['^', '$', '*', '~', '|']);
    Some((name, value.trim().trim_matches(['"', '\''])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_selectors_pick() {
        let cases: &[(&str, &[&str])] = &[
            ("email", &["email"]),
            ("user_id", &["user_id"]),
            ("user:theme", &["user:theme"]),
            ("#email", &["email"]),
            ("form #signup > input.user-email", &["user-email"]),
            ("input[name=\"email\"]", &["email"]),
            ("input[name=gender]:checked", &["gender"]),
            ("[name='address[city]'] input[type=tel]", &["tel"]),
            ("#phone:visible", &["phone"]),
            ("<input name=\"email\">", &[]),
            ("https://acme.example/email", &[]),
            ("input[required]", &[]),
            ("", &[]),
        ];
        for (text, expect) in cases {
            assert_eq!(names(text), *expect, "{text}");
        }
    }
}
