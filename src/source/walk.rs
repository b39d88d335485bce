//! Which files a project has.
//!
//! Directories are read in parallel, and the result is sorted, so that it is the same whatever the number of threads.
//! `.gitignore` is honoured also where there is no repository; the ignore files of the machine (global excludes,
//! `.git/info/exclude`) are not, so that two machines see the same project.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};

use ignore::{DirEntry, WalkBuilder, WalkState};
use smol_str::SmolStr;

use super::kind::is_description;
use super::rules::{self, Verdict};
use super::{FileKind, Options, SkipReason, Skipped};

/// A file that may matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Absolute path without symbolic links.
    pub path: PathBuf,
    /// Path from the root, with `/`.
    pub rel: SmolStr,
    /// What the file is.
    pub kind: FileKind,
    /// Its size.
    pub bytes: u64,
}

/// What a walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// The directory that relative paths start from: absolute, without symbolic links.
    pub root: PathBuf,
    /// Whether the root itself was walked, and not only parts of it.
    pub whole: bool,
    /// The files that may matter, sorted by `rel`.
    pub files: Vec<Candidate>,
    /// What was left out, sorted by `rel`. A directory is one entry, whatever is inside.
    pub skipped: Vec<Skipped>,
}

/// The walk could not start. Each is a mistake in what the user named.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// Nothing is there.
    #[error("there is no file or directory `{}`{}", path.display(), did_you_mean(suggestion.as_deref()))]
    Missing {
        /// What was named.
        path: PathBuf,
        /// The most similar name in the same directory.
        suggestion: Option<PathBuf>,
    },
    /// It is there, but the operating system refuses.
    #[error("cannot read `{}`: {error}", path.display())]
    Unreadable {
        /// What was named.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        error: io::Error,
    },
    /// The path lies outside the root that was asked for.
    #[error("`{}` lies outside `{}`", path.display(), root.display())]
    Outside {
        /// What was named.
        path: PathBuf,
        /// The root.
        root: PathBuf,
    },
}

fn did_you_mean(suggestion: Option<&Path>) -> String {
    suggestion.map(|path| format!(" (did you mean `{}`?)", path.display())).unwrap_or_default()
}

/// Walks `paths`, or the current directory if there are none. The root is the directory, if it is only one, and else
/// the deepest directory that holds them all. What the user names is never skipped by a rule about names.
///
/// # Errors
/// When a path does not exist or cannot be read. Errors further down become entries of [`Walk::skipped`].
pub fn walk(paths: &[PathBuf], options: &Options) -> Result<Walk, WalkError> {
    let (root, paths) = places(None, paths)?;
    Ok(run(root, &paths, options))
}

/// Walks `paths` as [`walk`] does, with a given root: so that a part of a project has the same relative paths as the
/// whole.
///
/// # Errors
/// As [`walk`], and when a path lies outside the root.
pub fn walk_from(root: &Path, paths: &[PathBuf], options: &Options) -> Result<Walk, WalkError> {
    let (root, paths) = places(Some(root), paths)?;
    Ok(run(root, &paths, options))
}

/// Where a walk starts: the root and the named paths, absolute, without symbolic links.
///
/// # Errors
/// As [`walk_from`].
pub fn places(root: Option<&Path>, paths: &[PathBuf]) -> Result<(PathBuf, Vec<PathBuf>), WalkError> {
    let paths = real_paths(paths)?;
    let root = root.map_or_else(|| Ok(common_directory(&paths)), real_path)?;
    match paths.iter().find(|path| !path.starts_with(&root)) {
        Some(path) => Err(WalkError::Outside { path: path.clone(), root }),
        None => Ok((root, paths)),
    }
}

fn real_paths(paths: &[PathBuf]) -> Result<Vec<PathBuf>, WalkError> {
    match paths {
        [] => Ok(vec![real_path(Path::new("."))?]),
        _ => paths.iter().map(|path| real_path(path)).collect(),
    }
}

