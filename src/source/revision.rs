//! The files of a project as they stood in a git revision, read from git's objects.
//!
//! Nothing of the repository is run, and its work tree is not touched: the files that an analysis can look at are
//! written to a folder of their own outside the repository, which is removed when the [`Snapshot`] is dropped. The
//! rest of the scan needs no other way of reading.

use std::{
    cell::OnceCell,
    collections::BTreeMap,
    fs, io,
    path::{Component, Path, PathBuf},
};

use gix::{ObjectId, discover::upwards, objs::tree::EntryKind, sec::trust::Mapping};
use globset::Glob;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use tempfile::TempDir;

use super::{FileKind, Options, kind::is_description, rules};

/// A git repository, open for reading.
pub struct Repository {
    inner: gix::Repository,
    top: PathBuf,
    line: OnceCell<Vec<(i64, ObjectId)>>,
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// What the user called it.
    pub name: String,
    /// Its hash in hexadecimal.
    pub id: String,
    /// When it was committed: seconds since 1970.
    pub seconds: i64,
    tree: ObjectId,
}

/// The files of a commit in a folder that lives as long as this value.
pub struct Snapshot {
    folder: TempDir,
    files: Files,
}

/// What a snapshot holds, by path.
type Files = BTreeMap<String, (ObjectId, Wanted)>;

/// A revision cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// No repository.
    #[error("`{}` is in no git repository", path.display())]
    NoRepository {
        /// What was asked about.
        path: PathBuf,
    },
    /// The revision does not exist here.
    #[error("there is no revision `{name}` in this repository")]
    Unknown {
        /// What the user typed.
        name: String,
    },
    /// The history that is here does not reach back to a day.
    #[error("no commit here is as old as {day}; {oldest}")]
    NotYet {
        /// The day.
        day: Date,
        /// What is known of the oldest commit.
        oldest: String,
    },
    /// No tag fits a pattern.
    #[error("no tag of this repository fits `{pattern}`")]
    NoTag {
        /// The pattern.
        pattern: String,
    },
    /// The objects cannot be read.
    #[error("cannot read revision `{name}`: {reason}")]
    Unreadable {
        /// What the user typed.
        name: String,
        /// What git's objects or the disk say.
        reason: String,
    },
}

