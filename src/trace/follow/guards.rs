//! The guards that stand between a parameter and a sink, for callers that contradict them.

use super::{Hop, Search};
use crate::{
    facts::GuardId,
    link::project::{At, FunctionAt},
    trace::{
        graph::Caller,
        state::{Mode, State},
    },
};

/// A call that entered a function on the way from a sink, outermost first in lists.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The function.
    pub function: FunctionAt,
    /// The call.
    pub call: At,
    /// How.
    pub mode: Mode,
}

/// Guards on one way that are kept in mind.
const GUARDS: usize = 16;

/// The guards on the way from a sink to a parameter, and the calls on that way.
#[derive(Default)]
pub(super) struct Guarded {
    /// A value behind a guard, the guard, and how many of the calls lead to it.
    guards: Vec<(State, GuardId, usize)>,
    /// The outermost first; the call that is still to be chosen comes before them.
    entries: Vec<Entry>,
}

impl Search<'_, '_> {
    /// What guards the way from a sink to the parameter at a node, as far as one run of each function is sure.
    pub(super) fn guards_before(&self, index: u32) -> Guarded {
        let project = self.world().project;
        let mut found = Guarded::default();
        let mut node = &self.nodes[index as usize];
        loop {
            if let Some(guard) = project.facts(node.state.at.file).guard_of(node.state.at.value)
                && found.guards.last().is_none_or(|(state, last, _)| {
                    (state.at.file, *last, state.calls) != (node.state.at.file, guard, node.state.calls)
                })
            {
                found.guards.push((node.state, guard, found.entries.len()));
            }
            let Some(from) = node.from.filter(|_| found.guards.len() < GUARDS) else { break };
            let before = &self.nodes[from as usize];
            let (now, at) = (node.state.at, before.state.at);
            match node.hop {
                Hop::Argument(call) if node.layer > before.layer => {
                    let function = project.owner(at);
                    let callers = self.world().graph.callers.get(&function);
                    let mut modes = callers.into_iter().flatten().filter(|caller| caller.call == call);
                    let (Some(Caller { mode, .. }), None) = (modes.next(), modes.next()) else { break };
                    found.entries.push(Entry { function, call, mode: *mode });
                }
                Hop::Argument(_) | Hop::Returned(_) | Hop::Thrown(_) | Hop::Library(_) => {}
                // What was kept somewhere may be of another run.
                _ if now.file == at.file && project.facts(at.file).is_made_of(at.value, now.value) => {}
                _ => break,
            }
            node = before;
        }
        found
    }

    /// Whether a caller of a function contradicts a guard on the way from there to the sink.
    pub(super) fn is_contradicted(&self, found: &Guarded, function: FunctionAt, caller: &Caller) -> bool {
        if found.guards.is_empty() {
            return false;
        }
        let first = Entry { function, call: caller.call, mode: caller.mode };
        let entries: Vec<Entry> = std::iter::once(first).chain(found.entries.iter().copied()).collect();
        found.guards.iter().any(|(state, guard, count)| self.stepper.contradicts(*state, *guard, &entries[..=*count]))
    }
}
