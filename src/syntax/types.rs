//! Type annotations and declarations to facts.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    lower::{Lower, child_of_kind, children, span},
};
use crate::facts::{TypeDeclaration, TypeRef};

/// How deep nested type annotations are read.
const MAX_TYPE_DEPTH: usize = 12;

impl<'t> Lower<'t> {
    /// The type that an annotation states.
    pub(super) fn type_ref(&self, node: Node<'t>) -> TypeRef {
        self.type_at(node, MAX_TYPE_DEPTH)
    }

    fn type_at(&self, node: Node<'t>, depth: usize) -> TypeRef {
        let Some(depth) = depth.checked_sub(1) else { return TypeRef::Unknown };
        let inner = |node: Node<'t>| node.named_child(0).map_or(TypeRef::Unknown, |inner| self.type_at(inner, depth));
        match node.kind() {
            "type_annotation"
            | "parenthesized_type"
            | "readonly_type"
            | "optional_type"
            | "rest_type"
            | "type_predicate_annotation"
            | "asserts_annotation" => inner(node),
            "type_identifier"
            | "predefined_type"
            | "identifier"
            | "nested_type_identifier"
            | "nested_identifier"
            | "member_expression" => TypeRef::Named(self.text_of(node).into(), Vec::new()),
            "generic_type" => self.generic(node, depth),
            "object_type" | "interface_body" => TypeRef::Object(self.type_members(node, depth)),
            "array_type" => TypeRef::Array(Box::new(inner(node))),
            "tuple_type" => TypeRef::Array(Box::new(self.several(node, depth))),
            "union_type" | "intersection_type" => self.several(node, depth),
            "type_query" => TypeRef::TypeOf(node.named_child(0).map_or("", |inner| self.text_of(inner)).into()),
            "lookup_type" => self.indexed(node, depth),
            "function_type" => {
                let result = node.field(Field::ReturnType).map_or(TypeRef::Unknown, |r| self.type_at(r, depth));
                TypeRef::Function(Vec::new(), Box::new(result))
            }
            "literal_type" | "template_literal_type" => TypeRef::Literal,
            _ => TypeRef::Unknown,
        }
    }

    fn generic(&self, node: Node<'t>, depth: usize) -> TypeRef {
        let name = node.field(Field::Name).or_else(|| node.named_child(0));
        let name: SmolStr = name.map_or("", |name| self.text_of(name)).into();
        let arguments = node.field(Field::TypeArguments).map_or_else(Vec::new, children);
        let mut arguments: Vec<_> = arguments.into_iter().map(|argument| self.argument(argument, depth)).collect();
        if matches!(name.as_str(), "Array" | "ReadonlyArray" | "Set") && arguments.len() == 1 {
            return TypeRef::Array(Box::new(arguments.remove(0)));
        }
        TypeRef::Named(name, arguments)
    }

    /// A type argument; a literal one keeps its text, since `Pick<User, "email">` names keys.
    fn argument(&self, node: Node<'t>, depth: usize) -> TypeRef {
        match node.kind() {
            "literal_type" => {
                let text = node.named_child(0).filter(|inner| inner.kind() == "string").map(|inner| self.string(inner));
                text.map_or(TypeRef::Literal, |text| TypeRef::Named(format!("\"{text}\"").into(), Vec::new()))
            }
            "union_type" => {
                TypeRef::Several(children(node).into_iter().map(|part| self.argument(part, depth)).collect())
            }
            _ => self.type_at(node, depth),
        }
    }

    fn several(&self, node: Node<'t>, depth: usize) -> TypeRef {
        TypeRef::Several(children(node).into_iter().map(|part| self.type_at(part, depth)).collect())
    }

    fn indexed(&self, node: Node<'t>, depth: usize) -> TypeRef {
        match children(node)[..] {
            [base, key] => match key.named_child(0).filter(|inner| inner.kind() == "string") {
                Some(key) => TypeRef::Indexed(Box::new(self.type_at(base, depth)), self.string(key)),
                None => TypeRef::Unknown,
            },
            _ => TypeRef::Unknown,
        }
    }

    fn type_members(&self, node: Node<'t>, depth: usize) -> Vec<(SmolStr, TypeRef)> {
        children(node)
            .into_iter()
            .filter_map(|member| {
                let name = member.field(Field::Name)?;
                let name = if name.kind() == "string" { self.string(name) } else { self.text_of(name).into() };
                let annotation = match member.kind() {
                    "property_signature" | "public_field_definition" => {
                        member.field(Field::Type).map_or(TypeRef::Unknown, |node| self.type_at(node, depth))
                    }
                    "method_signature" => {
                        let result = member.field(Field::ReturnType);
                        let result = result.map_or(TypeRef::Unknown, |node| self.type_at(node, depth));
                        TypeRef::Function(Vec::new(), Box::new(result))
                    }
                    _ => return None,
                };
                Some((name, annotation))
            })
            .collect()
    }

    pub(super) fn type_declaration(&mut self, node: Node<'t>) {
        let Some(name) = node.field(Field::Name) else { return };
        let name: SmolStr = self.text_of(name).into();
        let (members, extends) = if node.kind() == "interface_declaration" {
            let body = node.field(Field::Body);
            let members = body.map_or_else(Vec::new, |body| self.type_members(body, MAX_TYPE_DEPTH));
            let heritage = child_of_kind(node, "extends_type_clause").map_or_else(Vec::new, children);
            (members, heritage.into_iter().map(|base| self.type_ref(base)).collect())
        } else {
            let value = node.field(Field::Value).map_or(TypeRef::Unknown, |value| self.type_ref(value));
            (Vec::new(), vec![value])
        };
        self.facts.declarations.push(TypeDeclaration { name, span: span(node), members, extends });
    }
}
