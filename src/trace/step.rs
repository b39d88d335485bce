//! One step backward: what a value is made of.
//!
//! The step is the same whether the engine asks where data come from or what a call enters. What differs is what each
//! question does at an end ([`Move::Handle`], [`Move::Formal`], [`Move::Call`] …).

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{
    bounds,
    graph::{Callee, Site, Stored, World},
    library::RESULT,
    state::{ALL_KEYS, CallsId, Frame, Mode, NO_CALLS, PathId, State, Tables, WHOLE},
};
use crate::{
    base::{Category, Key, Path},
    catalog::{Handle, format::Clears},
    facts::{
        CallKind, ClassMember, FunctionId, Home, Imported, Literal, MODULE, MemberKind, Property, TypeId, Value,
        VariableId,
    },
    link::project::{At, ClassAt, Exported, FileId, FunctionAt, Module},
};

/// The sections of a component's options whose members `this` has.
const SECTIONS: [&str; 3] = ["data", "computed", "methods"];

/// How many values before a section its options object is looked for.
const OPTIONS_REACH: usize = 4_096;

/// The properties of an object that have a name.
fn named(properties: &[Property]) -> impl Iterator<Item = (&str, crate::facts::ValueId)> {
    properties.iter().filter_map(|property| match property {
        Property::Keyed { key, value, .. } => Some((key.as_name()?, *value)),
        Property::Spread(_) => None,
    })
}

/// What happened between two values, for the path of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hop {
    /// Nothing worth telling.
    Same,
    /// Part of an object that is meant as a whole: it is stored under this key.
    Stored(Key),
    /// The same, under a key that this value names.
    Computed(At),
    /// Spread or copied into another object.
    Copied,
    /// Passed as an argument of this call.
    Argument(At),
    /// Returned by this function.
    Returned(FunctionAt),
    /// Kept in a field.
    Field(SmolStr),
    /// Imported.
    Imported,
    /// Through a library function.
    Library(At),
}

/// The end of a trail, or the next question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Ask this next.
    To(State, Hop),
    /// A member of an SDK or library.
    Handle(Handle),
    /// The value is this category, by the catalogue.
    Yields(Category),
    /// A function.
    Function(FunctionAt, Mode, CallsId),
    /// A class.
    Class(ClassAt),
    /// What callers pass.
    Formal(Formal),
    /// A call that nothing is known about; the state's path says which part of its result.
    Call,
    /// A part of what a library's call gives, of which its model says nothing.
    Part,
    /// An object literal, when it is asked for as a whole.
    Object,
    /// Nobody knows.
    Unknown,
    /// A file that was not parsed yet.
    Unread(FileId),
    /// Tells nothing about anybody.
    Clean(Option<Clears>),
}

/// A part of the graph that an answer rests on: when it changes, the question must be asked again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Basis {
    /// What a call may enter.
    Callees(At),
    /// Who calls a function.
    Callers(FunctionAt),
    /// Who constructs a class.
    Users(ClassAt),
    /// What was assigned into a site.
    Site(Site),
    /// Calls of parts of a value.
    Parts(At),
    /// Who sends into any channel of this name.
    Channel(SmolStr),
    /// A class's bases and subclasses.
    Lineage(ClassAt),
    /// A file that was not parsed.
    File(FileId),
}

/// Something that callers fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Formal {
    /// A parameter.
    Parameter(FunctionAt, u32),
    /// The props of a class component; the path starts after `props`.
    Props(ClassAt, PathId),
}

/// Steps through the project, with the tables that states refer to.
pub struct Stepper<'w> {
    /// What is known.
    pub world: World<'w>,
    /// Paths, calls and filters.
    pub tables: Tables,
    /// Files that would have been looked into.
    pub unread: BTreeSet<FileId>,
    pub(super) moves: Vec<Move>,
    /// What the answers so far rest on.
    pub(super) rests_on: FxHashSet<Basis>,
    /// Whether the graph is finished, so that answers may be remembered.
    pub remembers: bool,
    pub(super) known_functions: FxHashMap<State, Vec<(FunctionAt, Mode, CallsId)>>,
    /// Steps left for the question at hand.
    pub fuel: usize,
    /// Questions that are being answered in the middle of others.
    pub(super) depth: usize,
}

impl<'w> Stepper<'w> {
    /// A stepper with empty tables.
    #[must_use]
    pub fn new(world: World<'w>) -> Self {
        Self {
            world,
            tables: Tables::default(),
            unread: BTreeSet::new(),
            moves: Vec::new(),
            rests_on: FxHashSet::default(),
            remembers: false,
            known_functions: FxHashMap::default(),
            fuel: bounds::FUEL,
            depth: 0,
        }
    }

    /// What `state` is made of.
    pub fn step(&mut self, state: State) -> Vec<Move> {
        self.moves.clear();
        let Some(fuel) = self.fuel.checked_sub(1) else { return Vec::new() };
        self.fuel = fuel;
        let world = self.world;
        self.value(state, world.project.value(state.at));
        std::mem::take(&mut self.moves)
    }

    /// Notes that a file would have to be looked into.
    pub(super) fn not_read(&mut self, file: FileId) {
        self.unread.insert(file);
        self.rests_on.insert(Basis::File(file));
    }

    pub(super) fn to(&mut self, state: State, hop: Hop) {
        self.moves.push(Move::To(state, hop));
    }

    pub(super) fn end(&mut self, end: Move) {
        self.moves.push(end);
    }

    pub(super) fn whole(&self, state: State) -> bool {
        self.tables.path(state.path).is_whole()
    }

    const fn place(state: State, value: crate::facts::ValueId) -> At {
        At { file: state.at.file, value }
    }

