//! From a name as it is spelt to the words that it is made of.

use smol_str::SmolStr;

/// Longest name that is read, in bytes. No author names a field at such length; generated keys can be as long as they
/// like.
const LONGEST_NAME: usize = 160;

/// What a character does to the word it stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lower,
    Upper,
    Digit,
    Separator,
}

fn kind(c: char) -> Kind {
    if c.is_uppercase() {
        Kind::Upper
    } else if c.is_alphabetic() {
        Kind::Lower
    } else if c.is_numeric() {
        Kind::Digit
    } else {
        Kind::Separator
    }
}

/// Splits at separators, at changes of case and between letters and digits; see [`super::Words::segment`].
pub fn segment(name: &str) -> Vec<SmolStr> {
    if name.len() > LONGEST_NAME {
        return Vec::new();
    }
    let chars: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        if starts_word(&chars, at) && !word.is_empty() {
            words.push(SmolStr::from(std::mem::take(&mut word)));
        }
        if kind(c) != Kind::Separator {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(SmolStr::from(word));
    }
    words
}

fn starts_word(chars: &[char], at: usize) -> bool {
    let here = kind(chars[at]);
    let Some(before) = at.checked_sub(1).map(|i| kind(chars[i])) else { return true };
    match (before, here) {
        (Kind::Upper, Kind::Lower) => false,
        (Kind::Upper, Kind::Upper) => ends_acronym(chars, at),
        (before, here) => before != here,
    }
}

/// Whether the capital at `at` begins a word after an acronym: the A of `IPAddress`, but not the D of `userIDs`.
fn ends_acronym(chars: &[char], at: usize) -> bool {
    let next = chars.get(at + 1);
    let is_lower = next.is_some_and(|&c| kind(c) == Kind::Lower);
    let plural = next == Some(&'s') && chars.get(at + 2).is_none_or(|&c| kind(c) != Kind::Lower);
    is_lower && !plural
}

/// The singular of an English noun, if it looks like a plural.
pub fn singular(word: &str) -> Option<SmolStr> {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return Some(format!("{stem}y").into());
    }
    let sibilant = ["sses", "xes", "ches", "shes"].iter().any(|end| word.ends_with(end));
    if sibilant {
        return word.strip_suffix("es").map(SmolStr::from);
    }
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 1)?;
    let plural = !stem.ends_with(['s', 'u', 'i']);
    plural.then(|| stem.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        let rows = [
            ("userEmail", "user email"),
            ("user_email", "user email"),
            ("user-email", "user email"),
            ("USER_EMAIL", "user email"),
            ("User Email", "user email"),
            ("$email", "email"),
            ("#client", "client"),
            ("IPAddress", "ip address"),
            ("userID", "user id"),
            ("userIDs", "user ids"),
            ("URLsToFetch", "urls to fetch"),
            ("sha256", "sha 256"),
            ("addressLine1", "address line 1"),
            ("x-forwarded-for", "x forwarded for"),
            ("Größe", "größe"),
            ("ÉtatCivil", "état civil"),
            ("HTMLElement", "html element"),
            ("", ""),
            ("___", ""),
        ];
        for (name, words) in rows {
            assert_eq!(segment(name).join(" "), words, "{name}");
        }
        assert!(segment(&"a".repeat(LONGEST_NAME + 1)).is_empty());
    }

    #[test]
    fn plurals_have_a_singular() {
        let rows = [
            ("users", Some("user")),
            ("companies", Some("company")),
            ("addresses", Some("address")),
            ("inboxes", Some("inbox")),
            ("status", None),
            ("address", None),
            ("basis", None),
            ("user", None),
        ];
        for (word, expected) in rows {
            assert_eq!(singular(word).as_deref(), expected, "{word}");
        }
    }
}
