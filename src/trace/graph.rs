//! What is known of the whole project at one moment: the call graph and the stores, as far as they were resolved.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{owners::Entered, per_file::PerFile, state::Mode};
use crate::{
    base::{Key, Path},
    catalog::{Catalog, Handle, words::Words},
    link::project::{At, ClassAt, FileId, FunctionAt, Project},
};

/// Something that a call may enter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Callee {
    /// A function of the project.
    Function {
        /// Which.
        at: FunctionAt,
        /// How its parameters are filled.
        mode: Mode,
        /// The calls around the place where it was made, newest first.
        made_in: Vec<(At, FunctionAt)>,
    },
    /// A class of the project.
    Class(ClassAt),
    /// A member of an SDK or a library.
    Handle(Handle),
    /// A part of a value that nothing more is known about, such as the second element of what `useState()` gives.
    Part(At, Path),
}

/// A call that enters a function, seen from the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Caller {
    /// The call.
    pub call: At,
    /// How parameters are filled.
    pub mode: Mode,
    /// Where the function was given to the one that calls it, if it came as an argument.
    pub given: Option<Given>,
}

/// The call by which a function got hold of another function, and what it entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Given {
    /// The call.
    pub call: At,
    /// What it entered.
    pub function: FunctionAt,
    /// How.
    pub mode: Mode,
    /// The call before it, where what was called by it had got the function as an argument itself.
    pub before: Option<HandedOn>,
}

/// A call by which a function was handed on to the one that hands it on again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HandedOn {
    /// The call.
    pub call: At,
    /// What it entered.
    pub function: FunctionAt,
    /// How.
    pub mode: Mode,
}

/// Something that lives as long as the program and can be written to from anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Site {
    /// The object, array, function or call result that a value is.
    Value(At),
    /// The instances of a class.
    Instances(ClassAt),
    /// A class itself.
    Class(ClassAt),
    /// What a constructor function makes.
    Made(FunctionAt),
    /// The global object.
    Global,
}

/// An assignment into a [`Site`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stored {
    /// The keys after the first.
    pub rest: Vec<Key>,
    /// What is stored.
    pub value: At,
    /// The calls by which the object came to the function that stores, the newest first.
    pub entered: Entered,
}

/// The keys under which a function writes into a parameter, and what it writes.
pub type ParameterStore = (Vec<Key>, At);

/// The call graph and the stores.
#[derive(Debug, Default)]
pub struct Graph {
    /// What each call may enter, sorted.
    pub callees: PerFile<At, Vec<Callee>>,
    /// Calls of which a library's method is only a guess from its name.
    pub fallbacks: PerFile<At, Handle>,
    /// Who calls each function, sorted.
    pub callers: PerFile<FunctionAt, Vec<Caller>>,
    /// Who constructs or renders each class, sorted.
    pub users: FxHashMap<ClassAt, Vec<At>>,
    /// SDK objects handed to a parameter of a callback.
    pub handed: FxHashMap<(FunctionAt, u32), Vec<Handle>>,
    /// Calls of a part of an unresolved value.
    pub part_calls: FxHashMap<At, Vec<(Path, Caller)>>,
    /// Assignments, by site and first key.
    pub stores: FxHashMap<Site, BTreeMap<Key, Vec<Stored>>>,
    /// Objects whose fields were copied into a site: `Object.assign(context, fields)`.
    pub copied: FxHashMap<Site, Vec<(At, Entered)>>,
    /// Classes that a class extends directly.
    pub bases: FxHashMap<ClassAt, Vec<ClassAt>>,
    /// Classes that say that they implement an interface of this name.
    pub implementors: FxHashMap<SmolStr, Vec<ClassAt>>,
    /// Direct subclasses.
    pub subclasses: FxHashMap<ClassAt, Vec<ClassAt>>,
    /// Calls that put something into a channel, by the channel's name and key.
    pub channels: FxHashMap<(SmolStr, SmolStr), Vec<At>>,
    /// Files that resolving a call would have looked into.
    pub unread: FxHashMap<At, Vec<FileId>>,
    /// Functions in sections that are called by name, by section and name.
    pub sections: FxHashMap<(SmolStr, SmolStr), Vec<FunctionAt>>,
    /// The section that a function stands in, and its name there.
    pub section_of: FxHashMap<FunctionAt, (SmolStr, SmolStr)>,
    /// Assignments into a parameter, inside its function.
    pub parameter_stores: FxHashMap<(FunctionAt, u32), Vec<ParameterStore>>,
}

/// Everything that stepping looks at.
#[derive(Clone, Copy)]
pub struct World<'w> {
    /// The files.
    pub project: &'w Project,
    /// Vendors and library models.
    pub catalog: &'w Catalog,
    /// Identity words.
    pub words: &'w Words,
    /// The call graph so far.
    pub graph: &'w Graph,
}
