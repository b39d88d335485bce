//! Loading: from the list of candidates to parsed files with resolved imports.

use std::{cell::RefCell, path::Path, sync::Arc, sync::OnceLock};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{Seen, Wanted, markers::Marks, memory::Memory};
use crate::{
    base::{LineIndex, Severity},
    facts::{ExportTarget, Facts},
    link::{
        manifest::Manifest,
        project::{FileId, Module, Project, Unit},
        resolve::{Disk, Place, Resolved, Resolver},
        schema::Schemas,
    },
    report::model::{Package, Problem, Stats},
    source::{self, FileKind, Language},
    syntax::Syntax,
};

/// Scopes of one host file; a page has one for each kind of script.
const PROGRAMS: u32 = 8;

/// Parses files on demand.
pub(crate) struct Loader {
    pub(crate) seen: Vec<Seen>,
    resolver: Resolver,
    memory: Option<Arc<Memory>>,
    by_name: FxHashMap<SmolStr, u32>,
    edges: OnceLock<Vec<Vec<u32>>>,
}

thread_local! {
    static SYNTAX: RefCell<Syntax> = RefCell::new(Syntax::new());
}

impl Loader {
    /// `whole` tells that the candidates are all that the root holds.
    pub(crate) fn new(root: &Path, whole: bool, seen: Vec<Seen>, memory: Option<Arc<Memory>>) -> Self {
        if let Some(memory) = &memory {
            memory.begin();
        }
        let names: Vec<SmolStr> = seen.iter().map(|seen| seen.candidate.rel.clone()).collect();
        let by_name = names.iter().enumerate().map(|(index, name)| (name.clone(), index_id(index))).collect();
        let resolver = Resolver::new(root.to_owned(), Arc::new(Disk), &names, whole);
        Self { seen, resolver, memory, by_name, edges: OnceLock::new() }
    }

    pub(crate) const fn first_program(index: u32) -> FileId {
        FileId(index * PROGRAMS)
    }

    pub(crate) const fn candidate_of(file: FileId) -> usize {
        (file.0 / PROGRAMS) as usize
    }

    /// The ids of a candidate's programs, parsed or not.
    pub(crate) fn programs_of(index: u32) -> impl Iterator<Item = FileId> {
        let first = Self::first_program(index).0;
        (first..first + PROGRAMS).map(FileId)
    }

    /// Decides which weak markers count, now that the whole project was seen; then the files that name a tracker are
    /// known.
    pub(crate) fn settle(&mut self, marks: &Marks<'_>) -> Wanted {
        let own = self.own_packages();
        let counts = |id: u32| !own.iter().any(|name| marks.is_package(id, name));
        let met = self.seen.iter().flat_map(|seen| &seen.sketch.markers).copied().filter(|&id| counts(id));
        let shown: FxHashSet<_> = met.map(|id| marks.all[id as usize].vendor).collect();
        for seen in &mut self.seen {
            seen.settle(|id| shown.contains(&marks.all[id as usize].vendor), marks);
        }
        self.where_seen(|seen| seen.sketch.markers.iter().any(|&id| counts(id)) || !seen.weak.is_empty())
    }

    /// The packages that the project itself is made of: a vendor's own repository does not send data to itself by
    /// importing its own packages.
    pub(crate) fn own_packages(&self) -> Vec<SmolStr> {
        self.manifests().filter_map(|manifest| manifest.name).collect()
    }

    fn manifests(&self) -> impl Iterator<Item = Manifest> {
        let manifests = self.seen.iter().filter(|seen| matches!(seen.candidate.kind, FileKind::Manifest));
        manifests.filter_map(|seen| {
            let text = source::decode(source::read(&seen.candidate.path).ok()?).text;
            Manifest::parse(&seen.candidate.rel, &text).ok()
        })
    }

    /// The packages that the project is made of, by folder.
    pub(crate) fn packages(&self) -> Vec<Package> {
        let package = |manifest: Manifest| {
            let folder = manifest.rel.rsplit_once('/').map_or("", |(folder, _)| folder);
            let name = manifest.name.unwrap_or_else(|| folder.rsplit('/').next().unwrap_or_default().into());
            Package { folder: folder.into(), name }
        };
        let mut packages: Vec<_> = self.manifests().map(package).collect();
        packages.sort();
        packages
    }

