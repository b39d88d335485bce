//! `overshare report` and `overshare exposure`: scan, or read reports that were made before, and write the review.

use std::{
    fs,
    io::{self, BufReader, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Outcome,
    args::{Colour, ExposureArgs, PolicyArgs, ReportArgs, ReviewFormat},
    baseline, check,
    error::{CliError, suggestion},
    history, output,
    policy::InForce,
    progress::Line,
    say,
    tables::Tables,
};
use crate::{
    catalog::Catalog,
    report::{Sources, json, model::Report, phrase},
    review::{Facts, Review, exposure, merge::Merger, review, view},
    scan::{Request, Scanned, Texts, scan_with},
};

/// Where the page goes when nothing is named.
const PAGE: &str = "overshare-report.html";

/// Sources of a report that was made elsewhere: none.
struct Nowhere;

impl Sources for Nowhere {
    fn text(&self, _: &str) -> Option<Arc<str>> {
        None
    }
}

/// Runs `overshare report`.
///
/// # Errors
/// When a path cannot be read, or an output not be written.
pub fn report(args: &ReportArgs) -> Result<Outcome, CliError> {
    let mut tables = Tables::open(args.csv.as_deref(), args.tables.as_deref())?;
    let reports = args.paths.iter().all(|path| is_report(path));
    if reports && !args.history.is_empty() {
        let help = "name the folder of a git repository".to_owned();
        return Err(CliError::Usage { message: "a JSON report has no history".to_owned(), help });
    }
    let force = force(&args.paths, &args.policy, reports)?;
    let reviewer = Reviewer { force: &force, quiet: args.quiet, with_hidden: false };
    let review = if args.paths.len() > 1 && reports {
        reviewer.merged(&args.paths, &mut tables)?
    } else {
        let mut review = reviewer.review(&args.paths)?;
        tables.add(&review.subject, &review)?;
        if !args.history.is_empty() {
            history::add(&mut review, &args.paths, &args.history, reviewer)?;
        }
        review
    };
    tables.finish(&review)?;
    write_all(args, &review)?;
    Ok(Outcome::Clean)
}

/// Runs `overshare exposure`.
///
/// # Errors
/// When the vendor is not known, a path cannot be read, or an output not be written.
pub fn exposure(args: &ExposureArgs, catalog: &Catalog) -> Result<Outcome, CliError> {
    let (vendor, path) =
        if args.all { (None, args.vendor.as_ref()) } else { (args.vendor.as_ref(), args.path.as_ref()) };
    if let Some(id) = vendor {
        known(id, catalog)?;
    } else if !args.all {
        let help = "name a vendor, or `--all`".to_owned();
        return Err(CliError::Usage { message: "whose breach?".to_owned(), help });
    }
    let path = path.map_or_else(|| PathBuf::from("."), PathBuf::from);
    let paths = [path];
    let force = force(&paths, &args.policy, is_report(&paths[0]))?;
    let reviewer = Reviewer { force: &force, quiet: args.view.target.quiet, with_hidden: true };
    let review = reviewer.review(&paths)?;
    let mut all = exposure::all(&review);
    all.retain(|it| vendor.is_none_or(|id| it.vendor.id == *id));
    if let (Some(vendor), true) = (vendor.and_then(|id| catalog.vendor_named(id)), all.is_empty()) {
        all.push(exposure::absent(&review, vendor));
    }
    let view = |out: &mut dyn Write| match args.view.format {
        ReviewFormat::Terminal => view::exposure::terminal(&all, out),
        ReviewFormat::Markdown => view::exposure::markdown(&all, out),
        ReviewFormat::Html => view::exposure::page(&all, out),
        ReviewFormat::Json => json::pretty(&all, out),
    };
    file(args.view.target.output.as_deref().unwrap_or(Path::new("-")), args.view.target.quiet, view)?;
    Ok(Outcome::Clean)
}

fn known(id: &str, catalog: &Catalog) -> Result<(), CliError> {
    if catalog.vendor_named(id).is_some() {
        return Ok(());
    }
    let ids = catalog.sources().iter().filter_map(|source| source.vendor.as_ref()).map(|vendor| vendor.id.as_str());
    let help = suggestion(id, ids, "`overshare vendors` lists all");
    Err(CliError::Unknown { what: "vendor", name: id.to_owned(), help })
}

/// What to call what is scanned: the name of the folder, or the folders as they were named.
pub(super) fn subject(paths: &[PathBuf]) -> String {
    let name = |path: &PathBuf| Some(path.canonicalize().ok()?.file_name()?.to_string_lossy().into_owned());
    match paths {
        [only] => name(only).unwrap_or_else(|| only.display().to_string()),
        _ => phrase::list(&paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>()),
    }
}

/// What to call a report: like its file, without the folder that it shares with the others.
fn title(file: &Path, shared: &Path) -> String {
    let own = file.strip_prefix(shared).unwrap_or(file);
    own.with_extension("").to_string_lossy().replace('\\', "/")
}

/// The deepest folder that all files are named in.
fn shared(files: &[PathBuf]) -> PathBuf {
    let folder = |file: &PathBuf| file.parent().unwrap_or(Path::new("")).to_owned();
    let common = |a: PathBuf, b: PathBuf| {
        a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|it| it.0).collect()
    };
    files.iter().map(folder).reduce(common).unwrap_or_default()
}

