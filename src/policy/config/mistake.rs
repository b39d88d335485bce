//! What is wrong in a policy file, where, and what was probably meant.

use std::ops::Range;

use toml::Spanned;

use super::File;
use crate::base::similar;

/// A mistake in a policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub help: Option<String>,
}

impl Mistake {
    /// A mistake without a guess.
    #[must_use]
    pub fn new(span: Range<usize>, message: String) -> Self {
        Self { span, message, help: None }
    }

    /// A name that does not exist.
    #[must_use]
    pub fn unknown(what: &str, name: &Spanned<String>, known: &[&str]) -> Self {
        let message = format!("there is no {what} `{}`", name.get_ref());
        let near = similar(name.get_ref(), known.iter().copied());
        let help = near.map(|near| format!("did you mean `{near}`?"));
        Self { span: name.span(), message, help }
    }

    /// What the parser complains of.
    fn of(error: &toml::de::Error, text: &str) -> Self {
        let message = error.message().trim().to_owned();
        let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let near = quoted.split_first().filter(|_| message.starts_with("unknown "));
        let near = near.and_then(|(wrong, known)| similar(wrong, known.iter().copied()));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        let span = error.span().unwrap_or(0..0);
        let mut span = span.start.min(text.len())..span.end.min(text.len());
        // Of a list, the item that is wrong.
        let item = quoted.first().map(|wrong| format!("\"{wrong}\""));
        if let Some((item, at)) = item.and_then(|item| Some((item.len(), text.get(span.clone())?.find(&item)?))) {
            span = span.start + at..span.start + at + item;
        }
        Self { span, message, help }
    }
}

impl File {
    /// Reads the text of a policy file.
    ///
    /// # Errors
    /// When it is not TOML, or something in it is not known.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        toml::from_str(text).map_err(|error| Mistake::of(&error, text))
    }
}
