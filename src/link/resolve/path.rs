//! Paths from the scanned root, with slashes: `src/app.ts`; the root itself is the empty path.

use smol_str::{SmolStr, format_smolstr};

/// The directory of a path.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The last name of a path.
pub fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// `path`, then the directories that hold it, up to the root.
pub fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| (!path.is_empty()).then(|| parent(path)))
}

/// The part of `path` inside `dir`, which may be the root.
pub fn inside<'a>(path: &'a str, dir: &str) -> Option<&'a str> {
    if dir.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(dir)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// `relative` as seen from `dir`, normalised. `None` when it leaves the root.
pub fn join(dir: &str, relative: &str) -> Option<SmolStr> {
    let mut names: Vec<&str> = dir.split('/').filter(|name| !name.is_empty()).collect();
    for name in relative.split(['/', '\\']) {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()?),
            name => names.push(name),
        }
    }
    Some(names.join("/").into())
}

/// `name` directly inside `dir`.
pub fn child(dir: &str, name: &str) -> SmolStr {
    if dir.is_empty() { name.into() } else { format_smolstr!("{dir}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_the_root() {
        assert_eq!(join("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(join("a", "..").as_deref(), Some(""));
        assert_eq!(join("a", "../../x"), None);
        assert_eq!(ancestors("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(inside("a/b", "a"), Some("b"));
        assert_eq!(inside("ab/c", "a"), None);
        assert_eq!(inside("a", "a"), Some(""));
        assert_eq!(child("", "x"), "x");
    }
}
