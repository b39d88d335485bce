//! Classes and instances: members, fields, and what a class inherits.

use crate::base::Key;
use crate::catalog::Handle;
use crate::facts::CallKind;
use crate::facts::ClassMember;
use crate::facts::FunctionId;
use crate::facts::Home;
use crate::facts::Literal;
use crate::facts::MemberKind;
use crate::facts::Value;
use crate::facts::ValueId;
use crate::link::project::At;
use crate::link::project::ClassAt;
use crate::link::project::FunctionAt;
use crate::trace::graph::Site;
use crate::trace::state::ALL_KEYS;
use crate::trace::state::State;
use crate::trace::step::Basis;
use crate::trace::step::Formal;
use crate::trace::step::Hop;
use crate::trace::step::Move;
use crate::trace::step::Stepper;

impl<'w> Stepper<'w> {
    pub(super) fn superclass(&mut self, state: State, function: FunctionId) {
        let at = FunctionAt { file: state.at.file, function };
        let class = match self.world.project.function(at).home {
            Home::Class(class) | Home::Static(class) => ClassAt { file: at.file, class },
            _ => return self.end(Move::Unknown),
        };
        self.rests_on.insert(Basis::Lineage(class));
        if let (true, Some(base)) =
            (self.whole(state) && self.bases(class).is_empty(), self.world.project.class(class).extends)
        {
            return self.to(state.anywhere(At { file: class.file, value: base }), Hop::Same);
        }
        for &base in self.bases(class) {
            if self.whole(state) {
                self.end(Move::Class(base));
            } else {
                self.instance(state, base, false);
            }
        }
    }

    /// The classes that a class extends directly.
    pub(super) fn bases(&self, class: ClassAt) -> &'w [ClassAt] {
        let graph = self.world.graph;
        graph.bases.get(&class).map_or(&[], Vec::as_slice)
    }

    /// A class and all that it extends.
    pub(super) fn lineage(&mut self, class: ClassAt) -> Vec<ClassAt> {
        let mut lineage = vec![class];
        let mut next = 0;
        while next < lineage.len() && lineage.len() < 16 {
            self.rests_on.insert(Basis::Lineage(lineage[next]));
            for &base in self.bases(lineage[next]) {
                if !lineage.contains(&base) {
                    lineage.push(base);
                }
            }
            next += 1;
        }
        lineage
    }

    /// A part of an instance; seen through `this`, subclasses may have filled it.
    pub fn instance(&mut self, state: State, class: ClassAt, open: bool) {
        let before = self.moves.len();
        self.rests_on.insert(Basis::Lineage(class));
        let lineage = self.lineage(class);
        for &at in &lineage {
            self.stored(state, &Site::Instances(at));
            // A method of the subclass replaces the one that it inherits.
            if self.members(state, at, false) {
                break;
            }
        }
        if open {
            let subclasses = self.world.graph.subclasses.get(&class).cloned().unwrap_or_default();
            for at in subclasses {
                self.members(state, at, false);
                self.stored(state, &Site::Instances(at));
            }
        }
        if self.moves.len() == before {
            match self.tables.rest(state.path) {
                Some((Key::Name(name), rest)) if name == "props" => self.end(Move::Formal(Formal::Props(class, rest))),
                _ => self.inherited(state, &lineage),
            }
        }
    }

    /// A member that no class of the project declares: the SDK's class that it extends may.
    pub(super) fn inherited(&mut self, state: State, lineage: &[ClassAt]) {
        let world = self.world;
        for at in lineage {
            if let Some(base) = world.project.class(*at).extends {
                let made = self.handles(State::whole(At { file: at.file, value: base }));
                let instances: Vec<_> = made.iter().flat_map(|handle| world.catalog.result(handle)).collect();
                self.walk(state, &instances, state.path);
                self.made_by_base(state, *at, &made);
            }
        }
        self.end(Move::Unknown);
    }

    /// What a library's class makes of what a class of the project gives it: `super(message)`, or what the construction
    /// itself is given.
    fn made_by_base(&mut self, state: State, class: ClassAt, base: &[Handle]) {
        let facts = self.world.project.facts(class.file);
        let Some(constructor) = facts.class(class.class).constructor else {
            if matches!(self.world.project.value(state.at), Value::Call(made) if made.kind == CallKind::New) {
                base.iter().for_each(|handle| {
                    self.library_call(state, handle);
                });
            }
            return;
        };
        let is_super = |value: &ValueId| match facts.call(*value).map(|made| facts.value(made.callee)) {
            Some(Value::Super(function)) => *function == constructor,
            _ => false,
        };
        if let Some(&value) = facts.calls.iter().find(|value| is_super(value)) {
            self.to(state.at(At { file: class.file, value }), Hop::Same);
        }
    }

    pub(super) fn class(&mut self, state: State, class: ClassAt) {
        if self.whole(state) {
            return self.end(Move::Class(class));
        }
        for at in self.lineage(class) {
            self.members(state, at, true);
            self.stored(state, &Site::Class(at));
        }
    }

    /// Steps to the members that are asked for; returns whether a method was.
    pub(super) fn members(&mut self, state: State, class: ClassAt, is_static: bool) -> bool {
        let mut method = false;
        let world = self.world;
        let (wanted, rest) = match self.tables.rest(state.path) {
            Some((key, rest)) => (Some(key), rest),
            None => (None, state.path),
        };
        for member in &world.project.class(class).members {
            let key = Key::Name(member.key.clone());
            let field = member.kind == MemberKind::Field;
            let named = wanted.as_ref().map_or(field, |wanted| *wanted == key);
            if named && member.is_static == is_static && self.tables.filter(state.filter).lets(&key) {
                let hop = if wanted.is_some() { Hop::Field(member.key.clone()) } else { Hop::Stored(key) };
                self.class_member(State { path: rest, filter: ALL_KEYS, ..state }, class, member, &hop);
                method |= member.kind == MemberKind::Method;
            }
        }
        method
    }

    pub(super) fn class_member(&mut self, state: State, class: ClassAt, member: &'w ClassMember, hop: &Hop) {
        let at = At { file: class.file, value: member.value };
        let state = state.at(at);
        match member.kind {
            MemberKind::Method | MemberKind::Field => {
                if !matches!(self.world.project.value(at), Value::Literal(Literal::Nothing)) {
                    self.to(state, hop.clone());
                }
            }
            MemberKind::Getter => {
                if let Value::Function(function) = self.world.project.value(at) {
                    for &value in &self.world.project.facts(at.file).function(*function).returns {
                        self.to(state.at(At { file: at.file, value }), hop.clone());
                    }
                }
            }
            MemberKind::Setter => {}
        }
        if let Some(annotation) = member.annotation {
            self.typed(state, annotation);
        }
    }
}
