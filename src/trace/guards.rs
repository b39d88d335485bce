//! Guards that a call contradicts: `send("viewed", data)` does nothing in `if (kind === "bought") …`.
//!
//! Only what a call itself passes as a constant can say so; of everything else nothing is known, and the guarded code
//! may run.

use smol_str::SmolStr;

use super::{
    bounds,
    follow::Entry,
    graph::{Callee, Caller, World},
    state::{CallsId, Mode, NO_CALLS, State},
    step::Stepper,
};
use crate::{
    base::Key,
    catalog::port::{Anchor, Port, Suffix},
    facts::{Guard, GuardId, Imported, Literal, Property, Test, Value, ValueId},
    link::project::{At, Exported, FunctionAt, Module},
};

/// What is passed or written somewhere.
enum Given<T> {
    /// Nothing: it is `undefined`.
    Nothing,
    /// This.
    Value(T),
}

/// A value, the part of it that is meant, and how it is seen.
#[derive(Clone)]
struct Asked<'e> {
    at: At,
    path: Vec<Key>,
    calls: CallsId,
    open: &'e [Entry],
}

impl Stepper<'_> {
    /// Whether the calls through which a value is seen keep the code from running that computes it.
    pub(super) fn is_barred(&self, state: State) -> bool {
        self.tables.frame(state.calls).is_some() && {
            let facts = self.world.project.facts(state.at.file);
            facts.guard_of(state.at.value).is_some_and(|guard| self.contradicts(state, guard, &[]))
        }
    }

    /// Whether the calls through which a value is seen, and those before them, contradict a guard around it.
    pub(super) fn contradicts(&self, state: State, guard: GuardId, open: &[Entry]) -> bool {
        let facts = self.world.project.facts(state.at.file);
        facts.guards_from(Some(guard)).take(bounds::GUARDS).any(|guard| self.fails(state, guard, open))
    }

    fn fails(&self, state: State, guard: &Guard, open: &[Entry]) -> bool {
        let at = |value: ValueId| At { file: state.at.file, value };
        let owner = self.world.project.owner(at(guard.value));
        let calls = self.calls_of(state, owner.function);
        let seen = |value| Asked { at: at(value), path: Vec::new(), calls, open };
        let Some(given) = self.constants(seen(guard.value)) else { return false };
        match &guard.test {
            Test::Truthy => given.iter().all(|literal| is_true(literal) == Some(!guard.holds)),
            Test::Kind(kind) => given.iter().all(|literal| is_kind(literal, kind) == Some(!guard.holds)),
            Test::OneOf(others) => {
                let others: Vec<Vec<Literal>> =
                    others.iter().map(|&other| self.constants(seen(other)).unwrap_or_default()).collect();
                if guard.holds {
                    let differs = |literal: &Literal| {
                        others.iter().all(|options| {
                            !options.is_empty() && options.iter().all(|other| same(literal, other) == Some(false))
                        })
                    };
                    return given.iter().all(differs);
                }
                let equals = |literal: &Literal| {
                    others.iter().any(|options| matches!(&options[..], [only] if same(literal, only) == Some(true)))
                };
                given.iter().all(equals)
            }
        }
    }

    /// The constants that a value may be; `None` where it may be anything else.
    fn constants(&self, asked: Asked<'_>) -> Option<Vec<Literal>> {
        let mut found = Vec::new();
        let mut work = vec![asked];
        for _ in 0..bounds::CONSTANT_REACH {
            let Some(asked) = work.pop() else { return (!found.is_empty()).then_some(found) };
            self.constant(asked, &mut work, &mut found)?;
            if found.len() > bounds::CONSTANTS {
                return None;
            }
        }
        None
    }

    fn constant<'e>(&self, asked: Asked<'e>, work: &mut Vec<Asked<'e>>, found: &mut Vec<Literal>) -> Option<()> {
        let project = self.world.project;
        let facts = project.facts(asked.at.file);
        let place = |value| At { file: asked.at.file, value };
        match facts.value(asked.at.value) {
            Value::Literal(literal) if asked.path.is_empty() => found.push(literal.clone()),
            Value::Read { variable, value: Some(value) } => {
                if !facts.variable(*variable).outside_writes.is_empty() {
                    return None;
                }
                if let (Value::Choice(options), [first, ..]) =
                    (facts.value(*value), &facts.variable(*variable).writes[..])
                    && let ([given, _], true) = (&options[..], first == value)
                    && matches!(facts.value(*given), Value::Parameter { .. })
                {
                    // `kind = "sent"` in the list of parameters: the default counts where nothing is passed.
                    let passed = self.constants(Asked { at: place(*given), ..asked.clone() })?;
                    if passed.iter().all(|literal| *literal != Literal::Nothing) {
                        found.extend(passed);
                        return Some(());
                    }
                }
                work.push(Asked { at: place(*value), ..asked });
            }
            Value::Read { variable, value: None } => {
                let value = facts.behind(asked.at.value)?;
                let state = State { calls: asked.calls, ..State::whole(asked.at) };
                let calls = self.calls_of(state, facts.variable(*variable).function);
                work.push(Asked { at: place(value), calls, ..asked });
            }
            Value::Typed { value, .. } => work.push(Asked { at: place(*value), ..asked }),
            Value::Choice(options) => {
                work.extend(options.iter().map(|&option| Asked { at: place(option), ..asked.clone() }));
            }
            Value::Member { base, key, computed: None } => {
                let path = std::iter::once(key.clone()).chain(asked.path).collect();
                work.push(Asked { at: place(*base), path, ..asked });
            }
            Value::Object(properties) => {
                let (key, rest) = asked.path.split_first()?;
                match property(properties, key)? {
                    Given::Value(value) => work.push(Asked { at: place(value), path: rest.to_vec(), ..asked }),
                    Given::Nothing => found.push(Literal::Nothing),
                }
            }
            Value::Import(import) => {
                let name = &facts.import(*import).name;
                let at = self.exported_constant(project.module(asked.at.file, *import), name)?;
                work.push(Asked { at, path: asked.path, calls: NO_CALLS, open: &[] });
            }
            Value::Parameter { function, index } => {
                let function = FunctionAt { file: asked.at.file, function: *function };
                if let Some(key) = self.read_under(&asked, function, *index) {
                    found.push(Literal::Text(key));
                    return Some(());
                }
                match self.filled_with(asked, function, *index)? {
                    Given::Value(asked) => work.push(asked),
                    Given::Nothing => found.push(Literal::Nothing),
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// What is exported under a name, where that is one value.
    fn exported_constant(&self, module: &Module, name: &Imported) -> Option<At> {
        let project = self.world.project;
        let (mut file, mut name) = match (module, name) {
            (Module::File(file), Imported::Named(name)) => (*file, name.as_str()),
            (Module::File(file), Imported::Default) => (*file, "default"),
            _ => return None,
        };
        for _ in 0..4 {
            match &project.exported(file, name)[..] {
                [Exported::Value(at)] => return Some(*at),
                [Exported::Star(Module::File(next))] => file = *next,
                [Exported::Import(from, import)] => {
                    name = match &project.facts(*from).import(*import).name {
                        Imported::Named(name) => name.as_str(),
                        Imported::Default => "default",
                        _ => return None,
                    };
                    let Module::File(next) = project.module(*from, *import) else { return None };
                    file = *next;
                }
                _ => return None,
            }
        }
        None
    }

    /// The key under which something was read that a library has made when it is asked for, in `get(target, key)`:
    /// what comes out, and was called then, is a function that it returns.
    fn read_under(&self, asked: &Asked<'_>, function: FunctionAt, index: u32) -> Option<SmolStr> {
        let World { project, graph, catalog, .. } = self.world;
        let facts = project.facts(function.file);
        let returns = &facts.function(function.function).returns;
        let entry = asked.open.iter().rfind(|entry| {
            let own = entry.function.function;
            let inner = |value: &ValueId| matches!(facts.value(*value), Value::Function(inner) if *inner == own);
            entry.function.file == function.file && entry.mode == Mode::Direct && returns.iter().any(inner)
        })?;
        let [Caller { call: made, mode: Mode::Callback(argument, hook), .. }] = graph.callers.get(&function)?[..]
        else {
            return None;
        };
        let mut told = catalog.hook_steps(hook).to_vec();
        told.push(Suffix::Parameter(index));
        let told = Port { anchor: Anchor::Argument(argument), suffix: told };
        let tells = |callee: &Callee| match callee {
            Callee::Handle(handle) => {
                catalog.call(handle).iter().any(|signature| signature.key.as_ref() == Some(&told))
            }
            _ => false,
        };
        graph.callees.get(&made)?.iter().any(tells).then_some(())?;
        let facts = project.facts(entry.call.file);
        let mut callee = facts.call(entry.call.value)?.callee;
        for _ in 0..4 {
            match facts.value(callee) {
                Value::Member { base, key: Key::Name(key), .. } => {
                    return self.is_result_of(At { file: entry.call.file, value: *base }, made).then(|| key.clone());
                }
                _ => callee = facts.behind(callee)?,
            }
        }
        None
    }

    /// Whether a value is what one call gives and nothing else, as far as names and functions show it.
    fn is_result_of(&self, mut at: At, made: At) -> bool {
        let World { project, graph, .. } = self.world;
        for _ in 0..bounds::CONSTANT_REACH {
            if at == made {
                return true;
            }
            let facts = project.facts(at.file);
            let next = match facts.value(at.value) {
                Value::Passed { base, .. } => Some(At { value: *base, ..at }),
                Value::Import(import) => {
                    self.exported_constant(project.module(at.file, *import), &facts.import(*import).name)
                }
                Value::Call(_) => match graph.callees.get(&at).map(Vec::as_slice) {
                    Some([Callee::Function { at: function, .. }]) => match project.function(*function).returns[..] {
                        [value] => Some(At { file: function.file, value }),
                        _ => None,
                    },
                    _ => None,
                },
                _ => facts.behind(at.value).map(|value| At { value, ..at }),
            };
            let Some(next) = next else { return false };
            at = next;
        }
        false
    }

    /// What fills a parameter; `None` where nobody knows.
    fn filled_with<'e>(&self, asked: Asked<'e>, function: FunctionAt, index: u32) -> Option<Given<Asked<'e>>> {
        let frame = self.tables.frame(asked.calls);
        let (call, mode, calls, open) = match frame {
            Some(frame) if frame.function == function => (frame.call, frame.mode, frame.outer, asked.open),
            Some(_) => return None,
            None => {
                let at = asked.open.iter().rposition(|entry| entry.function == function)?;
                (asked.open[at].call, asked.open[at].mode, NO_CALLS, &asked.open[..at])
            }
        };
        let (index, path) = match asked.path.split_first() {
            Some((Key::Index(offset), rest)) if self.is_rest(function, index) => (index + offset, rest.to_vec()),
            _ if self.is_rest(function, index) => return None,
            _ => (index, asked.path),
        };
        let Value::Call(made) = self.world.project.value(call) else { return None };
        let index = match mode {
            Mode::Direct => index,
            Mode::Call => index + 1,
            _ => return None,
        };
        let before = made.arguments.get(..=index as usize).unwrap_or(&made.arguments);
        if before.iter().any(|item| item.spread) {
            return None;
        }
        Some(match made.arguments.get(index as usize) {
            Some(item) => Given::Value(Asked { at: At { file: call.file, value: item.value }, path, calls, open }),
            None => Given::Nothing,
        })
    }
}

