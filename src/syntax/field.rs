//! The named children of nodes.
//!
//! Tree-sitter finds the number of a field by comparing its name with those of all fields, each time it is asked. The
//! numbers of a grammar do not change, so they are looked up once.

use std::sync::LazyLock;

use tree_sitter::{Language as Grammar, Node};

use super::grammar;
use crate::source::Language;

macro_rules! fields {
    ($($field:ident $name:literal,)*) => {
        /// A role that a child has in its parent.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Field {
            $($field,)*
        }

        impl Field {
            /// The names in the grammars, in the order of the roles.
            const NAMES: &[&str] = &[$($name,)*];
        }
    };
}

fields! {
    Alias "alias",
    Alternative "alternative",
    Argument "argument",
    Arguments "arguments",
    Body "body",
    Condition "condition",
    Consequence "consequence",
    Constructor "constructor",
    Declaration "declaration",
    Finalizer "finalizer",
    Function "function",
    Handler "handler",
    Increment "increment",
    Index "index",
    Initializer "initializer",
    Key "key",
    Kind "kind",
    Label "label",
    Left "left",
    Name "name",
    Object "object",
    OpenTag "open_tag",
    Operator "operator",
    Parameter "parameter",
    Parameters "parameters",
    Pattern "pattern",
    Property "property",
    ReturnType "return_type",
    Right "right",
    Source "source",
    Type "type",
    TypeArguments "type_arguments",
    Value "value",
}

/// A grammar and the numbers that it gives to the fields; 0, which is no field's, to those that it has not.
type Numbers = (Grammar, Vec<u16>);

static GRAMMARS: LazyLock<[Numbers; 3]> = LazyLock::new(|| {
    [Language::TypeScript, Language::Tsx, Language::JavaScript].map(|language| {
        let grammar = grammar(language);
        let number = |name: &&str| grammar.field_id_for_name(name).map_or(0, Into::into);
        let numbers = Field::NAMES.iter().map(number).collect();
        (grammar, numbers)
    })
});

/// Asking a node for a child by its role.
pub(super) trait Fields: Sized {
    /// The child in this role.
    fn field(self, field: Field) -> Option<Self>;
}

impl Fields for Node<'_> {
    fn field(self, field: Field) -> Option<Self> {
        let own = self.language();
        let (_, numbers) = GRAMMARS.iter().find(|(grammar, _)| *grammar == *own)?;
        self.child_by_field_id(numbers[field as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_one_of_some_grammar() {
        for (index, name) in Field::NAMES.iter().enumerate() {
            assert!(GRAMMARS.iter().any(|(_, numbers)| numbers[index] != 0), "no grammar has a field `{name}`");
        }
    }
}