fn real_path(path: &Path) -> Result<PathBuf, WalkError> {
    path.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            WalkError::Missing { path: path.to_owned(), suggestion: suggest(path) }
        }
        _ => WalkError::Unreadable { path: path.to_owned(), error },
    })
}

/// The existing path with the most similar name in place of the first component that does not exist.
fn suggest(path: &Path) -> Option<PathBuf> {
    let named = path.ancestors().take_while(|part| !part.as_os_str().is_empty());
    let missing = named.take_while(|part| !part.exists()).last()?;
    let parent = missing.parent().unwrap_or(Path::new(""));
    let wanted = missing.file_name()?.to_string_lossy();
    let listed = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let names = std::fs::read_dir(listed).ok()?.flatten().map(|entry| entry.file_name());
    let edits = |name: &std::ffi::OsString| strsim::osa_distance(&wanted, &name.to_string_lossy());
    let most = (wanted.chars().count() / 3).max(1);
    let name = names.filter(|name| edits(name) <= most).min_by_key(|name| (edits(name), name.clone()))?;
    let rest = path.strip_prefix(missing).ok()?;
    let found = parent.join(name);
    let found = if rest.as_os_str().is_empty() { found } else { found.join(rest) };
    found.exists().then_some(found)
}

fn common_directory(paths: &[PathBuf]) -> PathBuf {
    let Some((first, rest)) = paths.split_first() else { return PathBuf::new() };
    let directory = if first.is_dir() { Some(first.as_path()) } else { first.parent() };
    let holds_all = |directory: &&Path| rest.iter().all(|path| path.starts_with(directory));
    let ancestors = directory.into_iter().flat_map(Path::ancestors);
    ancestors.into_iter().find(holds_all).unwrap_or(first).to_owned()
}

/// What one directory entry turned out to be.
enum Found {
    File(Candidate),
    Skipped(Skipped),
}

fn run(root: PathBuf, paths: &[PathBuf], options: &Options) -> Walk {
    let (sender, receiver) = channel();
    builder(&root, paths, options).build_parallel().run(|| {
        let (sender, root) = (sender.clone(), root.as_path());
        Box::new(move |entry| visit(root, entry, options, &sender))
    });
    drop(sender);
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    for found in receiver {
        match found {
            Found::File(candidate) => files.push(candidate),
            Found::Skipped(entry) => skipped.push(entry),
        }
    }
    files.sort_by(|a, b| a.rel.cmp(&b.rel));
    files.dedup_by(|a, b| a.rel == b.rel);
    skipped.sort();
    skipped.dedup_by(|a, b| a.rel == b.rel);
    // A path that the user names is kept although the walk of another named path leaves it out.
    skipped.retain(|entry| files.binary_search_by(|file| file.rel.cmp(&entry.rel)).is_err());
    Walk { whole: paths.contains(&root), root, files, skipped }
}

fn builder(root: &Path, paths: &[PathBuf], options: &Options) -> WalkBuilder {
    let in_repository = root.ancestors().any(|directory| directory.join(".git").exists());
    let mut builder = WalkBuilder::new(paths.first().map_or(root, PathBuf::as_path));
    for path in paths.iter().skip(1) {
        builder.add(path);
    }
    builder
        .hidden(false)
        .follow_links(false)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        // Without a repository nothing bounds the search for ignore files upwards, and a `.gitignore` in somebody's
        // home directory says nothing about the project.
        .parents(in_repository || paths.iter().any(|path| path != root))
        .threads(options.threads);
    builder
}

fn visit(root: &Path, entry: Result<DirEntry, ignore::Error>, options: &Options, found: &Sender<Found>) -> WalkState {
    let (result, state) = match entry {
        Ok(entry) => judge(root, &entry, options),
        Err(error) => (unreadable(root, &error).map(Found::Skipped), WalkState::Continue),
    };
    if let Some(result) = result {
        // The receiver outlives the walk; were it gone, nobody would want the result.
        let _ = found.send(result);
    }
    state
}

