//! What SDKs collect by default: their initialisations, and what the options given there turn on and off.
//!
//! An option is read backward like a payload, through constants, spreads and imports. Where its value is not known it
//! proves nothing: what is collected by default stays reported, what must be asked for needs at least the option's
//! name in the code.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{
    bounds,
    flow::{Place, place_of},
    graph::{Callee, World},
    sdk::{self, part_key},
    state::{State, WHOLE},
    step::{Move, Stepper},
};
use crate::{
    base::Key,
    catalog::{
        VendorId,
        format::{Collects, Condition, Meaning, Word},
    },
    facts::{Literal, Property, Value},
    link::project::{At, FileId},
};

/// A default collection that an initialisation starts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Started {
    /// Where.
    pub place: Place,
    /// Who collects.
    pub vendor: VendorId,
    /// Which of the vendor's collections, as an index into those of its catalogue file.
    pub collects: usize,
    /// Whether an option, or its absence, masks it.
    pub masked: bool,
}

/// Values on the way to one option's value. Options stand in the call or one or two constants away.
const DEPTH: usize = 32;

/// The collections that calls in some files start, and the files that would have to be read to know better.
#[must_use]
pub fn started(world: World<'_>, files: &[FileId]) -> (Vec<Started>, BTreeSet<FileId>) {
    let mut stepper = Stepper::new(world);
    let mut found = Vec::new();
    for &file in files {
        for &value in &world.project.facts(file).calls {
            let call = At { file, value };
            if initialises(&stepper, call) {
                stepper.fuel = bounds::FUEL;
                of_call(&mut stepper, call, &mut found);
            }
        }
    }
    found.sort();
    found.dedup();
    (found, stepper.unread)
}

/// Whether a call may be an initialisation, which is cheap to ask.
fn initialises(stepper: &Stepper<'_>, call: At) -> bool {
    let World { catalog, graph, .. } = stepper.world;
    graph.callees.get(&call).into_iter().flatten().any(|callee| match callee {
        Callee::Handle(handle) => {
            let mut signatures = catalog.call(handle).into_iter();
            catalog.api(handle.api).vendor.is_some()
                && signatures.any(|signature| signature.call.init || signature.dispatch.is_some())
        }
        _ => false,
    })
}

/// An initialisation of a vendor's, all its signatures together: which of them is meant, the options tell.
#[derive(Default)]
struct Initialisation<'w> {
    /// Names of the apis that are initialised.
    apis: BTreeSet<&'w str>,
    /// Where options may stand.
    settings: Vec<State>,
}

fn of_call(stepper: &mut Stepper<'_>, call: At, found: &mut Vec<Started>) {
    let catalog = stepper.world.catalog;
    let mut vendors: BTreeMap<VendorId, Initialisation<'_>> = BTreeMap::new();
    for made in sdk::calls(stepper, call) {
        let Some(vendor) = catalog.api(made.handle.api).vendor.filter(|_| made.signature.call.init) else { continue };
        let initialisation = vendors.entry(vendor).or_default();
        let apis = [Some(made.handle.api), made.signature.returns];
        initialisation.apis.extend(apis.into_iter().flatten().map(|api| catalog.api(api).name.as_str()));
        for (index, argument) in made.arguments.iter().enumerate() {
            if let (Some(state), Some(meaning)) = (argument, made.signature.meaning(index)) {
                options(stepper, *state, meaning, &mut initialisation.settings);
            }
        }
    }
    let place = place_of(stepper.world.project, call);
    for (vendor, Initialisation { apis, settings }) in vendors {
        for (index, collects) in catalog.sources()[vendor.0 as usize].collects.iter().enumerate() {
            let starts = collects.apis.iter().any(|api| apis.contains(api.as_str()));
            if starts && is_on(stepper, &settings, collects) {
                let masked = collects.masked.iter().any(|test| holds(stepper, &settings, test) == Truth::Yes);
                found.push(Started { place, vendor, collects: index, masked });
            }
        }
    }
}