impl Repository {
    /// The repository around a path, which must exist.
    ///
    /// # Errors
    /// When there is none, or it has no work tree.
    pub fn around(path: &Path) -> Result<Self, RevisionError> {
        let none = || RevisionError::NoRepository { path: path.to_owned() };
        let real = path.canonicalize().map_err(|_| none())?;
        let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(&real) };
        // The configuration of the machine and of the repository's owner change nothing about objects.
        let options = || gix::open::Options::isolated().strict_config(false);
        let trust = Mapping { full: options(), reduced: options() };
        let found = gix::ThreadSafeRepository::discover_opts(folder, upwards::Options::default(), trust);
        let inner = found.map_err(|_| none())?.to_thread_local();
        let top = inner.workdir().and_then(|top| top.canonicalize().ok()).ok_or_else(none)?;
        Ok(Self { inner, top, line: OnceCell::new() })
    }

    /// The top folder of the work tree: absolute, without symbolic links.
    #[must_use]
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The commit that a name means: a branch, a tag, a hash, `HEAD~2`, …
    ///
    /// # Errors
    /// When there is none, which is usual in a clone that is not deep enough.
    pub fn commit(&self, name: &str) -> Result<Commit, RevisionError> {
        let unknown = || RevisionError::Unknown { name: name.to_owned() };
        let object = self.inner.rev_parse_single(name).map_err(|_| unknown())?.object().map_err(|_| unknown())?;
        let commit = object.peel_to_commit().map_err(|_| unknown())?;
        let seconds = commit.time().map_err(|_| unknown())?.seconds;
        let tree = commit.tree_id().map_err(|_| unknown())?.detach();
        Ok(Commit { name: name.to_owned(), id: commit.id.to_string(), seconds, tree })
    }

    /// The commits that somebody means by a word: the one of a revision, as [`Repository::commit`]; the last one up to
    /// a day, as [`Repository::until`]; those of all tags that fit a pattern (`v*`).
    ///
    /// # Errors
    /// When there is none.
    pub fn commits(&self, word: &str) -> Result<Vec<Commit>, RevisionError> {
        if word.contains(['*', '?', '[']) {
            return self.tagged(word);
        }
        match (self.commit(word), word.parse()) {
            (Err(RevisionError::Unknown { .. }), Ok(day)) => Ok(vec![self.until(day)?]),
            (found, _) => Ok(vec![found?]),
        }
    }

    /// The last commit up to and including a day, in UTC, along first parents from `HEAD`.
    ///
    /// # Errors
    /// When there is none, which is usual in a clone that is not deep enough.
    pub fn until(&self, day: Date) -> Result<Commit, RevisionError> {
        let line = self.line.get_or_init(|| self.first_parents());
        let next = |(seconds, _): &&(i64, ObjectId)| self::day(*seconds).is_some_and(|then| then <= day);
        let Some((_, id)) = line.iter().find(next) else {
            let oldest = line.iter().rev().find_map(|(seconds, _)| self::day(*seconds));
            let oldest =
                oldest.map_or_else(|| "there is none at all".into(), |oldest| format!("the oldest is of {oldest}"));
            return Err(RevisionError::NotYet { day, oldest });
        };
        Ok(Commit { name: day.to_string(), ..self.commit(&id.to_string())? })
    }

    /// The commits from `HEAD` along first parents with their times, as far as they are here.
    fn first_parents(&self) -> Vec<(i64, ObjectId)> {
        let mut line = Vec::new();
        let mut next = self.inner.head_id().ok().map(gix::Id::detach);
        while let Some(commit) = next.and_then(|id| self.inner.find_commit(id).ok()) {
            let Ok(time) = commit.time() else { break };
            line.push((time.seconds, commit.id));
            next = commit.parent_ids().next().map(gix::Id::detach);
        }
        line
    }

    fn tagged(&self, pattern: &str) -> Result<Vec<Commit>, RevisionError> {
        let none = || RevisionError::NoTag { pattern: pattern.to_owned() };
        let fits = Glob::new(pattern).map_err(|_| none())?.compile_matcher();
        let references = self.inner.references().map_err(|_| none())?;
        let tags = references.tags().map_err(|_| none())?.flatten().map(|tag| tag.name().shorten().to_string());
        let fitting = tags.filter(|tag| fits.is_match(tag));
        // A tag may name something that is no commit.
        let commit = |tag: String| Some(Commit { name: tag.clone(), ..self.commit(&format!("refs/tags/{tag}")).ok()? });
        let commits: Vec<Commit> = fitting.filter_map(commit).collect();
        if commits.is_empty() { Err(none()) } else { Ok(commits) }
    }

    /// Writes the files of a commit that an analysis can look at to a temporary folder.
    ///
    /// # Errors
    /// When an object is missing or damaged, or the disk refuses.
    pub fn snapshot(&self, commit: &Commit, options: &Options) -> Result<Snapshot, RevisionError> {
        let failed = |error: io::Error| unreadable(commit, &error.to_string());
        let folder = tempfile::Builder::new().prefix("overshare-").tempdir().map_err(failed)?;
        // Ignore files above the folder say nothing about it.
        fs::create_dir(folder.path().join(".git")).map_err(failed)?;
        let mut snapshot = Snapshot { folder, files: Files::new() };
        self.update(&mut snapshot, commit, options)?;
        Ok(snapshot)
    }

    /// Makes a snapshot one of another commit; only files that differ are touched. After a failure it is of no use.
    ///
    /// # Errors
    /// As [`Repository::snapshot`].
    pub fn update(&self, snapshot: &mut Snapshot, commit: &Commit, options: &Options) -> Result<(), RevisionError> {
        let failed = |reason: String| unreadable(commit, &reason);
        let wanted = self.files(commit, options).map_err(failed)?;
        let top = snapshot.folder.path();
        for (path, _) in snapshot.files.iter().filter(|(path, known)| wanted.get(*path) != Some(known)) {
            remove(top, path).map_err(|error| failed(error.to_string()))?;
        }
        for (path, file) in wanted.iter().filter(|(path, file)| snapshot.files.get(*path) != Some(file)) {
            self.write(file.0, file.1, options, &top.join(path)).map_err(failed)?;
        }
        snapshot.files = wanted;
        Ok(())
    }

    /// The files of a commit that an analysis can look at.
    fn files(&self, commit: &Commit, options: &Options) -> Result<Files, String> {
        let tree = self.inner.find_tree(commit.tree).map_err(|error| error.to_string())?;
        let entries = tree.traverse().breadthfirst.files().map_err(|error| error.to_string())?;
        let blobs = entries
            .into_iter()
            .filter(|entry| matches!(entry.mode.kind(), EntryKind::Blob | EntryKind::BlobExecutable));
        let named = blobs.map(|entry| (entry.filepath.to_string(), entry.oid)).filter(|(path, _)| is_safe(path));
        let wanted = named.map(|(path, id)| {
            let wanted = Wanted::of(&path, options);
            (path, (id, wanted))
        });
        Ok(wanted.filter(|(_, (_, wanted))| *wanted != Wanted::Nothing).collect())
    }

    fn write(&self, id: ObjectId, wanted: Wanted, options: &Options, path: &Path) -> Result<(), String> {
        let text = |error: io::Error| error.to_string();
        fs::create_dir_all(path.parent().unwrap_or(path)).map_err(text)?;
        let size = self.inner.find_header(id).map_err(|error| error.to_string())?.size();
        if wanted == Wanted::Name || size > options.max_bytes {
            // The walk leaves it out by its size, and says so; there is no need for what is in it.
            return fs::File::create(path).and_then(|file| file.set_len(size)).map_err(text);
        }
        let blob = self.inner.find_blob(id).map_err(|error| error.to_string())?;
        fs::write(path, &blob.data).map_err(text)
    }
}