fn judge(root: &Path, entry: &DirEntry, options: &Options) -> (Option<Found>, WalkState) {
    let named = entry.depth() == 0;
    let Some(file_type) = entry.file_type() else { return (None, WalkState::Continue) };
    if file_type.is_dir() {
        return if named { (None, WalkState::Continue) } else { judge_directory(root, entry, options) };
    }
    let found = if file_type.is_symlink() { judge_link(root, entry) } else { judge_file(root, entry, options) };
    (found, WalkState::Continue)
}

fn judge_directory(root: &Path, entry: &DirEntry, options: &Options) -> (Option<Found>, WalkState) {
    match rules::directory(entry.path(), options.no_skip) {
        Verdict::Enter => (None, WalkState::Continue),
        Verdict::Ignore => (None, WalkState::Skip),
        Verdict::Skip(reason) => {
            let rel = SmolStr::from(format!("{}/", relative(root, entry.path())));
            (Some(Found::Skipped(Skipped { rel, reason })), WalkState::Skip)
        }
    }
}

/// A link is worth a word if it hides code.
fn judge_link(root: &Path, entry: &DirEntry) -> Option<Found> {
    let rel = relative(root, entry.path());
    let hides_code = FileKind::of(&rel).is_code() || entry.path().is_dir();
    hides_code.then_some(Found::Skipped(Skipped { rel, reason: SkipReason::Link }))
}

fn judge_file(root: &Path, entry: &DirEntry, options: &Options) -> Option<Found> {
    let named = entry.depth() == 0;
    let rel = relative(root, entry.path());
    let name = entry.file_name().to_string_lossy();
    let kind = FileKind::of(&name);
    let skip = |reason| Some(Found::Skipped(Skipped { rel: rel.clone(), reason }));
    if kind == FileKind::Other && !is_description(&name) {
        return if named { skip(SkipReason::Unsupported) } else { None };
    }
    if kind.is_code()
        && !named
        && !options.no_skip
        && let Some(reason) = rules::file(&name)
    {
        return skip(reason);
    }
    let bytes = match entry.metadata() {
        Ok(metadata) => metadata.len(),
        Err(error) => return skip(SkipReason::Unreadable(error.to_string())),
    };
    if bytes > options.max_bytes {
        return skip(SkipReason::TooLarge { limit: options.max_bytes });
    }
    Some(Found::File(Candidate { path: entry.path().to_owned(), rel, kind, bytes }))
}

