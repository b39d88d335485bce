//! Statements: order, branches and loops.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    guard::{Condition, Known},
    lower::{Branch, ExitKind, Lower, child_of_kind, children},
};
use crate::{
    base::Key,
    facts::{Home, Literal, Thrown, Value, ValueId},
};

impl<'t> Lower<'t> {
    /// The statements of a block, in the scope at hand.
    pub(super) fn block(&mut self, node: Node<'t>) {
        let statements = children(node);
        self.hoist_block(&statements);
        for statement in statements {
            self.statement(statement, None);
        }
    }

    pub(super) fn statement(&mut self, node: Node<'t>, label: Option<SmolStr>) {
        self.nested(node, |lower| {
            lower.statement_here(node, label);
            ValueId(0)
        });
    }

    fn statement_here(&mut self, node: Node<'t>, label: Option<SmolStr>) {
        match node.kind() {
            "expression_statement" => self.expression_statement(node),
            "lexical_declaration" | "variable_declaration" => {
                children(node).into_iter().for_each(|declarator| self.declarator(declarator));
            }
            "statement_block" => self.plain_block(node, label),
            "if_statement" => self.if_statement(node),
            "return_statement" => self.return_statement(node),
            "throw_statement" => {
                for thrown in children(node) {
                    let value = self.expression(thrown);
                    self.may_throw(Thrown::Value(value));
                }
                self.frame().dead = true;
            }
            "break_statement" | "continue_statement" => {
                let label = node.field(Field::Label).map(|label| self.text_of(label));
                self.leave(label, node.kind() == "continue_statement");
            }
            "labeled_statement" => {
                let label = node.field(Field::Label).map(|label| SmolStr::new(self.text_of(label)));
                if let Some(body) = node.field(Field::Body) {
                    self.statement(body, label);
                }
            }
            _ => self.compound(node, label),
        }
    }

    fn compound(&mut self, node: Node<'t>, label: Option<SmolStr>) {
        match node.kind() {
            "for_statement" => self.scoped(|lower| lower.for_statement(node, label)),
            "for_in_statement" => self.scoped(|lower| lower.for_in(node, label)),
            "while_statement" | "do_statement" => self.while_statement(node, label),
            "switch_statement" => self.switch(node, label),
            "try_statement" => self.try_statement(node),
            "class_declaration" | "abstract_class_declaration" => self.class_declaration(node),
            "enum_declaration" => self.enumeration(node),
            "internal_module" | "module" => self.namespace(node),
            "import_statement" => self.import_statement(node),
            "export_statement" => self.export_statement(node),
            "interface_declaration" | "type_alias_declaration" => self.type_declaration(node),
            "function_declaration"
            | "generator_function_declaration"
            | "ambient_declaration"
            | "function_signature"
            | "import_alias"
            | "empty_statement"
            | "debugger_statement"
            | "comment"
            | "hash_bang_line" => {}
            "with_statement" | "ERROR" => children(node).into_iter().for_each(|child| self.statement(child, None)),
            _ => {
                self.expression(node);
            }
        }
    }

    fn expression_statement(&mut self, node: Node<'t>) {
        for child in children(node) {
            if child.kind() == "internal_module" {
                self.namespace(child);
            } else {
                self.expression(child);
            }
        }
    }

    fn plain_block(&mut self, node: Node<'t>, label: Option<SmolStr>) {
        if label.is_some() {
            self.exitable(ExitKind::Block, label, node, |lower| lower.scoped(|lower| lower.block(node)));
        } else {
            self.scoped(|lower| lower.block(node));
        }
    }

    fn declarator(&mut self, node: Node<'t>) {
        let Some(name) = node.field(Field::Name) else { return };
        let annotation = node.field(Field::Type).map(|annotation| self.type_ref(annotation));
        let annotation = annotation.and_then(|annotation| self.add_type(annotation));
        self.annotate(name, annotation);
        if let Some(value) = node.field(Field::Value) {
            let text = (name.kind() == "identifier").then(|| self.text_of(name));
            let value = self.named_value(value, text, Home::None);
            self.bind(name, value);
        }
    }

