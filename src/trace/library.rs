//! Calls of libraries: what goes in and comes out, as their models say.
//!
//! A library's call gives an object whose parts can be called in turn (`setState(x)`), and calls what it was given.
//! Neither has a body to step into: the model's flows connect them. The key [`RESULT`] in a path stands for what a
//! call of the value returns.

use smol_str::SmolStr;

use super::{
    graph::Callee,
    sdk::is_one_of,
    state::{ALL_KEYS, NO_CALLS, PathId, State, WHOLE},
    step::{Basis, Hop, Move, Stepper},
};
use crate::{
    base::{Category, Key, Path},
    catalog::{
        Handle, HookId, Signature,
        port::{Anchor, Flow, Port, Suffix},
    },
    facts::{RECEIVER, Value},
    link::project::{At, FunctionAt},
};

/// In an access path: what calling the value gives.
pub const RESULT: &str = "()";

/// A signature as it is seen from a part of what a library made or hands out.
pub struct PartSignature<'w> {
    /// The library's call.
    pub call: At,
    /// One of its signatures.
    pub signature: &'w Signature,
    anchor: Anchor,
    prefix: Vec<Suffix>,
}

impl PartSignature<'_> {
    /// What a port adds to this part; `None` where it is another part.
    #[must_use]
    pub fn within<'p>(&self, port: &'p Port) -> Option<&'p [Suffix]> {
        (port.anchor == self.anchor).then(|| strip(&port.suffix, &self.prefix)).flatten()
    }
}

