//! `overshare check`: scan, filter, write every view, decide the exit status.

use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::Path,
    time::{Duration, Instant},
};

use super::{
    Outcome, baseline,
    error::CliError,
    fix, output,
    policy::InForce,
    progress::Line,
    say,
    settings::{Comments, Output, Settings},
};
use crate::{
    policy::{
        self, compare,
        filter::{self, Hidden},
    },
    report::{
        Context, Format, Names,
        model::{Gone, Report},
        neutral, phrase, render, sarif,
    },
    scan::{Request, Scanned, Texts, scan_revision, scan_with},
    source::revision::Repository,
};

/// Stack of each thread. Code may nest as deep as somebody's generator made it, and lowering goes down with it. The
/// pages are taken only when touched.
pub(super) const STACK: usize = 64 << 20;

/// Runs a check.
///
/// # Errors
/// When a path cannot be read, an output not be written, or the threads not be started.
pub fn run(settings: &Settings, force: &InForce) -> Result<Outcome, CliError> {
    let catalog = &force.catalog;
    settings.paths.iter().try_for_each(|path| readable(path))?;
    let start = Instant::now();
    let mut scanned = scan(settings, force)?;
    let root = scanned.root.clone();
    let ignores = force.apply_as_in(&mut scanned, &root, settings.comments != Comments::Disregarded);
    policy::add(&mut scanned.report, force.mistakes(&ignores, &root, settings.whole()));
    let known = if settings.no_baseline { None } else { baseline::read(force)? };
    let stale = known.map(|known| baseline::hide(&known, &mut scanned.report, force, &scanned.root));
    if let Some(revision) = &settings.diff {
        only_new(settings, force, &mut scanned, revision)?;
    }
    if settings.comments == Comments::Mended {
        if !settings.whole() || !force.prefix(&root).is_empty() {
            return Err(not_whole(force));
        }
        fix::run(&ignores, &mut scanned.report, &scanned.root, settings.quiet)?;
    }
    let hidden = filter::filter(&mut scanned.report, &settings.filter);
    let taken = start.elapsed();
    let names: Names = catalog.sources().iter().filter_map(|source| source.vendor.as_ref()).collect();
    let texts = Texts::new(&scanned.root);
    let look = settings.look;
    let (colour, width, day) = (look.colour, look.width, force.today);
    let context = Context { sources: &texts, names: &names, colour, width, day, part: None };
    let mut split = Vec::new();
    for output in &settings.outputs {
        let colour = if output.file.is_some() { look.colour_in_files } else { look.colour };
        split.extend(write(output, &scanned.report, &Context { colour, ..context })?);
    }
    if !settings.quiet {
        remarks(settings, &scanned.report, hidden, taken);
        split.iter().for_each(|text| say(text));
        hidden_remarks(settings, &scanned.report);
        // A part of a project says nothing of the rest.
        if let Some(stale) = stale.filter(|stale| settings.whole() && !stale.is_empty()) {
            let told = "are stale: `overshare baseline --prune` takes them out";
            say(&format!("overshare: {} findings of the baseline {told}", stale.len()));
        }
        if let Some(gone) = &scanned.report.gone {
            tell_gone(gone, &names);
        }
    }
    Ok(outcome(settings, &scanned.report))
}

fn not_whole(force: &InForce) -> CliError {
    CliError::Usage {
        message: "`--fix` needs the whole project: only there it shows which comments are needed".to_owned(),
        help: format!("check one folder, `overshare --fix {}`", force.home.display()),
    }
}

/// A path that the user named must be readable: what is left out below it is told in the report, but a check that saw
/// nothing must not pass.
fn readable(path: &Path) -> Result<(), CliError> {
    let result = match fs::metadata(path) {
        Ok(found) if found.is_dir() => fs::read_dir(path).map(drop),
        Ok(_) => fs::File::open(path).map(drop),
        // A path that does not exist is answered by the walk, which knows what is beside it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    };
    result.map_err(|error| CliError::Unreadable { path: path.to_owned(), error })
}

pub(super) fn scan(settings: &Settings, force: &InForce) -> Result<Scanned, CliError> {
    let line = Line::show(settings.quiet);
    let progress = line.as_ref().map(|(progress, _)| progress.clone());
    let request = Request { progress: progress.map(|it| it as _), ..request(settings) };
    Ok(pool(settings)?.install(|| scan_with(&request, &force.catalog, &force.words))?)
}

fn request(settings: &Settings) -> Request {
    Request { paths: settings.paths.clone(), options: settings.options.clone(), ..Request::default() }
}

fn pool(settings: &Settings) -> Result<rayon::ThreadPool, CliError> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(settings.threads).stack_size(STACK).build()?)
}

