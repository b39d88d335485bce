//! Sinks: every place where a vendor learns something, and what each part of the payload means.

pub mod pages;

use smol_str::SmolStr;

use super::{
    bounds,
    flow::{Place, SinkPlace, place_of},
    graph::Callee,
    sdk::{self, SdkCall, part_key},
    state::{Frame, NO_CALLS, State, WHOLE},
    step::{Basis, Stepper},
};
use crate::{
    base::{Category, Key},
    catalog::{
        VendorId,
        format::{Kind, Meaning, Word},
        port::Port,
        words::Subject,
    },
    facts::{FunctionId, Property, Store, Value},
    link::project::{At, FileId, FunctionAt},
};

/// A payload, and what is known of it from the sink alone.
#[derive(Debug, Clone)]
pub struct Root {
    /// The question.
    pub state: State,
    /// Exactly this category, by the meaning of the argument.
    pub is: Option<Category>,
    /// The key under which the vendor stores it.
    pub key: Option<SmolStr>,
    /// Whom the payload is about.
    pub subject: Subject,
    /// Whether the whole object is handed over.
    pub bag: bool,
    /// What the argument is called, for messages.
    pub label: String,
}

/// A place where a vendor learns something.
#[derive(Debug, Clone)]
pub struct Sink {
    /// Who learns it.
    pub vendor: VendorId,
    /// Where, and what is called.
    pub place: SinkPlace,
    /// The function around it.
    pub function: FunctionAt,
    /// Whether more files are worth parsing for it: spans and log lines are handed over everywhere, and rarely about a
    /// person. What is a person's by its place in the call is worth it, whoever is told.
    pub demand: bool,
    /// What is handed over.
    pub roots: Vec<Root>,
    /// The calls of the function around it by which the vendor is reached, where another argument decides that: the
    /// URL that a helper is given. `None` where every call reaches it.
    pub reached_by: Option<Vec<At>>,
}

/// Whether a vendor of this kind is told things that are about a person as a rule, or these are.
fn worth_demand(stepper: &Stepper<'_>, vendor: VendorId, roots: &[Root]) -> bool {
    let source = stepper.world.catalog.sources().get(vendor.0 as usize);
    let kind = source.and_then(|source| source.vendor.as_ref()).map(|vendor| vendor.kind);
    let is_told_of = |root: &Root| matches!(root.subject, Subject::Person | Subject::Organization);
    !matches!(kind, Some(Kind::Apm | Kind::Logging)) || roots.iter().any(is_told_of)
}

/// Every sink of a file.
pub fn of_file(stepper: &mut Stepper<'_>, file: FileId) -> Vec<Sink> {
    let world = stepper.world;
    let facts = world.project.facts(file);
    let mut sinks = Vec::new();
    for &value in &facts.calls {
        stepper.fuel = bounds::FUEL;
        let call = At { file, value };
        if stepper.callees(call).iter().any(|callee| matches!(callee, Callee::Handle(_) | Callee::Part(..))) {
            for made in sdk::calls(stepper, call) {
                sinks.extend(of_call(stepper, call, &made));
            }
            for made in sdk::handed_on(stepper, call) {
                sinks.extend(of_call(stepper, call, &made));
            }
        }
    }
    for store in &facts.stores {
        stepper.fuel = bounds::FUEL;
        sinks.extend(of_store(stepper, file, store));
    }
    sinks
}

fn of_call(stepper: &mut Stepper<'_>, call: At, made: &SdkCall<'_>) -> Vec<Sink> {
    let world = stepper.world;
    let Some(vendor) = world.catalog.api(made.handle.api).vendor else { return of_request(stepper, call, made) };
    let mut roots = Vec::new();
    let keys = key_argument(stepper, made);
    for (index, argument) in made.arguments.iter().enumerate() {
        let (Some(state), Some(meaning)) = (argument, made.signature.meaning(index)) else { continue };
        let label = argument_label(meaning, index);
        let start = Start { stepper, keys: &keys };
        start.roots(*state, meaning, &label, &mut roots);
    }
    sink_at(stepper, call, vendor, roots).into_iter().collect()
}