    fn value(&mut self, state: State, value: &'w Value) {
        match value {
            Value::Literal(Literal::Nothing) if self.tables.path(state.path).is_whole() => self.end(Move::Clean(None)),
            // A field of what is null so far: state, contexts and singletons are filled later, maybe unseen.
            Value::Literal(Literal::Nothing) | Value::Opaque => self.end(Move::Unknown),
            Value::Literal(_) | Value::Derived => self.end(Move::Clean(None)),
            Value::Read { variable, value: Some(value) } => self.local_read(state, *variable, *value),
            Value::Read { variable, value: None } => self.captured_read(state, *variable),
            Value::Typed { value, annotation } => {
                self.to(state.at(Self::place(state, *value)), Hop::Same);
                self.typed(state, *annotation);
            }
            Value::Await(value) => self.to(state.at(Self::place(state, *value)), Hop::Same),
            Value::Choice(options) => {
                for &option in options {
                    self.to(state.at(Self::place(state, option)), Hop::Same);
                }
            }
            Value::Concat(parts) => self.concat(state, parts),
            Value::Member { base, key: Key::Any, computed: Some(computed) } => self.computed(state, *base, *computed),
            Value::Member { base, key, .. } => {
                let path = self.tables.within(state.path, key.clone());
                self.to(State { path, ..state.at(Self::place(state, *base)) }, Hop::Same);
            }
            Value::Parameter { function, index } => self.parameter(state, *function, *index),
            Value::This(function) => self.this(state, *function),
            Value::Super(function) => self.superclass(state, *function),
            Value::Global(name) => self.global(state, name),
            Value::Import(import) => self.import(state, *import),
            Value::Call(_) => self.call(state),
            Value::Function(function) => self.function(state, *function),
            Value::Class(class) => self.class(state, ClassAt { file: state.at.file, class: *class }),
            _ => self.structure(state, value),
        }
    }

    // ── variables ──

    fn local_read(&mut self, state: State, variable: VariableId, value: crate::facts::ValueId) {
        self.to(state.at(Self::place(state, value)), Hop::Same);
        let facts = self.world.project.facts(state.at.file);
        for &write in &facts.variable(variable).outside_writes {
            self.to(state.anywhere(Self::place(state, write)), Hop::Same);
        }
        self.variable_type(state, variable);
    }

    /// A variable of an outer function: any of its definitions, seen from where the inner function was made.
    fn captured_read(&mut self, state: State, variable: VariableId) {
        let facts = self.world.project.facts(state.at.file);
        let owner = facts.variable(variable).function;
        let calls = self.calls_of(state, owner);
        let variable_facts = facts.variable(variable);
        for &write in variable_facts.writes.iter().chain(&variable_facts.outside_writes) {
            self.to(State { calls, ..state.at(Self::place(state, write)) }, Hop::Same);
        }
        self.variable_type(state, variable);
    }

    /// The calls through which an enclosing function is seen from inside.
    fn calls_of(&self, state: State, owner: FunctionId) -> CallsId {
        if owner == MODULE {
            return NO_CALLS;
        }
        let facts = self.world.project.facts(state.at.file);
        let mut here = facts.owners[state.at.value.index()];
        let mut calls = state.calls;
        while here != owner {
            if let Some(frame) = self.tables.frame(calls) {
                calls = if frame.function == (FunctionAt { file: state.at.file, function: here }) {
                    frame.made_in
                } else {
                    NO_CALLS
                };
            }
            match facts.function(here).parent {
                Some(parent) => here = parent,
                None => return NO_CALLS,
            }
        }
        calls
    }

    fn variable_type(&mut self, state: State, variable: VariableId) {
        let facts = self.world.project.facts(state.at.file);
        if let Some(annotation) = facts.variable(variable).annotation {
            self.typed(state, annotation);
        }
    }

    // ── structures ──

    /// `base[name]`: the parts that the name may be; any part where it may be something unknown.
    fn computed(&mut self, state: State, base: crate::facts::ValueId, name: crate::facts::ValueId) {
        let named = State { path: WHOLE, filter: ALL_KEYS, ..state.at(Self::place(state, name)) };
        let (names, complete) = self.names(named);
        let mut keys: Vec<Key> = names.into_iter().map(Key::Name).collect();
        if !complete || keys.is_empty() {
            keys.push(Key::Any);
        }
        for key in keys {
            let path = self.tables.within(state.path, key);
            self.to(State { path, ..state.at(Self::place(state, base)) }, Hop::Same);
        }
    }

    fn concat(&mut self, state: State, parts: &[crate::facts::ValueId]) {
        if !self.whole(state) {
            return self.end(Move::Clean(None));
        }
        for &part in parts {
            self.to(state.at(Self::place(state, part)), Hop::Same);
        }
    }

    fn structure(&mut self, state: State, value: &'w Value) {
        match value {
            Value::Object(properties) => self.object(state, properties),
            Value::Array(items) => self.array(state, items),
            Value::Rest { base, without } => self.rest(state, *base, without),
            Value::Remove { base, key } => self.rest(state, *base, std::slice::from_ref(key)),
            Value::Update { base, key, computed, value } => self.update(state, *base, (key, *computed), *value),
            Value::Passed { base, call, argument } => self.passed(state, *base, *call, *argument),
            _ => self.end(Move::Unknown),
        }
    }

    fn object(&mut self, state: State, properties: &'w [Property]) {
        match self.tables.rest(state.path) {
            None => self.whole_object(state, properties),
            Some((key, rest)) => self.object_part(state, properties, &key, rest),
        }
        self.stored(state, &Site::Value(state.at));
    }

