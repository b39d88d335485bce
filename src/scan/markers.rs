//! The catalogue's markers: byte strings that show a vendor may be at work in a file.

use smol_str::SmolStr;

use crate::{
    catalog::{
        Catalog, Handle, VendorId,
        format::{Meaning, Word},
    },
    source::{Candidate, FileKind, Markers, Sketch},
};

/// Files that list plugins by the names of their packages, without extension.
const PLUGIN_CONFIGURATIONS: &[&str] = &["docusaurus.config", "gatsby-config", "nuxt.config"];

/// Whether a file is one in which a framework is told its plugins.
pub(crate) fn configures_plugins(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    PLUGIN_CONFIGURATIONS.contains(&stem)
}

/// How a marker shows a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkKind {
    Package,
    Global,
    Script,
    Host,
}

/// One marker.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) vendor: VendorId,
    pub(crate) kind: MarkKind,
    pub(crate) text: SmolStr,
}

/// All markers, prepared for sketching.
pub(crate) struct Marks<'c> {
    pub(crate) markers: Markers,
    pub(crate) all: Vec<Mark>,
    catalog: &'c Catalog,
}

impl<'c> Marks<'c> {
    pub(crate) fn of(catalog: &'c Catalog) -> Self {
        let mut marks = Vec::new();
        for (index, source) in catalog.sources().iter().enumerate() {
            if source.vendor.is_none() {
                continue;
            }
            let vendor = VendorId(u32::try_from(index).unwrap_or(u32::MAX));
            let mut add = |kind, texts: &[SmolStr]| {
                marks.extend(texts.iter().map(|text| Mark { vendor, kind, text: text.clone() }));
            };
            add(MarkKind::Package, &source.marks.packages);
            add(MarkKind::Global, &source.marks.globals);
            add(MarkKind::Script, &source.marks.scripts);
            add(MarkKind::Host, &source.marks.hosts);
        }
        let id = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let literals = marks.iter().enumerate().filter(|(_, mark)| mark.kind != MarkKind::Global);
        let literals: Vec<_> = literals.map(|(index, mark)| (literal(mark), id(index))).collect();
        let identifiers = marks.iter().enumerate().filter(|(_, mark)| mark.kind == MarkKind::Global);
        let identifiers: Vec<_> = identifiers.map(|(index, mark)| (mark.text.to_string(), id(index))).collect();
        Self { markers: Markers::new(literals, identifiers), all: marks, catalog }
    }
}

/// How a file shows a global variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// Only as a property, a string, a word in a comment.
    None,
    /// `name.x`, `name(`, `name =`, `name[`, where the file itself declares the name.
    Own,
    /// The same, where a `var` declares it, which at the top of a page's script is a global.
    Var,
    /// The same, and nothing declares it.
    Bare,
    /// `window.name`
    OfWindow,
}

/// Globals of so few letters are names that everybody uses.
const SHORT: usize = 3;

/// Commands and methods of fewer letters say no more than the global does.
const COMMAND: usize = 3;

impl Marks<'_> {
    /// Which of the markers met in a file's bytes count, and which count only where the project names the vendor in
    /// another way: a global must be used as one; the name of a short one says little, and so does a name that the
    /// file declares. A script must import a package, or list it as a plugin: in other quotes its name may be a word of
    /// a text.
    pub(crate) fn confirmed(&self, text: &str, sketch: &Sketch, file: &Candidate) -> (Vec<u32>, Vec<u32>) {
        let is_code = matches!(file.kind, FileKind::Script(_)) && !configures_plugins(&file.rel);
        let mut weak = Vec::new();
        let strong = sketch.markers.iter().copied().filter(|&id| {
            let mark = &self.all[id as usize];
            let used = match mark.kind {
                MarkKind::Global => usage(text, &mark.text),
                MarkKind::Package => {
                    let package = literal(mark);
                    let imported = sketch.specifiers.iter().any(|specifier| names(specifier, &package));
                    match is_module(text, &package) {
                        false => Use::None,
                        true if imported || !is_code => Use::OfWindow,
                        true => Use::Own,
                    }
                }
                MarkKind::Script | MarkKind::Host => Use::OfWindow,
            };
            let counts = match used {
                Use::Own => false,
                Use::Var => mark.text.len() > SHORT && !self.catalog.global_assign(&mark.text).is_empty(),
                Use::Bare => mark.text.len() > SHORT || is_told(self.catalog, mark, text),
                Use::None | Use::OfWindow => true,
            };
            if !counts {
                weak.push(id);
                return false;
            }
            used != Use::None
        });
        let strong = strong.collect();
        (strong, weak)
    }

    /// Whether a marker is this package or one in its scope of sub-paths.
    pub(crate) fn is_package(&self, id: u32, name: &str) -> bool {
        let mark = &self.all[id as usize];
        let below = |scope: &str| name.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        mark.kind == MarkKind::Package && (mark.text == name || mark.text.strip_suffix("/*").is_some_and(below))
    }
}

