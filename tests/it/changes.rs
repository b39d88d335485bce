//! `check --diff`: what a change adds, flow by flow, and what it takes away.

use std::fs;

use assert_cmd::Command;

use crate::revisions::Git;

/// A shop that hands over nothing personal but a user id. Each line that a mutation changes stands alone.
const FILES: [(&str, &str); 6] = [
    (
        "src/track.ts",
        "import posthog from 'posthog-js';\n\
         export function track(name: string, props: object, extra?: object) {\n  posthog.capture(name, props);\n}\n",
    ),
    (
        "src/cart.ts",
        "import { track } from './track';\n\
         import { createHash } from 'crypto';\n\
         import { pick } from 'lodash';\n\
         const hash = (text: string) => createHash('sha256').update(text).digest('hex');\n\
         const net = (ip: string) => ip.split('.').slice(0, 2).join('.');\n\
         export function buy(user: any, cart: any) {\n  \
         track('buy', { total: cart.total });\n  \
         track('key', { email: hash(user.email) });\n  \
         track('net', { network: net(user.ipAddress) });\n  \
         track('has', { phone: !!user.phone });\n  \
         track('some', pick(user, ['plan']));\n}\n",
    ),
    (
        "src/gone.ts",
        "import { track } from './track';\n\
         export function gone(user: any) {\n  const copy = { plan: user.plan, address: user.address };\n  \
         delete copy.address;\n  track('gone', copy);\n}\n",
    ),
    (
        "src/typed.ts",
        "import { track } from './track';\n\
         interface Visit {\n  page: string;\n}\n\
         export function visit(seen: Visit) {\n  track('visit', seen, { birthDate: '' });\n}\n",
    ),
    (
        "src/extra.ts",
        "import { track } from './track';\n\
         export const extra = (user: any) => track('extra', {}, { username: user.username });\n",
    ),
    (
        "src/init.ts",
        "import posthog from 'posthog-js';\n\
         import { trackers } from './noop';\n\
         posthog.init('key', { autocapture: false, disable_session_recording: true });\n\
         export const start = (user: any) => trackers.send({ email: user.email });\n",
    ),
];

const NOOP: &str = "export const trackers = { send: (props: object) => undefined };\n";
const REAL: &str = "import mixpanel from 'mixpanel-browser';\n\
                    export const trackers = { send: (props: object) => mixpanel.track('x', props) };\n";

fn shop() -> Git {
    let git = Git::new();
    FILES.iter().for_each(|(file, text)| git.write(file, text));
    git.write("src/noop.ts", NOOP);
    git.write("src/real.ts", REAL);
    git.commit("a clean shop");
    git
}

/// What is new against the last commit, and what is said to be gone.
fn diff(git: &Git) -> (Vec<String>, Vec<String>, String) {
    let mut command = Command::cargo_bin("overshare").unwrap();
    command.current_dir(git.path()).args(["--diff", "HEAD", "--format", "json"]);
    let output = command.output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = |name: &str, keys: [&str; 3]| {
        let items = report[name].as_array().unwrap().iter();
        let text = |it: &serde_json::Value| keys.map(|key| it.pointer(key).unwrap().as_str().unwrap().to_owned());
        let mut list: Vec<String> = items.map(|it| text(it).join(" ")).collect();
        list.sort();
        list.dedup();
        list
    };
    let findings = list("findings", ["/vendor", "/category", "/location/file"]);
    let collections = list("collections", ["/vendor", "/kind", "/location/file"]);
    (findings, collections, String::from_utf8(output.stderr).unwrap())
}

fn replace(git: &Git, file: &str, from: &str, to: &str) {
    let text = fs::read_to_string(git.path().join(file)).unwrap();
    assert!(text.contains(from), "{file} has {from}");
    git.write(file, &text.replace(from, to));
}

/// One change gives exactly these flows.
fn check(file: &str, from: &str, to: &str, expect: &[&str]) {
    let git = shop();
    replace(&git, file, from, to);
    let (findings, collections, _) = diff(&git);
    assert_eq!(findings, expect, "{from} -> {to}");
    assert_eq!(collections, Vec::<String>::new(), "{from} -> {to}");
}

