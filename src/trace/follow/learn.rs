//! What the value at hand tells: names, receivers and keys become evidence.

use crate::base::Category;
use crate::base::Key;
use crate::catalog::words::Subject;
use crate::facts::Value;
use crate::link::project::At;
use crate::link::project::FunctionAt;
use crate::trace::flow::Basis;
use crate::trace::follow::Evidence;
use crate::trace::follow::FieldRead;
use crate::trace::follow::Hint;
use crate::trace::follow::Search;
use crate::trace::follow::place;

use crate::trace::names;
use crate::trace::state::State;
use crate::trace::state::WHOLE;
use smol_str::SmolStr;

impl Search<'_, '_> {
    /// The evidence after looking at a node's own value; `None` where it tells that nobody is identified.
    pub(super) fn learn(&mut self, index: u32) -> Option<Evidence> {
        let node = &self.nodes[index as usize];
        let (state, mut evidence) = (node.state, node.evidence);
        let world = self.world();
        let facts = world.project.facts(state.at.file);
        match facts.value(state.at.value) {
            Value::Member { base, key: Key::Name(key), .. } => {
                let base = At { file: state.at.file, value: *base };
                return self.learn_read(state, evidence, base, key, node.apex);
            }
            // `user[field]`: the keys that the name may be come with the path.
            Value::Member { key: Key::Any, computed: Some(_), .. } if evidence.read.is_none() => {
                let path = self.stepper.tables.path(state.path);
                if path.0.iter().all(is_detail) {
                    evidence.read = Some(FieldRead { at: state.at, category: None, of_thing: false, apex: node.apex });
                }
            }
            Value::Read { variable, .. } => {
                let name = &facts.variable(*variable).name;
                return self.learn_name(state, evidence, name);
            }
            Value::Parameter { function, index } => {
                let at = FunctionAt { file: state.at.file, function: *function };
                if let Some(annotation) = names::parameter_type(world, at, *index) {
                    evidence = self.learn_receiver(state, evidence, &annotation);
                    if state.path == WHOLE
                        && evidence.bag
                        && evidence.hint.is_none()
                        && world.words.types_person(&annotation)
                    {
                        let hint = Hint { category: Category::PersonObject, basis: Basis::Name, at: None };
                        evidence.hint = Some(hint);
                    }
                }
            }
            Value::Call(made) => {
                let apex = node.apex;
                if state.path == WHOLE {
                    evidence = self.learn_place(state, evidence, state.at);
                }
                if let Some((base, key)) = self.stepper.keyed_read(state.at) {
                    return self.learn_read(state, evidence, base, &key, apex);
                }
                if let (true, Some(category)) = (state.path == WHOLE, self.stepper.keeps(state.at)) {
                    evidence.kept = Some((category, state.at, apex));
                }
                let callee = names::last(world, At { file: state.at.file, value: made.callee });
                if let Some(callee) = callee {
                    evidence = self.learn_receiver(state, evidence, &callee);
                }
                return self.learn_picked(index, evidence);
            }
            Value::Global(name) => return self.learn_name(state, evidence, name),
            _ => {}
        }
        Some(evidence)
    }

    /// `get(user, "profile.email")`: a library reads what the program names in the call.
    pub(super) fn learn_named_part(&mut self, index: u32, mut evidence: Evidence, state: State, call: At) -> Evidence {
        let node = &self.nodes[index as usize];
        let (before, apex) = (node.state, node.apex);
        let Value::Call(made) = self.world().project.value(call) else { return evidence };
        let asked = self.stepper.tables.path(before.path).0.len();
        let path = self.stepper.tables.path(state.path).clone();
        let (read, rest) = path.0.split_at(path.0.len().saturating_sub(asked));
        let names: Vec<&str> = read.iter().filter_map(Key::as_name).collect();
        let Some((last, owners)) = names.split_last() else { return evidence };
        if evidence.read.is_some() || !rest.iter().all(is_detail) {
            return evidence;
        }
        let dotted = names.join(".");
        let named = made.arguments.iter().any(|item| {
            let texts = self.stepper.strings(State::whole(At { file: call.file, value: item.value }));
            texts.iter().any(|text| *text == dotted || text == last)
        });
        if named {
            let receivers = names::receivers(self.world(), state.at);
            let category = receivers.iter().find_map(|chain| {
                let chain: Vec<&str> = chain.iter().map(SmolStr::as_str).chain(owners.iter().copied()).collect();
                self.world().words.read(&chain, last)
            });
            evidence.read = Some(FieldRead { at: call, category, of_thing: false, apex });
        }
        evidence
    }

