//! JSX: an element is a call of its component with the props as the only argument.

use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    lower::{Lower, children},
};
use crate::{
    base::Key,
    facts::{Call, CallKind, Item, Literal, Property, Value, ValueId},
};

impl<'t> Lower<'t> {
    pub(super) fn jsx(&mut self, node: Node<'t>) -> ValueId {
        let head = node.field(Field::OpenTag).unwrap_or(node);
        let name = head.field(Field::Name);
        let mut properties = Vec::new();
        for attribute in children(head) {
            if Some(attribute) != name {
                self.attribute(attribute, &mut properties);
            }
        }
        let inner = if node.kind() == "jsx_self_closing_element" { Vec::new() } else { self.inner(node) };
        match inner[..] {
            [] => {}
            [only] => properties.push(Property::keyed(Key::name("children"), only)),
            _ => {
                let items = inner.into_iter().map(|value| Item { value, spread: false }).collect();
                let list = self.add(Value::Array(items), node);
                properties.push(Property::keyed(Key::name("children"), list));
            }
        }
        let props = self.add(Value::Object(properties.into_boxed_slice()), head);
        let callee = match name {
            Some(name) => self.tag(name),
            None => self.add(Value::Literal(Literal::Text("".into())), head),
        };
        let arguments = Box::new([Item { value: props, spread: false }]);
        self.add(Value::Call(Box::new(Call { callee, arguments, kind: CallKind::Jsx, types: Box::default() })), head)
    }

    /// The component that a tag names; an element of the page is a string.
    fn tag(&mut self, name: Node<'t>) -> ValueId {
        let text = self.text_of(name);
        if name.kind() == "jsx_namespace_name"
            || text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.contains('.')
        {
            return self.add(Value::Literal(Literal::Text(text.into())), name);
        }
        self.expression(name)
    }

    fn attribute(&mut self, node: Node<'t>, properties: &mut Vec<Property>) {
        match node.kind() {
            "jsx_attribute" => {
                let parts = children(node);
                let Some(&key) = parts.first() else { return };
                let key_name = self.text_of(key);
                let value = match parts.get(1) {
                    Some(value) => self.attribute_value(*value, key_name),
                    None => self.add(Value::Literal(Literal::Boolean(true)), key),
                };
                properties.push(Property::keyed(Key::name(key_name), value));
            }
            "jsx_expression" => {
                for spread in children(node) {
                    let value = self.expression(spread);
                    properties.push(Property::Spread(value));
                }
            }
            _ => {}
        }
    }

    fn attribute_value(&mut self, node: Node<'t>, key: &str) -> ValueId {
        if node.kind() != "jsx_expression" {
            return self.expression(node);
        }
        match children(node).first() {
            Some(&inner) => self.named_value(inner, Some(key), crate::facts::Home::None),
            None => self.nothing(node),
        }
    }

    /// What stands between the tags.
    fn inner(&mut self, node: Node<'t>) -> Vec<ValueId> {
        let mut values = Vec::new();
        for child in children(node) {
            match child.kind() {
                "jsx_opening_element" | "jsx_closing_element" | "jsx_text" | "html_character_reference" => {}
                "jsx_expression" => values.extend(children(child).first().map(|inner| self.expression(*inner))),
                _ => values.push(self.expression(child)),
            }
        }
        values
    }
}
