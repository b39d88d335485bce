//! `overshare diff` and `overshare history`: reviews of git revisions, read from git objects.

use std::{
    cell::Cell,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};

use super::{
    Outcome,
    args::{Colour, DiffArgs, Every, HistoryArgs, ReviewFormat},
    check,
    error::CliError,
    policy::InForce,
    progress::Line,
    review::{Reviewer, file, request, subject},
};
use crate::{
    report::{json, neutral::clean},
    review::{History, Review, delta, history::Moment, view},
    scan::{Memory, Request, ScanError, scan_snapshot},
    source::revision::{Commit, Repository, RevisionError, Snapshot},
};

/// Moments that a history may have; each is a scan.
const MAX_MOMENTS: usize = 500;

/// Runs `overshare diff`.
///
/// # Errors
/// When a revision cannot be read, or an output not be written.
pub fn diff(args: &DiffArgs) -> Result<Outcome, CliError> {
    let paths = std::slice::from_ref(&args.path);
    let force = InForce::find(paths, &args.policy, Colour::Auto)?;
    let reviewer = Reviewer { force: &force, quiet: args.view.target.quiet, with_hidden: false };
    let past = Past::new(paths, reviewer)?;
    let old = past.review(past.commit(&args.from)?)?;
    let (new, to) = match &args.to {
        Some(name) => (past.review(past.commit(name)?)?, name.as_str()),
        None => (reviewer.scan(paths)?, "the work tree"),
    };
    let delta = delta::between(&old, &new, &clean(short(&args.from)), &clean(short(to)));
    let target = args.view.target.output.as_deref().unwrap_or(Path::new("-"));
    file(target, args.view.target.quiet, |out| match args.view.format {
        ReviewFormat::Json => json::pretty(&delta, out),
        ReviewFormat::Markdown => view::delta::markdown(&delta, out),
        ReviewFormat::Html => view::delta::page(&delta, out),
        ReviewFormat::Terminal => view::delta::terminal(&delta, out),
    })?;
    Ok(Outcome::Clean)
}

/// A revision's name; of a whole hash, enough to find it.
fn short(name: &str) -> &str {
    let is_hash = name.len() >= 40 && name.chars().all(|letter| letter.is_ascii_hexdigit());
    if is_hash { &name[..10] } else { name }
}

/// Runs `overshare history`.
///
/// # Errors
/// When a revision cannot be read, or an output not be written.
pub fn history(args: &HistoryArgs) -> Result<Outcome, CliError> {
    let paths = std::slice::from_ref(&args.path);
    let force = InForce::find(paths, &args.policy, Colour::Auto)?;
    let reviewer = Reviewer { force: &force, quiet: args.view.target.quiet, with_hidden: false };
    let past = Past::new(paths, reviewer)?;
    let mut commits = past.commits(&args.revisions)?;
    if let Some(since) = args.since {
        commits.extend(past.regularly(since, args.every)?);
    }
    let history = past.history(commits, None)?;
    let target = args.view.target.output.as_deref().unwrap_or(Path::new("-"));
    file(target, args.view.target.quiet, |out| match args.view.format {
        ReviewFormat::Json => json::pretty(&history, out),
        ReviewFormat::Markdown => view::history::markdown(&history, out),
        ReviewFormat::Html => view::history::page(&history, out),
        ReviewFormat::Terminal => view::history::text(&history, out),
    })?;
    Ok(Outcome::Clean)
}

/// Adds to a review who got what at other revisions. The work tree is the last moment.
///
/// # Errors
/// When a revision cannot be read.
pub(super) fn add(
    review: &mut Review,
    paths: &[PathBuf],
    words: &[String],
    reviewer: Reviewer<'_>,
) -> Result<(), CliError> {
    let past = Past::new(paths, reviewer)?;
    let commits = past.commits(words)?;
    review.history = Some(past.history(commits, Some(review))?);
    Ok(())
}

/// The past of some folders, under the policy of today.
struct Past<'a> {
    paths: &'a [PathBuf],
    request: Request,
    repository: Repository,
    /// The files of the last revision, of which the next keeps most.
    snapshot: Cell<Option<Snapshot>>,
    pool: rayon::ThreadPool,
    reviewer: Reviewer<'a>,
}

impl<'a> Past<'a> {
    fn new(paths: &'a [PathBuf], reviewer: Reviewer<'a>) -> Result<Self, CliError> {
        let around = paths.first().map_or(Path::new("."), PathBuf::as_path);
        let pool = rayon::ThreadPoolBuilder::new().stack_size(check::STACK).build()?;
        let request = Request { memory: Some(Arc::new(Memory::default())), ..request(paths) };
        let repository = Repository::around(around).map_err(ScanError::from)?;
        Ok(Self { paths, request, repository, snapshot: Cell::default(), pool, reviewer })
    }

