//! Expressions to values.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    guard::Known,
    lower::{Branch, Lower, children, has_token},
};
use crate::{
    base::Key,
    facts::{Home, Literal, Property, Thrown, Value, ValueId},
};

impl<'t> Lower<'t> {
    /// The value of an expression.
    pub(super) fn expression(&mut self, node: Node<'t>) -> ValueId {
        self.nested(node, |lower| lower.expression_here(node))
    }

    fn expression_here(&mut self, node: Node<'t>) -> ValueId {
        match node.kind() {
            "identifier" | "shorthand_property_identifier" => {
                let value = self.read(self.text_of(node), node);
                self.unless_empty(value, node)
            }
            "undefined" | "null" => self.nothing(node),
            "this" => {
                let owner = self.frame().this;
                self.add(Value::This(owner), node)
            }
            "super" => {
                let owner = self.frame().this;
                self.add(Value::Super(owner), node)
            }
            "string" => {
                let text = self.string(node);
                self.add(Value::Literal(Literal::Text(text)), node)
            }
            "number" => self.add(Value::Literal(Literal::Number(self.text_of(node).into())), node),
            "true" | "false" => self.add(Value::Literal(Literal::Boolean(node.kind() == "true")), node),
            "regex" => self.add(Value::Literal(Literal::Pattern), node),
            "template_string" => self.template(node),
            "object" => self.object(node, None),
            "array" => {
                let items = self.items(node);
                self.add(Value::Array(items), node)
            }
            "function_expression" | "function" | "arrow_function" | "generator_function" => {
                self.function_value(node, None, Home::None)
            }
            "class" => self.class(node, None),
            "call_expression" => self.call(node),
            "new_expression" => self.construct(node),
            "member_expression" | "subscript_expression" => {
                let value = self.member_access(node);
                self.unless_empty(value, node)
            }
            "jsx_element" | "jsx_self_closing_element" | "jsx_fragment" => self.jsx(node),
            "parenthesized_expression" | "non_null_expression" | "instantiation_expression" | "export_clause" => {
                self.first(node)
            }
            "as_expression" | "satisfies_expression" | "type_assertion" => self.cast(node),
            "await_expression" => {
                let value = self.first(node);
                self.may_throw(Thrown::Awaited(value));
                self.add(Value::Await(value), node)
            }
            "yield_expression" => self.yielded(node),
            "sequence_expression" => {
                let values: Vec<_> = children(node).into_iter().map(|child| self.expression(child)).collect();
                values.last().copied().unwrap_or_else(|| self.opaque(node))
            }
            _ => self.operation(node),
        }
    }

    fn operation(&mut self, node: Node<'t>) -> ValueId {
        match node.kind() {
            "assignment_expression" => self.assignment(node),
            "augmented_assignment_expression" => self.augmented(node),
            "ternary_expression" => self.ternary(node),
            "binary_expression" => self.binary(node),
            "unary_expression" => self.unary(node),
            "update_expression" => {
                if let Some(target) = node.field(Field::Argument) {
                    let value = self.add(Value::Derived, node);
                    self.assign(target, value);
                }
                self.add(Value::Derived, node)
            }
            "spread_element" => self.first(node),
            "meta_property" => self.add(Value::Global(SmolStr::new(self.text_of(node))), node),
            _ => {
                for child in children(node) {
                    self.expression(child);
                }
                self.opaque(node)
            }
        }
    }

    fn first(&mut self, node: Node<'t>) -> ValueId {
        match children(node).first() {
            Some(&inner) => self.expression(inner),
            None => self.opaque(node),
        }
    }

    fn cast(&mut self, node: Node<'t>) -> ValueId {
        let parts = children(node);
        let (value, annotation) = match parts[..] {
            [annotation, value] if node.kind() == "type_assertion" => (value, Some(annotation)),
            [value, annotation] => (value, Some(annotation)),
            [value, ..] => (value, None),
            [] => return self.opaque(node),
        };
        let value = self.expression(value);
        let annotation = annotation.map(|node| self.type_ref(node)).and_then(|annotation| self.add_type(annotation));
        match annotation {
            Some(annotation) if node.kind() != "satisfies_expression" => {
                self.add(Value::Typed { value, annotation }, node)
            }
            _ => value,
        }
    }

