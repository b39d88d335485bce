//! Facts as text, for tests and for people who wonder why a flow was or was not found.

use std::fmt::Write as _;

use super::{Call, ExportTarget, Facts, FunctionId, Home, Item, Literal, Property, Thrown, Value, ValueId};

/// Writes every function with its values, one a line.
#[must_use]
pub fn dump(facts: &Facts, text: &str) -> String {
    let mut out = String::new();
    for index in 0..facts.functions.len() {
        function(&mut out, facts, text, FunctionId(u32::try_from(index).unwrap_or(u32::MAX)));
    }
    for class in &facts.classes {
        let _ = writeln!(out, "class {}", class.name.as_deref().unwrap_or("?"));
        for member in &class.members {
            let place = if member.is_static { "static " } else { "" };
            let _ = writeln!(out, "  {place}{:?} {} = v{}", member.kind, member.key, member.value.0);
        }
    }
    for export in &facts.exports {
        let target = match &export.target {
            ExportTarget::Variable(variable) => facts.variable(*variable).name.to_string(),
            ExportTarget::Value(value) => format!("v{}", value.0),
            ExportTarget::From(import) => {
                let import = facts.import(*import);
                format!("{:?} of {:?}", import.name, import.specifier)
            }
            ExportTarget::Star(specifier) => format!("* of {specifier:?}"),
        };
        let _ = writeln!(out, "export {} = {target}", export.name);
    }
    out
}

fn function(out: &mut String, facts: &Facts, text: &str, id: FunctionId) {
    let function = facts.function(id);
    let name = function.name.as_deref().unwrap_or(if id.0 == 0 { "module" } else { "anonymous" });
    let home = match function.home {
        Home::None => String::new(),
        home => format!(" of {home:?}"),
    };
    let _ = writeln!(out, "function f{} {name}{home}", id.0);
    for (index, value) in facts.values.iter().enumerate() {
        if facts.owners[index] == id {
            let at = facts.spans[index].of(text).lines().next().unwrap_or_default();
            let at: String = at.chars().take(40).collect();
            let _ = writeln!(out, "  v{index} = {}    // {at}", describe(facts, value));
        }
    }
    for value in &function.returns {
        let _ = writeln!(out, "  return v{}", value.0);
    }
    for value in function.throws.iter().filter(|thrown| matches!(thrown, Thrown::Value(_))) {
        let _ = writeln!(out, "  throws v{}", value.value().0);
    }
    for value in &function.yields {
        let _ = writeln!(out, "  yield v{}", value.0);
    }
}

fn describe(facts: &Facts, value: &Value) -> String {
    match value {
        Value::Literal(Literal::Text(text)) => format!("{text:?}"),
        Value::Literal(literal) => format!("{literal:?}"),
        Value::Parameter { function, index } => format!("parameter {index} of f{}", function.0),
        Value::This(function) => format!("this of f{}", function.0),
        Value::Super(function) => format!("super of f{}", function.0),
        Value::Read { variable, value } => match value {
            Some(value) => format!("{} is v{}", facts.variable(*variable).name, value.0),
            None => format!("{} captured", facts.variable(*variable).name),
        },
        Value::Global(name) => format!("global {name}"),
        Value::Import(import) => {
            let import = facts.import(*import);
            format!("import {:?} of {:?}", import.name, import.specifier)
        }
        Value::Member { base, key, computed } => format!("v{}{key}{}", base.0, computed_key(*computed)),
        Value::Rest { base, without } => format!("v{} without {}", base.0, list(without.iter())),
        Value::Call(call) => describe_call(call),
        Value::Caught(thrown) => {
            format!("caught {}", list(thrown.iter().map(|thrown| format!("v{}", thrown.value().0))))
        }
        Value::Await(value) => format!("await v{}", value.0),
        Value::Object(properties) => format!("{{ {} }}", list(properties.iter().map(describe_property))),
        Value::Array(items) => format!("[{}]", list(items.iter().copied().map(describe_item))),
        Value::Concat(parts) => format!("concat {}", ids(parts)),
        Value::Choice(options) => format!("choice {}", ids(options)),
        Value::Function(function) => format!("function f{}", function.0),
        Value::Class(class) => format!("class c{}", class.0),
        Value::Update { base, key, computed, value } => {
            format!("v{} with {key}{} = v{}", base.0, computed_key(*computed), value.0)
        }
        Value::Remove { base, key } => format!("v{} without {key}", base.0),
        Value::Passed { base, call, argument } => format!("v{} after v{} took it as {argument}", base.0, call.0),
        Value::Typed { value, annotation } => {
            format!("v{} as {:?}", value.0, facts.types[annotation.index()])
        }
        Value::Derived => "derived".to_owned(),
        Value::Opaque => "opaque".to_owned(),
    }
}

fn describe_call(call: &Call) -> String {
    format!("{:?} v{}({})", call.kind, call.callee.0, list(call.arguments.iter().copied().map(describe_item)))
}

fn describe_property(property: &Property) -> String {
    match property {
        Property::Keyed { key, computed, value } => format!("{key}{}: v{}", computed_key(*computed), value.0),
        Property::Spread(value) => format!("...v{}", value.0),
    }
}

fn describe_item(item: Item) -> String {
    format!("{}v{}", if item.spread { "..." } else { "" }, item.value.0)
}

fn computed_key(computed: Option<ValueId>) -> String {
    computed.map(|key| format!("[v{}]", key.0)).unwrap_or_default()
}

fn ids(values: &[ValueId]) -> String {
    list(values.iter().map(|value| format!("v{}", value.0)))
}

fn list(items: impl Iterator<Item = impl ToString>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