fn unreadable(root: &Path, error: &ignore::Error) -> Option<Skipped> {
    let mut inner = error;
    let mut path = None;
    loop {
        inner = match inner {
            ignore::Error::WithPath { path: at, err } => {
                path = Some(at);
                err
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => err,
            _ => break,
        };
    }
    let message = inner.io_error().map_or_else(|| inner.to_string(), ToString::to_string);
    Some(Skipped { rel: relative(root, path?), reason: SkipReason::Unreadable(message) })
}

/// The path from the root with `/`; characters that are not Unicode are replaced.
fn relative(root: &Path, path: &Path) -> SmolStr {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    SmolStr::from(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    fn rels(walk: &Walk) -> Vec<&str> {
        walk.files.iter().map(|file| file.rel.as_str()).collect()
    }

    fn skips(walk: &Walk) -> Vec<(&str, &str)> {
        walk.skipped.iter().map(|entry| (entry.rel.as_str(), entry.reason.id())).collect()
    }

    fn project() -> tempfile::TempDir {
        tree(&[
            ("package.json", "{}"),
            (".gitignore", "ignored.ts\n"),
            ("src/b.ts", "b"),
            ("src/a.tsx", "a"),
            ("src/ignored.ts", ""),
            ("src/coverage/plan.ts", ""),
            ("src/logo.png", ""),
            ("src/jquery.min.js", ""),
            ("src/big.js", "0123456789_123456789_"),
            ("node_modules/x/index.js", ""),
            ("dist/out.js", ""),
            (".storybook/preview.ts", ""),
            ("schema.prisma", ""),
        ])
    }

    #[test]
    fn finds_source_and_says_what_it_left_out() {
        let root = project();
        for threads in [1, 2, 7] {
            let options = Options { max_bytes: 20, threads, ..Options::default() };
            let walk = walk(&[root.path().to_owned()], &options).unwrap();
            let files = [
                ".storybook/preview.ts",
                "package.json",
                "schema.prisma",
                "src/a.tsx",
                "src/b.ts",
                "src/coverage/plan.ts",
            ];
            assert_eq!(rels(&walk), files);
            let skipped = [
                ("dist/", "generated"),
                ("node_modules/", "vendored"),
                ("src/big.js", "too-large"),
                ("src/jquery.min.js", "minified"),
            ];
            assert_eq!(skips(&walk), skipped);
        }
    }

    #[test]
    fn no_skip_lifts_the_rules_but_not_gitignore() {
        let root = project();
        let options = Options { no_skip: true, ..Options::default() };
        let walk = walk(&[root.path().to_owned()], &options).unwrap();
        assert!(rels(&walk).contains(&"node_modules/x/index.js") && rels(&walk).contains(&"src/jquery.min.js"));
        assert!(!rels(&walk).contains(&"src/ignored.ts"));
        assert_eq!(skips(&walk), []);
    }

    #[test]
    fn what_the_user_names_is_walked() {
        let root = project();
        let path = |rel: &str| root.path().join(rel);
        let check = |paths: &[&str], files: &[&str]| {
            let paths: Vec<_> = paths.iter().map(|rel| path(rel)).collect();
            let walk = walk(&paths, &Options::default()).unwrap();
            assert_eq!(rels(&walk), files);
        };
        check(&["src/jquery.min.js"], &["jquery.min.js"]);
        check(&["dist"], &["out.js"]);
        check(&["src/a.tsx", "dist"], &["dist/out.js", "src/a.tsx"]);
        check(&["src", "src/a.tsx", "src/coverage"], &["a.tsx", "b.ts", "big.js", "coverage/plan.ts"]);
        let walk = walk(&[path("src/logo.png")], &Options::default()).unwrap();
        assert_eq!(skips(&walk), [("logo.png", "unsupported")]);
    }

    #[test]
    fn a_given_root_keeps_relative_paths() {
        let root = project();
        let options = Options::default();
        let walk = walk_from(root.path(), &[root.path().join("src/coverage")], &options).unwrap();
        assert_eq!(rels(&walk), ["src/coverage/plan.ts"]);
        let outside = walk_from(&root.path().join("src"), &[root.path().join("dist")], &options);
        assert!(matches!(outside, Err(WalkError::Outside { .. })));
    }

    #[test]
    fn a_missing_path_is_explained() {
        let root = project();
        let message = |rel: &str| walk(&[root.path().join(rel)], &Options::default()).unwrap_err().to_string();
        assert!(message("scr/a.tsx").ends_with("src/a.tsx`?)"), "{}", message("scr/a.tsx"));
        assert!(message("src/a.ts").contains("did you mean"));
        assert!(message("zzz").ends_with("zzz`"));
        assert!(message("src/a.tsx/inside").contains("there is no file"));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let root = project();
        std::os::unix::fs::symlink(root.path().join("src"), root.path().join("linked")).unwrap();
        std::os::unix::fs::symlink("loop.js", root.path().join("loop.js")).unwrap();
        let walk = walk(&[root.path().to_owned()], &Options::default()).unwrap();
        assert!(!rels(&walk).iter().any(|rel| rel.starts_with("linked")));
        assert!(skips(&walk).contains(&("linked", "link")) && skips(&walk).contains(&("loop.js", "link")));
    }
}