fn sink_at(stepper: &Stepper<'_>, call: At, vendor: VendorId, roots: Vec<Root>) -> Option<Sink> {
    let project = stepper.world.project;
    let Value::Call(made) = project.value(call) else { return None };
    let callee = project.text(At { file: call.file, value: made.callee });
    (!roots.is_empty()).then(|| Sink {
        vendor,
        place: SinkPlace { place: place_of(project, call), call: one_line(callee), argument: String::new() },
        function: project.owner(call),
        demand: worth_demand(stepper, vendor, &roots),
        roots,
        reached_by: None,
    })
}

/// Code on one line, without comments; a space stays where it separates words.
fn one_line(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut line = String::new();
    for piece in without_comments(text).split_whitespace() {
        if line.ends_with(is_word) && piece.starts_with(is_word) {
            line.push(' ');
        }
        line.push_str(piece);
    }
    line.chars().take(80).collect()
}

/// Code with a space in place of each comment.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut quote = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let comment = match quote {
            None if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            None if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ => 0,
        };
        if comment > 0 {
            code.push(' ');
            rest = &rest[comment..];
            continue;
        }
        let mut taken = c.len_utf8();
        if quote.is_some() && c == '\\' {
            taken += rest[taken..].chars().next().map_or(0, char::len_utf8);
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '"' | '\'' | '`') {
            quote = Some(c);
        }
        code.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    code
}

/// The strings of the argument that names the others.
fn key_argument(stepper: &mut Stepper<'_>, made: &SdkCall<'_>) -> Vec<SmolStr> {
    let names = made.signature.args.iter().zip(&made.arguments);
    let key = names.filter(|(meaning, _)| **meaning == Meaning::Word(Word::Key)).find_map(|(_, argument)| *argument);
    key.map(|state| stepper.strings(state)).unwrap_or_default()
}

fn argument_label(meaning: &Meaning, index: usize) -> String {
    match meaning {
        Meaning::Word(word) => String::from(*word),
        _ => format!("argument {}", index + 1),
    }
}

/// An HTTP client that is given a vendor's URL.
fn of_request(stepper: &mut Stepper<'_>, call: At, made: &SdkCall<'_>) -> Vec<Sink> {
    let Some((urls, payloads)) = &made.signature.request else { return Vec::new() };
    let mut sinks = Vec::new();
    let from = State { at: call, ..State::whole(call) };
    let mut vendors: Vec<(VendorId, Meaning)> = Vec::new();
    for text in &addresses(stepper, from, call, urls) {
        for endpoint in stepper.world.catalog.endpoints(text) {
            if !vendors.iter().any(|(vendor, _)| *vendor == endpoint.vendor) {
                vendors.push((endpoint.vendor, endpoint.payload.clone()));
            }
        }
    }
    for (vendor, meaning) in vendors {
        let reached_by = reached_by(stepper, call, urls, vendor);
        let mut roots = Vec::new();
        for port in urls.iter().chain(payloads) {
            let is_url = urls.contains(port);
            let states = stepper.port(from, call, port, None);
            let states =
                states.into_iter().flat_map(|state| if is_url { vec![state] } else { text_parts(stepper, state) });
            for state in states.collect::<Vec<_>>() {
                let start = Start { stepper, keys: &[] };
                let meaning = if is_url { &Meaning::Word(Word::Text) } else { &meaning };
                start.roots(state, meaning, "request payload", &mut roots);
            }
        }
        let sink = sink_at(stepper, call, vendor, roots);
        sinks.extend(sink.into_iter().map(|sink| Sink { reached_by: reached_by.clone(), ..sink }));
    }
    sinks
}

/// A payload, and the parts of a text that it is written into: `"data=" + JSON.stringify(payload)`.
fn text_parts(stepper: &mut Stepper<'_>, state: State) -> Vec<State> {
    let mut states = vec![state];
    for whole in stepper.wholes(state) {
        let facts = stepper.world.project.facts(whole.at.file);
        let value = facts.behind(whole.at.value).unwrap_or(whole.at.value);
        if let Value::Concat(parts) = facts.value(value) {
            states.extend(parts.iter().map(|&value| whole.at(At { file: whole.at.file, value })));
        }
    }
    states
}

