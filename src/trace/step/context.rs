//! Through which calls a function is seen: from inside, from where it is called, and from what it makes.
//!
//! The newest call of a state's call string entered the function in which the value is computed, or one around it: of
//! a callback that nobody saw being called, it is still known which call made it.

use crate::facts::CallKind;
use crate::facts::FunctionId;
use crate::facts::MODULE;
use crate::facts::Value;
use crate::facts::ValueId;
use crate::link::project::At;
use crate::link::project::FunctionAt;
use crate::trace::bounds;
use crate::trace::graph::Callee;
use crate::trace::graph::Caller;
use crate::trace::graph::Given;
use crate::trace::graph::HandedOn;
use crate::trace::owners::Entered;
use crate::trace::state::ALL_KEYS;
use crate::trace::state::CallsId;
use crate::trace::state::Frame;
use crate::trace::state::Mode;
use crate::trace::state::NO_CALLS;
use crate::trace::state::State;
use crate::trace::state::WHOLE;
use crate::trace::step::Basis;
use crate::trace::step::Stepper;
use std::borrow::Cow;
use std::collections::VecDeque;

impl<'w> Stepper<'w> {
    /// Whether a function is another one or stands around it.
    pub(in crate::trace) fn encloses(&self, outer: FunctionAt, inner: FunctionAt) -> bool {
        if outer.file != inner.file {
            return false;
        }
        let facts = self.world.project.facts(inner.file);
        let mut here = Some(inner.function);
        while let Some(function) = here {
            if function == outer.function {
                return true;
            }
            here = facts.function(function).parent;
        }
        false
    }

    /// The calls through which an enclosing function is seen from inside.
    pub(in crate::trace) fn calls_of(&self, state: State, owner: FunctionId) -> CallsId {
        if owner == MODULE {
            return NO_CALLS;
        }
        let file = state.at.file;
        let facts = self.world.project.facts(file);
        let mut here = facts.owners[state.at.value.index()];
        let mut calls = state.calls;
        while here != owner {
            let Some(parent) = facts.function(here).parent else { return NO_CALLS };
            let at = FunctionAt { file, function: here };
            calls = match self.tables.frame(calls) {
                Some(frame) if frame.function == at => self.around_maker(frame, FunctionAt { file, function: parent }),
                // The call is of a function farther out.
                Some(frame) if self.encloses(frame.function, at) => calls,
                _ => NO_CALLS,
            };
            here = parent;
        }
        calls
    }

    /// The calls around the place where the function of a frame was made, inside `parent`. Where it is called by name
    /// within the function that made it, these are the calls around that call.
    fn around_maker(&self, frame: Frame, parent: FunctionAt) -> CallsId {
        if frame.made_in != NO_CALLS || !self.encloses(parent, self.world.project.owner(frame.call)) {
            return frame.made_in;
        }
        self.calls_of(State { calls: frame.outer, ..State::whole(frame.call) }, parent.function)
    }

    /// The calls through which a place is seen from inside a state, where the state's calls entered a function around
    /// both.
    fn shared(&self, state: State, inside: FunctionAt, place: At) -> CallsId {
        let owner = self.world.project.owner(place);
        match self.tables.frame(state.calls) {
            Some(frame) if self.encloses(frame.function, inside) && self.encloses(frame.function, owner) => state.calls,
            _ => NO_CALLS,
        }
    }

    /// The calls around a caller of a function, seen from a state inside it: a callback is called with what stood
    /// beside it, and by the very call of a function around both that is known already.
    pub(in crate::trace) fn around(&mut self, state: State, function: FunctionAt, caller: &Caller) -> CallsId {
        let given = caller.given.filter(|given| self.encloses(given.function, self.world.project.owner(caller.call)));
        let Some(Given { call, function: entered, mode, before }) = given else {
            return self.shared(state, function, caller.call);
        };
        let outer = match before {
            Some(HandedOn { call, function: entered, mode }) => {
                let outer = self.shared(state, function, call);
                self.tables.enter(Frame { call, function: entered, mode, made_in: NO_CALLS, outer })
            }
            None => self.shared(state, function, call),
        };
        self.tables.enter(Frame { call, function: entered, mode, made_in: NO_CALLS, outer })
    }

