//! What answers add to the graph.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::{
    base::{Key, Path},
    catalog::Handle,
    link::project::{At, ClassAt, FunctionAt},
    trace::{
        graph::{Callee, Caller, Graph, Site, Stored},
        owners::Entered,
        step::Basis,
    },
};

/// What an answer adds to the graph.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Edge {
    Callee(At, Callee),
    /// What a method of something unknown does, by its name: until something is known.
    Fallback(At, Handle),
    Caller(FunctionAt, Caller),
    User(ClassAt, At),
    Handed(FunctionAt, u32, Handle),
    PartCall(At, Path, Caller),
    Channel(SmolStr, SmolStr, At),
    Store(Site, Key, Stored),
    Copied(Site, At, Entered),
    Extends(ClassAt, ClassAt),
}

impl Graph {
    /// Whether adding an edge would change nothing.
    pub(super) fn has(&self, edge: &Edge) -> bool {
        match edge {
            Edge::Callee(call, callee) => {
                let is_guess = |handle: &Handle| self.fallbacks.get(call) == Some(handle);
                has(self.callees.get(call), callee) && !matches!(callee, Callee::Handle(handle) if is_guess(handle))
            }
            Edge::Fallback(call, _) => {
                self.callees.get(call).into_iter().flatten().any(|callee| !matches!(callee, Callee::Part(..)))
            }
            Edge::Caller(function, caller) => has(self.callers.get(function), caller),
            Edge::User(class, call) => has(self.users.get(class), call),
            Edge::Handed(function, index, handle) => has(self.handed.get(&(*function, *index)), handle),
            Edge::PartCall(site, path, caller) => {
                let calls = self.part_calls.get(site).map_or(&[][..], Vec::as_slice);
                calls.binary_search_by(|(known, by)| (known, by).cmp(&(path, caller))).is_ok()
            }
            Edge::Channel(name, key, call) => has(self.channels.get(&(name.clone(), key.clone())), call),
            Edge::Store(site, key, stored) => has(self.stores.get(site).and_then(|keys| keys.get(key)), stored),
            Edge::Copied(site, value, entered) => {
                let copied = self.copied.get(site).map_or(&[][..], Vec::as_slice);
                copied.binary_search_by(|(known, by)| (known, by).cmp(&(value, entered))).is_ok()
            }
            Edge::Extends(class, base) => has(self.bases.get(class), base),
        }
    }

    pub(super) fn add(&mut self, edge: Edge, changed: &mut FxHashSet<Basis>) {
        match edge {
            Edge::Callee(call, callee) => {
                changed.insert(Basis::Callees(call));
                let callees = self.callees.of(call);
                if !matches!(callee, Callee::Part(..))
                    && let Some(fallback) = self.fallbacks.remove(&call)
                {
                    callees.retain(|known| !matches!(known, Callee::Handle(handle) if *handle == fallback));
                }
                insert(callees, callee);
            }
            Edge::Fallback(call, handle) => {
                let callees = self.callees.of(call);
                if callees.iter().all(|callee| matches!(callee, Callee::Part(..))) {
                    changed.insert(Basis::Callees(call));
                    self.fallbacks.insert(call, handle.clone());
                    insert(callees, Callee::Handle(handle));
                }
            }
            Edge::Caller(function, caller) => {
                changed.insert(Basis::Callers(function));
                insert(self.callers.of(function), caller);
            }
            Edge::User(class, call) => {
                changed.insert(Basis::Users(class));
                insert(self.users.entry(class).or_default(), call);
            }
            Edge::Handed(function, index, handle) => {
                changed.insert(Basis::Callers(function));
                insert(self.handed.entry((function, index)).or_default(), handle);
            }
            Edge::PartCall(site, path, caller) => {
                changed.insert(Basis::Parts(site));
                insert(self.part_calls.entry(site).or_default(), (path, caller));
            }
            Edge::Channel(name, key, call) => {
                changed.insert(Basis::Channel(name.clone()));
                insert(self.channels.entry((name, key)).or_default(), call);
            }
            Edge::Store(site, key, stored) => {
                changed.insert(Basis::Site(site.clone()));
                insert(self.stores.entry(site).or_default().entry(key).or_default(), stored);
            }
            Edge::Copied(site, value, entered) => {
                changed.insert(Basis::Site(site.clone()));
                insert(self.copied.entry(site).or_default(), (value, entered));
            }
            Edge::Extends(class, base) => {
                changed.extend([Basis::Lineage(class), Basis::Lineage(base)]);
                insert(self.bases.entry(class).or_default(), base);
                insert(self.subclasses.entry(base).or_default(), class);
            }
        }
    }
}

/// Whether a sorted list has an item.
fn has<T: Ord>(list: Option<&Vec<T>>, item: &T) -> bool {
    list.is_some_and(|list| list.binary_search(item).is_ok())
}

/// Inserts into a sorted list without duplicates.
pub(super) fn insert<T: Ord>(list: &mut Vec<T>, item: T) {
    if let Err(at) = list.binary_search(&item) {
        // Most lists stay as they begin, with one item.
        if list.is_empty() {
            list.reserve_exact(1);
        }
        list.insert(at, item);
    }
}
