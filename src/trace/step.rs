//! One step backward: what a value is made of.
//!
//! The step is the same whether the engine asks where data come from or what a call enters. What differs is what each
//! question does at an end ([`Move::Handle`], [`Move::Formal`], [`Move::Call`] …).

mod call;
mod class;
mod context;
mod function;
mod module;
mod structure;

use std::{collections::BTreeSet, rc::Rc};

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{
    bounds,
    graph::{Callee, Site, World},
    resolve::{Meant, Texts},
    state::{CallsId, Mode, PathId, State, Tables},
    types::Record,
};
use crate::{
    base::{Category, Key},
    catalog::{Handle, VendorId, format::Clears},
    facts::{Literal, Property, Value, VariableId},
    link::project::{At, ClassAt, FileId, FunctionAt},
};

/// The sections of a component's options whose members `this` has.
const SECTIONS: [&str; 3] = ["data", "computed", "methods"];

/// How many values before a section its options object is looked for.
const OPTIONS_REACH: usize = 4_096;

/// The properties of an object that have a name.
pub(super) fn named(properties: &[Property]) -> impl Iterator<Item = (&str, crate::facts::ValueId)> {
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
    /// The part that is asked for may be what stands under a key that nobody knows.
    Guessed,
    /// Spread or copied into another object.
    Copied,
    /// Passed as an argument of this call.
    Argument(At),
    /// Returned by this function.
    Returned(FunctionAt),
    /// Thrown by this function, which is not what it says it returns.
    Thrown(FunctionAt),
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
    /// The value is this category, by the catalogue: it itself, or (if not `exact`) something that it is a part of.
    Yields {
        /// What it is.
        category: Category,
        /// Whether the very value is meant.
        exact: bool,
        /// Whose value it is.
        of: Option<VendorId>,
    },
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
    /// The classes that implement an interface of this name.
    Implementors(SmolStr),
    /// Functions of this name in sections that are called by name.
    Section(SmolStr),
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
    /// Whether the graph is still growing: then a question must not rest on more of it than it needs.
    pub growing: bool,
    pub(super) known_records: FxHashMap<(At, PathId), Option<Rc<Record>>>,
    pub(super) known_types: FxHashMap<(FileId, SmolStr, usize), Vec<Meant>>,
    pub(super) known_functions: FxHashMap<State, Vec<(FunctionAt, Mode, CallsId)>>,
    pub(super) known_callees: FxHashMap<(At, CallsId), Option<Vec<Callee>>>,
    /// What values may be when they are called, by the nesting in which that was asked.
    pub(super) known_called: FxHashMap<(State, usize), Rc<[Callee]>>,
    /// Which strings values may be, by the depth and the nesting in which that was asked.
    pub(super) known_texts: FxHashMap<(State, usize, usize), Texts>,
    /// Steps left for the question at hand.
    pub fuel: usize,
    /// Whether a search of the question at hand was cut off at a bound.
    pub cut: bool,
    /// Steps left for the payloads of the file at hand.
    pub budget: usize,
    /// The method that is called, if every list and string has one of its name.
    pub(super) method: Option<&'w SmolStr>,
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
            growing: false,
            known_records: FxHashMap::default(),
            known_types: FxHashMap::default(),
            known_functions: FxHashMap::default(),
            known_callees: FxHashMap::default(),
            known_called: FxHashMap::default(),
            known_texts: FxHashMap::default(),
            fuel: bounds::FUEL,
            cut: false,
            budget: bounds::FILE_FUEL,
            method: None,
            depth: 0,
        }
    }

    /// Forgets what was answered on the way to other answers, so that the next one notes all that it rests on.
    pub(super) fn forget(&mut self) {
        self.known_records.clear();
        self.known_types.clear();
        self.known_functions.clear();
        self.known_callees.clear();
        self.known_called.clear();
        self.known_texts.clear();
    }

    /// A part of what a state asks for.
    pub fn part(&mut self, state: State, keys: &[Key]) -> State {
        let mut path = self.tables.path(state.path).clone();
        path.0.extend(keys.iter().cloned());
        State { path: self.tables.path_id(&path), ..state }
    }

    /// What `state` is made of.
    pub fn step(&mut self, state: State) -> Vec<Move> {
        self.moves.clear();
        let Some(fuel) = self.fuel.checked_sub(1) else {
            self.cut = true;
            return Vec::new();
        };
        self.fuel = fuel;
        let world = self.world;
        self.value(state, world.project.value(state.at));
        // A hub that leads everywhere is work for many steps.
        self.fuel = self.fuel.saturating_sub(self.moves.len() / bounds::MOVES);
        std::mem::take(&mut self.moves)
    }

    /// Notes that a file would have to be looked into.
    pub(super) fn not_read(&mut self, file: FileId) {
        self.unread.insert(file);
        self.rests_on.insert(Basis::File(file));
    }

    pub(super) fn to(&mut self, state: State, hop: Hop) {
        if !self.is_barred(state) {
            self.moves.push(Move::To(state, hop));
        }
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
            Value::Caught(thrown) => self.caught(state, thrown),
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
        // Seen from inside a function within this one, whose own call nobody knows.
        for &write in &facts.variable(variable).outside_writes {
            self.to(state.at(Self::place(state, write)), Hop::Same);
        }
        self.filled_elsewhere(state, variable);
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
        self.filled_elsewhere(state, variable);
        self.variable_type(state, variable);
    }

    /// `var vendor;`, `var vendor = { event: [] };` at the top of a page's script: another script makes it the SDK.
    fn filled_elsewhere(&mut self, state: State, variable: VariableId) {
        let facts = self.world.project.facts(state.at.file);
        let variable = facts.variable(variable);
        let is_queue =
            |value: crate::facts::ValueId| matches!(facts.value(value), Value::Array(items) if items.is_empty());
        let stands_in = |&value: &crate::facts::ValueId| match facts.value(value) {
            Value::Object(properties) => named(properties).any(|(_, value)| is_queue(value)),
            _ => is_queue(value),
        };
        if variable.global && variable.outside_writes.is_empty() && variable.writes.iter().all(stands_in) {
            let handles = self.world.catalog.global(&variable.name);
            if !handles.is_empty() {
                self.walk(state, &handles, state.path);
            }
        }
    }

    fn variable_type(&mut self, state: State, variable: VariableId) {
        let facts = self.world.project.facts(state.at.file);
        if let Some(annotation) = facts.variable(variable).annotation {
            self.typed(state, annotation);
        }
    }
}
