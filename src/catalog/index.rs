//! The compiled catalogue, asked what an import, a global or a member is.

use smol_str::SmolStr;

use super::{
    compiled::{ApiId, Catalog, CompiledApi, Handle, HookId, PackageEntry, Signature, Source, VendorId},
    endpoint::Endpoint,
    format::{Clears, Meaning, Section, Vendor},
    port::Suffix,
};
use crate::base::{Category, Key};

impl Catalog {
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
        &self.sources[usize::from(id.source)].details().apis[usize::from(id.index)]
    }

    /// The object types of a vendor, by name.
    pub fn apis(&self, vendor: VendorId) -> impl Iterator<Item = &CompiledApi> {
        self.sources[vendor.0 as usize].details().apis.iter()
    }

    /// The calls of an object type by dotted path, inherited ones included, each with its signatures.
    pub fn calls<'a>(&'a self, api: &'a CompiledApi) -> impl Iterator<Item = (&'a SmolStr, Vec<&'a Signature>)> {
        api.calls.iter().map(|(path, ids)| (path, self.signatures(api, ids)))
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
        if package.starts_with("//") {
            let served = self.addresses.iter().filter(|(part, _)| package.contains(part.as_str()));
            entries.extend(served.map(|(_, entry)| entry));
        }
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

    /// `identify.call(…)` and `identify.apply(…)` of something of a vendor's that can be called.
    #[must_use]
    pub fn entered(&self, handle: &Handle, key: &Key) -> Option<Handle> {
        let key = key.as_name().filter(|key| matches!(*key, "call" | "apply"))?;
        if self.api(handle.api).vendor.is_none() || self.call(handle).is_empty() {
            return None;
        }
        let path = if handle.path.is_empty() { key.into() } else { format!("{}.{key}", handle.path).into() };
        Some(Handle { api: handle.api, path })
    }

    /// What `call` or `apply` calls, and whether the arguments are a list, where a handle is one of these.
    #[must_use]
    pub fn through(&self, handle: &Handle) -> Option<(Handle, bool)> {
        let (path, last) = handle.path.rsplit_once('.').unwrap_or(("", &handle.path));
        if !matches!(last, "call" | "apply") || !self.call(handle).is_empty() {
            return None;
        }
        Some((Handle { api: handle.api, path: path.into() }, last == "apply"))
    }

    /// The signatures of calling a handle.
    #[must_use]
    pub fn call(&self, handle: &Handle) -> Vec<&Signature> {
        let path = if handle.path.is_empty() { "()" } else { handle.path.as_str() };
        let api = self.api(handle.api);
        api.calls.get(path).map(|ids| self.signatures(api, ids)).unwrap_or_default()
    }

    fn signatures(&self, api: &CompiledApi, ids: &[u32]) -> Vec<&Signature> {
        let of_file = &self.sources[usize::from(api.id.source)].details().signatures;
        ids.iter().map(|&id| &of_file[id as usize]).collect()
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
        let of_file = &self.sources[usize::from(api.source)].details().apis;
        of_file.iter().find(|known| known.name == name).map(|known| known.id)
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

    /// Whether the object is no more than where other SDK objects stand: a component's props.
    #[must_use]
    pub fn only_holds(&self) -> bool {
        !self.members.is_empty() && self.calls.is_empty() && self.assigns.is_empty()
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

impl Signature {
    /// Why the result tells nothing of the arguments, if so.
    #[must_use]
    pub const fn clears(&self) -> Option<Clears> {
        self.clears
    }

    /// Whether this signature can be that of a call with so many arguments.
    #[must_use]
    pub fn fits(&self, arguments: usize) -> bool {
        self.arity.is_none_or(|arity| arity == arguments)
    }

    /// What the vendor learns from an argument.
    #[must_use]
    pub fn meaning(&self, argument: usize) -> Option<&Meaning> {
        self.args.get(argument).or(self.rest.as_ref())
    }

    /// Whether the call says anything of what it passes on.
    #[must_use]
    pub fn is_model(&self) -> bool {
        !self.flows.is_empty() || self.clears.is_some() || self.yields.is_some() || self.plugins
    }
}