/// The parts of an argument that are init options.
fn options(stepper: &mut Stepper<'_>, state: State, meaning: &Meaning, out: &mut Vec<State>) {
    match meaning {
        Meaning::Word(Word::Settings) => out.push(state),
        Meaning::Parts(parts) => {
            for (key, meaning) in parts {
                let path = append(stepper, state, &[part_key(key)]);
                options(stepper, path, meaning, out);
            }
        }
        _ => {}
    }
}

fn is_on(stepper: &mut Stepper<'_>, settings: &[State], collects: &Collects) -> bool {
    collects.when.iter().all(|test| holds(stepper, settings, test) != Truth::No)
        && !collects.unless.iter().any(|test| holds(stepper, settings, test) == Truth::Yes)
}

/// Whether something is so, as far as the code tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Truth {
    No,
    Maybe,
    Yes,
}

/// What one reading of an option gives.
#[derive(Debug, Clone, PartialEq)]
enum Reading {
    /// A constant.
    Is(Scalar),
    /// It is given, as this expression.
    Given(At),
    /// It is not given.
    Absent,
    /// Nobody knows whether it is given.
    Unknown,
}

#[derive(Debug, Clone, PartialEq)]
enum Scalar {
    Boolean(bool),
    Number(f64),
    Text(SmolStr),
}

fn holds(stepper: &mut Stepper<'_>, settings: &[State], test: &Condition) -> Truth {
    let keys = keys_of(&test.setting);
    let some_element = keys.contains(&Key::Any);
    let mut readings = Vec::new();
    let mut texts = Vec::new();
    for &state in settings {
        let option = append(stepper, state, &keys);
        readings.push(read(stepper, option, &mut FxHashSet::default()));
        if !test.contains.is_empty() {
            let element = append(stepper, option, &[Key::Any]);
            texts.extend(stepper.strings(element));
        }
    }
    let best = readings.iter().map(|of_one| telling(of_one)).max();
    let mut readings: Vec<_> = readings.into_iter().filter(|of_one| Some(telling(of_one)) == best).flatten().collect();
    if readings.is_empty() {
        readings.push(Reading::Absent);
    }
    let each = readings.iter().map(|reading| passes(stepper, reading, &texts, test));
    let (least, most) = each.fold((Truth::Yes, Truth::No), |(least, most), truth| (least.min(truth), most.max(truth)));
    match most {
        Truth::Yes if !some_element && least != Truth::Yes => Truth::Maybe,
        most => most,
    }
}

/// How much readings of one place tell. Where options may stand in several places, the place that knows most counts:
/// `init(key, options)` is also read as `init(key, user, options)`.
fn telling(readings: &[Reading]) -> u8 {
    let of_one = |reading: &Reading| match reading {
        Reading::Is(_) | Reading::Given(_) => 2,
        Reading::Unknown => 1,
        Reading::Absent => 0,
    };
    readings.iter().map(of_one).max().unwrap_or(0)
}

/// `a.b[]` is the keys `a`, `b` and any.
fn keys_of(setting: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    for part in setting.split('.') {
        let name = part.trim_end_matches("[]");
        if !name.is_empty() {
            keys.push(part_key(name));
        }
        if name.len() < part.len() {
            keys.push(Key::Any);
        }
    }
    keys
}

fn append(stepper: &mut Stepper<'_>, state: State, keys: &[Key]) -> State {
    let mut path = stepper.tables.path(state.path).clone();
    path.0.extend(keys.iter().cloned());
    State { path: stepper.tables.path_id(&path), ..state }
}

