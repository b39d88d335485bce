//! Commands, their exit status, and which stream says what.

use std::{fs, io::Read as _, process::Stdio};

use assert_cmd::Command;
use predicates::{prelude::*, str::contains};
use tempfile::TempDir;

/// A project with one finding of high confidence and one of another category.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let code = "import mixpanel from 'mixpanel-browser';\n\
                export function login(user) {\n  mixpanel.identify(user.id);\n  \
                mixpanel.people.set({ email: user.email });\n}\n";
    fs::write(folder.path().join("login.js"), code).unwrap();
    folder
}

/// The program in `folder`, with an environment that says nothing of colour.
fn overshare(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("overshare").unwrap();
    command.current_dir(folder.path()).args(arguments);
    ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"].into_iter().for_each(|name| {
        command.env_remove(name);
    });
    command
}

fn check(arguments: &[&str], status: i32, stdout: &str, stderr: &str) {
    let folder = project();
    let run = overshare(&folder, arguments).assert().code(status);
    let none = || predicate::str::is_empty().boxed();
    run.stdout(if stdout.is_empty() { none() } else { contains(stdout).boxed() }).stderr(if stderr.is_empty() {
        none()
    } else {
        contains(stderr).boxed()
    });
}

#[test]
fn status_follows_the_gravest_finding_that_is_shown() {
    check(&[], 1, "[leak/email]", "");
    check(&["check", "."], 1, "[leak/email]", "");
    check(&["login.js"], 1, "[leak/email]", "");
    check(&["--fail-on", "never"], 0, "[leak/email]", "");
    check(&["--category", "user-id"], 0, "[leak/user-id", "not shown: 1 finding of other categories (--category)");
    check(&["--category", "user-id", "--fail-on", "note"], 1, "[leak/user-id", "not shown");
    check(&["--category", "user-id", "--fail-on", "warning", "-q"], 0, "[leak/user-id", "");
    check(&["--vendor", "sentry"], 0, "0 findings", "not shown: 2 findings of other vendors (--vendor)");
    check(&["--vendor", "sentry,mixpanel"], 1, "2 findings", "");
    check(&["--min-confidence", "high", "--quiet"], 1, "[leak/email", "");
}

#[test]
fn what_cannot_be_done_is_said_with_a_way_out() {
    check(&["nowhere"], 2, "", "there is no file or directory `nowhere`");
    check(&["logn.js"], 2, "", "did you mean");
    check(&["--vendor", "mixpanle"], 2, "", "there is no vendor `mixpanle`\n  help: did you mean `mixpanel`?");
    check(&["--category", "emial"], 2, "", "did you mean `email`?");
    check(&["--format", "jsno"], 2, "", "did you mean `json");
    check(&["--format", "json", "--format", "sarif"], 2, "", "both want standard output");
    check(&["--output", "missing/out.txt"], 2, "", "cannot write `missing/out.txt`");
    check(&["--fail-on", "warn"], 2, "", "'warning'");
    check(&["--max-file-size", "2X"], 2, "", "is no unit");
    check(&["explain", "leak/emial"], 2, "", "did you mean `leak/email`?");
    check(&["debug", "facts", "nowhere.js"], 2, "", "cannot read `nowhere.js`");
}

#[test]
fn the_other_commands_answer_on_standard_output() {
    check(&["--version"], 0, env!("CARGO_PKG_VERSION"), "");
    check(&["--help"], 0, "Examples:", "");
    check(&["-h"], 0, "Exit status:", "");
    check(&["vendors"], 0, "mixpanel ", "");
    check(&["vendors", "--format", "json"], 0, "\"id\": \"mixpanel\"", "");
    check(&["explain", "Mixpanel"], 0, "What it collects by default", "");
    check(&["explain", "mixpanel-browser"], 0, "identify(user id)", "");
    check(&["explain", "leak/email"], 0, "What to do instead", "");
    check(&["explain", "location"], 0, "Vendors that collect it by default", "");
    check(&["completions", "bash"], 0, "_overshare", "");
    check(&["debug", "facts", "login.js"], 0, "function f1 login", "");
}

#[test]
fn nothing_to_check_is_said_and_passes() {
    let folder = tempfile::tempdir().unwrap();
    overshare(&folder, &[]).assert().code(0).stderr(contains("nothing to check"));
    overshare(&folder, &["--format", "json"]).assert().code(0).stdout(contains("\"findings\": []"));
}

#[test]
fn colour_is_for_who_asks() {
    let folder = project();
    let escape = || contains("\u{1b}");
    overshare(&folder, &[]).assert().stdout(escape().not());
    overshare(&folder, &["--color", "always"]).assert().stdout(escape());
    overshare(&folder, &[]).env("CLICOLOR_FORCE", "1").assert().stdout(escape());
    overshare(&folder, &[]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").assert().stdout(escape().not());
    overshare(&folder, &["--color", "never"]).env("CLICOLOR_FORCE", "1").assert().stdout(escape().not());
}

#[test]
fn several_views_in_one_run() {
    let folder = project();
    let run = overshare(&folder, &["--format", "sarif:out.sarif", "--format", "json:out.json", "--format", "compact"]);
    run.assert_one_line_per_finding();
    for file in ["out.sarif", "out.json"] {
        let text = fs::read_to_string(folder.path().join(file)).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap();
    }
    overshare(&folder, &["--output", "out.txt"]).assert().code(1).stdout("");
    assert!(fs::read_to_string(folder.path().join("out.txt")).unwrap().contains("leak/email"));
}

trait Lines {
    fn assert_one_line_per_finding(self);
}

impl Lines for Command {
    fn assert_one_line_per_finding(mut self) {
        self.assert().code(1).stdout(predicate::function(|text: &str| text.lines().count() == 2));
    }
}

#[test]
fn threads_do_not_show() {
    let folder = project();
    for format in overshare::report::Format::ALL {
        let output = |threads| overshare(&folder, &["--format", format.id(), "-j", threads]).output().unwrap().stdout;
        assert_eq!(output("1"), output("4"), "{format}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = project();
    for arguments in [&["--format", "json"][..], &["vendors"], &["completions", "zsh"], &["explain", "mixpanel"]] {
        let program = assert_cmd::cargo::cargo_bin("overshare");
        let mut command = std::process::Command::new(program);
        command.current_dir(folder.path()).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    }
}
