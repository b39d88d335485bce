//! Calls of SDKs and libraries as the catalogue sees them: which signature applies, and which argument is which.
//!
//! `X("identify", id)` and `X.push(["identify", id])` become the call that their string names.

use smol_str::SmolStr;

use super::{graph::Callee, state::State, step::Stepper};
use crate::{
    base::Key,
    catalog::{
        Handle, Signature,
        port::{Anchor, Port, Suffix},
    },
    facts::{Item, Value},
    link::project::{At, FileId},
};

/// Arguments looked for in a command array.
const COMMAND_ARGUMENTS: u32 = 8;

/// Arguments looked for in a list of unknown length that is spread.
const SPREAD_ARGUMENTS: u32 = 4;

/// A call of an SDK or library, by one signature.
pub struct SdkCall<'w> {
    /// What is called, after dispatch.
    pub handle: Handle,
    /// One of its signatures.
    pub signature: &'w Signature,
    /// Its arguments; `None` where one is missing or spread.
    pub arguments: Vec<Option<State>>,
}

/// The key that a name in a table of parts stands for.
#[must_use]
pub fn part_key(name: &str) -> Key {
    match name {
        "[]" | "*" => Key::Any,
        name => name.parse().map_or_else(|_| Key::name(name), Key::Index),
    }
}

/// Every way in which the catalogue reads a call.
pub fn calls<'w>(stepper: &mut Stepper<'w>, call: At) -> Vec<SdkCall<'w>> {
    let callees = stepper.callees(call);
    calls_by(stepper, call, callees)
}

/// As [`calls`], with callees that the graph may not have yet.
pub fn calls_by<'w>(stepper: &mut Stepper<'w>, call: At, callees: &[Callee]) -> Vec<SdkCall<'w>> {
    let world = stepper.world;
    let Value::Call(made) = world.project.value(call) else { return Vec::new() };
    let arguments = arguments_of(stepper, call.file, &made.arguments);
    let mut found = Vec::new();
    for callee in callees {
        match callee {
            Callee::Handle(handle) => match world.catalog.through(handle) {
                Some((handle, listed)) => {
                    let arguments = passed_through(stepper, call.file, &made.arguments, listed);
                    read(stepper, &handle, &arguments, &mut found, (call, 3));
                }
                None => read(stepper, handle, &arguments, &mut found, (call, 3)),
            },
            Callee::Part(site, path) if path.is_whole() => bound(stepper, *site, &arguments, &mut found),
            _ => {}
        }
    }
    found
}

/// The arguments that `call` or `apply` hands on, after the receiver.
fn passed_through(stepper: &mut Stepper<'_>, file: FileId, items: &[Item], listed: bool) -> Vec<Option<State>> {
    let rest = items.get(1..).unwrap_or_default();
    match rest.first() {
        Some(list) if listed => arguments_of(stepper, file, &[Item { value: list.value, spread: true }]),
        _ => arguments_of(stepper, file, rest),
    }
}

/// Whether a library calls a method of what it is given: `app.use(plugin, options)` calls `plugin.install`.
#[must_use]
pub fn installs(signature: &Signature) -> bool {
    let named = |(port, _): (Port, usize)| !port.suffix.is_empty();
    signature.flows.iter().any(|flow| called(&flow.to).is_some_and(named))
}

/// What a library hands to an SDK's function that it was given: `emails.forEach(sdk.identify)`, `app.use(plugin, it)`.
pub fn handed_on<'w>(stepper: &mut Stepper<'w>, call: At) -> Vec<SdkCall<'w>> {
    let whole = State::whole(call);
    let mut found = Vec::new();
    for callee in stepper.callees(call) {
        let Callee::Handle(library) = callee else { continue };
        for signature in stepper.signatures(call, library) {
            for flow in &signature.flows {
                let Some((function, index)) = called(&flow.to) else { continue };
                for handle in sdk_handles(stepper, call, &function) {
                    for source in stepper.port(whole, call, &flow.from, None) {
                        let mut arguments = vec![None; index];
                        arguments.push(Some(source));
                        read(stepper, &handle, &arguments, &mut found, (call, 3));
                    }
                }
            }
        }
    }
    found
}

