//! A whole object whose declared type is known: its fields instead of the record.

use std::rc::Rc;

use smol_str::SmolStr;

use super::{Evidence, FieldRead, Search};
use crate::{
    base::{Category, Key},
    catalog::words::Subject,
    facts::Value,
    link::project::At,
    trace::{
        bounds,
        flow::Basis,
        names,
        state::WHOLE,
        step::Hop,
        types::{Record, Type},
    },
};

/// A record type that was met on the way from a leaf to the sink.
struct Met {
    record: Rc<Record>,
    /// The node that declares it.
    node: u32,
    /// Whether a call or a library lies between the leaf and the declaration, which then tells less of the leaf.
    beyond: bool,
}

impl Search<'_, '_> {
    /// Reports the personal fields of the leaf's declared type. Returns whether the type tells all there is to say.
    pub(super) fn by_fields(&mut self, index: u32, evidence: Evidence) -> bool {
        let read = matches!(evidence.read, Some(FieldRead { category: Some(_), .. }));
        let whole = self.is.is_none_or(|is| matches!(is, Category::UserId | Category::DeviceId));
        if read || !whole || !evidence.bag || !Self::person_fits(evidence) {
            return false;
        }
        let Some(met) = self.within_fuel(|search| search.met_type(index)) else { return false };
        let told = evidence.hint.is_some_and(|hint| hint.category == Category::PersonObject);
        if met.beyond && !told {
            return false;
        }
        let origin = self.whole_use(met.node);
        let categories = self.categories(index, evidence, origin, &met.record);
        let apex = self.nodes[met.node as usize].apex;
        for &category in &categories {
            self.emit(met.node, category, Basis::Key, origin, apex);
        }
        // Whoever adds a field to the record hands it over, too.
        if categories.len() > 1 {
            self.emit(met.node, Category::PersonObject, Basis::Key, origin, apex);
        }
        let settled = !met.record.open && !met.beyond && self.is.is_none();
        !categories.is_empty() || settled
    }

    /// Asks about types with the fuel of one question, so that rich types leave enough for the trail itself.
    pub(super) fn within_fuel<R>(&mut self, question: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.stepper.fuel;
        let given = before.min(bounds::FUEL);
        self.stepper.fuel = given;
        let answer = question(self);
        self.stepper.fuel = before - (given - self.stepper.fuel);
        answer
    }

    /// The nearest declared record on the way back to the sink, as long as the value stays the same object.
    fn met_type(&mut self, index: u32) -> Option<Met> {
        let mut node = index;
        let mut beyond = false;
        let mut made = false;
        loop {
            let (state, hop, from) = {
                let at = &self.nodes[node as usize];
                (at.state, at.hop.clone(), at.from)
            };
            if let Some(record) = self.stepper.record(state) {
                return Some(Met { record, node, beyond });
            }
            // What a library call says of its result holds for all that it is made of; what stands beyond does not.
            beyond |= made;
            made = matches!(hop, Hop::Library(_));
            match hop {
                Hop::Same | Hop::Guessed | Hop::Imported | Hop::Field(_) | Hop::Library(_) => {}
                Hop::Returned(function) => {
                    if let Some(record) = self.stepper.result_record(function, state.path) {
                        return Some(Met { record, node, beyond });
                    }
                }
                Hop::Argument(_) => beyond = true,
                Hop::Stored(_) | Hop::Computed(_) | Hop::Copied | Hop::Thrown(_) => return None,
            }
            node = from?;
        }
    }

    /// The use of the object nearest to where it comes from.
    fn whole_use(&self, index: u32) -> At {
        let mut node = index;
        loop {
            let at = &self.nodes[node as usize];
            let used = matches!(self.world().project.value(at.state.at), Value::Read { .. } | Value::Member { .. });
            if used && at.state.path == WHOLE {
                return at.state.at;
            }
            let same = matches!(at.hop, Hop::Same | Hop::Imported | Hop::Field(_) | Hop::Returned(_));
            match at.from.filter(|_| same) {
                Some(from) => node = from,
                None => return self.nearest_use(index),
            }
        }
    }

    fn categories(&mut self, index: u32, evidence: Evidence, origin: At, record: &Record) -> Vec<Category> {
        let subject = self.subject(&record.names, || names::last(self.world(), origin));
        let subject = if subject == Subject::Unknown { evidence.subject } else { subject };
        let filter = self.stepper.tables.filter(self.nodes[index as usize].state.filter).clone();
        let counts = |name: &SmolStr| filter.lets(&Key::Name(name.clone()));
        let mut found = Vec::new();
        for (name, kind) in record.fields.iter().filter(|(name, _)| counts(name)) {
            self.of_field(name, kind, subject, true, &mut found);
        }
        found.sort();
        found.dedup();
        found
    }

    fn subject(&self, names: &[SmolStr], variable: impl Fn() -> Option<SmolStr>) -> Subject {
        let words = self.world().words;
        let told = names.iter().cloned().chain(variable()).map(|name| words.subject(&name));
        told.into_iter().find(|subject| *subject != Subject::Unknown).unwrap_or(Subject::Unknown)
    }

    /// The categories of a field; objects are opened one level deep.
    fn of_field(&mut self, name: &str, kind: &Type, subject: Subject, open: bool, found: &mut Vec<Category>) {
        let words = self.world().words;
        if kind.is_plain() {
            return;
        }
        let inner = if open && !kind.is_list() { self.stepper.record_of(kind) } else { None };
        let category = words.field(name, subject);
        match (inner, category) {
            (Some(inner), None | Some(Category::PersonObject)) => {
                let subject = self.subject(&inner.names, || Some(name.into()));
                for (name, kind) in &inner.fields {
                    self.of_field(name, kind, subject, false, found);
                }
            }
            (_, Some(category)) => found.push(category),
            (_, None) => {}
        }
    }
}
