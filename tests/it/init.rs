//! `overshare init`: the policy that it writes is in force, and the check passes under it.

use std::fs;

use assert_cmd::Command;
use predicates::str::contains;

use crate::revisions::Git;

fn run(git: &Git, arguments: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("overshare").unwrap().current_dir(git.path()).args(arguments).assert()
}

fn project() -> Git {
    let git = Git::new();
    let page = |event: &str, field: &str| {
        format!(
            "import mixpanel from 'mixpanel-browser';\n\
             export const f = (user) => mixpanel.track('{event}', {{ {field}: user.{field} }});\n"
        )
    };
    git.write("src/pages/[id].js", &page("a", "email"));
    git.write("src/pages/it's \"b\".js", &page("b", "phone"));
    (0..30).for_each(|n| git.write(&format!("src/many/{n}.js"), &page("c", "name")));
    git
}

#[test]
fn the_check_passes_right_after_it() {
    let git = project();
    run(&git, &[]).code(1);
    run(&git, &["init"]).code(0).stderr(contains("1 vendor declared, 3 exceptions to review"));
    let policy = fs::read_to_string(git.path().join("overshare.toml")).unwrap();
    assert!(policy.contains("\"mixpanel\", # Mixpanel") && policy.contains("\"src/many/*\""), "{policy}");
    run(&git, &[]).code(0).stdout(contains("Hidden: 32 findings by the configuration."));
    run(&git, &["src/pages"]).code(0);
    // What is new fails: another field of the same file, another file, another vendor.
    let new = |file: &str, code: &str, rule: &str| {
        let git = project();
        run(&git, &["init"]).code(0);
        git.write(file, code);
        run(&git, &[]).code(1).stdout(contains(rule));
    };
    let import = "import mixpanel from 'mixpanel-browser';\n";
    new("src/x.js", &format!("{import}mixpanel.track('x', {{ email: user.email }});\n"), "leak/email");
    new("src/pages/[id].js", &format!("{import}mixpanel.track('x', {{ phone: user.phone }});\n"), "leak/phone");
    new("src/y.js", "import posthog from 'posthog-js';\nposthog.capture('x');\n", "vendor/undeclared");
}

#[test]
fn a_policy_is_not_written_over() {
    let git = project();
    git.write("overshare.toml", "# mine\n");
    run(&git, &["init"]).code(2).stderr(contains("is there already"));
    run(&git, &["init", "src"]).code(2).stderr(contains("is in force here"));
    assert_eq!(fs::read_to_string(git.path().join("overshare.toml")).unwrap(), "# mine\n");
    run(&git, &["init", "--force", "--quiet"]).code(0).stderr("");
    run(&git, &["init", "--force", "src"]).code(0);
    run(&git, &["src"]).code(0);
    run(&git, &["init", "src/x.js"]).code(2).stderr(contains("is no folder"));
    // A project without vendors gets one too.
    let empty = Git::new();
    run(&empty, &["init"]).code(0).stderr(contains("0 vendors declared, 0 exceptions"));
    run(&empty, &["check"]).code(0);
}
