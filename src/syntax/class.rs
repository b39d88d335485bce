//! Classes, enumerations and namespaces.

use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    lower::{Frame, Lower, child_of_kind, children, has_token, span},
};
use crate::{
    base::Key,
    facts::{
        Class, ClassId, ClassMember, Function, FunctionId, Home, Literal, MemberKind, Property, TypeDeclaration,
        TypeRef, Value, ValueId, Variable,
    },
};

impl<'t> Lower<'t> {
    pub(super) fn class_declaration(&mut self, node: Node<'t>) {
        let Some(name) = node.field(Field::Name) else { return };
        let value = self.class(node, Some(self.text_of(name)));
        if let Some(variable) = self.lookup(self.text_of(name)) {
            self.write(variable, value);
        }
    }

    /// Lowers a class and gives the value that stands for it.
    pub(super) fn class(&mut self, node: Node<'t>, name: Option<&str>) -> ValueId {
        let id = ClassId(u32::try_from(self.facts.classes.len()).unwrap_or(u32::MAX));
        let own_name = node.field(Field::Name).map(|name| self.text_of(name));
        self.facts.classes.push(Class {
            name: own_name.or(name).map(Into::into),
            span: span(node),
            extends: None,
            implements: Vec::new(),
            members: Vec::new(),
            constructor: None,
        });
        let value = self.add(Value::Class(id), node);
        if let Some(heritage) = child_of_kind(node, "class_heritage") {
            self.heritage(heritage, id);
        }
        for decorator in children(node).into_iter().filter(|child| child.kind() == "decorator") {
            self.decorator(decorator);
        }
        if let Some(body) = node.field(Field::Body) {
            children(body).into_iter().for_each(|member| self.class_member(member, id));
        }
        self.declare_class_type(node, id);
        value
    }

    fn heritage(&mut self, node: Node<'t>, class: ClassId) {
        for child in children(node) {
            match child.kind() {
                "extends_clause" => {
                    if let Some(base) = child.field(Field::Value) {
                        let base = self.expression(base);
                        self.facts.classes[class.index()].extends = Some(base);
                    }
                }
                "implements_clause" => {
                    let names = children(child).into_iter().filter_map(|node| match self.type_ref(node) {
                        TypeRef::Named(name, _) => Some(name),
                        _ => None,
                    });
                    let names: Vec<_> = names.collect();
                    self.facts.classes[class.index()].implements = names;
                }
                _ => {
                    let base = self.expression(child);
                    self.facts.classes[class.index()].extends = Some(base);
                }
            }
        }
    }

    pub(super) fn decorator(&mut self, node: Node<'t>) {
        if let Some(inner) = node.named_child(0) {
            self.expression(inner);
        }
    }

    fn class_member(&mut self, node: Node<'t>, class: ClassId) {
        match node.kind() {
            "method_definition" => self.method(node, class),
            "field_definition" | "public_field_definition" => self.field(node, class),
            "class_static_block" => self.static_block(node, class),
            "decorator" => self.decorator(node),
            _ => {}
        }
    }

    fn method(&mut self, node: Node<'t>, class: ClassId) {
        let Some(name) = node.field(Field::Name) else { return };
        let (key, _) = self.key(name);
        let Some(key) = key.as_name().map(smol_str::SmolStr::new) else { return };
        let is_static = has_token(node, "static");
        let home = if is_static { Home::Static(class) } else { Home::Class(class) };
        let value = self.function_value(node, Some(&key), home);
        let kind = match () {
            () if has_token(node, "get") => MemberKind::Getter,
            () if has_token(node, "set") => MemberKind::Setter,
            () => MemberKind::Method,
        };
        if key == "constructor" && !is_static {
            if let Value::Function(function) = self.facts.value(value) {
                let function = *function;
                self.facts.classes[class.index()].constructor = Some(function);
                self.parameter_properties(node, function, class);
            }
            return;
        }
        if let (MemberKind::Setter, Value::Function(function)) = (kind, self.facts.value(value)) {
            let function = *function;
            self.facts.functions[function.index()].sets = Some(key.clone());
        }
        let member = ClassMember { key, kind, is_static, value, annotation: None };
        self.facts.classes[class.index()].members.push(member);
    }

    /// `constructor(private readonly client: Client)` declares and fills a field.
    fn parameter_properties(&mut self, node: Node<'t>, function: FunctionId, class: ClassId) {
        let Some(parameters) = node.field(Field::Parameters) else { return };
        for (index, parameter) in children(parameters).into_iter().enumerate() {
            let is_property = child_of_kind(parameter, "accessibility_modifier").is_some()
                || has_token(parameter, "readonly")
                || child_of_kind(parameter, "override_modifier").is_some();
            let declared = self.facts.function(function).parameters.get(index).cloned();
            if let (true, Some(declared)) = (is_property, declared)
                && let Some(key) = declared.name
            {
                // With a default, the variable holds that or the argument.
                let own = |variable: &&Variable| variable.function == function && variable.name == key;
                let variable = self.facts.variables.iter().find(own);
                let value = variable.and_then(|variable| variable.writes.first().copied());
                let member = ClassMember {
                    key,
                    kind: MemberKind::Field,
                    is_static: false,
                    value: value.unwrap_or(declared.value),
                    annotation: declared.annotation,
                };
                self.facts.classes[class.index()].members.push(member);
            }
        }
    }

