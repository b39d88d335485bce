//! Any bytes are input: nothing panics, overflows the stack or takes for ever.

use std::{fs, path::Path, time::Duration};

use assert_cmd::Command;
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::fixtures::{cases, data, files_below, root, shared_pool};

/// Names of the files that odd bytes are tried as.
const KINDS: [&str; 8] = ["a.ts", "a.tsx", "a.js", "a.html", "a.vue", "a.svelte", "a.astro", "package.json"];

/// What a file must say to be looked into.
const SEED: &str = "import mixpanel from \"mixpanel-browser\";\nmixpanel.track(\"a\", { b: user.email });\n";

fn scan(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    fs::write(folder.path().join(name), bytes).expect("a file can be written");
    let report = shared_pool().install(|| {
        data().scan(folder.path(), |request| {
            request.parse_everything = true;
            request.options.no_skip = true;
        })
    });
    report.expect("the folder is there");
}

/// Scans by the program itself, so that a full stack fails one test and not all.
fn run(folder: &Path, seconds: u64) -> Result<(), String> {
    let mut command = Command::cargo_bin("overshare").expect("the program is built");
    command.args(["--no-skip", "--max-file-size", "8M", "--format", "json", "--fail-on", "never"]).arg(folder);
    let output = command.timeout(Duration::from_secs(seconds)).output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    output
        .status
        .success()
        .then_some(())
        .ok_or_else(|| format!("{}: {}", output.status, said.lines().next().unwrap_or("")))
}

/// Texts that nest deeper than any person writes.
fn towers(depth: usize) -> Vec<(&'static str, String)> {
    let nest = |open: &str, core: &str, close: &str| open.repeat(depth) + core + &close.repeat(depth);
    vec![
        ("parentheses.ts", nest("(", "1", ")")),
        ("arrays.ts", format!("x = {}", nest("[", "user.email", "]"))),
        ("objects.ts", format!("x = {}", nest("{a:", "user.email", "}"))),
        ("calls.ts", nest("f(", "user.email", ")")),
        ("members.ts", format!("a{}", ".b".repeat(depth))),
        ("chains.ts", format!("a{}", ".b()".repeat(depth))),
        ("sums.ts", format!("x = user.email{}", " + 1".repeat(depth))),
        ("choices.ts", format!("x = {}user.email", "a ? 1 : ".repeat(depth))),
        ("ors.ts", format!("x = {}user.email", "a || ".repeat(depth))),
        ("arrows.ts", format!("x = {}user.email", "a => ".repeat(depth))),
        ("blocks.ts", nest("{", "", "}")),
        ("ifs.ts", nest("if (a) {", "b(user.email)", "}")),
        ("elses.ts", format!("{}b()", "if (a) b(); else ".repeat(depth))),
        ("functions.ts", nest("function f() {", "b(user.email)", "}")),
        ("templates.ts", nest("`${", "user.email", "}`")),
        ("patterns.ts", format!("const {} = user", nest("{a:", "b", "}"))),
        ("nots.ts", format!("x = {}user.email", "!".repeat(depth))),
        ("awaits.ts", format!("x = {}user.email", "await ".repeat(depth))),
        ("types.ts", format!("let x: {} = user", nest("{a:", "string", "}"))),
        ("generics.ts", format!("let x: {} = user", nest("A<", "B", ">"))),
        ("unions.ts", format!("let x: {}B = user", "A | ".repeat(depth))),
        ("elements.tsx", format!("x = {}", nest("<a>", "{user.email}", "</a>"))),
        ("open.ts", "([{`${".repeat(depth)),
        ("page.html", nest("<div>", "", "</div>")),
        ("assignments.ts", format!("{}user.email", "a = ".repeat(depth))),
        ("loops.ts", nest("for (;;) {", "b(user.email)", "}")),
        ("classes.ts", nest("class A { m() {", "", "}}")),
    ]
}

/// Long texts without sense.
fn junk(bytes: usize) -> Vec<(&'static str, String)> {
    let fill = |piece: &str| piece.repeat(bytes / piece.len());
    vec![
        ("letters.js", fill("a")),
        ("brackets.js", fill("}{)(][")),
        ("quotes.js", fill("'\"`")),
        ("statements.js", fill("user = { email: user.email, next: user }; mixpanel.track('a', user);\n")),
        ("writes.js", format!("const o = {{}};\n{}mixpanel.track('a', o);", fill("o[k] = user.email;\n"))),
        ("commas.js", format!("x = [{}]", fill("a,"))),
        ("slashes.js", fill("/ ")),
        ("marks.html", fill("<script>mixpanel.track('a', {b: user.email})</script>")),
        ("lines.ts", fill("\n")),
        ("ignores.ts", fill("// overshare-ignore leak/email -- x\n")),
    ]
}

