//! Following a payload backward to where personal data are read.
//!
//! The search is breadth first, so that the path of a finding is a shortest one. What is learnt on the way travels
//! with each question as [`Evidence`]: what the sink's argument means, under which keys and names the value passed,
//! which field was read of what. A parameter leads to its callers, each with an apex of its own: the caller's call is
//! then the place where the value leaves its owner.

mod cut;
mod fields;
mod find;
mod guards;
mod leaf;
mod learn;
mod place;
mod selector;

use std::collections::VecDeque;

use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

pub use guards::Entry;
use learn::{is_holder, prefer};

use super::{
    bounds,
    flow::{Basis, Flow, Found, Place, Wrapped, place_of},
    graph::{Caller, World},
    names,
    owners::Entered,
    sinks::{Root, Sink},
    state::{Mode, NO_CALLS, State, WHOLE},
    step::{Basis as Part, Formal, Hop, Move, Stepper},
};
use crate::{
    base::{Category, Key},
    catalog::{format::Clears, words::Subject},
    facts::{CallKind, Literal, Value},
    link::project::{At, FunctionAt},
};

/// A category that is believed unless something better is met, and where that was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Hint {
    category: Category,
    basis: Basis,
    /// The named expression; `None` where the category comes from the sink or a key.
    at: Option<At>,
}

/// The read whose base is being followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct FieldRead {
    at: At,
    /// What it is, once some receiver told.
    category: Option<Category>,
    /// Whether it was read of what is called a thing: then only a person tells otherwise.
    of_thing: bool,
    apex: u32,
}

/// What is known when a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Evidence {
    hint: Option<Hint>,
    subject: Subject,
    read: Option<FieldRead>,
    /// The first read on the trail that tells a category by itself.
    via: Option<At>,
    /// The storage that the value was last read from, and what a generated id in it is.
    kept: Option<(Category, At, u32)>,
    bag: bool,
    /// Whether the value is only a guess at the part that was asked for.
    guessed: bool,
}

struct Node {
    state: State,
    evidence: Evidence,
    hop: Hop,
    from: Option<u32>,
    apex: u32,
    layer: u32,
    depth: u32,
}

/// A call in the project's code through which a payload may leave.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Apex {
    place: Place,
    function: FunctionAt,
}

/// Follows everything that one sink hands over.
pub fn follow(stepper: &mut Stepper<'_>, sink: &Sink, found: &mut Found) {
    for root in &sink.roots {
        let fuel = if root.bag && sink.demand { bounds::SINK_FUEL } else { bounds::TEXT_FUEL };
        let fuel = fuel.min(stepper.budget.max(bounds::LEAST_FUEL));
        stepper.fuel = fuel;
        Search::new(stepper, sink, root).run(found);
        stepper.budget = stepper.budget.saturating_sub(fuel - stepper.fuel.min(fuel));
    }
}

struct Search<'s, 'w> {
    stepper: &'s mut Stepper<'w>,
    sink: &'s Sink,
    label: &'s str,
    /// The argument itself is a user id: a whole person there is a person record.
    is: Option<Category>,
    /// Whether the sink stands in a test.
    is_test: bool,
    nodes: Vec<Node>,
    apexes: Vec<Apex>,
    apex_ids: FxHashMap<Apex, u32>,
    budget: Vec<usize>,
    seen: FxHashSet<(State, Evidence, u32)>,
    /// What is left to visit: what the sink's own function hands over comes before what its callers do, of which there
    /// may be more than fuel for.
    queue: [VecDeque<u32>; 2],
    /// By apex, origin and category: each place from which a value leaves its owner is a flow of its own.
    flows: FxHashMap<(Place, Place, Category), (Flow, usize)>,
    /// Reads that tell a category by themselves, in the order in which they were met.
    reads: IndexMap<At, (u32, Category, u32)>,
    /// Values of which a name or a key tells a category, and whose trail a bound cut off.
    cut: IndexMap<At, (u32, Hint, u32)>,
    /// Reads behind which something was found, and reads that turned out to be constants.
    supported: FxHashSet<At>,
    refuted: FxHashSet<At>,
}