    fn if_statement(&mut self, node: Node<'t>) {
        let condition = node.field(Field::Condition).map(|condition| self.condition(condition));
        let known = condition.as_ref().and_then(|condition| self.known_truth(condition.value));
        let Condition { yes: if_so, no: if_not, .. } = condition.unwrap_or_default();
        let alternative = node.field(Field::Alternative).and_then(|clause| clause.named_child(0));
        let yes = self.way(node.field(Field::Consequence), known != Some(false), &if_so);
        let no = self.way(alternative, known != Some(true), &if_not);
        // `if (kind !== "sent") return;` is a test of all that comes after it.
        let after = match (yes.dead, no.dead) {
            (true, false) => if_not,
            (false, true) => if_so,
            _ => Vec::new(),
        };
        self.join(vec![yes, no], node);
        self.assume(&after);
    }

    fn branch_of(&mut self, statement: Option<Node<'t>>) -> Branch {
        self.way(statement, true, &[])
    }

    /// A branch, or one that a constant condition never takes.
    fn way(&mut self, statement: Option<Node<'t>>, open: bool, known: &[Known]) -> Branch {
        match statement {
            Some(statement) => self.branch(|lower| {
                lower.frame().dead = !open;
                lower.assume(known);
                lower.statement(statement, None);
            }),
            None => Branch { dead: !open, ..Self::unchanged() },
        }
    }

    /// Whether a condition is `true` or `false` as it is written.
    fn known_truth(&self, condition: ValueId) -> Option<bool> {
        match self.facts.value(condition) {
            Value::Literal(Literal::Boolean(truth)) => Some(*truth),
            _ => None,
        }
    }

    /// What leaves the innermost `try`, or else the function.
    pub(super) fn may_throw(&mut self, thrown: Thrown) {
        if let Some(body) = self.frame().tries.last_mut() {
            body.push(thrown);
        } else {
            let function = self.here();
            self.facts.functions[function.index()].throws.push(thrown);
        }
    }

    fn return_statement(&mut self, node: Node<'t>) {
        if let Some(&value) = children(node).first() {
            let value = self.expression(value);
            let function = self.here();
            self.facts.functions[function.index()].returns.push(value);
        }
        self.frame().dead = true;
    }

    fn for_statement(&mut self, node: Node<'t>, label: Option<SmolStr>) {
        if let Some(initializer) = node.field(Field::Initializer) {
            self.hoist_block(&[initializer]);
            self.statement(initializer, None);
        }
        self.exitable(ExitKind::Loop, label, node, |lower| {
            for field in [Field::Condition, Field::Body, Field::Increment] {
                if let Some(part) = node.field(field) {
                    lower.statement(part, None);
                }
            }
        });
    }

    fn for_in(&mut self, node: Node<'t>, label: Option<SmolStr>) {
        let (Some(left), Some(right)) = (node.field(Field::Left), node.field(Field::Right)) else {
            return;
        };
        let iterated = self.expression(right);
        let of = node.field(Field::Operator).is_some_and(|operator| operator.kind() == "of");
        if node.field(Field::Kind).is_some_and(|kind| kind.kind() != "var") {
            self.declare_pattern(left);
        }
        self.exitable(ExitKind::Loop, label, node, |lower| {
            let item = if of { lower.member(iterated, Key::Any, left) } else { lower.add(Value::Derived, left) };
            lower.bind(left, item);
            if let Some(body) = node.field(Field::Body) {
                lower.statement(body, None);
            }
        });
    }

    fn while_statement(&mut self, node: Node<'t>, label: Option<SmolStr>) {
        self.exitable(ExitKind::Loop, label, node, |lower| {
            for field in [Field::Condition, Field::Body] {
                if let Some(part) = node.field(field) {
                    lower.statement(part, None);
                }
            }
        });
    }