fn passes(stepper: &Stepper<'_>, reading: &Reading, texts: &[SmolStr], test: &Condition) -> Truth {
    let certain = |truth| if truth { Truth::Yes } else { Truth::No };
    let mut all = Truth::Yes;
    if !test.is.is_empty() {
        all = all.min(match reading {
            Reading::Is(scalar) => certain(test.is.iter().any(|value| scalar.equals(value))),
            Reading::Given(_) => Truth::Maybe,
            Reading::Absent | Reading::Unknown => Truth::No,
        });
    }
    if let Some(wanted) = test.present {
        all = all.min(match reading {
            Reading::Is(_) | Reading::Given(_) => certain(wanted),
            Reading::Absent => certain(!wanted),
            Reading::Unknown if wanted => Truth::No,
            Reading::Unknown => Truth::Maybe,
        });
    }
    if !test.contains.is_empty() {
        let listed = test.contains.iter().any(|wanted| texts.iter().any(|text| text == wanted));
        let has = |text: &str| test.contains.iter().any(|wanted| text.contains(wanted));
        let within = matches!(reading, Reading::Is(Scalar::Text(text)) if has(text));
        all = all.min(certain(listed || within));
    }
    if let Some(least) = &test.at_least {
        all = all.min(match reading {
            Reading::Is(Scalar::Text(text)) => certain(numbers(text) >= numbers(least)),
            Reading::Is(Scalar::Number(number)) => certain(numbers(&number.to_string()) >= numbers(least)),
            Reading::Given(_) => Truth::Maybe,
            _ => Truth::No,
        });
    }
    if !test.calls.is_empty() {
        let called = matches!(reading, Reading::Given(at) if made_by(stepper, *at, &test.calls));
        all = all.min(certain(called));
    }
    all
}

/// The numbers in a date or a version, for comparing.
fn numbers(text: &str) -> Vec<u64> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

/// Whether a value is the result of calling one of some names, by the last part of each.
fn made_by(stepper: &Stepper<'_>, at: At, names: &[String]) -> bool {
    let world = stepper.world;
    let Value::Call(made) = world.project.value(at) else { return false };
    let last = |text: &str| SmolStr::new(text.rsplit('.').next().unwrap_or(text).trim());
    let mut called = vec![last(world.project.text(At { file: at.file, value: made.callee }))];
    for callee in world.graph.callees.get(&at).into_iter().flatten() {
        if let Callee::Handle(handle) = callee {
            called.push(last(&handle.path));
        }
    }
    names.iter().any(|name| called.contains(&last(name)))
}

impl Scalar {
    fn of(literal: &Literal) -> Option<Self> {
        match literal {
            Literal::Text(text) => Some(Self::Text(text.clone())),
            Literal::Number(number) => number.replace('_', "").parse().ok().map(Self::Number),
            Literal::Boolean(truth) => Some(Self::Boolean(*truth)),
            Literal::Nothing | Literal::Pattern => None,
        }
    }

    /// What minified code writes for constants: `!0`, `!1`; and negative numbers.
    fn of_text(text: &str) -> Option<Self> {
        match text {
            "!0" => Some(Self::Boolean(true)),
            "!1" => Some(Self::Boolean(false)),
            _ => text.parse().ok().map(Self::Number),
        }
    }

    fn equals(&self, value: &toml::Value) -> bool {
        match (self, value) {
            (Self::Boolean(own), toml::Value::Boolean(other)) => own == other,
            (Self::Text(own), toml::Value::String(other)) => own == other,
            (Self::Number(own), toml::Value::Float(other)) => (own - other).abs() < f64::EPSILON,
            (Self::Number(own), toml::Value::Integer(other)) => own.to_string() == other.to_string(),
            _ => false,
        }
    }
}

