//! The call graph, grown question by question.
//!
//! A question is what a call may enter, what an assignment writes into, or what a class extends. Its answer adds edges
//! to the graph and rests on parts of it; when such a part changes, the question is asked again. All questions of a
//! round see the graph as it was before the round, so the result does not depend on the schedule of threads; answers
//! only grow, so the rounds come to an end.

mod apart;
mod edges;
mod named;
mod sites;
mod typed;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use edges::{Edge, insert};
use sites::{Kept, root_of, sites, value_sites};

use super::{
    answers::Changes,
    bounds,
    graph::{Callee, Caller, Given, Graph, Site, Stored, World},
    owners::Entered,
    per_file::PerFile,
    resolve::Resolved,
    sdk,
    state::{Mode, State, WHOLE},
    step::{Basis, Stepper},
};
use crate::{
    base::{Key, Path},
    catalog::{
        Catalog, Handle, Signature,
        format::Meaning,
        port::{Anchor, Port, Suffix},
        words::Words,
    },
    facts::{CallKind, ClassId, Literal, RECEIVER, Value},
    link::project::{At, ClassAt, FileId, FunctionAt, Project},
};

/// Questions that a thread takes at once. Costly ones stand side by side, so they are few.
const TOGETHER: usize = 16;

/// Something to find out for the call graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Question {
    /// What a call may enter.
    Call(At),
    /// What an assignment writes into.
    Store(FileId, u32),
    /// What a class extends.
    Extends(ClassAt),
}

/// What an answer adds to what is known. Most questions that are asked again add nothing.
struct Answer {
    question: Question,
    /// The edges that the graph has not.
    edges: Box<[Edge]>,
    /// The parts of the graph that the question was not known to rest on.
    rests_on: Box<[Basis]>,
    /// The files that would have been looked into, if these changed.
    unread: Option<Vec<FileId>>,
    /// Whether a bound was hit before the trails ended.
    cut: bool,
}

/// The call graph, and what each answer in it rests on. It grows as files are parsed: only questions whose basis
/// changed are asked again.
#[derive(Default)]
pub struct Builder {
    graph: Graph,
    /// The questions that rest on each part of the graph, sorted.
    dependents: PerFile<Basis, Vec<Question>>,
    files: FxHashSet<FileId>,
    /// How often each question hit a bound.
    cut: FxHashMap<Question, usize>,
    /// What changed since it was last taken.
    changed: Changes,
}

impl Builder {
    /// The call graph so far.
    #[must_use]
    pub const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The parts of the graph that changed since this was last asked.
    pub fn take_changed(&mut self) -> Changes {
        std::mem::take(&mut self.changed)
    }

    /// The files that resolving each call would have looked into, sorted by call.
    #[must_use]
    pub fn unread(&self) -> Vec<(At, &[FileId])> {
        let unread = self.graph.unread.iter().filter(|(_, files)| !files.is_empty());
        let mut unread: Vec<_> = unread.map(|(call, files)| (*call, files.as_slice())).collect();
        unread.sort_unstable();
        unread
    }

    /// Takes in files that were parsed since.
    pub fn grow(&mut self, project: &Project, catalog: &Catalog, words: &Words) {
        let mut changed: FxHashSet<Basis> = FxHashSet::default();
        let mut questions: FxHashSet<Question> = FxHashSet::default();
        for &file in project.files() {
            if self.files.insert(file) {
                changed.insert(Basis::File(file));
                let mut fresh = Fresh { graph: &mut self.graph, changed: &mut changed, project, catalog, file };
                declare(&mut fresh);
                named::declare(&mut fresh);
                typed::declare(&mut fresh);
                questions.extend(questions_of(project, file));
            }
        }
        for _ in 0..bounds::ROUNDS {
            questions.extend(changed.iter().flat_map(|basis| self.touched_by(basis)));
            self.changed.0.extend(std::mem::take(&mut changed));
            if questions.is_empty() {
                break;
            }
            let mut asked: Vec<Question> = questions.drain().collect();
            asked.sort_unstable();
            let world = World { project, catalog, words, graph: &self.graph };
            let answers = asked.par_chunks(TOGETHER).map(|asked| self.answer_all(world, asked));
            for answer in answers.collect::<Vec<_>>().into_iter().flatten() {
                self.take(answer, &mut changed);
            }
        }
        self.changed.0.extend(changed);
    }

