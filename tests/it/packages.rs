//! What is shipped around the crate says the same everywhere: one version, one list of platforms, commands that exist.

use std::{collections::BTreeSet, fs, process::Command};

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;

use crate::{fixtures::root, revisions::Git};

fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn every_package_has_the_version_of_the_crate() {
    let npm: Value = serde_json::from_str(&text("packages/npm/package.json")).unwrap();
    assert_eq!(npm["version"], env!("CARGO_PKG_VERSION"));
    for (name, version) in npm["optionalDependencies"].as_object().unwrap() {
        assert_eq!(version, env!("CARGO_PKG_VERSION"), "{name}");
    }
    let release = format!("/v{}/", env!("CARGO_PKG_VERSION"));
    assert!(text("integrations/gitlab-ci.yml").contains(&release));
    let pypi: toml::Table = text("packages/pypi/pyproject.toml").parse().unwrap();
    assert!(pypi["project"]["dynamic"].as_array().unwrap().contains(&"version".into()));
    assert_eq!(pypi["project"]["description"].as_str(), npm["description"].as_str());
}

#[test]
fn every_platform_is_built_and_packed() {
    let npm: Value = serde_json::from_str(&text("packages/npm/package.json")).unwrap();
    let packages: BTreeSet<&String> = npm["optionalDependencies"].as_object().unwrap().keys().collect();
    let dist: toml::Table = text("dist-workspace.toml").parse().unwrap();
    let script = text("packages/npm/platform.mjs");
    let targets = dist["dist"]["targets"].as_array().unwrap();
    let of = |target: &str| {
        assert!(script.contains(&format!("\"{target}\": {{")), "platform.mjs knows {target}");
        let cpu = if target.starts_with("aarch64") { "arm64" } else { "x64" };
        let os = ["darwin", "linux", "windows"].into_iter().find(|os| target.contains(os)).unwrap();
        format!("@overshare/{}-{cpu}", if os == "windows" { "win32" } else { os })
    };
    let built: Vec<String> = targets.iter().map(|target| of(target.as_str().unwrap())).collect();
    assert_eq!(packages, built.iter().collect());
    assert_eq!(script.matches("os: \"").count(), targets.len());
}

/// The steps of the action, as the runner runs them.
#[cfg(unix)]
#[test]
fn the_steps_of_the_action_work() {
    let git = Git::new();
    let clean = "import mixpanel from 'mixpanel-browser';\nexport const f = (user) => mixpanel.track('x', {});\n";
    git.write("src/a.js", clean);
    git.commit("clean");
    git.write("src/a.js", &clean.replace("{}", "{ email: user.email }"));
    let runner = tempfile::tempdir().unwrap();
    let path = std::env::join_paths(
        std::iter::once(cargo_bin("overshare").parent().unwrap().to_owned())
            .chain(std::iter::once(runner.path().to_owned()))
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let path = path.unwrap();
    let file = |name: &str| runner.path().join(name);
    let step = |name: &str, variables: &[(&str, &str)]| {
        let mut command = Command::new(root().join("action").join(name));
        command.current_dir(git.path()).env("PATH", &path).env("RUNNER_TEMP", runner.path());
        command.env("GITHUB_OUTPUT", file("outputs")).env("GITHUB_STEP_SUMMARY", file("summary"));
        let output = command.envs(variables.iter().copied()).output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(step("install", &[("OVERSHARE_VERSION", "installed")]).contains(env!("CARGO_PKG_VERSION")));
    // A push: everything, and a log for code scanning.
    let annotations = step("check", &[]);
    assert!(annotations.starts_with("::error file=src/a.js,line=2,"), "{annotations}");
    let outputs = fs::read_to_string(file("outputs")).unwrap();
    assert!(outputs.contains("status=1\n") && outputs.contains("/sarif\n"), "{outputs}");
    // A pull request: what is new, and a comment.
    let variables =
        [("BASE_SHA", "HEAD"), ("OVERSHARE_FAIL_ON", "never"), ("OVERSHARE_ARGUMENTS", "--vendor mixpanel")];
    step("check", &variables);
    let outputs = fs::read_to_string(file("outputs")).unwrap();
    assert!(outputs.ends_with("comment.md\n") && outputs.contains("status=0\n"), "{outputs}");
    let comment = file("overshare-results/comment.md");
    assert!(fs::read_to_string(&comment).unwrap().contains("Nothing is gone since `HEAD`."));
    // A `gh` that knows one comment, or none, and notes what it is told.
    for (known, told) in [("7", "PATCH repos/o/r/issues/comments/7"), ("", "POST repos/o/r/issues/3/comments")] {
        let script = format!(
            "#!/bin/sh\ncase \"$*\" in *--paginate*) test \"$MARKER\" = '<!-- overshare -->' && printf '{known}';; \
             *) echo \"$3 $4 $6\" > {};; esac\n",
            file("told").display()
        );
        let gh = file("gh");
        fs::write(&gh, script).unwrap();
        fs::set_permissions(&gh, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let comment = comment.to_string_lossy();
        step("comment", &[("COMMENT", &comment), ("REPOSITORY", "o/r"), ("NUMBER", "3")]);
        assert_eq!(fs::read_to_string(file("told")).unwrap(), format!("{told} body=@{comment}\n"));
    }
}
