//! The file system as the linker sees it: five questions, asked of a disk or of memory.

#![allow(clippy::disallowed_methods, reason = "this is where the linker meets the disk")]

use std::{
    collections::BTreeMap,
    fs, io,
    ops::Bound,
    path::{Path, PathBuf},
};

/// Read access to files.
pub trait Files: Send + Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Whatever keeps the file from being read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Whether `path` is a file, or a link to one.
    fn is_file(&self, path: &Path) -> bool;

    /// Whether `path` is a directory, or a link to one.
    fn is_dir(&self, path: &Path) -> bool;

    /// The entries of a directory, sorted.
    ///
    /// # Errors
    /// Whatever keeps the directory from being listed.
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>>;

    /// The path with all links followed.
    ///
    /// # Errors
    /// `path` does not exist or cannot be followed.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;
}

/// The real file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        entries.sort_unstable();
        Ok(entries)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }
}

/// Files held in memory, for tests and for callers that have no disk.
#[derive(Debug, Clone, Default)]
pub struct Memory(BTreeMap<PathBuf, Vec<u8>>);

impl Memory {
    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<PathBuf>, text: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), text.into());
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }

    fn below<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Path> {
        let from = self.0.range::<Path, _>((Bound::Included(path), Bound::Unbounded)).map(|(file, _)| file.as_path());
        from.take_while(move |file| file.starts_with(path)).filter(move |file| *file != path)
    }
}

impl<P: Into<PathBuf>, T: Into<Vec<u8>>> FromIterator<(P, T)> for Memory {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(files: I) -> Self {
        Self(files.into_iter().map(|(path, text)| (path.into(), text.into())).collect())
    }
}

fn absent(path: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, path.display().to_string())
}

impl Files for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| absent(path))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.below(path).next().is_some()
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let names = self.below(path).filter_map(|file| file.strip_prefix(path).ok()?.components().next());
        let mut entries: Vec<_> = names.map(|name| path.join(name)).collect();
        entries.dedup();
        if entries.is_empty() { Err(absent(path)) } else { Ok(entries) }
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        if self.is_file(path) || self.is_dir(path) { Ok(path.to_path_buf()) } else { Err(absent(path)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &dyn Files, root: &Path) {
        let names = |path: &Path| -> Vec<_> {
            let entries = files.list(path).unwrap();
            entries.iter().map(|entry| entry.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names(root), ["a.ts", "sub", "sub.ts"]);
        assert_eq!(names(&root.join("sub")), ["b.ts", "c.ts"]);
        assert!(files.is_dir(&root.join("sub")) && !files.is_file(&root.join("sub")));
        assert!(files.is_file(&root.join("sub/b.ts")) && !files.is_dir(&root.join("a.ts")));
        assert_eq!(files.read(&root.join("a.ts")).unwrap(), b"1");
        assert!(files.read(&root.join("none")).is_err() && files.list(&root.join("none")).is_err());
        assert!(files.canonical(&root.join("none")).is_err());
    }

    #[test]
    fn disk_and_memory_agree() {
        let texts = [("a.ts", "1"), ("sub/b.ts", "2"), ("sub/c.ts", "3"), ("sub.ts", "4")];
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("sub")).unwrap();
        for (name, text) in texts {
            fs::write(dir.path().join(name), text).unwrap();
        }
        check(&Disk, dir.path());
        check(&Memory::from_iter(texts.map(|(name, text)| (dir.path().join(name), text))), dir.path());
    }
}
