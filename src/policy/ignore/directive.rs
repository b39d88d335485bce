//! `overshare-ignore` as it is typed in a comment.
//!
//! ```text
//! overshare-ignore[-next-line | -file | -start | -end] RULE[(VENDOR, …)], … [until=DATE] -- REASON [until=DATE]
//! ```

use std::ops::Range;

use jiff::civil::Date;

use crate::{base::similar, policy::config::day};

/// What every directive starts with.
pub const WORD: &str = "overshare-ignore";

/// Which part of the file a directive is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What it stands behind; what follows, if it has a line of its own.
    Here,
    /// What follows.
    Next,
    /// The whole file.
    File,
    /// Everything up to the end that belongs to it.
    Start,
    /// The end of what the last start began.
    End,
}

const SCOPES: [(&str, Scope); 5] = [
    (WORD, Scope::Here),
    ("overshare-ignore-next-line", Scope::Next),
    ("overshare-ignore-file", Scope::File),
    ("overshare-ignore-start", Scope::Start),
    ("overshare-ignore-end", Scope::End),
];

/// Findings that a directive names: `leak/email(mixpanel)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// A rule id, or `leak/*`, or a group such as `leak/direct`.
    pub rule: String,
    /// Vendor ids; any vendor, if empty.
    pub vendors: Vec<String>,
}

/// A directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Where.
    pub scope: Scope,
    /// What.
    pub targets: Vec<Target>,
    /// Where the targets stand in the comment, in bytes.
    pub list: Range<usize>,
    /// Why; empty if it does not say.
    pub reason: String,
    /// The last day on which it hides something.
    pub until: Option<Date>,
}

/// What is wrong with a directive, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed(pub String);

/// Reads a comment, delimiters and all; `None` if it is no directive.
pub fn parse(comment: &str) -> Option<Result<Directive, Malformed>> {
    let mut text = Cursor::inside(comment);
    text.blanks();
    text.rest().starts_with(WORD).then(|| directive(&mut text))
}

fn directive(text: &mut Cursor<'_>) -> Result<Directive, Malformed> {
    let scope = scope(text.word(|c| c.is_ascii_alphanumeric() || c == '-'))?;
    text.blanks();
    let (mut targets, mut list) = (Vec::new(), text.at..text.at);
    let mut until = None;
    while !text.rest().is_empty() && !text.rest().starts_with("--") {
        if let Some(date) = text.rest().strip_prefix(UNTIL) {
            let word = date.split_whitespace().next().unwrap_or_default();
            until = Some(date_of(word)?);
            text.at += UNTIL.len() + word.len();
            text.blanks();
            continue;
        }
        targets.push(target(text)?);
        list.end = text.at;
        text.blanks();
        let comma = text.take(',');
        text.blanks();
        let ends = text.rest().is_empty() || text.rest().starts_with("--") || text.rest().starts_with(UNTIL);
        if comma == ends {
            return Err(expected(text, if comma { "a rule after the comma" } else { "`, ` or `-- why`" }));
        }
    }
    let reason = reason(text.rest().trim_start_matches('-'), &mut until)?;
    if targets.is_empty() && scope != Scope::End {
        let help = "name rules, for example `leak/email`, `leak/email(VENDOR)` or `leak/*`";
        return Err(Malformed(format!("it does not say what it hides: {help}")));
    }
    Ok(Directive { scope, targets, list, reason, until })
}

const UNTIL: &str = "until=";

fn scope(word: &str) -> Result<Scope, Malformed> {
    if let Some((_, scope)) = SCOPES.iter().find(|(name, _)| *name == word) {
        return Ok(*scope);
    }
    let near = similar(word, SCOPES.map(|(name, _)| name));
    let help = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
    Err(Malformed(format!("there is no `{word}`{help}")))
}

fn target(text: &mut Cursor<'_>) -> Result<Target, Malformed> {
    let rule = text.word(|c| c.is_ascii_alphanumeric() || "/*-_".contains(c)).to_owned();
    if rule.is_empty() {
        return Err(expected(text, "a rule such as `leak/email`"));
    }
    let mut vendors = Vec::new();
    if text.take('(') {
        loop {
            text.blanks();
            let vendor = text.word(|c| c.is_alphanumeric() || "-_.@/".contains(c)).to_owned();
            if vendor.is_empty() {
                return Err(expected(text, "a vendor in the parentheses"));
            }
            vendors.push(vendor);
            text.blanks();
            if text.take(')') {
                break;
            }
            if !text.take(',') {
                return Err(expected(text, "`,` or `)` after a vendor"));
            }
        }
    }
    Ok(Target { rule, vendors })
}

/// The reason, with blanks folded; a date in it is no part of it.
fn reason(text: &str, until: &mut Option<Date>) -> Result<String, Malformed> {
    let mut words = Vec::new();
    for line in text.lines() {
        for word in line.trim_start().trim_start_matches('*').split_whitespace() {
            match word.strip_prefix(UNTIL) {
                Some(date) => *until = Some(date_of(date)?),
                None => words.push(word),
            }
        }
    }
    Ok(words.join(" "))
}

