//! What the engine asks at one moment: which part of which value, seen through which calls.
//!
//! Access paths, call strings and key filters are interned, so that a state is a handful of small numbers.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::bounds;
use crate::{
    base::{Key, Path},
    catalog::HookId,
    link::project::{At, FunctionAt},
};

/// An interned access path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathId(u32);

/// An interned call string; [`NO_CALLS`] means that every caller is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallsId(u32);

/// An interned key filter; [`ALL_KEYS`] lets every key through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FilterId(u32);

/// The whole value.
pub const WHOLE: PathId = PathId(0);
/// No call is remembered.
pub const NO_CALLS: CallsId = CallsId(0);
/// No key is held back.
pub const ALL_KEYS: FilterId = FilterId(0);

/// How a function is entered from a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// Argument i is parameter i.
    Direct,
    /// `f.call(this, …)`: argument i + 1 is parameter i.
    Call,
    /// `f.apply(this, list)`: element i of argument 1 is parameter i.
    Apply,
    /// `f.bind(this)`: the result is the function again.
    Bind,
    /// What `f.bind(this, a)` gave is called: the arguments of that call come first.
    Bound(At),
    /// A library calls what it was given as this argument, or a part of it.
    Callback(u32, HookId),
    /// The same, of what `f.bind(this, a)` gave: the arguments of that call come first.
    BoundCallback(At, u32, HookId),
}

impl Mode {
    /// How a function is called back that was given in this way.
    #[must_use]
    pub const fn called_back(self, argument: u32, hook: HookId) -> Self {
        match self {
            Self::Bound(bind) => Self::BoundCallback(bind, argument, hook),
            _ => Self::Callback(argument, hook),
        }
    }

    /// Whether the first argument, of this call or of `bind`, is `this`.
    #[must_use]
    pub const fn borrows(self) -> bool {
        matches!(self, Self::Call | Self::Apply | Self::Bound(_) | Self::BoundCallback(..))
    }

    /// The argument by which a library got hold of the function that it calls, and the way to it.
    #[must_use]
    pub const fn hook(self) -> Option<(u32, HookId)> {
        match self {
            Self::Callback(argument, hook) | Self::BoundCallback(_, argument, hook) => Some((argument, hook)),
            _ => None,
        }
    }
}

/// One remembered call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Frame {
    /// The call.
    pub call: At,
    /// The function that was entered.
    pub function: FunctionAt,
    /// How.
    pub mode: Mode,
    /// The calls around the place where the function was made, for what it captures.
    pub made_in: CallsId,
    /// The calls remembered before.
    pub outer: CallsId,
}

/// Which keys of an object count, where the whole object is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Filter {
    /// The only keys that count, sorted; `None` for all.
    pub only: Option<Vec<SmolStr>>,
    /// Keys that do not count, sorted.
    pub without: Vec<SmolStr>,
}

impl Filter {
    /// Whether a key counts.
    #[must_use]
    pub fn lets(&self, key: &Key) -> bool {
        let Some(name) = key.as_name() else { return true };
        let held = |list: &Vec<SmolStr>| list.binary_search_by(|known| known.as_str().cmp(name)).is_ok();
        !held(&self.without) && self.only.as_ref().is_none_or(held)
    }
}

/// One question: a part of a value, seen through calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State {
    /// The value.
    pub at: At,
    /// The part of it.
    pub path: PathId,
    /// The calls through which it is seen.
    pub calls: CallsId,
    /// Which keys count, where the path is whole.
    pub filter: FilterId,
}

impl State {
    /// The whole of a value, for any caller.
    #[must_use]
    pub const fn whole(at: At) -> Self {
        Self { at, path: WHOLE, calls: NO_CALLS, filter: ALL_KEYS }
    }

    /// The same question of another value.
    #[must_use]
    pub const fn at(self, at: At) -> Self {
        Self { at, ..self }
    }

    /// The same question of another value, whoever calls.
    #[must_use]
    pub const fn anywhere(self, at: At) -> Self {
        Self { at, calls: NO_CALLS, ..self }
    }
}

/// The tables behind interned ids.
#[derive(Debug)]
pub struct Tables {
    paths: Vec<Path>,
    path_ids: FxHashMap<Path, PathId>,
    /// What [`Tables::within`] and [`Tables::rest`] gave: they are asked at nearly every step.
    longer: FxHashMap<(PathId, Key), PathId>,
    shorter: FxHashMap<PathId, (Key, PathId)>,
    calls: Vec<Option<(Frame, usize)>>,
    call_ids: FxHashMap<Frame, CallsId>,
    filters: Vec<Filter>,
    filter_ids: FxHashMap<Filter, FilterId>,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            paths: vec![Path::whole()],
            path_ids: std::iter::once((Path::whole(), WHOLE)).collect(),
            longer: FxHashMap::default(),
            shorter: FxHashMap::default(),
            calls: vec![None],
            call_ids: FxHashMap::default(),
            filters: vec![Filter::default()],
            filter_ids: std::iter::once((Filter::default(), ALL_KEYS)).collect(),
        }
    }
}