    /// What schema files say.
    pub(crate) fn schemas(&self) -> Schemas {
        let mut schemas = Schemas::default();
        for seen in self.seen.iter().filter(|seen| matches!(seen.candidate.kind, FileKind::Other)) {
            let prisma = seen.candidate.rel.ends_with(".prisma");
            if !prisma && !seen.candidate.rel.ends_with(".graphql") && !seen.candidate.rel.ends_with(".gql") {
                continue;
            }
            let Ok(bytes) = source::read(&seen.candidate.path) else { continue };
            let text = source::decode(bytes).text;
            if prisma {
                schemas.add_prisma(&text);
            } else {
                schemas.add_graphql(&text);
            }
        }
        schemas
    }

    /// Bytes of source.
    pub(crate) fn bytes(&self) -> u64 {
        self.seen.iter().filter(|seen| seen.code).map(|seen| seen.candidate.bytes).sum()
    }

    pub(crate) fn everything(&self) -> Wanted {
        self.where_seen(|_| true)
    }

    /// The code of which something holds.
    pub(crate) fn where_seen(&self, wanted: impl Fn(&Seen) -> bool) -> Wanted {
        let code = self.seen.iter().enumerate().filter(|(_, seen)| seen.code && wanted(seen));
        code.map(|(index, _)| Self::first_program(index_id(index))).collect()
    }

    /// Parses files and adds them to the project. What is not code adds nothing.
    pub(crate) fn load(&self, project: &mut Project, wanted: &Wanted) {
        // The largest first, so that no core waits for one that began with it last.
        let bytes = |file: FileId| self.seen.get(Self::candidate_of(file)).map_or(0, |seen| seen.candidate.bytes);
        let mut wanted: Vec<FileId> = wanted.iter().copied().collect();
        wanted.sort_by_key(|&file| std::cmp::Reverse(bytes(file)));
        let parsed = wanted.par_iter().with_max_len(1).map(|&file| self.parse(file));
        let units: Vec<Vec<(FileId, Unit)>> = parsed.collect();
        project.extend(units.into_iter().flatten());
    }

    fn parse(&self, file: FileId) -> Vec<(FileId, Unit)> {
        let Some(seen) = self.seen.get(Self::candidate_of(file)) else { return Vec::new() };
        let Ok(bytes) = source::read(&seen.candidate.path) else { return Vec::new() };
        let text = source::decode(bytes).text;
        match seen.candidate.kind {
            FileKind::Script(language) => {
                let facts = match language {
                    Language::TypeScript => self.facts(&text, language),
                    _ => self.facts(&source::with_inline_scripts(&text), language),
                };
                vec![(file, self.unit(seen, text, facts))]
            }
            FileKind::Embedded(host) => {
                let islands = source::islands(host, &text);
                let programs = source::programs(&text, &islands).into_iter().take(PROGRAMS as usize).enumerate();
                let parsed = programs.map(|(index, program)| {
                    let facts = self.facts(&program.text, program.language);
                    (FileId(file.0 + index_id(index)), self.unit(seen, text.clone(), facts))
                });
                let mut units: Vec<_> = parsed.collect();
                if units.is_empty() {
                    units.push((file, self.unit(seen, text, Arc::default())));
                }
                units
            }
            FileKind::Manifest | FileKind::Other => Vec::new(),
        }
    }

    fn facts(&self, text: &str, language: Language) -> Arc<Facts> {
        match &self.memory {
            Some(memory) => memory.facts(text, language, || facts_of(text, language)),
            None => Arc::new(facts_of(text, language)),
        }
    }

    fn unit(&self, seen: &Seen, text: String, mut facts: Arc<Facts>) -> Unit {
        if facts.functions.is_empty() {
            facts = Arc::new(empty_module());
        }
        let place = self.resolver.place(&seen.candidate.rel);
        let resolve = |specifier: &SmolStr| self.module(place, specifier);
        let modules = facts.imports.iter().map(|import| resolve(&import.specifier)).collect();
        let stars = facts.exports.iter().filter_map(|export| match &export.target {
            ExportTarget::Star(specifier) => Some(resolve(specifier)),
            _ => None,
        });
        let stars = stars.collect();
        let lines = LineIndex::new(&text);
        let name = seen.candidate.rel.clone();
        Unit { test: source::is_test(&name), name, text: text.into(), lines, facts, modules, stars }
    }

