//! A comment of a file, and what it stands at.

use crate::base::Span;

/// A comment, wherever it is written: in a script, in JSX or in markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The comment with its delimiters.
    pub span: Span,
    /// What is taken out with it: in JSX the braces too.
    pub whole: Span,
    /// What it stands behind or in, if it has no line of its own.
    pub here: Vec<Span>,
    /// What follows: the next statement, element, property or the like, without the bodies in it.
    pub next: Vec<Span>,
}

impl Comment {
    /// A comment that nothing follows so far. Behind other code it stands at its own line.
    #[must_use]
    pub fn new(text: &str, span: Span, whole: Span) -> Self {
        let before = text.get(..whole.start as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let here = if line.trim().is_empty() { Vec::new() } else { vec![whole] };
        Self { span, whole, here, next: Vec::new() }
    }
}