    /// The calls by which something came to where it is, the newest first, as a call string.
    pub(in crate::trace) fn remembered(&mut self, calls: &[(At, FunctionAt)]) -> CallsId {
        self.remembered_in(calls, NO_CALLS)
    }

    fn remembered_in(&mut self, calls: &[(At, FunctionAt)], outer: CallsId) -> CallsId {
        calls.iter().rev().fold(outer, |outer, &(call, function)| {
            self.tables.enter(Frame { call, function, mode: Mode::Direct, made_in: NO_CALLS, outer })
        })
    }

    /// Enters a function from a call that is seen through calls itself. Where the function was made by calls that
    /// stand around this one, they are the same.
    pub(in crate::trace) fn entered_from(
        &mut self,
        (call, outer): (At, CallsId),
        (function, mode): (FunctionAt, Mode),
        made_in: &[(At, FunctionAt)],
    ) -> CallsId {
        let base = match made_in.last() {
            Some((first, _)) => {
                let maker = self.world.project.owner(*first);
                let known = self.encloses(maker, self.world.project.owner(call));
                let state = State { calls: outer, ..State::whole(call) };
                if known { self.calls_of(state, maker.function) } else { NO_CALLS }
            }
            None => NO_CALLS,
        };
        let made_in = self.remembered_in(made_in, base);
        self.tables.enter(Frame { call, function, mode, made_in, outer })
    }

    /// The calls through which what is stored in an object is seen, where the object is made anew by each call of the
    /// function that builds it and the state tells by which.
    pub(super) fn of_builder(&mut self, state: State, object: At, value: At, entered: &Entered) -> CallsId {
        let builder = self.world.project.owner(object);
        let from = entered.last().map_or(value, |(call, _)| *call);
        let same = builder.function != MODULE
            && self.is_made_anew(object)
            && self.tables.frame(state.calls).is_some_and(|frame| self.encloses(frame.function, builder))
            && self.encloses(builder, self.world.project.owner(from));
        self.remembered_in(entered, if same { state.calls } else { NO_CALLS })
    }

    /// The ways in which callers hand on what names a key, and the place at the end of each that names it: so that what
    /// one caller stores is not told by the name that another gives. The calls are the newest first.
    pub(in crate::trace) fn named_by(&mut self, key: At) -> Vec<(Entered, At)> {
        let mut found = Vec::new();
        let mut work: VecDeque<(Entered, At)> = VecDeque::from([(Entered::new(), key)]);
        while let Some((entered, at)) = work.pop_front() {
            let before = if entered.len() < bounds::NAMED_BY { self.passed_plainly(at) } else { Vec::new() };
            if before.is_empty() || work.len() + found.len() + before.len() > bounds::URL_CALLERS {
                found.push((entered, at));
                continue;
            }
            for (call, function, argument) in before {
                let mut entered = entered.clone();
                entered.push((call, function));
                work.push_back((entered, argument));
            }
        }
        found
    }