fn run_all(files: &[(&'static str, String)], seconds: u64) {
    let mut wrong = Vec::new();
    for (name, text) in files {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let seed =
            if name.ends_with(".html") { "<script src=\"https://cdn.mxpnl.com/libs/a.js\"></script>" } else { SEED };
        fs::write(folder.path().join(name), format!("{seed}{text}")).expect("a file can be written");
        if let Err(error) = run(folder.path(), seconds) {
            wrong.push(format!("{name}: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn deep_nesting_is_survived() {
    run_all(&towers(100_000), 60);
}

#[test]
fn junk_is_survived() {
    // Without optimisation all is many times slower, so less is enough to meet the same limits.
    run_all(&junk(if cfg!(debug_assertions) { 100_000 } else { 3_000_000 }), 60);
}

/// A file of the fixtures, its name and its bytes.
fn some_fixture(index: Index) -> (String, Vec<u8>) {
    let files = files_below(&root().join("fixtures"));
    let path = index.get(&files);
    (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), fs::read(path).unwrap_or_default())
}

/// A change of bytes: what is at one place is replaced by, or doubled at, another.
#[derive(Debug, Clone)]
enum Change {
    Drop(Index, usize),
    Copy(Index, Index, usize),
    Insert(Index, &'static str),
    Cut(Index),
}

fn changes() -> impl Strategy<Value = Change> {
    let pieces = [
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "`",
        "${",
        "\"",
        "'",
        "=>",
        "...",
        "?.",
        "async ",
        "class ",
        "<",
        "/>",
        "\0",
        "\u{202e}",
        "import ",
        "export default ",
        "this.",
        ",",
        ";",
        "await ",
        "function* ",
        "#",
        "/*",
        "//",
        "é",
        "// overshare-ignore leak/email(mixpanel) -- x\n",
        "{/* overshare-ignore-start leak/* -- x */}",
        "<!-- overshare-ignore leak/",
    ];
    prop_oneof![
        (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Change::Drop(at, length)),
        (any::<Index>(), any::<Index>(), 1_usize..200).prop_map(|(from, to, length)| Change::Copy(from, to, length)),
        (any::<Index>(), prop::sample::select(pieces.to_vec())).prop_map(|(at, piece)| Change::Insert(at, piece)),
        any::<Index>().prop_map(Change::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    if bytes.is_empty() {
        return;
    }
    let end = |start: usize, length: usize, bytes: &[u8]| (start + length).min(bytes.len());
    match change {
        Change::Drop(at, length) => {
            let start = at.index(bytes.len());
            bytes.drain(start..end(start, *length, bytes));
        }
        Change::Copy(from, to, length) => {
            let (start, target) = (from.index(bytes.len()), to.index(bytes.len()));
            let piece = bytes[start..end(start, *length, bytes)].to_vec();
            bytes.splice(target..target, piece);
        }
        Change::Insert(at, piece) => {
            let target = at.index(bytes.len());
            bytes.splice(target..target, piece.bytes());
        }
        Change::Cut(at) => bytes.truncate(at.index(bytes.len())),
    }
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn broken_fixtures_are_survived(which in any::<Index>(), changes in vec(changes(), 1..12)) {
        let (name, mut bytes) = some_fixture(which);
        changes.iter().for_each(|change| apply(&mut bytes, change));
        scan(&name, &bytes);
    }

    #[test]
    fn any_bytes_are_survived(kind in prop::sample::select(KINDS.to_vec()), bytes in vec(any::<u8>(), 0..400)) {
        scan(kind, &bytes);
        scan(kind, &[SEED.as_bytes(), &bytes].concat());
    }

    #[test]
    fn any_text_is_survived(
        kind in prop::sample::select(KINDS.to_vec()), text in "(\\PC|[\n{}()\\[\\]`'\"<>=.,;/*$]){0,300}"
    ) {
        scan(kind, format!("{SEED}{text}").as_bytes());
    }
}
