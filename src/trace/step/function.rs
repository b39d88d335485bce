//! Functions and what fills their parameters.

use crate::base::Key;
use crate::base::Path;
use crate::catalog::Handle;
use crate::facts::CallKind;
use crate::facts::FunctionId;
use crate::facts::Home;
use crate::facts::Value;
use crate::link::project::At;
use crate::link::project::ClassAt;
use crate::link::project::FunctionAt;
use crate::trace::graph::Callee;
use crate::trace::graph::Site;
use crate::trace::library::RESULT;
use crate::trace::state::Mode;
use crate::trace::state::NO_CALLS;
use crate::trace::state::State;
use crate::trace::step::Basis;
use crate::trace::step::Formal;
use crate::trace::step::Hop;
use crate::trace::step::Move;
use crate::trace::step::OPTIONS_REACH;
use crate::trace::step::SECTIONS;
use crate::trace::step::Stepper;
use crate::trace::step::named;

impl Stepper<'_> {
    pub(super) fn function(&mut self, state: State, function: FunctionId) {
        let at = FunctionAt { file: state.at.file, function };
        if let Some(handles) = self.stub(at) {
            return self.walk(state, &handles, state.path);
        }
        let path = self.tables.path(state.path).clone();
        match &path.0[..] {
            [] => self.end(Move::Function(at, Mode::Direct, state.calls)),
            [Key::Name(name)] if name == "call" => self.end(Move::Function(at, Mode::Call, state.calls)),
            [Key::Name(name)] if name == "apply" => self.end(Move::Function(at, Mode::Apply, state.calls)),
            [Key::Name(name), ..] if name == RESULT => {
                let path = self.tables.path_id(&Path(path.0[1..].to_vec()));
                return self.results(State { path, calls: NO_CALLS, ..state }, at);
            }
            [Key::Name(name)] if name == "bind" => self.end(Move::Function(at, Mode::Bind, state.calls)),
            _ => {}
        }
        self.stored(state, &Site::Value(state.at));
    }

    /// A function of the page's snippet that stands for a vendor's global until the SDK has loaded:
    /// `function gtag() { dataLayer.push(arguments) }`.
    pub(super) fn stub(&self, at: FunctionAt) -> Option<Vec<Handle>> {
        let function = self.world.project.function(at);
        let name = function.name.as_deref()?;
        let handles = self.world.catalog.global(name);
        if handles.is_empty() {
            return None;
        }
        self.uses_arguments(at).then_some(handles)
    }

    /// Whether a function reads its arguments as a list of any length.
    pub(in crate::trace) fn uses_arguments(&self, at: FunctionAt) -> bool {
        let facts = self.world.project.facts(at.file);
        facts.values.iter().zip(&facts.owners).any(|(value, owner)| {
            *owner == at.function && matches!(value, Value::Global(global) if global == "arguments")
        })
    }

    pub(super) fn parameter(&mut self, state: State, function: FunctionId, index: u32) {
        let at = FunctionAt { file: state.at.file, function };
        let world = self.world;
        let declared = world.project.function(at).parameters.iter().find(|parameter| {
            let value = world.project.facts(at.file).value(parameter.value);
            matches!(value, Value::Parameter { index: own, .. } if *own == index)
        });
        let rest = declared.is_some_and(|parameter| parameter.rest);
        if let Some(frame) = self.tables.frame(state.calls).filter(|frame| frame.function == at) {
            self.filled(State { calls: frame.outer, ..state }, frame.call, frame.mode, index, rest);
        } else {
            self.rests_on.insert(Basis::Callers(at));
            for handle in world.graph.handed.get(&(at, index)).into_iter().flatten() {
                self.walk(state, std::slice::from_ref(handle), state.path);
            }
            self.end(Move::Formal(Formal::Parameter(at, index)));
            // AngularJS injects the page's window by this name.
            if declared.and_then(|parameter| parameter.name.as_deref()) == Some("$window") {
                self.global(state, "window");
            }
        }
        if let (Some(key), 0) = (&world.project.function(at).sets, index) {
            self.assigned_to(state, at, Key::Name(key.clone()));
        }
        if let Some(annotation) = declared.and_then(|parameter| parameter.annotation) {
            self.typed(state, annotation);
        }
    }

    /// What is assigned to a member that a function sets.
    fn assigned_to(&mut self, state: State, setter: FunctionAt, key: Key) {
        let path = self.tables.within(state.path, key);
        let state = State { path, ..state };
        match self.world.project.function(setter).home {
            Home::Class(class) => self.stored(state, &Site::Instances(ClassAt { file: setter.file, class })),
            Home::Static(class) => self.stored(state, &Site::Class(ClassAt { file: setter.file, class })),
            Home::Object(object) => self.stored(state, &Site::Value(Self::place(state, object))),
            Home::None => {}
        }
    }

    /// What a call puts into parameter `index` of a function that it enters.
    pub fn filled(&mut self, state: State, call: At, mode: Mode, index: u32, rest: bool) {
        let world = self.world;
        let Value::Call(made) = world.project.value(call) else { return };
        match mode {
            Mode::Direct => self.argument(state, call, index, rest),
            Mode::Call => self.argument(state, call, index + 1, rest),
            Mode::Apply => {
                if let Some(list) = made.arguments.get(1) {
                    let path = if rest { state.path } else { self.tables.within(state.path, Key::Index(index)) };
                    let at = At { file: call.file, value: list.value };
                    self.to(State { path, ..state.at(at) }, Hop::Argument(call));
                }
            }
            Mode::Callback(argument, hook) => {
                let (state, index) = if rest { self.of_rest(state, index) } else { (state, index) };
                self.called_back(state, call, (argument, hook), index);
            }
            Mode::BoundCallback(bind, argument, hook) => {
                let count = self.bound_count(bind);
                if index < count || rest {
                    self.argument(State { calls: NO_CALLS, ..state }, bind, index + 1, rest);
                }
                if index >= count || rest {
                    self.filled(state, call, Mode::Callback(argument, hook), index.saturating_sub(count), rest);
                }
            }
            Mode::Bind => self.end(Move::Unknown),
            Mode::Bound(bind) => self.bound(state, (call, bind), index, rest),
        }
    }

    /// An element of a rest parameter is a parameter of its own.
    fn of_rest(&mut self, state: State, index: u32) -> (State, u32) {
        match self.tables.rest(state.path) {
            Some((Key::Index(offset), path)) => (State { path, ..state }, index + offset),
            _ => (state, index),
        }
    }

    /// `f.bind(this, a)(b)`: what was bound comes first.
    pub(super) fn bound(&mut self, state: State, (call, bind): (At, At), index: u32, rest: bool) {
        let count = self.bound_count(bind);
        if index < count || rest {
            self.argument(State { calls: NO_CALLS, ..state }, bind, index + 1, rest);
        }
        if index >= count || rest {
            self.argument(state, call, index.saturating_sub(count), rest);
        }
    }

    /// How many arguments a call of `bind` fixes.
    pub(in crate::trace) fn bound_count(&self, bind: At) -> u32 {
        let Value::Call(made) = self.world.project.value(bind) else { return 0 };
        u32::try_from(made.arguments.len().saturating_sub(1)).unwrap_or(0)
    }

    /// Argument `index` of a call, or every argument from there on.
    pub(super) fn argument(&mut self, state: State, call: At, index: u32, rest: bool) {
        let world = self.world;
        let Value::Call(made) = world.project.value(call) else { return };
        let place = |value| At { file: call.file, value };
        let mut state = state;
        let mut exact = Some(index);
        if rest {
            match self.tables.rest(state.path) {
                Some((Key::Index(offset), after)) => {
                    exact = Some(index + offset);
                    state.path = after;
                }
                Some((Key::Any, after)) => {
                    exact = None;
                    state.path = after;
                }
                Some((Key::Name(_), _)) => return self.end(Move::Clean(None)),
                None => exact = None,
            }
        }
        let mut found = false;
        // After a spread, nobody knows which parameter an argument fills.
        let mut shifted = false;
        for (position, item) in made.arguments.iter().enumerate() {
            let position = u32::try_from(position).unwrap_or(u32::MAX);
            if item.spread {
                let offset = exact.map(|exact| exact.checked_sub(position));
                if offset == Some(None) {
                    continue;
                }
                found = true;
                let key = offset.flatten().filter(|_| !shifted).map_or(Key::Any, Key::Index);
                shifted = true;
                let path = self.tables.within(state.path, key);
                self.to(State { path, ..state.at(place(item.value)) }, Hop::Argument(call));
            } else if exact.map_or(position >= index, |exact| exact == position || shifted && exact > position) {
                found = true;
                self.to(state.at(place(item.value)), Hop::Argument(call));
            }
        }
        if !found {
            self.end(Move::Clean(None));
        }
    }

    pub(super) fn this(&mut self, state: State, function: FunctionId) {
        let at = FunctionAt { file: state.at.file, function };
        // An arrow function has the `this` of the method around it.
        let called = self.tables.frame(self.calls_of(state, function)).filter(|frame| frame.function == at);
        match self.world.project.function(at).home {
            Home::Class(class) => {
                match called.filter(|frame| frame.mode == Mode::Direct && self.is_made_here(frame.call)) {
                    Some(frame) => self.receiver(State { calls: frame.outer, ..state }, frame.call, frame.mode),
                    None => self.instance(state, ClassAt { file: state.at.file, class }, true),
                }
            }
            Home::Static(class) => self.class(state, ClassAt { file: state.at.file, class }),
            Home::Object(object) => {
                let object = Self::place(state, object);
                if let Value::Member { base, key: Key::Name(name), .. } = self.world.project.value(object)
                    && name == "prototype"
                {
                    return self.made_by_function(state, Self::place(state, *base));
                }
                if let Some(frame) = self.tables.frame(state.calls).filter(|frame| frame.function == at)
                    && frame.mode.borrows()
                {
                    return self.receiver(State { calls: frame.outer, ..state }, frame.call, frame.mode);
                }
                self.to(state.at(object), Hop::Same);
                self.options(state, object);
                self.plugin(state);
                self.borrowers(state, at);
            }
            Home::None => {
                if let Some(frame) = called {
                    self.receiver(State { calls: frame.outer, ..state }, frame.call, frame.mode);
                } else {
                    self.stored(state, &Site::Made(at));
                    self.borrowers(state, at);
                    self.plugin(state);
                    self.end(Move::Unknown);
                }
            }
        }
    }

    /// The objects that a function is called on by `call`, `apply` and `bind`, whosever it is.
    fn borrowers(&mut self, state: State, function: FunctionAt) {
        self.rests_on.insert(Basis::Callers(function));
        for caller in self.world.graph.callers.get(&function).into_iter().flatten() {
            if caller.mode.borrows() {
                self.receiver(State { calls: NO_CALLS, ..state }, caller.call, caller.mode);
            }
        }
    }

    /// Whether a method is called on an object of which the file shows the one construction.
    fn is_made_here(&self, call: At) -> bool {
        let facts = self.world.project.facts(call.file);
        let Value::Call(made) = facts.value(call.value) else { return false };
        let Value::Member { base, .. } = facts.value(made.callee) else { return false };
        let mut value = *base;
        for _ in 0..8 {
            value = match facts.value(value) {
                Value::Call(made) => return made.kind == CallKind::New,
                Value::Passed { base, .. } => *base,
                _ => match facts.behind(value) {
                    Some(behind) => behind,
                    None => return false,
                },
            };
        }
        false
    }

    /// A part of what a constructor function makes: what it or its methods put into `this`, and its prototype.
    pub(super) fn made_by_function(&mut self, state: State, constructor: At) {
        let before = self.moves.len();
        for callee in self.callables(State::whole(constructor)) {
            if let Callee::Function { at, .. } = callee {
                self.stored(state, &Site::Made(at));
            }
        }
        if !self.whole(state) {
            let path = self.tables.within(state.path, Key::name("prototype"));
            self.to(State { path, ..state.anywhere(constructor) }, Hop::Same);
        }
        if self.moves.len() == before {
            self.end(Move::Unknown);
        }
    }

    /// `this` of a method in `{ methods: { … } }` is the component that the outer object describes: its members are
    /// those of its sections, and what its `data()` gives.
    pub(super) fn options(&mut self, state: State, object: At) {
        let options = self.options_of(object);
        if options != object {
            self.to(state.at(options), Hop::Same);
        }
        let Some((Key::Name(name), rest)) = self.tables.rest(state.path) else { return };
        let world = self.world;
        let Value::Object(properties) = world.project.value(options) else { return };
        self.rests_on.insert(Basis::Site(Site::Value(options)));
        let stored = (Site::Value(options), Key::Name(name.clone()));
        if !named(properties).any(|(own, _)| *own == name)
            && !world.graph.stores.get(&stored.0).is_some_and(|stores| stores.contains_key(&stored.1))
        {
            // Declared as a prop, or mixed in.
            self.end(Move::Unknown);
        }
        for (section, value) in named(properties).filter(|(section, _)| SECTIONS.contains(section)) {
            let at = At { file: object.file, value };
            if section == "data" {
                if let Value::Function(function) = world.project.value(at) {
                    self.results(state, FunctionAt { file: at.file, function: *function });
                }
                continue;
            }
            let Value::Object(members) = world.project.value(at) else { continue };
            for (_, value) in named(members).filter(|(member, _)| *member == name) {
                let at = At { file: object.file, value };
                match world.project.value(at) {
                    Value::Function(function) if section == "computed" => {
                        self.results(State { path: rest, ..state }, FunctionAt { file: at.file, function: *function });
                    }
                    _ if section == "methods" => self.to(State { path: rest, ..state.at(at) }, Hop::Same),
                    _ => {}
                }
            }
        }
    }

    /// The options object of a component around one of its sections; the object itself where it is none.
    pub(in crate::trace) fn options_of(&self, object: At) -> At {
        let facts = self.world.project.facts(object.file);
        let first = object.value.index().saturating_sub(OPTIONS_REACH);
        for index in (first..object.value.index()).rev() {
            if let Value::Object(properties) = &facts.values[index] {
                let holds = named(properties).find(|(_, value)| *value == object.value);
                if let Some((section, _)) = holds {
                    let value = crate::facts::ValueId(u32::try_from(index).unwrap_or(u32::MAX));
                    let is_section = SECTIONS.contains(&section) || section == "watch";
                    return if is_section { At { value, ..object } } else { object };
                }
            }
        }
        object
    }

    /// `this.$name` of a component: what a plugin of that name put there, as the catalogue has it among its globals.
    /// Whether there is such a plugin.
    pub(in crate::trace) fn plugin(&mut self, state: State) -> bool {
        let Some((Key::Name(name), rest)) = self.tables.rest(state.path) else { return false };
        let handles = if name.starts_with('$') { self.world.catalog.global(&name) } else { Vec::new() };
        if !handles.is_empty() {
            self.walk(state, &handles, rest);
        }
        !handles.is_empty()
    }

    /// The object on which a call calls its method.
    pub(super) fn receiver(&mut self, state: State, call: At, mode: Mode) {
        let world = self.world;
        let call = if let Mode::Bound(bind) | Mode::BoundCallback(bind, ..) = mode { bind } else { call };
        let Value::Call(made) = world.project.value(call) else { return };
        match (mode, world.project.facts(call.file).value(made.callee)) {
            (mode, _) if mode.borrows() => match made.arguments.first() {
                Some(first) if !first.spread => {
                    self.to(state.at(At { file: call.file, value: first.value }), Hop::Argument(call));
                }
                _ => self.end(Move::Unknown),
            },
            (_, Value::Member { base, .. }) => self.to(state.at(At { file: call.file, value: *base }), Hop::Same),
            _ => self.end(Move::Unknown),
        }
    }
}
