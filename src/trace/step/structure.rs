//! Objects, arrays, what was taken out of them, and what was written into them.

use crate::base::Key;
use crate::base::Path;
use crate::facts::Property;
use crate::facts::Value;
use crate::link::project::At;
use crate::link::project::FunctionAt;
use crate::trace::graph::Callee;
use crate::trace::graph::Site;
use crate::trace::graph::Stored;
use crate::trace::owners::Entered;
use crate::trace::state::ALL_KEYS;
use crate::trace::state::CallsId;
use crate::trace::state::Frame;
use crate::trace::state::Mode;
use crate::trace::state::NO_CALLS;
use crate::trace::state::PathId;
use crate::trace::state::State;
use crate::trace::state::WHOLE;
use crate::trace::step::Basis;
use crate::trace::step::Hop;
use crate::trace::step::Move;
use crate::trace::step::Stepper;

impl<'w> Stepper<'w> {
    /// `base[name]`: the parts that the name may be; any part where it may be something unknown.
    pub(super) fn computed(&mut self, state: State, base: crate::facts::ValueId, name: crate::facts::ValueId) {
        let named = State { path: WHOLE, filter: ALL_KEYS, ..state.at(Self::place(state, name)) };
        for key in self.keys(named) {
            let path = self.tables.within(state.path, key);
            self.to(State { path, ..state.at(Self::place(state, base)) }, Hop::Same);
        }
    }

    /// The keys that a name may be; any where it may be something unknown.
    pub fn keys(&mut self, name: State) -> Vec<Key> {
        let (names, complete) = self.names(name);
        let mut keys: Vec<Key> = names.into_iter().map(Key::Name).collect();
        if !complete || keys.is_empty() {
            keys.push(Key::Any);
        }
        keys
    }

    pub(super) fn concat(&mut self, state: State, parts: &[crate::facts::ValueId]) {
        if !self.whole(state) {
            return self.end(Move::Clean(None));
        }
        for &part in parts {
            self.to(state.at(Self::place(state, part)), Hop::Same);
        }
    }

    pub(super) fn structure(&mut self, state: State, value: &'w Value) {
        match value {
            Value::Object(properties) => self.object(state, properties),
            Value::Array(items) => self.array(state, items),
            Value::Rest { base, without } => self.rest(state, *base, without),
            Value::Remove { base, key } => self.rest(state, *base, std::slice::from_ref(key)),
            Value::Update { base, key, computed, value } => self.update(state, *base, (key, *computed), *value),
            Value::Passed { base, call, argument } => self.passed(state, *base, *call, *argument),
            _ => self.end(Move::Unknown),
        }
    }

    pub(super) fn object(&mut self, state: State, properties: &'w [Property]) {
        match self.tables.rest(state.path) {
            None => self.whole_object(state, properties),
            Some((key, rest)) => self.object_part(state, properties, &key, rest),
        }
        self.stored(state, &Site::Value(state.at));
    }

    /// Every property; one that is given again later does not count.
    pub(super) fn whole_object(&mut self, state: State, properties: &'w [Property]) {
        self.end(Move::Object);
        let mut later: Vec<Key> = Vec::new();
        for property in properties.iter().rev() {
            match property {
                Property::Keyed { key, computed, value } => {
                    if self.tables.filter(state.filter).lets(key) && !later.contains(key) {
                        let next = State { filter: ALL_KEYS, ..state.at(Self::place(state, *value)) };
                        self.to(next, Self::stored_as(state, key, *computed));
                    }
                    if *key != Key::Any {
                        later.push(key.clone());
                    }
                }
                Property::Spread(value) => {
                    let filter = self.tables.without(state.filter, &later);
                    self.to(State { filter, ..state.at(Self::place(state, *value)) }, Hop::Copied);
                    later.extend(self.own_keys(Self::place(state, *value)));
                }
            }
        }
    }

    pub(super) fn object_part(&mut self, state: State, properties: &'w [Property], wanted: &Key, rest: PathId) {
        let mut found = false;
        for property in properties.iter().rev() {
            match property {
                Property::Keyed { key, computed, value } if key.may_equal(wanted) => {
                    found = true;
                    let Some(hop) = self.hop_to_part(state, (key, *computed), wanted) else { continue };
                    let next = State { path: rest, ..state.at(Self::place(state, *value)) };
                    self.to(next, if *wanted == Key::Any { Hop::Stored(key.clone()) } else { hop });
                    if key == wanted && *key != Key::Any {
                        return;
                    }
                }
                Property::Keyed { .. } => {}
                Property::Spread(value) => {
                    found = true;
                    self.to(state.at(Self::place(state, *value)), Hop::Copied);
                    if self.own_keys(Self::place(state, *value)).contains(wanted) {
                        return;
                    }
                }
            }
        }
        if !found {
            self.end(Move::Clean(None));
        }
    }

