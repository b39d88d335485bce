//! What the engine finds: flows, wrappers and places where a trail is lost. No policy: only evidence.

use crate::{
    base::{Category, Path, Span},
    catalog::VendorId,
    link::project::{At, FileId, FunctionAt},
};

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
}

/// What a category rests on, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Basis {
    /// The name of a variable or parameter.
    Name,
    /// The key under which the value is stored.
    Key,
    /// What the sink's argument means.
    Meaning,
    /// The read itself: a field of a person, an identity-bearing API.
    Read,
}

/// A call or assignment that hands data to a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SinkPlace {
    /// The call or assignment.
    pub place: Place,
    /// What is called or assigned, as written.
    pub call: String,
    /// What the argument is to the vendor.
    pub argument: String,
}

/// A step of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step {
    /// Where.
    pub place: Place,
    /// What happens there.
    pub label: String,
}

/// Personal data that reaches a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Flow {
    /// The call in the project's code where the value leaves its owner.
    pub apex: Place,
    /// The function around the apex.
    pub function: FunctionAt,
    /// Who receives.
    pub vendor: VendorId,
    /// What.
    pub category: Category,
    /// How it is known.
    pub basis: Basis,
    /// Where it is read.
    pub origin: Place,
    /// The call that hands it over.
    pub sink: SinkPlace,
    /// Steps between origin and sink, origin first.
    pub steps: Vec<Step>,
}

/// A function whose parameter reaches a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wrapped {
    /// The function.
    pub function: FunctionAt,
    /// Which parameter.
    pub parameter: u32,
    /// Which part of it.
    pub path: Path,
    /// Who receives.
    pub vendor: VendorId,
}

/// A payload that could not be followed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lost {
    /// Who receives it.
    pub vendor: VendorId,
    /// Where the trail ends.
    pub place: Place,
    /// Why.
    pub reason: &'static str,
}

/// Everything found from one or many sinks.
#[derive(Debug, Default)]
pub struct Found {
    /// Flows.
    pub flows: Vec<Flow>,
    /// Wrappers.
    pub wrapped: Vec<Wrapped>,
    /// Lost trails.
    pub lost: Vec<Lost>,
    /// Functions whose callers in files that were not read would matter.
    pub wanted_callers: Vec<FunctionAt>,
    /// Number of calls of each function that hands something to a vendor.
    pub callers: std::collections::BTreeMap<FunctionAt, usize>,
    /// Files in which something reaches a vendor: sinks and wrappers.
    pub homes: std::collections::BTreeSet<FileId>,
    /// The last names of the vendor calls that were met.
    pub methods: std::collections::BTreeSet<smol_str::SmolStr>,
    /// What initialisations collect by default.
    pub started: Vec<super::ambient::Started>,
    /// The object types that are initialised, whatever that starts.
    pub initialised: std::collections::BTreeSet<(VendorId, smol_str::SmolStr)>,
    /// Where calls say that data go on to.
    pub onward: Vec<super::onward::Named>,
    /// Files that would have been looked into.
    pub unread: std::collections::BTreeSet<FileId>,
}

/// The origin or sink value of a place.
#[must_use]
pub fn place_of(project: &crate::link::project::Project, at: At) -> Place {
    Place { file: at.file, span: project.facts(at.file).span(at.value) }
}