    fn module(&self, from: Place<'_>, specifier: &str) -> Module {
        match from.resolve(specifier) {
            Resolved::File(file) => match self.by_name.get(&file) {
                Some(&index) if self.seen[index as usize].code => Module::File(Self::first_program(index)),
                _ => Module::Unknown,
            },
            Resolved::Package(package) => Module::Package(package),
            _ => Module::Unknown,
        }
    }

    /// For each candidate, the candidates that import it; resolved once, when first asked for.
    pub(crate) fn importers(&self) -> &[Vec<u32>] {
        self.edges.get_or_init(|| {
            let targets: Vec<Vec<u32>> = self.seen.par_iter().map(|seen| self.imports(seen)).collect();
            let mut importers = vec![Vec::new(); self.seen.len()];
            for (from, targets) in targets.iter().enumerate() {
                for &target in targets {
                    importers[target as usize].push(index_id(from));
                }
            }
            importers
        })
    }

    /// The candidates from which some of `homes` can be reached by imports, and those themselves.
    pub(crate) fn reaching(&self, homes: impl Iterator<Item = u32>) -> FxHashSet<u32> {
        let importers = self.importers();
        let mut work: Vec<u32> = homes.collect();
        let mut reached: FxHashSet<u32> = work.iter().copied().collect();
        while let Some(file) = work.pop() {
            for &importer in &importers[file as usize] {
                if reached.insert(importer) {
                    work.push(importer);
                }
            }
        }
        reached
    }

    fn imports(&self, seen: &Seen) -> Vec<u32> {
        let place = self.resolver.place(&seen.candidate.rel);
        let modules = seen.sketch.specifiers.iter().map(|specifier| self.module(place, specifier));
        let mut targets: Vec<u32> = modules
            .filter_map(|module| match module {
                Module::File(file) => Some(index_id(Self::candidate_of(file))),
                _ => None,
            })
            .collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    /// Files in which some syntax was not understood.
    pub(crate) fn partial(project: &Project) -> Vec<Problem> {
        let units = project.files().iter().filter_map(|&file| project.unit(file));
        let partial = units.filter(|unit| unit.facts.partial);
        partial
            .map(|unit| Problem {
                file: unit.name.clone(),
                severity: Severity::Note,
                message: "partial: some syntax was not understood; the rest was analysed".into(),
            })
            .collect()
    }

    /// Configuration files that could not be used.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let problems = self.resolver.problems().into_iter();
        problems
            .map(|problem| Problem { file: problem.file, severity: Severity::Warning, message: problem.message })
            .collect()
    }

    pub(crate) fn stats(&self, project: &Project) -> Stats {
        let code = self.seen.iter().filter(|seen| seen.code);
        let mut parsed: Vec<usize> = project.files().iter().map(|&file| Self::candidate_of(file)).collect();
        parsed.dedup();
        Stats {
            files: code.clone().count(),
            files_parsed: parsed.len(),
            bytes: code.map(|seen| seen.candidate.bytes).sum(),
            bytes_parsed: parsed.iter().map(|&index| self.seen[index].candidate.bytes).sum(),
            elapsed_ms: 0,
        }
    }
}

/// Lends the thread's parser.
pub(super) fn with_syntax<T>(parse: impl FnOnce(&mut Syntax) -> T) -> T {
    SYNTAX.with_borrow_mut(parse)
}

fn facts_of(text: &str, language: Language) -> Facts {
    with_syntax(|syntax| syntax.facts(text, language)).unwrap_or_else(empty_module)
}

/// A module without content, for what no parser accepted.
fn empty_module() -> Facts {
    SYNTAX
        .with_borrow_mut(|syntax| syntax.facts("", Language::JavaScript))
        .map(|facts| Facts { partial: true, ..facts })
        .unwrap_or_default()
}

pub(crate) fn index_id(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
