//! The catalogue, compiled: every file linked by name, ready to be asked what an import, a global or a member is.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{
    endpoint::Endpoint,
    format::{Call, Clears, Collects, Document, Entry, Forwards, Meaning, Section, Vendor, Verified},
    own::Own,
    port::{Flow, Port, Suffix},
};
use crate::base::{Category, Key};

/// An api of the compiled catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiId(u32);

/// A vendor of the compiled catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct HookId(u32);

/// One signature of a call, compiled.
#[derive(Debug)]
pub struct Signature {
    /// As written.
    pub call: Call,
    /// Api of the result.
    pub returns: Option<ApiId>,
    /// What a library passes on.
    pub flows: Vec<Flow>,
    /// The only keys that `flows` keep.
    pub keep: Option<Port>,
    /// The keys that `flows` drop.
    pub drop: Option<Port>,
    /// Ports of the URL and of the payload of an HTTP client.
    pub request: Option<(Vec<Port>, Vec<Port>)>,
    /// The api whose calls a string argument names.
    pub dispatch: Option<ApiId>,
    /// Where the class stands whose instance the result is.
    pub makes: Option<Port>,
    /// Arguments that must be one of these strings.
    pub given: Vec<(Port, Vec<SmolStr>)>,
}

/// An object type, compiled: inherited members are its own.
#[derive(Debug, Default)]
pub struct CompiledApi {
    /// The vendor, if it is one's SDK.
    pub vendor: Option<VendorId>,
    /// Its name within its file.
    pub name: SmolStr,
    calls: BTreeMap<SmolStr, Vec<u32>>,
    members: BTreeMap<SmolStr, ApiId>,
    reads: BTreeMap<SmolStr, Category>,
    assigns: BTreeMap<SmolStr, Meaning>,
    requests: Vec<SmolStr>,
}

/// One vendor's file, or a library's, compiled.
#[derive(Debug)]
pub struct Source {
    /// File name, for messages.
    pub file: SmolStr,
    /// The vendor.
    pub vendor: Option<Vendor>,
    /// Evidence.
    pub verified: Vec<Verified>,
    /// Default collection.
    pub collects: Vec<Collects>,
    /// Onward flows.
    pub forwards: Vec<Forwards>,
    /// Where it can be recognised in bytes.
    pub marks: Marks,
    /// How it enters a program, as written.
    pub entries: Vec<Entry>,
}

/// Where something can be recognised in bytes.
#[derive(Debug, Default, Clone)]
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

#[derive(Debug, Clone)]
struct PackageEntry {
    exports: Vec<SmolStr>,
    api: ApiId,
}

/// The compiled catalogue.
#[derive(Debug, Default)]
pub struct Catalog {
    sources: Vec<Source>,
    apis: Vec<CompiledApi>,
    signatures: Vec<Signature>,
    hooks: Vec<Vec<Suffix>>,
    hook_ids: FxHashMap<Vec<Suffix>, HookId>,
    packages: FxHashMap<SmolStr, Vec<PackageEntry>>,
    wildcards: Vec<(SmolStr, PackageEntry)>,
    globals: FxHashMap<SmolStr, Vec<ApiId>>,
    global_assigns: FxHashMap<SmolStr, Vec<(VendorId, Meaning)>>,
    methods: Vec<ApiId>,
    endpoints: Vec<Endpoint>,
    sections: Vec<Section>,
    pub(super) own: Own,
    vendors: BTreeMap<SmolStr, VendorId>,
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

impl Catalog {
    /// Adds one file.
    ///
    /// # Errors
    /// When the text is not TOML, a key is unknown, or a name has no api.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), CatalogError> {
        let fail = |message: String| CatalogError { file: file.to_owned(), message };
        let document: Document = toml::from_str(text).map_err(|error| fail(error.to_string()))?;
        self.add_document(file, document)
    }

    /// Adds what one file says.
    pub(super) fn add_document(&mut self, file: &str, document: Document) -> Result<(), CatalogError> {
        let fail = |message: String| CatalogError { file: file.to_owned(), message };
        self.add_hook(&[]);
        let source = VendorId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        let vendor = document.vendor.as_ref().map(|_| source);
        if let Some(described) = &document.vendor {
            self.vendors.insert(described.id.as_str().into(), source);
        }
        let apis = self.add_apis(&document, vendor).map_err(fail)?;
        self.sections.extend(document.section.iter().cloned());
        let marks = self.add_entries(&document, vendor, &apis).map_err(fail)?;
        self.sources.push(Source {
            file: file.into(),
            vendor: document.vendor,
            verified: document.verified,
            collects: document.collects,
            forwards: document.forwards,
            marks,
            entries: document.entry,
        });
        Ok(())
    }

