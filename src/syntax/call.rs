//! Calls, constructions and `require`.

use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    lower::{Lower, children},
};
use crate::facts::{Call, CallKind, Import, Imported, Item, Property, RECEIVER, TypeId, Value, ValueId};

impl<'t> Lower<'t> {
    pub(super) fn call(&mut self, node: Node<'t>) -> ValueId {
        let Some(function) = node.field(Field::Function) else { return self.opaque(node) };
        let arguments = node.field(Field::Arguments);
        if function.kind() == "import" {
            return self.dynamic_import(arguments, node);
        }
        let callee = self.expression(function);
        if let Some(required) = self.required(callee, arguments, node) {
            return required;
        }
        let (items, kind) = match arguments {
            Some(template) if template.kind() == "template_string" => (self.tagged(template), CallKind::Tagged),
            Some(arguments) => (self.items(arguments), CallKind::Call),
            None => (Box::default(), CallKind::Call),
        };
        let types = self.type_arguments(node);
        let call = self.add(Value::Call(Box::new(Call { callee, arguments: items, kind, types })), node);
        self.pass(call, node);
        call
    }

    pub(super) fn construct(&mut self, node: Node<'t>) -> ValueId {
        let Some(constructor) = node.field(Field::Constructor) else { return self.opaque(node) };
        let callee = self.expression(constructor);
        let arguments = node.field(Field::Arguments).map_or_else(Box::default, |node| self.items(node));
        let types = self.type_arguments(node);
        let call = self.add(Value::Call(Box::new(Call { callee, arguments, kind: CallKind::New, types })), node);
        self.pass(call, node);
        call
    }

    /// A call without arguments, for what runs unseen: getters, decorators.
    pub(super) fn call_of(&mut self, callee: ValueId, node: Node<'t>) -> ValueId {
        let call = Call { callee, arguments: Box::default(), kind: CallKind::Call, types: Box::default() };
        self.add(Value::Call(Box::new(call)), node)
    }

    /// A tag is given the pieces of text as a list, and then what stands between them.
    fn tagged(&mut self, template: Node<'t>) -> Box<[Item]> {
        let whole = |(value, _)| Item { value, spread: false };
        let (pieces, values): (Vec<_>, Vec<_>) = self.template_parts(template).into_iter().partition(|part| part.1);
        let pieces = self.add(Value::Array(pieces.into_iter().map(whole).collect()), template);
        std::iter::once((pieces, true)).chain(values).map(whole).collect()
    }

    fn type_arguments(&mut self, node: Node<'t>) -> Box<[TypeId]> {
        let Some(arguments) = node.field(Field::TypeArguments) else { return Box::default() };
        children(arguments)
            .into_iter()
            .filter_map(|argument| {
                let annotation = self.type_ref(argument);
                self.add_type(annotation)
            })
            .collect()
    }

    /// `require("module")`, unless the file declares its own `require`.
    fn required(&mut self, callee: ValueId, arguments: Option<Node<'t>>, node: Node<'t>) -> Option<ValueId> {
        if !matches!(self.facts.value(callee), Value::Global(name) if name == "require") {
            return None;
        }
        let specifier = children(arguments?).into_iter().next().filter(|first| first.kind() == "string")?;
        let specifier = self.string(specifier);
        let import = Import { specifier, name: Imported::CommonJs, span: super::lower::span(node), type_only: false };
        let import = self.import(import);
        Some(self.add(Value::Import(import), node))
    }

    fn dynamic_import(&mut self, arguments: Option<Node<'t>>, node: Node<'t>) -> ValueId {
        let first = arguments.and_then(|arguments| children(arguments).into_iter().next());
        let Some(first) = first else { return self.opaque(node) };
        let value = self.expression(first);
        let Some(specifier) = self.facts.text(value).cloned() else { return self.opaque(node) };
        let import = Import { specifier, name: Imported::Namespace, span: super::lower::span(node), type_only: false };
        let import = self.import(import);
        self.add(Value::Import(import), node)
    }

    /// Notes that objects held by variables may be written to by a call that was given them.
    fn pass(&mut self, call: ValueId, node: Node<'t>) {
        let Value::Call(made) = self.facts.value(call) else { return };
        let callee = made.callee;
        let arguments: Vec<ValueId> = made.arguments.iter().map(|item| item.value).collect();
        for (index, value) in arguments.into_iter().enumerate() {
            self.pass_one(value, call, u32::try_from(index).unwrap_or(RECEIVER), node);
        }
        if let Value::Member { base, .. } = self.facts.value(callee) {
            let base = *base;
            self.pass_one(base, call, RECEIVER, node);
        }
    }

    fn pass_one(&mut self, value: ValueId, call: ValueId, argument: u32, node: Node<'t>) {
        let Value::Read { variable, value: reaching } = self.facts.value(value) else { return };
        let (variable, reaching) = (*variable, *reaching);
        let Some(definition) = reaching else { return };
        if self.holds_object(definition) {
            let after = self.add(Value::Passed { base: value, call, argument }, node);
            self.replace(value, variable, after);
        }
    }

    /// Whether a definition can be an object that somebody else writes to.
    fn holds_object(&self, definition: ValueId) -> bool {
        match self.facts.value(self.strip(definition)) {
            Value::Literal(_)
            | Value::Concat(_)
            | Value::Derived
            | Value::Function(_)
            | Value::Class(_)
            | Value::Import(_) => false,
            Value::Choice(options) => options.len() < 16,
            _ => true,
        }
    }
}

impl Property {
    /// A property with a constant key.
    pub(super) const fn keyed(key: crate::base::Key, value: ValueId) -> Self {
        Self::Keyed { key, computed: None, value }
    }
}
