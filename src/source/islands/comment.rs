//! Comments of the markup: `<!-- … -->`, and braces that hold nothing but a comment. Those inside of scripts are the
//! parser's.

use super::{
    astro,
    markup::{Markup, Node, Range},
    span,
};
use crate::source::{Comment, Host};

/// The comments of a host file's markup in which `word` occurs.
#[must_use]
pub fn comments(host: Host, text: &str, word: &str) -> Vec<Comment> {
    if u32::try_from(text.len()).is_err() {
        return Vec::new();
    }
    let start = if host == Host::Astro { astro::parts(text).1 } else { 0 };
    let mut found: Vec<Comment> = Vec::new();
    // The first of `found` that nothing has followed yet.
    let mut waiting = 0;
    for node in Markup::new(host, text, start) {
        let next = match node {
            Node::Comment(range) => {
                found.extend(comment(text, range, range, word));
                continue;
            }
            Node::Braces(range) if is_comment(range.of(text)) => {
                let inside = range.of(text);
                let from = range.start + (inside.len() - inside.trim_start().len());
                let whole = Range::new(range.start - 1, (range.end + 1).min(text.len()));
                found.extend(comment(text, Range::new(from, from + inside.trim().len()), whole, word));
                continue;
            }
            Node::Open(tag) => Some(tag.range()),
            Node::Braces(range) => Some(range),
            Node::Close(_) => None,
        };
        for comment in &mut found[waiting..] {
            comment.next.extend(next.map(span));
        }
        waiting = found.len();
    }
    found
}

fn comment(text: &str, range: Range, whole: Range, word: &str) -> Option<Comment> {
    range.of(text).contains(word).then(|| Comment::new(text, span(range), span(whole)))
}

/// Whether code is one comment and nothing else.
pub(super) fn is_comment(code: &str) -> bool {
    let code = code.trim();
    code.starts_with("/*") && code.find("*/") == code.len().checked_sub(2)
}