    /// Every property; one that is given again later does not count.
    fn whole_object(&mut self, state: State, properties: &'w [Property]) {
        self.end(Move::Object);
        let mut later: Vec<Key> = Vec::new();
        for property in properties.iter().rev() {
            match property {
                Property::Keyed { key, computed, value } => {
                    if self.tables.filter(state.filter).lets(key) && !later.contains(key) {
                        let next = State { filter: ALL_KEYS, ..state.at(Self::place(state, *value)) };
                        self.to(next, Self::stored_as(state, key, *computed));
                    }
                    if *key != Key::Any {
                        later.push(key.clone());
                    }
                }
                Property::Spread(value) => {
                    let filter = self.tables.without(state.filter, &later);
                    self.to(State { filter, ..state.at(Self::place(state, *value)) }, Hop::Copied);
                    later.extend(self.own_keys(Self::place(state, *value)));
                }
            }
        }
    }

    fn object_part(&mut self, state: State, properties: &'w [Property], wanted: &Key, rest: PathId) {
        let mut found = false;
        for property in properties.iter().rev() {
            match property {
                Property::Keyed { key, value, .. } if key.may_equal(wanted) => {
                    found = true;
                    let next = State { path: rest, filter: ALL_KEYS, ..state.at(Self::place(state, *value)) };
                    self.to(next, if *wanted == Key::Any { Hop::Stored(key.clone()) } else { Hop::Same });
                    if key == wanted && *key != Key::Any {
                        return;
                    }
                }
                Property::Keyed { .. } => {}
                Property::Spread(value) => {
                    found = true;
                    self.to(state.at(Self::place(state, *value)), Hop::Copied);
                    if self.own_keys(Self::place(state, *value)).contains(wanted) {
                        return;
                    }
                }
            }
        }
        if !found {
            self.end(Move::Clean(None));
        }
    }

    /// The keys that an object has for certain: those of a literal, or of a constant that holds one.
    fn own_keys(&self, at: At) -> Vec<Key> {
        let facts = self.world.project.facts(at.file);
        let mut value = at.value;
        for _ in 0..8 {
            value = match facts.value(value) {
                Value::Object(properties) => {
                    let keys = properties.iter().filter_map(|property| match property {
                        Property::Keyed { key: key @ Key::Name(_), .. } => Some(key.clone()),
                        _ => None,
                    });
                    return keys.collect();
                }
                Value::Typed { value, .. } | Value::Read { value: Some(value), .. } => *value,
                Value::Read { variable, value: None } => {
                    let variable = facts.variable(*variable);
                    match (&variable.writes[..], variable.outside_writes.is_empty()) {
                        ([only], true) => *only,
                        _ => break,
                    }
                }
                _ => break,
            };
        }
        Vec::new()
    }

    fn array(&mut self, state: State, items: &'w [crate::facts::Item]) {
        match self.tables.rest(state.path) {
            None => self.items(state, items, state.path, &Key::Any),
            Some((Key::Name(_), _)) => self.end(Move::Clean(None)),
            Some((key, rest)) => self.items(state, items, rest, &key),
        }
        self.stored(state, &Site::Value(state.at));
    }

    fn items(&mut self, state: State, items: &'w [crate::facts::Item], rest: PathId, wanted: &Key) {
        let exact = !items.iter().any(|item| item.spread);
        for (index, item) in items.iter().enumerate() {
            let own = Key::Index(u32::try_from(index).unwrap_or(u32::MAX));
            if item.spread {
                self.to(state.at(Self::place(state, item.value)), Hop::Copied);
            } else if !exact || own.may_equal(wanted) {
                self.to(State { path: rest, ..state.at(Self::place(state, item.value)) }, Hop::Same);
            }
        }
        if items.is_empty() {
            self.end(Move::Clean(None));
        }
    }

    fn rest(&mut self, state: State, base: crate::facts::ValueId, without: &[Key]) {
        let next = state.at(Self::place(state, base));
        match self.tables.path(state.path).0.first() {
            Some(key) if without.contains(key) && matches!(key, Key::Name(_)) => self.end(Move::Clean(None)),
            Some(Key::Index(index)) => {
                let index = Key::Index(index + u32::try_from(without.len()).unwrap_or(0));
                if let Some((_, rest)) = self.tables.rest(state.path) {
                    let path = self.tables.within(rest, index);
                    self.to(State { path, ..next }, Hop::Same);
                }
            }
            Some(_) => self.to(next, Hop::Same),
            None => {
                let filter = self.tables.without(state.filter, without);
                self.to(State { filter, ..next }, Hop::Same);
            }
        }
    }

    fn stored_as(state: State, key: &Key, computed: Option<crate::facts::ValueId>) -> Hop {
        computed.map_or_else(|| Hop::Stored(key.clone()), |key| Hop::Computed(Self::place(state, key)))
    }

    fn update(
        &mut self,
        state: State,
        base: crate::facts::ValueId,
        (key, computed): (&Key, Option<crate::facts::ValueId>),
        value: crate::facts::ValueId,
    ) {
        let stored = Self::place(state, value);
        let before = state.at(Self::place(state, base));
        match self.tables.rest(state.path) {
            None => {
                if self.tables.filter(state.filter).lets(key) {
                    self.to(State { filter: ALL_KEYS, ..state.at(stored) }, Self::stored_as(state, key, computed));
                }
                let filter = self.tables.without(state.filter, [key]);
                self.to(State { filter, ..before }, Hop::Same);
            }
            Some((wanted, rest)) => {
                if key.may_equal(&wanted) {
                    self.to(State { path: rest, filter: ALL_KEYS, ..state.at(stored) }, Hop::Same);
                }
                if *key != wanted || *key == Key::Any {
                    self.to(before, Hop::Same);
                }
            }
        }
    }

