//! The baseline hides what was there, whatever is edited around it, and says when it is stale.

use std::fs;

use assert_cmd::Command;
use predicates::{prelude::PredicateBooleanExt, str::contains};

use crate::revisions::Git;

const FILE: &str = "overshare-baseline.jsonl";

fn project() -> Git {
    let git = Git::new();
    for module in ["a", "b", "c"] {
        let code = "import mixpanel from 'mixpanel-browser';\n\
                    export function login(user) {\n  mixpanel.people.set({ email: user.email });\n  \
                    mixpanel.identify(user.id);\n}\n";
        git.write(&format!("src/{module}.js"), code);
    }
    git
}

fn run(git: &Git, arguments: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("overshare").unwrap().current_dir(git.path()).args(arguments).assert()
}

fn text(git: &Git) -> String {
    fs::read_to_string(git.path().join(FILE)).unwrap()
}

#[test]
fn what_is_known_is_hidden_until_it_changes() {
    let git = project();
    run(&git, &[]).code(1);
    run(&git, &["baseline"]).code(0).stderr(contains("6 known findings"));
    let lines: Vec<String> = text(&git).lines().map(str::to_owned).collect();
    assert!(lines.len() == 6 && lines.is_sorted(), "{lines:?}");
    run(&git, &[]).code(0).stdout(contains("Hidden: 6 findings by"));
    run(&git, &["src"]).code(0);
    run(&git, &["src/a.js"]).code(0).stderr("");
    run(&git, &["--no-baseline"]).code(1);
    git.write(
        "src/d.js",
        "import m from 'mixpanel-browser';\nexport const d = (user) => m.track('d', { phone: user.phone });\n",
    );
    run(&git, &[]).code(1).stdout(contains("leak/phone").and(contains("leak/email").not()));
}

#[test]
fn reasons_survive_and_stale_entries_go() {
    let git = project();
    run(&git, &["baseline"]).code(0);
    let reasoned = text(&git).replacen("\"count\":1", "\"count\":1,\"reason\":\"ticket 12\"", 1);
    git.write(FILE, &reasoned);
    run(&git, &["baseline"]).code(0);
    assert_eq!(text(&git), reasoned);
    fs::remove_file(git.path().join("src/b.js")).unwrap();
    fs::rename(git.path().join("src/a.js"), git.path().join("src/moved.js")).unwrap();
    run(&git, &[]).code(0).stderr(contains("2 findings of the baseline are stale"));
    run(&git, &["baseline", "--prune"]).code(0).stderr(contains("4 known findings"));
    run(&git, &[]).code(0).stderr(contains("stale").not());
    git.write(FILE, "{\"file\":1}\n");
    run(&git, &[]).code(2).stderr(contains("is not understood: line 1"));
}

/// Numbers that look random and are the same in each run.
fn numbers() -> impl Iterator<Item = usize> {
    let next = |seed: &u64| Some(seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(Some(7), next).map(|seed| usize::try_from(seed >> 33).unwrap())
}

#[test]
fn two_hundred_edits_leave_every_entry_matched() {
    let git = project();
    run(&git, &["baseline"]).code(0);
    let mut numbers = numbers();
    let mut files = ["src/a.js", "src/b.js", "src/c.js"].map(str::to_owned);
    for edit in 0..200 {
        let which = numbers.next().unwrap() % files.len();
        let file = &mut files[which];
        let mut code = fs::read_to_string(git.path().join(&*file)).unwrap();
        match numbers.next().unwrap() % 7 {
            0 => code = format!("// Note {edit}.\n{code}"),
            1 => code.push_str(&format!("export const helper{edit} = (n) => n + {edit};\n")),
            2 => code = code.replace("{ email:", "{\n    email:"),
            3 => code = code.replace('\'', "\""),
            4 => code = code.replace(";\n", "\n"),
            5 => code = code.replace("mixpanel.identify", &format!("console.log({edit});\n  mixpanel.identify")),
            _ => {
                let moved = format!("src/moved{edit}.js");
                fs::remove_file(git.path().join(&*file)).unwrap();
                *file = moved;
            }
        }
        git.write(file, &code);
        if edit % 20 == 19 {
            run(&git, &[]).code(0).stderr(contains("stale").not()).stdout(contains("Hidden: 6 findings by"));
        }
    }
}