/// The policy for what is reviewed; a report was judged when it was made.
fn force(paths: &[PathBuf], args: &PolicyArgs, reports: bool) -> Result<InForce, CliError> {
    let args = PolicyArgs { no_config: args.no_config || reports && args.config.is_none(), ..args.clone() };
    InForce::find(paths, &args, Colour::Auto)
}

/// A file whose name says that it is a report.
fn is_report(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json") && path.is_file()
}

/// Reads a JSON report.
fn read(path: &Path) -> Result<Report, CliError> {
    let unreadable = |error| CliError::Unreadable { path: path.to_owned(), error };
    let file = fs::File::open(path).map_err(unreadable)?;
    let none = |error: serde_json::Error| CliError::Usage {
        message: format!("`{}` is no report: {error}", path.display()),
        help: "`overshare check --format json:FILE` writes reports; what `overshare report` writes is none".to_owned(),
    };
    serde_json::from_reader(BufReader::new(file))
        .map_err(|error| if error.is_io() { unreadable(error.into()) } else { none(error) })
}

/// A scan as every review makes it.
pub(super) fn request(paths: &[PathBuf]) -> Request {
    Request { paths: paths.to_vec(), ..Request::default() }
}

/// How reviews are made.
#[derive(Clone, Copy)]
pub(super) struct Reviewer<'a> {
    /// The policy.
    pub force: &'a InForce,
    /// Whether progress is unwanted.
    pub quiet: bool,
    /// Whether what somebody decided to hide counts.
    pub with_hidden: bool,
}

impl Reviewer<'_> {
    /// The review of folders, or of a report that was made before.
    fn review(self, paths: &[PathBuf]) -> Result<Review, CliError> {
        match paths {
            [file] if is_report(file) => self.read(file, "report that was read", &title(file, &shared(paths))),
            _ => self.scan(paths),
        }
    }

    /// The review of many reports, one in memory at a time. A repository is called like its file.
    fn merged(self, paths: &[PathBuf], tables: &mut Tables) -> Result<Review, CliError> {
        let mut merger = Merger::default();
        let shared = shared(paths);
        for path in paths {
            let name = title(path, &shared);
            let review = self.read(path, "reports that were read", &name)?;
            tables.add(&name, &review)?;
            merger.add(&name, review);
        }
        Ok(merger.finish())
    }

    /// The review of a report that was made before.
    fn read(self, path: &Path, noun: &str, subject: &str) -> Result<Review, CliError> {
        Ok(self.of(&read(path)?, &format!("As in the {noun}."), subject, &Nowhere))
    }

    /// Scans folders as they stand, applies the policy, and reviews what was found. What a baseline knows is shown, and
    /// counted: it leaves all the same.
    pub(super) fn scan(self, paths: &[PathBuf]) -> Result<Review, CliError> {
        let line = Line::show(self.quiet);
        let progress = line.as_ref().map(|(progress, _)| progress.clone());
        let request = Request { progress, ..request(paths) };
        let pool = rayon::ThreadPoolBuilder::new().stack_size(check::STACK).build()?;
        let mut scanned = pool.install(|| scan_with(&request, &self.force.catalog, &self.force.words))?;
        let mut review = self.judged(&mut scanned, paths);
        if let Some(known) = baseline::read(self.force)? {
            let hidden = |report: &Report| report.findings.iter().filter(|it| it.suppressed.is_some()).count();
            let before = hidden(&scanned.report);
            baseline::hide(&known, &mut scanned.report, self.force, &scanned.root);
            review.coverage.baselined = Some(hidden(&scanned.report) - before);
        }
        Ok(review)
    }

    /// The review of a scan, after the policy.
    pub(super) fn judged(self, scanned: &mut Scanned, paths: &[PathBuf]) -> Review {
        self.force.apply(scanned);
        let policy = match &self.force.file {
            Some(file) => format!("The policy in {}; every finding is shown, of any confidence.", file.display()),
            None => "The built-in policy: every finding is shown, of any confidence.".to_owned(),
        };
        self.of(&scanned.report, &policy, &subject(paths), &Texts::new(&scanned.root))
    }

    fn of(self, report: &Report, policy: &str, subject: &str, sources: &dyn Sources) -> Review {
        let (catalog, words) = (&self.force.catalog, &self.force.words);
        let facts = Facts { catalog, words, policy, subject, with_hidden: self.with_hidden };
        review(report, &facts, sources)
    }
}

fn write_all(args: &ReportArgs, review: &Review) -> Result<(), CliError> {
    let ReportArgs { html, markdown, json, csv, tables, quiet, .. } = args;
    let nothing = [html, markdown, json, csv, tables].iter().all(|path| path.is_none());
    let html = html.clone().or_else(|| nothing.then(|| PathBuf::from(PAGE)));
    if let Some(path) = &html {
        file(path, *quiet, |out| view::html::write(review, out))?;
    }
    if let Some(path) = markdown {
        file(path, *quiet, |out| view::markdown::write(review, out))?;
    }
    if let Some(path) = json {
        file(path, *quiet, |out| json::pretty(review, out))?;
    }
    Ok(())
}

/// Writes a file, or standard output for `-`.
pub(super) fn file(
    path: &Path,
    quiet: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    if path == Path::new("-") {
        return output::to_stdout(|out| write(out).map_err(CliError::Output)).map(drop);
    }
    output::to_file(path, write).map_err(|error| CliError::Unwritable { path: path.to_owned(), error })?;
    if !quiet {
        say(&format!("overshare: wrote {}", path.display()));
    }
    Ok(())
}