    fn add_apis(&mut self, document: &Document, vendor: Option<VendorId>) -> Result<BTreeMap<String, ApiId>, String> {
        let first = self.apis.len();
        let id_of = |index: usize| ApiId(u32::try_from(index).unwrap_or(u32::MAX));
        let ids: BTreeMap<String, ApiId> =
            document.api.keys().enumerate().map(|(index, name)| (name.clone(), id_of(first + index))).collect();
        let find = |name: &String| ids.get(name).copied().ok_or_else(|| format!("there is no api `{name}`"));
        for (name, api) in &document.api {
            let mut compiled = CompiledApi { vendor, name: name.into(), ..CompiledApi::default() };
            for (path, calls) in &api.calls {
                for call in calls.as_slice() {
                    let signature =
                        compile(call, &find).map_err(|error| format!("api.{name}.calls.{path}: {error}"))?;
                    let id = u32::try_from(self.signatures.len()).unwrap_or(u32::MAX);
                    signature.flows.iter().for_each(|flow| self.add_hooks(flow));
                    self.signatures.push(signature);
                    compiled.calls.entry(path.into()).or_default().push(id);
                }
            }
            for (path, target) in &api.members {
                compiled.members.insert(path.into(), find(target)?);
            }
            compiled.reads = api.reads.iter().map(|(path, category)| (path.into(), *category)).collect();
            compiled.requests = api.requests.iter().map(SmolStr::from).collect();
            compiled.assigns = api.assigns.iter().map(|(path, meaning)| (path.into(), meaning.clone())).collect();
            self.apis.push(compiled);
        }
        self.inherit(document, &ids, &find)?;
        Ok(ids)
    }

    /// Names every way to something that a library calls.
    fn add_hooks(&mut self, flow: &Flow) {
        for suffix in [&flow.from.suffix, &flow.to.suffix] {
            let called = |(index, step): (usize, &Suffix)| (!step.is_part()).then_some(index);
            let ends: Vec<usize> = suffix.iter().enumerate().filter_map(called).collect();
            let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
            for start in starts {
                for &end in ends.iter().filter(|&&end| end >= start) {
                    self.add_hook(&suffix[start..end]);
                }
            }
        }
    }

    fn add_hook(&mut self, steps: &[Suffix]) {
        if !self.hook_ids.contains_key(steps) {
            self.hook_ids.insert(steps.to_vec(), HookId(u32::try_from(self.hooks.len()).unwrap_or(u32::MAX)));
            self.hooks.push(steps.to_vec());
        }
    }

    /// The way that these steps are, if some model goes it.
    #[must_use]
    pub fn hook(&self, steps: &[Suffix]) -> Option<HookId> {
        self.hook_ids.get(steps).copied()
    }

    /// The steps of a way.
    #[must_use]
    pub fn hook_steps(&self, hook: HookId) -> &[Suffix] {
        self.hooks.get(hook.0 as usize).map_or(&[], Vec::as_slice)
    }

    fn inherit(
        &mut self,
        document: &Document,
        ids: &BTreeMap<String, ApiId>,
        find: &dyn Fn(&String) -> Result<ApiId, String>,
    ) -> Result<(), String> {
        for (name, api) in &document.api {
            let mut work: Vec<&String> = api.extends.iter().collect();
            let mut seen = vec![name];
            while let Some(base) = work.pop() {
                if seen.contains(&base) {
                    continue;
                }
                seen.push(base);
                let base_id = find(base)?;
                work.extend(document.api[base].extends.iter());
                let base = &self.apis[base_id.0 as usize];
                let (calls, members) = (base.calls.clone(), base.members.clone());
                let (reads, assigns) = (base.reads.clone(), base.assigns.clone());
                let own = &mut self.apis[ids[name].0 as usize];
                calls.into_iter().for_each(|(path, call)| {
                    own.calls.entry(path).or_insert(call);
                });
                members.into_iter().for_each(|(path, member)| {
                    own.members.entry(path).or_insert(member);
                });
                reads.into_iter().for_each(|(path, read)| {
                    own.reads.entry(path).or_insert(read);
                });
                assigns.into_iter().for_each(|(path, assign)| {
                    own.assigns.entry(path).or_insert(assign);
                });
            }
        }
        Ok(())
    }

