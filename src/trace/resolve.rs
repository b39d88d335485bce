//! What an expression is, as far as calling it goes: functions, classes, SDK members; and which strings it may be.

use std::rc::Rc;

use smol_str::SmolStr;

use super::{
    bounds,
    graph::{Callee, Given, HandedOn},
    state::{CallsId, Mode, NO_CALLS, State, WHOLE},
    step::{Basis, Formal, Move, Stepper},
};
use crate::{
    base::Key,
    catalog::Handle,
    facts::{Literal, TypeId, TypeRef, Value},
    link::project::{At, ClassAt, FileId, FunctionAt, Module},
};

/// What an expression may be.
#[derive(Debug, Default)]
pub struct Resolved {
    /// What was found, sorted.
    pub callees: Vec<Callee>,
    /// By which call each function was given to the one that calls it, where it came as an argument; sorted.
    pub given: Vec<(FunctionAt, Option<Given>)>,
}

/// What a type name stands for.
#[derive(Debug, Clone)]
pub enum Meant {
    /// A class of the project.
    Class(ClassAt),
    /// An object of an SDK or a library.
    Handle(Handle),
    /// The type of this value.
    Value(At),
}

/// The strings that a value may be, and whether these are all.
pub(super) type Texts = (Vec<SmolStr>, bool);

/// Alternatives of a partly known string.
const UNKNOWN_PART: &str = "\u{0}";

/// What is asked on the way to what a value may be, each thing once, in the order of discovery. They are few (see
/// [`bounds::CALLEE`]): looking through them costs less than a hash table.
struct Work<T> {
    items: Vec<T>,
    taken: usize,
}

impl<T: Copy + PartialEq> Work<T> {
    fn from(start: T) -> Self {
        Self { items: vec![start], taken: 0 }
    }

    fn add(&mut self, item: T) {
        // One more than the bound tells that it was hit.
        if self.items.len() <= bounds::CALLEE && !self.items.contains(&item) {
            self.items.push(item);
        }
    }

    fn next(&mut self) -> Option<T> {
        let next = self.items.get(self.taken).copied()?;
        self.taken += 1;
        Some(next)
    }

    const fn is_cut(&self) -> bool {
        self.taken > bounds::CALLEE
    }
}