/// Whether a text uses a global in a way that only its vendor's api has: a call by one of its commands
/// (`name("init", …)`), or by a method that is told who somebody is (`name.identify(…)`).
fn is_told(catalog: &Catalog, mark: &Mark, text: &str) -> bool {
    let handles = catalog.global(&mark.text);
    let own = |handle: &&Handle| catalog.api(handle.api).vendor == Some(mark.vendor);
    let own: Vec<&Handle> = handles.iter().filter(own).collect();
    words(text, &mark.text).any(|(before, after)| {
        !before.ends_with(b".") && own.iter().any(|handle| tells(catalog, handle, after.trim_ascii_start()))
    })
}

fn tells(catalog: &Catalog, handle: &Handle, after: &[u8]) -> bool {
    let known = |api, path: &[u8]| {
        let path = SmolStr::new(std::str::from_utf8(path).unwrap_or_default());
        catalog.call(&Handle { api, path })
    };
    match after {
        [b'(', rest @ ..] => {
            let [quote @ (b'"' | b'\''), rest @ ..] = rest.trim_ascii_start() else { return false };
            let Some(end) = memchr::memchr(*quote, rest) else { return false };
            let (commands, command) = (catalog.call(handle), &rest[..end]);
            let mut dispatch = commands.iter().filter_map(|signature| signature.dispatch.as_ref());
            end >= COMMAND && dispatch.any(|(_, api)| !known(*api, command).is_empty())
        }
        [b'.', rest @ ..] => {
            let end = rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len());
            let called = rest[end..].trim_ascii_start().starts_with(b"(");
            let who = |meaning: &Meaning| matches!(meaning, Meaning::Word(Word::Is(_) | Word::Traits));
            end >= COMMAND
                && called
                && known(handle.api, &rest[..end]).iter().any(|signature| signature.args.iter().any(who))
        }
        _ => false,
    }
}

/// The strongest use of a global variable in a text.
fn usage(text: &str, name: &str) -> Use {
    let mut strongest = Use::None;
    let (mut declared, mut by_var) = (false, false);
    for (before, after) in words(text, name) {
        if is_of_window(before) {
            return Use::OfWindow;
        }
        match declaring(before) {
            // `var name;` in a snippet declares what another script fills.
            Some("var") => by_var |= !matches!(after.trim_ascii_start().first(), Some(b';' | b',')),
            keyword => declared |= keyword.is_some() || is_arrow_parameter(before, after),
        }
        if is_used(after) && !is_part(before, name) && !is_prose(before) {
            strongest = Use::Bare;
        }
    }
    match strongest {
        Use::Bare if declared => Use::Own,
        Use::Bare if by_var => Use::Var,
        _ => strongest,
    }
}

/// What stands before and after each place where a name stands by itself.
fn words<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = (&'t [u8], &'t [u8])> {
    let around = memchr::memmem::find_iter(text.as_bytes(), name.as_bytes())
        .map(move |at| (&text.as_bytes()[..at], &text.as_bytes()[at + name.len()..]));
    let goes_on = |byte: Option<&u8>| byte.is_some_and(|&byte| is_word(byte));
    around.filter(move |(before, after)| !goes_on(before.last()) && !goes_on(after.first()))
}

/// Whether what comes is a member of the global object: `window.`, `(window as any).`, `self["`.
fn is_of_window(before: &[u8]) -> bool {
    let dotted = before.strip_suffix(b".").map(|rest| rest.strip_suffix(b"?").unwrap_or(rest));
    let quoted = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'"));
    let object = dotted.or_else(|| quoted.and_then(|rest| rest.strip_suffix(b"[")));
    let names = ["window", "globalThis", "self", "window.top", "window.parent", ")"];
    object.is_some_and(|object| names.iter().any(|name| object.ends_with(name.as_bytes())))
}

/// Whether a name is called, read from, assigned. A full stop before a space ends a sentence.
fn is_used(after: &[u8]) -> bool {
    match after.trim_ascii_start() {
        [b'(' | b'[' | b'`', ..] | [b'?' | b'!', b'.', ..] => true,
        [b'.', rest @ ..] => rest.first().is_some_and(|&next| is_word(next) || next == b'#'),
        [b'=', rest @ ..] => rest.first() != Some(&b'='),
        _ => false,
    }
}

/// Whether a name is a property of something, or a part of a path or a longer name with dashes. A plugin puts `$name`
/// on every component.
fn is_part(before: &[u8], name: &str) -> bool {
    match before.last() {
        Some(b'.') => !before.ends_with(b"...") && !name.starts_with('$'),
        Some(b'/' | b'-' | b'@') => true,
        _ => false,
    }
}

/// Whether what follows stands in a comment, as far as its line tells.
fn is_prose(before: &[u8]) -> bool {
    let line = &before[memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..];
    let start = line.trim_ascii_start();
    let opens = [&b"//"[..], b"/*", b"* "].iter().any(|sign| start.starts_with(sign));
    opens || memchr::memmem::find(start, b" // ").is_some()
}

