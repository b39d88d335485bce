//! What must not change a result, tried on every fixture: the number of threads, what is parsed, comments.

use std::{fmt::Write as _, fs, path::Path};

use overshare::{
    report::{
        Context, Format, Names,
        model::{Finding, Location, Report, Role},
        render,
    },
    scan::{Request, Texts},
    source::{self, FileKind, Language},
};
use rayon::prelude::*;
use tree_sitter::{Node, Parser};

use crate::fixtures::{all_projects, comments, data, describe, files_below, pool, root, shared_pool};

/// Mini-projects in which demand does not yet ask for every file that matters. A project that is right leaves the list.
const DEMAND_GAPS: &[&str] = &[
    "clean/constant-guards",
    "flows/event-emitter",
    "flows/function-argument-client",
    "flows/global-wrapper",
    "flows/inversify-injection",
    "flows/react-callback-prop",
    "flows/redux-state",
    "flows/sdk-re-export",
    "flows/thrown-deep",
    "flows/zustand-slices",
    "gaps/wrapped-functions-clean",
];

/// What is wrong with a project, unless it is known; what is known and holds is wrong, too.
fn known_gap(project: &str, wrong: Option<String>) -> Option<String> {
    match (DEMAND_GAPS.contains(&project), wrong) {
        (true, Some(_)) => None,
        (true, None) => Some("demand finds all that matters: take it off the list".to_owned()),
        (false, wrong) => wrong,
    }
}

/// Fails with what went wrong in each mini-project; `check` says it, if anything did.
fn for_each_project(check: impl Fn(&str) -> Option<String> + Sync) {
    let projects = all_projects();
    let wrong = || projects.par_iter().filter_map(|project| check(project).map(|what| format!("{project}: {what}")));
    let wrong: Vec<String> = shared_pool().install(|| wrong().collect());
    assert!(wrong.is_empty(), "{} of {} mini-projects:\n{}", wrong.len(), projects.len(), wrong.join("\n"));
}

fn scan(folder: &Path, change: impl FnOnce(&mut Request)) -> Report {
    data().scan(folder, change).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

/// All findings, one a line: what, from where, to where.
fn gist(report: &Report) -> String {
    report.findings.iter().fold(String::new(), |mut text, finding| {
        let (origin, apex) = (&finding.origin.location, &finding.location);
        let _ = writeln!(
            text,
            "{} {} from {}:{}:{} to {} at {}:{}:{}",
            finding.vendor,
            finding.rule,
            origin.file,
            origin.line,
            origin.column,
            finding.sink.call,
            apex.file,
            apex.line,
            apex.column
        );
        text
    })
}

/// The lines that only one of two texts has.
fn difference(before: &str, after: &str) -> Option<String> {
    let only = |sign: char, one: &str, other: &str| {
        let lines = one.lines().filter(|line| !other.lines().any(|known| known == *line));
        lines.fold(String::new(), |text, line| text + &format!("\n    {sign} {line}"))
    };
    (before != after).then(|| only('-', before, after) + &only('+', after, before))
}

/// Every view of a report, one after the other.
fn views(folder: &Path, report: &Report) -> Vec<u8> {
    let names: Names = data().catalog.sources().iter().filter_map(|source| source.vendor.as_ref()).collect();
    let texts = Texts::new(folder);
    let context =
        Context { sources: &texts, names: &names, colour: false, width: 100, day: jiff::civil::Date::ZERO, part: None };
    let mut bytes = Vec::new();
    for format in Format::ALL {
        render(*format, report, &context, &mut bytes).expect("memory takes all");
    }
    bytes
}

#[test]
fn threads_change_no_byte() {
    let folder = root().join("fixtures");
    let seen = |threads: usize| {
        let report = pool(threads).install(|| scan(&folder, |request| request.options.threads = threads));
        views(&folder, &report)
    };
    let one = seen(1);
    for threads in [2, 7] {
        assert!(one == seen(threads), "the output for {threads} threads is not that for one");
    }
}

#[test]
fn what_is_parsed_on_demand_is_all_that_matters() {
    for_each_project(|project| {
        let folder = root().join("fixtures").join(project);
        let demanded = gist(&scan(&folder, |request| request.only_demanded = true));
        let difference = difference(&demanded, &gist(&scan(&folder, |request| request.parse_everything = true)));
        known_gap(project, difference)
    });
}

#[test]
fn comments_mean_nothing() {
    for_each_project(|project| {
        let folder = root().join("fixtures").join(project);
        let bare = copied(&folder, without_comments);
        difference(&gist(&scan(&folder, |_| ())), &gist(&scan(bare.path(), |_| ())))
    });
}

#[test]
fn fingerprints_survive_moved_lines() {
    let prints = |report: &Report| {
        let lines = report.findings.iter().map(|finding| format!("{} {}\n", finding.fingerprint, finding.rule));
        lines.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<String>()
    };
    for_each_project(|project| {
        let folder = root().join("fixtures").join(project);
        let moved = copied(&folder, |path| {
            let bytes = fs::read(path).expect("a fixture can be read");
            match FileKind::of(&path.to_string_lossy()) {
                FileKind::Script(_) | FileKind::Embedded(_) => [b"\n\n\n", bytes.as_slice()].concat(),
                FileKind::Manifest | FileKind::Other => bytes,
            }
        });
        difference(&prints(&scan(&folder, |_| ())), &prints(&scan(moved.path(), |_| ())))
    });
}

#[test]
fn findings_hang_together() {
    for_each_project(|project| {
        let folder = root().join("fixtures").join(project);
        let report = scan(&folder, |_| ());
        let wrong = report.findings.iter().filter_map(|finding| odd(&folder, finding).map(|what| (finding, what)));
        let lines = wrong.map(|(finding, what)| format!("\n    {what}: {}", describe(finding)));
        Some(lines.collect::<String>()).filter(|lines| !lines.is_empty())
    });
}

/// What is wrong with a finding, if anything.
fn odd(folder: &Path, finding: &Finding) -> Option<&'static str> {
    let exists = |place: &Location| {
        let lines = fs::read(folder.join(place.file.as_str())).map(|bytes| source::decode(bytes).text.lines().count());
        let ordered = (place.line, place.column) <= (place.end_line, place.end_column);
        lines.is_ok_and(|lines| place.end_line as usize <= lines) && place.line > 0 && place.column > 0 && ordered
    };
    let roles: Vec<Role> = finding.path.iter().map(|hop| hop.role).collect();
    let inner = roles.len().checked_sub(2).map(|end| &roles[1..=end]);
    let twice = finding.path[1..].windows(2).any(|pair| pair[0] == pair[1]);
    let checks = [
        (finding.path.iter().all(|hop| exists(&hop.location)), "a hop that is nowhere"),
        (exists(&finding.location), "an apex that is nowhere"),
        (roles.first() == Some(&Role::Origin) && roles.last() == Some(&Role::Sink), "a path without its ends"),
        (inner.is_some_and(|inner| inner.iter().all(|role| *role == Role::Step)), "an end in the middle"),
        (finding.path[0].location == finding.origin.location, "a path that starts elsewhere"),
        (finding.path.last().is_some_and(|hop| hop.location == finding.sink.location), "a path that ends elsewhere"),
        (!twice, "a hop that comes twice in a row"),
        (!finding.origin.expression.is_empty() && !finding.sink.call.is_empty(), "an empty name"),
        (finding.category.is_some_and(|category| finding.rule == format!("leak/{category}")), "another rule"),
    ];
    checks.into_iter().find(|(holds, _)| !holds).map(|(_, what)| what)
}

