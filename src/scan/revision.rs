//! Scanning a git revision instead of the work tree.

#![allow(clippy::disallowed_methods, reason = "a revision's files lie in a folder of their own")]

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Request, ScanError, Scanned, root_name, scan_with};
use crate::{
    catalog::{Catalog, words::Words},
    report::model::Report,
    source::{
        self, WalkError,
        revision::{Commit, Repository, RevisionError, Snapshot},
    },
};

/// What a scan of a revision found. The revision's files are there as long as this value.
pub struct Past {
    /// The revision.
    pub commit: Commit,
    /// The answer, and where its source text is.
    pub scanned: Scanned,
    /// The revision's files.
    pub snapshot: Snapshot,
}

impl Past {
    /// The answer.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.scanned.report
    }
}

/// Scans what `request` names as it stood in the revision called `name`. Files have the relative paths that they have
/// in a scan of the work tree by the same request; what did not exist then is empty.
///
/// # Errors
/// When a path does not exist now or lies outside the repository, and when the revision cannot be read.
pub fn scan_revision(
    request: &Request,
    repository: &Repository,
    name: &str,
    catalog: &Catalog,
    words: &Words,
) -> Result<Past, ScanError> {
    let commit = repository.commit(name)?;
    let snapshot = repository.snapshot(&commit, &request.options)?;
    scan_snapshot(request, repository.top(), commit, snapshot, catalog, words)
}

/// As [`scan_revision`], of a commit whose files were taken from the repository at `top`.
///
/// # Errors
/// As [`scan_revision`].
pub fn scan_snapshot(
    request: &Request,
    top: &Path,
    commit: Commit,
    snapshot: Snapshot,
    catalog: &Catalog,
    words: &Words,
) -> Result<Past, ScanError> {
    let name = &commit.name;
    let (root, paths) = source::places(request.root.as_deref(), &request.paths)?;
    let unreadable = |error: io::Error| RevisionError::Unreadable { name: name.clone(), reason: error.to_string() };
    let folder = snapshot.path().map_err(unreadable)?;
    let then = |path: &Path| -> Result<PathBuf, ScanError> {
        let outside = || WalkError::Outside { path: path.to_owned(), root: top.to_owned() };
        let inside = path.strip_prefix(top).map_err(|_| outside())?;
        let place = if inside.as_os_str().is_empty() { folder.clone() } else { folder.join(inside) };
        stand_in(path, &place).map_err(unreadable)?;
        Ok(place)
    };
    let past = Request {
        root: Some(then(&root)?),
        paths: paths.iter().map(|path| then(path)).collect::<Result<_, _>>()?,
        ..request.clone()
    };
    let mut scanned = scan_with(&past, catalog, words)?;
    scanned.report.root = root_name(&request.paths);
    Ok(Past { commit, scanned, snapshot })
}

/// Puts an empty folder or file at a place where the revision has nothing.
fn stand_in(now: &Path, then: &Path) -> io::Result<()> {
    if then.exists() {
        return Ok(());
    }
    if now.is_dir() {
        return fs::create_dir_all(then);
    }
    fs::create_dir_all(then.parent().unwrap_or(then))?;
    fs::write(then, "")
}