    fn commit(&self, name: &str) -> Result<Commit, CliError> {
        Ok(self.repository.commit(name).map_err(ScanError::from)?)
    }

    fn commits(&self, words: &[String]) -> Result<Vec<Commit>, CliError> {
        let mut commits = Vec::new();
        for word in words {
            commits.extend(self.repository.commits(word).map_err(ScanError::from)?);
        }
        Ok(commits)
    }

    /// The last commit up to each day of a series that ends with `HEAD`; a day without a new commit adds nothing.
    fn regularly(&self, since: Date, every: Every) -> Result<Vec<Commit>, CliError> {
        let mut commits: Vec<Commit> = Vec::new();
        let days = since.series(every.span()).take_while(|day| *day < self.reviewer.force.today).take(MAX_MOMENTS);
        for day in days {
            match self.repository.until(day) {
                Ok(commit) => commits.push(commit),
                Err(RevisionError::NotYet { .. }) => {}
                Err(error) => return Err(ScanError::from(error).into()),
            }
        }
        commits.push(self.commit("HEAD")?);
        commits.dedup_by(|later, earlier| later.id == earlier.id);
        Ok(commits)
    }

    fn review(&self, commit: Commit) -> Result<Review, CliError> {
        let line = Line::show(self.reviewer.quiet);
        let request = Request { progress: line.as_ref().map(|(line, _)| line.clone()), ..self.request.clone() };
        let options = &request.options;
        let updated = self.snapshot.take().and_then(|mut snapshot| {
            self.repository.update(&mut snapshot, &commit, options).is_ok().then_some(snapshot)
        });
        let snapshot = match updated {
            Some(snapshot) => snapshot,
            None => self.repository.snapshot(&commit, options).map_err(ScanError::from)?,
        };
        let (top, force) = (self.repository.top(), self.reviewer.force);
        let scan = || scan_snapshot(&request, top, commit, snapshot, &force.catalog, &force.words);
        let mut past = self.pool.install(scan)?;
        let review = self.reviewer.judged(&mut past.scanned, self.paths);
        self.snapshot.set(Some(past.snapshot));
        Ok(review)
    }

    /// Who got what at each commit, and what a review of the work tree says.
    fn history(&self, mut commits: Vec<Commit>, now: Option<&Review>) -> Result<History, CliError> {
        if commits.len() > MAX_MOMENTS {
            let message = format!("{} revisions are more than {MAX_MOMENTS}", commits.len());
            return Err(CliError::Usage { message, help: "name fewer, or a later `--since`".to_owned() });
        }
        commits.sort_by_key(|commit| commit.seconds);
        let mut moments: Vec<Moment> = Vec::new();
        let mut before: Option<Commit> = None;
        for commit in commits {
            let day = commit.day().map_or_else(|| "unknown".to_owned(), |day| day.to_string());
            let (name, id) = (clean(&commit.name).into_owned(), commit.id.clone());
            let same = before.as_ref().is_some_and(|before| before.same_files(&commit));
            let moment = match moments.last().filter(|_| same) {
                Some(last) => Moment { name, commit: id, day, seconds: commit.seconds, cells: last.cells.clone() },
                None => Moment::of(&self.review(commit.clone())?, name, id, day, commit.seconds),
            };
            moments.push(moment);
            before = Some(commit);
        }
        if let Some(review) = now {
            let day = self.reviewer.force.today;
            let seconds = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_or(0, Timestamp::as_second);
            let seconds = moments.last().map_or(seconds, |last| last.seconds.max(seconds));
            moments.push(Moment::of(review, "the work tree".into(), String::new(), day.to_string(), seconds));
        }
        let name = |id: &smol_str::SmolStr| {
            let known = self.reviewer.force.catalog.vendor_named(id).map(|vendor| clean(&vendor.name).into_owned());
            known.unwrap_or_else(|| id.to_string())
        };
        Ok(History::of(subject(self.paths), moments, name))
    }
}

impl Every {
    fn span(self) -> Span {
        match self {
            Self::Day => Span::new().days(1),
            Self::Week => Span::new().weeks(1),
            Self::Month => Span::new().months(1),
            Self::Quarter => Span::new().months(3),
            Self::Year => Span::new().years(1),
        }
    }
}