impl<'s, 'w> Search<'s, 'w> {
    fn new(stepper: &'s mut Stepper<'w>, sink: &'s Sink, root: &'s Root) -> Self {
        let is_test = stepper.world.project.is_test(sink.place.place.file);
        let first = Apex { place: sink.place.place, function: sink.function };
        let mut search = Self {
            stepper,
            sink,
            label: &root.label,
            is: root.is,
            is_test,
            nodes: Vec::new(),
            apexes: vec![first],
            apex_ids: std::iter::once((first, 0)).collect(),
            budget: vec![0],
            seen: FxHashSet::default(),
            queue: [VecDeque::new(), VecDeque::new()],
            flows: FxHashMap::default(),
            reads: IndexMap::new(),
            cut: IndexMap::new(),
            supported: FxHashSet::default(),
            refuted: FxHashSet::default(),
        };
        let hint = root.is.map(|category| Hint { category, basis: Basis::Meaning, at: None });
        let mut evidence =
            Evidence { hint, subject: root.subject, read: None, via: None, kept: None, bag: root.bag, guessed: false };
        if let Some(key) = &root.key {
            evidence = search.under_key(evidence, key);
        }
        search.push(Node { state: root.state, evidence, hop: Hop::Same, from: None, apex: 0, layer: 0, depth: 0 });
        search
    }

