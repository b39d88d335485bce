//! The catalogue as it is compiled: what is asked of every project at hand, and of each file the details, which are
//! read once something of it is met.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{
    endpoint::Endpoint,
    format::{Clears, Collects, Entry, Forwards, Meaning, Section, Vendor, Verified},
    own::Own,
    port::{Flow, Port, Suffix},
    stored::Stored,
};
use crate::base::Category;

/// An api of the compiled catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ApiId {
    pub(super) source: u16,
    pub(super) index: u16,
}

/// A vendor of the compiled catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VendorId(pub u32);

/// A place within an api: the api itself, or a dotted path that some call or member of it starts with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle {
    /// The api.
    pub api: ApiId,
    /// Dotted path; empty for the api itself.
    pub path: SmolStr,
}

/// The way from what a library is given to the function in it that the library calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct HookId(pub(super) u32);

/// One signature of a call, compiled.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    pub(super) arity: Option<usize>,
    /// What the vendor learns from each argument.
    pub args: Vec<Meaning>,
    /// What it learns from every further argument.
    pub rest: Option<Meaning>,
    /// Api of the result.
    pub returns: Option<ApiId>,
    /// The argument that names another call, and the api that has it.
    pub dispatch: Option<(SmolStr, ApiId)>,
    /// This call initialises the SDK.
    pub init: bool,
    /// What a library passes on.
    pub flows: Vec<Flow>,
    pub(super) clears: Option<Clears>,
    /// The result is personal data.
    pub yields: Option<Category>,
    /// What a generated id is that comes back from where it was kept.
    pub keeps: Option<Category>,
    /// Where the string stands by which what the call gives is picked.
    pub names: Option<Port>,
    /// What is told the key under which a part of the result is read.
    pub key: Option<Port>,
    /// Where the class stands whose instance the result is.
    pub makes: Option<Port>,
    /// The result has what plugins put on the application.
    pub plugins: bool,
    /// Arguments that must be one of these strings.
    pub given: Vec<(Port, Vec<SmolStr>)>,
    /// The only keys that `flows` keep.
    pub keep: Option<Port>,
    /// The keys that `flows` drop.
    pub drop: Option<Port>,
    /// Ports of the URL and of the payload of an HTTP client.
    pub request: Option<(Vec<Port>, Vec<Port>)>,
}

/// An object type, compiled: inherited members are its own.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct CompiledApi {
    /// Itself.
    pub id: ApiId,
    /// The vendor, if it is one's SDK.
    pub vendor: Option<VendorId>,
    /// Its name within its file.
    pub name: SmolStr,
    /// Signatures by dotted path, as indices into those of its file.
    pub(super) calls: BTreeMap<SmolStr, Vec<u32>>,
    pub(super) members: BTreeMap<SmolStr, ApiId>,
    pub(super) reads: BTreeMap<SmolStr, Category>,
    pub(super) assigns: BTreeMap<SmolStr, Meaning>,
    pub(super) requests: Vec<SmolStr>,
}

/// One vendor's file, or a library's, compiled.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Source {
    /// File name, for messages.
    pub file: SmolStr,
    /// The vendor.
    pub vendor: Option<Vendor>,
    /// Where it can be recognised in bytes.
    pub marks: Marks,
    pub(super) details: Stored<Details>,
}

/// What only matters of a file once something of it is met.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Evidence.
    pub verified: Vec<Verified>,
    /// Default collection.
    pub collects: Vec<Collects>,
    /// Onward flows.
    pub forwards: Vec<Forwards>,
    /// How it enters a program, as written.
    pub entries: Vec<Entry>,
    pub(super) apis: Vec<CompiledApi>,
    pub(super) signatures: Vec<Signature>,
}

/// Where something can be recognised in bytes.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marks {
    /// npm packages; `name/*` for sub-paths.
    pub packages: Vec<SmolStr>,
    /// Global variables.
    pub globals: Vec<SmolStr>,
    /// Parts of script URLs.
    pub scripts: Vec<SmolStr>,
    /// HTTP hosts.
    pub hosts: Vec<SmolStr>,
}

/// Exports of a package, and the api that they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PackageEntry {
    pub(super) exports: Vec<SmolStr>,
    pub(super) api: ApiId,
}

/// The compiled catalogue.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Catalog {
    pub(super) sources: Vec<Source>,
    pub(super) hooks: Vec<Vec<Suffix>>,
    pub(super) hook_ids: FxHashMap<Vec<Suffix>, HookId>,
    pub(super) packages: FxHashMap<SmolStr, Vec<PackageEntry>>,
    pub(super) wildcards: Vec<(SmolStr, PackageEntry)>,
    /// Parts of addresses from which modules are imported.
    pub(super) addresses: Vec<(SmolStr, PackageEntry)>,
    pub(super) globals: FxHashMap<SmolStr, Vec<ApiId>>,
    pub(super) global_assigns: FxHashMap<SmolStr, Vec<(VendorId, Meaning)>>,
    pub(super) methods: Vec<ApiId>,
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) sections: Vec<Section>,
    pub(super) vendors: BTreeMap<SmolStr, VendorId>,
    #[serde(skip)]
    pub(super) own: Own,
}

/// A catalogue file is wrong.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {message}")]
pub struct CatalogError {
    /// The file's name.
    pub file: String,
    /// What is wrong.
    pub message: String,
}

impl Source {
    /// What only matters once something of the file is met; it is read when it is first asked for.
    #[must_use]
    pub fn details(&self) -> &Details {
        self.details.get()
    }
}
