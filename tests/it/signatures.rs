//! Every signature of the catalogue, called in the plainest way, is understood: what its meanings promise is found.
//!
//! For each entry of a vendor (a package's export, a global) the apis that can be reached from it are walked, and each
//! of their calls becomes a line of a program with personal values where the signature speaks of any. The line is
//! written in one of the ways in which programs hold a client; `STYLE=all` tries every way for every call.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
};

use overshare::{
    base::Category,
    catalog::format::{Api, Call, Document, Entry, Meaning, Word},
    report::model::Finding,
};
use rayon::prelude::*;

use crate::{
    catalogue::{File, files},
    fixtures::{data, root, shared_pool},
};

/// A place in a program where something of the vendor's can be had.
#[derive(Debug, Clone)]
enum Reach {
    /// An expression that is the api.
    Expression(String),
    /// A call whose argument names a call of the api: what stands before the name, and after the last argument.
    Dispatch(String, String),
    /// A callback that is handed the api: what stands before its body, the api's name there, what stands after.
    Callback(String, String, String),
}

/// How a program holds what it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Inline,
    Constant,
    Field,
    Class,
    Argument,
    Optional,
    Destructured,
    OtherFile,
}

const STYLES: &[Style] = &[
    Style::Inline,
    Style::Constant,
    Style::OtherFile,
    Style::Field,
    Style::Class,
    Style::Argument,
    Style::Optional,
    Style::Destructured,
];

/// A line of a program, and what must be found in it.
#[derive(Debug)]
struct Line {
    code: String,
    promised: Promised,
}

/// What the meanings of a call promise.
#[derive(Debug, Default)]
struct Promised {
    found: BTreeSet<Category>,
    /// Whether the part at hand stands under `*`.
    starred: bool,
}

/// Whether an exact category under `*` is found where the key itself says nothing: not yet.
const STARS_TELL: bool = false;

/// Known gaps of single calls: a vendor, an import (none for a global) and a part of the line.
const KNOWN: &[(&str, &str, &str)] = &[
    // Of two apis that one extends, only the last one's signatures of a call count.
    ("adjust", "", "initSdk"),
];

/// The value that a meaning is given, and what must be found in it.
fn value(meaning: &Meaning, promised: &mut Promised) -> String {
    match meaning {
        Meaning::Word(word) => match word {
            Word::Ignore | Word::Settings => "undefined".to_owned(),
            Word::Key => "\"note\"".to_owned(),
            Word::Is(category) => {
                if STARS_TELL || !promised.starred {
                    promised.found.insert(*category);
                }
                "given.value".to_owned()
            }
            _ => {
                promised.found.insert(Category::Email);
                if *word == Word::Traits || *word == Word::GroupTraits || *word == Word::Properties {
                    "{ note: user.email }".to_owned()
                } else {
                    "user.email".to_owned()
                }
            }
        },
        Meaning::Callback(callback) => {
            let returned = callback.returns.as_deref().map(|meaning| value(meaning, promised));
            format!("() => ({})", returned.unwrap_or_else(|| "undefined".to_owned()))
        }
        Meaning::Parts(parts) => match parts.get("[]") {
            Some(element) if parts.len() == 1 => format!("[{}]", value(element, promised)),
            _ => {
                let keyed = parts.iter().filter(|(key, _)| *key != "[]");
                let fields = keyed.map(|(key, meaning)| {
                    let outer = promised.starred;
                    promised.starred |= key == "*";
                    let value = value(meaning, promised);
                    promised.starred = outer;
                    format!("{:?}: {value}", if key == "*" { "extra" } else { key })
                });
                format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
        },
    }
}

/// The arguments of a call by one of its signatures.
fn arguments(call: &Call, promised: &mut Promised) -> Vec<String> {
    let mut values: Vec<String> = call.args.iter().map(|meaning| value(meaning, promised)).collect();
    if let Some(rest) = &call.rest {
        values.push(value(rest, promised));
    }
    if let Some(arity) = call.arity {
        values.resize(arity, "undefined".to_owned());
    }
    values
}

/// One vendor's program under construction.
struct Walk<'d> {
    document: &'d Document,
    style: Style,
    lines: Vec<Line>,
    /// Exports of the file that holds the clients.
    clients: Vec<String>,
}