#[test]
fn reports_are_what_the_schema_says() {
    let schema = fs::read_to_string(root().join("docs/report.schema.json")).expect("the schema is there");
    let schema = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for_each_project(|project| {
        let report = scan(&root().join("fixtures").join(project), |_| ());
        let report = serde_json::to_value(&report).expect("a report is JSON");
        validator.validate(&report).err().map(|error| format!("{error} at {}", error.instance_path()))
    });
}

/// A copy of a folder with other bytes in its files.
fn copied(folder: &Path, bytes: impl Fn(&Path) -> Vec<u8>) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("there is room for a folder");
    for path in files_below(folder) {
        let target = copy.path().join(path.strip_prefix(folder).expect("a file below its folder"));
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder can be made");
        fs::write(target, bytes(&path)).expect("a file can be written");
    }
    copy
}

/// The bytes of a file, its comments turned to spaces; in pages and components only those that speak to the tests.
fn without_comments(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).expect("a fixture can be read");
    let text = source::decode(bytes.clone()).text;
    match FileKind::of(&path.to_string_lossy()) {
        FileKind::Script(language) => blank(&text, &comment_ranges(&text, language)).into_bytes(),
        FileKind::Embedded(_) => text.lines().map(spoken_blank).collect::<String>().into_bytes(),
        FileKind::Manifest | FileKind::Other => bytes,
    }
}

fn comment_ranges(text: &str, language: Language) -> Vec<std::ops::Range<usize>> {
    let mut parser = Parser::new();
    let grammar = match language {
        Language::JavaScript | Language::Jsx => tree_sitter_javascript::LANGUAGE,
        Language::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        Language::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
    };
    parser.set_language(&grammar.into()).expect("the grammar fits");
    let tree = parser.parse(text, None).expect("no limit is set");
    let mut ranges = Vec::new();
    let mut work: Vec<Node<'_>> = vec![tree.root_node()];
    while let Some(node) = work.pop() {
        if node.kind() == "comment" {
            ranges.push(node.byte_range());
        }
        work.extend(node.children(&mut node.walk()));
    }
    ranges
}

/// A text with a space for each letter of some ranges; lines stay.
fn blank(text: &str, ranges: &[std::ops::Range<usize>]) -> String {
    let inside = |at: usize| ranges.iter().any(|range| range.contains(&at));
    text.char_indices().map(|(at, letter)| if inside(at) && letter != '\n' { ' ' } else { letter }).collect()
}

/// A line of a page without its comments for the tests.
fn spoken_blank(line: &str) -> String {
    let mut line = line.to_owned();
    while let Some(&(word, text)) = comments(&line).first() {
        let colon = line.find(&format!("{word}:")).expect("it was found");
        let start = line[..colon].rfind(['/', '*', '-', '#']).unwrap_or(colon);
        let end = line[colon..].find(text).map_or(line.len(), |at| colon + at + text.len());
        let kept = &line[start + 1..end];
        line = format!("{}{}{}", &line[..=start], " ".repeat(kept.chars().count()), &line[end..]);
    }
    line + "\n"
}