    const fn world(&self) -> World<'w> {
        self.stepper.world
    }

    fn push(&mut self, node: Node) {
        let budget = &mut self.budget[node.apex as usize];
        *budget += 1;
        if *budget > bounds::STATES {
            return self.beyond_budget(node);
        }
        if !self.seen.insert((node.state, node.evidence, node.apex)) {
            return;
        }
        self.queue[usize::from(node.apex > 0)].push_back(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
    }

    fn run(mut self, found: &mut Found) {
        while let Some(index) = self.next() {
            self.visit(index, found);
        }
        self.emit_reads();
        self.emit_cut();
        let mut flows: Vec<Flow> = self.flows.into_values().map(|(flow, _)| flow).collect();
        flows.sort();
        found.flows.extend(flows);
    }

    fn next(&mut self) -> Option<u32> {
        let [own, of_callers] = &mut self.queue;
        own.pop_front().or_else(|| of_callers.pop_front())
    }

    /// A read that tells a category by itself counts unless the value behind it is known to be a constant: state,
    /// contexts and stores hide too much for silence to be a proof.
    fn emit_reads(&mut self) {
        let reads: Vec<_> = self.reads.iter().map(|(at, read)| (*at, *read)).collect();
        for (at, (index, category, apex)) in reads {
            if !self.supported.contains(&at) && !self.refuted.contains(&at) {
                self.emit(index, category, Basis::Read, at, apex);
            }
        }
    }

    fn visit(&mut self, index: u32, found: &mut Found) {
        // What a promise is rejected with is not what it is called or typed as: only what is thrown tells.
        let (state, known) = (self.nodes[index as usize].state, self.nodes[index as usize].evidence);
        let rejection = self.stepper.tables.path(state.path).0.first().is_some_and(Key::is_rejection);
        let learnt = if rejection { Some(known) } else { self.learn(index) };
        let Some(mut evidence) = learnt else { return };
        if let (Some(FieldRead { at, category: Some(category), apex, .. }), None) = (evidence.read, evidence.via) {
            evidence.via = Some(at);
            self.reads.entry(at).or_insert((index, prefer(evidence.hint, category), apex));
        }
        if self.stepper.fuel == 0 {
            return self.cut_off(index, evidence);
        }
        if self.is_handed_back(state) {
            self.refuted.extend(evidence.via);
            return;
        }
        for next in self.stepper.step(state) {
            if rejection && !matches!(next, Move::To(..) | Move::Formal(_) | Move::Unread(_)) {
                continue;
            }
            self.go(index, evidence, next, found);
        }
    }

    // ── where to go next ──

    fn go(&mut self, index: u32, evidence: Evidence, next: Move, found: &mut Found) {
        match next {
            Move::To(state, hop) => self.to(index, evidence, (state, hop), found),
            Move::Formal(formal) => self.callers(index, evidence, formal, found),
            Move::Call => {
                if self.demands(index, evidence) {
                    self.want_callee(self.nodes[index as usize].state.at, found);
                }
                self.unknown_call(index, evidence, found);
            }
            Move::Unknown => self.leaf(index, evidence, found),
            // Who gave a value learns nothing when it comes back.
            Move::Yields { of, .. } if of == Some(self.sink.vendor) => {}
            Move::Yields { category, exact, .. } => self.yields(index, evidence, (category, exact), found),
            Move::Unread(file) => {
                if self.demands(index, evidence) {
                    found.unread.insert(file);
                }
            }
            Move::Clean(Some(Clears::Generated)) if evidence.kept.is_some() => {
                if let Some((category, at, apex)) = evidence.kept {
                    self.emit(index, category, Basis::Read, at, apex);
                }
            }
            Move::Clean(_) => {
                let state = self.nodes[index as usize].state;
                let literal = match self.world().project.value(state.at) {
                    // What starts empty is filled elsewhere.
                    Value::Literal(Literal::Text(text)) => !text.is_empty(),
                    Value::Literal(literal) => *literal != Literal::Nothing,
                    Value::Derived => true,
                    _ => false,
                };
                if let (true, true, Some(read)) = (literal, state.path == WHOLE, evidence.via) {
                    self.refuted.insert(read);
                }
            }
            Move::Part | Move::Handle(_) | Move::Function(..) | Move::Class(_) | Move::Object => {}
        }
    }

    /// Whether it is worth parsing more files to go on from a node.
    fn demands(&self, index: u32, evidence: Evidence) -> bool {
        self.sink.demand && evidence.via.is_none() && evidence.bag && self.nodes[index as usize].depth <= bounds::DEMAND
    }

    /// The catalogue says what a value is: a field of a person's record is what its name tells.
    fn yields(&mut self, index: u32, mut evidence: Evidence, (category, exact): (Category, bool), found: &mut Found) {
        let node = &self.nodes[index as usize];
        let (state, apex) = (node.state, node.apex);
        match (evidence.read, category) {
            // Who describes the library knows better than the field's name.
            (Some(read), _) if exact && category != Category::PersonObject => {
                self.emit(index, category, Basis::Read, read.at, apex);
            }
            (Some(FieldRead { category: Some(_), .. }), _) => self.leaf(index, evidence, found),
            (Some(read), Category::PersonObject) => {
                let key = names::last(self.world(), read.at);
                let told = key.and_then(|key| self.world().words.read(&["user"], &key));
                evidence.read = Some(FieldRead { category: told, ..read });
                self.leaf(index, evidence, found);
            }
            (None, Category::PersonObject) if !evidence.bag || !Self::person_fits(evidence) => {
                self.leaf(index, evidence, found);
            }
            (read, _) => {
                let at = read.map_or(state.at, |read| read.at);
                self.emit(index, category, Basis::Read, at, apex);
            }
        }
    }

    fn to(&mut self, index: u32, mut evidence: Evidence, (state, hop): (State, Hop), found: &mut Found) {
        match &hop {
            // A guess at a part that is taken apart, or guessed at again, is nobody's part.
            Hop::Guessed | Hop::Stored(_) | Hop::Computed(_) if evidence.guessed => return,
            Hop::Stored(Key::Name(key)) => evidence = self.under_key(evidence, key),
            Hop::Stored(_) => evidence = self.under_any_key(index, evidence),
            Hop::Computed(key) => return self.computed(index, evidence, (state, *key), found),
            _ => {
                if let Hop::Library(call) = hop {
                    evidence = self.learn_named_part(index, evidence, state, call);
                }
                let node = &self.nodes[index as usize];
                // The field that was read turned out to be this value: what it was called stays a hint.
                evidence.guessed |= hop == Hop::Guessed;
                if state.path == WHOLE
                    && node.state.path != WHOLE
                    && !matches!(self.world().project.value(node.state.at), Value::Member { .. })
                {
                    evidence = Self::found_field(evidence);
                }
            }
        }
        self.go_on(index, evidence, (state, hop), found);
    }

    /// A value under a key that another value names, for each of the ways in which it is named.
    fn computed(&mut self, index: u32, evidence: Evidence, (state, key): (State, At), found: &mut Found) {
        let known = self.stepper.tables.frame(state.calls).is_some();
        let ways = if known { vec![(Entered::new(), key)] } else { self.stepper.named_by(key) };
        for (entered, named) in ways {
            let calls = if known { state.calls } else { self.stepper.remembered(&entered) };
            let asked = if known { State { calls, ..State::whole(named) } } else { State::whole(named) };
            let names = self.stepper.strings(asked);
            let all = names.iter().map(|name| self.under_key(evidence, name));
            let mut telling: Vec<Evidence> = all.filter(|evidence| evidence.hint.is_some()).collect();
            if telling.is_empty() {
                telling.push(Evidence { hint: None, read: None, ..evidence });
            }
            for evidence in telling {
                self.go_on(index, evidence, (State { calls, ..state }, Hop::Computed(key)), found);
            }
        }
    }

    fn go_on(&mut self, index: u32, evidence: Evidence, (state, hop): (State, Hop), found: &mut Found) {
        let node = &self.nodes[index as usize];
        let (mut apex, mut layer, depth) = (node.apex, node.layer, node.depth + 1);
        let kept = matches!(hop, Hop::Stored(_) | Hop::Computed(_) | Hop::Same | Hop::Guessed);
        if kept && self.stepper.tables.frame(node.state.calls).is_none() {
            // What was stored came through these calls, as if each had been gone back by itself.
            for call in self.came_through(state, found) {
                (apex, layer) = (self.apex(call), layer + 1);
            }
        }
        self.push(Node { state, evidence, hop, from: Some(index), apex, layer, depth });
    }

    fn found_field(mut evidence: Evidence) -> Evidence {
        if let Some(FieldRead { at, category: Some(category), .. }) = evidence.read {
            evidence.hint = Some(Hint { category: prefer(evidence.hint, category), basis: Basis::Key, at: Some(at) });
        }
        evidence.read = None;
        evidence
    }

    /// What every caller passes, each with its own apex.
    fn callers(&mut self, index: u32, evidence: Evidence, formal: Formal, found: &mut Found) {
        let world = self.world();
        let (state, layer, apex, depth) = {
            let node = &self.nodes[index as usize];
            (node.state, node.layer, node.apex, node.depth + 1)
        };
        let (calls, parameter): (Vec<Caller>, u32) = match formal {
            Formal::Parameter(function, parameter) => {
                if evidence.bag && self.sink.demand {
                    found.wanted_callers.push(function);
                }
                self.stepper.rests_on.insert(Part::Callers(function));
                let callers = world.graph.callers.get(&function).into_iter().flatten();
                (callers.copied().collect(), parameter)
            }
            Formal::Props(class, _) => {
                self.stepper.rests_on.insert(Part::Users(class));
                let users = world.graph.users.get(&class).into_iter().flatten();
                (users.map(|&call| Caller { call, mode: Mode::Direct, given: None }).collect(), 0)
            }
        };
        // A test's data are nobody's.
        let real = |caller: &Caller| self.is_test || !world.project.is_test(caller.call.file);
        let mut calls: Vec<Caller> = calls.into_iter().filter(real).collect();
        if let Formal::Parameter(function, _) = formal {
            let guards = self.guards_before(index);
            let before = calls.len();
            calls.retain(|caller| !self.is_contradicted(&guards, function, caller));
            if calls.is_empty() && before > 0 {
                return;
            }
        }
        let named = layer > 0 && evidence.hint.is_some_and(|hint| hint.at.is_some());
        let told = (evidence.via.is_some() || named) && calls.len() > bounds::CALLERS_OF_READ;
        if calls.is_empty() || layer >= u32::try_from(bounds::LAYERS).unwrap_or(u32::MAX) {
            return self.leaf(index, evidence, found);
        }
        let mut rest = false;
        if let Formal::Parameter(function, parameter) = formal {
            rest = self.stepper.is_rest(function, parameter);
            self.note_wrapper(function, parameter, state, &calls, found);
        }
        let elsewhere = |call: &At| match (&self.sink.reached_by, formal) {
            (Some(calls), Formal::Parameter(function, _)) => function == self.sink.function && !calls.contains(call),
            _ => false,
        };
        let calls: Vec<Caller> = calls.into_iter().filter(|caller| !elsewhere(&caller.call)).collect();
        let mut unseen = false;
        for caller in calls {
            let Caller { call, mode, .. } = caller;
            let around = match formal {
                Formal::Parameter(function, _) => self.stepper.around(state, function, &caller),
                Formal::Props(..) => NO_CALLS,
            };
            let inner = match formal {
                Formal::Parameter(..) => State { calls: around, ..state },
                Formal::Props(_, path) => State { path, calls: around, ..state },
            };
            let mut filled = self.stepper.filled_by(inner, call, mode, parameter, rest);
            if told {
                let all = filled.len();
                filled.retain(|state| self.is_spelled_out(*state));
                unseen |= filled.len() < all;
                if filled.is_empty() {
                    continue;
                }
            }
            let apex = if mode.hook().is_some() { apex } else { self.apex(call) };
            for state in filled {
                let mut evidence = evidence;
                if state.path == WHOLE && inner.path != WHOLE {
                    evidence = Self::found_field(evidence);
                }
                let hop = Hop::Argument(call);
                self.push(Node { state, evidence, hop, from: Some(index), apex, layer: layer + 1, depth });
            }
        }
        if unseen {
            self.leaf(index, evidence, found);
        }
    }

    /// Whether a part of an object is asked for where the object is written: nothing need be looked for.
    fn is_spelled_out(&self, state: State) -> bool {
        let facts = self.world().project.facts(state.at.file);
        let mut value = state.at.value;
        for _ in 0..bounds::CALLEE_REACH {
            value = facts.behind(value).unwrap_or(value);
        }
        state.path != WHOLE && matches!(facts.value(value), Value::Object(_))
    }

    fn note_wrapper(&self, function: FunctionAt, parameter: u32, state: State, calls: &[Caller], found: &mut Found) {
        if calls.iter().any(|caller| caller.mode.hook().is_none()) {
            let path = self.stepper.tables.path(state.path).clone();
            found.wrapped.push(Wrapped { function, parameter, path, vendor: self.sink.vendor });
        }
    }

    /// The calls through which a parameter is seen, the innermost first; the functions that they enter are wrappers.
    fn came_through(&self, state: State, found: &mut Found) -> Vec<At> {
        let world = self.world();
        let mut through = Vec::new();
        let (mut at, mut calls) = (state.at, state.calls);
        while let Some(frame) = self.stepper.tables.frame(calls) {
            let facts = world.project.facts(at.file);
            let value = std::iter::successors(Some(at.value), |&value| facts.behind(value)).take(16).last();
            let Some(Value::Parameter { function, index }) = value.map(|value| facts.value(value)) else { break };
            let (function, index) = (FunctionAt { file: at.file, function: *function }, *index);
            if frame.function != function {
                break;
            }
            let caller = Caller { call: frame.call, mode: frame.mode, given: None };
            self.note_wrapper(function, index, state, &[caller], found);
            through.push(frame.call);
            let Value::Call(made) = world.project.value(frame.call) else { break };
            let Some(argument) = made.arguments.get(index as usize) else { break };
            at = At { file: frame.call.file, value: argument.value };
            calls = frame.outer;
        }
        through
    }

    fn apex(&mut self, call: At) -> u32 {
        let project = self.world().project;
        let apex = Apex { place: place_of(project, call), function: project.owner(call) };
        if let Some(&id) = self.apex_ids.get(&apex) {
            return id;
        }
        let id = u32::try_from(self.apexes.len()).unwrap_or(u32::MAX);
        self.apexes.push(apex);
        self.budget.push(if self.apexes.len() > bounds::ACTIVATIONS { bounds::STATES } else { 0 });
        self.apex_ids.insert(apex, id);
        id
    }

    /// Asks for the files in which the callee of an unresolved call, or a call in its receiver, may be.
    fn want_callee(&mut self, call: At, found: &mut Found) {
        let world = self.world();
        let facts = world.project.facts(call.file);
        let mut value = call.value;
        for _ in 0..32 {
            match facts.value(value) {
                Value::Call(made) => {
                    let at = At { file: call.file, value };
                    self.stepper.rests_on.insert(Part::Callees(at));
                    let unread = world.graph.unread.get(&at);
                    found.unread.extend(unread.into_iter().flatten());
                    value = made.callee;
                }
                Value::Member { base, .. } | Value::Await(base) | Value::Typed { value: base, .. } => value = *base,
                Value::Read { value: Some(inner), .. } => value = *inner,
                _ => break,
            }
        }
    }

    /// A call whose callee nobody knows: its name may tell what it gives, or that it passes its arguments on.
    fn unknown_call(&mut self, index: u32, mut evidence: Evidence, found: &mut Found) {
        let world = self.world();
        let state = self.nodes[index as usize].state;
        let Value::Call(made) = world.project.value(state.at) else { return };
        let callee = At { file: state.at.file, value: made.callee };
        let Some(name) = names::last(world, callee) else { return self.leaf(index, evidence, found) };
        if state.path != WHOLE || made.kind == CallKind::Jsx {
            return self.leaf(index, evidence, found);
        }
        if self.by_fields(index, evidence) {
            return;
        }
        if world.words.names_boolean(&name) || world.words.names_pseudonym(&name) {
            return;
        }
        if let Some(category) = self.method_read(state, made, callee, &name) {
            return self.emit(index, category, Basis::Read, state.at, self.nodes[index as usize].apex);
        }
        // Where a text is wanted, an unknown tag gives that of its template: `$localize`.
        let tags = made.kind == CallKind::Tagged && evidence.hint.is_some_and(|hint| hint.basis == Basis::Meaning);
        if tags || world.words.passes_arguments(&name) {
            let arguments: Vec<At> =
                made.arguments.iter().map(|item| At { file: state.at.file, value: item.value }).collect();
            for at in arguments {
                self.to(index, evidence, (state.at(at), Hop::Library(state.at)), found);
            }
            return;
        }
        if let Some(category) = world.words.call(&name)
            && (category != Category::PersonObject || evidence.bag && Self::person_fits(evidence))
        {
            evidence.hint =
                Some(Hint { category: prefer(evidence.hint, category), basis: Basis::Name, at: Some(state.at) });
        }
        self.leaf(index, evidence, found);
    }

    /// `user.getEmail()`, `user.get("email")`: a read in the shape of a call.
    fn method_read(&mut self, state: State, made: &crate::facts::Call, callee: At, name: &str) -> Option<Category> {
        let world = self.world();
        let Value::Member { base, .. } = world.project.value(callee) else { return None };
        let receivers = names::receivers(world, At { file: state.at.file, value: *base });
        let key: SmolStr = match (name, &made.arguments[..]) {
            ("get" | "getItem" | "getAttribute" | "getHeader", [only]) => {
                let at = At { file: state.at.file, value: only.value };
                self.stepper.strings(State::whole(at)).into_iter().next()?
            }
            (_, []) => name.strip_prefix("get")?.into(),
            _ => return None,
        };
        receivers.iter().find_map(|chain| {
            let chain: Vec<&str> = chain.iter().map(SmolStr::as_str).collect();
            world.words.read(&chain, &key)
        })
    }
}
