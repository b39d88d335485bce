//! Literal values that code holds and a report must not: the one place where they are taken out.
//!
//! A report is mailed around, filed as evidence and shown to people who may not read the code. What code calls a value
//! belongs into it; what a literal says may be a key, a token or somebody's address. Names of events stay readable.

use super::model::{Finding, Report};

/// Stands for what was taken out.
const GONE: &str = "…";
/// Stands for each code point of what was taken out where columns must stay.
const MASK: &str = "•";
/// Longer literals are taken out whole, in characters.
const MAX_LITERAL: usize = 32;
/// A word of this many characters that mixes letters and digits may be a key.
const MIN_KEY: usize = 12;
/// A run of this many digits may be a phone, card or account number.
const MIN_NUMBER: usize = 7;
/// Hexadecimal digits of this length may be a key, even if all are letters.
const MIN_HEX: usize = 16;
/// Letters of one case and this length are no word.
const MIN_LETTERS: usize = 24;
/// Names end so whose value is a secret, whatever it looks like; case and underscores do not count.
const SECRETS: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "credential",
    "credentials",
    "apikey",
    "writekey",
    "accesskey",
    "privatekey",
    "secretkey",
];
/// Names whose value is a secret only if they stand alone.
const SHORT_SECRETS: [&str; 2] = ["pass", "pin"];

/// `code` without the values of telling literals and of those that a name calls a secret; addresses and numbers go
/// wherever they stand.
#[must_use]
pub fn text(code: &str) -> String {
    without(code, &|_| GONE.to_owned())
}

/// As [`text`], but with as many code points as `code`, so that columns keep their meaning.
#[must_use]
pub fn masked(code: &str) -> String {
    without(code, &|gone| MASK.repeat(gone.chars().count()))
}

fn without(code: &str, gone: &dyn Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    let mut key = "";
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let (before, after) = rest.split_at(at + 1);
        let (between, quote) = before.split_at(at);
        // An apostrophe in a comment is none that opens a literal.
        if between.contains("//") {
            break;
        }
        out.push_str(&words(between, is_personal, gone));
        out.push_str(quote);
        let Some(end) = closing(after, quote) else {
            return out + &words(after, is_telling, gone);
        };
        let content = &after[..end];
        let template = quote == "`" && content.contains("${");
        let secret = name_before(between, key).is_some_and(is_secret_name) || content.chars().count() > MAX_LITERAL;
        let whole = secret && !template && !content.is_empty();
        out.push_str(&if whole { gone(content) } else { words(content, is_telling, gone) });
        out.push_str(quote);
        key = content;
        rest = &after[end + 1..];
    }
    let (code, comment) = rest.split_at(rest.find("//").unwrap_or(rest.len()));
    out + &words(code, is_personal, gone) + &words(comment, is_telling, gone)
}

/// The name that a literal is the value of: what stands before `:` or `=`, as a name or as the literal before.
fn name_before<'a>(between: &'a str, literal: &'a str) -> Option<&'a str> {
    let name = between.trim_end().strip_suffix([':', '='])?.trim_end();
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    let own = &name[name.trim_end_matches(is_part).len()..];
    Some(if own.is_empty() { literal } else { own })
}

fn is_secret_name(name: &str) -> bool {
    let plain: String = name.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    SECRETS.iter().any(|secret| plain.ends_with(secret)) || SHORT_SECRETS.contains(&plain.as_str())
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

/// Swaps the words that `bad` names; what stands between words stays.
fn words(text: &str, bad: fn(&str) -> bool, gone: &dyn Fn(&str) -> String) -> String {
    let edge = |letter: char| letter.is_whitespace() || "\"'`()[]{}<>,;=|&?".contains(letter);
    let parts = text.split_inclusive(edge).map(|part| {
        let word = part.trim_end_matches(edge);
        if bad(word) { gone(word) + &part[word.len()..] } else { part.to_owned() }
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

/// A token, a key, a hash: long, letters and digits mixed, or letters that are no words.
fn is_key(word: &str) -> bool {
    let has = |what: fn(&char) -> bool| word.chars().any(|letter| what(&letter));
    let all = |what: fn(&char) -> bool| word.chars().all(|letter| what(&letter));
    let length = word.chars().count();
    length >= MIN_KEY && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)
        || length >= MIN_HEX && all(char::is_ascii_hexdigit)
        || length >= MIN_LETTERS && (all(char::is_ascii_lowercase) || all(char::is_ascii_uppercase))
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
    use super::{masked, text};

    #[test]
    fn a_mask_keeps_columns() {
        let check = |code: &str, expect: &str| {
            assert_eq!(masked(code), expect);
            assert_eq!(expect.chars().count(), code.chars().count());
        };
        check("send('jané@example.com', user.email)", "send('••••••••••••••••', user.email)");
        check("f({ password: 'hunter two' })", "f({ password: '••••••••••' })");
    }

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
        check("init('abcdefabcdefabcdefabcdef')", "init('…')");
        check("init('qwertyuiopasdfghjklzxcvbnm')", "init('…')");
        check("track('userSignedUpWithGoogleAccount')", "track('userSignedUpWithGoogleAccount')");
        check("f({ password: 'hunter two', plan: 'pro' })", "f({ password: '…', plan: 'pro' })");
        check("f({ \"api_key\": \"short\", \"key\": \"plan\" })", "f({ \"api_key\": \"…\", \"key\": \"plan\" })");
        check(
            "const authToken = `abc`; f({ mapping: 'x', pin: '1234' })",
            "const authToken = `…`; f({ mapping: 'x', pin: '…' })",
        );
        check("f({ token: `Bearer ${token}` })", "f({ token: `Bearer ${token}` })");
        check("f(user.email) // it's sk_live_51Habcdef123 of jane@example.com", "f(user.email) // it's … of …");
        check("f('https://example.org/a', user.email)", "f('https://example.org/a', user.email)");
        check("hash(sha256OfEverything2, user.email)", "hash(sha256OfEverything2, user.email)");
    }
}