impl Tables {
    /// The path behind an id.
    #[must_use]
    pub fn path(&self, id: PathId) -> &Path {
        &self.paths[id.0 as usize]
    }

    /// Interns a path.
    pub fn path_id(&mut self, path: &Path) -> PathId {
        if let Some(&id) = self.path_ids.get(path) {
            return id;
        }
        let id = PathId(u32::try_from(self.paths.len()).unwrap_or(u32::MAX));
        self.paths.push(path.clone());
        self.path_ids.insert(path.clone(), id);
        id
    }

    /// The path `key` followed by `path`.
    pub fn within(&mut self, path: PathId, key: Key) -> PathId {
        let asked = (path, key);
        if let Some(&known) = self.longer.get(&asked) {
            return known;
        }
        let longer = self.path(path).within(asked.1.clone(), bounds::PATH);
        let id = self.path_id(&longer);
        self.longer.insert(asked, id);
        id
    }

    /// The path without its first key.
    pub fn rest(&mut self, path: PathId) -> Option<(Key, PathId)> {
        if path == WHOLE {
            return None;
        }
        if let Some(known) = self.shorter.get(&path) {
            return Some(known.clone());
        }
        let (key, rest) = self.path(path).split().map(|(key, rest)| (key.clone(), rest))?;
        let shorter = (key, self.path_id(&rest));
        self.shorter.insert(path, shorter.clone());
        Some(shorter)
    }

    /// The newest remembered call.
    #[must_use]
    pub fn frame(&self, calls: CallsId) -> Option<Frame> {
        self.calls[calls.0 as usize].map(|(frame, _)| frame)
    }

    /// Remembers a call. At the bound, the calls before it are forgotten. A call that is entered again from within
    /// itself is remembered once: each turn of a recursion is the same to the question.
    pub fn enter(&mut self, mut frame: Frame) -> CallsId {
        if let Some(same) = self.entered(&frame) {
            return same;
        }
        let depth = self.depth(frame.outer);
        if depth >= bounds::CALL_STRING {
            frame.outer = NO_CALLS;
        }
        if let Some(&id) = self.call_ids.get(&frame) {
            return id;
        }
        let id = CallsId(u32::try_from(self.calls.len()).unwrap_or(u32::MAX));
        self.calls.push(Some((frame, self.depth(frame.outer) + 1)));
        self.call_ids.insert(frame, id);
        id
    }

    /// The place in the chain of calls where this very call entered this very function.
    fn entered(&self, frame: &Frame) -> Option<CallsId> {
        let mut calls = frame.outer;
        while let Some(outer) = self.frame(calls) {
            if (outer.call, outer.function, outer.mode) == (frame.call, frame.function, frame.mode) {
                return Some(calls);
            }
            calls = outer.outer;
        }
        None
    }

    fn depth(&self, calls: CallsId) -> usize {
        self.calls[calls.0 as usize].map_or(0, |(_, depth)| depth)
    }

    /// The filter behind an id.
    #[must_use]
    pub fn filter(&self, id: FilterId) -> &Filter {
        &self.filters[id.0 as usize]
    }

    /// A filter that also holds back some keys.
    pub fn without<'k>(&mut self, id: FilterId, keys: impl IntoIterator<Item = &'k Key>) -> FilterId {
        let mut filter = self.filter(id).clone();
        filter.without.extend(keys.into_iter().filter_map(Key::as_name).map(SmolStr::new));
        filter.without.sort();
        filter.without.dedup();
        self.filter_id(filter)
    }

    /// A filter that lets only some keys through.
    pub fn only(&mut self, id: FilterId, keys: impl IntoIterator<Item = SmolStr>) -> FilterId {
        let mut filter = self.filter(id).clone();
        let mut only: Vec<SmolStr> = keys.into_iter().collect();
        only.sort();
        only.dedup();
        if let Some(before) = &filter.only {
            only.retain(|key| before.contains(key));
        }
        filter.only = Some(only);
        self.filter_id(filter)
    }

    fn filter_id(&mut self, filter: Filter) -> FilterId {
        if let Some(&id) = self.filter_ids.get(&filter) {
            return id;
        }
        let id = FilterId(u32::try_from(self.filters.len()).unwrap_or(u32::MAX));
        self.filters.push(filter.clone());
        self.filter_ids.insert(filter, id);
        id
    }
}