    /// The questions that must be asked again when a part of the graph changes.
    fn touched_by<'b>(&'b self, basis: &'b Basis) -> impl Iterator<Item = Question> + 'b {
        let fresh = matches!(basis, Basis::File(_));
        let dependents = self.dependents.get(basis).into_iter().flatten().copied();
        dependents.filter(move |question| fresh || !self.is_settled(*question))
    }

    /// Whether a question hit a bound so often that asking it again for each change of the graph is hopeless.
    fn is_settled(&self, question: Question) -> bool {
        self.cut.get(&question).is_some_and(|&times| times >= bounds::CUTS)
    }

    /// Answers questions, as far as the graph does not know the answers.
    fn answer_all(&self, world: World<'_>, asked: &[Question]) -> Vec<Answer> {
        let mut stepper = Stepper::new(world);
        stepper.growing = true;
        asked.iter().filter_map(|&question| self.answer(&mut stepper, question)).collect()
    }

    fn answer(&self, stepper: &mut Stepper<'_>, question: Question) -> Option<Answer> {
        stepper.forget();
        stepper.fuel = bounds::GRAPH_FUEL;
        stepper.cut = false;
        let mut edges = Vec::new();
        match question {
            Question::Call(call) => answer_call(stepper, call, &mut edges),
            Question::Store(file, index) => answer_store(stepper, file, index, &mut edges),
            Question::Extends(class) => answer_extends(stepper, class, &mut edges),
        }
        edges.retain(|edge| !self.graph.has(edge) && !apart::is_apart(stepper.world.project, question, edge));
        let rests_on = stepper.rests_on.drain().filter(|basis| !self.is_known(basis, question)).collect();
        let unread: Vec<FileId> = std::mem::take(&mut stepper.unread).into_iter().collect();
        let unread = Some(unread).filter(|unread| self.unread_by(question) != unread);
        let answer = Answer { question, edges: edges.into(), rests_on, unread, cut: stepper.cut };
        answer.says_something().then_some(answer)
    }

    /// Whether a question is known to rest on a part of the graph.
    fn is_known(&self, basis: &Basis, question: Question) -> bool {
        self.dependents.get(basis).is_some_and(|known| known.binary_search(&question).is_ok())
    }

    /// The files that answering a question would have looked into.
    fn unread_by(&self, question: Question) -> &[FileId] {
        match question {
            Question::Call(call) => self.graph.unread.get(&call).map_or(&[], Vec::as_slice),
            Question::Store(..) | Question::Extends(_) => &[],
        }
    }

    /// Adds an answer to the graph, and notes which parts of the graph it changed.
    fn take(&mut self, answer: Answer, changed: &mut FxHashSet<Basis>) {
        for basis in answer.rests_on {
            insert(self.dependents.of(basis), answer.question);
        }
        if answer.cut {
            *self.cut.entry(answer.question).or_default() += 1;
        }
        answer.edges.into_iter().for_each(|edge| self.graph.add(edge, changed));
        if let (Question::Call(call), Some(unread)) = (answer.question, answer.unread) {
            changed.insert(Basis::Callees(call));
            self.graph.unread.insert(call, unread);
        }
    }
}

impl Answer {
    const fn says_something(&self) -> bool {
        !self.edges.is_empty() || !self.rests_on.is_empty() || self.unread.is_some() || self.cut
    }
}

/// A file that was parsed since, and the graph that takes in what it declares.
struct Fresh<'a> {
    graph: &'a mut Graph,
    /// The parts of the graph that change by it.
    changed: &'a mut FxHashSet<Basis>,
    project: &'a Project,
    catalog: &'a Catalog,
    file: FileId,
}

/// What needs no resolution: who implements which interface, and what functions write into their parameters.
fn declare(Fresh { graph, changed, project, file, .. }: &mut Fresh<'_>) {
    let (project, file) = (*project, *file);
    let facts = project.facts(file);
    for (index, class) in facts.classes.iter().enumerate() {
        let at = ClassAt { file, class: ClassId(u32::try_from(index).unwrap_or(u32::MAX)) };
        for name in &class.implements {
            changed.insert(Basis::Implementors(name.clone()));
            insert(graph.implementors.entry(name.clone()).or_default(), at);
        }
    }
    for store in &facts.stores {
        let (root, mut keys) = root_of(project, At { file, value: store.base });
        keys.push(store.key.clone());
        if let Value::Parameter { function, index } = facts.value(root.value) {
            let stores = graph.parameter_stores.entry((FunctionAt { file, function: *function }, *index));
            stores.or_default().push((keys, At { file, value: store.value }));
        }
    }
}