    fn add_entries(
        &mut self,
        document: &Document,
        vendor: Option<VendorId>,
        apis: &BTreeMap<String, ApiId>,
    ) -> Result<Marks, String> {
        let mut marks = Marks::default();
        for entry in &document.entry {
            let api = match &entry.api {
                Some(name) => Some(*apis.get(name).ok_or_else(|| format!("there is no api `{name}`"))?),
                None => None,
            };
            marks.packages.extend(entry.packages.iter().map(SmolStr::from));
            marks.globals.extend(entry.globals.iter().map(SmolStr::from));
            marks.scripts.extend(entry.scripts.iter().map(SmolStr::from));
            if let (Some(vendor), Some(assign)) = (vendor, &entry.assign) {
                for global in &entry.globals {
                    self.global_assigns.entry(global.into()).or_default().push((vendor, assign.clone()));
                }
            }
            let Some(api) = api else { continue };
            if entry.methods {
                self.methods.push(api);
            }
            for global in &entry.globals {
                self.globals.entry(global.into()).or_default().push(api);
            }
            let exports = entry.exports.iter().map(SmolStr::from).collect();
            self.add_packages(&entry.packages, &PackageEntry { exports, api });
        }
        for http in &document.http {
            let named = http.hosts.iter().filter(|host| *host != "*");
            marks.hosts.extend(named.map(|host| host.strip_suffix('*').unwrap_or(host).into()));
            if http.hosts.iter().any(|host| host == "*") {
                marks.hosts.extend(http.paths.iter().map(|path| path.trim_start_matches('/').into()));
            }
            if let Some(vendor) = vendor {
                self.endpoints.push(Endpoint {
                    vendor,
                    hosts: http.hosts.iter().map(SmolStr::from).collect(),
                    paths: http.paths.clone(),
                    payload: http.payload.clone(),
                });
            }
        }
        Ok(marks)
    }

    fn add_packages(&mut self, packages: &[String], entry: &PackageEntry) {
        for package in packages {
            match package.strip_suffix("/*") {
                Some(prefix) => self.wildcards.push((format!("{prefix}/").into(), entry.clone())),
                None => self.packages.entry(package.into()).or_default().push(entry.clone()),
            }
        }
    }

    /// The sections whose functions are called by name.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// All files, in order; a [`VendorId`] is an index into them.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The vendor with an id such as `mixpanel`.
    #[must_use]
    pub fn vendor_named(&self, id: &str) -> Option<&Vendor> {
        self.sources[self.vendors.get(id)?.0 as usize].vendor.as_ref()
    }

    /// The id of a vendor.
    #[must_use]
    pub fn vendor_id(&self, vendor: VendorId) -> SmolStr {
        let source = &self.sources[vendor.0 as usize];
        source.vendor.as_ref().map_or_else(|| source.file.clone(), |vendor| vendor.id.as_str().into())
    }

    /// The api with this id.
    #[must_use]
    pub fn api(&self, id: ApiId) -> &CompiledApi {
        &self.apis[id.0 as usize]
    }

    /// The object types of a vendor, by name.
    pub fn apis(&self, vendor: VendorId) -> impl Iterator<Item = &CompiledApi> {
        self.apis.iter().filter(move |api| api.vendor == Some(vendor))
    }

