//! The whole scan, in the order of the architecture: walk, sketch, parse, lower, link, trace, judge.
//!
//! Files are parsed on demand. The scan starts from those that name a tracker; what the engine would have looked into
//! (an import, the callers of a wrapper) is parsed next, until nothing more is wanted.

mod comments;
mod demand;
mod load;
mod markers;
mod memory;
mod presence;
mod progress;
mod revision;

use std::{
    cell::RefCell,
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use rayon::prelude::*;
use smol_str::SmolStr;

use crate::{
    base::Severity,
    catalog::{Catalog, CatalogError, words::Words},
    link::project::{FileId, Project},
    policy::{self, ignore::CommentedFile},
    report::{
        Sources,
        model::{Problem, Report, Tool},
    },
    source::{self, Candidate, FileKind, Sketch, WalkError, revision::RevisionError},
    trace,
};

use load::Loader;
use markers::{MarkKind, Marks};

pub use memory::Memory;
pub use progress::{Progress, Stage};
pub use revision::{Past, scan_revision, scan_snapshot};

/// Demand rounds before the scan stops asking for more files. Each round adds one layer of calls or imports.
const MAX_ROUNDS: usize = 10;

/// Bytes of source up to which a project that names a tracker is parsed whole: a tenth of a second, and less than
/// asking for its files round by round.
const SMALL_PROJECT: u64 = 1024 * 1024;

/// What to scan, and how.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Files and directories.
    pub paths: Vec<PathBuf>,
    /// Where relative paths start from; the deepest folder that holds all `paths`, if none is given.
    pub root: Option<PathBuf>,
    /// How files are chosen.
    pub options: source::Options,
    /// Parse every file, whether it can matter or not: for tests of demand.
    pub parse_everything: bool,
    /// Ask for each file even in a small project: for tests of demand.
    pub only_demanded: bool,
    /// Is told how far the scan is.
    pub progress: Option<Arc<dyn Progress>>,
    /// Keeps what was understood of files for the next scan of nearly the same ones.
    pub memory: Option<Arc<Memory>>,
}

impl Request {
    fn stage(&self, stage: Stage) {
        if let Some(progress) = &self.progress {
            progress.stage(stage);
        }
    }
}

/// The scan could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The user named something that is not there or cannot be read.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// The catalogue is wrong.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A git revision cannot be read.
    #[error(transparent)]
    Revision(#[from] RevisionError),
}

/// A report, and where its source text is.
pub struct Scanned {
    /// The answer.
    pub report: Report,
    /// The scanned root.
    pub root: PathBuf,
    /// Comments that mean to hide findings.
    pub comments: Vec<CommentedFile>,
}

/// One candidate file after its bytes were seen.
pub(crate) struct Seen {
    pub(crate) candidate: Candidate,
    pub(crate) sketch: Sketch,
    /// Markers that count only where the project names their vendor in another way; once all files are seen, the
    /// global variables of vendors that it names.
    pub(crate) weak: Vec<u32>,
    /// Whether it is code that may be parsed.
    pub(crate) code: bool,
}

impl Seen {
    /// Whether some marker was met.
    pub(crate) const fn names_any(&self) -> bool {
        !self.sketch.markers.is_empty() || !self.weak.is_empty()
    }

    /// Decides which weak markers count: those of vendors that the project names in another way.
    fn settle(&mut self, is_shown: impl Fn(u32) -> bool, marks: &Marks<'_>) {
        if self.weak.is_empty() {
            return;
        }
        self.weak.retain(|&id| is_shown(id));
        let packages = self.weak.extract_if(.., |&mut id| marks.all[id as usize].kind == MarkKind::Package);
        self.sketch.markers.extend(packages);
        self.sketch.markers.sort_unstable();
        self.code &= self.names_any() || !source::is_test(&self.candidate.rel);
    }
}

/// Scans what `request` names.
///
/// # Errors
/// When a path does not exist, or the catalogue is wrong.
pub fn scan(request: &Request) -> Result<Scanned, ScanError> {
    let catalog = Catalog::embedded()?;
    scan_with(request, &catalog, Words::embedded())
}