fn questions_of(project: &Project, file: FileId) -> Vec<Question> {
    let facts = project.facts(file);
    let id = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let calls = facts.calls.iter().map(|&value| Question::Call(At { file, value }));
    let stores = (0..facts.stores.len()).map(|index| Question::Store(file, id(index)));
    let classes = facts.classes.iter().enumerate().filter(|(_, class)| class.extends.is_some());
    let extends = classes.map(|(index, _)| Question::Extends(ClassAt { file, class: ClassId(id(index)) }));
    calls.chain(stores).chain(extends).collect()
}

/// What a call may enter, and what follows from that: callers, users, callbacks, channels.
fn answer_call(stepper: &mut Stepper<'_>, call: At, edges: &mut Vec<Edge>) {
    let (Resolved { callees, given }, fallback) = resolve_call(stepper, call);
    for callee in &callees {
        edges.push(match callee {
            Callee::Handle(handle) if fallback => Edge::Fallback(call, handle.clone()),
            _ => Edge::Callee(call, callee.clone()),
        });
        match callee {
            Callee::Function { at, mode, .. } => {
                let ways = given.iter().filter(|(function, _)| function == at).map(|(_, given)| *given);
                let ways: Vec<Option<Given>> = ways.take(bounds::CALLEES).collect();
                let ways = if ways.is_empty() { vec![None] } else { ways };
                let callers = ways.into_iter().map(|given| Caller { call, mode: *mode, given });
                edges.extend(callers.map(|caller| Edge::Caller(*at, caller)));
            }
            Callee::Class(class) => {
                edges.push(Edge::User(*class, call));
                constructed(stepper, edges, *class, call);
            }
            Callee::Handle(handle) => {
                for signature in stepper.signatures(call, handle) {
                    library_callbacks(stepper, edges, call, signature);
                    library_writes(stepper, edges, call, signature);
                }
            }
            Callee::Part(site, path) => {
                edges.push(Edge::PartCall(*site, path.clone(), Caller { call, mode: Mode::Direct, given: None }));
                part_callbacks(stepper, edges, call, *site, path);
            }
        }
    }
    if callees.iter().any(|callee| matches!(callee, Callee::Handle(_))) {
        sdk_callbacks(stepper, edges, call, &callees);
    }
}

/// What a call may enter, and whether a library's method is only a guess from its name.
fn resolve_call(stepper: &mut Stepper<'_>, call: At) -> (Resolved, bool) {
    let world = stepper.world;
    let facts = world.project.facts(call.file);
    let Some(made) = facts.call(call.value) else { return (Resolved::default(), false) };
    let callee = At { file: call.file, value: made.callee };
    if matches!(facts.value(made.callee), Value::Literal(Literal::Text(_))) && made.kind == CallKind::Jsx {
        return (Resolved::default(), false);
    }
    let Resolved { mut callees, given } = stepper.resolve_called(callee);
    let entered = callees.iter().any(|callee| matches!(callee, Callee::Function { .. }));
    if let (false, Some(first)) = (entered, made.arguments.first()) {
        let first = At { file: call.file, value: first.value };
        callees.extend(named::called(stepper, callee, first));
    }
    // A method of something unknown is what the library models say of its name.
    let known = callees.iter().any(|callee| !matches!(callee, Callee::Part(..)));
    if let (false, Value::Member { key: Key::Name(name), .. }) = (known, facts.value(made.callee))
        && let Some(handle) = world.catalog.method(name)
    {
        callees.push(Callee::Handle(handle));
        return (Resolved { callees, given }, true);
    }
    (Resolved { callees, given }, false)
}

/// Constructing a class calls its constructor, or the one that it inherits.
fn constructed(stepper: &mut Stepper<'_>, edges: &mut Vec<Edge>, class: ClassAt, call: At) {
    let world = stepper.world;
    let mut at = class;
    for _ in 0..16 {
        stepper.rests_on.insert(Basis::Lineage(at));
        if let Some(function) = world.project.class(at).constructor {
            edges.push(Edge::Caller(
                FunctionAt { file: at.file, function },
                Caller { call, mode: Mode::Direct, given: None },
            ));
            return;
        }
        match world.graph.bases.get(&at).and_then(|bases| bases.first()) {
            Some(&base) => at = base,
            None => return,
        }
    }
}

