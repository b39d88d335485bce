//! Presence: which vendors a project names at all, and where: by import, global variable, script URL, HTTP host, or a
//! dependency that perhaps no file imports.
//!
//! The markers that the sketch met say which files to look into; what counts is what their facts say.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use smol_str::SmolStr;

use super::{
    Seen,
    load::{Loader, index_id},
    markers::{MarkKind, Marks, configures_plugins},
};
use crate::{
    base::{LineIndex, Span},
    catalog::{Catalog, VendorId},
    facts::{Literal, Value},
    link::{
        manifest::Manifest,
        project::{Module, Project, Unit},
    },
    report::model::{Evidence, Location, VendorPresence},
    source::{self, FileKind},
};

/// One sign of a vendor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Sign {
    vendor: VendorId,
    kind: MarkKind,
    evidence: Evidence,
    /// What shows it: a global variable's name.
    name: SmolStr,
    /// Whether it shows the vendor without help: names that everybody uses do not.
    plain: bool,
}

impl Sign {
    /// With the package that stands in the code, where the catalogue has a pattern.
    fn by(mut self, package: &str) -> Self {
        self.evidence.name = package.into();
        self
    }
}

/// Every vendor that some file names, by id, with the places in order.
pub(crate) fn vendors(loader: &Loader, project: &Project, marks: &Marks<'_>, catalog: &Catalog) -> Vec<VendorPresence> {
    let own: BTreeSet<SmolStr> = loader.own_packages().into_iter().collect();
    let look = Look { project, marks, catalog, own: &own };
    let marked = loader.seen.par_iter().enumerate().filter(|(_, seen)| seen.names_any());
    let mut signs: Vec<Sign> = marked.flat_map_iter(|(index, seen)| look.file(index, seen)).collect();
    signs.sort();
    let signs = without_namesakes(signs);
    let mut found: BTreeMap<SmolStr, VendorPresence> = BTreeMap::new();
    for sign in signs {
        let vendor = catalog.vendor_id(sign.vendor);
        let presence = found.entry(vendor.clone()).or_insert_with(|| VendorPresence { vendor, evidence: Vec::new() });
        presence.evidence.push(sign.evidence);
    }
    for presence in found.values_mut() {
        presence.evidence.sort();
        presence.evidence.dedup();
    }
    found.into_values().collect()
}

/// A global variable that several vendors use shows those that the project names in another way, if there are any.
fn without_namesakes(signs: Vec<Sign>) -> Vec<Sign> {
    let surely = signs.iter().filter(|sign| sign.kind != MarkKind::Global);
    let sure: BTreeSet<VendorId> = surely.map(|sign| sign.vendor).collect();
    let globals = signs.iter().filter(|sign| sign.kind == MarkKind::Global);
    let shared: BTreeSet<SmolStr> =
        globals.filter(|sign| sure.contains(&sign.vendor)).map(|sign| sign.name.clone()).collect();
    let shows = |sign: &Sign| {
        sure.contains(&sign.vendor) || sign.kind != MarkKind::Global || sign.plain && !shared.contains(&sign.name)
    };
    signs.into_iter().filter(shows).collect()
}

struct Look<'a> {
    project: &'a Project,
    marks: &'a Marks<'a>,
    catalog: &'a Catalog,
    own: &'a BTreeSet<SmolStr>,
}

/// The text of a file, for turning spans into places.
struct Page<'a> {
    name: &'a SmolStr,
    text: &'a str,
    lines: &'a LineIndex,
}

