//! `overshare check`: scan, filter, write every view, decide the exit status.

use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{
    Outcome, baseline,
    error::CliError,
    output,
    policy::InForce,
    progress::Line,
    say,
    settings::{Output, Settings},
};
use crate::{
    policy::{
        Applied,
        compare::{self, Gone},
        filter::{self, Hidden},
    },
    report::{Context, Format, Names, model::Report, neutral, render},
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
    let applied = force.apply(&mut scanned.report, &scanned.root);
    let known = if settings.no_baseline { None } else { baseline::read(force)? };
    let stale = known.map(|known| baseline::hide(&known, &mut scanned.report, force, &scanned.root));
    let gone = match &settings.diff {
        Some(revision) => Some(only_new(settings, force, &mut scanned, revision)?),
        None => None,
    };
    let hidden = filter::filter(&mut scanned.report, &settings.filter);
    let taken = start.elapsed();
    let names: Names = catalog.sources().iter().filter_map(|source| source.vendor.as_ref()).collect();
    let texts = Texts::new(&scanned.root);
    let look = settings.look;
    let context = Context { sources: &texts, names: &names, colour: look.colour, width: look.width };
    for output in &settings.outputs {
        let colour = if output.file.is_some() { look.colour_in_files } else { look.colour };
        write(output, &scanned.report, &Context { colour, ..context })?;
    }
    if !settings.quiet {
        remarks(settings, &scanned.report, hidden, taken);
        policy_remarks(applied);
        // A part of a project says nothing of the rest.
        if let Some(stale) = stale.filter(|stale| whole(&settings.paths) && !stale.is_empty()) {
            let told = "are stale: `overshare baseline --prune` takes them out";
            say(&format!("overshare: {} findings of the baseline {told}", stale.len()));
        }
        if let (Some(gone), Some(revision)) = (&gone, &settings.diff) {
            tell_gone(gone, revision, &names);
        }
    }
    Ok(outcome(settings, &scanned.report))
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
fn only_new(settings: &Settings, force: &InForce, now: &mut Scanned, revision: &str) -> Result<Gone, CliError> {
    let request = Request { root: Some(now.root.clone()), ..request(settings) };
    let scan = || {
        let repository = Repository::around(&now.root)?;
        scan_revision(&request, &repository, revision, &force.catalog, &force.words)
    };
    let past = pool(settings)?.install(scan)?;
    let mut old = past.scanned.report;
    force.apply(&mut old, &now.root);
    Ok(compare::only_new(&mut now.report, old, &|file| now.root.join(file).exists()))
}

/// Says what a change removes.
fn tell_gone(gone: &Gone, revision: &str, names: &Names) {
    let mut lines = Vec::new();
    for it in &gone.findings {
        let place = neutral::clean(&it.location.file).into_owned();
        lines.push(format!("{} ({}, {place})", it.message, it.rule));
    }
    for it in &gone.collections {
        let what = format!("{}, collected by default by {}", it.category.title(), names.name(&it.vendor));
        lines.push(format!("{what} ({})", neutral::clean(&it.location.file)));
    }
    lines.extend(gone.vendors.iter().map(|id| format!("{} is no longer used", names.name(id))));
    if lines.is_empty() {
        return say(&format!("overshare: nothing is gone since {revision}"));
    }
    say(&format!("overshare: gone since {revision}:"));
    lines.iter().for_each(|line| say(&format!("  - {line}")));
}

fn write(output: &Output, report: &Report, context: &Context<'_>) -> Result<(), CliError> {
    let Some(file) = &output.file else {
        let view = |out: &mut dyn Write| render(output.format, report, context, out).map_err(CliError::Output);
        return output::to_stdout(view).map(drop);
    };
    let written = output::to_file(file, |out| render(output.format, report, context, out));
    written.map_err(|error| CliError::Unwritable { path: file.clone(), error })
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

/// Whether paths name one folder, with all that is in it.
fn whole(paths: &[PathBuf]) -> bool {
    matches!(paths, [only] if only.is_dir())
}

/// What the policy hides beside findings, which the report itself counts.
fn policy_remarks(applied: Applied) {
    if applied.collections > 0 {
        let plural = if applied.collections == 1 { "" } else { "s" };
        say(&format!("overshare: not shown: {} default collection{plural} by the policy", applied.collections));
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
    let started = report.collections.iter().filter(|_| settings.diff.is_some()).map(|it| it.severity);
    let worst = shown.map(|finding| finding.severity).chain(started).max();
    match (settings.fail_on, worst) {
        (Some(least), Some(worst)) if worst >= least => Outcome::Failing,
        _ => Outcome::Clean,
    }
}