    /// An object after a call that may have written to it.
    fn passed(&mut self, state: State, base: crate::facts::ValueId, call: crate::facts::ValueId, argument: u32) {
        self.to(state.at(Self::place(state, base)), Hop::Same);
        let call = Self::place(state, call);
        for callee in self.callees(call) {
            match callee {
                Callee::Handle(handle) => {
                    for signature in self.signatures(call, handle) {
                        self.flows_into_argument(state, call, signature, argument);
                    }
                }
                Callee::Function { at, mode: Mode::Direct, .. } => self.written_by(state, call, *at, argument),
                _ => {}
            }
        }
    }

    /// What a function of the project writes into the argument it is given.
    fn written_by(&mut self, state: State, call: At, function: FunctionAt, argument: u32) {
        let Some(stores) = self.world.graph.parameter_stores.get(&(function, argument)) else { return };
        let frame = Frame { call, function, mode: Mode::Direct, made_in: NO_CALLS, outer: state.calls };
        let calls = self.tables.enter(frame);
        for (keys, value) in stores {
            let target = State { calls, ..state };
            self.stored_under(target, keys, *value);
        }
    }

    /// Matches `state`'s path with the keys under which `value` was stored.
    fn stored_under(&mut self, state: State, keys: &[Key], value: At) {
        let path = self.tables.path(state.path).clone();
        let common = keys.iter().zip(&path.0).take_while(|(stored, wanted)| stored.may_equal(wanted)).count();
        if common == keys.len() {
            let rest = self.tables.path_id(&Path(path.0[common..].to_vec()));
            self.to(State { path: rest, filter: ALL_KEYS, ..state.at(value) }, Hop::Same);
        } else if common == path.0.len() {
            let key = &keys[common];
            if common > 0 || self.tables.filter(state.filter).lets(key) {
                let last = keys.last().unwrap_or(key).clone();
                self.to(State { path: WHOLE, filter: ALL_KEYS, ..state.at(value) }, Hop::Stored(last));
            }
        }
    }

    /// What was assigned into a site from anywhere.
    fn stored(&mut self, state: State, site: &Site) {
        let world = self.world;
        self.rests_on.insert(Basis::Site(site.clone()));
        let first = self.tables.path(state.path).0.first().cloned();
        let keys: Vec<Key> = match first {
            Some(Key::Name(name)) => vec![Key::Name(name), Key::Any],
            Some(key) => vec![key],
            None => world.graph.site_keys(site),
        };
        for key in keys {
            let stores = world.graph.stores.get(&(site.clone(), key.clone()));
            for Stored { rest, value } in stores.into_iter().flatten() {
                let mut all = vec![key.clone()];
                all.extend(rest.iter().cloned());
                self.stored_under(State { calls: NO_CALLS, ..state }, &all, *value);
            }
        }
    }

    // ── functions ──

    fn function(&mut self, state: State, function: FunctionId) {
        let at = FunctionAt { file: state.at.file, function };
        if let Some(handles) = self.stub(at) {
            return self.walk(state, &handles, state.path);
        }
        let path = self.tables.path(state.path).clone();
        match &path.0[..] {
            [] => self.end(Move::Function(at, Mode::Direct, state.calls)),
            [Key::Name(name)] if name == "call" => self.end(Move::Function(at, Mode::Call, state.calls)),
            [Key::Name(name)] if name == "apply" => self.end(Move::Function(at, Mode::Apply, state.calls)),
            [Key::Name(name), ..] if name == RESULT => {
                let path = self.tables.path_id(&Path(path.0[1..].to_vec()));
                return self.results(State { path, calls: NO_CALLS, ..state }, at);
            }
            [Key::Name(name)] if name == "bind" => self.end(Move::Function(at, Mode::Bind, state.calls)),
            _ => {}
        }
        self.stored(state, &Site::Value(state.at));
    }

    /// A function of the page's snippet that stands for a vendor's global until the SDK has loaded:
    /// `function gtag() { dataLayer.push(arguments) }`.
    fn stub(&self, at: FunctionAt) -> Option<Vec<Handle>> {
        let function = self.world.project.function(at);
        let name = function.name.as_deref()?;
        let handles = self.world.catalog.global(name);
        if handles.is_empty() {
            return None;
        }
        let facts = self.world.project.facts(at.file);
        let uses_arguments = facts.values.iter().zip(&facts.owners).any(|(value, owner)| {
            *owner == at.function && matches!(value, Value::Global(global) if global == "arguments")
        });
        uses_arguments.then_some(handles)
    }

    fn parameter(&mut self, state: State, function: FunctionId, index: u32) {
        let at = FunctionAt { file: state.at.file, function };
        let world = self.world;
        let declared = world.project.function(at).parameters.iter().find(|parameter| {
            matches!(world.project.facts(at.file).value(parameter.value), Value::Parameter { index: own, .. } if *own == index)
        });
        let rest = declared.is_some_and(|parameter| parameter.rest);
        if let Some(frame) = self.tables.frame(state.calls).filter(|frame| frame.function == at) {
            self.filled(State { calls: frame.outer, ..state }, frame.call, frame.mode, index, rest)
        } else {
            self.rests_on.insert(Basis::Callers(at));
            for handle in world.graph.handed.get(&(at, index)).into_iter().flatten() {
                self.walk(state, std::slice::from_ref(handle), state.path);
            }
            self.end(Move::Formal(Formal::Parameter(at, index)));
        }
        if let Some(annotation) = declared.and_then(|parameter| parameter.annotation) {
            self.typed(state, annotation);
        }
    }

