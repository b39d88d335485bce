//! Presence: every vendor that a project names, each sign with its place and with what shows it.

use crate::fixtures::report;

/// Each line `vendor: kind name file:line`.
fn check(files: &[(&str, &str)], expect: &[&str]) {
    let mut told = Vec::new();
    for presence in report(files).vendors {
        for it in presence.evidence {
            let place = format!("{}:{}", it.location.file, it.location.line);
            told.push(format!("{}: {} {} {place}", presence.vendor, it.kind, it.name));
        }
    }
    assert_eq!(told, expect, "{files:?}");
}

#[test]
fn each_way_in_is_told_apart() {
    check(&[("a.ts", "\nimport mixpanel from 'mixpanel-browser';\n")], &["mixpanel: import mixpanel-browser a.ts:2"]);
    check(&[("a.js", "const { PostHog } = require('posthog-node');\n")], &["posthog: import posthog-node a.js:1"]);
    check(&[("a.js", "window.Intercom('shutdown');\n")], &["intercom: global Intercom a.js:1"]);
    let page = "<html>\n<script src=\"//static.hotjar.com/c/hotjar-1.js\"></script>\n</html>";
    check(&[("a.html", page)], &["hotjar: script static.hotjar.com a.html:2"]);
    let request = "fetch('https://api.mixpanel.com/track', { method: 'POST', body });\n";
    check(&[("a.js", request)], &["mixpanel: http api.mixpanel.com a.js:1"]);
}

#[test]
fn a_dependency_shows_a_vendor_that_no_file_imports() {
    let manifest = "{\n  \"dependencies\": {\n    \"@sentry/react\": \"10\",\n    \"react\": \"19\"\n  },\n\
                    \"devDependencies\": { \"posthog-js\": \"1\" }\n}\n";
    let expect = ["posthog: dependency posthog-js package.json:6", "sentry: dependency @sentry/react package.json:3"];
    check(&[("package.json", manifest), ("a.ts", "import React from 'react';\n")], &expect);
}

#[test]
fn names_that_anybody_uses_show_nobody() {
    check(&[("a.ts", "import { heap } from './heap';\nheap.push(1);\nconst mixpanel = 1;\nuse(mixpanel);\n")], &[]);
    check(&[("package.json", "{ \"name\": \"mixpanel-browser\", \"dependencies\": {} }")], &[]);
}

/// Files that were parsed.
fn parsed(files: &[(&str, &str)]) -> usize {
    report(files).stats.files_parsed
}

#[test]
fn a_name_in_quotes_shows_a_vendor_only_where_the_project_has_it() {
    let list = ("list.ts", "export const tools = ['newrelic', 'other']; // newrelic (which is one)\n");
    assert_eq!(parsed(&[list]), 0);
    assert_eq!(parsed(&[list, ("package.json", "{ \"dependencies\": { \"newrelic\": \"11\" } }")]), 1);
    assert_eq!(
        parsed(&[("a.ts", "import icon from './icons/newrelic.svg';\nexport const all = ['newrelic', icon];\n")]),
        0
    );
}

#[test]
fn a_test_that_names_nobody_whom_the_project_has_is_not_parsed() {
    let test = ("b.test.ts", "test('s', () => { const s = load(); s.events(1); });\n");
    let app = ("a.ts", "import posthog from 'posthog-js';\nposthog.capture('a');\n");
    assert_eq!(parsed(&[test, app]), 1);
}