/// The port of a function and the parameter, where a port is what an argument is called with.
fn called(port: &Port) -> Option<(Port, usize)> {
    let (Suffix::Parameter(index), parts) = port.suffix.split_last()? else { return None };
    let stands = matches!(port.anchor, Anchor::Argument(_) | Anchor::Channel(..));
    let is_value = stands && parts.iter().all(Suffix::is_part);
    is_value.then(|| (Port { anchor: port.anchor.clone(), suffix: parts.to_vec() }, *index as usize))
}

/// What of a vendor's stands at a port.
fn sdk_handles(stepper: &mut Stepper<'_>, call: At, port: &Port) -> Vec<Handle> {
    let catalog = stepper.world.catalog;
    let whole = State::whole(call);
    let states = match &port.anchor {
        // What was sent to a channel is asked for the part.
        Anchor::Channel(..) => {
            let parts = port.suffix.iter().filter_map(|step| match step {
                Suffix::Part(key) => Some(key.clone()),
                _ => None,
            });
            let path = parts.fold(whole.path, |path, key| stepper.appended(path, key));
            let channel = Port { anchor: port.anchor.clone(), suffix: Vec::new() };
            stepper.port(State { path, ..whole }, call, &channel, None)
        }
        _ => stepper.port(whole, call, port, None),
    };
    let handles = states.into_iter().flat_map(|state| stepper.handles(state));
    handles.filter(|handle| catalog.api(handle.api).vendor.is_some()).collect()
}

/// The arguments of a call one by one; a list that is spread is its first elements.
fn arguments_of(stepper: &mut Stepper<'_>, file: FileId, items: &[Item]) -> Vec<Option<State>> {
    let mut arguments = Vec::new();
    for item in items {
        let state = State::whole(At { file, value: item.value });
        if item.spread {
            let length = array_length(stepper, state).unwrap_or(SPREAD_ARGUMENTS);
            arguments.extend((0..length).map(|index| {
                let path = stepper.tables.within(state.path, Key::Index(index));
                Some(State { path, ..state })
            }));
            break;
        }
        arguments.push(Some(state));
    }
    arguments
}

/// `client.track.bind(client, "Login")(properties)`: what was bound comes first.
fn bound<'w>(stepper: &mut Stepper<'w>, site: At, rest: &[Option<State>], found: &mut Vec<SdkCall<'w>>) {
    let world = stepper.world;
    let Value::Call(made) = world.project.value(site) else { return };
    let Value::Member { base, key: Key::Name(name), .. } = world.project.facts(site.file).value(made.callee) else {
        return;
    };
    if name != "bind" {
        return;
    }
    let mut arguments = arguments_of(stepper, site.file, made.arguments.get(1..).unwrap_or_default());
    arguments.extend(rest.iter().copied());
    for handle in stepper.handles(State::whole(At { file: site.file, value: *base })) {
        read(stepper, &handle, &arguments, found, (site, 3));
    }
}

fn read<'w>(
    stepper: &mut Stepper<'w>,
    handle: &Handle,
    arguments: &[Option<State>],
    found: &mut Vec<SdkCall<'w>>,
    (call, depth): (At, u32),
) {
    for signature in fitting(stepper, handle, arguments) {
        if let (Some((from, api)), 1..) = (&signature.dispatch, depth) {
            let commands = commands(stepper, from, arguments);
            // A snippet's stand-in queues every call that is made before the SDK has loaded, and makes none itself.
            let one = from.starts_with('0') || arguments.len() == 1;
            let any = one && commands.iter().any(|(command, _)| *command != commands[0].0);
            if any && stepper.uses_arguments(stepper.world.project.owner(call)) {
                continue;
            }
            for (command, rest) in commands {
                for handle in named(stepper, *api, &command) {
                    read(stepper, &handle, &rest, found, (call, depth - 1));
                }
            }
        }
        found.push(SdkCall { handle: handle.clone(), signature, arguments: arguments.to_vec() });
    }
}

