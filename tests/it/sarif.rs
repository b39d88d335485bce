//! SARIF of real scans: by the OASIS schema, with every hop, and what was hidden and skipped.

use std::{fs, path::PathBuf, process::Command};

use serde_json::Value;

use crate::{fixtures::root, revisions::Git};

/// The schema, which the crate that has SARIF's types carries.
fn schema() -> Value {
    let output = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).current_dir(root()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let host = output("rustc", &["-vV"]);
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let arguments = ["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", host];
    let metadata: Value = serde_json::from_str(&output(env!("CARGO"), &arguments)).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|it| it["name"] == "serde-sarif").unwrap();
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    let text = fs::read_to_string(manifest.parent().unwrap().join("src/schema.json")).unwrap();
    // As published, the pattern of a language has a bracket too many and is no regular expression.
    let broken = "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";
    assert_eq!(text.matches(broken).count(), 2);
    serde_json::from_str(&text.replace(broken, "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$")).unwrap()
}

fn log(folder: &Git, arguments: &[&str]) -> Value {
    let mut command = assert_cmd::Command::cargo_bin("overshare").unwrap();
    let output = command.current_dir(folder.path()).args(["--format", "sarif"]).args(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_log_of_a_scan_is_complete_and_valid() {
    let git = Git::new();
    git.write(
        "src/track it's [1].js",
        "import mixpanel from 'mixpanel-browser';\nexport const send = (p) => mixpanel.track('x', p);\n",
    );
    let comment = "// overshare-ignore leak/phone -- the \"desk\" [calls](back)";
    git.write(
        "src/a%20b.js",
        &format!(
            "import {{ send }} from \"./track it's [1]\";\n\
             export const f = (user) => send({{ email: user.email }});\n\
             export const g = (user) => send({{ phone: user.phone }}); {comment}\n"
        ),
    );
    git.write("src/vendor.min.js", &format!("{}\n", "var a=1;".repeat(2000)));
    git.write(
        "overshare.toml",
        "[severity.category]\nuser-id = \"off\"\n[[deny]]\nvendor = 'mixpanel'\nreason = 'x'\n",
    );
    let log = log(&git, &[]);
    let errors: Vec<String> =
        jsonschema::validator_for(&schema()).unwrap().iter_errors(&log).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let of = |rule: &str| results.iter().find(|it| it["ruleId"] == rule).unwrap_or_else(|| panic!("{rule}"));
    let email = of("leak/email");
    let steps = email["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    let uri = |it: &Value| it["location"]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned();
    assert!(steps.len() >= 3, "{steps:?}");
    assert_eq!(uri(&steps[0]), "src/a%2520b.js");
    assert_eq!(uri(&steps[steps.len() - 1]), "src/track%20it%27s%20%5B1%5D.js");
    assert_eq!(email["suppressions"].as_array().unwrap().len(), 0);
    let hidden = &of("leak/phone")["suppressions"][0];
    assert_eq!((&hidden["kind"], &hidden["status"]), (&"inSource".into(), &"accepted".into()));
    assert_eq!(hidden["justification"], "the \"desk\" [calls](back)");
    assert_eq!(hidden["location"]["physicalLocation"]["region"]["startLine"], 3);
    of("vendor/denied");
    let skipped = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert!(skipped.iter().any(|it| it["message"]["text"].as_str().unwrap().starts_with("skipped: ")), "{skipped:?}");
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        let tags: Vec<_> = rule["properties"]["tags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(tags.contains(&"external/cwe/cwe-359") && tags.contains(&"external/cwe/cwe-201"), "{rule}");
        assert!(rule["help"]["markdown"].is_string() && rule["properties"]["security-severity"].is_string(), "{rule}");
    }
}

#[test]
fn a_log_that_is_too_long_is_split_and_that_is_said() {
    let git = Git::new();
    let calls = "  mixpanel.track('x', { email: user.email });\n".repeat(5001);
    let import = "import mixpanel from 'mixpanel-browser';\n";
    git.write("a.js", &format!("{import}export function f(user) {{\n{calls}}}\n"));
    let mut command = assert_cmd::Command::cargo_bin("overshare").unwrap();
    let run = command.current_dir(git.path()).args(["--format", "sarif:out.sarif"]).assert().code(1);
    run.stderr(predicates::str::contains("split into 2 logs, out.sarif to out-2.sarif"));
    let part = |file: &str| -> (usize, String) {
        let log: Value = serde_json::from_slice(&fs::read(git.path().join(file)).unwrap()).unwrap();
        let run = &log["runs"][0];
        (run["results"].as_array().unwrap().len(), run["automationDetails"]["id"].as_str().unwrap().to_owned())
    };
    assert_eq!(part("out.sarif"), (5000, "overshare/part-1/".to_owned()));
    assert_eq!(part("out-2.sarif"), (1, "overshare/part-2/".to_owned()));
}
