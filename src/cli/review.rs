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
    let review = if args.paths.len() > 1 && reports {
        merged(&args.paths, &force, &mut tables)?
    } else {
        let mut review = reviewed(&args.paths, &force, args.quiet)?;
        tables.add(&review.subject, &review)?;
        if !args.history.is_empty() {
            history::add(&mut review, &args.paths, &args.history, &force, args.quiet)?;
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
    let review = reviewed(&paths, &force, args.view.target.quiet)?;
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

/// What a review rests on beside the reports.
fn facts<'a>(force: &'a InForce, policy: &'a [String], subject: &'a str) -> Facts<'a> {
    Facts { catalog: &force.catalog, words: &force.words, policy, subject }
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

/// The policy in force, in a sentence.
fn policy(force: &InForce) -> [String; 1] {
    [match &force.file {
        Some(file) => format!("The policy in {}; every finding is shown, of any confidence.", file.display()),
        None => "The built-in policy: every finding is shown, of any confidence.".to_owned(),
    }]
}

/// The review of folders, or of a report that was made before.
fn reviewed(paths: &[PathBuf], force: &InForce, quiet: bool) -> Result<Review, CliError> {
    if let [file] = paths
        && is_report(file)
    {
        let policy = ["As in the report that was read.".to_owned()];
        return Ok(review(&read(file)?, &facts(force, &policy, &title(file, &shared(paths))), &Nowhere));
    }
    scan(paths, force, quiet)
}

/// The review of many reports, one in memory at a time. A repository is called like its file.
fn merged(paths: &[PathBuf], force: &InForce, tables: &mut Tables) -> Result<Review, CliError> {
    let policy = ["As in the reports that were read.".to_owned()];
    let mut merger = Merger::default();
    let shared = shared(paths);
    for path in paths {
        let name = title(path, &shared);
        let review = review(&read(path)?, &facts(force, &policy, &name), &Nowhere);
        tables.add(&name, &review)?;
        merger.add(&name, review);
    }
    Ok(merger.finish())
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
    serde_json::from_reader(BufReader::new(file)).map_err(|error| unreadable(io::Error::other(error)))
}

/// A scan as every review makes it.
pub(super) fn request(paths: &[PathBuf]) -> Request {
    Request { paths: paths.to_vec(), ..Request::default() }
}

/// Scans folders as they stand, applies the policy, and reviews what was found.
pub(super) fn scan(paths: &[PathBuf], force: &InForce, quiet: bool) -> Result<Review, CliError> {
    let line = Line::show(quiet);
    let progress = line.as_ref().map(|(progress, _)| progress.clone());
    let request = Request { progress, ..request(paths) };
    let pool = rayon::ThreadPoolBuilder::new().stack_size(check::STACK).build()?;
    let mut scanned = pool.install(|| scan_with(&request, &force.catalog, &force.words))?;
    let mut review = of(&mut scanned, force, &subject(paths));
    if let Some(known) = baseline::read(force)? {
        let seen = scanned.report.findings.iter().filter(|finding| finding.suppressed.is_some()).count();
        baseline::hide(&known, &mut scanned.report, force, &scanned.root);
        let hidden = scanned.report.findings.iter().filter(|finding| finding.suppressed.is_some()).count();
        review.coverage.baselined = Some(hidden - seen);
    }
    Ok(review)
}

/// The review of a scan, after the policy. What a baseline knows is shown: it leaves all the same.
pub(super) fn of(scanned: &mut Scanned, force: &InForce, subject: &str) -> Review {
    force.apply(scanned);
    review(&scanned.report, &facts(force, &policy(force), subject), &Texts::new(&scanned.root))
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
