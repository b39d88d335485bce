//! Binding and assignment patterns: `const { a: { b = 1 }, ...rest } = value`.

use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    lower::{Lower, children, span},
};
use crate::{
    base::Key,
    facts::{TypeId, Value, ValueId},
};

impl<'t> Lower<'t> {
    /// Binds a pattern to a value: each name of it to the part that it takes.
    pub(super) fn bind(&mut self, pattern: Node<'t>, value: ValueId) {
        let mut work = vec![(pattern, value)];
        while let Some((node, value)) = work.pop() {
            match node.kind() {
                "identifier" | "shorthand_property_identifier_pattern" => self.bind_name(node, value),
                "object_pattern" => self.bind_object(node, value, &mut work),
                "array_pattern" => self.bind_array(node, value, &mut work),
                "assignment_pattern" | "object_assignment_pattern" => {
                    let Some(left) = node.field(Field::Left) else { continue };
                    let value = self.with_default(node.field(Field::Right), value, node);
                    work.push((left, value));
                }
                "rest_pattern" => work.extend(node.named_child(0).map(|inner| (inner, value))),
                "non_null_expression" | "as_expression" | "parenthesized_expression" => {
                    work.extend(node.named_child(0).map(|inner| (inner, value)));
                }
                "member_expression" | "subscript_expression" => self.store(node, value),
                _ => {}
            }
        }
    }

    fn bind_name(&mut self, node: Node<'t>, value: ValueId) {
        match self.lookup(self.text_of(node)) {
            Some(variable) => {
                self.write(variable, value);
                if self.facts.variable(variable).global {
                    self.store_global(node, value);
                }
            }
            None => self.store_global(node, value),
        }
    }

    /// `value`, or the default where it is undefined.
    pub(super) fn with_default(&mut self, default: Option<Node<'t>>, value: ValueId, node: Node<'t>) -> ValueId {
        let Some(default) = default else { return value };
        let default = self.expression(default);
        self.choice(vec![value, default], node)
    }

