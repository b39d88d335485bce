//! Comments that hide findings: where they may stand, what is said of those that are wrong, and how they go.

use std::fs;

use assert_cmd::Command;
use predicates::{prelude::PredicateBooleanExt, str::contains};

use crate::revisions::Git;

fn run(git: &Git, arguments: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("overshare").unwrap().current_dir(git.path()).args(arguments).assert()
}

/// The findings as `file rule vendor: reason`, sorted; `-` for those that are shown.
fn found(git: &Git, arguments: &[&str]) -> Vec<String> {
    let mut command = Command::cargo_bin("overshare").unwrap();
    let output = command.current_dir(git.path()).args(["--format", "json"]).args(arguments).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut found: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let text = |at: &str| it.pointer(at).and_then(|it| it.as_str()).unwrap_or("-").to_owned();
            let [file, rule, vendor, reason] = ["/location/file", "/rule", "/vendor", "/suppressed/reason"].map(text);
            format!("{file} {rule} {vendor}: {reason}")
        })
        .collect();
    found.sort();
    found
}

/// The projects' files, as written in `suppressions.txt`.
#[test]
fn a_comment_hides_wherever_it_may_stand() {
    let git = Git::new();
    let mut expect = Vec::new();
    for part in include_str!("suppressions.txt").split("=== ").skip(1) {
        let (file, mut code) = part.split_once('\n').unwrap();
        while let Some((finding, rest)) = code.strip_prefix("> ").and_then(|code| code.split_once('\n')) {
            expect.push(format!("{file} {finding}"));
            code = rest;
        }
        git.write(file, code);
    }
    expect.sort();
    assert_eq!(found(&git, &[]), expect);
    let hidden = expect.iter().filter(|it| it.ends_with(": ok")).count();
    let said = format!("idden: {hidden} findings by comments");
    run(&git, &["--format", "compact"]).stderr(contains(&said));
    run(&git, &[]).stdout(contains(&said));
    let all: Vec<String> = found(&git, &["--no-ignores"]);
    assert!(all.len() >= hidden, "{all:?}");
    assert!(all.iter().all(|it| it.ends_with(": -") && !it.contains("suppression/")), "{all:?}");
}

const WRONG: &str = "import mixpanel from 'mixpanel-browser';\n\
    // overshare-ignore leak/phone -- none here\n\
    export function login(user) {\n  \
      mixpanel.people.set({ email: user.email }); // overshare-ignore leak/email(mixpanel) -- ask until=2027-01-31\n  \
      mixpanel.track('x', { name: user.name }); // overshare-ignore leak/nmae -- typo\n  \
      mixpanel.track('x', { phone: user.phone }); // overshare-ignore leak/phone\n  \
      mixpanel.track('x', { username: user.username }); /* overshare-ignore leak/username, leak/email -- half */\n}\n";

#[test]
fn comments_that_are_wrong_are_findings() {
    let git = Git::new();
    git.write("a.js", WRONG);
    git.write("src/b.js", "// overshare-ignore-file leak/* -- nobody calls a vendor here\n");
    let told = |arguments: &[&str], expect: &[&str]| {
        let found = found(&git, arguments);
        let told: Vec<&str> = found.iter().filter_map(|it| it.split_once(" suppression/")).map(|it| it.1).collect();
        assert_eq!(told, expect, "{arguments:?}: {found:?}");
    };
    let unused = ["malformed : -", "unknown : -", "unused : -", "unused : -"];
    told(&["--today", "2027-01-31"], &[&unused[..], &["unused : -"]].concat());
    told(&["--today", "2027-02-01"], &[&["expired : -"], &unused[..], &["unused : -"]].concat());
    // What is needed shows only in the whole.
    told(&["--today", "2027-01-31", "a.js"], &unused[..2]);
    told(&["--today", "2027-01-31", "src"], &[]);
    told(&["--no-ignores"], &[]);
    run(&git, &["--today", "2027-02-01", "--format", "compact"]).code(1).stdout(
        contains("ended on 2027-01-31 (ask)")
            .and(
                contains("a.js:6:47: error[suppression/malformed]")
                    .and(contains("is not understood: it gives no reason")),
            )
            .and(contains("did you mean `leak/name`?"))
            .and(contains("hides nothing: there is no finding of `leak/email`")),
    );
    git.write("overshare.toml", "[suppressions]\nrequire-reason = false\n");
    told(&["--today", "2027-01-31"], &["unknown : -", "unused : -", "unused : -", "unused : -"]);
    // Path severities hold for them too.
    git.write("overshare.toml", "[severity.path]\n'src/**' = 'off'\n'a.js' = 'note'\n");
    run(&git, &["--today", "2027-02-01", "--format", "compact"])
        .code(0)
        .stdout(contains("note[suppression/malformed]").and(contains("error[").not()).and(contains("src/b.js").not()));
}