impl<'w> Stepper<'w> {
    /// The signatures of a handle that fit a call.
    pub(super) fn signatures(&mut self, call: At, handle: &Handle) -> Vec<&'w Signature> {
        let world = self.world;
        let count = match world.project.value(call) {
            Value::Call(made) if made.arguments.iter().all(|item| !item.spread) => Some(made.arguments.len()),
            _ => None,
        };
        let all = world.catalog.call(handle).into_iter();
        let mut fitting: Vec<_> = all.filter(|signature| count.is_none_or(|count| signature.fits(count))).collect();
        if fitting.iter().any(|signature| !signature.given.is_empty()) {
            fitting = self.given_here(call, &fitting);
        }
        fitting
    }

    /// The signatures for what the arguments are, or those for any.
    fn given_here(&mut self, call: At, all: &[&'w Signature]) -> Vec<&'w Signature> {
        let mut chosen = Vec::new();
        for &signature in all.iter().filter(|signature| !signature.given.is_empty()) {
            let holds = |stepper: &mut Self, port: &Port, texts: &[SmolStr]| {
                let found = stepper.port_strings(call, port);
                !found.is_empty() && found.iter().all(|text| is_one_of(text, texts))
            };
            if signature.given.iter().all(|(port, texts)| holds(self, port, texts)) {
                chosen.push(signature);
            }
        }
        if chosen.is_empty() {
            chosen.extend(all.iter().copied().filter(|signature| signature.given.is_empty()));
        }
        chosen
    }

    /// A call of a library or an SDK. Returns whether the catalogue says what comes out.
    pub(super) fn library_call(&mut self, state: State, handle: &Handle) -> bool {
        let before = self.moves.len();
        let (mut known, mut modelled) = (false, false);
        for signature in self.signatures(state.at, handle) {
            if let Some(api) = signature.returns {
                known = true;
                self.walk(state, &[Handle { api, path: SmolStr::default() }], state.path);
            }
            if let Some(category) = signature.yields {
                known = true;
                let of = self.world.catalog.api(handle.api).vendor;
                self.end(Move::Yields { category, exact: false, of });
            }
            if let Some(port) = &signature.makes {
                known |= self.made_by(state, port);
            }
            known |= signature.plugins && self.plugin(state);
            if let Some(clears) = signature.clears() {
                known = true;
                self.end(Move::Clean(Some(clears)));
            }
            for flow in signature.flows.iter().filter(|flow| flow.to.anchor == Anchor::Return) {
                modelled = true;
                known |= self.through(state, (state.at, None), signature, flow, &flow.to.suffix);
            }
        }
        if modelled && !known {
            self.end(Move::Part);
        } else if known && self.moves.len() == before {
            // It comes from something that the library was given, of which nothing is known.
            self.end(Move::Part);
            self.end(Move::Unknown);
        }
        known || modelled
    }

    /// An instance of the class that stands at a port, be it the project's or an SDK's.
    fn made_by(&mut self, state: State, port: &Port) -> bool {
        let mut known = false;
        for class in self.port(State::whole(state.at), state.at, port, None) {
            let resolved = self.nested(|stepper| stepper.resolve(class));
            for callee in resolved.callees {
                match callee {
                    Callee::Class(class) => {
                        known = true;
                        self.instance(State { calls: NO_CALLS, ..state }, class, true);
                    }
                    Callee::Handle(class) => {
                        let signatures = self.world.catalog.call(&class);
                        for api in signatures.iter().filter_map(|signature| signature.returns) {
                            known = true;
                            self.walk(state, &[Handle { api, path: SmolStr::default() }], state.path);
                        }
                    }
                    _ => {}
                }
            }
        }
        known
    }

    /// What a library writes into something that it is given.
    pub(super) fn flows_into_argument(&mut self, state: State, call: At, signature: &'w Signature, argument: u32) {
        let anchor = if argument == RECEIVER { Anchor::This } else { Anchor::Argument(argument) };
        for flow in signature.flows.iter().filter(|flow| flow.to.anchor == anchor) {
            self.through(state, (call, None), signature, flow, &flow.to.suffix);
        }
    }

    /// What calling a part of something that a library made or handed out gives. Returns whether a model says so.
    pub(super) fn part_result(&mut self, state: State, site: At, path: &Path) -> bool {
        let mut known = false;
        for part in self.part_signatures(site, path) {
            let flows = &part.signature.flows;
            // Where a selector is given, what it returns comes out and not the whole store.
            let selected = flows.iter().any(|flow| is_same_call(flow) && self.gives_selector(state.at, &part, flow));
            for flow in flows.iter().filter(|flow| !selected || is_same_call(flow)) {
                if let Some([Suffix::Result, rest @ ..]) = part.within(&flow.to) {
                    known |= self.through(state, (part.call, Some(state)), part.signature, flow, rest);
                }
            }
        }
        known
    }

    /// Whether a call of a part of what a library made gives the function whose result comes out of the call.
    fn gives_selector(&self, call: At, part: &PartSignature<'_>, flow: &Flow) -> bool {
        let Value::Call(made) = self.world.project.value(call) else { return false };
        match (part.within(&flow.from), part.within(&flow.to)) {
            (Some([Suffix::Parameter(index), Suffix::Result]), Some([Suffix::Result])) => {
                made.arguments.get(*index as usize).is_some()
            }
            _ => false,
        }
    }

    /// What a library passes to parameter `index` of the function that it was given.
    pub(super) fn called_back(&mut self, state: State, call: At, (argument, hook): (u32, HookId), index: u32) {
        let before = self.moves.len();
        let hook = self.world.catalog.hook_steps(hook);
        let beyond = |suffix: &'w [Suffix]| match strip(suffix, hook)? {
            [Suffix::Parameter(own), rest @ ..] if *own == index => Some(rest),
            _ => None,
        };
        for callee in self.callees(call) {
            match callee {
                Callee::Handle(handle) => {
                    for signature in self.signatures(call, handle) {
                        for flow in &signature.flows {
                            let mine = match flow.to.anchor {
                                Anchor::Argument(own) => own == argument,
                                Anchor::Arguments => argument != RECEIVER,
                                Anchor::This => argument == RECEIVER,
                                _ => false,
                            };
                            if let (true, Some(rest)) = (mine, beyond(&flow.to.suffix)) {
                                self.through(state, (call, None), signature, flow, rest);
                            }
                        }
                    }
                }
                Callee::Part(site, path) => {
                    for part in self.part_signatures(*site, path) {
                        for flow in &part.signature.flows {
                            let given = match part.within(&flow.to) {
                                Some([Suffix::Parameter(own), rest @ ..]) if *own == argument => beyond(rest),
                                _ => None,
                            };
                            if let Some(rest) = given {
                                let same = State { at: call, ..state };
                                self.through(state, (part.call, Some(same)), part.signature, flow, rest);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        if self.moves.len() == before {
            self.end(Move::Unknown);
        }
    }

    /// The signatures that tell of a part of what a library's call gives, or of what a library hands to a callback.
    pub fn part_signatures(&mut self, site: At, path: &Path) -> Vec<PartSignature<'w>> {
        let parts: Vec<Suffix> = path.0.iter().map(suffix_of).collect();
        let mut found = Vec::new();
        match self.world.project.value(site) {
            Value::Call(_) => self.signatures_at(site, &Anchor::Return, &parts, &mut found),
            Value::Parameter { function, index } => {
                let function = FunctionAt { file: site.file, function: *function };
                self.rests_on.insert(Basis::Callers(function));
                let graph = self.world.graph;
                let (index, parts) = match &parts[..] {
                    [Suffix::Part(Key::Index(offset)), parts @ ..] if self.is_rest(function, *index) => {
                        (index + offset, parts)
                    }
                    parts => (*index, parts),
                };
                for caller in graph.callers.get(&function).into_iter().flatten() {
                    if let Some((argument, hook)) = caller.mode.hook() {
                        let mut prefix = self.world.catalog.hook_steps(hook).to_vec();
                        prefix.push(Suffix::Parameter(index));
                        prefix.extend(parts.iter().cloned());
                        self.signatures_at(caller.call, &Anchor::Argument(argument), &prefix, &mut found);
                    }
                }
            }
            _ => {}
        }
        found
    }

    fn signatures_at(&mut self, call: At, anchor: &Anchor, prefix: &[Suffix], found: &mut Vec<PartSignature<'w>>) {
        for callee in self.callees(call) {
            let Callee::Handle(handle) = callee else { continue };
            for signature in self.signatures(call, handle) {
                found.push(PartSignature { call, signature, anchor: anchor.clone(), prefix: prefix.to_vec() });
            }
        }
    }

    /// Goes backward through one flow of a library call: `suffix` is what the flow's end adds to where `state` is.
    /// `same` is the call of a part of the result through which it is seen. Returns whether the flow ends there.
    fn through(
        &mut self,
        state: State,
        (call, same): (At, Option<State>),
        signature: &'w Signature,
        flow: &'w Flow,
        suffix: &[Suffix],
    ) -> bool {
        let suffix = self.named(call, suffix);
        let whole = self.tables.path(state.path).is_whole();
        let named = suffix.last().filter(|_| whole && flow.to.suffix.iter().any(is_named));
        let hop = match named {
            Some(Suffix::Part(key)) => Hop::Stored(key.clone()),
            _ => Hop::Library(call),
        };
        let Some(rest) = self.beyond(state.path, &suffix) else { return false };
        let mut state = State { path: rest, ..state };
        if let Some(keep) = &signature.keep {
            let keys = self.port_strings(call, keep);
            match self.tables.path(rest).0.first() {
                Some(Key::Name(name)) if !keys.contains(name) => return true,
                Some(_) => {}
                None => state.filter = self.tables.only(state.filter, keys),
            }
        }
        if let Some(drop) = &signature.drop {
            let keys: Vec<Key> = self.port_strings(call, drop).into_iter().map(Key::Name).collect();
            match self.tables.path(rest).0.first() {
                Some(key) if keys.contains(key) => {
                    self.end(Move::Clean(None));
                    return true;
                }
                Some(_) => {}
                None => state.filter = self.tables.without(state.filter, &keys),
            }
        }
        let shared = same.filter(|_| is_same_call(flow));
        if same.is_some() {
            state.calls = NO_CALLS;
        }
        for next in self.port(state, call, &flow.from, shared) {
            self.to(next, hop.clone());
        }
        true
    }

    /// The receiver and the key, where a call reads a part of its receiver by name: `form.get("email")`.
    pub fn keyed_read(&mut self, call: At) -> Option<(At, SmolStr)> {
        let world = self.world;
        let Value::Call(made) = world.project.value(call) else { return None };
        let Value::Member { base, .. } = world.project.facts(call.file).value(made.callee) else { return None };
        let handles = self.callees(call).iter().filter_map(|callee| match callee {
            Callee::Handle(handle) => Some(handle),
            _ => None,
        });
        let signatures: Vec<_> = handles.flat_map(|handle| self.signatures(call, handle)).collect();
        let flows = signatures.iter().flat_map(|signature| &signature.flows);
        let part = flows.filter(|flow| flow.to.anchor == Anchor::Return && flow.to.suffix.is_empty());
        let part = part.filter(|flow| flow.from.anchor == Anchor::This);
        let part = part.map(|flow| &flow.from.suffix).find(|suffix| matches!(suffix[..], [Suffix::Named { .. }]))?;
        match &self.named(call, part)[..] {
            [Suffix::Part(Key::Name(key))] => Some((At { file: call.file, value: *base }, key.clone())),
            _ => None,
        }
    }

    /// The strings by which a call picks what it gives: `getElementById("email")`.
    pub fn picked_by(&mut self, call: At) -> Vec<SmolStr> {
        let mut found = Vec::new();
        for callee in self.callees(call) {
            let Callee::Handle(handle) = callee else { continue };
            for signature in self.world.catalog.call(handle) {
                if let Some(port) = &signature.names {
                    found.extend(self.port_strings(call, port));
                }
            }
        }
        found
    }

    /// What a generated id is that a call reads back from where it was kept.
    pub fn keeps(&mut self, call: At) -> Option<Category> {
        let handles: Vec<&Handle> = self
            .callees(call)
            .iter()
            .filter_map(|callee| if let Callee::Handle(handle) = callee { Some(handle) } else { None })
            .collect();
        let signatures = handles.into_iter().flat_map(|handle| self.world.catalog.call(handle));
        signatures.into_iter().find_map(|signature| signature.keeps)
    }

    /// Steps with the keys that arguments of the call name.
    pub(super) fn named(&mut self, call: At, suffix: &[Suffix]) -> Vec<Suffix> {
        let mut steps = Vec::new();
        for step in suffix {
            let Suffix::Named { argument, dotted } = step else {
                steps.push(step.clone());
                continue;
            };
            let port = Port { anchor: Anchor::Argument(*argument), suffix: Vec::new() };
            let at = self.port(State::whole(call), call, &port, None);
            let texts: Vec<SmolStr> = at.into_iter().flat_map(|state| self.strings(state)).collect();
            match &texts[..] {
                [only] if *dotted => steps.extend(only.split('.').map(|key| Suffix::Part(Key::name(key)))),
                [only] => steps.push(Suffix::Part(Key::Name(only.clone()))),
                _ => steps.push(Suffix::Part(Key::Any)),
            }
        }
        steps
    }

    /// The path that is left when a value is known to be stored under `suffix`; `None` if it is another part.
    fn beyond(&mut self, path: PathId, suffix: &[Suffix]) -> Option<PathId> {
        let mut path = path;
        for step in suffix {
            match (step, self.tables.rest(path)) {
                // What is called by a list's own method is none of its elements.
                (Suffix::Part(Key::Any), Some((Key::Name(name), WHOLE))) if self.method == Some(&name) => return None,
                (Suffix::Result, Some((key, rest))) if is_result(&key) => path = rest,
                (Suffix::Part(part), Some((key, rest))) if key.may_equal(part) && !is_result(&key) => path = rest,
                // The whole is wanted, and this is a part of it. A rejection is none.
                (Suffix::Part(part), None) if !part.is_rejection() => {}
                _ => return None,
            }
        }
        Some(path)
    }

    pub(super) fn channel(&mut self, state: State, call: At, name: &SmolStr, key: Option<u32>) -> Vec<State> {
        let key = self.channel_key(call, key);
        self.rests_on.insert(Basis::Channel(name.clone()));
        let graph = self.world.graph;
        let mut found = Vec::new();
        for &sender in graph.channels.get(&(name.clone(), key)).into_iter().flatten() {
            for callee in self.callees(sender) {
                let Callee::Handle(handle) = callee else { continue };
                for signature in self.signatures(sender, handle) {
                    for flow in &signature.flows {
                        if matches!(flow.to.channel(), Some((to, _)) if to == name) {
                            let state = State { calls: NO_CALLS, ..state };
                            found.extend(self.port(state, sender, &flow.from, None));
                        }
                    }
                }
            }
        }
        found
    }

    /// The string that names a channel on a call; the value's place where it is no string.
    pub(super) fn channel_key(&mut self, call: At, argument: Option<u32>) -> SmolStr {
        let Some(argument) = argument else { return SmolStr::default() };
        let Value::Call(made) = self.world.project.value(call) else { return SmolStr::default() };
        let Some(item) = made.arguments.get(argument as usize) else { return SmolStr::default() };
        let at = At { file: call.file, value: item.value };
        if let Some(text) = self.strings(State::whole(at)).into_iter().next() {
            return text;
        }
        match self.origin_of(at) {
            Some(origin) => format!("\u{0}{}:{}", origin.file.0, origin.value.0).into(),
            None => format!("\u{0}{}:{}", at.file.0, at.value.0).into(),
        }
    }

    fn port_strings(&mut self, call: At, port: &Port) -> Vec<SmolStr> {
        let mut found = Vec::new();
        for state in self.port(State { path: WHOLE, calls: NO_CALLS, at: call, filter: ALL_KEYS }, call, port, None) {
            found.extend(self.strings(state));
            let element = self.tables.within(WHOLE, Key::Any);
            found.extend(self.strings(State { path: element, ..state }));
        }
        found.sort();
        found.dedup();
        found
    }
}

/// Whether both ends of a flow name the same part of the result and call it: then they mean one and the same call.
fn is_same_call(flow: &Flow) -> bool {
    let called = |suffix: &[Suffix]| suffix.iter().position(|step| !step.is_part());
    match (called(&flow.from.suffix), called(&flow.to.suffix)) {
        (Some(from), Some(to)) => {
            let result = flow.from.anchor == Anchor::Return && flow.to.anchor == Anchor::Return;
            result && flow.from.suffix[..from] == flow.to.suffix[..to]
        }
        _ => false,
    }
}

/// The steps after a prefix; a part may be any part.
fn strip<'s>(steps: &'s [Suffix], prefix: &[Suffix]) -> Option<&'s [Suffix]> {
    let same = |(step, known): (&Suffix, &Suffix)| match (step, known) {
        (Suffix::Part(step), Suffix::Part(known)) => step.may_equal(known),
        _ => step == known,
    };
    (steps.len() >= prefix.len() && steps.iter().zip(prefix).all(same)).then(|| &steps[prefix.len()..])
}

pub(super) fn is_result(key: &Key) -> bool {
    matches!(key, Key::Name(name) if name == RESULT)
}

fn suffix_of(key: &Key) -> Suffix {
    if is_result(key) { Suffix::Result } else { Suffix::Part(key.clone()) }
}

pub(super) const fn is_named(step: &Suffix) -> bool {
    matches!(step, Suffix::Named { .. })
}