    fn switch(&mut self, node: Node<'t>, label: Option<SmolStr>) {
        let subject = node.field(Field::Value).map(|value| self.expression(value));
        let Some(body) = node.field(Field::Body) else { return };
        self.exitable(ExitKind::Switch, label, node, |lower| {
            lower.scoped(|lower| lower.cases(subject, &children(body), node));
        });
    }

    /// Each case starts from the switch's head or falls through from the case before.
    fn cases(&mut self, subject: Option<ValueId>, cases: &[Node<'t>], node: Node<'t>) {
        let bodies: Vec<Vec<Node<'t>>> = cases.iter().map(|case| case_body(*case)).collect();
        bodies.iter().for_each(|body| self.hoist_block(body));
        let mut before: Option<Branch> = None;
        let mut has_default = false;
        // The cases so far, and those of them by which control comes to the one at hand.
        let mut all: Vec<ValueId> = Vec::new();
        let mut ways_in: Option<Vec<ValueId>> = Some(Vec::new());
        for (case, body) in cases.iter().zip(&bodies) {
            has_default |= case.kind() == "switch_default";
            let known = match case.field(Field::Value) {
                Some(value) => {
                    let value = self.expression(value);
                    all.push(value);
                    if let Some(ways_in) = &mut ways_in {
                        ways_in.push(value);
                    }
                    subject.zip(ways_in.clone()).and_then(|(subject, ways)| self.known(subject, ways, true))
                }
                // What a default gets is none of the cases before it; there may be others after it.
                None if ways_in.take().is_some_and(|ways| ways.is_empty()) => {
                    subject.and_then(|subject| self.known(subject, all.clone(), false))
                }
                None => None,
            };
            let way = self.branch(|lower| {
                lower.assume(known.as_slice());
                if let Some(fallen) = before.take().filter(|before| !before.dead) {
                    lower.join(vec![fallen, Self::unchanged()], node);
                }
                body.iter().for_each(|statement| lower.statement(*statement, None));
            });
            if way.dead {
                ways_in = Some(Vec::new());
            }
            before = Some(way);
        }
        let mut ways: Vec<Branch> = before.into_iter().collect();
        if !has_default {
            ways.push(Self::unchanged());
        }
        self.join(ways, node);
    }

    fn try_statement(&mut self, node: Node<'t>) {
        self.frame().tries.push(Vec::new());
        let body = self.branch_of(node.field(Field::Body));
        let thrown_in_body = self.frame().tries.pop().unwrap_or_default();
        let handler = node.field(Field::Handler);
        if handler.is_none() {
            thrown_in_body.iter().for_each(|&thrown| self.may_throw(thrown));
        }
        let ways = match handler {
            Some(handler) => {
                let thrown = Branch { dead: false, ..body.clone() };
                let caught = self.branch(|lower| {
                    lower.join(vec![thrown, Self::unchanged()], handler);
                    lower.scoped(|lower| lower.catch(handler, thrown_in_body));
                });
                vec![body, caught]
            }
            None => vec![body],
        };
        self.join(ways, node);
        let finalizer = node.field(Field::Finalizer).and_then(|clause| child_of_kind(clause, "statement_block"));
        if let Some(finalizer) = finalizer {
            let was_dead = std::mem::replace(&mut self.frame().dead, false);
            self.statement(finalizer, None);
            self.frame().dead |= was_dead;
        }
    }

    fn catch(&mut self, handler: Node<'t>, thrown: Vec<Thrown>) {
        if let Some(parameter) = handler.field(Field::Parameter) {
            self.declare_pattern(parameter);
            let caught = self.add(Value::Caught(thrown.into()), parameter);
            self.bind(parameter, caught);
        }
        if let Some(body) = handler.field(Field::Body) {
            self.block(body);
        }
    }
}

fn case_body(case: Node<'_>) -> Vec<Node<'_>> {
    let value = case.field(Field::Value);
    children(case).into_iter().filter(|child| Some(*child) != value).collect()
}