    fn bind_object(&mut self, node: Node<'t>, value: ValueId, work: &mut Vec<(Node<'t>, ValueId)>) {
        let mut taken = Vec::new();
        for child in children(node) {
            match child.kind() {
                "shorthand_property_identifier_pattern" => {
                    let key = Key::name(self.text_of(child));
                    taken.push(key.clone());
                    let part = self.member(value, key, child);
                    work.push((child, part));
                }
                "object_assignment_pattern" => {
                    let Some(left) = child.field(Field::Left) else { continue };
                    let key = Key::name(self.text_of(left));
                    taken.push(key.clone());
                    let part = self.member(value, key, left);
                    work.push((child, part));
                }
                "pair_pattern" => {
                    let (Some(key), Some(inner)) = (child.field(Field::Key), child.field(Field::Value)) else {
                        continue;
                    };
                    let (key_name, computed) = self.key(key);
                    taken.push(key_name.clone());
                    let part = self.add(Value::Member { base: value, key: key_name, computed }, key);
                    work.push((inner, part));
                }
                "rest_pattern" => {
                    let without = taken.clone().into_boxed_slice();
                    let rest = self.add(Value::Rest { base: value, without }, child);
                    work.push((child, rest));
                }
                _ => {}
            }
        }
    }

    fn bind_array(&mut self, node: Node<'t>, value: ValueId, work: &mut Vec<(Node<'t>, ValueId)>) {
        let mut index = 0;
        let mut cursor = node.walk();
        let all: Vec<_> = node.children(&mut cursor).collect();
        for child in all {
            if child.kind() == "," {
                index += 1;
            } else if child.kind() == "rest_pattern" {
                let without = (0..index).map(Key::Index).collect();
                let rest = self.add(Value::Rest { base: value, without }, child);
                work.push((child, rest));
            } else if child.is_named() && child.kind() != "comment" {
                let part = self.member(value, Key::Index(index), child);
                work.push((child, part));
            }
        }
    }

    /// Notes the declared type of the single name that a pattern is.
    pub(super) fn annotate(&mut self, pattern: Node<'t>, annotation: Option<TypeId>) {
        if let (Some(annotation), "identifier") = (annotation, pattern.kind())
            && let Some(variable) = self.lookup(self.text_of(pattern))
        {
            self.facts.variables[variable.index()].annotation = Some(annotation);
        }
    }

    /// The key that a property name stands for, and its value where it is computed and not constant.
    pub(super) fn key(&mut self, node: Node<'t>) -> (Key, Option<ValueId>) {
        match node.kind() {
            "computed_property_name" => match node.named_child(0) {
                Some(inner) => {
                    let value = self.expression(inner);
                    self.constant_key(value)
                }
                None => (Key::Any, None),
            },
            "string" => (Key::name(&self.string(node)), None),
            "number" => (number_key(self.text_of(node)), None),
            _ => (Key::name(self.text_of(node)), None),
        }
    }

    /// The key that a computed value is, where it is constant in this file.
    pub(super) fn constant_key(&self, value: ValueId) -> (Key, Option<ValueId>) {
        if let Some(text) = self.facts.text(value) {
            return (Key::Name(text.clone()), None);
        }
        match self.facts.value(self.strip(value)) {
            Value::Literal(crate::facts::Literal::Number(number)) => (number_key(number), None),
            _ => (Key::Any, Some(value)),
        }
    }

    /// `object.key = value`, also nested: every object on the way is updated.
    pub(super) fn store(&mut self, target: Node<'t>, value: ValueId) {
        let Some(object) = target.field(Field::Object) else { return };
        let base = self.expression(object);
        let (key, computed) = match (target.field(Field::Property), target.field(Field::Index)) {
            (Some(property), _) => (Key::name(self.text_of(property)), None),
            (_, Some(index)) => {
                let index = self.expression(index);
                self.constant_key(index)
            }
            _ => (Key::Any, None),
        };
        self.store_into(base, key, computed, value, target);
    }

    pub(super) fn store_into(
        &mut self,
        base: ValueId,
        key: Key,
        computed: Option<ValueId>,
        value: ValueId,
        target: Node<'t>,
    ) {
        let function = self.here();
        let store = crate::facts::Store { base, key: key.clone(), computed, value, span: span(target), function };
        self.facts.stores.push(store);
        self.export_store(base, &key, value);
        let (mut base, mut key, mut computed, mut value) = (base, key, computed, value);
        loop {
            let update = self.add(Value::Update { base, key, computed, value }, target);
            match self.facts.value(base) {
                Value::Read { variable, value: Some(_) } => {
                    let variable = *variable;
                    self.replace(base, variable, update);
                    return;
                }
                Value::Read { variable, value: None } => {
                    let variable = *variable;
                    self.write(variable, update);
                    return;
                }
                Value::Member { base: outer, key: outer_key, computed: outer_computed } => {
                    (base, key, computed, value) = (*outer, outer_key.clone(), *outer_computed, update);
                }
                Value::Typed { value: inner, .. } => match self.facts.value(*inner) {
                    Value::Read { variable, value: Some(_) } => {
                        let (inner, variable) = (*inner, *variable);
                        self.replace(inner, variable, update);
                        return;
                    }
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// An assignment to a name that the file does not declare: a store into the global object.
    pub(super) fn store_global(&mut self, node: Node<'t>, value: ValueId) {
        let name = self.text_of(node);
        let base = self.add(Value::Global("globalThis".into()), node);
        let function = self.here();
        let store =
            crate::facts::Store { base, key: Key::name(name), computed: None, value, span: span(node), function };
        self.facts.stores.push(store);
    }
}

fn number_key(text: &str) -> Key {
    text.parse().map_or_else(|_| Key::name(text), Key::Index)
}