impl Look<'_> {
    fn file(&self, index: usize, seen: &Seen) -> Vec<Sign> {
        match seen.candidate.kind {
            FileKind::Manifest => self.manifest(seen),
            FileKind::Script(_) | FileKind::Embedded(_) => {
                let mut signs = self.units(index, seen);
                if let FileKind::Embedded(host) = seen.candidate.kind {
                    signs.extend(self.page(host, seen));
                }
                signs
            }
            FileKind::Other => Vec::new(),
        }
    }

    /// The markers of a kind that were met in a file.
    fn met<'s>(&'s self, seen: &'s Seen, kind: MarkKind) -> impl Iterator<Item = u32> + 's {
        seen.sketch.markers.iter().copied().filter(move |&id| self.marks.all[id as usize].kind == kind)
    }

    fn sign(&self, id: u32, page: &Page<'_>, span: Span, kind: &str) -> Sign {
        let mark = &self.marks.all[id as usize];
        let evidence = Evidence { location: page.location(span), kind: kind.into(), name: mark.text.clone() };
        Sign { vendor: mark.vendor, kind: mark.kind, evidence, name: mark.text.clone(), plain: true }
    }

    fn manifest(&self, seen: &Seen) -> Vec<Sign> {
        let Ok(bytes) = source::read(&seen.candidate.path) else { return Vec::new() };
        let text = source::decode(bytes).text;
        let Ok(manifest) = Manifest::parse(&seen.candidate.rel, &text) else { return Vec::new() };
        let lines = LineIndex::new(&text);
        let page = Page { name: &seen.candidate.rel, text: &text, lines: &lines };
        let mut signs = Vec::new();
        for dependency in manifest.dependencies.iter().filter(|dependency| !self.own.contains(&dependency.package)) {
            let named = self.met(seen, MarkKind::Package).filter(|&id| self.marks.is_package(id, &dependency.package));
            signs.extend(named.map(|id| self.sign(id, &page, dependency.span, "dependency").by(&dependency.package)));
        }
        signs
    }

    /// What the elements of a page load.
    fn page(&self, host: source::Host, seen: &Seen) -> Vec<Sign> {
        if self.met(seen, MarkKind::Script).next().is_none() {
            return Vec::new();
        }
        let Ok(bytes) = source::read(&seen.candidate.path) else { return Vec::new() };
        let text = source::decode(bytes).text;
        let lines = LineIndex::new(&text);
        let page = Page { name: &seen.candidate.rel, text: &text, lines: &lines };
        let mut signs = Vec::new();
        for (span, url) in source::islands(host, &text).script_urls {
            let scripts = self.met(seen, MarkKind::Script);
            let loaded = scripts.filter(|&id| url.contains(&*self.marks.all[id as usize].text));
            signs.extend(loaded.map(|id| self.sign(id, &page, span, "script")));
        }
        signs
    }

    fn units(&self, index: usize, seen: &Seen) -> Vec<Sign> {
        let programs = Loader::programs_of(index_id(index));
        let units = programs.filter_map(|file| self.project.unit(file));
        units.flat_map(|unit| self.unit(seen, unit)).collect()
    }

    fn unit(&self, seen: &Seen, unit: &Unit) -> Vec<Sign> {
        let page = Page { name: &unit.name, text: &unit.text, lines: &unit.lines };
        let mut signs = Vec::new();
        for (import, module) in unit.facts.imports.iter().zip(&unit.modules) {
            let Module::Package(package) = module else { continue };
            let named = self.met(seen, MarkKind::Package).filter(|&id| self.covers(id, package));
            signs.extend(named.map(|id| self.sign(id, &page, import.span, "import").by(package)));
            if package.starts_with("//") {
                let scripts = self.met(seen, MarkKind::Script);
                let served = scripts.filter(|&id| package.contains(&*self.marks.all[id as usize].text));
                signs.extend(served.map(|id| self.sign(id, &page, import.span, "import")));
            }
        }
        for id in self.met(seen, MarkKind::Global) {
            let used = first_use(unit, &self.marks.all[id as usize].text);
            signs.extend(used.map(|span| self.sign(id, &page, span, "global")));
        }
        for &id in &seen.weak {
            let used = first_use(unit, &self.marks.all[id as usize].text);
            signs.extend(used.map(|span| Sign { plain: false, ..self.sign(id, &page, span, "global") }));
        }
        if configures_plugins(&unit.name) {
            self.plugins(seen, unit, &page, &mut signs);
        }
        if self.met(seen, MarkKind::Script).chain(self.met(seen, MarkKind::Host)).next().is_some() {
            self.literals(seen, unit, &page, &mut signs);
        }
        signs
    }

    /// Whether a marker stands for a package, by its name, its wildcard, or as the package of a sub-path.
    fn covers(&self, id: u32, package: &str) -> bool {
        let mark = &self.marks.all[id as usize].text;
        let ends = |rest: &str| rest.is_empty() || rest.starts_with('/');
        let below = |name: &str| package.strip_prefix(name).is_some_and(ends);
        !self.own.iter().any(|own| below(own)) && below(mark.trim_end_matches("/*"))
    }

    /// Plugins that a framework loads by the names of their packages: they bring the vendor's script to every page.
    fn plugins(&self, seen: &Seen, unit: &Unit, page: &Page<'_>, signs: &mut Vec<Sign>) {
        let mut told = Vec::new();
        for (value, &span) in unit.facts.values.iter().zip(&unit.facts.spans) {
            let Value::Literal(Literal::Text(text)) = value else { continue };
            let named = self.met(seen, MarkKind::Package).filter(|&id| self.covers(id, text) && !told.contains(&id));
            let named: Vec<u32> = named.collect();
            signs.extend(named.iter().map(|&id| self.sign(id, page, span, "script").by(text)));
            told.extend(named);
        }
    }

    /// Script URLs and hosts in string literals.
    fn literals(&self, seen: &Seen, unit: &Unit, page: &Page<'_>, signs: &mut Vec<Sign>) {
        let sources = unit.facts.stores.iter().filter(|store| store.key.as_name() == Some("src"));
        let sources: Vec<_> = sources.map(|store| store.value.index()).collect();
        for (index, (value, &span)) in unit.facts.values.iter().zip(&unit.facts.spans).enumerate() {
            let Value::Literal(Literal::Text(text)) = value else { continue };
            if !text.contains('.') {
                continue;
            }
            let scripts = self.met(seen, MarkKind::Script);
            let loaded = scripts.filter(|&id| text.contains(&*self.marks.all[id as usize].text));
            let kind = if is_origin(text) && !sources.contains(&index) { "http" } else { "script" };
            signs.extend(loaded.map(|id| self.sign(id, page, span, kind)));
            for endpoint in self.catalog.endpoints(text) {
                let hosts = self.met(seen, MarkKind::Host);
                let mut own = hosts.filter(|&id| self.marks.all[id as usize].vendor == endpoint.vendor);
                signs.extend(own.next().map(|id| self.sign(id, page, span, "http")));
            }
        }
    }
}