/// The signatures for so many arguments, and for what these are: those for certain strings, or else those for any.
fn fitting<'w>(stepper: &mut Stepper<'w>, handle: &Handle, arguments: &[Option<State>]) -> Vec<&'w Signature> {
    let catalog = stepper.world.catalog;
    let mut all = catalog.call(handle);
    all.retain(|signature| signature.fits(arguments.len()));
    let of_vendor = catalog.api(handle.api).vendor.is_some();
    if !of_vendor || all.iter().all(|signature| signature.given.is_empty()) {
        return all;
    }
    let (given, any): (Vec<_>, Vec<_>) = all.into_iter().partition(|signature| !signature.given.is_empty());
    let mut holds = |port: &Port, wanted: &[SmolStr]| {
        let Anchor::Argument(index) = port.anchor else { return false };
        let Some(Some(argument)) = arguments.get(index as usize) else { return false };
        let part = |step: &Suffix| if let Suffix::Part(key) = step { Some(key.clone()) } else { None };
        let keys: Vec<Key> = port.suffix.iter().filter_map(part).collect();
        let state = stepper.part(*argument, &keys);
        let element = stepper.part(state, &[Key::Any]);
        let mut texts = stepper.texts(state, 3);
        texts.extend(stepper.texts(element, 3));
        !texts.is_empty() && texts.iter().all(|text| is_one_of(text, wanted))
    };
    let chosen: Vec<_> =
        given.into_iter().filter(|signature| signature.given.iter().all(|(port, texts)| holds(port, texts))).collect();
    if chosen.is_empty() { any } else { chosen }
}

/// Whether a text is among some; `AW-*` is any that starts so.
#[must_use]
pub fn is_one_of(text: &str, wanted: &[SmolStr]) -> bool {
    wanted.iter().any(|known| match known.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => text == known,
    })
}

/// The calls that a command names: its dotted path, or the last part of it (`tracker.send`), or what stands before the
/// trackers that it is for (`trackPageView:tracker;other`).
fn named(stepper: &Stepper<'_>, api: crate::catalog::ApiId, command: &str) -> Vec<Handle> {
    let catalog = stepper.world.catalog;
    let whole = Handle { api, path: command.into() };
    if !catalog.call(&whole).is_empty() {
        return vec![whole];
    }
    let last = command.rsplit(['.', ':']).next();
    let first = command.split(':').next();
    let parts = last.into_iter().chain(first).map(|part| Handle { api, path: SmolStr::new(part) });
    parts.filter(|part| !catalog.call(part).is_empty()).take(1).collect()
}

type Command = (SmolStr, Vec<Option<State>>);

fn commands(stepper: &mut Stepper<'_>, place: &str, arguments: &[Option<State>]) -> Vec<Command> {
    match place {
        "0" => {
            let Some(Some(first)) = arguments.first() else { return Vec::new() };
            let names = stepper.strings(*first);
            names.into_iter().map(|name| (name, arguments[1..].to_vec())).collect()
        }
        "0[0]" => arguments.first().copied().flatten().into_iter().flat_map(|list| in_array(stepper, list)).collect(),
        _ => arguments.iter().flatten().flat_map(|list| in_array(stepper, *list)).collect::<Vec<_>>(),
    }
}

/// A command array: its first element names the call, the others are the arguments.
fn in_array(stepper: &mut Stepper<'_>, list: State) -> Vec<Command> {
    let mut element = |index: u32| State { path: stepper.tables.within(list.path, Key::Index(index)), ..list };
    let head = element(0);
    let length = array_length(stepper, list).unwrap_or(COMMAND_ARGUMENTS);
    let mut element = |index: u32| State { path: stepper.tables.within(list.path, Key::Index(index)), ..list };
    let rest: Vec<Option<State>> = (1..length).map(|index| Some(element(index))).collect();
    stepper.strings(head).into_iter().map(|name| (name, rest.clone())).collect()
}

fn array_length(stepper: &mut Stepper<'_>, list: State) -> Option<u32> {
    let ends = stepper.ends(list);
    match ends[..] {
        [only] => match stepper.world.project.value(only.at) {
            Value::Array(items) if items.iter().all(|item| !item.spread) => u32::try_from(items.len()).ok(),
            _ => None,
        },
        _ => None,
    }
}