impl Stepper<'_> {
    /// What calling this value may enter.
    pub fn resolve(&mut self, start: State) -> Resolved {
        let mut resolved = Resolved::default();
        let mut work = Work::from((start, None));
        while let Some((state, given)) = work.next() {
            if work.is_cut() {
                self.cut = true;
                break;
            }
            for next in self.step(state) {
                self.resolve_move((state, given), next, &mut work, &mut resolved);
            }
        }
        resolved.callees.sort();
        resolved.callees.dedup();
        resolved.callees.truncate(bounds::CALLEES);
        resolved.given.sort();
        resolved.given.dedup();
        resolved
    }

    /// What a call may enter.
    pub fn resolve_called(&mut self, callee: At) -> Resolved {
        let world = self.world;
        self.method = match world.project.value(callee) {
            Value::Member { key: Key::Name(name), .. } if world.catalog.method(name).is_some() => Some(name),
            _ => None,
        };
        let resolved = self.resolve(State::whole(callee));
        self.method = None;
        resolved
    }

    fn resolve_move(
        &mut self,
        (state, given): (State, Option<Given>),
        next: Move,
        work: &mut Work<(State, Option<Given>)>,
        resolved: &mut Resolved,
    ) {
        match next {
            // What was stored in a function is another one.
            Move::To(_, hop) if self.is_callable(state.at) && self.leads_into(state, &hop) => {}
            Move::To(next, _) => work.add((next, given)),
            Move::Handle(handle) => resolved.callees.push(Callee::Handle(handle)),
            Move::Function(at, mode, calls) => {
                let made_in = self.made_in(calls);
                resolved.given.push((at, given));
                resolved.callees.push(Callee::Function { at, mode, made_in });
            }
            Move::Class(class) => resolved.callees.push(Callee::Class(class)),
            Move::Formal(formal) => {
                if self.is_called_back(formal) {
                    let path = self.tables.path(state.path).clone();
                    resolved.callees.push(Callee::Part(state.at, path));
                }
                for (by, state) in self.passed_by(state, formal) {
                    work.add((state, self.given_before(given, by)));
                }
            }
            Move::Part => {
                let path = self.tables.path(state.path).clone();
                resolved.callees.push(Callee::Part(state.at, path));
            }
            Move::Call => {
                let path = self.tables.path(state.path).clone();
                self.function_arguments(state).into_iter().for_each(|state| work.add((state, given)));
                resolved.callees.push(Callee::Part(state.at, path));
            }
            Move::Unknown | Move::Unread(_) | Move::Yields { .. } | Move::Object | Move::Clean(_) => {}
        }
    }

    /// What every known caller passes.
    pub fn passed_to(&mut self, state: State, formal: Formal) -> Vec<State> {
        self.passed_by(state, formal).into_iter().map(|(_, state)| state).collect()
    }

    /// What every known caller passes, and by which call.
    pub(super) fn passed_by(&mut self, state: State, formal: Formal) -> Vec<(Option<Given>, State)> {
        let world = self.world;
        let mut found = Vec::new();
        match formal {
            Formal::Parameter(function, index) => {
                self.rests_on.insert(Basis::Callers(function));
                let rest = self.is_rest(function, index);
                for caller in world.graph.callers.get(&function).into_iter().flatten() {
                    let by = Given { call: caller.call, function, mode: caller.mode, before: None };
                    let calls = self.around(state, function, caller);
                    let passed = self.filled_by(State { calls, ..state }, caller.call, caller.mode, index, rest);
                    found.extend(passed.into_iter().map(|state| (Some(by), state)));
                }
            }
            Formal::Props(class, path) => {
                self.rests_on.insert(Basis::Users(class));
                for &call in world.graph.users.get(&class).into_iter().flatten() {
                    let inner = State { path, calls: NO_CALLS, ..state };
                    let passed = self.filled_by(inner, call, Mode::Direct, 0, false);
                    found.extend(passed.into_iter().map(|state| (None, state)));
                }
            }
        }
        found
    }

    /// By which calls a function came to the one that calls it, where it came by one more than was known.
    fn given_before(&self, given: Option<Given>, by: Option<Given>) -> Option<Given> {
        let (Some(given), Some(by)) = (given, by) else { return given.or(by) };
        let follows = given.before.is_none() && self.encloses(by.function, self.world.project.owner(given.call));
        let before = HandedOn { call: by.call, function: by.function, mode: by.mode };
        Some(if follows { Given { before: Some(before), ..given } } else { given })
    }

    /// Whether a parameter takes all further arguments.
    #[must_use]
    pub fn is_rest(&self, function: FunctionAt, index: u32) -> bool {
        let parameters = &self.world.project.function(function).parameters;
        parameters.get(index as usize).is_some_and(|parameter| parameter.rest)
    }

    /// The states that a call puts into a parameter.
    pub fn filled_by(&mut self, state: State, call: At, mode: Mode, index: u32, rest: bool) -> Vec<State> {
        let before = std::mem::take(&mut self.moves);
        self.filled(state, call, mode, index, rest);
        let made = std::mem::replace(&mut self.moves, before);
        made.into_iter().filter_map(|next| if let Move::To(state, _) = next { Some(state) } else { None }).collect()
    }

    /// An unknown function that is given functions may give one of them back (`debounce(track)`).
    fn function_arguments(&mut self, state: State) -> Vec<State> {
        let world = self.world;
        if !self.tables.path(state.path).is_whole() {
            return Vec::new();
        }
        let Value::Call(made) = world.project.value(state.at) else { return Vec::new() };
        let places = made.arguments.iter().map(|item| At { file: state.at.file, value: item.value });
        places.filter(|at| self.may_be_function(*at)).map(|at| state.at(at)).collect()
    }

    fn is_callable(&self, at: At) -> bool {
        matches!(self.world.project.value(at), Value::Function(_) | Value::Class(_))
    }

    fn may_be_function(&self, at: At) -> bool {
        let facts = self.world.project.facts(at.file);
        match facts.value(at.value) {
            Value::Function(_) | Value::Class(_) => true,
            Value::Read { variable, .. } => {
                let variable = facts.variable(*variable);
                variable.writes.iter().any(|&write| matches!(facts.value(write), Value::Function(_) | Value::Class(_)))
            }
            _ => false,
        }
    }

    fn made_in(&self, calls: CallsId) -> Vec<(At, FunctionAt)> {
        let mut made_in = Vec::new();
        let mut calls = calls;
        while let Some(frame) = self.tables.frame(calls) {
            if frame.mode != Mode::Direct || made_in.len() >= 2 {
                break;
            }
            made_in.push((frame.call, frame.function));
            calls = frame.outer;
        }
        made_in
    }

    /// The functions that a value may be.
    pub fn functions(&mut self, state: State) -> Vec<(FunctionAt, Mode, CallsId)> {
        if let Some(known) = self.known_functions.get(&state) {
            return known.clone();
        }
        let mut found = Vec::new();
        for callee in &*self.enters(state) {
            if let Callee::Function { at, mode, made_in } = callee {
                let made_in = self.remembered(made_in);
                found.push((*at, *mode, made_in));
            }
        }
        self.known_functions.insert(state, found.clone());
        found
    }

    /// What calling a value may enter, asked in the middle of another question.
    pub(super) fn enters(&mut self, state: State) -> Rc<[Callee]> {
        let asked = (state, self.depth);
        if let Some(known) = self.known_called.get(&asked) {
            return Rc::clone(known);
        }
        let found: Rc<[Callee]> = self.nested(|stepper| stepper.resolve(state)).callees.into();
        if self.fuel > 0 {
            self.known_called.insert(asked, Rc::clone(&found));
        }
        found
    }

    /// The SDK members that a value may be.
    pub fn handles(&mut self, state: State) -> Vec<Handle> {
        let called = self.enters(state);
        let handles = called.iter();
        handles
            .filter_map(|callee| if let Callee::Handle(handle) = callee { Some(handle.clone()) } else { None })
            .collect()
    }

    /// The single value behind names and imports, for comparing identities.
    pub fn origin_of(&mut self, at: At) -> Option<At> {
        let mut at = at;
        for _ in 0..16 {
            let moves = self.nested(|stepper| stepper.step(State::whole(at)));
            let mut next =
                moves.into_iter().filter_map(|next| if let Move::To(state, _) = next { Some(state.at) } else { None });
            match (self.world.project.value(at), next.next(), next.next()) {
                (Value::Read { .. } | Value::Import(_) | Value::Typed { .. }, Some(only), None) => at = only,
                _ => return Some(at),
            }
        }
        Some(at)
    }

    /// Whether a library fills a parameter.
    fn is_called_back(&self, formal: Formal) -> bool {
        let Formal::Parameter(function, _) = formal else { return false };
        let callers = self.world.graph.callers.get(&function).into_iter().flatten();
        callers.into_iter().any(|caller| caller.mode.hook().is_some())
    }

    /// Runs a question in the middle of another; at the bound, the answer is that nothing is known.
    pub(super) fn nested<R: Default>(&mut self, question: impl FnOnce(&mut Self) -> R) -> R {
        if self.depth >= bounds::NESTING {
            return R::default();
        }
        self.depth += 1;
        let before = (std::mem::take(&mut self.moves), self.method.take());
        let answer = question(self);
        (self.moves, self.method) = before;
        self.depth -= 1;
        answer
    }

    /// The strings that a value may be, in the order of discovery.
    pub fn strings(&mut self, start: State) -> Vec<SmolStr> {
        let mut found: Vec<SmolStr> = Vec::new();
        for text in self.texts(start, 3) {
            if !text.contains(UNKNOWN_PART) && !found.contains(&text) {
                found.push(text);
            }
        }
        found
    }

    /// The strings that a value may be; what is unknown of one is a NUL character.
    pub fn texts(&mut self, start: State, depth: usize) -> Vec<SmolStr> {
        self.nested(|stepper| stepper.texts_here(start, depth))
    }

    /// The strings that a computed key may be, and whether these are all.
    pub(super) fn names(&mut self, start: State) -> (Vec<SmolStr>, bool) {
        let (texts, complete) = self.nested(|stepper| stepper.texts_told(start, 1));
        let (known, unknown): (Vec<_>, Vec<_>) = texts.into_iter().partition(|text| !text.contains(UNKNOWN_PART));
        (known, complete && unknown.is_empty())
    }

    fn texts_here(&mut self, start: State, depth: usize) -> Vec<SmolStr> {
        self.texts_told(start, depth).0
    }

    /// The strings that a value may be, and whether every trail ended in one.
    fn texts_told(&mut self, start: State, depth: usize) -> Texts {
        // Most are asked of a string that stands there.
        if let (Value::Literal(Literal::Text(text)), WHOLE) = (self.world.project.value(start.at), start.path) {
            return (vec![text.clone()], true);
        }
        let asked = (start, depth, self.depth);
        if let Some(known) = self.known_texts.get(&asked) {
            return known.clone();
        }
        let found = self.look_up_texts(start, depth);
        if self.fuel > 0 {
            self.known_texts.insert(asked, found.clone());
        }
        found
    }

    fn look_up_texts(&mut self, start: State, depth: usize) -> Texts {
        let mut complete = true;
        let mut found = Vec::new();
        let mut work = Work::from(start);
        while let Some(state) = work.next() {
            if work.is_cut() || found.len() >= bounds::STRINGS {
                complete = false;
                break;
            }
            let world = self.world;
            match world.project.value(state.at) {
                Value::Literal(Literal::Text(text)) if state.path == WHOLE => found.push(text.clone()),
                Value::Concat(parts) if state.path == WHOLE && depth > 0 => {
                    found.push(self.concatenated(state, parts, depth - 1));
                }
                _ => {
                    for next in self.step(state) {
                        match next {
                            Move::To(next, _) => work.add(next),
                            Move::Formal(formal) => {
                                let passed = self.passed_to(state, formal);
                                complete &= !passed.is_empty();
                                passed.into_iter().for_each(|state| work.add(state));
                            }
                            Move::Call => {
                                complete = false;
                                self.url_argument(state).into_iter().for_each(|state| work.add(state));
                            }
                            Move::Clean(_) => {}
                            _ => complete = false,
                        }
                    }
                }
            }
        }
        (found, complete)
    }

    /// `new URL(path, base)` is its parts.
    fn url_argument(&mut self, state: State) -> Vec<State> {
        let world = self.world;
        let Value::Call(made) = world.project.value(state.at) else { return Vec::new() };
        let facts = world.project.facts(state.at.file);
        let is_url = matches!(facts.value(made.callee), Value::Global(name) if name == "URL" || name == "Request");
        if !is_url || state.path != WHOLE {
            return Vec::new();
        }
        made.arguments.iter().rev().map(|item| state.at(At { file: state.at.file, value: item.value })).collect()
    }

    fn concatenated(&mut self, state: State, parts: &[crate::facts::ValueId], depth: usize) -> SmolStr {
        let mut text = String::new();
        for &part in parts {
            let at = At { file: state.at.file, value: part };
            let known = self.texts(state.at(at), depth).into_iter().next();
            text.push_str(known.as_deref().unwrap_or(UNKNOWN_PART));
        }
        text.into()
    }

    /// Follows a member of a value by the value's declared type.
    pub(super) fn by_type(&mut self, state: State, annotation: TypeId) {
        let world = self.world;
        let facts = world.project.facts(state.at.file);
        let mut annotation = &facts.types[annotation.index()];
        let mut state = state;
        // `{ client }: { client: Client }`
        while let Some((Key::Name(name), rest)) = self.tables.rest(state.path) {
            let members = match annotation {
                TypeRef::Object(members) => members,
                TypeRef::Named(own, _) => match facts.declarations.iter().find(|declared| declared.name == *own) {
                    Some(declared) => &declared.members,
                    None => break,
                },
                _ => break,
            };
            let Some((_, member)) = members.iter().find(|(key, _)| *key == name) else { break };
            annotation = member;
            state.path = rest;
        }
        for meant in self.meant_by(state.at.file, annotation, 4) {
            match meant {
                Meant::Class(class) => self.instance(State { calls: NO_CALLS, ..state }, class, true),
                Meant::Handle(handle) => self.walk(state, &[handle], state.path),
                Meant::Value(at) => self.moves.push(Move::To(state.anywhere(at), super::step::Hop::Same)),
            }
        }
    }

    fn meant_by(&mut self, file: FileId, annotation: &TypeRef, depth: usize) -> Vec<Meant> {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        match annotation {
            TypeRef::Named(name, arguments) => {
                let found = self.named_type(file, name, depth);
                match (found.is_empty(), arguments.first()) {
                    (true, Some(argument)) => self.meant_by(file, argument, depth),
                    _ => found,
                }
            }
            TypeRef::Several(parts) => parts.iter().flat_map(|part| self.meant_by(file, part, depth)).collect(),
            TypeRef::TypeOf(name) => {
                let facts = self.world.project.facts(file);
                let variable = facts.names.iter().find(|(known, _)| known == name).map(|(_, variable)| *variable);
                let writes = variable.map(|variable| facts.variable(variable).writes.clone()).unwrap_or_default();
                writes.into_iter().map(|value| Meant::Value(At { file, value })).collect()
            }
            _ => Vec::new(),
        }
    }

    fn named_type(&mut self, file: FileId, name: &str, depth: usize) -> Vec<Meant> {
        let asked = (file, SmolStr::new(name), depth);
        if let Some(known) = self.known_types.get(&asked) {
            return known.clone();
        }
        let found = self.look_up_type(file, name, depth);
        self.known_types.insert(asked, found.clone());
        found
    }

    fn look_up_type(&mut self, file: FileId, name: &str, depth: usize) -> Vec<Meant> {
        let world = self.world;
        let facts = world.project.facts(file);
        let class = facts.classes.iter().position(|class| class.name.as_deref() == Some(name));
        if let Some(index) = class {
            let class = crate::facts::ClassId(u32::try_from(index).unwrap_or(u32::MAX));
            return vec![Meant::Class(ClassAt { file, class })];
        }
        if let Some(declared) = facts.declarations.iter().find(|declared| declared.name == name) {
            self.rests_on.insert(Basis::Implementors(name.into()));
            let implementors = world.graph.implementors.get(name).into_iter().flatten();
            let mut found: Vec<_> = implementors.map(|&class| Meant::Class(class)).collect();
            for base in &declared.extends {
                found.extend(self.meant_by(file, base, depth));
            }
            return found;
        }
        let (head, member) = name.split_once('.').map_or((name, None), |(head, member)| (head, Some(member)));
        let Ok(at) = facts.names.binary_search_by(|(known, _)| known.as_str().cmp(head)) else {
            return Vec::new();
        };
        let writes = facts.variable(facts.names[at].1).writes.clone();
        writes.into_iter().flat_map(|value| self.imported_type(At { file, value }, member, depth)).collect()
    }

    fn imported_type(&mut self, at: At, member: Option<&str>, depth: usize) -> Vec<Meant> {
        let world = self.world;
        let Value::Import(import) = world.project.value(at) else { return Vec::new() };
        let imported = &world.project.facts(at.file).import(*import).name;
        let name = match (imported, member) {
            (_, Some(member)) => member,
            (crate::facts::Imported::Named(name), None) => name.as_str(),
            (_, None) => "default",
        };
        match world.project.module(at.file, *import) {
            Module::Package(package) => world.catalog.type_of(package, name).into_iter().map(Meant::Handle).collect(),
            Module::File(file) => self.type_in(*file, name, depth),
            Module::Unknown => Vec::new(),
        }
    }

    fn type_in(&mut self, file: FileId, name: &str, depth: usize) -> Vec<Meant> {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        let world = self.world;
        if world.project.unit(file).is_none() {
            self.not_read(file);
            return Vec::new();
        }
        let found = self.named_type(file, name, depth);
        if !found.is_empty() {
            return found;
        }
        let mut more = Vec::new();
        for exported in world.project.exported(file, name) {
            match exported {
                crate::link::project::Exported::Import(file, import) => {
                    if let Module::File(next) = world.project.module(file, import) {
                        more.extend(self.type_in(*next, name, depth));
                    }
                }
                crate::link::project::Exported::Star(Module::File(next)) => {
                    more.extend(self.type_in(next, name, depth));
                }
                crate::link::project::Exported::Value(at) => {
                    if let Value::Class(class) = world.project.value(at) {
                        more.push(Meant::Class(ClassAt { file: at.file, class: *class }));
                    }
                }
                crate::link::project::Exported::Star(_) => {}
            }
        }
        more
    }
}