/// What the URL of a request may be, in the context of a state.
fn addresses(stepper: &mut Stepper<'_>, from: State, call: At, urls: &[Port]) -> Vec<SmolStr> {
    let mut texts = Vec::new();
    for port in urls {
        for state in stepper.port(from, call, port, None) {
            texts.extend(stepper.texts(state, 4));
        }
    }
    let mut all = based(&texts);
    all.append(&mut texts);
    all
}

/// The calls of the function around a request that make its URL the vendor's, if its parameters decide that.
fn reached_by(stepper: &mut Stepper<'_>, call: At, urls: &[Port], vendor: VendorId) -> Option<Vec<At>> {
    let world = stepper.world;
    let function = world.project.owner(call);
    let callers = world.graph.callers.get(&function)?;
    stepper.rests_on.insert(Basis::Callers(function));
    let mut found = Vec::new();
    for caller in callers.iter().take(bounds::URL_CALLERS) {
        stepper.fuel = bounds::FUEL;
        let outer = NO_CALLS;
        let frame = Frame { call: caller.call, function, mode: caller.mode, made_in: outer, outer };
        let from = State { calls: stepper.tables.enter(frame), ..State::whole(call) };
        let texts = addresses(stepper, from, call, urls);
        let mut endpoints = texts.iter().flat_map(|text| world.catalog.endpoints(text));
        let reaches = endpoints.any(|endpoint| endpoint.vendor == vendor);
        found.extend(reaches.then_some(caller.call));
    }
    let some_do_not = found.len() < callers.len() && callers.len() <= bounds::URL_CALLERS;
    (some_do_not && !found.is_empty()).then_some(found)
}

/// The paths among the texts of a URL, each put after what may be its base.
fn based(texts: &[SmolStr]) -> Vec<SmolStr> {
    let (bases, paths): (Vec<_>, Vec<_>) = texts.iter().partition(|text| !text.starts_with('/'));
    let join = |base: &SmolStr, path: &SmolStr| SmolStr::from(format!("{}{path}", base.trim_end_matches('/')));
    paths.iter().flat_map(|path| bases.iter().map(|base| join(base, path))).collect()
}

/// `window.vendorSettings = {…}`, `client.user = {…}`.
fn of_store(stepper: &mut Stepper<'_>, file: FileId, store: &Store) -> Vec<Sink> {
    let world = stepper.world;
    let facts = world.project.facts(file);
    let value = At { file, value: store.value };
    let mut found: Vec<(VendorId, Meaning, Option<SmolStr>)> = Vec::new();
    let mut keys = vec![store.key.clone()];
    let mut base = store.base;
    let global = loop {
        match facts.value(base) {
            Value::Member { base: outer, key, .. } => {
                keys.push(key.clone());
                base = *outer;
            }
            Value::Read { variable, .. } if facts.variable(*variable).global => {
                break Some(&facts.variable(*variable).name);
            }
            Value::Typed { value, .. } | Value::Read { value: Some(value), .. } => base = *value,
            Value::Passed { base: inner, .. } | Value::Update { base: inner, .. } => base = *inner,
            Value::Global(name) => break Some(name),
            _ => break None,
        }
    };
    if let Some(name) = global {
        if !matches!(name.as_str(), "window" | "globalThis" | "self") {
            keys.push(Key::Name(name.clone()));
        }
        keys.reverse();
        if let [Key::Name(global), rest @ ..] = &keys[..] {
            for (vendor, meaning) in world.catalog.global_assign(global) {
                let (meaning, key) = inside(meaning, rest);
                found.push((*vendor, meaning, key));
            }
        }
    }
    if let Some(name) = store.key.as_name() {
        let handles = stepper.handles(State::whole(At { file, value: store.base }));
        for handle in handles {
            if world.catalog.api(handle.api).requests(name) {
                for text in stepper.texts(State::whole(value), 4) {
                    let endpoints = world.catalog.endpoints(&text);
                    found.extend(endpoints.iter().map(|endpoint| (endpoint.vendor, endpoint.payload.clone(), None)));
                }
            }
            let Some(vendor) = world.catalog.api(handle.api).vendor else { continue };
            if let Some(meaning) = world.catalog.assign(&handle, name) {
                found.push((vendor, meaning.clone(), Some(name.into())));
            } else if let Some(whole) = world.catalog.assigned_whole(&handle) {
                let (meaning, key) = inside(whole, std::slice::from_ref(&store.key));
                found.push((vendor, meaning, key));
            }
        }
    }
    let call = one_line(store.span.of(&world.project.unit(file).map(|unit| unit.text.clone()).unwrap_or_default()));
    let place = Place { file, span: store.span };
    let function = FunctionAt { file, function: store.function };
    found
        .into_iter()
        .map(|(vendor, meaning, key)| {
            let mut roots = Vec::new();
            let keys: Vec<SmolStr> = key.into_iter().collect();
            let state = State::whole(value);
            let structured = matches!(meaning, Meaning::Parts(_));
            for state in if structured { text_parts(stepper, state) } else { vec![state] } {
                Start { stepper, keys: &keys }.roots(state, &meaning, "assigned value", &mut roots);
            }
            let place = SinkPlace { place, call: call.clone(), argument: String::new() };
            let demand = worth_demand(stepper, vendor, &roots);
            Sink { vendor, place, function, demand, roots, reached_by: None }
        })
        .collect()
}

