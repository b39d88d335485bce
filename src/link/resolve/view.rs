//! The file system that the resolution library sees: the candidate files, the manifests, and nothing else.
//!
//! The scanned root stands at a made-up place, so that nothing outside it can be named. Three things differ from the
//! disk. Real `node_modules` do not exist; in their stead the root's `node_modules` holds the packages of the tree, as
//! a package manager would have linked them. A built file that is absent exists when its source does. And a manifest
//! with broken syntax is not there, so that one bad file costs no more than itself.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use oxc_resolver::{FileMetadata, FileSystem, ResolveError};
use smol_str::SmolStr;

use super::{packages::Packages, path, sources, tree::Tree};

/// Where the scanned root seems to stand.
pub const ROOT: &str = "/.scanned";

/// See the module.
pub struct View {
    tree: Arc<Tree>,
    packages: Arc<Packages>,
}

/// The place at which the library sees a path from the root.
pub fn place(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

impl View {
    pub fn of(tree: &Arc<Tree>, packages: &Arc<Packages>) -> Self {
        Self { tree: Arc::clone(tree), packages: Arc::clone(packages) }
    }

    /// The path from the root of what the library found: links followed, and the source instead of the built file.
    pub fn real(&self, place: &Path) -> Option<SmolStr> {
        let Seen::Path(path) = self.seen(place) else { return None };
        if self.tree.is_known(&path) { Some(path) } else { Some(self.source_of(&path).map_or(path, SmolStr::from)) }
    }

    fn source_of(&self, path: &str) -> Option<String> {
        sources::source_of(&self.tree, &self.packages, path)
    }

    fn seen(&self, place: &Path) -> Seen {
        let inside = place.strip_prefix(ROOT).ok().and_then(Path::to_str);
        let Some(path) = inside.map(|path| path.replace('\\', "/")) else { return Seen::Nothing };
        match path.strip_prefix("node_modules") {
            Some("") => Seen::folder(!self.packages.is_empty()),
            Some(linked) if linked.starts_with('/') => self.linked(&linked[1..]),
            _ if path.split('/').any(|name| name == "node_modules") => Seen::Nothing,
            _ => Seen::Path(path.into()),
        }
    }

    /// What stands at a path below the root's `node_modules`.
    fn linked(&self, path: &str) -> Seen {
        let (name, rest) = super::specifier::package_name(path);
        match self.packages.dir(name) {
            Some(dir) => path::join(dir, rest).map_or(Seen::Nothing, Seen::Path),
            None => Seen::folder(rest.is_empty() && self.packages.has_scope(name)),
        }
    }

    fn is_file(&self, path: &str) -> bool {
        self.tree.is_known(path)
            || match path::name(path).rsplit_once('.') {
                Some(("package", "json")) => self.packages.at(path::parent(path)).is_some(),
                Some((_, "json")) => self.tree.has_file(path),
                _ => self.source_of(path).is_some(),
            }
    }
}

/// What a place stands for.
enum Seen {
    Nothing,
    /// A directory that only exists for the library.
    Folder,
    Path(SmolStr),
}

impl Seen {
    fn folder(exists: bool) -> Self {
        if exists { Self::Folder } else { Self::Nothing }
    }
}

fn absent() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl FileSystem for View {
    fn new() -> Self {
        let nowhere = Tree::new(PathBuf::new(), Arc::new(super::Memory::default()), &[]);
        Self { tree: Arc::new(nowhere), packages: Arc::default() }
    }

    fn read(&self, place: &Path) -> io::Result<Vec<u8>> {
        let Seen::Path(path) = self.seen(place) else { return Err(absent()) };
        if path::name(&path) != "package.json" {
            return Err(absent());
        }
        let package = self.packages.at(path::parent(&path)).ok_or_else(absent)?;
        serde_json::to_vec(&package.manifest).map_err(io::Error::other)
    }

    fn read_to_string(&self, place: &Path) -> io::Result<String> {
        String::from_utf8(self.read(place)?).map_err(io::Error::other)
    }

    fn metadata(&self, place: &Path) -> io::Result<FileMetadata> {
        let (file, dir) = match self.seen(place) {
            Seen::Path(path) if self.tree.is_dir(&path) => (false, true),
            Seen::Path(path) => (self.is_file(&path), false),
            Seen::Folder => (false, true),
            Seen::Nothing => (false, false),
        };
        if file || dir { Ok(FileMetadata::new(file, dir, false)) } else { Err(absent()) }
    }

    fn symlink_metadata(&self, place: &Path) -> io::Result<FileMetadata> {
        self.metadata(place)
    }

    fn read_link(&self, place: &Path) -> Result<PathBuf, ResolveError> {
        Ok(place.to_path_buf())
    }

    fn canonicalize(&self, place: &Path) -> io::Result<PathBuf> {
        Ok(place.to_path_buf())
    }
}