#[test]
fn each_change_reports_exactly_its_flow() {
    let cart = "src/cart.ts";
    check(cart, "track('buy'", "track('who', { name: user.name });\n  track('buy'", &["posthog name src/cart.ts"]);
    check(cart, "total: cart.total", "total: cart.total, username: user.username", &["posthog username src/cart.ts"]);
    check(cart, "hash(user.email)", "user.email", &["posthog email src/cart.ts"]);
    check(cart, "net(user.ipAddress)", "user.ipAddress", &["posthog ip-address src/cart.ts"]);
    check(cart, "!!user.phone", "user.phone", &["posthog phone src/cart.ts"]);
    check(cart, "['plan']", "['plan', 'email']", &["posthog email src/cart.ts"]);
    check(cart, "total: cart.total", "total: cart.total, ...user", &["posthog person-object src/cart.ts"]);
    check("src/gone.ts", "  delete copy.address;\n", "", &["posthog address src/gone.ts"]);
    check("src/typed.ts", "page: string;", "page: string;\n  email: string;", &["posthog email src/typed.ts"]);
    check("src/track.ts", "(name, props)", "(name, { ...props, ...extra })", &["posthog username src/extra.ts"]);
    check("src/init.ts", "'./noop'", "'./real'", &["mixpanel email src/init.ts"]);
}

#[test]
fn a_setting_that_is_taken_away_is_new() {
    let git = shop();
    replace(&git, "src/init.ts", "autocapture: false, ", "");
    let (findings, collections, _) = diff(&git);
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(collections, ["posthog autocapture src/init.ts"]);
}

#[test]
fn a_vendor_that_joins_or_leaves_is_said() {
    let git = shop();
    let sentry =
        "import * as Sentry from '@sentry/browser';\nexport const id = (user) => Sentry.setUser({ id: user.id });\n";
    git.write("src/errors.js", sentry);
    assert_eq!(diff(&git).0, ["sentry user-id src/errors.js"]);
    git.commit("errors");
    fs::remove_file(git.path().join("src/errors.js")).unwrap();
    let (findings, _, said) = diff(&git);
    assert_eq!(findings, Vec::<String>::new());
    assert!(said.contains("User id goes to Sentry [leak/user-id] (src/errors.js:2:"), "{said}");
    assert!(said.contains("Sentry is no longer used"), "{said}");
    let mut command = Command::cargo_bin("overshare").unwrap();
    let formats = ["--format", "json", "--format", "markdown:gone.md"];
    let output = command.current_dir(git.path()).args(["--diff", "HEAD"]).args(formats).output().unwrap();
    let gone = &serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()["gone"];
    let told =
        [&gone["since"], &gone["findings"][0]["rule"], &gone["findings"][0]["location"]["file"], &gone["vendors"][0]];
    assert_eq!(told, ["HEAD", "leak/user-id", "src/errors.js", "sentry"]);
    let comment = fs::read_to_string(git.path().join("gone.md")).unwrap();
    let line = "- User id goes to Sentry \\[leak/user-id\\] (`src/errors.js:2:";
    assert!(comment.contains("**Gone since `HEAD`**") && comment.contains(line), "{comment}");
}

/// Another style: other quotes, longer lines broken, semicolons gone, lines above.
fn reformatted(text: &str) -> String {
    let text =
        text.replace('\'', "\"").replace(";\n", "\n").replace(", {", ",\n    {").replace("user.", "user\n      .");
    format!("// Formatted.\n\n{text}")
}

#[test]
fn formatting_and_moves_report_nothing() {
    let git = shop();
    replace(&git, "src/cart.ts", "hash(user.email)", "user.email");
    replace(&git, "src/cart.ts", "['plan']", "['plan', 'email']");
    git.commit("with findings");
    for (file, _) in FILES {
        let text = fs::read_to_string(git.path().join(file)).unwrap();
        git.write(file, &reformatted(&text));
    }
    let nothing = |git: &Git| {
        let (findings, collections, said) = diff(git);
        assert_eq!((findings, collections), (vec![], vec![]));
        assert!(said.contains("nothing is gone since HEAD"), "{said}");
    };
    nothing(&git);
    git.commit("formatted");
    fs::create_dir_all(git.path().join("src/shop")).unwrap();
    fs::rename(git.path().join("src/cart.ts"), git.path().join("src/shop/basket.ts")).unwrap();
    replace(&git, "src/shop/basket.ts", "\"./track\"", "\"../track\"");
    nothing(&git);
}

#[test]
fn a_revision_that_is_not_there_is_an_error() {
    let git = shop();
    let mut command = Command::cargo_bin("overshare").unwrap();
    let run = command.current_dir(git.path()).args(["--diff", "nowhere"]).assert().code(2);
    run.stderr(predicates::str::contains("there is no revision `nowhere`"));
}
