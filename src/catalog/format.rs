//! The data format of the catalogue, exactly as it is typed: one TOML file per vendor or library.
//!
//! A vendor's SDK and a plain library are described in one format. An **entry** says how a thing enters a program and
//! which **api** it is; an api is a small object type whose calls, members and assignments carry **meanings** (what the
//! vendor learns from an argument) and **flows** (what a library passes on). `docs/catalogue.md` is the manual.

mod read;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::base::Category;

/// One catalogue file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Document {
    /// The vendor, absent in a library model.
    pub vendor: Option<Vendor>,
    /// Where the signatures were read.
    #[serde(default)]
    pub verified: Vec<Verified>,
    /// How it enters a program.
    #[serde(default)]
    pub entry: Vec<Entry>,
    /// Object types, by name.
    #[serde(default)]
    pub api: BTreeMap<String, Api>,
    /// HTTP endpoints that receive data.
    #[serde(default)]
    pub http: Vec<Http>,
    /// What is collected without being asked.
    #[serde(default)]
    pub collects: Vec<Collects>,
    /// Where received data go on to.
    #[serde(default)]
    pub forwards: Vec<Forwards>,
    /// Functions that are called by name (library models only).
    #[serde(default)]
    pub section: Vec<Section>,
}

/// Functions that stand in a section of an object and are called by a string: `dispatch("cart/add", item)` enters the
/// `add` of `{ actions: { add(context, item) {} } }`, wherever that object is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Section {
    /// The key of the section.
    pub name: String,
    /// The function or method that calls; its first argument names the function, maybe behind `/`.
    pub called_by: String,
}

/// What a vendor is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Vendor {
    /// Stable id, equal to the file's name.
    pub id: String,
    /// Name as the vendor writes it.
    pub name: String,
    /// What it is used for.
    pub kind: Kind,
    /// Legal entity.
    pub company: String,
    /// Seat, as ISO 3166-1 alpha-2.
    pub country: String,
    /// Home page.
    pub website: String,
    /// Data-processing terms.
    pub terms: String,
    /// What the terms say of personal data.
    pub personal_data: PersonalData,
}

/// What a vendor is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    ProductAnalytics,
    WebAnalytics,
    Cdp,
    SessionReplay,
    ErrorTracking,
    Apm,
    Logging,
    Ads,
    SupportChat,
    Marketing,
    FeatureFlags,
    Attribution,
    TagManager,
    UserOnboarding,
    Surveys,
    FraudPrevention,
    Search,
}

impl fmt::Display for Kind {
    /// The word used in the data files.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// What a vendor's terms say of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonalData {
    /// Allowed under the data-processing terms.
    Allowed,
    /// Allowed with limits: no special categories, or only hashed.
    Restricted,
    /// Forbidden.
    Forbidden,
}

/// Evidence for what the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Verified {
    /// npm package whose published typings were read.
    pub package: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Documentation, where no package exists.
    pub url: Option<String>,
}

/// How a thing enters a program. Exactly one of `packages`, `globals`, `scripts` and `methods` is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Entry {
    /// npm packages; `name/*` stands for all sub-paths.
    #[serde(default)]
    pub packages: Vec<String>,
    /// Exports of those packages, or of the modules at those scripts' addresses: `*` (the module object), `default`, or
    /// names.
    #[serde(default)]
    pub exports: Vec<String>,
    /// Global variables, also as members of `window`, `globalThis`, `self`.
    #[serde(default)]
    pub globals: Vec<String>,
    /// Parts of script URLs, for example `cdn.mxpnl.com/libs`.
    #[serde(default)]
    pub scripts: Vec<String>,
    /// Methods of a receiver that nothing is known about (library models only).
    #[serde(default)]
    pub methods: bool,
    /// TypeScript type names exported by `packages` whose values are this api.
    #[serde(default)]
    pub types: Vec<String>,
    /// The api that it is; absent where only presence is told.
    pub api: Option<String>,
    /// Assigning to the global hands this over (`window.intercomSettings = {…}`).
    pub assign: Option<Meaning>,
}