    fn yielded(&mut self, node: Node<'t>) -> ValueId {
        let value = self.first(node);
        // What is delegated to yields its elements.
        let value = if has_token(node, "*") { self.member(value, Key::Any, node) } else { value };
        let function = self.here();
        self.facts.functions[function.index()].yields.push(value);
        self.opaque(node)
    }

    /// The text of a string literal, with its escapes resolved as far as keys and specifiers need.
    pub(super) fn string(&self, node: Node<'_>) -> SmolStr {
        let raw = self.text_of_any(node);
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        if inner.contains('\\') { unescape(inner).into() } else { inner.into() }
    }

    fn text_of_any(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    pub(super) fn template(&mut self, node: Node<'t>) -> ValueId {
        let parts = self.template_parts(node);
        if parts.iter().all(|(_, is_text)| *is_text) {
            let raw = self.text_of(node).trim_matches('`').into();
            return self.add(Value::Literal(Literal::Text(raw)), node);
        }
        self.add(Value::Concat(parts.into_iter().map(|(part, _)| part).collect()), node)
    }

    /// The parts of a template string, and whether each is a piece of its text.
    pub(super) fn template_parts(&mut self, node: Node<'t>) -> Vec<(ValueId, bool)> {
        let mut parts = Vec::new();
        for child in children(node) {
            if child.kind() == "template_substitution" {
                parts.push((self.first(child), false));
            } else if child.kind() == "string_fragment" {
                let text = self.text_of(child).into();
                parts.push((self.add(Value::Literal(Literal::Text(text)), child), true));
            }
        }
        parts
    }

    /// An object literal; `home` is what `this` of its methods is, where that is another object.
    fn object(&mut self, node: Node<'t>, home: Option<ValueId>) -> ValueId {
        // The object's own id comes first, so that its methods can name it as their home.
        let id = self.add(Value::Object(Box::default()), node);
        let home = home.unwrap_or(id);
        let mut properties = Vec::new();
        for child in children(node) {
            match child.kind() {
                "pair" => self.pair(child, home, &mut properties),
                "shorthand_property_identifier" => {
                    let key = Key::name(self.text_of(child));
                    let value = self.expression(child);
                    properties.push(Property::Keyed { key, computed: None, value });
                }
                "spread_element" => {
                    let value = self.first(child);
                    properties.push(Property::Spread(value));
                }
                "method_definition" => self.object_method(child, home, &mut properties),
                _ => {}
            }
        }
        self.facts.values[id.index()] = Value::Object(properties.into_boxed_slice());
        id
    }

    fn pair(&mut self, node: Node<'t>, object: ValueId, properties: &mut Vec<Property>) {
        let (Some(key), Some(value)) = (node.field(Field::Key), node.field(Field::Value)) else {
            return;
        };
        let (key, computed) = self.key(key);
        let value = self.named_value(value, key.as_name(), Home::Object(object));
        properties.push(Property::Keyed { key, computed, value });
    }

    fn object_method(&mut self, node: Node<'t>, object: ValueId, properties: &mut Vec<Property>) {
        let Some(name) = node.field(Field::Name) else { return };
        let (key, computed) = self.key(name);
        let function = self.function_value(node, key.as_name(), Home::Object(object));
        if has_token(node, "set") {
            if let (Value::Function(function), Some(name)) = (self.facts.value(function), key.as_name()) {
                let function = *function;
                self.facts.functions[function.index()].sets = Some(name.into());
            }
            return;
        }
        let value = if has_token(node, "get") { self.call_of(function, node) } else { function };
        properties.push(Property::Keyed { key, computed, value });
    }

    /// An expression that gets a name by where it stands: functions and classes keep it.
    pub(super) fn named_value(&mut self, node: Node<'t>, name: Option<&str>, home: Home) -> ValueId {
        match node.kind() {
            "function_expression" | "function" | "generator_function" => self.function_value(node, name, home),
            "arrow_function" => self.function_value(node, name, Home::None),
            "class" => self.class(node, name),
            _ => self.expression(node),
        }
    }

    fn member_access(&mut self, node: Node<'t>) -> ValueId {
        let Some(object) = node.field(Field::Object) else { return self.opaque(node) };
        let base = self.expression(object);
        if let Some(property) = node.field(Field::Property) {
            return self.member(base, Key::name(self.text_of(property)), node);
        }
        let Some(index) = node.field(Field::Index) else { return self.opaque(node) };
        let index = self.expression(index);
        let (key, computed) = self.constant_key(index);
        self.add(Value::Member { base, key, computed }, node)
    }

    fn assignment(&mut self, node: Node<'t>) -> ValueId {
        let (Some(left), Some(right)) = (node.field(Field::Left), node.field(Field::Right)) else {
            return self.opaque(node);
        };
        let name = left.field(Field::Property).unwrap_or(left);
        let name = (name.kind() != "object_pattern").then(|| self.text_of(name));
        let value = match (self.prototype_home(left, right), right.kind()) {
            (Home::Object(home), "object") => self.object(right, Some(home)),
            (home, _) => self.named_value(right, name, home),
        };
        self.assign(left, value);
        value
    }

    /// `F.prototype.method = function () {…}`, `F.prototype = { method() {…} }`: `this` of the function is an `F`; the
    /// object assigned to stands for it.
    fn prototype_home(&mut self, left: Node<'t>, right: Node<'t>) -> Home {
        let object = match right.kind() {
            "function_expression" | "function" | "generator_function" => left.field(Field::Object),
            "object" => Some(left).filter(|left| {
                let property = left.field(Field::Property);
                property.is_some_and(|property| self.text_of(property) == "prototype")
            }),
            _ => None,
        };
        match object {
            Some(object) if matches!(object.kind(), "identifier" | "member_expression" | "this") => {
                let object = self.expression(object);
                Home::Object(object)
            }
            _ => Home::None,
        }
    }

    /// Assigns a value to an assignment target.
    pub(super) fn assign(&mut self, target: Node<'t>, value: ValueId) {
        match target.kind() {
            "member_expression" | "subscript_expression" => self.store(target, value),
            _ => self.bind(target, value),
        }
    }

    fn augmented(&mut self, node: Node<'t>) -> ValueId {
        let (Some(left), Some(right)) = (node.field(Field::Left), node.field(Field::Right)) else {
            return self.opaque(node);
        };
        let before = self.expression(left);
        let operator = node.field(Field::Operator).map_or("", |operator| self.text_of(operator));
        let after = self.expression(right);
        let value = match operator {
            "+=" => self.add(Value::Concat(Box::new([before, after])), node),
            "||=" | "??=" | "&&=" => self.choice(vec![before, after], node),
            _ => self.add(Value::Derived, node),
        };
        self.assign(left, value);
        value
    }

    fn ternary(&mut self, node: Node<'t>) -> ValueId {
        let condition = node.field(Field::Condition).map(|condition| self.condition(condition));
        let condition = condition.unwrap_or_default();
        let (Some(yes), Some(no)) = (node.field(Field::Consequence), node.field(Field::Alternative)) else {
            return self.opaque(node);
        };
        let (yes, yes_way) = self.branch_value(yes, &condition.yes);
        let (no, no_way) = self.branch_value(no, &condition.no);
        self.join(vec![yes_way, no_way], node);
        self.choice(vec![yes, no], node)
    }

    /// The value of an expression that is computed only if something is the case.
    fn branch_value(&mut self, node: Node<'t>, known: &[Known]) -> (ValueId, Branch) {
        let mut value = ValueId(0);
        let way = self.branch(|lower| {
            lower.assume(known);
            value = lower.expression(node);
        });
        (value, way)
    }

    fn binary(&mut self, node: Node<'t>) -> ValueId {
        let operator = node.field(Field::Operator).map_or("", |operator| operator.kind());
        if operator == "+" {
            return self.concatenation(node);
        }
        if matches!(operator, "&&" | "||" | "===" | "==" | "!==" | "!=") {
            return self.tested(node).value;
        }
        let (Some(left), Some(right)) = (node.field(Field::Left), node.field(Field::Right)) else {
            return self.opaque(node);
        };
        let left = self.expression(left);
        if operator == "??" {
            let (right, way) = self.branch_value(right, &[]);
            self.join(vec![Self::unchanged(), way], node);
            return self.choice(vec![left, right], node);
        }
        self.expression(right);
        self.add(Value::Derived, node)
    }

    /// `a + b + c`, without recursion: such chains are long in generated code.
    fn concatenation(&mut self, node: Node<'t>) -> ValueId {
        let mut parts = Vec::new();
        let mut spine = node;
        loop {
            parts.extend(spine.field(Field::Right));
            let Some(left) = spine.field(Field::Left) else { break };
            let more = left.kind() == "binary_expression"
                && left.field(Field::Operator).is_some_and(|operator| operator.kind() == "+");
            if !more {
                parts.push(left);
                break;
            }
            spine = left;
        }
        let parts: Box<[ValueId]> = parts.into_iter().rev().map(|part| self.expression(part)).collect();
        self.add(Value::Concat(parts), node)
    }

    fn unary(&mut self, node: Node<'t>) -> ValueId {
        let operator = node.field(Field::Operator).map_or("", |operator| operator.kind());
        let Some(argument) = node.field(Field::Argument) else { return self.opaque(node) };
        match operator {
            "void" => {
                self.expression(argument);
                self.nothing(node)
            }
            "delete" => self.delete(argument, node),
            // `+x` turns a numeric id into the same id.
            "+" => self.expression(argument),
            _ => {
                self.expression(argument);
                self.add(Value::Derived, node)
            }
        }
    }

    fn delete(&mut self, target: Node<'t>, node: Node<'t>) -> ValueId {
        if let Some(object) = target.field(Field::Object) {
            let base = self.expression(object);
            let (key, _) = match (target.field(Field::Property), target.field(Field::Index)) {
                (Some(property), _) => (Key::name(self.text_of(property)), None),
                (_, Some(index)) => {
                    let index = self.expression(index);
                    self.constant_key(index)
                }
                _ => (Key::Any, None),
            };
            self.remove(base, key, target);
        }
        self.add(Value::Derived, node)
    }

    fn remove(&mut self, base: ValueId, key: Key, target: Node<'t>) {
        if key == Key::Any {
            return;
        }
        let removed = self.add(Value::Remove { base, key }, target);
        match self.facts.value(base) {
            Value::Read { variable, value: Some(_) } => {
                let variable = *variable;
                self.replace(base, variable, removed);
            }
            Value::Member { base: outer, key, computed } => {
                let (outer, key, computed) = (*outer, key.clone(), *computed);
                self.store_into(outer, key, computed, removed, target);
            }
            _ => {}
        }
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('u') => push_unicode(&mut out, &mut chars),
            Some('x') => {
                let hex: String = chars.by_ref().take(2).collect();
                out.extend(u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32));
            }
            Some('\n') | None => {}
            Some(other) => out.push(other),
        }
    }
    out
}

fn push_unicode(out: &mut String, chars: &mut std::str::Chars<'_>) {
    let rest = chars.as_str();
    let (hex, used) = match rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        Some((hex, _)) => (hex, hex.len() + 2),
        None => (rest.get(..4).unwrap_or_default(), 4),
    };
    if let Some(c) = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32) {
        out.push(c);
        *chars = rest.get(used..).unwrap_or_default().chars();
    }
}