/// Scans a revision under the same policy, and leaves only what it does not have.
fn only_new(settings: &Settings, force: &InForce, now: &mut Scanned, revision: &str) -> Result<(), CliError> {
    let request = Request { root: Some(now.root.clone()), ..request(settings) };
    let scan = || {
        let repository = Repository::around(&now.root)?;
        scan_revision(&request, &repository, revision, &force.catalog, &force.words)
    };
    let past = pool(settings)?.install(scan)?;
    let mut old = past.scanned;
    let ignores = force.apply_as_in(&mut old, &now.root, settings.comments != Comments::Disregarded);
    policy::add(&mut old.report, force.mistakes(&ignores, &now.root, settings.whole()));
    compare::only_new(&mut now.report, old.report, revision, &|file| now.root.join(file).exists());
    Ok(())
}

/// Says what a change removes.
fn tell_gone(gone: &Gone, names: &Names) {
    let since = neutral::clean(&gone.since);
    let told = phrase::gone(gone, names);
    if told.is_empty() {
        return say(&format!("overshare: nothing is gone since {since}"));
    }
    say(&format!("overshare: gone since {since}:"));
    for (what, place) in told {
        let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
        say(&format!("  - {}", neutral::clean(&format!("{what}{place}"))));
    }
}

/// Writes a view. Says so if it is split, because who takes it would not take it whole.
fn write(output: &Output, report: &Report, context: &Context<'_>) -> Result<Option<String>, CliError> {
    let parts = if output.format == Format::Sarif { sarif::parts(report) } else { Vec::new() };
    let Some(file) = &output.file else {
        let view = |out: &mut dyn Write| render(output.format, report, context, out).map_err(CliError::Output);
        output::to_stdout(view)?;
        let told = "the log is longer than code scanning takes; with a file, `--format sarif:FILE`, it is split";
        return Ok((parts.len() > 1).then(|| format!("overshare: {told}")));
    };
    let to_file = |file: &Path, report: &Report, context: &Context<'_>| {
        let written = output::to_file(file, |out| render(output.format, report, context, out));
        written.map_err(|error| CliError::Unwritable { path: file.to_owned(), error })
    };
    if parts.len() < 2 {
        return to_file(file, report, context).map(|()| None);
    }
    for (number, part) in (1..).zip(&parts) {
        to_file(&output::part(file, number), part, &Context { part: Some(number), ..*context })?;
    }
    let (first, last) = (file.display(), output::part(file, parts.len()));
    let told = format!("{} logs, {first} to {}: code scanning takes no longer ones", parts.len(), last.display());
    Ok(Some(format!("overshare: split into {told}")))
}

/// Says on standard error what the result does not.
fn remarks(settings: &Settings, report: &Report, hidden: Hidden, taken: Duration) {
    if report.stats.files == 0 {
        say(&format!("overshare: nothing to check: no JavaScript or TypeScript in {}", places(settings)));
    }
    if hidden.total() > 0 {
        say(&format!("overshare: not shown: {}", reasons(hidden)));
    }
    for output in &settings.outputs {
        if let (Some(file), true) = (&output.file, io::stderr().is_terminal()) {
            say(&format!("overshare: wrote {} to {}", output.format, file.display()));
        }
    }
    if settings.on_stdout() == Some(Format::Terminal) && io::stderr().is_terminal() {
        say(&format!("overshare: took {:.1} s", taken.as_secs_f64()));
    }
}

/// What is hidden, and by what. The view for people says it by itself.
fn hidden_remarks(settings: &Settings, report: &Report) {
    if let Some(hidden) = phrase::hidden(report).filter(|_| settings.on_stdout() != Some(Format::Terminal)) {
        say(&format!("overshare: hidden: {hidden}"));
    }
}

fn places(settings: &Settings) -> String {
    let paths: Vec<_> = settings.paths.iter().map(|path| format!("`{}`", path.display())).collect();
    paths.join(", ")
}

fn reasons(hidden: Hidden) -> String {
    let count = |n: usize| format!("{n} finding{}", if n == 1 { "" } else { "s" });
    let part = |n: usize, why: &str| (n > 0).then(|| format!("{} {why}", count(n)));
    let parts = [
        part(hidden.vendor, "of other vendors (--vendor)"),
        part(hidden.category, "of other categories (--category)"),
        part(hidden.confidence, "of less confidence (--min-confidence)"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn outcome(settings: &Settings, report: &Report) -> Outcome {
    let shown = report.findings.iter().filter(|finding| finding.suppressed.is_none());
    // What a change makes an SDK collect is as new as what it hands over itself.
    let started = report.collected().filter(|_| settings.diff.is_some()).map(|it| it.severity);
    let worst = shown.map(|finding| finding.severity).chain(started).max();
    match (settings.fail_on, worst) {
        (Some(least), Some(worst)) if worst >= least => Outcome::Failing,
        _ => Outcome::Clean,
    }
}