/// Functions that a library is given call back: `list.map(f)`.
fn library_callbacks(stepper: &mut Stepper<'_>, edges: &mut Vec<Edge>, call: At, signature: &Signature) {
    let mut seen = Vec::new();
    for flow in &signature.flows {
        if let Some((name, key)) = flow.to.channel() {
            let key = stepper.channel_key(call, key);
            edges.push(Edge::Channel(name.clone(), key, call));
        }
        for port in [&flow.from, &flow.to] {
            for anchor in stepper.given(call, &port.anchor) {
                for head in heads(&port.suffix) {
                    let head = Port { anchor: anchor.clone(), suffix: head.to_vec() };
                    if !seen.contains(&head) {
                        called_by_library(stepper, edges, call, &head);
                        seen.push(head);
                    }
                }
            }
        }
    }
}

/// What a library writes into an object that outlives the call, or into a part of a local one:
/// `listeners.push(listener)`, `payload.contacts.push(contact)`, `Object.assign(this.traits, traits)`.
fn library_writes(stepper: &mut Stepper<'_>, edges: &mut Vec<Edge>, call: At, signature: &Signature) {
    for flow in &signature.flows {
        for anchor in stepper.given(call, &flow.to.anchor) {
            let plain = flow.to.suffix.iter().all(Suffix::is_part);
            let target = Port { anchor, suffix: Vec::new() };
            let Some(base) = stepper.port(State::whole(call), call, &target, None).first().map(|state| state.at) else {
                continue;
            };
            if plain && !is_local(stepper.world.project, base) {
                let keys = stepper.named(call, &flow.to.suffix);
                let keys: Vec<Key> = keys
                    .iter()
                    .filter_map(|step| match step {
                        Suffix::Part(key) => Some(key.clone()),
                        _ => None,
                    })
                    .collect();
                let values = stepper.port(State::whole(call), call, &flow.from, None);
                let whole = values.into_iter().filter(|state| state.path == WHOLE && state.at != base);
                let values: Vec<At> = whole.map(|state| state.at).collect();
                written(stepper, edges, base, &keys, &values);
            }
        }
    }
}

/// What happens to a local is in the local's definitions; what happens to its parts or to a parameter is not.
fn is_local(project: &Project, base: At) -> bool {
    if !matches!(project.value(base), Value::Read { value: Some(_), .. }) {
        return false;
    }
    let (root, keys) = root_of(project, base);
    !matches!(project.value(root), Value::Parameter { .. }) || !keys.is_empty()
}

fn written(stepper: &mut Stepper<'_>, edges: &mut Vec<Edge>, base: At, keys: &[Key], values: &[At]) {
    let (root, mut path) = root_of(stepper.world.project, base);
    path.extend(keys.iter().cloned());
    let local = matches!(stepper.world.project.value(root), Value::Object(_) | Value::Array(_));
    let sites = if local { vec![Kept::always(Site::Value(root))] } else { sites(stepper, root) };
    for Kept { site, keys: mut prefix, entered } in sites {
        prefix.extend(path.iter().cloned());
        let first = if prefix.is_empty() { None } else { Some(prefix.remove(0)) };
        for &value in values {
            edges.push(match &first {
                Some(first) => {
                    let stored = Stored { rest: prefix.clone(), value, entered: entered.clone() };
                    Edge::Store(site.clone(), first.clone(), stored)
                }
                None => Edge::Copied(site.clone(), value, entered.clone()),
            });
        }
    }
}

/// The parts of a port that lead to something which is called.
fn heads(suffix: &[Suffix]) -> impl Iterator<Item = &[Suffix]> {
    let called = suffix.iter().enumerate().filter(|(_, step)| !step.is_part());
    called.map(|(index, _)| &suffix[..index])
}

/// Notes that a library calls what stands at a port of a call.
fn called_by_library(stepper: &mut Stepper<'_>, edges: &mut Vec<Edge>, call: At, head: &Port) {
    let argument = match head.anchor {
        Anchor::Argument(argument) => argument,
        _ => RECEIVER,
    };
    let Some(hook) = stepper.world.catalog.hook(&head.suffix) else { return };
    let caller = |mode: Mode| Caller { call, mode: mode.called_back(argument, hook), given: None };
    for state in stepper.port(State::whole(call), call, head, None) {
        for callee in stepper.callables(state) {
            match callee {
                Callee::Function { at, mode, .. } => edges.push(Edge::Caller(at, caller(mode))),
                Callee::Part(site, path) => edges.push(Edge::PartCall(site, path, caller(Mode::Direct))),
                _ => {}
            }
        }
    }
}