impl<'d> Walk<'d> {
    /// The calls of an api and of those that it extends.
    fn calls(&self, name: &str) -> BTreeMap<&'d str, &'d [Call]> {
        let mut calls = BTreeMap::new();
        for api in self.family(name) {
            for (path, signatures) in &api.calls {
                calls.entry(path.as_str()).or_insert_with(|| signatures.as_slice());
            }
        }
        calls
    }

    fn family(&self, name: &str) -> Vec<&'d Api> {
        let mut names = vec![name];
        let mut at = 0;
        while let Some(api) = names.get(at).and_then(|name| self.document.api.get(*name)) {
            let new = api.extends.iter().map(String::as_str).filter(|base| !names.contains(base));
            let new: Vec<&str> = new.collect();
            names.extend(new);
            at += 1;
        }
        names.iter().filter_map(|name| self.document.api.get(*name)).collect()
    }

    /// Adds a line for each signature that can be reached from an expression that is an api.
    fn from(&mut self, api: &'d str, expression: String) {
        let mut seen = BTreeSet::new();
        let mut work = VecDeque::from([(api, Reach::Expression(expression))]);
        while let Some((api, reach)) = work.pop_front() {
            let dispatched = matches!(reach, Reach::Dispatch(..));
            if !seen.insert((api, dispatched)) {
                continue;
            }
            for (path, signatures) in self.calls(api) {
                for call in signatures {
                    self.line(&reach, path, call);
                    let shadowed = self.family(api).iter().any(|api| api.members.contains_key(path));
                    if !dispatched && !shadowed {
                        work.extend(next(&reach, path, call));
                    }
                }
            }
            if let Reach::Expression(base) = &reach {
                for known in self.family(api) {
                    let members = known.members.iter();
                    let inner = members.map(|(path, api)| (api.as_str(), Reach::Expression(target(base, path))));
                    work.extend(inner);
                    for (path, meaning) in &known.assigns {
                        self.assign(&target(base, path), meaning);
                    }
                }
            }
        }
    }

    fn assign(&mut self, target: &str, meaning: &Meaning) {
        let mut promised = Promised::default();
        let code = format!("{target} = {};", value(meaning, &mut promised));
        self.add(code, promised);
    }

    fn line(&mut self, reach: &Reach, path: &str, call: &Call) {
        let mut promised = Promised::default();
        let values = arguments(call, &mut promised);
        let code = match reach {
            Reach::Expression(base) => self.styled(base, path, &values),
            Reach::Dispatch(before, after) => {
                let all = [vec![format!("{path:?}")], values].concat();
                format!("{before}{}{after};", all.join(", "))
            }
            Reach::Callback(before, name, after) => format!("{before}{}{after};", called(name, path, &values)),
        };
        self.add(code, promised);
    }

    /// A call of something that the program holds in its style.
    fn styled(&mut self, base: &str, path: &str, values: &[String]) -> String {
        let call = |base: &str| called(base, path, values);
        // What is called itself must keep its name, which may be that of a class.
        if path == "()" {
            return call(base) + ";";
        }
        match self.style {
            Style::Inline => call(base) + ";",
            Style::Constant => format!("{{ const client = {base}; {}; }}", call("client")),
            Style::Field => format!("{{ const held = {{ client: {base} }}; {}; }}", call("held.client")),
            Style::Class => format!("new (class {{ client = {base}; run() {{ {}; }} }})().run();", call("this.client")),
            Style::Argument => format!("((client) => {{ {}; }})({base});", call("client")),
            Style::Optional => call(&format!("{base}?")).replace("?[", "?.[") + ";",
            Style::Destructured => {
                let first = path.split('.').next().unwrap_or(path);
                let rest = path[first.len()..].trim_start_matches('.');
                let rest = if rest.is_empty() { "()" } else { rest };
                let new =
                    if rest == "()" && first.starts_with(|first: char| first.is_uppercase()) { "new " } else { "" };
                let call = called("taken", rest, values);
                format!("{{ const {{ {first:?}: taken }} = {base}; {new}{call}; }}")
            }
            Style::OtherFile => {
                let name = format!("client{}", self.clients.len());
                self.clients.push(format!("export const {name} = {base};"));
                format!("{};", call(&format!("clients.{name}")))
            }
        }
    }

    fn add(&mut self, code: String, promised: Promised) {
        if !promised.found.is_empty() {
            self.lines.push(Line { code, promised });
        }
    }
}

