//! Literal values that code holds and a report must not: the one place where they are taken out.
//!
//! A report is mailed around, filed as evidence and shown to people who may not read the code. What code calls a value
//! belongs into it; what a literal says may be a key, a token or somebody's address. Names of events stay readable.

use super::model::{Finding, Report};

/// Stands for what was taken out.
const GONE: &str = "…";
/// Longer literals are taken out whole, in characters.
const MAX_LITERAL: usize = 32;
/// A word of this many characters that mixes letters and digits may be a key.
const MIN_KEY: usize = 12;
/// A run of this many digits may be a phone, card or account number.
const MIN_NUMBER: usize = 7;

/// `code` without the values of telling literals; addresses and numbers go wherever they stand.
#[must_use]
pub fn text(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(&words(&before[..at], is_personal));
        out.push_str(&before[at..]);
        let Some(end) = closing(after, &before[at..]) else {
            return out + &words(after, is_telling);
        };
        out.push_str(&literal(&after[..end], &before[at..]));
        out.push_str(&before[at..]);
        rest = &after[end + 1..];
    }
    out + &words(rest, is_personal)
}

/// Where a literal ends, as bytes before its closing quote.
fn closing(text: &str, quote: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if text[at..].starts_with(quote) => return Some(at),
            _ => {}
        }
    }
    None
}

fn literal(content: &str, quote: &str) -> String {
    let template = quote == "`" && content.contains("${");
    if !template && content.chars().count() > MAX_LITERAL {
        return GONE.to_owned();
    }
    words(content, is_telling)
}

/// Swaps the words that `bad` names; what stands between words stays.
fn words(text: &str, bad: fn(&str) -> bool) -> String {
    let edge = |letter: char| letter.is_whitespace() || "\"'`()[]{}<>,;=|&?".contains(letter);
    let parts = text.split_inclusive(edge).map(|part| {
        let word = part.trim_end_matches(edge);
        if bad(word) { format!("{GONE}{}", &part[word.len()..]) } else { part.to_owned() }
    });
    parts.collect()
}

fn is_personal(word: &str) -> bool {
    is_address(word) || is_number(word)
}

fn is_telling(word: &str) -> bool {
    is_personal(word) || is_key(word)
}

/// `jane@example.com`, but not `@scope/name`.
fn is_address(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else { return false };
    local.ends_with(|letter: char| letter.is_alphanumeric()) && domain.trim_end_matches('.').contains('.')
}

/// `+49 151 …` without its spaces, a card, an account; digits in a name (`sha256`) are none.
fn is_number(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    digits >= MIN_NUMBER && word.chars().all(|letter| letter.is_ascii_digit() || "+-_./:".contains(letter))
}

/// A token, a key, a hash: long, letters and digits mixed, no sentence and no path.
fn is_key(word: &str) -> bool {
    let has = |what: fn(&char) -> bool| word.chars().any(|letter| what(&letter));
    word.chars().count() >= MIN_KEY && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)
}

/// Redacts every piece of code that a report quotes.
pub fn report(report: &mut Report) {
    for finding in &mut report.findings {
        self::finding(finding);
    }
    for finding in report.gone.iter_mut().flat_map(|gone| &mut gone.findings) {
        self::finding(finding);
    }
    for end in &mut report.unfollowed {
        end.reason = text(&end.reason);
    }
}

fn finding(finding: &mut Finding) {
    finding.message = text(&finding.message);
    finding.origin.expression = text(&finding.origin.expression);
    finding.sink.call = text(&finding.sink.call);
    finding.sink.argument = text(&finding.sink.argument);
    for hop in &mut finding.path {
        hop.label = text(&hop.label);
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn telling_literals_are_taken_out() {
        let check = |code: &str, expect: &str| assert_eq!(text(code), expect);
        check("f('short', x)", "f('short', x)");
        check("f(\"0123456789012345678901234567890123456789\", x)", "f(\"…\", x)");
        check("init('0123456789abcdef0123456789abcdef')", "init('…')");
        check("track('Signed Up', { plan: 'pro' })", "track('Signed Up', { plan: 'pro' })");
        check("send('jane@example.com')", "send('…')");
        check("// ask jane@example.com, or <a>jane@example.com</a>", "// ask …, or <a>…</a>");
        check("import x from '@scope/name.js'", "import x from '@scope/name.js'");
        check("call(4915112345678, 42)", "call(…, 42)");
        check("x('+49151-1234567')", "x('…')");
        check("`${user.email} of sk_live_51Habcdef123`", "`${user.email} of …`");
        check("a('it\\'s', 'sk_live_51Habcdef123')", "a('it\\'s', '…')");
        check("it's user1234567.email", "it's …");
        check("hash(sha256OfEverything2, user.email)", "hash(sha256OfEverything2, user.email)");
    }
}