/// An object type of an SDK or a library.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Api {
    /// Apis whose members it has too.
    #[serde(default)]
    pub extends: Vec<String>,
    /// Calls by dotted path; `()` is calling or constructing the thing itself. Several signatures may apply.
    #[serde(default)]
    pub calls: BTreeMap<String, OneOrMany<Call>>,
    /// Properties that are objects of another api, by dotted path.
    #[serde(default)]
    pub members: BTreeMap<String, String>,
    /// Properties whose value is personal data (`document.referrer`).
    #[serde(default)]
    pub reads: BTreeMap<String, Category>,
    /// Properties whose assignment hands data over (`client.user = {…}`).
    #[serde(default)]
    pub assigns: BTreeMap<String, Meaning>,
    /// Properties whose assignment requests the URL (`image.src = "https://…"`).
    #[serde(default)]
    pub requests: Vec<String>,
}

/// One value or a list of them.
#[derive(Debug, Clone)]
pub enum OneOrMany<T> {
    /// `x = {…}`
    One(T),
    /// `x = [{…}, {…}]`
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// All values.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// One signature of a call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Call {
    /// Applies only to calls with this many arguments.
    pub arity: Option<usize>,
    /// What the vendor learns from each argument.
    #[serde(default)]
    pub args: Vec<Meaning>,
    /// What it learns from every further argument.
    pub rest: Option<Meaning>,
    /// Api of the result.
    pub returns: Option<String>,
    /// The first argument names another call.
    pub dispatch: Option<Dispatch>,
    /// This call initialises the SDK.
    #[serde(default)]
    pub init: bool,
    /// What a library passes on: `"arg0 -> return"`.
    #[serde(default)]
    pub flows: Vec<String>,
    /// The result tells nothing of the arguments.
    pub clears: Option<Clears>,
    /// The result is personal data.
    pub yields: Option<Category>,
    /// What a generated id is that comes back from where it was kept.
    pub keeps: Option<Category>,
    /// Port of the string by which what the call gives is picked: `getElementById("email")`.
    pub names: Option<String>,
    /// Port of what is told the key under which a part of the result is read: the `name` of a proxy's `get`.
    pub key: Option<String>,
    /// Port of the class whose instance the result is: `inject(Service)`.
    pub makes: Option<String>,
    /// The result has what plugins put on the application: `$name` is the global of that name.
    #[serde(default)]
    pub plugins: bool,
    /// Applies only where these arguments are one of these strings; other signatures then do not.
    #[serde(default)]
    pub given: BTreeMap<String, Vec<String>>,
    /// Port whose string values name the only keys that `flows` keep.
    pub keep: Option<String>,
    /// Port whose string values name the keys that `flows` drop.
    pub drop: Option<String>,
    /// The callee is an HTTP client: where the URL and the payload stand.
    pub request: Option<Request>,
}

/// `X("identify", id)` and `X.push(["identify", id])`: a string argument names a call of an api, the others are its
/// arguments.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dispatch {
    /// `0` (first argument), `0[0]` (first element of the first argument) or `*[0]` (of each argument).
    pub command: String,
    /// The api whose calls are named.
    pub api: String,
}

/// Why a result is clean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clears {
    /// A boolean, a count, a constant, a random number.
    Derived,
    /// A hash or a mask.
    Pseudonymised,
    /// A random id: it tells nothing, unless it is kept and told again.
    Generated,
}

/// Where an HTTP client takes its URL and payload from, as ports of the call.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Request {
    /// Ports of the URL.
    pub url: Vec<String>,
    /// Ports of the payload: body, query, headers.
    pub payload: Vec<String>,
}

/// What a vendor learns from a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub enum Meaning {
    /// A keyword or a category id.
    Word(Word),
    /// A callback that is handed SDK objects, and what its result means.
    Callback(Callback),
    /// An object or array whose parts mean different things: keys, `[]` for elements, `*` for all other keys.
    Parts(BTreeMap<String, Meaning>),
}

/// A callback that is handed SDK objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// Api of each parameter, `_` for none: `$callback`.
    pub params: Vec<String>,
    /// What the vendor learns from the callback's result: `$returns`.
    pub returns: Option<Box<Meaning>>,
}

/// The meaning of a whole argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Word {
    /// Not sent, or never about a person.
    Ignore,
    /// Fields about a person: `name` is a person's name here.
    Traits,
    /// Fields about an organization: `name` is its name.
    GroupTraits,
    /// Fields of an event: only unambiguous keys tell anything.
    Properties,
    /// An event name, a message, a log line.
    Text,
    /// The name under which the sibling `value` is stored.
    Key,
    /// A value named by the sibling `key`.
    Value,
    /// The same, and it is about a person.
    TraitValue,
    /// The same, and it is about an organization.
    GroupValue,
    /// Init options: read for what is collected by default.
    Settings,
    /// Exactly this category.
    Is(Category),
}

