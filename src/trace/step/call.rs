//! Calls: what they return, make or hand over.

use crate::base::Key;
use crate::facts::CallKind;
use crate::facts::Literal;
use crate::facts::TypeId;
use crate::facts::TypeRef;
use crate::facts::Value;
use crate::link::project::At;
use crate::link::project::ClassAt;
use crate::link::project::FunctionAt;
use crate::trace::graph::Callee;
use crate::trace::graph::Site;
use crate::trace::state::CallsId;
use crate::trace::state::Frame;
use crate::trace::state::Mode;
use crate::trace::state::NO_CALLS;
use crate::trace::state::State;
use crate::trace::step::Basis;
use crate::trace::step::Hop;
use crate::trace::step::Move;
use crate::trace::step::Stepper;
use smol_str::SmolStr;

/// Methods that give a part of a text, or a text made of parts.
const CUTS: [&str; 9] =
    ["replace", "replaceAll", "slice", "substring", "substr", "join", "concat", "padStart", "padEnd"];

impl<'w> Stepper<'w> {
    /// What a call may enter, as far as it is known.
    pub fn callees(&mut self, call: At) -> &'w [Callee] {
        self.rests_on.insert(Basis::Callees(call));
        let graph = self.world.graph;
        graph.callees.get(&call).map_or(&[], Vec::as_slice)
    }

    pub(super) fn call(&mut self, state: State) {
        let world = self.world;
        let Value::Call(made) = world.project.value(state.at) else { return };
        let callees = self.callees_in_context(state);
        let callees = &callees[..];
        if callees.iter().any(|callee| self.is_sanitizer(callee)) || self.is_starred(state.at) {
            return self.end(Move::Clean(None));
        }
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
                Callee::Function { at, made_in, .. } if made.kind == CallKind::New => {
                    known = true;
                    self.new_of_function(state, *at, made_in, At { file: state.at.file, value: made.callee });
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

    /// Whether the project says of a function of its own that its result tells nothing.
    fn is_sanitizer(&self, callee: &Callee) -> bool {
        let Callee::Function { at, .. } = callee else { return false };
        let name = self.world.project.function(*at).name.as_deref();
        name.is_some_and(|name| {
            self.world.catalog.sanitizes(name) || self.world.words.names_pseudonym(name) && self.cuts_text(*at)
        })
    }

    /// Whether a function gives text that it made of a part of what it got. A record with fewer fields is no mask.
    fn cuts_text(&self, function: FunctionAt) -> bool {
        let facts = self.world.project.facts(function.file);
        let mut work = facts.function(function.function).returns.clone();
        let mut made = false;
        for _ in 0..32 {
            let Some(value) = work.pop() else { break };
            match facts.value(value) {
                Value::Concat(_) => made = true,
                Value::Call(call) => match facts.value(call.callee) {
                    Value::Member { key: Key::Name(name), .. } if CUTS.contains(&name.as_str()) => made = true,
                    _ => return false,
                },
                Value::Object(_) | Value::Rest { .. } | Value::Remove { .. } | Value::Update { .. } => return false,
                Value::Choice(options) => work.extend(options),
                Value::Typed { value, .. } | Value::Read { value: Some(value), .. } => work.push(*value),
                _ => {}
            }
        }
        made
    }

    /// `text.replace(/./g, "*")`: what the pattern matches is hidden.
    fn is_starred(&self, call: At) -> bool {
        let facts = self.world.project.facts(call.file);
        let Value::Call(made) = facts.value(call.value) else { return false };
        let [pattern, by] = &made.arguments[..] else { return false };
        let Value::Member { key: Key::Name(name), .. } = facts.value(made.callee) else { return false };
        let star = |c: char| matches!(c, '*' | '•' | '●' | '█');
        // `"$1***@"` keeps a letter.
        let stars = |text: &SmolStr| {
            let count = text.chars().filter(|&c| star(c)).count();
            count > 1 || count == 1 && text.chars().all(star)
        };
        matches!(name.as_str(), "replace" | "replaceAll")
            && matches!(facts.value(pattern.value), Value::Literal(Literal::Pattern))
            && facts.text(by.value).is_some_and(stars)
    }

    /// Enters a function from its call and looks at what it returns.
    pub(super) fn returns(&mut self, state: State, function: FunctionAt, mode: Mode, made_in: &[(At, FunctionAt)]) {
        let calls = self.entered_from((state.at, state.calls), (function, mode), made_in);
        self.results(State { calls, ..state }, function);
    }

    pub(super) fn results(&mut self, state: State, function: FunctionAt) {
        let world = self.world;
        let facts = world.project.function(function);
        let place = |value| At { file: function.file, value };
        let part = self.tables.rest(state.path);
        let iterated = matches!(part, Some((Key::Any | Key::Index(_), _))) && !facts.yields.is_empty();
        // Who iterates over a generator never sees what it returns.
        for &value in facts.returns.iter().filter(|_| !iterated) {
            self.to(state.at(place(value)), Hop::Returned(function));
        }
        match part {
            Some((Key::Any | Key::Index(_), rest)) => {
                for &value in &facts.yields {
                    self.to(State { path: rest, ..state.at(place(value)) }, Hop::Returned(function));
                }
            }
            Some((part, rest)) if part.is_rejection() => {
                for &value in &facts.throws {
                    self.to(State { path: rest, ..state.at(place(value)) }, Hop::Returned(function));
                }
            }
            _ => {}
        }
        if facts.returns.is_empty() && facts.yields.is_empty() {
            self.end(Move::Clean(None));
        }
    }

    /// What was thrown in the body of a `try`, by itself or by the functions that are called there; and what nobody
    /// sees.
    pub(super) fn caught(&mut self, state: State, thrown: &[crate::facts::ValueId]) {
        for &value in thrown {
            let at = At { file: state.at.file, value };
            if !matches!(self.world.project.value(at), Value::Call(_)) {
                self.to(state.at(at), Hop::Same);
                continue;
            }
            for callee in self.callees(at) {
                let Callee::Function { at: function, mode, made_in } = callee else { continue };
                let throws = &self.world.project.function(*function).throws;
                if !throws.is_empty() {
                    let calls = self.entered_from((at, state.calls), (*function, *mode), made_in);
                    for &value in throws {
                        let at = At { file: function.file, value };
                        self.to(State { calls, ..state.at(at) }, Hop::Returned(*function));
                    }
                }
            }
        }
        self.end(Move::Unknown);
    }

    pub(super) fn new_instance(&mut self, state: State, class: ClassAt) {
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
    pub(super) fn instance_through(&mut self, state: State, class: ClassAt) {
        let before = self.moves.len();
        self.instance(state, class, false);
        if let Some(function) = self.world.project.class(class).constructor {
            self.came_through(before, state.calls, FunctionAt { file: class.file, function });
        }
    }

    /// A part of what one construction by a plain function made.
    fn new_of_function(&mut self, state: State, function: FunctionAt, made_in: &[(At, FunctionAt)], constructor: At) {
        let before = self.moves.len();
        self.stored(state, &Site::Made(function));
        self.made_by_function(state, constructor);
        let calls = self.entered_from((state.at, state.calls), (function, Mode::Direct), made_in);
        self.came_through(before, calls, function);
    }

    /// What methods stored was said for any caller; what the constructor stored came through this construction.
    fn came_through(&mut self, before: usize, calls: CallsId, constructor: FunctionAt) {
        for index in before..self.moves.len() {
            if let Move::To(next, _) = &self.moves[index]
                && next.calls == NO_CALLS
                && self.encloses(constructor, self.world.project.owner(next.at))
                && let Move::To(next, _) = &mut self.moves[index]
            {
                next.calls = calls;
            }
        }
    }

    /// Goes by the declared type where it names an SDK's or the project's class.
    pub(super) fn typed(&mut self, state: State, annotation: TypeId) {
        if self.whole(state) {
            let facts = self.world.project.facts(state.at.file);
            self.whole_by_type(state, &facts.types[annotation.index()]);
        } else {
            self.by_type(state, annotation);
        }
    }

    /// An SDK's object as a whole, by a type that the file itself imports from the SDK: it may be called or written to.
    fn whole_by_type(&mut self, state: State, annotation: &TypeRef) {
        match annotation {
            TypeRef::Named(name, _) => {
                let world = self.world;
                let Some((package, name)) = world.project.package_type(state.at.file, name) else { return };
                let handles = world.catalog.type_of(package, name);
                if !handles.is_empty() {
                    self.walk(state, &handles, state.path);
                }
            }
            TypeRef::Several(parts) => parts.iter().for_each(|part| self.whole_by_type(state, part)),
            _ => {}
        }
    }
}
