//! Where a trail ends: what was learnt on the way decides.

use smol_str::SmolStr;

use super::{Evidence, FieldRead, Hint, Search, is_holder, prefer};
use crate::{
    base::{Category, Key},
    catalog::words::Subject,
    facts::Value,
    link::project::{At, FunctionAt},
    trace::{
        flow::{Basis, Found, Lost, place_of},
        state::{State, WHOLE},
        step::Hop,
    },
};

impl Search<'_, '_> {
    /// The trail ends at something that nobody knows: what was learnt on the way decides.
    pub(super) fn leaf(&mut self, index: u32, evidence: Evidence, found: &mut Found) {
        let node = &self.nodes[index as usize];
        let apex = node.apex;
        if let Some(FieldRead { at, category: Some(category), apex, .. }) = evidence.read {
            let category = prefer(evidence.hint, category);
            return self.emit(index, category, Basis::Read, at, apex);
        }
        if self.by_kept_keys(index, evidence) || self.by_fields(index, evidence) {
            return;
        }
        let node = &self.nodes[index as usize];
        let own = self.own_name(node.state);
        if let (Some(name), true) = (&own, node.state.path == WHOLE)
            && self.world().words.names_boolean(name)
        {
            return;
        }
        match evidence.hint {
            // A part of something unknown that was never read is no more than the vendor's wish.
            Some(_) if evidence.read.is_none() && !self.is_held(node.state) => {}
            // Nor is what stands under a key that nobody knows.
            Some(hint) if evidence.guessed && hint.basis == Basis::Meaning => {}
            Some(hint) => {
                let at = match (evidence.read, hint.at) {
                    (Some(read), _) => read.at,
                    (None, Some(at)) => at,
                    (None, None) => self.nearest_use(index),
                };
                let read_apex = evidence.read.map_or(apex, |read| read.apex);
                if Self::believable(hint, evidence) {
                    self.emit(index, hint.category, hint.basis, at, read_apex);
                }
            }
            None if evidence.bag && self.is_payload(index, evidence) => {
                let place = place_of(self.world().project, self.nearest_use(index));
                found.lost.push(Lost {
                    vendor: self.sink.vendor,
                    place,
                    reason: "the value comes from code that was not seen",
                });
            }
            None => {}
        }
    }

    /// Whether a value is handed over by itself, also as a field of something: what stands under a key of the payload
    /// is told by the key, or by nothing.
    fn is_payload(&self, index: u32, evidence: Evidence) -> bool {
        let mut node = &self.nodes[index as usize];
        if evidence.read.is_none() {
            return node.state.path == WHOLE;
        }
        loop {
            if matches!(node.hop, Hop::Stored(_) | Hop::Computed(_)) {
                return false;
            }
            let Some(from) = node.from else { return true };
            node = &self.nodes[from as usize];
        }
    }

    /// `pick(user, ["email"])`: of a person's record nothing but these keys is handed over.
    fn by_kept_keys(&mut self, index: u32, evidence: Evidence) -> bool {
        let node = &self.nodes[index as usize];
        let (state, apex) = (node.state, node.apex);
        let filter = self.stepper.tables.filter(state.filter).clone();
        let (Some(hint), Some(keys)) = (evidence.hint, &filter.only) else { return false };
        if hint.category != Category::PersonObject || state.path != WHOLE {
            return false;
        }
        let at = hint.at.unwrap_or_else(|| self.nearest_use(index));
        for key in keys.iter().filter(|key| filter.lets(&Key::Name((*key).clone()))) {
            if let Some(category) = self.world().words.field(key, Subject::Person) {
                self.emit(index, category, Basis::Key, at, apex);
            }
        }
        true
    }

    /// Whether the value is meant as a whole, or what an input or a reference holds.
    pub(super) fn is_held(&self, state: State) -> bool {
        self.stepper.tables.path(state.path).0.iter().all(is_holder)
    }

    /// A person record is one only as a whole: a field of it that nothing is known about is not.
    fn believable(hint: Hint, evidence: Evidence) -> bool {
        hint.category != Category::PersonObject
            || evidence.read.is_none()
            || hint.at.is_some_and(|at| evidence.read.is_some_and(|read| read.at == at))
    }

    pub(super) fn own_name(&self, state: State) -> Option<SmolStr> {
        match self.world().project.value(state.at) {
            Value::Parameter { function, index } => {
                let function = self.world().project.function(FunctionAt { file: state.at.file, function: *function });
                function.parameters.get(*index as usize)?.name.clone()
            }
            _ => None,
        }
    }

    /// The use of a value nearest to where it comes from, rather than its declaration.
    pub(super) fn nearest_use(&self, index: u32) -> At {
        let mut node = &self.nodes[index as usize];
        while let (false, Some(from)) = (self.is_use(node.state.at), node.from) {
            node = &self.nodes[from as usize];
        }
        node.state.at
    }

    /// Whether a value is an expression of its own, not where one is declared or came out of a call.
    fn is_use(&self, at: At) -> bool {
        let value = self.world().project.value(at);
        !matches!(value, Value::Parameter { .. } | Value::Import(_) | Value::Opaque | Value::Passed { .. })
    }
}