const WORDS: &[(&str, Word)] = &[
    ("ignore", Word::Ignore),
    ("traits", Word::Traits),
    ("group-traits", Word::GroupTraits),
    ("properties", Word::Properties),
    ("text", Word::Text),
    ("event", Word::Text),
    ("key", Word::Key),
    ("value", Word::Value),
    ("trait-value", Word::TraitValue),
    ("group-value", Word::GroupValue),
    ("settings", Word::Settings),
];

impl TryFrom<String> for Word {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if let Some((_, word)) = WORDS.iter().find(|(id, _)| *id == text) {
            return Ok(*word);
        }
        text.parse().map(Self::Is).map_err(|_| {
            let words: Vec<_> = WORDS.iter().map(|(id, _)| *id).collect();
            format!("`{text}` is no meaning: use a data category or one of {}", words.join(", "))
        })
    }
}

impl From<Word> for String {
    fn from(word: Word) -> Self {
        if let Word::Is(category) = word {
            return category.id().to_owned();
        }
        WORDS.iter().find(|(_, known)| *known == word).map(|(id, _)| (*id).to_owned()).unwrap_or_default()
    }
}

/// An HTTP endpoint that receives data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Http {
    /// Host names; `*.example.com` stands for every sub-domain.
    pub hosts: Vec<String>,
    /// Path prefixes; empty for any path.
    #[serde(default)]
    pub paths: Vec<String>,
    /// What the payload (body, query, headers) means.
    pub payload: Meaning,
}

/// Something that an SDK collects without a line saying so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Collects {
    /// How it is collected.
    pub kind: CollectionKind,
    /// Which data: one or several categories.
    pub categories: Vec<Category>,
    /// Which apis' initialisations start it. Empty: the vendor's presence alone does.
    #[serde(default)]
    pub apis: Vec<String>,
    /// What exactly, as a sentence.
    pub what: String,
    /// All of these must hold for it to be collected.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Any of these turns it off.
    #[serde(default)]
    pub unless: Vec<Condition>,
    /// Any of these masks it, which lowers the severity.
    #[serde(default)]
    pub masked: Vec<Condition>,
    /// The address and the title of each page are sent with it, without a call: what they say of a person leaves.
    #[serde(default)]
    pub pages: bool,
    /// The option that changes it.
    pub setting: Option<String>,
    /// What to do, as a sentence.
    pub advice: String,
    /// Package source at a version, or a documentation URL.
    pub evidence: String,
}

/// How something is collected by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CollectionKind {
    /// Sent with every event or page view.
    Default,
    /// Clicks, inputs and page views, recorded without a call.
    Autocapture,
    /// The screen, recorded.
    SessionReplay,
}

/// A test of one init option.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Condition {
    /// Dotted path of the option in the `settings` argument; `[]` stands for some element.
    pub setting: String,
    /// The option has one of these values.
    #[serde(default)]
    pub is: Vec<Constant>,
    /// The option is an array or a string that contains one of these.
    #[serde(default)]
    pub contains: Vec<String>,
    /// The option is present (`true`) or absent (`false`).
    pub present: Option<bool>,
    /// The option, a date or a version, is at least this.
    pub at_least: Option<String>,
    /// The option is built by one of these calls (`Sentry.replayIntegration()`).
    #[serde(default)]
    pub calls: Vec<String>,
}

/// A constant that an option may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Constant {
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Constant>),
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::List(values) => {
                let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", values.join(", "))
            }
        }
    }
}

/// Where received data go on to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Forwards {
    /// `remote`: configured at the vendor, unknown to the code; `setting`: named in an option or argument.
    pub kind: ForwardKind,
    /// Only what enters by one of these packages, globals or scripts hands data on. Empty: all of it.
    #[serde(default)]
    pub marks: Vec<String>,
    /// Dotted path, in any argument of any call, of what names destinations: by its keys, by strings in it, or by
    /// objects of other vendors in it.
    pub setting: Option<String>,
    /// Destination names as they stand in code, and the vendor ids they mean.
    #[serde(default)]
    pub destinations: BTreeMap<String, String>,
    /// What happens, as a sentence.
    pub what: String,
    /// Documentation URL.
    pub evidence: String,
}

/// How a vendor learns where to forward to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardKind {
    /// In its own console.
    Remote,
    /// In the code.
    Setting,
}
