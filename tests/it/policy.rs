//! The project's policy at work: `overshare.toml` found, read, applied, and explained where it is wrong.

use std::fs;

use assert_cmd::Command;
use predicates::{prelude::PredicateBooleanExt, str::contains};
use tempfile::TempDir;

const CODE: &str = "import mixpanel from 'mixpanel-browser';\n\
                    import { tidy } from './tidy';\n\
                    import { send } from '@acme/events';\n\
                    export function login(user) {\n\
                    mixpanel.identify(user.id);\n\
                    mixpanel.people.set({ email: user.email });\n\
                    mixpanel.track('x', { email: tidy(user.email) });\n\
                    send('x', { phone: user.phone });\n}\n";

/// A repository with a policy.
fn project(policy: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join(".git")).unwrap();
    fs::create_dir_all(folder.path().join("src/app")).unwrap();
    fs::write(folder.path().join("src/app/login.js"), CODE).unwrap();
    fs::write(folder.path().join("src/app/tidy.js"), "export const tidy = (text) => text.slice(1);\n").unwrap();
    fs::write(folder.path().join("overshare.toml"), policy).unwrap();
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("overshare").unwrap();
    command.current_dir(folder.path()).args(["--color", "never"]).args(arguments);
    command
}

/// The findings of a project with a policy, as `rule vendor severity suppression`, whichever folder is checked.
fn found(policy: &str) -> Vec<String> {
    let folder = project(policy);
    let mut answers = Vec::new();
    for path in [".", "src", "src/app/login.js"] {
        let output = run(&folder, &["--format", "json", "--today", "2027-01-01", path]).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().iter().map(|it| {
            let text = |key: &str| it[key].as_str().unwrap().to_owned();
            let hidden = it["suppressed"]["reason"].as_str().unwrap_or("-");
            format!("{} {} {} {hidden}", text("rule"), text("vendor"), text("severity"))
        });
        let mut findings: Vec<String> = findings.collect();
        findings.sort();
        answers.push(findings);
    }
    // A file that is checked alone does not see `tidy`'s body, and believes the name of its result.
    assert_eq!(answers[0], answers[1]);
    answers.swap_remove(0)
}

const EMAIL: &str = "leak/email mixpanel error -";
const ID: &str = "leak/user-id mixpanel note -";

#[test]
fn what_the_policy_says_holds() {
    let check = |policy: &str, expect: &[&str]| {
        let mut expect = expect.to_vec();
        expect.sort_unstable();
        assert_eq!(found(policy), expect, "{policy}");
    };
    check("", &[EMAIL, EMAIL, ID]);
    check("sanitizers = ['tidy']", &[EMAIL, ID]);
    let tidy = "sanitizers = ['tidy']\n";
    let warning = "leak/email mixpanel warning -";
    check(&format!("{tidy}[severity.category]\nemail = 'warning'"), &[warning, ID]);
    check(
        &format!("{tidy}[severity.path]\n'src/app/**' = 'off'"),
        &[
            "leak/email mixpanel error severity.path.\"src/app/**\" is off",
            "leak/user-id mixpanel note severity.path.\"src/app/**\" is off",
        ],
    );
    let allow = "[[allow]]\nvendor = 'mixpanel'\ncategories = ['direct']\nreason = 'contract'\nuntil = ";
    check(&format!("{tidy}{allow}2027-01-01"), &["leak/email mixpanel error contract", ID]);
    check(&format!("{tidy}{allow}2026-12-31"), &[EMAIL, ID]);
    let self_hosted = ["leak/email mixpanel error self-hosted", "leak/user-id mixpanel note self-hosted"];
    check(&format!("{tidy}self-hosted = ['mixpanel']"), &self_hosted);
    check(&format!("{tidy}declared = ['sentry']"), &["vendor/undeclared mixpanel error -", EMAIL, ID]);
    check(&format!("{tidy}declared = ['mixpanel']"), &[EMAIL, ID]);
    let denied = "[[deny]]\nvendor = 'mixpanel'\nreason = 'breach'";
    check(&format!("{tidy}{denied}"), &["vendor/denied mixpanel error -", EMAIL, ID]);
    let tracker = "[[tracker.acme.entry]]\npackages = ['@acme/events']\nexports = ['send']\napi = 'send'\n\
                   [tracker.acme.api.send.calls]\n'()' = { args = ['text', 'properties'] }";
    check(&format!("{tidy}{tracker}"), &[EMAIL, ID, "leak/phone acme error -"]);
}

#[test]
fn the_policy_is_found_and_may_be_refused() {
    let folder = project("[severity.group]\ndirect = 'note'");
    run(&folder, &["src"]).assert().code(0);
    run(&folder, &["--no-config", "src"]).assert().code(1);
    fs::write(folder.path().join("strict.toml"), "extends = ['overshare.toml']\nseverity.group.direct = 'error'")
        .unwrap();
    run(&folder, &["--config", "strict.toml", "src"]).assert().code(1);
    fs::remove_file(folder.path().join("overshare.toml")).unwrap();
    let manifest = "{ \"name\": \"a\", \"overshare\": { \"severity\": { \"group\": { \"direct\": \"note\" } } } }";
    fs::write(folder.path().join("package.json"), manifest).unwrap();
    run(&folder, &["src"]).assert().code(0);
    fs::write(folder.path().join("package.json"), manifest.replace("direct", "dircet")).unwrap();
    run(&folder, &["src"]).assert().code(2).stderr(contains("package.json:1").and(contains("did you mean `direct`?")));
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let folder = project("# Ours.\n[severity.category]\nemial = 'off'\n");
    let told = contains("overshare.toml:3:1").and(contains("emial = 'off'")).and(contains("did you mean `email`?"));
    run(&folder, &[]).assert().code(2).stdout("").stderr(told);
    fs::write(folder.path().join("overshare.toml"), "extends = ['a.toml']").unwrap();
    run(&folder, &[]).assert().code(2).stderr(contains("`a.toml` does not exist"));
    fs::write(folder.path().join("a.toml"), "extends = ['overshare.toml']").unwrap();
    run(&folder, &[]).assert().code(2).stderr(contains("extends itself"));
}

#[test]
fn what_is_hidden_and_what_is_over_is_said() {
    let allow = "[[allow]]\nvendor = 'mixpanel'\nreason = 'contract'\nuntil = 2027-01-01\n";
    let folder = project(allow);
    run(&folder, &["--today", "2027-01-01"]).assert().code(0).stdout(contains("Hidden: 3 findings by"));
    run(&folder, &["--today", "2027-01-02"]).assert().code(1).stdout(contains("ended on 2027-01-01"));
    let shown = contains("mixpanel may receive data until 2027-01-01").and(contains("email = \"error\" # default"));
    let mut show = Command::cargo_bin("overshare").unwrap();
    show.current_dir(folder.path()).args(["config", "show", "src"]).assert().code(0).stdout(shown);
}
