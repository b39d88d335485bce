//! Ports of a library's call: which values of the program stand there.
//!
//! A port is walked from its anchor step by step: into parts, into what a function returns, and to what something is
//! called with, be it a function of the program or an object that the library made.

use super::{
    bounds,
    graph::Callee,
    library::{RESULT, is_named, is_result},
    state::{ALL_KEYS, Mode, NO_CALLS, PathId, State, WHOLE},
    step::{Basis, Stepper},
};
use crate::{
    base::{Key, Path},
    catalog::port::{Anchor, Port, Suffix},
    facts::{RECEIVER, Value},
    link::project::{At, FunctionAt},
};

/// A place on the way along a port.
#[derive(Debug, Clone, Copy)]
struct Spot {
    state: State,
    /// Whether the value is an object of the library, whose calls are known as calls of its parts.
    made: bool,
    /// The call, and which argument of it, by which the library got hold of the value.
    by: (At, u32),
    /// How many steps of the port come before that argument.
    since: usize,
    /// Whether the state is the answer as it stands: what is thrown has no further parts to go along.
    done: bool,
}

impl Stepper<'_> {
    /// The arguments that an anchor means on a call, and its receiver.
    pub(super) fn given(&self, call: At, anchor: &Anchor) -> Vec<Anchor> {
        match (anchor, self.world.project.value(call)) {
            (Anchor::Arguments, Value::Call(made)) => {
                let count = u32::try_from(made.arguments.len()).unwrap_or(0);
                (0..count).map(Anchor::Argument).collect()
            }
            (Anchor::Argument(_) | Anchor::This, _) => vec![anchor.clone()],
            _ => Vec::new(),
        }
    }

    /// The values at a port of a call, seen with `state`'s path, calls and filter; `same` is the one call of a part of
    /// the result that is meant, where that is known.
    pub(super) fn port(&mut self, state: State, call: At, port: &Port, same: Option<State>) -> Vec<State> {
        let world = self.world;
        let Value::Call(made) = world.project.value(call) else { return Vec::new() };
        let place = |value| At { file: call.file, value };
        let renamed;
        let port = if port.suffix.iter().any(is_named) {
            renamed = Port { anchor: port.anchor.clone(), suffix: self.named(call, &port.suffix) };
            &renamed
        } else {
            port
        };
        let anchors: Vec<At> = match &port.anchor {
            Anchor::This => match world.project.facts(call.file).value(made.callee) {
                Value::Member { base, .. } => vec![place(*base)],
                _ => Vec::new(),
            },
            Anchor::Argument(index) => {
                made.arguments.get(*index as usize).map(|item| place(item.value)).into_iter().collect()
            }
            Anchor::Arguments => made.arguments.iter().map(|item| place(item.value)).collect(),
            Anchor::Return => vec![call],
            Anchor::Channel(name, key) => return self.channel(state, call, name, *key),
        };
        let made = port.anchor == Anchor::Return;
        let spots = anchors.into_iter().enumerate().map(|(index, at)| {
            let argument = match port.anchor {
                Anchor::Argument(argument) => argument,
                Anchor::Arguments => u32::try_from(index).unwrap_or(RECEIVER),
                _ => RECEIVER,
            };
            let state = State { path: WHOLE, filter: ALL_KEYS, ..state.at(at) };
            Spot { state, made, by: (call, argument), since: 0, done: false }
        });
        let (spots, suffix) = self.along(spots.collect(), port, state, same);
        let path = self.prefixed(state.path, suffix);
        let keys = self.tables.path(path).0.clone();
        let mut found = Vec::new();
        for spot in spots {
            if spot.done {
                found.push(spot.state);
                continue;
            }
            let path = if spot.state.path == WHOLE { path } else { self.joined(spot.state.path, &keys) };
            found.push(State { path, filter: state.filter, ..spot.state });
        }
        found
    }

    /// Goes along a port up to its last call. Returns what is there, and the parts that are left.
    fn along<'p>(
        &mut self,
        mut spots: Vec<Spot>,
        port: &'p Port,
        outer: State,
        same: Option<State>,
    ) -> (Vec<Spot>, &'p [Suffix]) {
        let (mut from, mut same) = (0, same);
        let last = port.suffix.iter().rposition(|step| !step.is_part());
        let thrown = self.prefixed(outer.path, last.map_or(&port.suffix[..], |last| &port.suffix[last + 1..]));
        let thrown = self.tables.rest(thrown).filter(|(key, _)| key.is_rejection()).map(|(_, rest)| rest);
        for (index, step) in port.suffix.iter().enumerate() {
            if step.is_part() {
                continue;
            }
            let parts = &port.suffix[from..index];
            spots.iter_mut().for_each(|spot| spot.state.path = self.followed_by(spot.state.path, parts));
            let mut next = Vec::new();
            for spot in spots {
                if let Suffix::Parameter(parameter) = step {
                    let passed = self.passed_at(spot, *parameter, same);
                    next.extend(passed.into_iter().map(|passed| Spot { since: index + 1, ..passed }));
                } else {
                    let hook = &port.suffix[spot.since..index];
                    let thrown = thrown.filter(|_| last == Some(index));
                    next.extend(self.returned_at(spot, hook, outer, thrown));
                }
            }
            spots = next;
            same = None;
            from = index + 1;
        }
        (spots, &port.suffix[from..])
    }

    /// The path to a part of what a path leads to.
    pub fn appended(&mut self, path: PathId, key: Key) -> PathId {
        self.joined(path, &[key])
    }

    fn joined(&mut self, path: PathId, keys: &[Key]) -> PathId {
        let mut all = self.tables.path(path).0.clone();
        all.extend(keys.iter().cloned());
        all.truncate(bounds::PATH);
        self.tables.path_id(&Path(all))
    }

    fn followed_by(&mut self, path: PathId, parts: &[Suffix]) -> PathId {
        let keys: Vec<Key> = parts.iter().filter_map(part_of).collect();
        self.joined(path, &keys)
    }

    fn prefixed(&mut self, path: PathId, parts: &[Suffix]) -> PathId {
        parts.iter().rev().fold(path, |path, step| match step {
            Suffix::Part(key) => self.tables.within(path, key.clone()),
            _ => path,
        })
    }

    /// The functions and the library's objects that a value may be, to be called.
    pub fn callables(&mut self, state: State) -> Vec<Callee> {
        let wanted = |callee: &&Callee| matches!(callee, Callee::Function { .. } | Callee::Part(..));
        self.enters(state).iter().filter(wanted).cloned().collect()
    }

    /// What the functions at a place return when the library calls them; `hook` leads there from where it got them.
    /// Where a rejection is wanted, also what they throw, and `thrown` is the part of it.
    fn returned_at(&mut self, spot: Spot, hook: &[Suffix], outer: State, thrown: Option<PathId>) -> Vec<Spot> {
        let hook = self.world.catalog.hook(hook).unwrap_or_default();
        let (call, argument) = spot.by;
        let mut found = Vec::new();
        for callee in self.callables(spot.state) {
            match callee {
                Callee::Function { at: function, mode, made_in } => {
                    let mode = mode.called_back(argument, hook);
                    let calls = self.entered_from((call, outer.calls), (function, mode), &made_in);
                    for &value in &self.world.project.function(function).returns {
                        let at = At { file: function.file, value };
                        let state = State { at, path: WHOLE, calls, filter: ALL_KEYS };
                        found.push(Spot { state, made: false, ..spot });
                    }
                    if let Some(path) = thrown {
                        let thrown = self.thrown_by(State { path, calls, ..outer }, function);
                        found.extend(thrown.into_iter().map(|state| Spot { state, done: true, ..spot }));
                    }
                }
                Callee::Part(at, path) => {
                    let mut keys = path.0;
                    keys.push(Key::name(RESULT));
                    let path = self.tables.path_id(&Path(keys));
                    let state = State { at, path, calls: NO_CALLS, filter: ALL_KEYS };
                    found.push(Spot { state, made: true, ..spot });
                }
                _ => {}
            }
        }
        found
    }

    /// What is passed as parameter `index` where the value at a place is called.
    fn passed_at(&mut self, spot: Spot, index: u32, same: Option<State>) -> Vec<Spot> {
        if let Some(same) = same {
            let states = self.filled_by(State { path: WHOLE, ..same }, same.at, Mode::Direct, index, false);
            let by = (same.at, index);
            return states.into_iter().map(|state| Spot { state, made: false, by, since: 0, done: false }).collect();
        }
        if spot.made {
            let path = self.tables.path(spot.state.path).clone();
            return self.passed_to_part(spot.state.at, &path, index);
        }
        let mut found = Vec::new();
        for callee in self.callables(spot.state) {
            match callee {
                Callee::Function { at, mode, .. } => {
                    let bound = if let Mode::Bound(bind) = mode { self.bound_count(bind) } else { 0 };
                    if let Some((at, element)) = self.parameter_of(at, index + bound) {
                        let path = element.map_or(WHOLE, |element| self.tables.within(WHOLE, element));
                        found.push(Spot { state: State { path, ..State::whole(at) }, made: true, ..spot });
                    }
                }
                Callee::Part(site, path) => found.extend(self.passed_to_part(site, &path, index)),
                _ => {}
            }
        }
        found
    }

    fn passed_to_part(&mut self, site: At, wanted: &Path, index: u32) -> Vec<Spot> {
        self.rests_on.insert(Basis::Parts(site));
        let graph = self.world.graph;
        let mut found = Vec::new();
        for (path, caller) in graph.part_calls.get(&site).into_iter().flatten() {
            if matches(path, wanted) {
                let states = self.nested(|stepper| {
                    stepper.filled_by(State::whole(caller.call), caller.call, caller.mode, index, false)
                });
                let by = (caller.call, index);
                found.extend(states.into_iter().map(|state| Spot { state, made: false, by, since: 0, done: false }));
            }
        }
        found
    }

    /// The value that stands for a parameter, and which element of it is meant where it takes all further arguments.
    fn parameter_of(&self, function: FunctionAt, index: u32) -> Option<(At, Option<Key>)> {
        let facts = self.world.project.facts(function.file);
        let parameters = &facts.function(function.function).parameters;
        let rest = parameters.iter().position(|parameter| parameter.rest).and_then(|rest| u32::try_from(rest).ok());
        let (index, element) = match rest.and_then(|rest| Some((rest, index.checked_sub(rest)?))) {
            Some((rest, offset)) => (rest, Some(Key::Index(offset))),
            None => (index, None),
        };
        let declared = parameters.get(index as usize)?.value;
        let is_it = |value: crate::facts::ValueId| {
            matches!(facts.value(value), Value::Parameter { function: own, index: at }
                if *own == function.function && *at == index)
        };
        let value = match facts.value(declared) {
            Value::Choice(options) => options.iter().copied().find(|&option| is_it(option))?,
            _ => declared,
        };
        is_it(value).then_some((At { file: function.file, value }, element))
    }
}

/// Whether a part of a value can be the wanted one.
fn matches(path: &Path, wanted: &Path) -> bool {
    let same =
        |(key, wanted): (&Key, &Key)| key == wanted || key.may_equal(wanted) && !is_result(key) && !is_result(wanted);
    path.0.len() == wanted.0.len() && path.0.iter().zip(&wanted.0).all(same)
}

fn part_of(step: &Suffix) -> Option<Key> {
    match step {
        Suffix::Part(key) => Some(key.clone()),
        _ => None,
    }
}