    /// What a call puts into parameter `index` of a function that it enters.
    pub fn filled(&mut self, state: State, call: At, mode: Mode, index: u32, rest: bool) {
        let world = self.world;
        let Value::Call(made) = world.project.value(call) else { return };
        match mode {
            Mode::Direct => self.argument(state, call, index, rest),
            Mode::Call => self.argument(state, call, index + 1, rest),
            Mode::Apply => {
                if let Some(list) = made.arguments.get(1) {
                    let path = if rest { state.path } else { self.tables.within(state.path, Key::Index(index)) };
                    let at = At { file: call.file, value: list.value };
                    self.to(State { path, ..state.at(at) }, Hop::Argument(call));
                }
            }
            Mode::Callback(argument, hook) => self.called_back(state, call, (argument, hook), index),
            Mode::Bind => self.end(Move::Unknown),
            Mode::Bound(bind) => self.bound(state, (call, bind), index, rest),
        }
    }

    /// `f.bind(this, a)(b)`: what was bound comes first.
    fn bound(&mut self, state: State, (call, bind): (At, At), index: u32, rest: bool) {
        let Value::Call(made) = self.world.project.value(bind) else { return };
        let count = u32::try_from(made.arguments.len().saturating_sub(1)).unwrap_or(0);
        if index < count || rest {
            self.argument(State { calls: NO_CALLS, ..state }, bind, index + 1, rest);
        }
        if index >= count || rest {
            self.argument(state, call, index.saturating_sub(count), rest);
        }
    }

    /// Argument `index` of a call, or every argument from there on.
    fn argument(&mut self, state: State, call: At, index: u32, rest: bool) {
        let world = self.world;
        let Value::Call(made) = world.project.value(call) else { return };
        let place = |value| At { file: call.file, value };
        let mut state = state;
        let mut exact = Some(index);
        if rest {
            match self.tables.rest(state.path) {
                Some((Key::Index(offset), after)) => {
                    exact = Some(index + offset);
                    state.path = after;
                }
                Some((Key::Any, after)) => {
                    exact = None;
                    state.path = after;
                }
                Some((Key::Name(_), _)) => return self.end(Move::Clean(None)),
                None => exact = None,
            }
        }
        let mut found = false;
        for (position, item) in made.arguments.iter().enumerate() {
            let position = u32::try_from(position).unwrap_or(u32::MAX);
            if item.spread {
                found = true;
                let key = exact.and_then(|exact| exact.checked_sub(position)).map_or(Key::Any, Key::Index);
                let path = self.tables.within(state.path, key);
                self.to(State { path, ..state.at(place(item.value)) }, Hop::Argument(call));
            } else if exact.map_or(position >= index, |exact| exact == position) {
                found = true;
                self.to(state.at(place(item.value)), Hop::Argument(call));
            }
        }
        if !found {
            self.end(Move::Clean(None));
        }
    }

    fn this(&mut self, state: State, function: FunctionId) {
        let at = FunctionAt { file: state.at.file, function };
        match self.world.project.function(at).home {
            Home::Class(class) => self.instance(state, ClassAt { file: state.at.file, class }, true),
            Home::Static(class) => self.class(state, ClassAt { file: state.at.file, class }),
            Home::Object(object) => {
                let object = Self::place(state, object);
                if let Value::Member { base, key: Key::Name(name), .. } = self.world.project.value(object)
                    && name == "prototype"
                {
                    return self.made_by_function(state, Self::place(state, *base));
                }
                self.to(state.at(object), Hop::Same);
                self.options(state, object);
                self.plugin(state);
            }
            Home::None => {
                if let Some(frame) = self.tables.frame(state.calls).filter(|frame| frame.function == at) {
                    self.receiver(State { calls: frame.outer, ..state }, frame.call)
                } else {
                    self.stored(state, &Site::Made(at));
                    self.plugin(state);
                    self.end(Move::Unknown);
                }
            }
        }
    }

    /// A part of what a constructor function makes: what it or its methods put into `this`, and its prototype.
    fn made_by_function(&mut self, state: State, constructor: At) {
        let before = self.moves.len();
        for callee in self.callables(State::whole(constructor)) {
            if let Callee::Function { at, .. } = callee {
                self.stored(state, &Site::Made(at));
            }
        }
        if !self.whole(state) {
            let path = self.tables.within(state.path, Key::name("prototype"));
            self.to(State { path, ..state.anywhere(constructor) }, Hop::Same);
        }
        if self.moves.len() == before {
            self.end(Move::Unknown);
        }
    }

    /// `this` of a method in `{ methods: { … } }` is the component that the outer object describes: its members are
    /// those of its sections, and what its `data()` gives.
    fn options(&mut self, state: State, object: At) {
        let options = self.options_of(object);
        if options != object {
            self.to(state.at(options), Hop::Same);
        }
        let Some((Key::Name(name), rest)) = self.tables.rest(state.path) else { return };
        let world = self.world;
        let Value::Object(properties) = world.project.value(options) else { return };
        let stored = (Site::Value(options), Key::Name(name.clone()));
        if !named(properties).any(|(own, _)| *own == name) && !world.graph.stores.contains_key(&stored) {
            // Declared as a prop, or mixed in.
            self.end(Move::Unknown);
        }
        for (section, value) in named(properties).filter(|(section, _)| SECTIONS.contains(section)) {
            let at = At { file: object.file, value };
            if section == "data" {
                if let Value::Function(function) = world.project.value(at) {
                    self.results(state, FunctionAt { file: at.file, function: *function });
                }
                continue;
            }
            let Value::Object(members) = world.project.value(at) else { continue };
            for (_, value) in named(members).filter(|(member, _)| *member == name) {
                let at = At { file: object.file, value };
                match world.project.value(at) {
                    Value::Function(function) if section == "computed" => {
                        self.results(State { path: rest, ..state }, FunctionAt { file: at.file, function: *function });
                    }
                    _ if section == "methods" => self.to(State { path: rest, ..state.at(at) }, Hop::Same),
                    _ => {}
                }
            }
        }
    }