    /// The calls of an object type by dotted path, inherited ones included, each with its signatures.
    pub fn calls<'a>(&'a self, api: &'a CompiledApi) -> impl Iterator<Item = (&'a SmolStr, Vec<&'a Signature>)> {
        let signatures = |ids: &[u32]| ids.iter().map(|&id| &self.signatures[id as usize]).collect();
        api.calls.iter().map(move |(path, ids)| (path, signatures(ids)))
    }

    /// What an export of a package is. `None` as `name` asks for the module itself, as a namespace or by `require`.
    #[must_use]
    pub fn export(&self, package: &str, name: Option<&str>) -> Vec<Handle> {
        let entries = self.entries(package);
        let with = |export: &str| {
            let export = export.to_owned();
            entries.iter().filter(move |entry| entry.exports.iter().any(|known| *known == export))
        };
        let whole = |api| Handle { api, path: SmolStr::default() };
        let Some(name) = name.filter(|name| *name != "default") else {
            let default: Vec<_> = with("default").map(|entry| whole(entry.api)).collect();
            let star: Vec<_> = with("*").map(|entry| whole(entry.api)).collect();
            let (first, second) = if name.is_some() { (default, star) } else { (star, default) };
            return if name.is_some() && !first.is_empty() { first } else { first.into_iter().chain(second).collect() };
        };
        let mut found: Vec<_> = with(name).map(|entry| whole(entry.api)).collect();
        found.extend(with("*").filter_map(|entry| self.member(&whole(entry.api), &Key::name(name))));
        found
    }

    fn entries(&self, package: &str) -> Vec<&PackageEntry> {
        let mut entries: Vec<_> = self.packages.get(package).into_iter().flatten().collect();
        let wild = self.wildcards.iter().filter(|(prefix, _)| package.starts_with(prefix.as_str()));
        entries.extend(wild.map(|(_, entry)| entry));
        entries
    }

    /// Whether the catalogue says anything of a package.
    #[must_use]
    pub fn knows_package(&self, package: &str) -> bool {
        !self.entries(package).is_empty()
    }

    /// What a type exported by a package is: what constructing it gives.
    #[must_use]
    pub fn type_of(&self, package: &str, name: &str) -> Vec<Handle> {
        let exported = self.export(package, Some(name));
        let made: Vec<_> = exported.iter().flat_map(|handle| self.result(handle)).collect();
        if !made.is_empty() {
            return made;
        }
        let entries = self.entries(package);
        let star =
            entries.iter().filter(|entry| entry.exports.iter().any(|export| export == "*" || export == "default"));
        let class = star.flat_map(|entry| self.call(&Handle { api: entry.api, path: name.into() }));
        class.filter_map(|signature| signature.returns).map(|api| Handle { api, path: SmolStr::default() }).collect()
    }

    /// What a call of a handle gives.
    #[must_use]
    pub fn result(&self, handle: &Handle) -> Vec<Handle> {
        let made = self.call(handle).into_iter().filter_map(|signature| signature.returns);
        made.map(|api| Handle { api, path: SmolStr::default() }).collect()
    }

    /// What a global variable is.
    #[must_use]
    pub fn global(&self, name: &str) -> Vec<Handle> {
        let apis = self.globals.get(name).into_iter().flatten();
        apis.map(|&api| Handle { api, path: SmolStr::default() }).collect()
    }

    /// What assigning to a global variable hands over.
    #[must_use]
    pub fn global_assign(&self, name: &str) -> &[(VendorId, Meaning)] {
        self.global_assigns.get(name).map_or(&[], Vec::as_slice)
    }

    /// What a member of a handle is; empty where the catalogue knows none.
    #[must_use]
    pub fn member(&self, handle: &Handle, key: &Key) -> Option<Handle> {
        let index;
        let key = match key {
            Key::Name(name) => name.as_str(),
            Key::Index(number) => {
                index = number.to_string();
                &index
            }
            Key::Any => return None,
        };
        let api = self.api(handle.api);
        let path: SmolStr = if handle.path.is_empty() { key.into() } else { format!("{}.{key}", handle.path).into() };
        if let Some(&member) = api.members.get(&path) {
            return Some(Handle { api: member, path: SmolStr::default() });
        }
        api.has(&path).then_some(Handle { api: handle.api, path })
    }

    /// The signatures of calling a handle.
    #[must_use]
    pub fn call(&self, handle: &Handle) -> Vec<&Signature> {
        let path = if handle.path.is_empty() { "()" } else { handle.path.as_str() };
        let ids = self.api(handle.api).calls.get(path).into_iter().flatten();
        ids.map(|&id| &self.signatures[id as usize]).collect()
    }

    /// The category of reading a handle as a property.
    #[must_use]
    pub fn read(&self, handle: &Handle) -> Option<Category> {
        self.api(handle.api).reads.get(&handle.path).copied()
    }

    /// What assigning to a property of a handle hands over; `*` stands for any property.
    #[must_use]
    pub fn assign(&self, handle: &Handle, key: &str) -> Option<&Meaning> {
        let within = |key: &str| match handle.path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        };
        let assigns = &self.api(handle.api).assigns;
        assigns.get(within(key).as_str()).or_else(|| assigns.get(within("*").as_str()))
    }

    /// What a handle means where it is assigned as a whole: `event.context.x = …` changes a part of it.
    #[must_use]
    pub fn assigned_whole(&self, handle: &Handle) -> Option<&Meaning> {
        self.api(handle.api).assigns.get(&handle.path)
    }

    /// Models of a method whose receiver nothing is known about.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<Handle> {
        self.methods
            .iter()
            .find_map(|&api| self.api(api).calls.contains_key(name).then(|| Handle { api, path: name.into() }))
    }

    /// An api of the same file, by name.
    #[must_use]
    pub fn sibling(&self, api: ApiId, name: &str) -> Option<ApiId> {
        let vendor = self.api(api).vendor;
        let index = self.apis.iter().position(|known| known.vendor == vendor && known.name == name)?;
        u32::try_from(index).ok().map(ApiId)
    }

    /// The endpoints that a URL reaches.
    #[must_use]
    pub fn endpoints(&self, url: &str) -> Vec<&Endpoint> {
        self.endpoints.iter().filter(|endpoint| endpoint.receives(url) && !self.own.is_host(url)).collect()
    }
}