/// The keyword that declares a name here. What is declared to exist elsewhere (`declare const name`) is not declared.
fn declaring(before: &[u8]) -> Option<&'static str> {
    let rest = before.trim_ascii_end();
    let keywords = ["const", "let", "var", "function", "class", "import"];
    let before_it = |keyword: &str| rest.strip_suffix(keyword.as_bytes()).filter(|_| rest.len() < before.len());
    let stands =
        |rest: &[u8]| !rest.last().is_some_and(|&byte| is_word(byte)) && !rest.trim_ascii_end().ends_with(b"declare");
    keywords.into_iter().find(|keyword| before_it(keyword).is_some_and(stands))
}

/// Whether a name is the only parameter of an arrow function.
fn is_arrow_parameter(before: &[u8], after: &[u8]) -> bool {
    let after = after.trim_ascii_start();
    let inside = after.strip_prefix(b")").filter(|_| before.trim_ascii_end().ends_with(b"("));
    inside.map_or(after, <[u8]>::trim_ascii_start).starts_with(b"=>")
}

/// Whether a package stands where a module does: in quotes, in an address.
fn is_module(text: &str, package: &str) -> bool {
    words(text, package).any(|(before, after)| {
        matches!(before.last(), Some(b'"' | b'\'' | b'`' | b'/' | b':' | b'!'))
            && matches!(after.first(), Some(b'"' | b'\'' | b'`' | b'/' | b'@' | b'?' | b'.'))
    })
}

/// Whether what is imported is a package or a part of it, behind a loader (`npm:`, `raw!`) or served from an address.
fn names(specifier: &str, package: &str) -> bool {
    let served = specifier.contains("//");
    words(specifier, package).any(|(before, after)| {
        let starts = matches!(before.last(), None | Some(b':' | b'!')) || served && before.last() == Some(&b'/');
        let ends = matches!(after.first(), None | Some(b'/' | b'@' | b'?')) || served && after.first() == Some(&b'.');
        starts && ends
    })
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// The bytes that show a marker: a package stands in quotes, a wildcard host is its domain.
fn literal(mark: &Mark) -> String {
    match mark.kind {
        MarkKind::Package => mark.text.trim_end_matches("/*").to_owned(),
        MarkKind::Host => mark.text.trim_start_matches("*.").to_owned(),
        _ => mark.text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_global_is_used_as_one() {
        let cases = [
            ("bucket.push(1)", Use::Bare),
            ("bucket?.push(1)", Use::Bare),
            ("a.bucket.push(1)", Use::None),
            ("// the bucket is full", Use::None),
            ("const bucket = []; bucket.push(1)", Use::Own),
            ("declare const bucket: any; bucket.push(1)", Use::Bare),
            ("var bucket = []; bucket.push(1)", Use::Var),
            ("var bucket; bucket.push(1)", Use::Bare),
            ("innervar bucket.push(1)", Use::Bare),
            ("all.map(bucket => bucket.name)", Use::Own),
            ("all.map((bucket) => bucket.name)", Use::Own),
            ("call(bucket); bucket.push(1)", Use::Bare),
            ("const bucket = window.bucket; bucket.push(1)", Use::OfWindow),
            ("(window as any).bucket.push(1)", Use::OfWindow),
            ("globalThis['bucket'].push(1)", Use::OfWindow),
            ("constbucket(1)", Use::None),
            ("// the bucket (which is full)", Use::None),
            ("/**\n * Fills the bucket(s).\n */", Use::None),
            ("fill() // into bucket.push", Use::None),
            ("\"http://x\" + bucket.push(1)", Use::Bare),
            ("The bucket. It is full.", Use::None),
            ("bucket\n  .push(1)", Use::Bare),
            ("from './logos/bucket.svg'", Use::None),
        ];
        for (text, expect) in cases {
            assert_eq!(usage(text, "bucket"), expect, "{text}");
        }
    }

    #[test]
    fn a_package_stands_where_a_module_does() {
        for text in ["import 'loops'", "require(\"loops/x\")", "https://esm.sh/loops@1.2", "from 'npm:loops'"] {
            assert!(is_module(text, "loops"), "{text}");
        }
        for text in ["// it loops", "loops(1)", "'two loops'", "\"loops forever\""] {
            assert!(!is_module(text, "loops"), "{text}");
        }
        for specifier in ["loops", "loops/x", "npm:loops@3", "raw!loops", "https://esm.sh/loops@1.2", "//x.io/loops.js"]
        {
            assert!(names(specifier, "loops"), "{specifier}");
        }
        for specifier in ["@/loops", "./loops.svg", "~/logos/loops.svg", "loops-js", "loops.svg"] {
            assert!(!names(specifier, "loops"), "{specifier}");
        }
    }
}