    /// A field is read: what does the field's name tell, given whose field it is?
    pub(super) fn learn_read(
        &mut self,
        state: State,
        evidence: Evidence,
        base: At,
        key: &str,
        apex: u32,
    ) -> Option<Evidence> {
        let words = self.world().words;
        let path = self.stepper.tables.path(state.path);
        if !path.0.iter().all(is_detail) {
            let scalar = words.field(key, Subject::Person).is_some_and(|told| told != Category::PersonObject)
                && words.subject(key) == Subject::Unknown;
            let keys: Vec<&str> = path.0.iter().filter_map(Key::as_name).collect();
            if scalar && evidence.read.is_none() && !keys.is_empty() {
                return None;
            }
            return Some(self.learn_receiver_chain(state, evidence, base, Some(key)));
        }
        if words.names_boolean(key) || words.names_pseudonym(key) {
            return None;
        }
        let mut evidence = evidence;
        if is_holder(&Key::name(key)) {
            evidence = self.learn_place(state, evidence, base);
        }
        let receivers = names::receivers(self.world(), base);
        let owner = match self.world().project.value(base) {
            Value::Global(name) => Some(name),
            Value::Read { variable, .. } => Some(&self.world().project.facts(base.file).variable(*variable).name),
            _ => None,
        };
        let config =
            receivers.iter().any(|chain| matches!(&chain[..], [process, env] if process == "process" && env == "env"));
        let setting = config
            && evidence.hint.is_some_and(|hint| hint.basis == Basis::Meaning)
            && words.field(key, Subject::Unknown).is_none();
        if setting || owner.is_some_and(|owner| is_constant(owner, key)) {
            return None;
        }
        let category = receivers.iter().find_map(|chain| {
            let chain: Vec<&str> = chain.iter().map(SmolStr::as_str).collect();
            words.read(&chain, key)
        });
        if category.is_some() && self.is_switch(base, key) {
            return None;
        }
        // What an input or a reference holds is what the variable that it ends up in is called.
        if category.is_none() && is_holder(&Key::name(key)) && evidence.hint.is_some_and(|hint| hint.at.is_some()) {
            return Some(evidence);
        }
        let is_thing = || {
            let own = receivers.first().and_then(|chain| chain.last());
            own.is_some_and(|name| words.subject(name) == Subject::Thing)
        };
        let told = words.field(key, Subject::Unknown).filter(|told| *told != Category::Name);
        // `{ email: input.value }`: what is typed in is what it is stored as, unless that is as often a thing's.
        let is_typed_in = is_holder(&Key::name(key))
            && evidence.hint.is_some_and(|hint| {
                !matches!(hint.category, Category::Name | Category::UserId | Category::Username | Category::Content)
            });
        if category.is_none() && told.is_none() && !is_typed_in && is_thing() {
            evidence.hint = evidence.hint.filter(|hint| hint.basis == Basis::Meaning);
            if self.label.ends_with("-id") && evidence.hint.is_some() && words.field(key, Subject::Person).is_some() {
                evidence.hint = None;
            }
        }
        let chain = || receivers.first().map(|chain| format!("{}.{key}", chain.join("."))).unwrap_or_default();
        let person = || words.names_person(key) || words.names_person(&chain());
        if category.is_none() && evidence.bag && Self::person_fits(evidence) && person() {
            let hint = Hint { category: Category::PersonObject, basis: Basis::Name, at: Some(state.at) };
            evidence.hint = Some(hint);
        }
        evidence.read = Some(FieldRead { at: state.at, category, of_thing: is_thing(), apex });
        Some(evidence)
    }

