//! `overshare diff` and `overshare history`: reviews of git revisions, read from git objects.

use std::path::Path;

use super::{
    Outcome,
    args::{Colour, DiffArgs, HistoryArgs, ReviewFormat},
    check,
    error::CliError,
    policy::InForce,
    review::{file, of, request, scan},
};
use crate::{
    report::{json, neutral::clean},
    review::{
        Review,
        delta::{self, Moment},
        view,
    },
    scan::scan_revision,
    source::revision::{Commit, Repository},
};

/// Runs `overshare diff`.
///
/// # Errors
/// When a revision cannot be read, or an output not be written.
pub fn diff(args: &DiffArgs) -> Result<Outcome, CliError> {
    let paths = std::slice::from_ref(&args.path);
    let force = InForce::find(paths, &args.policy, Colour::Auto)?;
    let (old, _) = at(&args.path, &args.from, &force)?;
    let (new, to) = match &args.to {
        Some(name) => (at(&args.path, name, &force)?.0, name.as_str()),
        None => (scan(paths, &force, args.quiet)?, "the work tree"),
    };
    let delta = delta::between(&old, &new, &clean(&args.from), &clean(to));
    let target = args.output.as_deref().unwrap_or(Path::new("-"));
    file(target, args.quiet, |out| match args.format {
        ReviewFormat::Json => json::pretty(&delta, out),
        ReviewFormat::Markdown | ReviewFormat::Html => view::delta::markdown(&delta, out),
        ReviewFormat::Terminal => view::delta::terminal(&delta, out),
    })?;
    Ok(Outcome::Clean)
}

/// Runs `overshare history`.
///
/// # Errors
/// When a revision cannot be read, or an output not be written.
pub fn history(args: &HistoryArgs) -> Result<Outcome, CliError> {
    let force = InForce::find(std::slice::from_ref(&args.path), &args.policy, Colour::Auto)?;
    let mut moments = Vec::new();
    for name in &args.revisions {
        let (review, commit) = at(&args.path, name, &force)?;
        let cells = review.matrix.iter().map(|cell| (cell.vendor.clone(), cell.category, cell.flows)).collect();
        let day = delta::day(commit.seconds);
        moments.push((commit.seconds, Moment { name: clean(name).into_owned(), commit: commit.id, day, cells }));
    }
    moments.sort_by_key(|(seconds, _)| *seconds);
    let history = delta::history(moments.into_iter().map(|(_, moment)| moment).collect());
    let target = args.output.as_deref().unwrap_or(Path::new("-"));
    file(target, args.quiet, |out| match args.format {
        ReviewFormat::Json => json::pretty(&history, out),
        ReviewFormat::Markdown | ReviewFormat::Html => view::delta::chart(&history, true, out),
        ReviewFormat::Terminal => view::delta::chart(&history, false, out),
    })?;
    Ok(Outcome::Clean)
}

/// The review of the path as it stood in a revision, under the policy of today.
fn at(path: &Path, name: &str, force: &InForce) -> Result<(Review, Commit), CliError> {
    let request = request(&[path.to_owned()]);
    let pool = rayon::ThreadPoolBuilder::new().stack_size(check::STACK).build()?;
    let past = pool.install(|| {
        let repository = Repository::around(path)?;
        scan_revision(&request, &repository, name, &force.catalog, &force.words)
    });
    let mut past = past?;
    let review = of(&mut past.scanned, force);
    Ok((review, past.commit))
}