impl Snapshot {
    /// The folder, absolute, without symbolic links.
    ///
    /// # Errors
    /// Never, unless somebody removed the folder.
    pub fn path(&self) -> io::Result<PathBuf> {
        self.folder.path().canonicalize()
    }
}

impl Commit {
    /// Whether both hold the same files.
    #[must_use]
    pub fn same_files(&self, other: &Self) -> bool {
        self.tree == other.tree
    }

    /// The day of the commit, in UTC.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        day(self.seconds)
    }
}

/// The day of a time in seconds since 1970, in UTC; none beyond the calendar.
fn day(seconds: i64) -> Option<Date> {
    Some(TimeZone::UTC.to_datetime(Timestamp::from_second(seconds).ok()?).date())
}

fn unreadable(commit: &Commit, reason: &str) -> RevisionError {
    RevisionError::Unreadable { name: commit.name.clone(), reason: reason.to_owned() }
}

/// Removes a file of a snapshot, and the folders that it leaves empty.
fn remove(top: &Path, path: &str) -> io::Result<()> {
    fs::remove_file(top.join(path))?;
    let folders = Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    // The first that holds something else ends it.
    let _ = folders.map(|folder| fs::remove_dir(top.join(folder))).find(Result::is_err);
    Ok(())
}

/// How much of a file the analysis looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Nothing,
    /// That it exists.
    Name,
    Text,
}

impl Wanted {
    fn of(path: &str, options: &Options) -> Self {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        if !options.no_skip && folders.split('/').any(rules::is_foreign) {
            return Self::Nothing;
        }
        let settings = [".json", ".jsonc", ".toml", ".yaml", ".yml", "ignore"];
        if FileKind::of(name) != FileKind::Other
            || is_description(name)
            || settings.iter().any(|ending| name.ends_with(ending))
        {
            return Self::Text;
        }
        if rules::is_top(name) { Self::Name } else { Self::Nothing }
    }
}

/// Whether a path that somebody wrote into a tree object stays below the folder it is joined to.
fn is_safe(path: &str) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(name) if !name.eq_ignore_ascii_case(".git"));
    !path.contains(['\\', '\0']) && Path::new(path).components().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_folder_are_refused() {
        for path in ["../x.ts", "/x.ts", "a/../../x.ts", ".git/config", "a/.GIT/x.ts", "a\\..\\x.ts"] {
            assert!(!is_safe(path), "{path}");
        }
        assert!(is_safe("src/a.ts") && is_safe(".storybook/preview.ts"));
    }

    #[test]
    fn only_what_matters_is_written() {
        let check = |path: &str, expect: Wanted| assert_eq!(Wanted::of(path, &Options::default()), expect, "{path}");
        check("src/a.ts", Wanted::Text);
        check("schema.prisma", Wanted::Text);
        check("apps/web/tsconfig.base.json", Wanted::Text);
        check(".gitignore", Wanted::Text);
        check("go.mod", Wanted::Name);
        check("logo.png", Wanted::Nothing);
        check("node_modules/x/index.js", Wanted::Nothing);
    }
}