/// As [`scan`], with a catalogue and words of the caller's.
///
/// # Errors
/// When a path does not exist.
pub fn scan_with(request: &Request, catalog: &Catalog, words: &Words) -> Result<Scanned, ScanError> {
    request.stage(Stage::Walking);
    let walk = match &request.root {
        Some(root) => source::walk_from(root, &request.paths, &request.options)?,
        None => source::walk(&request.paths, &request.options)?,
    };
    let marks = Marks::of(catalog);
    let mut problems: Vec<Problem> =
        walk.skipped.iter().map(|skipped| problem(&skipped.rel, &skipped.reason)).collect();
    request.stage(Stage::Reading { files: walk.files.len() });
    let seen = sketch(walk.files, &marks, request, &mut problems);
    request.stage(Stage::Tracing);
    let mut loader = Loader::new(&walk.root, walk.whole, seen, request.memory.clone());
    let mut project = Project::default();
    let mut seeds = loader.settle(&marks);
    let small = !request.only_demanded && loader.bytes() <= SMALL_PROJECT;
    if request.parse_everything || small && !seeds.is_empty() {
        seeds = loader.everything();
    }
    let found = demand::fixpoint(&loader, &mut project, catalog, words, seeds);
    problems.extend(Loader::partial(&project));
    problems.extend(loader.problems());
    problems.sort();
    problems.dedup();
    let mut report = Report {
        schema_version: 1,
        tool: Tool { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() },
        root: root_name(&request.paths),
        findings: Vec::new(),
        collections: Vec::new(),
        vendors: presence::vendors(&loader, &project, &marks, catalog),
        forwards: Vec::new(),
        packages: loader.packages(),
        wrappers: Vec::new(),
        unfollowed: Vec::new(),
        problems,
        stats: loader.stats(&project),
        gone: None,
    };
    policy::judge(&project, catalog, words, &found, &mut report);
    let comments = comments::read(&loader.seen);
    Ok(Scanned { report, root: walk.root, comments })
}

fn root_name(paths: &[PathBuf]) -> String {
    match paths {
        [only] => only.to_string_lossy().replace('\\', "/"),
        _ => ".".to_owned(),
    }
}

fn problem(file: &SmolStr, reason: &source::SkipReason) -> Problem {
    Problem { file: file.clone(), severity: Severity::Note, message: format!("skipped: {reason}") }
}

thread_local! {
    /// The bytes of the file that a thread looks at.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A file's sketch, and its markers that count only with others.
type Looked = (Sketch, Vec<u32>);

/// Reads and sketches every candidate, in parallel; what is skipped by content is said.
fn sketch(files: Vec<Candidate>, marks: &Marks<'_>, request: &Request, problems: &mut Vec<Problem>) -> Vec<Seen> {
    let looked: Vec<(Candidate, Result<Looked, Problem>)> = files
        .into_par_iter()
        .map(|candidate| {
            let sketch = look(&candidate, marks, request);
            if let Some(progress) = &request.progress {
                progress.read();
            }
            (candidate, sketch)
        })
        .collect();
    let mut seen = Vec::with_capacity(looked.len());
    for (candidate, sketch) in looked {
        // A test that names no tracker hands made-up persons to nobody.
        let idle = |(sketch, weak): &Looked| sketch.markers.is_empty() && weak.is_empty();
        let only_tests = source::is_test(&candidate.rel) && sketch.as_ref().is_ok_and(idle);
        let is_code = matches!(candidate.kind, FileKind::Script(_) | FileKind::Embedded(_));
        let code = sketch.is_ok() && is_code && !only_tests;
        let (sketch, weak) = sketch.unwrap_or_else(|problem| {
            problems.push(problem);
            (Sketch::default(), Vec::new())
        });
        seen.push(Seen { candidate, sketch, weak, code });
    }
    seen
}

fn look(candidate: &Candidate, marks: &Marks<'_>, request: &Request) -> Result<Looked, Problem> {
    BUFFER.with_borrow_mut(|buffer| {
        let count = source::read_into(&candidate.path, candidate.bytes, buffer)
            .map_err(|error| problem(&candidate.rel, &source::SkipReason::Unreadable(error.to_string())))?;
        look_at(candidate, &buffer[..count], marks, request)
    })
}

fn look_at(candidate: &Candidate, bytes: &[u8], marks: &Marks<'_>, request: &Request) -> Result<Looked, Problem> {
    let skip = source::skip_content(&candidate.rel, bytes, &request.options);
    if let Some(reason) = skip.as_ref().filter(|reason| !reason.yields_to_markers()) {
        return Err(problem(&candidate.rel, reason));
    }
    let text = source::text_of(bytes);
    let mut sketch = Sketch::of(text.as_bytes(), &marks.markers);
    let mut weak = Vec::new();
    if !sketch.markers.is_empty() {
        (sketch.markers, weak) = marks.confirmed(&text, &sketch, candidate);
    }
    match skip {
        Some(reason) if sketch.markers.is_empty() => Err(problem(&candidate.rel, &reason)),
        _ => Ok((sketch, weak)),
    }
}

/// The text of scanned files, read again for snippets.
pub struct Texts {
    root: PathBuf,
}

impl Texts {
    /// Texts below a root.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

impl Sources for Texts {
    fn text(&self, file: &str) -> Option<Arc<str>> {
        let bytes = source::read(&self.root.join(file)).ok()?;
        Some(source::decode(bytes).text.into())
    }
}

/// The files that are wanted next.
pub(crate) type Wanted = BTreeSet<FileId>;

pub(crate) use trace::flow::Found;