    /// The options object of a component around one of its sections; the object itself where it is none.
    pub(super) fn options_of(&self, object: At) -> At {
        let facts = self.world.project.facts(object.file);
        let first = object.value.index().saturating_sub(OPTIONS_REACH);
        for index in (first..object.value.index()).rev() {
            if let Value::Object(properties) = &facts.values[index] {
                let holds = named(properties).find(|(_, value)| *value == object.value);
                if let Some((section, _)) = holds {
                    let value = crate::facts::ValueId(u32::try_from(index).unwrap_or(u32::MAX));
                    let is_section = SECTIONS.contains(&section) || section == "watch";
                    return if is_section { At { value, ..object } } else { object };
                }
            }
        }
        object
    }

    /// `this.$name` of a component: what a plugin of that name put there, as the catalogue has it among its globals.
    fn plugin(&mut self, state: State) {
        if let Some((Key::Name(name), rest)) = self.tables.rest(state.path) {
            let handles = if name.starts_with('$') { self.world.catalog.global(&name) } else { Vec::new() };
            if !handles.is_empty() {
                self.walk(state, &handles, rest);
            }
        }
    }

    /// The object on which a call calls its method.
    fn receiver(&mut self, state: State, call: At) {
        let world = self.world;
        let Value::Call(made) = world.project.value(call) else { return };
        match world.project.facts(call.file).value(made.callee) {
            Value::Member { base, .. } => self.to(state.at(At { file: call.file, value: *base }), Hop::Same),
            _ => self.end(Move::Unknown),
        }
    }

    // ── classes ──

    fn superclass(&mut self, state: State, function: FunctionId) {
        let at = FunctionAt { file: state.at.file, function };
        let class = match self.world.project.function(at).home {
            Home::Class(class) | Home::Static(class) => ClassAt { file: at.file, class },
            _ => return self.end(Move::Unknown),
        };
        self.rests_on.insert(Basis::Lineage(class));
        for &base in self.bases(class) {
            if self.whole(state) {
                self.end(Move::Class(base));
            } else {
                self.instance(state, base, false);
            }
        }
    }

