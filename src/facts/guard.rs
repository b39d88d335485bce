//! Guards: the tests of parameters that decide whether a part of a function runs.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Facts, Value, ValueId};

/// A guard of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GuardId(pub u32);

/// How a value is tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// Whether it counts as true.
    Truthy,
    /// Whether it equals one of these.
    OneOf(Box<[ValueId]>),
    /// Whether `typeof` says this of it.
    Kind(SmolStr),
}

/// A test without which the code behind it does not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// What is tested: a parameter, or a part of one.
    pub value: ValueId,
    /// How.
    pub test: Test,
    /// Whether the test has to succeed.
    pub holds: bool,
    /// The guard around this one.
    pub outer: Option<GuardId>,
}

impl Facts {
    /// The innermost guard of a value.
    #[must_use]
    pub fn guard_of(&self, value: ValueId) -> Option<GuardId> {
        let after = self.guarded.partition_point(|(from, _)| *from <= value);
        self.guarded.get(after.checked_sub(1)?)?.1
    }

    /// A guard and those around it, from the inside.
    pub fn guards_from(&self, guard: Option<GuardId>) -> impl Iterator<Item = &Guard> {
        let get = |id: Option<GuardId>| self.guards.get(id?.0 as usize);
        std::iter::successors(get(guard), move |guard| get(guard.outer))
    }

    /// Whether a value is made of another directly, by the same run of the same function.
    #[must_use]
    pub fn is_made_of(&self, value: ValueId, part: ValueId) -> bool {
        match self.value(value) {
            Value::Read { variable, value: None } => self.variable(*variable).writes.contains(&part),
            Value::Read { value: Some(inner), .. } | Value::Await(inner) | Value::Typed { value: inner, .. } => {
                *inner == part
            }
            Value::Member { base, .. } | Value::Rest { base, .. } | Value::Remove { base, .. } => *base == part,
            Value::Passed { base, call, .. } => *base == part || *call == part || self.is_made_of(*base, part),
            Value::Update { base, value, .. } => *base == part || *value == part,
            Value::Call(call) => call.callee == part || call.arguments.iter().any(|item| item.value == part),
            Value::Object(properties) => properties.iter().any(|property| match property {
                super::Property::Keyed { value, .. } | super::Property::Spread(value) => *value == part,
            }),
            Value::Array(items) => items.iter().any(|item| item.value == part),
            Value::Concat(parts) => parts.contains(&part),
            Value::Caught(thrown) => thrown.iter().any(|thrown| thrown.value() == part),
            Value::Choice(options) => options.contains(&part),
            _ => false,
        }
    }
}
