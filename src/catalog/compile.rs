//! From a file as it is typed to the compiled catalogue: ports are read, names are linked, members inherited.
//!
//! The build script compiles what comes with the program, by this very code; `sanitize` and tests add to it later.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{
    compiled::{
        ApiId, Catalog, CatalogError, CompiledApi, Details, HookId, Marks, PackageEntry, Signature, Source, VendorId,
    },
    endpoint::Endpoint,
    format::{Api, Call, Document, Entry, Http},
    port::{Flow, Port, Suffix},
};

impl Catalog {
    /// Adds one file.
    ///
    /// # Errors
    /// When the text is not TOML, a key is unknown, or a name has no api.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), CatalogError> {
        let document = toml::from_str(text).map_err(|error| error.to_string());
        let added = document.and_then(|document| self.add_document(file, document));
        added.map_err(|message| CatalogError { file: file.to_owned(), message })
    }

    fn add_document(&mut self, file: &str, document: Document) -> Result<(), String> {
        self.add_hook(&[]);
        let source = VendorId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        let vendor = document.vendor.as_ref().map(|_| source);
        if let Some(described) = &document.vendor {
            self.vendors.insert(described.id.as_str().into(), source);
        }
        let names = Names::of(source, &document.api);
        let mut linked = Linked { names, vendor, apis: Vec::new(), signatures: Vec::new() };
        for (name, api) in &document.api {
            linked.add(name, api)?;
        }
        linked.inherit(&document.api)?;
        linked.signatures.iter().flat_map(|signature| &signature.flows).for_each(|flow| self.add_hooks(flow));
        self.sections.extend(document.section);
        let mut marks = Marks::default();
        for entry in &document.entry {
            self.add_entry(entry, vendor, &linked.names, &mut marks)?;
        }
        document.http.into_iter().for_each(|http| self.add_endpoint(http, vendor, &mut marks));
        let details = Details {
            verified: document.verified,
            collects: document.collects,
            forwards: document.forwards,
            entries: document.entry,
            apis: linked.apis,
            signatures: linked.signatures,
        };
        self.sources.push(Source { file: file.into(), vendor: document.vendor, marks, details: details.into() });
        Ok(())
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

    fn add_entry(
        &mut self,
        entry: &Entry,
        vendor: Option<VendorId>,
        names: &Names,
        marks: &mut Marks,
    ) -> Result<(), String> {
        let api = entry.api.as_ref().map(|name| names.find(name)).transpose()?;
        marks.packages.extend(entry.packages.iter().map(SmolStr::from));
        marks.globals.extend(entry.globals.iter().map(SmolStr::from));
        marks.scripts.extend(entry.scripts.iter().map(SmolStr::from));
        if let (Some(vendor), Some(assign)) = (vendor, &entry.assign) {
            for global in &entry.globals {
                self.global_assigns.entry(global.into()).or_default().push((vendor, assign.clone()));
            }
        }
        let Some(api) = api else { return Ok(()) };
        if entry.methods {
            self.methods.push(api);
        }
        for global in &entry.globals {
            self.globals.entry(global.into()).or_default().push(api);
        }
        let exports = entry.exports.iter().map(SmolStr::from).collect();
        let exported = PackageEntry { exports, api };
        if !exported.exports.is_empty() {
            self.addresses.extend(entry.scripts.iter().map(|part| (part.into(), exported.clone())));
        }
        self.add_packages(&entry.packages, &exported);
        Ok(())
    }

    fn add_packages(&mut self, packages: &[String], entry: &PackageEntry) {
        for package in packages {
            match package.strip_suffix("/*") {
                Some(prefix) => self.wildcards.push((format!("{prefix}/").into(), entry.clone())),
                None => self.packages.entry(package.into()).or_default().push(entry.clone()),
            }
        }
    }

    fn add_endpoint(&mut self, http: Http, vendor: Option<VendorId>, marks: &mut Marks) {
        let named = http.hosts.iter().filter(|host| *host != "*");
        marks.hosts.extend(named.map(|host| host.strip_suffix('*').unwrap_or(host).into()));
        if http.hosts.iter().any(|host| host == "*") {
            marks.hosts.extend(http.paths.iter().map(|path| path.trim_start_matches('/').into()));
        }
        if let Some(vendor) = vendor {
            let hosts = http.hosts.iter().map(SmolStr::from).collect();
            self.endpoints.push(Endpoint { vendor, hosts, paths: http.paths, payload: http.payload });
        }
    }
}

/// The apis of one file, by name.
struct Names(BTreeMap<String, ApiId>);