    /// The classes that a class extends directly.
    fn bases(&self, class: ClassAt) -> &'w [ClassAt] {
        let graph = self.world.graph;
        graph.bases.get(&class).map_or(&[], Vec::as_slice)
    }

    /// A class and all that it extends.
    fn lineage(&mut self, class: ClassAt) -> Vec<ClassAt> {
        let mut lineage = vec![class];
        let mut next = 0;
        while next < lineage.len() && lineage.len() < 16 {
            self.rests_on.insert(Basis::Lineage(lineage[next]));
            for &base in self.bases(lineage[next]) {
                if !lineage.contains(&base) {
                    lineage.push(base);
                }
            }
            next += 1;
        }
        lineage
    }

    /// A part of an instance; seen through `this`, subclasses may have filled it.
    pub fn instance(&mut self, state: State, class: ClassAt, open: bool) {
        let before = self.moves.len();
        self.rests_on.insert(Basis::Lineage(class));
        let lineage = self.lineage(class);
        for &at in &lineage {
            self.stored(state, &Site::Instances(at));
            // A method of the subclass replaces the one that it inherits.
            if self.members(state, at, false) {
                break;
            }
        }
        if open {
            let subclasses = self.world.graph.subclasses.get(&class).cloned().unwrap_or_default();
            for at in subclasses {
                self.members(state, at, false);
                self.stored(state, &Site::Instances(at));
            }
        }
        if self.moves.len() == before {
            match self.tables.rest(state.path) {
                Some((Key::Name(name), rest)) if name == "props" => self.end(Move::Formal(Formal::Props(class, rest))),
                _ => self.inherited(state, &lineage),
            }
        }
    }

    /// A member that no class of the project declares: the SDK's class that it extends may.
    fn inherited(&mut self, state: State, lineage: &[ClassAt]) {
        let world = self.world;
        for at in lineage {
            if let Some(base) = world.project.class(*at).extends {
                let made = self.handles(State::whole(At { file: at.file, value: base }));
                let instances: Vec<_> = made.iter().flat_map(|handle| world.catalog.result(handle)).collect();
                self.walk(state, &instances, state.path);
            }
        }
        self.end(Move::Unknown);
    }

    fn class(&mut self, state: State, class: ClassAt) {
        if self.whole(state) {
            return self.end(Move::Class(class));
        }
        for at in self.lineage(class) {
            self.members(state, at, true);
            self.stored(state, &Site::Class(at));
        }
    }

    /// Steps to the members that are asked for; returns whether a method was.
    fn members(&mut self, state: State, class: ClassAt, is_static: bool) -> bool {
        let mut method = false;
        let world = self.world;
        let (wanted, rest) = match self.tables.rest(state.path) {
            Some((key, rest)) => (Some(key), rest),
            None => (None, state.path),
        };
        for member in &world.project.class(class).members {
            let key = Key::Name(member.key.clone());
            let field = member.kind == MemberKind::Field;
            let named = wanted.as_ref().map_or(field, |wanted| *wanted == key);
            if named && member.is_static == is_static && self.tables.filter(state.filter).lets(&key) {
                let hop = if wanted.is_some() { Hop::Field(member.key.clone()) } else { Hop::Stored(key) };
                self.class_member(State { path: rest, filter: ALL_KEYS, ..state }, class, member, &hop);
                method |= member.kind == MemberKind::Method;
            }
        }
        method
    }

    fn class_member(&mut self, state: State, class: ClassAt, member: &'w ClassMember, hop: &Hop) {
        let at = At { file: class.file, value: member.value };
        let state = state.at(at);
        match member.kind {
            MemberKind::Method | MemberKind::Field => {
                if !matches!(self.world.project.value(at), Value::Literal(Literal::Nothing)) {
                    self.to(state, hop.clone());
                }
            }
            MemberKind::Getter => {
                if let Value::Function(function) = self.world.project.value(at) {
                    for &value in &self.world.project.facts(at.file).function(*function).returns {
                        self.to(state.at(At { file: at.file, value }), hop.clone());
                    }
                }
            }
            MemberKind::Setter => {}
        }
        if let Some(annotation) = member.annotation {
            self.typed(state, annotation);
        }
    }

    // ── modules ──

    fn import(&mut self, state: State, import: crate::facts::ImportId) {
        let world = self.world;
        let facts = world.project.facts(state.at.file);
        let imported = &facts.import(import).name;
        match world.project.module(state.at.file, import) {
            Module::File(file) => self.import_file(state, *file, imported),
            Module::Package(package) => self.import_package(state, package, imported),
            Module::Unknown => self.end(Move::Unknown),
        }
    }

    fn import_file(&mut self, state: State, file: FileId, imported: &Imported) {
        if self.world.project.unit(file).is_none() {
            self.not_read(file);
            return self.end(Move::Unread(file));
        }
        match imported {
            Imported::Named(name) => self.exports(state, file, name, state.path),
            Imported::Default => {
                self.exports(state, file, "default", state.path);
                self.exports(state, file, crate::facts::COMMON_JS_EXPORT, state.path);
            }
            Imported::Namespace | Imported::CommonJs => {
                self.exports(state, file, crate::facts::COMMON_JS_EXPORT, state.path);
                if let Some((Key::Name(name), rest)) = self.tables.rest(state.path) {
                    self.exports(state, file, &name, rest);
                    if name == "default" {
                        self.exports(state, file, crate::facts::COMMON_JS_EXPORT, rest);
                    }
                }
            }
        }
    }

    /// What a file exports under a name, through any number of re-exports.
    fn exports(&mut self, state: State, file: FileId, name: &str, path: PathId) {
        let world = self.world;
        let mut work = vec![(file, SmolStr::new(name))];
        let mut seen = Vec::new();
        while let Some((file, name)) = work.pop() {
            if seen.contains(&(file, name.clone())) {
                continue;
            }
            seen.push((file, name.clone()));
            if world.project.unit(file).is_none() {
                self.not_read(file);
                self.end(Move::Unread(file));
                continue;
            }
            for exported in world.project.exported(file, &name) {
                match exported {
                    Exported::Value(at) => {
                        self.to(State { at, path, calls: NO_CALLS, filter: state.filter }, Hop::Imported);
                    }
                    Exported::Import(from, import) => {
                        let imported = &world.project.facts(from).import(import).name;
                        match (world.project.module(from, import), imported) {
                            (Module::File(next), Imported::Named(name)) => work.push((*next, name.clone())),
                            (Module::File(next), Imported::Default) => work.push((*next, "default".into())),
                            (Module::File(next), imported) => {
                                self.import_file(State { path, ..state }, *next, imported);
                            }
                            (Module::Package(package), imported) => {
                                self.import_package(State { path, ..state }, package, imported);
                            }
                            (Module::Unknown, _) => self.end(Move::Unknown),
                        }
                    }
                    Exported::Star(Module::File(next)) => work.push((next, name.clone())),
                    Exported::Star(Module::Package(package)) => {
                        let imported = Imported::Named(name.clone());
                        self.import_package(State { path, ..state }, &package, &imported);
                    }
                    Exported::Star(Module::Unknown) => {}
                }
            }
        }
    }

    fn import_package(&mut self, state: State, package: &str, imported: &Imported) {
        let catalog = self.world.catalog;
        match imported {
            Imported::Named(name) => self.walk(state, &catalog.export(package, Some(name)), state.path),
            Imported::Default => self.walk(state, &catalog.export(package, Some("default")), state.path),
            Imported::Namespace | Imported::CommonJs => match self.tables.rest(state.path) {
                None => self.walk(state, &catalog.export(package, None), state.path),
                Some((key, rest)) => {
                    let named = key.as_name().map(|name| catalog.export(package, Some(name))).unwrap_or_default();
                    if named.is_empty() {
                        self.walk(state, &catalog.export(package, Some("default")), state.path);
                    } else {
                        self.walk(state, &named, rest);
                    }
                }
            },
        }
    }

    fn global(&mut self, state: State, name: &str) {
        if matches!(name, "window" | "globalThis" | "self" | "global" | "top" | "parent") {
            return match self.tables.rest(state.path) {
                Some((Key::Name(inner), rest)) => {
                    let inner = inner.clone();
                    self.global_named(State { path: rest, ..state }, &inner);
                }
                _ => self.end(Move::Unknown),
            };
        }
        if name == "arguments" {
            let owner = self.world.project.owner(state.at);
            return match self.tables.frame(state.calls).filter(|frame| frame.function == owner) {
                Some(frame) => {
                    self.filled(State { calls: frame.outer, ..state }, frame.call, frame.mode, 0, true);
                }
                None => self.end(Move::Unknown),
            };
        }
        self.global_named(state, name);
    }

    fn global_named(&mut self, state: State, name: &str) {
        let before = self.moves.len();
        let longer = self.tables.within(state.path, Key::name(name));
        self.stored(State { path: longer, ..state }, &Site::Global);
        let stored = self.moves.len() > before;
        let handles = self.world.catalog.global(name);
        if !handles.is_empty() || !stored {
            self.walk(state, &handles, state.path);
        }
    }

    /// Follows a path through the members of SDK or library objects.
    pub(super) fn walk(&mut self, state: State, handles: &[Handle], path: PathId) {
        let catalog = self.world.catalog;
        let keys = self.tables.path(path).0.clone();
        let mut found = false;
        for handle in handles {
            let mut at = handle.clone();
            let mut used = 0;
            let mut yields = catalog.read(&at);
            for key in &keys {
                let Some(next) = catalog.member(&at, key) else { break };
                at = next;
                used += 1;
                yields = catalog.read(&at).or(yields);
            }
            if let Some(category) = yields {
                found = true;
                self.end(Move::Yields(category));
            } else if used == keys.len() {
                found = true;
                self.end(Move::Handle(at));
            }
        }
        if !found {
            self.end(Move::Unknown);
        }
        let _ = state;
    }

    // ── calls ──

    /// What a call may enter, as far as it is known.
    pub fn callees(&mut self, call: At) -> &'w [Callee] {
        self.rests_on.insert(Basis::Callees(call));
        let graph = self.world.graph;
        graph.callees.get(&call).map_or(&[], Vec::as_slice)
    }

    fn call(&mut self, state: State) {
        let world = self.world;
        let Value::Call(made) = world.project.value(state.at) else { return };
        let callees = self.callees(state.at);
        let mut known = false;
        for callee in callees {
            match callee {
                Callee::Function { at, mode: Mode::Bind, made_in } => {
                    known = true;
                    if self.whole(state) {
                        let calls = self.remembered(made_in);
                        self.end(Move::Function(*at, Mode::Bound(state.at), calls));
                    } else {
                        self.receiver(state, state.at);
                    }
                }
                Callee::Function { at, .. } if made.kind == CallKind::New => {
                    known = true;
                    self.stored(state, &Site::Made(*at));
                    self.made_by_function(state, At { file: state.at.file, value: made.callee });
                }
                Callee::Function { at, mode, made_in } => {
                    known = true;
                    if made.kind != CallKind::Jsx {
                        self.returns(state, *at, *mode, made_in);
                    }
                }
                Callee::Class(class) => {
                    known = true;
                    self.new_instance(state, *class);
                }
                Callee::Handle(handle) => known |= self.library_call(state, handle),
                Callee::Part(site, path) => known |= self.part_result(state, *site, path),
            }
        }
        self.stored(state, &Site::Value(state.at));
        if !known {
            self.end(Move::Call);
        }
    }

    /// Enters a function from its call and looks at what it returns.
    fn returns(&mut self, state: State, function: FunctionAt, mode: Mode, made_in: &[(At, FunctionAt)]) {
        let made_in = self.remembered(made_in);
        let frame = Frame { call: state.at, function, mode, made_in, outer: state.calls };
        let calls = self.tables.enter(frame);
        self.results(State { calls, ..state }, function);
    }

    fn results(&mut self, state: State, function: FunctionAt) {
        let world = self.world;
        let facts = world.project.function(function);
        let place = |value| At { file: function.file, value };
        for &value in &facts.returns {
            self.to(state.at(place(value)), Hop::Returned(function));
        }
        if let Some((Key::Any | Key::Index(_), rest)) = self.tables.rest(state.path) {
            for &value in &facts.yields {
                self.to(State { path: rest, ..state.at(place(value)) }, Hop::Returned(function));
            }
        }
        if facts.returns.is_empty() && facts.yields.is_empty() {
            self.end(Move::Clean(None));
        }
    }

    pub(super) fn remembered(&mut self, made_in: &[(At, FunctionAt)]) -> CallsId {
        made_in.iter().rev().fold(NO_CALLS, |outer, &(call, function)| {
            self.tables.enter(Frame { call, function, mode: Mode::Direct, made_in: NO_CALLS, outer })
        })
    }

    fn new_instance(&mut self, state: State, class: ClassAt) {
        let mut calls = state.calls;
        let lineage = self.lineage(class);
        let constructor = lineage.iter().find_map(|at| {
            let constructor = self.world.project.class(*at).constructor?;
            Some(FunctionAt { file: at.file, function: constructor })
        });
        if let Some(function) = constructor {
            let frame = Frame { call: state.at, function, mode: Mode::Direct, made_in: NO_CALLS, outer: state.calls };
            calls = self.tables.enter(frame);
        }
        self.instance_through(State { calls, ..state }, class);
    }

    /// A part of the instance that one construction made.
    fn instance_through(&mut self, state: State, class: ClassAt) {
        let before = self.moves.len();
        self.instance(state, class, false);
        // What methods stored was said for any caller; what the constructor stored came through this construction.
        for index in before..self.moves.len() {
            if let Move::To(next, _) = &mut self.moves[index]
                && next.calls == NO_CALLS
                && self.world.project.owner(next.at).file == class.file
                && Some(self.world.project.owner(next.at).function) == self.world.project.class(class).constructor
            {
                next.calls = state.calls;
            }
        }
    }

    /// Goes by the declared type where it names an SDK's or the project's class.
    fn typed(&mut self, state: State, annotation: TypeId) {
        if !self.whole(state) {
            self.by_type(state, annotation);
        }
    }
}