/// Functions that are given to a part of what a library made call back: `setState(before => …)`.
fn part_callbacks(stepper: &mut Stepper<'_>, edges: &mut Vec<Edge>, call: At, site: At, path: &Path) {
    let mut seen = Vec::new();
    for part in stepper.part_signatures(site, path) {
        for port in part.signature.flows.iter().flat_map(|flow| [&flow.from, &flow.to]) {
            let Some([Suffix::Parameter(argument), rest @ ..]) = part.within(port) else { continue };
            for head in heads(rest) {
                let head = Port { anchor: Anchor::Argument(*argument), suffix: head.to_vec() };
                if !seen.contains(&head) {
                    called_by_library(stepper, edges, call, &head);
                    seen.push(head);
                }
            }
        }
    }
}

/// Callbacks that an SDK hands its own objects: `withScope(scope => …)`.
fn sdk_callbacks(stepper: &mut Stepper<'_>, edges: &mut Vec<Edge>, call: At, callees: &[Callee]) {
    for made in sdk::calls_by(stepper, call, callees) {
        for (index, argument) in made.arguments.iter().enumerate() {
            let Some(state) = argument else { continue };
            if let Some(meaning) = made.signature.meaning(index) {
                hand(stepper, edges, &made.handle, *state, meaning);
            }
        }
    }
}

fn hand(stepper: &mut Stepper<'_>, edges: &mut Vec<Edge>, handle: &Handle, state: State, meaning: &Meaning) {
    match meaning {
        Meaning::Word(_) => {}
        Meaning::Parts(parts) => {
            for (key, meaning) in parts {
                let path = stepper.appended(state.path, sdk::part_key(key));
                hand(stepper, edges, handle, State { path, ..state }, meaning);
            }
        }
        Meaning::Callback(callback) => {
            for (function, _, _) in stepper.functions(state) {
                for (index, name) in callback.params.iter().enumerate() {
                    if let Some(api) = stepper.world.catalog.sibling(handle.api, name) {
                        let index = u32::try_from(index).unwrap_or(u32::MAX);
                        let handle = Handle { api, path: SmolStr::default() };
                        edges.push(Edge::Handed(function, index, handle));
                    }
                }
            }
        }
    }
}

fn answer_store(stepper: &mut Stepper<'_>, file: FileId, index: u32, edges: &mut Vec<Edge>) {
    let project = stepper.world.project;
    let store = &project.facts(file).stores[index as usize];
    let (root, keys) = root_of(project, At { file, value: store.base });
    let value = At { file, value: store.value };
    let last: Vec<(Entered, Vec<Key>)> = match store.computed {
        Some(computed) => {
            let ways = stepper.named_by(At { file, value: computed });
            ways.into_iter().map(|(entered, named)| (entered, stepper.keys(State::whole(named)))).collect()
        }
        None => vec![(Entered::new(), vec![store.key.clone()])],
    };
    let mut kept = sites(stepper, root);
    kept.iter_mut().for_each(|kept| kept.keys.extend(keys.iter().cloned()));
    // `client.user.name = x` is written into what was kept as `client.user`, too, whoever else has it.
    let is_other = !matches!(project.value(root), Value::Object(_) | Value::Array(_) | Value::Global(_));
    if !keys.is_empty() && is_other {
        kept.extend(
            value_sites(stepper, At { file, value: store.base }).into_iter().filter(|kept| kept.keys.is_empty()),
        );
    }
    for Kept { site, keys: prefix, entered } in kept {
        for (named_by, keys) in &last {
            // The way by which the object came is told apart before that of the key.
            let entered = if entered.is_empty() { named_by } else { &entered };
            for key in keys {
                let mut all = prefix.clone();
                all.push(key.clone());
                let first = all.remove(0);
                edges.push(Edge::Store(site.clone(), first, Stored { rest: all, value, entered: entered.clone() }));
            }
        }
    }
}

fn answer_extends(stepper: &mut Stepper<'_>, class: ClassAt, edges: &mut Vec<Edge>) {
    let Some(base) = stepper.world.project.class(class).extends else { return };
    for callee in stepper.resolve(State::whole(At { file: class.file, value: base })).callees {
        if let Callee::Class(base) = callee
            && base != class
        {
            edges.push(Edge::Extends(class, base));
        }
    }
}