#[test]
fn fix_takes_out_what_hides_nothing_and_nothing_else() {
    let git = Git::new();
    let text = |lines: &[&str]| format!("\u{feff}{}\r\n", lines.join("\r\n"));
    let import = "import mixpanel from 'mixpanel-browser';";
    let sent = "export const f = (user) => mixpanel.track('é', { email: user.email });";
    let code = text(&[
        import,
        "// overshare-ignore leak/phone -- gone",
        &format!("{sent} // overshare-ignore leak/email, leak/name(sentry) -- kept"),
        "export const g = () => 1; // overshare-ignore leak/* -- gone",
        "// overshare-ignore leak/nmae -- typo",
        "/* overshare-ignore-start leak/email -- gone */",
        "export const h = 2;",
        "// overshare-ignore-end",
    ]);
    let fixed = text(&[
        import,
        &format!("{sent} // overshare-ignore leak/email -- kept"),
        "export const g = () => 1;",
        "// overshare-ignore leak/nmae -- typo",
        "export const h = 2;",
    ]);
    git.write("src/a.js", &code);
    let element = |comment: &str| format!("export const B = () => (\n  <p>\n{comment}    <b />\n  </p>\n);\n");
    git.write("src/b.jsx", &element("    {/* overshare-ignore leak/email -- gone */}\n"));
    fs::write(git.path().join("src/old.js"), b"// caf\xe9\n// overshare-ignore leak/email -- gone\n").unwrap();
    run(&git, &["--fix", "src/a.js"]).code(2).stderr(contains("`--fix` needs the whole project"));
    run(&git, &["--fix", "src"]).code(2).stderr(contains("overshare --fix "));
    run(&git, &["--fix", "--diff", "HEAD"]).code(2);
    let said = contains("6 edits in 2 files").and(contains("left as it is: src/old.js: it is not UTF-8"));
    run(&git, &["--fix", "--format", "compact"]).code(1).stderr(said).stdout(
        contains("[suppression/unknown]")
            .and(contains("src/old.js:2:1: warning[suppression/unused]"))
            .and(contains("src/a.js:2").not()),
    );
    let now = |file: &str| fs::read_to_string(git.path().join(file)).unwrap();
    assert_eq!(now("src/a.js"), fixed);
    assert_eq!(now("src/b.jsx"), element(""));
    run(&git, &["--fix"]).stderr(contains("0 edits in 0 files"));
    assert_eq!(now("src/a.js"), fixed);
}

#[test]
fn other_commands_know_the_comments() {
    let git = Git::new();
    let code = |comment: &str| {
        let email = format!("export const f = (user) => mixpanel.track('x', {{ email: user.email }});{comment}\n");
        let phone = "export const g = (user) => mixpanel.track('x', { phone: user.phone });\n";
        format!("import mixpanel from 'mixpanel-browser';\n{email}{phone}")
    };
    git.write("a.js", &code(" // overshare-ignore leak/email -- desk"));
    git.commit("hidden");
    run(&git, &["baseline"]).code(0).stderr(contains("1 known finding"));
    run(&git, &[]).code(0).stdout(contains("Hidden: 1 finding by comments, 1 finding by the baseline."));
    run(&git, &["report", "--json", "-"]).stdout(contains("\"reason\": \"desk\"").and(contains("leak/email").not()));
    // A comment that goes brings its finding back, as new; one that comes makes nothing gone.
    git.write("a.js", &code(""));
    run(&git, &["--diff", "HEAD", "--no-baseline"])
        .code(1)
        .stdout(contains("[leak/email]").and(contains("leak/phone").not()));
    git.commit("shown");
    git.write("a.js", &code(" // overshare-ignore leak/email -- desk"));
    let nothing = contains("nothing is gone since HEAD");
    run(&git, &["--diff", "HEAD", "--no-baseline"])
        .code(0)
        .stderr(nothing)
        .stdout(contains("Hidden: 1 finding by comments."));
}

#[test]
fn default_collection_is_hidden_by_comments_too() {
    let git = Git::new();
    let init = "// overshare-ignore ambient/autocapture, ambient/session-replay -- masked\nposthog.init('key', {});\n";
    git.write("a.js", &format!("import posthog from 'posthog-js';\n{init}"));
    git.commit("hidden");
    let mut command = Command::cargo_bin("overshare").unwrap();
    let output = command.current_dir(git.path()).args(["--format", "json"]).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let collections = report["collections"].as_array().unwrap();
    let (hidden, shown): (Vec<_>, Vec<_>) = collections.iter().partition(|it| it["suppressed"].is_object());
    let is_default = |it: &&serde_json::Value| it["kind"] == "default";
    assert!(!hidden.iter().any(&is_default) && shown.iter().all(is_default), "{collections:?}");
    assert!(hidden.iter().all(|it| it["suppressed"]["reason"] == "masked"), "{hidden:?}");
    let said = format!("Hidden: {} default collections by comments.", hidden.len());
    run(&git, &[]).stdout(contains(said).and(contains("screen recording").not()));
    run(&git, &["--format", "sarif"]).stdout(contains("\"kind\": \"inSource\""));
    run(&git, &["report", "--markdown", "-"]).stdout(contains("by comments: `masked`"));
    // Without the comment they are new, and fail where warnings do.
    git.write("a.js", "import posthog from 'posthog-js';\nposthog.init('key', {});\n");
    run(&git, &["--diff", "HEAD", "--fail-on", "warning", "--format", "compact"])
        .code(1)
        .stdout(contains("ambient/session-replay").and(contains("ambient/referrer").not()));
}
