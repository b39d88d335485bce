//! From text to facts: the only user of tree-sitter.
//!
//! One traversal per file. The tree lives as long as [`lower`] runs; what leaves is plain [`Facts`].

mod call;
mod class;
mod comment;
mod expression;
mod field;
mod function;
mod guard;
mod jsx;
mod lower;
mod module;
mod pattern;
mod scope;
mod statement;
mod types;

use tree_sitter::{Language as Grammar, Parser};

use crate::{
    facts::Facts,
    source::{Comment, Language},
};

/// A parser for one grammar, kept by a thread for many files.
pub struct Syntax {
    parser: Parser,
    /// Facts are made in memory that is there already; what leaves is as large as it must be.
    memory: Facts,
}

impl Default for Syntax {
    fn default() -> Self {
        Self::new()
    }
}

impl Syntax {
    /// A parser without a grammar yet.
    #[must_use]
    pub fn new() -> Self {
        Self { parser: Parser::new(), memory: Facts::default() }
    }

    /// Parses `text` and lowers it. `None` when the grammar is refused or the parser gives up.
    pub fn facts(&mut self, text: &str, language: Language) -> Option<Facts> {
        self.parser.set_language(&grammar(language)).ok()?;
        let tree = self.parser.parse(text, None)?;
        Some(lower::lower(text, &tree, &mut self.memory))
    }

    /// The comments in which `word` occurs, in the order of the text.
    pub fn comments(&mut self, text: &str, language: Language, word: &str) -> Vec<Comment> {
        let tree = self.parser.set_language(&grammar(language)).ok().and_then(|()| self.parser.parse(text, None));
        tree.map(|tree| comment::comments(text, &tree, word)).unwrap_or_default()
    }
}

fn grammar(language: Language) -> Grammar {
    match language {
        Language::JavaScript | Language::Jsx => tree_sitter_javascript::LANGUAGE.into(),
        Language::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        Language::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
    }
}