    /// The keys that an object has for certain: those of a literal, or of a constant that holds one.
    pub(super) fn own_keys(&self, at: At) -> Vec<Key> {
        let facts = self.world.project.facts(at.file);
        let mut value = at.value;
        for _ in 0..8 {
            if let Value::Object(properties) = facts.value(value) {
                let keys = properties.iter().filter_map(|property| match property {
                    Property::Keyed { key: key @ Key::Name(_), .. } => Some(key.clone()),
                    _ => None,
                });
                return keys.collect();
            }
            let Some(behind) = facts.behind(value) else { break };
            value = behind;
        }
        Vec::new()
    }

    pub(super) fn array(&mut self, state: State, items: &'w [crate::facts::Item]) {
        match self.tables.rest(state.path) {
            None => self.items(state, items, state.path, &Key::Any),
            Some((Key::Name(_), _)) => self.end(Move::Clean(None)),
            Some((key, rest)) => self.items(state, items, rest, &key),
        }
        self.stored(state, &Site::Value(state.at));
    }

    pub(super) fn items(&mut self, state: State, items: &'w [crate::facts::Item], rest: PathId, wanted: &Key) {
        let exact = !items.iter().any(|item| item.spread);
        for (index, item) in items.iter().enumerate() {
            let own = Key::Index(u32::try_from(index).unwrap_or(u32::MAX));
            if item.spread {
                self.to(state.at(Self::place(state, item.value)), Hop::Copied);
            } else if !exact || own.may_equal(wanted) {
                self.to(State { path: rest, ..state.at(Self::place(state, item.value)) }, Hop::Same);
            }
        }
        if items.is_empty() {
            self.end(Move::Clean(None));
        }
    }

    pub(super) fn rest(&mut self, state: State, base: crate::facts::ValueId, without: &[Key]) {
        let next = state.at(Self::place(state, base));
        match self.tables.path(state.path).0.first() {
            Some(key) if without.contains(key) && matches!(key, Key::Name(_)) => self.end(Move::Clean(None)),
            Some(Key::Index(index)) => {
                let index = Key::Index(index + u32::try_from(without.len()).unwrap_or(0));
                if let Some((_, rest)) = self.tables.rest(state.path) {
                    let path = self.tables.within(rest, index);
                    self.to(State { path, ..next }, Hop::Same);
                }
            }
            Some(_) => self.to(next, Hop::Same),
            None => {
                let filter = self.tables.without(state.filter, without);
                self.to(State { filter, ..next }, Hop::Same);
            }
        }
    }

    pub(super) fn stored_as(state: State, key: &Key, computed: Option<crate::facts::ValueId>) -> Hop {
        computed.map_or_else(|| Hop::Stored(key.clone()), |key| Hop::Computed(Self::place(state, key)))
    }

    pub(super) fn update(
        &mut self,
        state: State,
        base: crate::facts::ValueId,
        (key, computed): (&Key, Option<crate::facts::ValueId>),
        value: crate::facts::ValueId,
    ) {
        let stored = Self::place(state, value);
        let before = state.at(Self::place(state, base));
        match self.tables.rest(state.path) {
            None => {
                if self.tables.filter(state.filter).lets(key) {
                    self.to(State { filter: ALL_KEYS, ..state.at(stored) }, Self::stored_as(state, key, computed));
                }
                let filter = self.tables.without(state.filter, [key]);
                self.to(State { filter, ..before }, Hop::Same);
            }
            Some((wanted, rest)) => {
                if key.may_equal(&wanted)
                    && let Some(hop) = self.hop_to_part(state, (key, computed), &wanted)
                {
                    self.to(State { path: rest, ..state.at(stored) }, hop);
                }
                if *key != wanted || *key == Key::Any {
                    self.to(before, Hop::Same);
                }
            }
        }
    }

    /// How what is stored under a key is the part that is asked for; `None` where the key is known to be another one.
    fn hop_to_part(
        &mut self,
        state: State,
        (key, computed): (&Key, Option<crate::facts::ValueId>),
        wanted: &Key,
    ) -> Option<Hop> {
        let (Key::Name(name), true) = (wanted, is_guess((key, wanted))) else { return Some(Hop::Same) };
        let Some(computed) = computed else { return Some(Hop::Guessed) };
        let asked = State { path: WHOLE, filter: ALL_KEYS, ..state.at(Self::place(state, computed)) };
        let (names, complete) = self.names(asked);
        match (names.contains(name), complete) {
            (true, _) => Some(Hop::Same),
            (false, true) => None,
            (false, false) => Some(Hop::Guessed),
        }
    }

