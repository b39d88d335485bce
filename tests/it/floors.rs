//! The architecture's invariants that the compiler does not hold: who may import whom, who may touch the disk, and
//! that no code names a vendor.

use std::fs;

use crate::{
    catalogue,
    fixtures::{files_below, root},
};

/// The floors; a module imports only from lower ones, and none from its own but itself.
const FLOORS: &[(&str, u8)] = &[
    ("base", 0),
    ("source", 1),
    ("catalog", 1),
    ("facts", 2),
    ("syntax", 3),
    ("link", 4),
    ("trace", 5),
    ("report", 6),
    ("policy", 7),
    ("review", 7),
    ("scan", 8),
    ("cli", 9),
];

/// Vendor ids that are words of their own, and so may stand in code.
const ENGLISH: &str = "adjust airship axiom beamer branch bucket castle chameleon clarity crisp delighted drift embrace
    fathom fingerprint highlight iterable knock koala loops plain plausible refiner segment singular split sprig
    unleash";

/// Command-line help gives examples.
const EXAMPLES: &[&str] = &["cli/args.rs"];

/// One product file: its path below `src`, and its code without comments and unit tests.
struct Code {
    path: String,
    text: String,
}

impl Code {
    fn floor(&self) -> Option<&str> {
        self.path.split_once('/').map(|(folder, _)| folder)
    }
}

/// The product's code. Files of unit tests are left out.
fn code() -> Vec<Code> {
    let root = root().join("src");
    let files = files_below(&root).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    let named = files.map(|path| (path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"), path));
    let product = named.filter(|(name, _)| !name.ends_with("/tests.rs") && !name.contains("/tests/"));
    product.map(|(path, file)| Code { path, text: bare(&fs::read_to_string(file).unwrap()) }).collect()
}

/// Code without line comments and without what is compiled for tests only; lines stay.
fn bare(text: &str) -> String {
    let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..tests].lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// The top-level modules that a text names by `crate::`, also in braces.
fn imports(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, path) in text.match_indices("crate::") {
        let rest = &text[at + path.len()..];
        match rest.strip_prefix('{') {
            Some(list) => found.extend(heads(list)),
            None => found.push(word(rest)),
        }
    }
    found
}

/// The first words of the items in a braced list, up to its end.
fn heads(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut fresh = true;
    let mut found = Vec::new();
    for (at, letter) in list.char_indices() {
        match letter {
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            '{' => depth += 1,
            ',' if depth == 0 => fresh = true,
            _ if fresh && letter.is_alphabetic() => {
                found.push(word(&list[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> &str {
    &text[..text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len())]
}

/// Fails with the places where `bad` says what is wrong with a line.
fn no_line(rule: &str, bad: impl Fn(&Code, &str) -> Option<String>) {
    let mut found = Vec::new();
    for file in code() {
        for (number, line) in (1..).zip(file.text.lines()) {
            found.extend(bad(&file, line).map(|what| format!("src/{}:{number}: {what}", file.path)));
        }
    }
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn modules_import_from_lower_floors_only() {
    let height = |name: &str| FLOORS.iter().find(|(known, _)| *known == name).map(|(_, height)| *height);
    let mut wrong = Vec::new();
    for file in code() {
        let Some(floor) = file.floor() else { continue };
        let own = height(floor).unwrap_or_else(|| panic!("src/{floor} stands on no floor: say which"));
        for other in imports(&file.text) {
            if other != floor && height(other).is_some_and(|other| other >= own) {
                wrong.push(format!("src/{}: imports `{other}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that go up:\n{}", wrong.join("\n"));
}

#[test]
fn imports_are_seen_in_every_form() {
    let text = "use crate::a::b; use crate::{\n    c::{d, e},\n    f, g::h,\n}; fn x() { crate::i::j() } use d;";
    assert_eq!(imports(text), ["a", "c", "f", "g", "i"]);
}

#[test]
fn no_code_names_a_vendor() {
    let files = catalogue::files(root());
    let ids = files.iter().map(|file| file.id.as_str()).filter(|id| id.len() > 4);
    let ids: Vec<&str> = ids.filter(|id| !ENGLISH.split_whitespace().any(|word| word == *id)).collect();
    no_line("a vendor is data", |file, line| {
        let line = line.to_lowercase();
        let named = ids.iter().find(|id| line.contains(**id))?;
        (!EXAMPLES.contains(&file.path.as_str())).then(|| format!("names `{named}`"))
    });
}

#[test]
fn few_modules_touch_the_disk() {
    let homes = ["source/", "link/resolve/files.rs", "scan/", "cli/"];
    let may = |path: &str| homes.iter().any(|home| path.starts_with(home));
    no_line("only the walk, the resolver's adapter, the scan and the command line use files", |file, line| {
        (line.contains("std::fs") || line.contains("fs::") || line.contains("File::open"))
            .then(|| "uses files".to_owned())
            .filter(|_| !may(&file.path))
    });
}

#[test]
fn each_large_library_has_one_user() {
    for (library, home) in [("tree_sitter", "syntax/"), ("miette", "report/terminal"), ("oxc_resolver", "link/")] {
        no_line(&format!("`{library}` is used in src/{home} only"), |file, line| {
            (line.contains(library) && !file.path.starts_with(home)).then(|| format!("uses `{library}`"))
        });
    }
}

#[test]
fn lines_and_files_stay_readable() {
    let mut wrong = Vec::new();
    let root = root();
    let files = ["src", "tests", "examples"].iter().flat_map(|folder| files_below(&root.join(folder)));
    for path in files.filter(|path| path.extension().is_some_and(|kind| kind == "rs")) {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(root).unwrap().display();
        let long = (1..).zip(text.lines()).filter(|(_, line)| line.chars().count() > 120);
        wrong.extend(long.map(|(number, _)| format!("{name}:{number}: longer than 120 columns")));
        if text.lines().count() > 600 {
            wrong.push(format!("{name}: {} lines; 600 is the most", text.lines().count()));
        }
        if !path.ends_with("tests.rs") && !text.starts_with("//!") {
            wrong.push(format!("{name}: does not say what it is for"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
