//! Calls: what they return, make or hand over.

use std::collections::VecDeque;

use crate::base::Key;
use crate::facts::CallKind;
use crate::facts::Literal;
use crate::facts::Thrown;
use crate::facts::TypeId;
use crate::facts::TypeRef;
use crate::facts::Value;
use crate::link::project::At;
use crate::link::project::ClassAt;
use crate::link::project::FileId;
use crate::link::project::FunctionAt;
use crate::trace::bounds;
use crate::trace::graph::Callee;
use crate::trace::graph::Site;
use crate::trace::owners::Entered;
use crate::trace::state::CallsId;
use crate::trace::state::Frame;
use crate::trace::state::Mode;
use crate::trace::state::NO_CALLS;
use crate::trace::state::State;
use crate::trace::step::Basis;
use crate::trace::step::Hop;
use crate::trace::step::Move;
use crate::trace::step::Stepper;
use rustc_hash::FxHashSet;
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
                        self.receiver(state, state.at, Mode::Direct);
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
        if part.is_none() {
            for &value in &facts.yields {
                self.to(state.at(place(value)), Hop::Returned(function));
            }
        }
        match part {
            Some((Key::Any | Key::Index(_), rest)) => {
                for &value in &facts.yields {
                    self.to(State { path: rest, ..state.at(place(value)) }, Hop::Returned(function));
                }
            }
            Some((part, rest)) if part.is_rejection() => {
                self.thrown(State { path: rest, ..state }, function.file, &facts.throws);
            }
            _ => {}
        }
        if facts.returns.is_empty() && facts.yields.is_empty() {
            self.end(Move::Clean(None));
        }
    }

    /// What was thrown in the body of a `try`, by itself or by the functions that are called there; and what nobody
    /// sees.
    pub(super) fn caught(&mut self, state: State, thrown: &'w [Thrown]) {
        self.thrown(state, state.at.file, thrown);
        self.end(Move::Unknown);
    }

    /// What a function throws, seen with the state's path and calls.
    pub(in crate::trace) fn thrown_by(&mut self, state: State, function: FunctionAt) -> Vec<State> {
        let before = std::mem::take(&mut self.moves);
        self.thrown(state, function.file, &self.world.project.function(function).throws);
        let made = std::mem::replace(&mut self.moves, before);
        made.into_iter().filter_map(|next| if let Move::To(state, _) = next { Some(state) } else { None }).collect()
    }

    /// What may be thrown, also by the functions that are called, and by those that they call.
    fn thrown(&mut self, state: State, file: FileId, thrown: &'w [Thrown]) {
        let world = self.world;
        // While the graph grows, a question must not rest on all that a program calls.
        let depth = if self.growing { 1 } else { bounds::THROW };
        let mut seen = FxHashSet::default();
        let mut work = VecDeque::from([(state, file, thrown, None, 0)]);
        while let Some((state, file, thrown, by, depth_here)) = work.pop_front() {
            let hop = |by: Option<FunctionAt>| by.map_or(Hop::Same, Hop::Thrown);
            for thrown in thrown {
                let at = At { file, value: thrown.value() };
                match thrown {
                    Thrown::Value(_) => self.to(state.at(at), hop(by)),
                    Thrown::Awaited(_) if depth > 1 => {
                        // A name or a call; what the project's own functions throw is met by their calls.
                        let path = self.tables.within(state.path, Key::rejection());
                        self.to(State { path, ..state.at(at) }, hop(by));
                    }
                    Thrown::Call(_) if depth_here < depth && seen.len() < bounds::THROWERS => {
                        for (function, mode, made_in) in self.run_by(at) {
                            let throws = &world.project.function(function).throws[..];
                            if !throws.is_empty() && seen.insert((at, function)) {
                                let calls = self.entered_from((at, state.calls), (function, mode), &made_in);
                                let state = State { calls, ..state };
                                work.push_back((state, function.file, throws, Some(function), depth_here + 1));
                            }
                        }
                    }
                    Thrown::Call(_) | Thrown::Awaited(_) => {}
                }
            }
        }
        self.fuel = self.fuel.saturating_sub(seen.len());
    }

    /// The functions that run before a call is over: those that it enters, and those that a library is given in it.
    fn run_by(&mut self, call: At) -> Vec<(FunctionAt, Mode, Entered)> {
        let world = self.world;
        let mut found = Vec::new();
        let mut library = false;
        for callee in self.callees(call) {
            match callee {
                Callee::Function { at, mode, made_in } => found.push((*at, *mode, made_in.clone())),
                Callee::Handle(_) => library = true,
                _ => {}
            }
        }
        if let (true, Value::Call(made)) = (library, world.project.value(call)) {
            for item in &made.arguments {
                if let Value::Function(function) = world.project.facts(call.file).value(item.value) {
                    let at = FunctionAt { file: call.file, function: *function };
                    let callers = world.graph.callers.get(&at).into_iter().flatten();
                    found.extend(callers.filter(|caller| caller.call == call).map(|by| (at, by.mode, Vec::new())));
                }
            }
        }
        found
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
        // The type of a promise says nothing of its rejection.
        if self.tables.path(state.path).0.first().is_some_and(Key::is_rejection) {
            return;
        }
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
