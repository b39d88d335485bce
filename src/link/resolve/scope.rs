//! Aliases: what the configuration of a directory says about specifiers that are no paths.

use smol_str::{SmolStr, ToSmolStr};

use super::path;

/// What an alias stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A path from the root; may hold one `*`.
    Path(SmolStr),
    /// Another specifier; may hold one `*`.
    Specifier(SmolStr),
}

/// The aliases of one configuration file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Patterns with at most one `*`, and what they stand for.
    aliases: Vec<(SmolStr, Vec<Target>)>,
    /// Directories in which every bare specifier is looked up.
    bases: Vec<SmolStr>,
}

impl Scope {
    /// Says that specifiers like `pattern` stand for the first of `targets` that exists.
    pub fn alias(&mut self, pattern: &str, targets: Vec<Target>) {
        if pattern.matches('*').count() <= 1 && !pattern.is_empty() && !targets.is_empty() {
            self.aliases.push((pattern.into(), targets));
        }
    }

    /// Says that `name` stands for `target`, and a path inside `name` for the same path inside `target`.
    pub fn alias_tree(&mut self, name: &str, targets: Vec<Target>) {
        let inside = |path: &SmolStr| path::child(path.trim_end_matches('/'), "*");
        let below = targets.iter().map(|target| match target {
            Target::Path(path) => Target::Path(inside(path)),
            Target::Specifier(specifier) => Target::Specifier(inside(specifier)),
        });
        let name = name.trim_end_matches('/');
        self.alias(&format!("{name}/*"), below.collect());
        self.alias(name, targets);
    }

    /// Says that bare specifiers are also paths inside `dir`.
    pub fn base(&mut self, dir: SmolStr) {
        if !self.bases.contains(&dir) {
            self.bases.push(dir);
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.aliases.is_empty() && self.bases.is_empty()
    }

    /// Everything that a specifier may stand for, likeliest first: exact patterns, then those with the longest start.
    pub fn targets(&self, specifier: &str) -> Vec<Target> {
        let ranked = self.aliases.iter().filter_map(|(pattern, targets)| {
            let (rank, middle) = matched(pattern, specifier)?;
            Some((rank, middle, targets))
        });
        let mut found: Vec<_> = ranked.collect();
        found.sort_by_key(|(rank, ..)| std::cmp::Reverse(*rank));
        let aliased =
            found.into_iter().flat_map(|(_, middle, targets)| targets.iter().map(move |to| to.filled(middle)));
        let based = self.bases.iter().filter_map(|dir| path::join(dir, specifier).map(Target::Path));
        aliased.chain(based).collect()
    }
}

impl Target {
    fn filled(&self, middle: &str) -> Self {
        match self {
            Self::Path(path) => Self::Path(path.replacen('*', middle, 1).to_smolstr()),
            Self::Specifier(specifier) => Self::Specifier(specifier.replacen('*', middle, 1).to_smolstr()),
        }
    }
}

/// How well a pattern fits a specifier, and what its `*` stands for.
fn matched<'s>(pattern: &str, specifier: &'s str) -> Option<(usize, &'s str)> {
    let Some((start, end)) = pattern.split_once('*') else {
        return (pattern == specifier).then_some((usize::MAX, ""));
    };
    let middle = specifier.strip_prefix(start)?.strip_suffix(end)?;
    Some((start.len(), middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_start_comes_first() {
        let mut scope = Scope::default();
        scope.alias("*", vec![Target::Path("any/*".into())]);
        scope.alias("@/*", vec![Target::Path("src/*".into())]);
        scope.alias("@/lib/*.js", vec![Target::Path("lib/*.ts".into())]);
        scope.alias("@/lib/x.js", vec![Target::Specifier("x".into())]);
        scope.base("".into());
        let path = |path: &str| Target::Path(path.into());
        let expect = vec![
            Target::Specifier("x".into()),
            path("lib/x.ts"),
            path("src/lib/x.js"),
            path("any/@/lib/x.js"),
            path("@/lib/x.js"),
        ];
        assert_eq!(scope.targets("@/lib/x.js"), expect);
    }

    #[test]
    fn a_tree_alias_covers_the_name_and_what_is_inside() {
        let mut scope = Scope::default();
        scope.alias_tree("~", vec![Target::Path("app".into())]);
        assert_eq!(scope.targets("~/x"), [Target::Path("app/x".into())]);
        assert_eq!(scope.targets("~"), [Target::Path("app".into())]);
        assert_eq!(scope.targets("~x"), []);
    }
}