    /// What an input is found by, or a value is kept under, names it: `document.getElementById("email").value`,
    /// `localStorage.getItem("email")`.
    fn learn_place(&self, state: State, mut evidence: Evidence, call: At) -> Evidence {
        let words = self.world().words;
        if let Some(name) = place::name(self.world(), call)
            && !words.names_boolean(&name)
            && let Some(category) = words.field(&name, Subject::Unknown)
        {
            let category = prefer(evidence.hint, category);
            evidence.hint = Some(Hint { category, basis: Basis::Name, at: Some(state.at) });
        }
        evidence
    }

    /// Whether a value is what the vendor itself hands to a hook: `beforeSend(event)`. Who gets it back, whole or in
    /// part, learns nothing new.
    pub(super) fn is_handed_back(&self, state: State) -> bool {
        let world = self.world();
        let Value::Parameter { function, index } = world.project.value(state.at) else { return false };
        let function = FunctionAt { file: state.at.file, function: *function };
        let entered = self.stepper.tables.frame(state.calls).is_some_and(|frame| frame.function == function);
        let handles = world.graph.handed.get(&(function, *index)).into_iter().flatten();
        let first = self.stepper.tables.path(state.path).0.first();
        let mut own = handles.filter(|handle| {
            let api = world.catalog.api(handle.api);
            // Where SDK objects stand beside what the project passes, only they are the vendor's.
            let held = first.is_some_and(|key| world.catalog.member(handle, key).is_some());
            api.vendor == Some(self.sink.vendor) && (held || !api.only_holds())
        });
        !entered && own.next().is_some()
    }

    /// Whether a field is declared as one that holds no data, such as a boolean: `settings.email` says whether to
    /// write.
    fn is_switch(&mut self, base: At, key: &str) -> bool {
        let record = self.within_fuel(|search| search.stepper.record(State::whole(base)));
        let Some(record) = record else { return false };
        record.fields.iter().any(|(name, kind)| name == key && kind.is_plain())
    }

    /// Whether a whole person may be meant where this evidence was gathered.
    pub(super) fn person_fits(evidence: Evidence) -> bool {
        match evidence.hint {
            None => true,
            // Under the key of an id stands an id; as the argument that should be one, whole records are passed.
            Some(Hint { category: Category::UserId | Category::DeviceId, basis, .. }) => basis == Basis::Meaning,
            Some(hint) => hint.category == Category::PersonObject,
        }
    }

    /// A base is seen on the way: if it is a person's, the field that was read of it is.
    pub(super) fn learn_receiver_chain(
        &self,
        state: State,
        evidence: Evidence,
        base: At,
        key: Option<&str>,
    ) -> Evidence {
        if evidence.read.is_none_or(|read| read.category.is_some()) {
            return evidence;
        }
        let world = self.world();
        let mut chains = names::receivers(world, base);
        if let Some(key) = key {
            chains.iter_mut().for_each(|chain| chain.push(key.into()));
        }
        chains.into_iter().fold(evidence, |evidence, chain| self.learn_chain(state, evidence, &chain))
    }

    pub(super) fn learn_receiver(&self, state: State, evidence: Evidence, name: &str) -> Evidence {
        self.learn_chain(state, evidence, &[SmolStr::new(name)])
    }

    pub(super) fn learn_chain(&self, state: State, mut evidence: Evidence, chain: &[SmolStr]) -> Evidence {
        let Some(read) = &mut evidence.read else { return evidence };
        if read.category.is_some() {
            return evidence;
        }
        let path = self.stepper.tables.path(state.path);
        let keys: Vec<&str> = path.0.iter().filter_map(Key::as_name).collect();
        if let Some((key, inner)) = keys.split_last() {
            let receivers: Vec<&str> = chain.iter().map(SmolStr::as_str).chain(inner.iter().copied()).collect();
            let words = self.stepper.world.words;
            if !read.of_thing || words.subject(&receivers.join(".")) == Subject::Person {
                read.category = words.read(&receivers, key);
            }
        }
        evidence
    }