    /// An object after a call that may have written to it.
    pub(super) fn passed(
        &mut self,
        state: State,
        base: crate::facts::ValueId,
        call: crate::facts::ValueId,
        argument: u32,
    ) {
        // Past the variable's earlier use: the origin is the use that is handed over.
        let base = match self.world.project.value(Self::place(state, base)) {
            Value::Read { value: Some(value), .. } => *value,
            _ => base,
        };
        self.to(state.at(Self::place(state, base)), Hop::Same);
        let call = Self::place(state, call);
        for callee in self.callees(call) {
            match callee {
                Callee::Handle(handle) => {
                    for signature in self.signatures(call, handle) {
                        self.flows_into_argument(state, call, signature, argument);
                    }
                }
                Callee::Function { at, mode: Mode::Direct, .. } => self.written_by(state, call, *at, argument),
                _ => {}
            }
        }
    }

    /// What a function of the project writes into the argument it is given.
    pub(super) fn written_by(&mut self, state: State, call: At, function: FunctionAt, argument: u32) {
        let Some(stores) = self.world.graph.parameter_stores.get(&(function, argument)) else { return };
        let frame = Frame { call, function, mode: Mode::Direct, made_in: NO_CALLS, outer: state.calls };
        let calls = self.tables.enter(frame);
        for (keys, value) in stores {
            let target = State { calls, ..state };
            self.stored_under(target, keys, *value);
        }
    }

    /// Matches `state`'s path with the keys under which `value` was stored.
    pub(super) fn stored_under(&mut self, state: State, keys: &[Key], value: At) {
        let path = self.tables.path(state.path).clone();
        let common = keys.iter().zip(&path.0).take_while(|(stored, wanted)| stored.may_equal(wanted)).count();
        let guessed = keys[..common].iter().zip(&path.0).any(is_guess);
        if common == keys.len() {
            let rest = self.tables.path_id(&Path(path.0[common..].to_vec()));
            self.to(State { path: rest, ..state.at(value) }, if guessed { Hop::Guessed } else { Hop::Same });
        } else if common == path.0.len() && !guessed {
            let key = &keys[common];
            if common > 0 || self.tables.filter(state.filter).lets(key) {
                let last = keys.last().unwrap_or(key).clone();
                self.to(State { path: WHOLE, filter: ALL_KEYS, ..state.at(value) }, Hop::Stored(last));
            }
        }
    }

    /// What was assigned into a site from anywhere.
    pub(super) fn stored(&mut self, state: State, site: &Site) {
        let world = self.world;
        self.rests_on.insert(Basis::Site(site.clone()));
        for (copied, entered) in world.graph.copied.get(site).into_iter().flatten() {
            let calls = self.of_site(state, site, *copied, entered);
            self.to(State { calls, ..state.at(*copied) }, Hop::Copied);
        }
        let Some(stores) = world.graph.stores.get(site) else { return };
        match self.tables.path(state.path).0.first().cloned() {
            Some(first) => {
                let any = (first != Key::Any).then_some(Key::Any);
                for key in std::iter::once(first).chain(any) {
                    self.stored_at(state, site, &key, stores.get(&key).map_or(&[], Vec::as_slice));
                }
            }
            None => stores.iter().for_each(|(key, stored)| self.stored_at(state, site, key, stored)),
        }
    }

    /// The calls through which what was stored in a site is seen.
    fn of_site(&mut self, state: State, site: &Site, value: At, entered: &Entered) -> CallsId {
        match site {
            Site::Value(object) => self.of_builder(state, *object, value, entered),
            _ => self.remembered(entered),
        }
    }

    fn stored_at(&mut self, state: State, site: &Site, key: &Key, stores: &[Stored]) {
        for Stored { rest, value, entered } in stores {
            let keys: Vec<Key> = std::iter::once(key).chain(rest).cloned().collect();
            let calls = self.of_site(state, site, *value, entered);
            self.stored_under(State { calls, ..state }, &keys, *value);
        }
    }
}

/// Whether a key that is asked for met one that nobody knows.
fn is_guess((stored, wanted): (&Key, &Key)) -> bool {
    matches!((stored, wanted), (Key::Any, Key::Name(_)))
}