    /// The arguments that callers pass for a parameter of the function at hand, with the calls.
    fn passed_plainly(&mut self, at: At) -> Vec<(At, FunctionAt, At)> {
        let world = self.world;
        let facts = world.project.facts(at.file);
        let mut value = at.value;
        for _ in 0..bounds::CONSTANT_REACH {
            let Some(behind) = facts.behind(value) else { break };
            value = behind;
        }
        let Value::Parameter { function, index } = facts.value(value) else { return Vec::new() };
        let function = FunctionAt { file: at.file, function: *function };
        if self.is_rest(function, *index) {
            return Vec::new();
        }
        self.rests_on.insert(Basis::Callers(function));
        let callers = world.graph.callers.get(&function).into_iter().flatten();
        let passed = callers.map(|caller| match (caller.mode, world.project.value(caller.call)) {
            (Mode::Direct, Value::Call(made)) if made.arguments.iter().all(|item| !item.spread) => {
                let argument = made.arguments.get(*index as usize)?;
                Some((caller.call, function, At { file: caller.call.file, value: argument.value }))
            }
            _ => None,
        });
        // One that is called in another way may name anything.
        passed.collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    fn is_made_anew(&self, object: At) -> bool {
        match self.world.project.value(object) {
            Value::Object(_) | Value::Array(_) | Value::Function(_) => true,
            Value::Call(made) => made.kind == CallKind::New,
            _ => false,
        }
    }

    /// What a call may enter in the context of a question: where a function calls what it was given, that is what the
    /// call that entered the function gave it.
    pub(super) fn callees_in_context(&mut self, state: State) -> Cow<'w, [Callee]> {
        let all = self.callees(state.at);
        let Value::Call(made) = self.world.project.value(state.at) else { return Cow::Borrowed(all) };
        if state.calls == NO_CALLS {
            return Cow::Borrowed(all);
        }
        // A single function is asked for as well: through which calls it was made matters to what it captures.
        let is_function = matches!(all, [Callee::Function { .. }]);
        match self.comes_from(state, made.callee, bounds::CALLEE_REACH).map(|root| self.world.project.value(root)) {
            Some(_) if all.len() > 1 => {}
            Some(Value::Parameter { .. }) if is_function => {}
            _ => return Cow::Borrowed(all),
        }
        let asked = (state.at, state.calls);
        if let Some(known) = self.known_callees.get(&asked) {
            return known.clone().map_or(Cow::Borrowed(all), Cow::Owned);
        }
        let kept = self.callees_here(state, made.callee, all);
        self.known_callees.insert(asked, kept.clone());
        kept.map_or(Cow::Borrowed(all), Cow::Owned)
    }

    /// Those of a call's callees that it enters in the context of a state; `None` where that does not tell.
    fn callees_here(&mut self, state: State, callee: ValueId, all: &[Callee]) -> Option<Vec<Callee>> {
        let callee = At { file: state.at.file, value: callee };
        let asked = State { path: WHOLE, filter: ALL_KEYS, ..state.at(callee) };
        let (fuel, cut) = (self.fuel, std::mem::take(&mut self.cut));
        self.fuel = fuel.min(bounds::CONTEXT_FUEL);
        let granted = self.fuel;
        let here = self.nested(|stepper| stepper.resolve(asked)).callees;
        self.fuel = fuel - (granted - self.fuel);
        let complete = !std::mem::replace(&mut self.cut, cut);
        let kept: Vec<Callee> = here.into_iter().filter(|callee| is_among(all, callee)).collect();
        (complete && !kept.is_empty()).then_some(kept)
    }

    /// The value that a callee is taken from, if the calls through which a state is seen tell more of it: a parameter,
    /// also of a function around, or the instance that a method is called on.
    fn comes_from(&self, state: State, callee: ValueId, reach: usize) -> Option<At> {
        let file = state.at.file;
        let facts = self.world.project.facts(file);
        let mut value = callee;
        for left in (0..reach).rev() {
            value = match facts.value(value) {
                Value::Member { base, .. }
                | Value::Rest { base, .. }
                | Value::Passed { base, .. }
                | Value::Update { base, .. } => *base,
                Value::Read { value: Some(value), .. } | Value::Typed { value, .. } | Value::Await(value) => *value,
                Value::Choice(options) => {
                    return options.iter().find_map(|&option| self.comes_from(state, option, left));
                }
                Value::Read { value: None, variable } => {
                    let variable = facts.variable(*variable);
                    let calls = self.calls_of(state, variable.function);
                    let first = variable.writes.first().copied().filter(|_| calls != NO_CALLS)?;
                    let state = State { calls, ..state.at(At { file, value: first }) };
                    return self.comes_from(state, first, left);
                }
                Value::Parameter { function, .. } => {
                    let at = FunctionAt { file, function: *function };
                    let frame = self.tables.frame(state.calls)?;
                    return self.encloses(frame.function, at).then_some(At { file, value });
                }
                Value::This(function) => {
                    let known = self.calls_of(state, *function) != NO_CALLS;
                    return known.then_some(At { file, value });
                }
                _ => return None,
            };
        }
        None
    }
}

/// Whether a function, class or member is among those that a call may enter, wherever it was made.
fn is_among(all: &[Callee], callee: &Callee) -> bool {
    all.iter().any(|known| match (known, callee) {
        (Callee::Function { at: known, .. }, Callee::Function { at, .. }) => known == at,
        (known, callee) => known == callee,
    })
}