/// The property that a key of an object literal names; `None` where nobody knows.
fn property(properties: &[Property], key: &Key) -> Option<Given<ValueId>> {
    for property in properties.iter().rev() {
        match property {
            Property::Keyed { key: own, value, .. } if own == key && *key != Key::Any => {
                return Some(Given::Value(*value));
            }
            Property::Keyed { key: own, .. } if own.may_equal(key) => return None,
            Property::Keyed { .. } => {}
            Property::Spread(_) => return None,
        }
    }
    Some(Given::Nothing)
}

/// Whether a constant counts as true.
fn is_true(literal: &Literal) -> Option<bool> {
    match literal {
        Literal::Text(text) => Some(!text.is_empty()),
        Literal::Number(number) => number.parse::<f64>().ok().map(|number| number != 0.0),
        Literal::Boolean(truth) => Some(*truth),
        Literal::Nothing => Some(false),
        Literal::Pattern => Some(true),
    }
}

/// Whether `typeof` says this of a constant; `null` and `undefined` are not told apart.
fn is_kind(literal: &Literal, kind: &str) -> Option<bool> {
    match literal {
        Literal::Text(_) => Some(kind == "string"),
        Literal::Number(_) => Some(kind == "number"),
        Literal::Boolean(_) => Some(kind == "boolean"),
        Literal::Nothing if matches!(kind, "undefined" | "object") => None,
        Literal::Nothing => Some(false),
        Literal::Pattern => Some(kind == "object"),
    }
}

/// Whether two constants are equal, where `==` and `===` agree on it.
fn same(left: &Literal, right: &Literal) -> Option<bool> {
    match (left, right) {
        (Literal::Text(left), Literal::Text(right)) => Some(left == right),
        (Literal::Boolean(left), Literal::Boolean(right)) => Some(left == right),
        (Literal::Number(left), Literal::Number(right)) => {
            let (left, right) = (left.parse::<f64>().ok()?, right.parse::<f64>().ok()?);
            Some(left.to_bits() == right.to_bits())
        }
        // `null` and `undefined` may or may not be told apart.
        (Literal::Nothing, Literal::Nothing) | (Literal::Pattern, _) | (_, Literal::Pattern) => None,
        (Literal::Nothing, _) | (_, Literal::Nothing) => Some(false),
        _ => None,
    }
}