impl Page<'_> {
    fn location(&self, span: Span) -> Location {
        let start = self.lines.position(self.text, span.start);
        let end = self.lines.position(self.text, span.end);
        Location {
            file: self.name.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// Whether a text names hosts and loads nothing from them, as a content security policy does.
fn is_origin(text: &str) -> bool {
    let rest = text.split_once("//").map_or(text, |(_, rest)| rest);
    !rest.contains(['/', '?']) && !rest.ends_with(".js") || text.contains("-src ")
}

/// The first use of a global variable, also as a property of the global object.
fn first_use(unit: &Unit, name: &str) -> Option<Span> {
    let facts = &unit.facts;
    let is_global = |value: &Value| match value {
        Value::Global(known) => known == name,
        Value::Member { base, key, .. } => {
            key.as_name() == Some(name)
                && matches!(facts.value(*base), Value::Global(object) if is_global_object(object))
        }
        _ => false,
    };
    let read = facts.values.iter().zip(&facts.spans).filter(|(value, _)| is_global(value)).map(|(_, span)| *span);
    let stores = facts.stores.iter().filter(|store| {
        let object = facts.value(store.base);
        store.key.as_name() == Some(name) && matches!(object, Value::Global(object) if is_global_object(object))
    });
    read.chain(stores.map(|store| store.span)).min()
}

fn is_global_object(name: &str) -> bool {
    matches!(name, "window" | "globalThis" | "self")
}
