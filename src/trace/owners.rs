//! Where trails end that look for objects: which of them a value may be, and which wholes it may be a part of.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use super::{
    bounds,
    graph::{Callee, Given},
    state::{Mode, State, WHOLE},
    step::{Formal, Hop, Move, Stepper},
};
use crate::{
    base::Key,
    facts::{CallKind, Value},
    link::project::{At, FunctionAt},
};

/// The calls by which something came into a function's parameters, the newest first.
pub type Entered = Vec<(At, FunctionAt)>;

/// An object that a value may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    /// The object, and the part of it that the value is.
    pub state: State,
    /// The calls that gave it to the function in which the question was asked, as far as they were kept.
    pub entered: Entered,
}

/// A place on the way to the objects that a value may be.
#[derive(Debug, Clone)]
struct Trail {
    state: State,
    /// The first call on the way whose function returned the value, and the last function that did.
    made: Option<(State, FunctionAt)>,
    entered: Entered,
    /// The function whose callers come next; `None` once the trail left it.
    inside: Option<FunctionAt>,
}

impl Stepper<'_> {
    /// The values at which trails end: objects, arrays, functions, classes, constructions and unknown calls.
    pub fn ends(&mut self, start: State) -> Vec<State> {
        self.nested(|stepper| {
            let mut found: Vec<State> = stepper.trails(start, false).into_iter().map(|trail| trail.state).collect();
            found.sort();
            found.dedup();
            found
        })
    }

    /// The objects that a value may be, to be written to: one that a function makes anew is told apart by its call.
    pub fn owners(&mut self, start: State) -> Vec<Owner> {
        self.nested(|stepper| {
            let trails = stepper.trails(start, true);
            let owner = |Trail { state, made, entered, .. }: Trail| match made {
                Some((call, function)) if stepper.is_fresh(state, function) => Owner { state: call, entered },
                _ => Owner { state, entered },
            };
            let mut found: Vec<Owner> = trails.into_iter().map(owner).collect();
            found.sort();
            found.dedup();
            found
        })
    }

    /// Whether a value is made in the function that returned it last, or in one that was entered on the way.
    fn is_fresh(&self, end: State, function: FunctionAt) -> bool {
        let owner = self.world.project.owner(end.at);
        owner == function || self.tables.frame(end.calls).is_some_and(|frame| frame.function == owner)
    }

    fn trails(&mut self, start: State, by_call: bool) -> Vec<Trail> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        let inside = by_call.then(|| self.world.project.owner(start.at));
        let mut work = VecDeque::from([Trail { state: start, made: None, entered: Vec::new(), inside }]);
        while let Some(trail) = work.pop_front() {
            let state = trail.state;
            if !seen.insert((state, trail.entered.clone())) || seen.len() > bounds::CALLEE {
                continue;
            }
            let is_object = matches!(
                self.world.project.value(state.at),
                Value::Object(_) | Value::Array(_) | Value::Class(_) | Value::Function(_) | Value::This(_)
            );
            if is_object && state.path == WHOLE || self.is_construction(state) {
                found.push(trail);
                continue;
            }
            if self.is_library_object(state) {
                found.push(trail.clone());
                if by_call && self.is_copy(state.at) {
                    continue;
                }
            }
            for next in self.step(state) {
                match next {
                    Move::To(next, Hop::Returned(function)) => {
                        let call = trail.made.map_or(state, |(call, _)| call);
                        work.push_back(Trail {
                            state: next,
                            made: Some((call, function)),
                            inside: None,
                            ..trail.clone()
                        });
                    }
                    // What may be some other part is no place to write into.
                    Move::To(_, Hop::Guessed) if by_call => {}
                    Move::To(_, hop) if self.leads_into(state, &hop) => {}
                    Move::To(next, _) => work.push_back(Trail { state: next, ..trail.clone() }),
                    Move::Formal(formal) => work.extend(self.before(&trail, formal)),
                    Move::Call | Move::Part => found.push(trail.clone()),
                    _ => {}
                }
            }
        }
        found
    }

    /// Whether a move goes on to something that is kept in the object, or was copied into it, and so is another one.
    /// What is asked of some element of an object is also stored in it, but is what was asked for.
    pub(super) fn leads_into(&self, state: State, hop: &Hop) -> bool {
        match hop {
            Hop::Stored(_) | Hop::Computed(_) => self.tables.path(state.path).0.first() != Some(&Key::Any),
            Hop::Copied => state.path == WHOLE,
            _ => false,
        }
    }

    /// What callers pass, with the calls that lead from there to where the question was asked.
    fn before(&mut self, trail: &Trail, formal: Formal) -> Vec<Trail> {
        let passed = self.passed_by(trail.state, formal);
        let function = match formal {
            Formal::Parameter(function, _) => Some(function),
            Formal::Props(..) => None,
        };
        let kept = trail.inside.is_some()
            && trail.inside == function
            && trail.entered.len() < bounds::ENTERED
            && passed.len() <= bounds::CALLEES;
        let before = |(given, state): (Option<Given>, State)| {
            let mut next = Trail { state, made: None, entered: trail.entered.clone(), inside: None };
            if let (true, Some(Given { call, function, mode: Mode::Direct, .. })) = (kept, given) {
                next.entered.push((call, function));
                next.inside = Some(self.world.project.owner(call));
            }
            next
        };
        passed.into_iter().map(before).collect()
    }

    /// The values that are a part of another, seen as wholes: as near to the question as they are met.
    pub fn wholes(&mut self, start: State) -> Vec<State> {
        self.nested(|stepper| stepper.wholes_here(start))
    }

    fn wholes_here(&mut self, start: State) -> Vec<State> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        let mut work = VecDeque::from([start]);
        while let Some(state) = work.pop_front() {
            if !seen.insert(state) || seen.len() > bounds::CALLEE {
                continue;
            }
            if state.path == WHOLE {
                found.push(state);
                continue;
            }
            for next in self.step(state) {
                match next {
                    Move::To(_, Hop::Guessed) => {}
                    Move::To(next, _) => work.push_back(next),
                    Move::Formal(formal) => work.extend(self.passed_to(state, formal)),
                    _ => {}
                }
            }
        }
        found
    }

    fn is_construction(&mut self, state: State) -> bool {
        let Value::Call(made) = self.world.project.value(state.at) else { return false };
        made.kind == CallKind::New && self.callees(state.at).iter().any(|callee| matches!(callee, Callee::Class(_)))
    }

    /// Whether a library's call makes an object of its own of what it is given: `new Map(known)`. A proxy answers for
    /// its target.
    fn is_copy(&mut self, call: At) -> bool {
        let world = self.world;
        let Value::Call(made) = world.project.value(call) else { return false };
        made.kind == CallKind::New
            && !self.callees(call).iter().any(|callee| match callee {
                Callee::Handle(handle) => world.catalog.call(handle).iter().any(|signature| signature.key.is_some()),
                _ => false,
            })
    }

    /// Whether a value is what a library's call gives: an object of its own, whatever is in it.
    fn is_library_object(&mut self, state: State) -> bool {
        matches!(self.world.project.value(state.at), Value::Call(_))
            && state.path == WHOLE
            && self.callees(state.at).iter().any(|callee| matches!(callee, Callee::Handle(_)))
    }
}