impl Names {
    fn of(source: VendorId, apis: &BTreeMap<String, Api>) -> Self {
        let source = u16::try_from(source.0).unwrap_or(u16::MAX);
        let id = |index: usize| ApiId { source, index: u16::try_from(index).unwrap_or(u16::MAX) };
        Self(apis.keys().enumerate().map(|(index, name)| (name.clone(), id(index))).collect())
    }

    fn find(&self, name: &str) -> Result<ApiId, String> {
        self.0.get(name).copied().ok_or_else(|| format!("there is no api `{name}`"))
    }
}

/// The object types of one file, as they are linked.
struct Linked {
    names: Names,
    vendor: Option<VendorId>,
    apis: Vec<CompiledApi>,
    signatures: Vec<Signature>,
}

impl Linked {
    fn add(&mut self, name: &str, api: &Api) -> Result<(), String> {
        let mut calls: BTreeMap<SmolStr, Vec<u32>> = BTreeMap::new();
        for (path, of_path) in &api.calls {
            for call in of_path.as_slice() {
                let signature = signature(call, &self.names);
                let id = u32::try_from(self.signatures.len()).unwrap_or(u32::MAX);
                self.signatures.push(signature.map_err(|error| format!("api.{name}.calls.{path}: {error}"))?);
                calls.entry(path.into()).or_default().push(id);
            }
        }
        let member = |(path, target): (&String, &String)| Ok((path.into(), self.names.find(target)?));
        self.apis.push(CompiledApi {
            id: self.names.find(name)?,
            vendor: self.vendor,
            name: name.into(),
            calls,
            members: api.members.iter().map(member).collect::<Result<_, String>>()?,
            reads: api.reads.iter().map(|(path, category)| (path.into(), *category)).collect(),
            assigns: api.assigns.iter().map(|(path, meaning)| (path.into(), meaning.clone())).collect(),
            requests: api.requests.iter().map(SmolStr::from).collect(),
        });
        Ok(())
    }

    /// Gives each api what its bases have and it has not.
    fn inherit(&mut self, written: &BTreeMap<String, Api>) -> Result<(), String> {
        for (name, api) in written {
            let own = usize::from(self.names.find(name)?.index);
            let mut work: Vec<&String> = api.extends.iter().collect();
            let mut seen = vec![name];
            while let Some(base) = work.pop() {
                if seen.contains(&base) {
                    continue;
                }
                seen.push(base);
                let base_id = usize::from(self.names.find(base)?.index);
                work.extend(&written[base].extends);
                if let Ok([own, base]) = self.apis.get_disjoint_mut([own, base_id]) {
                    own.inherit(base);
                }
            }
        }
        Ok(())
    }
}

impl CompiledApi {
    fn inherit(&mut self, base: &Self) {
        fn fill<V: Clone>(own: &mut BTreeMap<SmolStr, V>, base: &BTreeMap<SmolStr, V>) {
            for (path, value) in base {
                own.entry(path.clone()).or_insert_with(|| value.clone());
            }
        }
        fill(&mut self.calls, &base.calls);
        fill(&mut self.members, &base.members);
        fill(&mut self.reads, &base.reads);
        fill(&mut self.assigns, &base.assigns);
    }
}

fn signature(call: &Call, names: &Names) -> Result<Signature, String> {
    let ports = |texts: &[String]| texts.iter().map(|text| Port::parse(text)).collect::<Result<Vec<_>, _>>();
    let port = |text: &Option<String>| text.as_deref().map(Port::parse).transpose();
    let request = match &call.request {
        Some(request) => Some((ports(&request.url)?, ports(&request.payload)?)),
        None => None,
    };
    let dispatch = match &call.dispatch {
        Some(dispatch) => Some((dispatch.command.as_str().into(), names.find(&dispatch.api)?)),
        None => None,
    };
    let given = |(port, texts): (&String, &Vec<String>)| {
        Ok::<_, String>((Port::parse(port)?, texts.iter().map(SmolStr::from).collect()))
    };
    Ok(Signature {
        arity: call.arity,
        args: call.args.clone(),
        rest: call.rest.clone(),
        returns: call.returns.as_ref().map(|name| names.find(name)).transpose()?,
        dispatch,
        init: call.init,
        flows: call.flows.iter().map(|text| Flow::parse(text)).collect::<Result<_, _>>()?,
        clears: call.clears,
        yields: call.yields,
        keeps: call.keeps,
        names: port(&call.names)?,
        key: port(&call.key)?,
        makes: port(&call.makes)?,
        plugins: call.plugins,
        given: call.given.iter().map(given).collect::<Result<_, _>>()?,
        keep: port(&call.keep)?,
        drop: port(&call.drop)?,
        request,
    })
}
