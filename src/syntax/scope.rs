//! Declarations: which names a block or function brings into scope before its first statement runs.

use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    lower::{Lower, Scope, child_of_kind, children},
};

impl<'t> Lower<'t> {
    /// Runs `step` in a scope of its own.
    pub(super) fn scoped(&mut self, step: impl FnOnce(&mut Self)) {
        self.scopes.push(Scope::default());
        step(self);
        self.scopes.pop();
    }

    /// Declares every `var` of a function, wherever it stands in its body.
    pub(super) fn hoist_vars(&mut self, body: Node<'t>) {
        if !self.has_var {
            return;
        }
        let mut cursor = body.walk();
        let mut entered = cursor.goto_first_child();
        while entered {
            let node = cursor.node();
            if node.kind() == "variable_declaration" {
                self.declare_declarators(node);
            } else if node.kind() == "for_in_statement"
                && child_of_kind(node, "var").is_some()
                && let Some(left) = node.field(Field::Left)
            {
                self.declare_pattern(left);
            }
            entered = (!is_function_or_class(node) && cursor.goto_first_child()) || next_in_order(&mut cursor);
        }
    }

    /// Declares what the statements of a block bring into its scope, and makes its functions.
    pub(super) fn hoist_block(&mut self, statements: &[Node<'t>]) {
        for &statement in statements {
            self.declare_statement(declaration_of(statement));
        }
        for &statement in statements {
            let declaration = declaration_of(statement);
            if matches!(declaration.kind(), "function_declaration" | "generator_function_declaration") {
                self.hoist_function(declaration);
            }
        }
    }

    fn declare_statement(&mut self, node: Node<'t>) {
        match node.kind() {
            "lexical_declaration" => self.declare_declarators(node),
            "function_declaration"
            | "generator_function_declaration"
            | "class_declaration"
            | "abstract_class_declaration"
            | "enum_declaration" => {
                if let Some(name) = node.field(Field::Name) {
                    self.declare(self.text_of(name), name);
                }
            }
            "internal_module" | "module" => {
                if let Some(name) = node.field(Field::Name).filter(|name| name.kind() == "identifier") {
                    self.declare_once(self.text_of(name), name);
                }
            }
            "expression_statement" => {
                if let Some(inner) = node.named_child(0).filter(|inner| inner.kind() == "internal_module") {
                    self.declare_statement(inner);
                }
            }
            "import_statement" => self.declare_imports(node),
            _ => {}
        }
    }

    fn declare_declarators(&mut self, node: Node<'t>) {
        for declarator in children(node) {
            if let Some(name) = declarator.field(Field::Name) {
                self.declare_pattern(name);
            }
        }
    }

    /// Declares every name of a binding pattern.
    pub(super) fn declare_pattern(&mut self, pattern: Node<'t>) {
        for name in names_of(pattern) {
            self.declare_once(self.text_of(name), name);
        }
    }

    /// Declares a name unless this very scope has it (`var` twice, merged namespaces).
    pub(super) fn declare_once(&mut self, name: &str, node: Node<'_>) {
        let known = self.scopes.last().is_some_and(|scope| scope.names.contains_key(name));
        if !known {
            self.declare(name, node);
        }
    }
}

/// The declaration inside an `export`, or the statement itself.
pub(super) fn declaration_of(statement: Node<'_>) -> Node<'_> {
    if statement.kind() == "export_statement" {
        return statement.field(Field::Declaration).unwrap_or(statement);
    }
    statement
}

fn is_function_or_class(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "function_declaration"
            | "generator_function_declaration"
            | "function_expression"
            | "generator_function"
            | "arrow_function"
            | "method_definition"
            | "class_declaration"
            | "class"
    )
}

/// Moves to the next node in document order that is no descendant.
pub(super) fn next_in_order(cursor: &mut tree_sitter::TreeCursor<'_>) -> bool {
    loop {
        if cursor.goto_next_sibling() {
            return true;
        }
        if !cursor.goto_parent() || cursor.depth() == 0 {
            return false;
        }
    }
}

/// The identifiers that a binding pattern binds.
pub(super) fn names_of(pattern: Node<'_>) -> Vec<Node<'_>> {
    let mut names = Vec::new();
    let mut work = vec![pattern];
    while let Some(node) = work.pop() {
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => names.push(node),
            "object_pattern" | "array_pattern" | "rest_pattern" => work.extend(children(node).into_iter().rev()),
            "pair_pattern" => work.extend(node.field(Field::Value)),
            "assignment_pattern" | "object_assignment_pattern" => work.extend(node.field(Field::Left)),
            _ => {}
        }
    }
    names
}