/// The meaning of a part of an assigned object, and the key that names it.
fn inside(meaning: &Meaning, keys: &[Key]) -> (Meaning, Option<SmolStr>) {
    let Some((Key::Name(key), rest)) = keys.split_first() else { return (meaning.clone(), None) };
    match meaning {
        Meaning::Parts(parts) => match parts.get(key.as_str()).or_else(|| parts.get("*")) {
            Some(meaning) => inside(meaning, rest),
            None => (Meaning::Word(Word::Ignore), None),
        },
        Meaning::Word(Word::Traits) => (Meaning::Word(Word::TraitValue), Some(key.clone())),
        Meaning::Word(Word::GroupTraits) => (Meaning::Word(Word::GroupValue), Some(key.clone())),
        Meaning::Word(Word::Properties) => (Meaning::Word(Word::Value), Some(key.clone())),
        other => (other.clone(), Some(key.clone())),
    }
}

struct Start<'s, 'w> {
    stepper: &'s mut Stepper<'w>,
    /// What a `key` argument beside may be.
    keys: &'s [SmolStr],
}

impl Start<'_, '_> {
    /// Takes a meaning apart into questions.
    fn roots(mut self, state: State, meaning: &Meaning, label: &str, out: &mut Vec<Root>) {
        self.add(state, meaning, label, out);
    }

    fn add(&mut self, state: State, meaning: &Meaning, label: &str, out: &mut Vec<Root>) {
        match meaning {
            Meaning::Word(word) => self.word(state, *word, label, out),
            Meaning::Parts(parts) => self.parts(state, parts, label, out),
            Meaning::Callback(callback) => {
                let Some(returns) = &callback.returns else { return };
                for (function, _, _) in self.stepper.functions(state) {
                    for &value in &self.stepper.world.project.function(function).returns {
                        let at = At { file: function.file, value };
                        self.add(State::whole(at), returns, label, out);
                    }
                }
            }
        }
    }

    fn word(&mut self, state: State, word: Word, label: &str, out: &mut Vec<Root>) {
        let plain = |subject| Root { state, is: None, key: None, subject, bag: true, label: label.to_owned() };
        match word {
            Word::Ignore | Word::Settings | Word::Key => {}
            Word::Traits => out.push(plain(Subject::Person)),
            Word::GroupTraits => out.push(plain(Subject::Organization)),
            Word::Properties => out.push(plain(Subject::Unknown)),
            Word::Text => out.push(Root { bag: false, ..plain(Subject::Unknown) }),
            Word::Value => self.keyed(&plain(Subject::Unknown), out),
            Word::TraitValue => self.keyed(&plain(Subject::Person), out),
            Word::GroupValue => self.keyed(&plain(Subject::Organization), out),
            Word::Is(category) => {
                let subject = if category == Category::Organization { Subject::Organization } else { Subject::Person };
                out.push(Root { is: Some(category), ..plain(subject) });
            }
        }
    }

