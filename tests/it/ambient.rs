//! Default collection: what the options of an initialisation turn off, wherever they are written.

use std::{collections::BTreeSet, fs};

use overshare::scan::{Request, scan};

const FILES: &[(&str, &str)] = &[
    ("options.ts", "export const strict = { ip: false, property_blacklist: [\"$referrer\", \"$browser\"] };\n"),
    ("package.json", "{ \"dependencies\": { \"posthog-js\": \"1\" } }\n"),
];

/// The kinds and categories that `mixpanel.init` with these options still collects.
fn check(options: &str, expect: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let code = format!(
        "import mixpanel from 'mixpanel-browser';\nimport {{ strict }} from './options';\n\
         const isProduction = process.env.NODE_ENV === 'production';\nconst off = false;\n\
         const mutable = {{ debug: true }};\nmutable.ip = false;\nmixpanel.init('token'{options});\n\
         export {{ strict, isProduction, off, mutable }};\n"
    );
    fs::write(folder.path().join("start.ts"), code).unwrap();
    let request = Request { paths: vec![folder.path().to_owned()], ..Request::default() };
    let report = scan(&request).unwrap().report;
    let found: BTreeSet<String> = report
        .collections
        .iter()
        .map(|it| if it.kind == "default" { it.category.to_string() } else { format!("{} {:?}", it.kind, it.severity) })
        .collect();
    assert_eq!(found, expect.iter().map(ToString::to_string).collect(), "mixpanel.init('token'{options})");
    let vendors: Vec<_> = report.vendors.iter().map(|presence| presence.vendor.as_str()).collect();
    assert_eq!(vendors, ["mixpanel", "posthog"]);
}

#[test]
fn options_are_read_wherever_they_stand() {
    let all = ["device-id", "ip-address", "location", "referrer", "user-agent"];
    let no_ip = ["device-id", "referrer", "user-agent"];
    check("", &all);
    check(", { debug: true }", &all);
    check(", { ip: true }", &all);
    check(", { ip: false }", &no_ip);
    check(", { ip: !1 }", &no_ip);
    check(", { ip: off }", &no_ip);
    check(", mutable", &no_ip);
    check(", strict", &["device-id"]);
    check(", { ...strict, debug: true }", &["device-id"]);
    check(", { ...strict, ip: true }", &["device-id", "ip-address", "location"]);
    check(", { debug: true, ...mutable }", &no_ip);
    check(", { ip: isProduction }", &all);
    check(", { ...(isProduction ? { ip: false } : {}) }", &all);
    check(", isProduction ? { ip: false } : { ip: false, debug: true }", &no_ip);
}

#[test]
fn what_people_type_and_see_is_graver_unmasked() {
    let with = |more: &'static str| ["device-id", "ip-address", "location", "referrer", "user-agent", more];
    check(", { record_sessions_percent: 50 }", &with("session-replay Note"));
    check(", { record_sessions_percent: 50, record_mask_all_text: false }", &with("session-replay Warning"));
    check(", { record_sessions_percent: 0 }", &with("device-id"));
    check(", { autocapture: true }", &with("autocapture Warning"));
    check(", { autocapture: false }", &with("device-id"));
}
