//! Functions: parameters, bodies and what they return.

use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    lower::{Frame, Lower, children, span},
};
use crate::{
    base::Span,
    facts::{Function, FunctionId, Home, Parameter, Value, ValueId},
};

impl<'t> Lower<'t> {
    /// A function declaration: its variable holds the function from the start of the block.
    pub(super) fn hoist_function(&mut self, node: Node<'t>) {
        let Some(name) = node.field(Field::Name) else { return };
        let name = self.text_of(name);
        let value = self.function_value(node, Some(name), Home::None);
        if let Some(variable) = self.lookup(name) {
            self.write(variable, value);
        }
    }

    /// Lowers a function, method or arrow and gives the value that stands for it.
    pub(super) fn function_value(&mut self, node: Node<'t>, name: Option<&str>, home: Home) -> ValueId {
        self.nested(node, |lower| {
            let function = lower.function(node, name, home);
            lower.add(Value::Function(function), node)
        })
    }

    fn function(&mut self, node: Node<'t>, name: Option<&str>, home: Home) -> FunctionId {
        let id = FunctionId(u32::try_from(self.facts.functions.len()).unwrap_or(u32::MAX));
        let own_name = node.field(Field::Name);
        let arrow = node.kind() == "arrow_function";
        let parent = self.here();
        let this = if arrow { self.frame().this } else { id };
        self.facts.functions.push(Function {
            name: name.or_else(|| own_name.map(|name| self.text_of(name))).map(Into::into),
            span: span(node),
            name_span: own_name.map_or_else(|| head(span(node)), span),
            parent: Some(parent),
            home,
            arrow,
            parameters: Vec::new(),
            returns: Vec::new(),
            throws: Vec::new(),
            yields: Vec::new(),
            sets: None,
            result: None,
        });
        self.frames.push(Frame::new(id, this));
        let guard = self.guard;
        self.scoped(|lower| lower.function_body(node, own_name));
        self.guard = guard;
        self.frames.pop();
        id
    }

    fn function_body(&mut self, node: Node<'t>, own_name: Option<Node<'t>>) {
        let id = self.here();
        if let (Some(name), "function_expression") = (own_name, node.kind()) {
            let variable = self.declare(self.text_of(name), name);
            let value = self.add(Value::Function(id), name);
            self.write(variable, value);
        }
        let result = node.field(Field::ReturnType).map(|annotation| self.type_ref(annotation));
        self.facts.functions[id.index()].result = result.and_then(|annotation| self.add_type(annotation));
        self.parameters(node);
        let Some(body) = node.field(Field::Body) else { return };
        if body.kind() == "statement_block" {
            self.hoist_vars(body);
            self.scoped(|lower| lower.block(body));
        } else {
            let value = self.expression(body);
            self.facts.functions[id.index()].returns.push(value);
        }
    }

    fn parameters(&mut self, node: Node<'t>) {
        let list = match node.field(Field::Parameters) {
            Some(parameters) => children(parameters),
            None => node.field(Field::Parameter).into_iter().collect(),
        };
        for (index, parameter) in list.into_iter().filter(|parameter| !is_this(*parameter)).enumerate() {
            self.parameter(parameter, u32::try_from(index).unwrap_or(u32::MAX));
        }
    }

    fn parameter(&mut self, node: Node<'t>, index: u32) {
        let function = self.here();
        let annotation = node.field(Field::Type).map(|annotation| self.type_ref(annotation));
        let annotation = annotation.and_then(|annotation| self.add_type(annotation));
        let pattern = node.field(Field::Pattern).unwrap_or(node);
        let rest = pattern.kind() == "rest_pattern";
        let inner = if rest { pattern.named_child(0).unwrap_or(pattern) } else { pattern };
        let named = if inner.kind() == "assignment_pattern" { inner.field(Field::Left) } else { Some(inner) };
        let name = named.filter(|named| named.kind() == "identifier").map(|named| self.text_of(named).into());
        let value = self.add(Value::Parameter { function, index }, named.unwrap_or(inner));
        let parameter = Parameter { name, span: span(node), rest, annotation, value };
        self.facts.functions[function.index()].parameters.push(parameter);
        self.declare_pattern(inner);
        let bound = self.with_default(node.field(Field::Value), value, node);
        self.bind(inner, bound);
        if let Some(named) = named {
            self.annotate(named, annotation);
        }
    }
}

/// TypeScript's `this` parameter is no parameter.
fn is_this(parameter: Node<'_>) -> bool {
    parameter.field(Field::Pattern).is_some_and(|pattern| pattern.kind() == "this")
}

fn head(span: Span) -> Span {
    Span::new(span.start, (span.start + 1).min(span.end))
}