    fn keyed(&self, root: &Root, out: &mut Vec<Root>) {
        if self.keys.is_empty() {
            out.push(Root { bag: false, ..root.clone() });
        }
        let words = self.stepper.world.words;
        out.extend(self.keys.iter().map(|key| {
            let told = words.field(key, root.subject).is_some() || words.subject(key) != Subject::Unknown;
            Root { key: Some(key.clone()), bag: told, ..root.clone() }
        }));
    }

    fn parts(
        &mut self,
        state: State,
        parts: &std::collections::BTreeMap<String, Meaning>,
        label: &str,
        out: &mut Vec<Root>,
    ) {
        let names_value = parts.values().any(|meaning| *meaning == Meaning::Word(Word::Key));
        if names_value {
            return self.descriptors(state, parts, label, out);
        }
        for (name, meaning) in parts {
            if name == "*" {
                let named: Vec<Key> =
                    parts.keys().filter(|name| *name != "*" && *name != "[]").map(|name| part_key(name)).collect();
                let filter = self.stepper.tables.without(state.filter, &named);
                if matches!(meaning, Meaning::Parts(_)) {
                    let path = self.appended(state, Key::Any);
                    self.add(State { path, ..state }, meaning, label, out);
                } else if state.path == WHOLE {
                    self.add(State { filter, ..state }, meaning, label, out);
                } else {
                    self.rest_of(state, &named, meaning, label, out);
                }
            } else {
                let path = self.appended(state, part_key(name));
                self.add(State { path, ..state }, meaning, name, out);
            }
        }
    }

    /// All other keys of a part: objects are looked up, since a filter holds for whole values only.
    fn rest_of(&mut self, state: State, named: &[Key], meaning: &Meaning, label: &str, out: &mut Vec<Root>) {
        for whole in self.stepper.wholes(state) {
            let filter = self.stepper.tables.without(whole.filter, named);
            self.add(State { filter, ..whole }, meaning, label, out);
        }
    }

    fn appended(&mut self, state: State, key: Key) -> super::state::PathId {
        self.stepper.appended(state.path, key)
    }

    /// `[{ name: "email", value: x }]`: one key names another, object by object.
    fn descriptors(
        &mut self,
        state: State,
        parts: &std::collections::BTreeMap<String, Meaning>,
        label: &str,
        out: &mut Vec<Root>,
    ) {
        let key_of = |meaning: &Meaning| *meaning == Meaning::Word(Word::Key);
        for end in self.stepper.ends(state) {
            let world = self.stepper.world;
            let Value::Object(properties) = world.project.value(end.at) else { continue };
            let mut keys = Vec::new();
            for (name, value) in keyed(properties) {
                if parts.get(name).is_some_and(key_of) {
                    let at = At { file: end.at.file, value };
                    keys.extend(self.stepper.strings(end.at(at)));
                }
            }
            for (name, value) in keyed(properties) {
                if let Some(meaning) = parts.get(name).filter(|meaning| !key_of(meaning)) {
                    let at = At { file: end.at.file, value };
                    let mut inner = Start { stepper: &mut *self.stepper, keys: &keys };
                    inner.add(end.at(at), meaning, label, out);
                }
            }
        }
    }
}

fn keyed(properties: &[Property]) -> Vec<(&str, crate::facts::ValueId)> {
    properties
        .iter()
        .filter_map(|property| match property {
            Property::Keyed { key, value, .. } => Some((key.as_name()?, *value)),
            Property::Spread(_) => None,
        })
        .collect()
}

/// The module body of a file, as the function around top-level code.
#[must_use]
pub const fn module_of(file: FileId) -> FunctionAt {
    FunctionAt { file, function: FunctionId(0) }
}