impl CompiledApi {
    /// The properties whose assignment hands data over, by dotted path.
    pub fn assigned(&self) -> impl Iterator<Item = (&SmolStr, &Meaning)> {
        self.assigns.iter()
    }

    /// Whether assigning to a property requests the URL that is assigned.
    #[must_use]
    pub fn requests(&self, property: &str) -> bool {
        self.requests.iter().any(|known| known == property)
    }

    /// Whether some call, member, read or assignment starts with this dotted path.
    fn has(&self, path: &str) -> bool {
        let starts =
            |known: &SmolStr| known.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.calls.keys().any(starts)
            || self.members.keys().any(starts)
            || self.reads.keys().any(starts)
            || self.assigns.keys().any(starts)
    }
}

fn compile(call: &Call, find: &dyn Fn(&String) -> Result<ApiId, String>) -> Result<Signature, String> {
    let ports = |texts: &[String]| texts.iter().map(|text| Port::parse(text)).collect::<Result<Vec<_>, _>>();
    let request = match &call.request {
        Some(request) => Some((ports(&request.url)?, ports(&request.payload)?)),
        None => None,
    };
    Ok(Signature {
        returns: call.returns.as_ref().map(find).transpose()?,
        flows: call.flows.iter().map(|text| Flow::parse(text)).collect::<Result<_, _>>()?,
        keep: call.keep.as_deref().map(Port::parse).transpose()?,
        drop: call.drop.as_deref().map(Port::parse).transpose()?,
        makes: call.makes.as_deref().map(Port::parse).transpose()?,
        given: call.given.iter().map(given).collect::<Result<_, _>>()?,
        dispatch: call.dispatch.as_ref().map(|dispatch| find(&dispatch.api)).transpose()?,
        request,
        call: call.clone(),
    })
}

fn given((port, texts): (&String, &Vec<String>)) -> Result<(Port, Vec<SmolStr>), String> {
    Ok((Port::parse(port)?, texts.iter().map(SmolStr::from).collect()))
}

impl Signature {
    /// Why the result tells nothing of the arguments, if so.
    #[must_use]
    pub const fn clears(&self) -> Option<Clears> {
        self.call.clears
    }

    /// Whether this signature can be that of a call with so many arguments.
    #[must_use]
    pub fn fits(&self, arguments: usize) -> bool {
        self.call.arity.is_none_or(|arity| arity == arguments)
    }

    /// What the vendor learns from an argument.
    #[must_use]
    pub fn meaning(&self, argument: usize) -> Option<&Meaning> {
        self.call.args.get(argument).or(self.call.rest.as_ref())
    }

    /// Whether the call says anything of what it passes on.
    #[must_use]
    pub fn is_model(&self) -> bool {
        !self.flows.is_empty() || self.call.clears.is_some() || self.call.yields.is_some() || self.call.plugins
    }
}