/// What a call gives: its result, the api of its commands, what its callbacks are handed.
fn next<'d>(reach: &Reach, path: &str, call: &'d Call) -> Vec<(&'d str, Reach)> {
    let mut found = Vec::new();
    let values = arguments(call, &mut Promised::default());
    let wrap = |text: String| match reach {
        Reach::Callback(before, _, after) => (before.clone() + &text, after.clone()),
        _ => (text, String::new()),
    };
    let (Reach::Expression(base) | Reach::Callback(_, base, _)) = reach else { return found };
    if let Some(api) = &call.returns {
        let expression = called(base, path, &values);
        found.push((
            api.as_str(),
            match reach {
                Reach::Callback(before, _, after) => Reach::Callback(before.clone(), expression, after.clone()),
                _ => Reach::Expression(expression),
            },
        ));
    }
    if let Some(dispatch) = &call.dispatch
        && let Some((open, close)) = match dispatch.command.as_str() {
            "0" => Some(("(", ")")),
            "0[0]" | "*[0]" => Some(("([", "])")),
            _ => None,
        }
    {
        let (before, after) = wrap(target(base, path) + open);
        found.push((dispatch.api.as_str(), Reach::Dispatch(before, close.to_owned() + &after)));
    }
    for (index, meaning) in call.args.iter().enumerate() {
        let Meaning::Callback(callback) = meaning else { continue };
        for (at, api) in callback.params.iter().enumerate().filter(|(_, api)| *api != "_") {
            let names: Vec<String> = (0..=at).map(|at| format!("handed{at}")).collect();
            let mut earlier: Vec<String> = values[..index.min(values.len())].to_vec();
            earlier.push(format!("({}) => {{ ", names.join(", ")));
            let (before, after) = wrap(format!("{}({}", target(base, path), earlier.join(", ")));
            found.push((api.as_str(), Reach::Callback(before, names[at].clone(), format!(" }}){after}"))));
        }
    }
    found
}

/// `base.path`, quoted where a part is no name.
fn target(base: &str, path: &str) -> String {
    if path == "()" {
        return base.to_owned();
    }
    let path = path.replace('*', "extra");
    let parts = path.split('.').map(|part| {
        let plain = part.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '$');
        if plain && !part.starts_with(|first: char| first.is_ascii_digit()) {
            format!(".{part}")
        } else {
            format!("[{part:?}]")
        }
    });
    base.to_owned() + &parts.collect::<String>()
}

/// A call, or a construction where the name is one of a class.
fn called(base: &str, path: &str, values: &[String]) -> String {
    let target = target(base, path);
    let last = target.rsplit('.').next().unwrap_or_default();
    let class = last.starts_with(|first: char| first.is_uppercase()) && !target.contains('(');
    format!("{}{target}({})", if class { "new " } else { "" }, values.join(", "))
}

/// The ways in which an entry enters a program: an import if it needs one, and the expression.
fn ways(entry: &Entry) -> Vec<(String, String)> {
    let packages = entry.packages.iter().filter(|package| !package.ends_with("/*"));
    let imported = packages.flat_map(|package| {
        entry.exports.iter().map(move |export| match export.as_str() {
            "*" => (format!("import * as vendor from {package:?};"), "vendor".to_owned()),
            "default" => (format!("import vendor from {package:?};"), "vendor".to_owned()),
            name => (format!("import {{ {name} }} from {package:?};"), name.to_owned()),
        })
    });
    let globals = entry.globals.iter().map(|name| (String::new(), format!("window.{name}")));
    imported.chain(globals).collect()
}

