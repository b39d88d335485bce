//! What a `package.json` declares: the name of the package and what it depends on.

use smol_str::SmolStr;

use crate::base::Span;

/// How a package is depended on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Needed at run time.
    Normal,
    /// Needed to build or to test only.
    Dev,
    /// Brought by whoever uses this package.
    Peer,
    /// Used where it can be installed.
    Optional,
}

/// One entry of a dependency table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The package, also where the entry gives it another name (`"ph": "npm:posthog-js@1"`).
    pub package: SmolStr,
    /// The whole entry, `"posthog-js": "^1.0.0"`, as bytes of the manifest's text.
    pub span: Span,
    /// The table that it stands in.
    pub kind: Kind,
}

/// A manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its path from the root, with slashes.
    pub rel: SmolStr,
    /// The name of the package, if it has one.
    pub name: Option<SmolStr>,
    /// All dependencies in the order of the text.
    pub dependencies: Vec<Dependency>,
}

impl Manifest {
    /// Reads the manifest `text` that stands at `rel`. Comments and trailing commas are allowed.
    ///
    /// # Errors
    /// What is wrong with the syntax, in one line.
    pub fn parse(rel: &str, text: &str) -> Result<Self, String> {
        // The byte order mark is part of the text, and spans count it.
        let mark = u32::from(text.starts_with('\u{feff}')) * 3;
        let tree = super::config::tree(text)?;
        let object = tree.as_ref().and_then(|tree| tree.as_object());
        let name = object.and_then(|object| Some(SmolStr::new(&object.get_string("name")?.value)));
        let tables = object
            .into_iter()
            .flat_map(|object| &object.properties)
            .filter_map(|property| Some((kind(property.name.as_str())?, property.value.as_object()?)));
        let entries = tables.flat_map(|(kind, table)| table.properties.iter().map(move |entry| (kind, entry)));
        let dependencies = entries.map(|(kind, entry)| dependency(kind, entry, mark)).collect();
        Ok(Self { rel: rel.into(), name, dependencies })
    }
}

fn kind(table: &str) -> Option<Kind> {
    Some(match table {
        "dependencies" => Kind::Normal,
        "devDependencies" => Kind::Dev,
        "peerDependencies" => Kind::Peer,
        "optionalDependencies" => Kind::Optional,
        _ => return None,
    })
}

fn dependency(kind: Kind, entry: &jsonc_parser::ast::ObjectProp<'_>, mark: u32) -> Dependency {
    let range = entry.value.as_string_lit().map_or("", |range| &range.value);
    let aliased = range.strip_prefix("npm:").map(|package| {
        let version = package.rfind('@').filter(|&at| at > 0);
        &package[..version.unwrap_or(package.len())]
    });
    let package = SmolStr::new(aliased.unwrap_or(entry.name.as_str()));
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX).saturating_add(mark);
    Dependency { package, span: Span::new(offset(entry.range.start), offset(entry.range.end)), kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_with_their_places() {
        let text = "\u{feff}{
  // the shop
  \"name\": \"shop\",
  \"dependencies\": { \"mixpanel-browser\": \"^2.0.0\", \"ph\": \"npm:@acme/posthog@1.2\" },
  \"devDependencies\": { \"vite\": \"5\", },
  \"peerDependencies\": { \"react\": \"*\" },
  \"optionalDependencies\": { \"fsevents\": \"2\" },
  \"scripts\": { \"build\": \"vite\" },
}";
        let manifest = Manifest::parse("apps/shop/package.json", text).unwrap();
        assert_eq!(manifest.name.as_deref(), Some("shop"));
        let found: Vec<_> = manifest
            .dependencies
            .iter()
            .map(|entry| (entry.package.as_str(), entry.span.of(text), entry.kind))
            .collect();
        let expect = [
            ("mixpanel-browser", "\"mixpanel-browser\": \"^2.0.0\"", Kind::Normal),
            ("@acme/posthog", "\"ph\": \"npm:@acme/posthog@1.2\"", Kind::Normal),
            ("vite", "\"vite\": \"5\"", Kind::Dev),
            ("react", "\"react\": \"*\"", Kind::Peer),
            ("fsevents", "\"fsevents\": \"2\"", Kind::Optional),
        ];
        assert_eq!(found, expect);
    }

    #[test]
    fn odd_manifests() {
        assert!(Manifest::parse("package.json", "{ \"name\": ").is_err());
        for text in ["", "[]", "null", "{ \"dependencies\": [1] }", "{ \"name\": 1, \"dependencies\": { \"a\": 1 } }"] {
            let manifest = Manifest::parse("package.json", text).unwrap();
            assert_eq!(manifest.name, None, "{text}");
        }
    }
}