    fn field(&mut self, node: Node<'t>, class: ClassId) {
        let name = node.field(Field::Name).or_else(|| node.field(Field::Property));
        let Some(name) = name else { return };
        let (key, _) = self.key(name);
        let Some(key) = key.as_name().map(smol_str::SmolStr::new) else { return };
        let is_static = has_token(node, "static");
        let annotation = node.field(Field::Type).map(|annotation| self.type_ref(annotation));
        let annotation = annotation.and_then(|annotation| self.add_type(annotation));
        let home = if is_static { Home::Static(class) } else { Home::Class(class) };
        let value = match node.field(Field::Value) {
            Some(value) => self.in_initializer(node, home, |lower| lower.named_value(value, Some(&key), home)),
            None => self.nothing(node),
        };
        let member = ClassMember { key, kind: MemberKind::Field, is_static, value, annotation };
        self.facts.classes[class.index()].members.push(member);
    }

    fn static_block(&mut self, node: Node<'t>, class: ClassId) {
        self.in_initializer(node, Home::Static(class), |lower| {
            if let Some(body) = node.field(Field::Body) {
                lower.scoped(|lower| lower.block(body));
            }
        });
    }

    /// Runs `step` as the body of an unnamed function whose `this` is the class or an instance.
    fn in_initializer<R>(&mut self, node: Node<'t>, home: Home, step: impl FnOnce(&mut Self) -> R) -> R {
        let id = FunctionId(u32::try_from(self.facts.functions.len()).unwrap_or(u32::MAX));
        let parent = self.here();
        self.facts.functions.push(Function {
            name: None,
            span: span(node),
            name_span: span(node),
            parent: Some(parent),
            home,
            arrow: false,
            parameters: Vec::new(),
            returns: Vec::new(),
            throws: Vec::new(),
            yields: Vec::new(),
            sets: None,
            result: None,
        });
        self.frames.push(Frame::new(id, id));
        let result = step(self);
        self.frames.pop();
        result
    }

    /// The fields of a class are the members of its type.
    fn declare_class_type(&mut self, node: Node<'t>, class: ClassId) {
        let class = &self.facts.classes[class.index()];
        let Some(name) = class.name.clone() else { return };
        let members = class.members.iter().filter(|member| member.kind == MemberKind::Field && !member.is_static);
        let members = members.map(|member| {
            let annotation = member.annotation.map(|annotation| self.facts.types[annotation.index()].clone());
            (member.key.clone(), annotation.unwrap_or(TypeRef::Unknown))
        });
        let members = members.collect();
        let extends = match class.extends.map(|base| self.facts.value(base)) {
            Some(Value::Read { variable, .. }) => {
                vec![TypeRef::Named(self.facts.variable(*variable).name.clone(), vec![])]
            }
            _ => Vec::new(),
        };
        self.facts.declarations.push(TypeDeclaration { name, span: span(node), members, extends });
    }

    pub(super) fn enumeration(&mut self, node: Node<'t>) {
        let (Some(name), Some(body)) = (node.field(Field::Name), node.field(Field::Body)) else {
            return;
        };
        let mut properties = Vec::new();
        for member in children(body) {
            let (key, value) = if let (Some(key), Some(value)) = (member.field(Field::Name), member.field(Field::Value))
            {
                let (key, _) = self.key(key);
                (key, self.expression(value))
            } else {
                let value = self.add(Value::Literal(Literal::Number("0".into())), member);
                (Key::name(self.text_of(member)), value)
            };
            properties.push(Property::keyed(key, value));
        }
        let value = self.add(Value::Object(properties.into_boxed_slice()), node);
        if let Some(variable) = self.lookup(self.text_of(name)) {
            self.write(variable, value);
        }
    }

    /// `namespace N { export … }`: an object of what it exports.
    pub(super) fn namespace(&mut self, node: Node<'t>) {
        let (Some(name), Some(body)) = (node.field(Field::Name), node.field(Field::Body)) else {
            return;
        };
        if name.kind() != "identifier" {
            return;
        }
        let mut properties = Vec::new();
        self.scoped(|lower| {
            lower.block(body);
            let names: Vec<_> =
                lower.scopes.last().map(|scope| scope.names.keys().cloned().collect()).unwrap_or_default();
            properties = lower.namespace_members(names, node);
        });
        let value = self.add(Value::Object(properties.into_boxed_slice()), node);
        if let Some(variable) = self.lookup(self.text_of(name)) {
            self.write(variable, value);
        }
    }

    fn namespace_members(&mut self, mut names: Vec<smol_str::SmolStr>, node: Node<'t>) -> Vec<Property> {
        names.sort();
        let mut properties = Vec::new();
        for name in names {
            let value: ValueId = self.read(&name, node);
            properties.push(Property::keyed(Key::Name(name), value));
        }
        properties
    }
}
