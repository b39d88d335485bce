//! Imports, exports and globals.

use crate::base::Key;
use crate::catalog::Handle;
use crate::facts::Facts;
use crate::facts::Imported;
use crate::facts::Property;
use crate::facts::Value;
use crate::link::project::At;
use crate::link::project::Exported;
use crate::link::project::FileId;
use crate::link::project::FunctionAt;
use crate::link::project::Module;
use crate::trace::graph::Site;
use crate::trace::state::NO_CALLS;
use crate::trace::state::PathId;
use crate::trace::state::State;
use crate::trace::step::Hop;
use crate::trace::step::Move;
use crate::trace::step::SECTIONS;
use crate::trace::step::Stepper;
use crate::trace::step::named;
use smol_str::SmolStr;

impl Stepper<'_> {
    pub(super) fn import(&mut self, state: State, import: crate::facts::ImportId) {
        let world = self.world;
        let facts = world.project.facts(state.at.file);
        let imported = &facts.import(import).name;
        match world.project.module(state.at.file, import) {
            Module::File(file) => self.import_file(state, *file, imported),
            Module::Package(package) => self.import_package(state, package, imported),
            Module::Unknown => self.end(Move::Unknown),
        }
    }

    pub(super) fn import_file(&mut self, state: State, file: FileId, imported: &Imported) {
        if self.world.project.unit(file).is_none() {
            self.not_read(file);
            return self.end(Move::Unread(file));
        }
        match imported {
            Imported::Named(name) => self.exports(state, file, name, state.path),
            Imported::Default => {
                self.exports(state, file, "default", state.path);
                self.exports(state, file, crate::facts::COMMON_JS_EXPORT, state.path);
            }
            Imported::Namespace | Imported::CommonJs => {
                self.exports(state, file, crate::facts::COMMON_JS_EXPORT, state.path);
                if let Some((Key::Name(name), rest)) = self.tables.rest(state.path) {
                    self.exports(state, file, &name, rest);
                    if name == "default" {
                        self.exports(state, file, crate::facts::COMMON_JS_EXPORT, rest);
                    }
                }
            }
        }
    }

    /// What a file exports under a name, through any number of re-exports.
    pub(super) fn exports(&mut self, state: State, file: FileId, name: &str, path: PathId) {
        let world = self.world;
        let mut work = vec![(file, SmolStr::new(name))];
        let mut seen = Vec::new();
        while let Some((file, name)) = work.pop() {
            if seen.contains(&(file, name.clone())) {
                continue;
            }
            seen.push((file, name.clone()));
            if world.project.unit(file).is_none() {
                self.not_read(file);
                self.end(Move::Unread(file));
                continue;
            }
            for exported in world.project.exported(file, &name) {
                match exported {
                    Exported::Value(at) => {
                        self.to(State { at, path, calls: NO_CALLS, filter: state.filter }, Hop::Imported);
                    }
                    Exported::Import(from, import) => {
                        let imported = &world.project.facts(from).import(import).name;
                        match (world.project.module(from, import), imported) {
                            (Module::File(next), Imported::Named(name)) => work.push((*next, name.clone())),
                            (Module::File(next), Imported::Default) => work.push((*next, "default".into())),
                            (Module::File(next), imported) => {
                                self.import_file(State { path, ..state }, *next, imported);
                            }
                            (Module::Package(package), imported) => {
                                self.import_package(State { path, ..state }, package, imported);
                            }
                            (Module::Unknown, _) => self.end(Move::Unknown),
                        }
                    }
                    Exported::Star(Module::File(next)) => work.push((next, name.clone())),
                    Exported::Star(Module::Package(package)) => {
                        let imported = Imported::Named(name.clone());
                        self.import_package(State { path, ..state }, &package, &imported);
                    }
                    Exported::Star(Module::Unknown) => {}
                }
            }
        }
    }

    pub(super) fn import_package(&mut self, state: State, package: &str, imported: &Imported) {
        let catalog = self.world.catalog;
        match imported {
            Imported::Named(name) => self.walk(state, &catalog.export(package, Some(name)), state.path),
            Imported::Default => self.walk(state, &catalog.export(package, Some("default")), state.path),
            Imported::Namespace | Imported::CommonJs => match self.tables.rest(state.path) {
                None => self.walk(state, &catalog.export(package, None), state.path),
                Some((key, rest)) => {
                    let named = key.as_name().map(|name| catalog.export(package, Some(name))).unwrap_or_default();
                    if named.is_empty() {
                        self.walk(state, &catalog.export(package, Some("default")), state.path);
                    } else {
                        self.walk(state, &named, rest);
                    }
                }
            },
        }
    }

    pub(super) fn global(&mut self, state: State, name: &str) {
        if matches!(name, "window" | "globalThis" | "self" | "global" | "top" | "parent") {
            return match self.tables.rest(state.path) {
                Some((Key::Name(inner), rest)) => {
                    let inner = inner.clone();
                    let state = State { path: rest, ..state };
                    // `window.top.vendor`
                    if matches!(inner.as_str(), "window" | "self" | "top" | "parent") {
                        return self.global(state, &inner);
                    }
                    self.global_named(state, &inner);
                }
                _ => self.end(Move::Unknown),
            };
        }
        if name == "arguments" {
            let owner = self.world.project.owner(state.at);
            return match self.tables.frame(state.calls).filter(|frame| frame.function == owner) {
                Some(frame) => {
                    self.filled(State { calls: frame.outer, ..state }, frame.call, frame.mode, 0, true);
                }
                None => self.any_parameter(state, owner),
            };
        }
        self.global_named(state, name);
    }

    /// `arguments` where nobody knows which call it is of: what the parameters hold.
    fn any_parameter(&mut self, state: State, owner: FunctionAt) {
        let parameters = &self.world.project.function(owner).parameters;
        let (index, path) = match self.tables.rest(state.path) {
            Some((Key::Index(index), rest)) => (Some(index as usize), rest),
            Some((Key::Any, rest)) => (None, rest),
            _ => (None, state.path),
        };
        for (position, parameter) in parameters.iter().enumerate() {
            if index.is_none_or(|index| index == position) {
                self.to(State { path, ..state.at(At { file: owner.file, value: parameter.value }) }, Hop::Same);
            }
        }
        self.end(Move::Unknown);
    }

    pub(super) fn global_named(&mut self, state: State, name: &str) {
        let before = self.moves.len();
        let longer = self.tables.within(state.path, Key::name(name));
        self.stored(State { path: longer, ..state }, &Site::Global);
        let stored = self.moves.len() > before;
        let handles = self.world.catalog.global(name);
        if handles.is_empty() && self.component_member(state, name) {
            return;
        }
        if !handles.is_empty() || !stored {
            self.walk(state, &handles, state.path);
        }
    }

    /// A name in the template of a Vue component is a member of the options that its script exports. Whether there is
    /// such a member.
    fn component_member(&mut self, state: State, name: &str) -> bool {
        let world = self.world;
        if !world.project.unit(state.at.file).is_some_and(|unit| unit.name.ends_with(".vue")) {
            return false;
        }
        let path = self.tables.within(state.path, Key::name(name));
        let before = self.moves.len();
        for exported in world.project.exported(state.at.file, "default") {
            let Exported::Value(at) = exported else { continue };
            let facts = world.project.facts(at.file);
            let mut options = at.value;
            for _ in 0..4 {
                options = match facts.value(options) {
                    // `defineComponent({ … })`, `Vue.extend({ … })`
                    Value::Call(made) => match made.arguments.first() {
                        Some(first) => first.value,
                        None => break,
                    },
                    Value::Object(_) => break,
                    _ => facts.behind(options).unwrap_or(options),
                };
            }
            if let Value::Object(properties) = facts.value(options)
                && names_member(facts, properties, name)
            {
                let options = At { value: options, ..at };
                self.options(State { path, calls: NO_CALLS, ..state.at(options) }, options);
            }
        }
        self.moves.len() > before
    }

    /// Follows a path through the members of SDK or library objects.
    pub(in crate::trace) fn walk(&mut self, state: State, handles: &[Handle], path: PathId) {
        let catalog = self.world.catalog;
        let keys = self.tables.path(path).0.clone();
        let mut found = false;
        for handle in handles {
            let mut at = handle.clone();
            let mut used = 0;
            let mut yields = catalog.read(&at);
            for key in &keys {
                let Some(next) = catalog.member(&at, key).or_else(|| catalog.entered(&at, key)) else { break };
                at = next;
                used += 1;
                yields = catalog.read(&at).or(yields);
            }
            if let Some(category) = yields {
                found = true;
                let exact = used == keys.len() && catalog.read(&at).is_some();
                self.end(Move::Yields { category, exact, of: catalog.api(at.api).vendor });
            } else if used == keys.len() {
                found = true;
                self.end(Move::Handle(at));
            }
        }
        if !found {
            self.end(Move::Unknown);
        }
        let _ = state;
    }
}

/// Whether a component's options have a member of this name; what `data()` gives is not looked into.
fn names_member(facts: &Facts, options: &[Property], name: &str) -> bool {
    let sections = named(options).filter(|(section, _)| SECTIONS.contains(section));
    sections.into_iter().any(|(section, value)| match facts.value(value) {
        Value::Object(members) => named(members).any(|(member, _)| member == name),
        _ => section == "data",
    })
}
