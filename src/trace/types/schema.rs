//! What a validation schema lets through: `z.object({ … })` and what is built on it.

use super::{Record, Type, chosen};
use crate::{
    base::Key,
    facts::{Call, Property, TypeRef, Value},
    link::project::{At, FileId},
    trace::{names, state::State, step::Stepper},
};

/// Schema methods that keep the fields.
const SAME: &[&str] = &[
    "partial",
    "optional",
    "nullable",
    "nullish",
    "strict",
    "passthrough",
    "required",
    "deepPartial",
    "refine",
    "superRefine",
    "transform",
    "default",
    "array",
    "describe",
    "brand",
    "readonly",
    "catch",
    "strip",
    "noUnknown",
    "meta",
    "check",
    "catchall",
    "loose",
    "defined",
    "nonNullable",
    "notRequired",
];

impl Stepper<'_> {
    /// The fields of `z.object({ … })` and what is built on it.
    pub(super) fn expand_schema(&mut self, at: At, depth: usize) -> Option<Record> {
        let depth = depth.checked_sub(1)?;
        let mut merged = Record::default();
        for end in self.ends(State::whole(at)) {
            let world = self.world;
            if let Value::Call(made) = world.project.value(end.at)
                && let Some(found) = self.expand_schema_call(end.at, made, depth)
            {
                merged.add(found);
            }
        }
        (!merged.fields.is_empty()).then_some(merged)
    }

    fn expand_schema_call(&mut self, at: At, made: &Call, depth: usize) -> Option<Record> {
        let facts = self.world.project.facts(at.file);
        let place = |value| At { file: at.file, value };
        let (base, name) = match facts.value(made.callee) {
            Value::Member { base, key: Key::Name(key), .. } => (Some(place(*base)), key.clone()),
            _ => (None, names::last(self.world, place(made.callee))?),
        };
        let first = made.arguments.first().map(|item| place(item.value));
        let mut inner = |at: Option<At>| at.and_then(|at| self.expand_schema(at, depth));
        let keys = || first.map(|first| chosen(facts, first.value)).unwrap_or_default();
        match name.as_str() {
            "object" | "strictObject" | "looseObject" | "Object" => self.shape(first?, depth),
            "extend" | "augment" | "shape" | "safeExtend" | "keys" => {
                let mut record = self.shape(first?, depth).unwrap_or_default();
                let before = base.and_then(|base| self.expand_schema(base, depth)).unwrap_or_default();
                record.add(before);
                Some(record)
            }
            "merge" | "and" | "concat" | "or" => {
                let mut record = inner(base).unwrap_or_default();
                record.add(inner(first).unwrap_or_default());
                Some(record)
            }
            "pick" => Some(inner(base)?.keep(&keys(), true)),
            "omit" => Some(inner(base)?.keep(&keys(), false)),
            "array" if made.arguments.len() == 1 => inner(first),
            name if SAME.contains(&name) => inner(base).or_else(|| inner(first)),
            "pipe" => inner(first).or_else(|| inner(base)),
            _ => None,
        }
    }

    /// The object literal that a schema is made from.
    fn shape(&mut self, at: At, depth: usize) -> Option<Record> {
        let depth = depth.checked_sub(1)?;
        let mut record = Record::default();
        for end in self.ends(State::whole(at)) {
            let world = self.world;
            let Value::Object(properties) = world.project.value(end.at) else { continue };
            for property in properties.iter().rev() {
                match property {
                    Property::Keyed { key: Key::Name(key), value, .. } => {
                        let value = At { file: end.at.file, value: *value };
                        let kind =
                            if self.is_boolean_schema(value) { boolean(value.file) } else { Type::Schema(value) };
                        record.set(key.clone(), kind);
                    }
                    Property::Keyed { .. } => record.open = true,
                    Property::Spread(value) => {
                        let inner = self.spread_shape(At { file: end.at.file, value: *value }, depth);
                        record.add(inner.unwrap_or(Record { open: true, ..Record::default() }));
                    }
                }
            }
        }
        (!record.fields.is_empty()).then_some(record)
    }

    /// `...Base.shape`, `...fields`
    fn spread_shape(&mut self, at: At, depth: usize) -> Option<Record> {
        match self.world.project.value(at) {
            Value::Member { base, key: Key::Name(key), .. }
                if matches!(key.as_str(), "shape" | "entries" | "fields") =>
            {
                self.expand_schema(At { file: at.file, value: *base }, depth)
            }
            _ => self.shape(at, depth),
        }
    }

    /// `z.boolean()`, `z.literal(true)`, `z.enum([…])`, with anything after it.
    fn is_boolean_schema(&self, at: At) -> bool {
        let facts = self.world.project.facts(at.file);
        let mut value = at.value;
        for _ in 0..8 {
            let Value::Call(made) = facts.value(value) else { return false };
            let Some(name) = names::last(self.world, At { file: at.file, value: made.callee }) else { return false };
            if matches!(name.as_str(), "boolean" | "bool" | "literal" | "enum" | "nativeEnum" | "picklist" | "Boolean")
            {
                return true;
            }
            match facts.value(made.callee) {
                Value::Member { base, .. } => value = *base,
                _ => return false,
            }
        }
        false
    }
}

fn boolean(file: FileId) -> Type {
    Type::Written(file, TypeRef::Named("boolean".into(), Vec::new()))
}