    /// A variable is used: its name is a hint, or a receiver of the field that was read.
    pub(super) fn learn_name(&self, state: State, evidence: Evidence, name: &str) -> Option<Evidence> {
        let words = self.world().words;
        if state.path != WHOLE {
            return Some(self.learn_receiver(state, evidence, name));
        }
        if words.names_boolean(name) || words.names_pseudonym(name) {
            return None;
        }
        let mut evidence = evidence;
        if let Some(category) = words.field(name, Subject::Unknown) {
            evidence.hint =
                Some(Hint { category: prefer(evidence.hint, category), basis: Basis::Name, at: Some(state.at) });
        } else if words.names_person(name) && evidence.bag && Self::person_fits(evidence) {
            let hint = Hint { category: Category::PersonObject, basis: Basis::Name, at: Some(state.at) };
            evidence.hint = Some(hint);
        }
        Some(evidence)
    }

    /// What is stored under a key that nobody knows: an element of a list is what the list is called, a field of an
    /// object is not.
    pub(super) fn under_any_key(&self, index: u32, mut evidence: Evidence) -> Evidence {
        let state = self.nodes[index as usize].state;
        if matches!(self.world().project.value(state.at), Value::Object(_)) {
            evidence.hint =
                evidence.hint.filter(|hint| hint.category == Category::Content && hint.basis == Basis::Meaning);
        }
        Evidence { read: None, ..evidence }
    }

    /// What a key tells of the value stored under it.
    pub(super) fn under_key(&self, evidence: Evidence, key: &str) -> Evidence {
        let words = self.world().words;
        let subject = match words.subject(key) {
            Subject::Unknown => evidence.subject,
            subject => subject,
        };
        let category = words.field(key, evidence.subject);
        let mut hint = category.map(|category| Hint { category, basis: Basis::Key, at: None });
        if hint.is_none() {
            // Text stays text in whatever structure it is sent.
            hint = evidence.hint.filter(|hint| hint.category == Category::Content && hint.basis == Basis::Meaning);
        }
        Evidence { hint, subject, read: None, ..evidence }
    }
}

/// A detail of a field that is still the field: an element of `emails`, the `value` of an e-mail.
pub(super) fn is_detail(key: &Key) -> bool {
    match key {
        Key::Name(name) => matches!(name.as_str(), "value" | "current" | "raw" | "text"),
        Key::Index(_) | Key::Any => true,
    }
}

/// How the names of enumerations end.
const ENUMERATIONS: [&str; 13] = [
    "Type", "Types", "Kind", "Action", "Event", "Method", "Mode", "Status", "Field", "Step", "Reason", "Enum", "Option",
];

/// Whether a read is written as that of a constant: `LoginMethod.email`, `Prompts.UserMessage`.
fn is_constant(name: &str, key: &str) -> bool {
    let pascal = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_uppercase()) && text.contains(|c: char| c.is_ascii_lowercase())
    };
    let screaming = key.contains('_') && !key.contains(|c: char| c.is_ascii_lowercase());
    pascal(name) && (pascal(key) || screaming || ENUMERATIONS.iter().any(|end| name.ends_with(end)))
}

/// A key under which inputs, events and references keep their value.
pub(super) fn is_holder(key: &Key) -> bool {
    matches!(key, Key::Name(name) if matches!(name.as_str(), "value" | "current" | "target" | "currentTarget"))
}

/// The better of what a value is stored as and what it was read as: an e-mail stays one when it serves as id or name.
pub(super) fn prefer(hint: Option<Hint>, read: Category) -> Category {
    let Some(hint) = hint else { return read };
    let vague = match read {
        Category::Username | Category::Name => true,
        // `identify(email)` is called with an id as well: what a variable is called says less than what was read.
        Category::UserId => hint.basis != Basis::Name,
        _ => false,
    };
    let precise = matches!(hint.category, Category::Email | Category::Phone);
    // `account.id` is that of an organization where the vendor is told one.
    let of_group = hint.category == Category::Organization && matches!(hint.basis, Basis::Key | Basis::Meaning);
    if vague && (precise || of_group) { hint.category } else { read }
}
