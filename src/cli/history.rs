//! `overshare diff` and `overshare history`: reviews of git revisions, read from git objects.

use std::path::{Path, PathBuf};

use super::{
    Outcome,
    args::{DiffArgs, HistoryArgs, ReviewFormat},
    check,
    error::CliError,
    review::{file, request, scan},
};
use crate::{
    catalog::{Catalog, words::Words},
    report::{json, neutral::clean},
    review::{
        Facts, Review,
        delta::{self, Moment},
        review, view,
    },
    scan::{ScanError, Texts, scan_revision},
    source::revision::{Commit, Repository},
};

/// Runs `overshare diff`.
///
/// # Errors
/// When a revision cannot be read, or an output not be written.
pub fn diff(args: &DiffArgs, catalog: &Catalog) -> Result<Outcome, CliError> {
    let repository = repository(&args.path)?;
    let (old, _) = at(&repository, &args.path, &args.from, catalog)?;
    let (new, to) = match &args.to {
        Some(name) => (at(&repository, &args.path, name, catalog)?.0, name.as_str()),
        None => (now(&args.path, catalog, args.quiet)?, "the work tree"),
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
pub fn history(args: &HistoryArgs, catalog: &Catalog) -> Result<Outcome, CliError> {
    let repository = repository(&args.path)?;
    let mut moments = Vec::new();
    for name in &args.revisions {
        let (review, commit) = at(&repository, &args.path, name, catalog)?;
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

fn repository(path: &Path) -> Result<Repository, CliError> {
    Repository::around(path).map_err(|error| CliError::Scan(ScanError::from(error)))
}

/// The review of the path as it stood in a revision.
fn at(repository: &Repository, path: &Path, name: &str, catalog: &Catalog) -> Result<(Review, Commit), CliError> {
    let request = request(&[path.to_owned()]);
    let pool = rayon::ThreadPoolBuilder::new().stack_size(check::STACK).build()?;
    let past = pool.install(|| scan_revision(&request, repository, name, catalog, Words::embedded()))?;
    let facts = Facts { catalog, words: Words::embedded(), policy: &[] };
    let review = review(past.report(), &facts, &Texts::new(&past.scanned.root));
    Ok((review, past.commit))
}

/// The review of the path as it stands.
fn now(path: &Path, catalog: &Catalog, quiet: bool) -> Result<Review, CliError> {
    let paths: [PathBuf; 1] = [path.to_owned()];
    let (report, root) = scan(&paths, catalog, quiet)?;
    let facts = Facts { catalog, words: Words::embedded(), policy: &[] };
    Ok(review(&report, &facts, &Texts::new(&root)))
}