/// A program for each way into a vendor's SDKs.
fn programs(document: &Document) -> Vec<(String, Walk<'_>)> {
    let all = std::env::var("STYLE").is_ok_and(|style| style == "all");
    let mut programs = Vec::new();
    for entry in &document.entry {
        for (import, expression) in ways(entry) {
            let own = &STYLES[programs.len() % STYLES.len()];
            for &style in if all { STYLES } else { std::slice::from_ref(own) } {
                let mut walk = Walk { document, style, lines: Vec::new(), clients: Vec::new() };
                if let Some(api) = &entry.api {
                    walk.from(api, expression.clone());
                }
                if let Some(meaning) = &entry.assign {
                    walk.assign(&expression, meaning);
                }
                programs.push((import.clone(), walk));
            }
        }
    }
    programs
}

/// What is found in a program, the import being written so.
fn findings(import: &str, walk: &Walk<'_>) -> Vec<Finding> {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file can be written");
    let body: Vec<&str> = walk.lines.iter().map(|line| line.code.as_str()).collect();
    let (start, body) = ("import * as clients from \"./clients\"; export function f(user, given) {", body.join("\n"));
    write("main.js", &format!("{import} {start}\n{body}\n}}\n"));
    write("clients.js", &format!("{import}\n{}\n", walk.clients.join("\n")));
    // A call that sends nothing, so that the project is looked into at all.
    write("own.js", "import seed from \"mixpanel-browser\";\nseed.track(\"Seen\");\nexport default make();\n");
    data().scan(folder.path(), |request| request.parse_everything = true).expect("the folder is there").findings
}

/// The lines of a program in which something promised is not found.
fn lost(id: &str, import: &str, walk: &Walk<'_>) -> Vec<String> {
    let mut found: BTreeMap<u32, BTreeSet<Category>> = BTreeMap::new();
    for finding in findings(import, walk).iter().filter(|finding| finding.vendor == id) {
        found.entry(finding.sink.location.line).or_default().extend(finding.category);
    }
    let missed = (2..).zip(&walk.lines).filter_map(|(number, line)| {
        let none = BTreeSet::new();
        let here = found.get(&number).unwrap_or(&none);
        let missed: Vec<&str> = line.promised.found.difference(here).map(|category| category.id()).collect();
        let code = &line.code;
        let known = KNOWN.iter().any(|(vendor, way, part)| (*vendor, *way) == (id, import) && code.contains(part));
        (missed.is_empty() == known).then(|| format!("{id}: {:?}: {}: {import} {code}", walk.style, missed.join(" ")))
    });
    missed.collect()
}

/// The lines of a program in which something is found though the package is one of the project's own files.
fn spurious(id: &str, import: &str, walk: &Walk<'_>) -> Vec<String> {
    let Some((names, _)) = import.split_once(" from ") else { return Vec::new() };
    let found = findings(&format!("{names} from \"./own\";"), walk);
    let lines = found.iter().map(|finding| {
        let number = finding.sink.location.line as usize;
        let code = number.checked_sub(2).and_then(|at| walk.lines.get(at)).map_or("", |line| line.code.as_str());
        format!("{id}: {} {}: {names} {code}", finding.vendor, finding.rule)
    });
    lines.collect()
}

/// Fails with what `check` says of the programs of all vendors.
fn each_program(check: impl Fn(&str, &str, &Walk<'_>) -> Vec<String> + Sync) {
    let files = files(root());
    let filter = std::env::var("FIXTURE").unwrap_or_default();
    let chosen: Vec<&File> = files.iter().filter(|file| file.id.contains(&filter)).collect();
    let check = |file: &&File| -> (usize, Vec<String>) {
        let programs = programs(&file.document);
        let lines = programs.iter().map(|(_, walk)| walk.lines.len()).sum();
        (lines, programs.iter().flat_map(|(import, walk)| check(&file.id, import, walk)).collect())
    };
    let outcomes: Vec<_> = shared_pool().install(|| chosen.par_iter().map(check).collect());
    let lines: usize = outcomes.iter().map(|(lines, _)| lines).sum();
    let wrong: Vec<String> = outcomes.into_iter().flat_map(|(_, wrong)| wrong).collect();
    assert!(wrong.is_empty(), "{} of {lines} lines:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_signature_is_understood() {
    each_program(lost);
}

#[test]
fn the_same_calls_of_something_else_stay_silent() {
    each_program(spurious);
}
