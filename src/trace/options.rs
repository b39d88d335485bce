//! Options: what the code says of a part of an object, read backward like a payload, through constants, spreads and
//! imports.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{
    graph::Callee,
    sdk::part_key,
    state::{State, WHOLE},
    step::{Move, Stepper},
};
use crate::{
    base::Key,
    catalog::format::{Condition, Constant},
    facts::{Literal, Property, Value},
    link::project::At,
};

/// Values on the way to one option's value. Options stand in the call or one or two constants away.
const DEPTH: usize = 32;

/// Whether something is so, as far as the code tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Truth {
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

/// Whether a test of an option holds, where options may stand in several places.
pub(super) fn holds(stepper: &mut Stepper<'_>, settings: &[State], test: &Condition) -> Truth {
    let keys = keys_of(&test.setting);
    let some_element = keys.contains(&Key::Any);
    let mut readings = Vec::new();
    let mut texts = Vec::new();
    for &state in settings {
        let option = stepper.part(state, &keys);
        let mut of_one = read(stepper, option, &mut FxHashSet::default());
        if keys.is_empty() {
            // A test of the argument itself is one of a string.
            of_one.retain(|reading| !matches!(reading, Reading::Given(at) if is_structure(stepper, *at)));
        }
        readings.push(of_one);
        if !test.contains.is_empty() {
            let element = stepper.part(option, &[Key::Any]);
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

fn is_structure(stepper: &Stepper<'_>, at: At) -> bool {
    matches!(stepper.world.project.value(at), Value::Object(_) | Value::Array(_) | Value::Function(_))
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
pub(super) fn keys_of(setting: &str) -> Vec<Key> {
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

    fn equals(&self, value: &Constant) -> bool {
        match (self, value) {
            (Self::Boolean(own), Constant::Boolean(other)) => own == other,
            (Self::Text(own), Constant::Text(other)) => own == other,
            (Self::Number(own), Constant::Float(other)) => (own - other).abs() < f64::EPSILON,
            (Self::Number(own), Constant::Integer(other)) => own.to_string() == other.to_string(),
            _ => false,
        }
    }
}

/// Whether a value is surely `false`, or nothing.
pub(super) fn is_off(stepper: &mut Stepper<'_>, state: State) -> bool {
    let readings = read(stepper, state, &mut FxHashSet::default());
    let off = |reading: &Reading| matches!(reading, Reading::Absent | Reading::Is(Scalar::Boolean(false)));
    readings.iter().all(off)
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
                let given = read(stepper, State { path: rest, ..inner(*value) }, open);
                // The key stands there, whatever its value's parts are.
                readings.extend(given.into_iter().map(|reading| match reading {
                    Reading::Unknown if rest == WHOLE => Reading::Given(inner(*value).at),
                    reading => reading,
                }));
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
        let is = |text: &str, value: Constant| Scalar::of_text(text).is_some_and(|scalar| scalar.equals(&value));
        assert!(is("!1", Constant::Boolean(false)));
        assert!(is("-1", Constant::Integer(-1)));
        assert!(is("0.5", Constant::Float(0.5)));
        assert!(!is("a > b", Constant::Boolean(true)));
    }
}