fn date_of(text: &str) -> Result<Date, Malformed> {
    let text = text.trim_end_matches(['.', ',', ';', ')']);
    day(text).ok_or_else(|| Malformed(format!("`{text}` is no date: write it as until=2027-01-31")))
}

fn expected(text: &Cursor<'_>, what: &str) -> Malformed {
    let found: String = text.rest().chars().take_while(|c| !c.is_whitespace()).take(24).collect();
    let found = if found.is_empty() { "it ends".to_owned() } else { format!("`{found}` is found") };
    Malformed(format!("{what} is expected, and {found}"))
}

/// The text of a comment, read from left to right.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn inside(comment: &'t str) -> Self {
        let ends = [("<!--", "-->"), ("/*", "*/"), ("//", "")];
        let (open, close) = ends.into_iter().find(|(open, _)| comment.starts_with(open)).unwrap_or_default();
        let text = comment.strip_suffix(close).unwrap_or(comment).trim_end();
        Self { text, at: open.len().min(text.len()) }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let word = &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn take(&mut self, letter: char) -> bool {
        let taken = self.rest().starts_with(letter);
        self.at += if taken { letter.len_utf8() } else { 0 };
        taken
    }

    /// Passes over white space and what decorates the start of a line in a comment.
    fn blanks(&mut self) {
        let mut fresh = self.text[..self.at].ends_with(['*', '/', '-']);
        while let Some(letter) = self.rest().chars().next() {
            fresh |= letter == '\n';
            let decorates = fresh && matches!(letter, '*' | '/' | '!');
            if !letter.is_whitespace() && !decorates {
                break;
            }
            self.at += letter.len_utf8();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directive in short: `scope target(vendor) until=… -- reason`, or what is wrong.
    fn told(comment: &str) -> String {
        match parse(comment) {
            None => "none".to_owned(),
            Some(Err(Malformed(message))) => format!("! {message}"),
            Some(Ok(it)) => {
                let target = |it: &Target| {
                    let vendors =
                        if it.vendors.is_empty() { String::new() } else { format!("({})", it.vendors.join(",")) };
                    format!(" {}{vendors}", it.rule)
                };
                let until = it.until.map(|date| format!(" until={date}")).unwrap_or_default();
                let targets: String = it.targets.iter().map(target).collect();
                let listed = &Cursor::inside(comment).text[it.list.clone()];
                assert_eq!(listed.is_empty(), it.targets.is_empty(), "{listed}");
                format!("{:?}{targets}{until} -- {}", it.scope, it.reason)
            }
        }
    }

    #[test]
    fn directives() {
        let check = |comment: &str, expect: &str| assert_eq!(told(comment), expect, "{comment}");
        check("// overshare-ignore leak/email -- support desk", "Here leak/email -- support desk");
        check("//overshare-ignore-next-line leak/email(acme) -- x", "Next leak/email(acme) -- x");
        check("/// overshare-ignore-file leak/* --x", "File leak/* -- x");
        check("/* overshare-ignore leak/email( a , b ),leak/name -- x */", "Here leak/email(a,b) leak/name -- x");
        check(
            "/**\n * overshare-ignore leak/email,\n *   leak/name\n * -- long\n *  reason\n */",
            "Here leak/email leak/name -- long reason",
        );
        check("<!-- overshare-ignore leak/email -- why -->", "Here leak/email -- why");
        check("// overshare-ignore leak/email -- why until=2027-01-31", "Here leak/email until=2027-01-31 -- why");
        check("// overshare-ignore leak/email until=2027-01-31 -- why", "Here leak/email until=2027-01-31 -- why");
        check("// overshare-ignore leak/email", "Here leak/email -- ");
        check("// overshare-ignore-end", "End -- ");
        check("// overshare-ignore-start vendor/denied(a-b) -- é", "Start vendor/denied(a-b) -- é");
        for other in ["// see overshare-ignore", "// ignore", "/**/", "<!-- -->", "//", "/*", "// \"overshare-ignore\""]
        {
            check(other, "none");
        }
    }

    #[test]
    fn mistakes_say_how_to_mend_them() {
        let check = |comment: &str, part: &str| {
            let told = told(comment);
            assert!(told.starts_with('!') && told.contains(part), "{comment}: {told}");
        };
        check("// overshare-ignore -- why", "it does not say what it hides");
        check("// overshare-ignore", "it does not say what it hides");
        check("// overshare-ignore-nextline leak/email -- x", "did you mean `overshare-ignore-next-line`?");
        check("// overshare-ignores leak/email -- x", "did you mean `overshare-ignore`?");
        check("// overshare-ignore leak/email(a -- x", "`,` or `)` after a vendor is expected, and `--` is found");
        check("// overshare-ignore leak/email() -- x", "a vendor in the parentheses");
        check("// overshare-ignore leak/email leak/name -- x", "`, ` or `-- why` is expected");
        check("// overshare-ignore leak/email, -- x", "a rule after the comma");
        check("// overshare-ignore leak/email because", "`because` is found");
        check("// overshare-ignore leak/email -- x until=soon", "`soon` is no date: write it as until=2027-01-31");
        check("// overshare-ignore leak/email until=2027-02-31 -- x", "`2027-02-31` is no date");
        check("// overshare-ignore: leak/email -- x", "a rule such as `leak/email` is expected");
    }
}