/// What a part of a value may be. `open` holds the questions that are being answered.
fn read(stepper: &mut Stepper<'_>, state: State, open: &mut FxHashSet<State>) -> Vec<Reading> {
    if open.len() >= DEPTH || !open.insert(state) {
        return vec![unknown(state)];
    }
    let world = stepper.world;
    let whole = state.path == WHOLE;
    let inner = |value| state.at(At { file: state.at.file, value });
    let readings = match world.project.value(state.at) {
        Value::Literal(Literal::Nothing) => vec![Reading::Absent],
        Value::Literal(literal) if whole => vec![Scalar::of(literal).map_or(Reading::Given(state.at), Reading::Is)],
        Value::Derived if whole => {
            let scalar = Scalar::of_text(world.project.text(state.at));
            vec![scalar.map_or(Reading::Given(state.at), Reading::Is)]
        }
        Value::Typed { value, .. } => read(stepper, inner(*value), open),
        Value::Object(_) | Value::Array(_) | Value::Function(_) if whole => vec![Reading::Given(state.at)],
        Value::Object(properties) => in_object(stepper, state, properties, open),
        Value::Call(_) if whole && !enters_project(stepper, state.at) => vec![Reading::Given(state.at)],
        _ => stepped(stepper, state, open),
    };
    open.remove(&state);
    readings
}

const fn unknown(state: State) -> Reading {
    if matches!(state.path, WHOLE) { Reading::Given(state.at) } else { Reading::Unknown }
}

fn enters_project(stepper: &mut Stepper<'_>, call: At) -> bool {
    stepper.callees(call).iter().any(|callee| matches!(callee, Callee::Function { .. }))
}

/// The last property of that key counts; what a spread may not have is looked for before it.
fn in_object(
    stepper: &mut Stepper<'_>,
    state: State,
    properties: &[Property],
    open: &mut FxHashSet<State>,
) -> Vec<Reading> {
    let Some((wanted, rest)) = stepper.tables.rest(state.path) else { return vec![Reading::Unknown] };
    let inner = |value| state.at(At { file: state.at.file, value });
    let mut readings = Vec::new();
    for property in properties.iter().rev() {
        match property {
            Property::Keyed { key, value, .. } if *key == wanted => {
                readings.extend(read(stepper, State { path: rest, ..inner(*value) }, open));
                return readings;
            }
            Property::Keyed { key: Key::Any, .. } => readings.push(Reading::Unknown),
            Property::Keyed { .. } => {}
            Property::Spread(value) => {
                let spread = read(stepper, inner(*value), open);
                let may_lack = spread.iter().any(|reading| matches!(reading, Reading::Absent | Reading::Unknown));
                readings.extend(spread.into_iter().filter(|reading| *reading != Reading::Absent));
                if !may_lack {
                    return readings;
                }
            }
        }
    }
    readings.push(Reading::Absent);
    readings
}

fn stepped(stepper: &mut Stepper<'_>, state: State, open: &mut FxHashSet<State>) -> Vec<Reading> {
    let mut readings = Vec::new();
    for next in stepper.step(state) {
        match next {
            Move::To(next, _) => readings.extend(read(stepper, next, open)),
            Move::Formal(formal) => {
                let passed = stepper.passed_to(state, formal);
                if passed.is_empty() {
                    readings.push(unknown(state));
                }
                passed.into_iter().for_each(|next| readings.extend(read(stepper, next, open)));
            }
            Move::Clean(_) if state.path != WHOLE => readings.push(Reading::Absent),
            _ => readings.push(unknown(state)),
        }
    }
    if readings.is_empty() {
        readings.push(unknown(state));
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_paths() {
        let name = |text| Key::name(text);
        assert_eq!(keys_of("ip"), [name("ip")]);
        assert_eq!(keys_of("a.b[]"), [name("a"), name("b"), Key::Any]);
    }

    #[test]
    fn dates_and_versions_compare_by_number() {
        assert!(numbers("2025-11-30") > numbers("2025-05-24"));
        assert!(numbers("10.1") > numbers("9.9"));
        assert!(numbers("unset") < numbers("2025-05-24"));
    }

    #[test]
    fn constants() {
        let is = |text: &str, value: toml::Value| Scalar::of_text(text).is_some_and(|scalar| scalar.equals(&value));
        assert!(is("!1", toml::Value::Boolean(false)));
        assert!(is("-1", toml::Value::Integer(-1)));
        assert!(is("0.5", toml::Value::Float(0.5)));
        assert!(!is("a > b", toml::Value::Boolean(true)));
    }
}
