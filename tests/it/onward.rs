//! Where data go on to: what the code names, what is configured out of sight, and what is switched off.

use overshare::report::model::{Forwarding, Report};

use crate::fixtures::report;

/// Each line `file:line vendor -> destination=vendor`, `?` where nobody knows.
fn check(files: &[(&str, &str)], expect: &[&str]) {
    let told = |it: &Forwarding| {
        let to = it.destinations.iter().map(|to| format!("{}={}", to.name, to.vendor.as_deref().unwrap_or("?")));
        let to: Vec<_> = if it.kind == "remote" { vec!["?".to_owned()] } else { to.collect() };
        format!("{}:{} {} -> {}", it.location.file, it.location.line, it.vendor, to.join(" "))
    };
    let Report { forwards, .. } = report(files);
    assert_eq!(forwards.iter().map(told).collect::<Vec<_>>(), expect, "{files:?}");
}

#[test]
fn destinations_that_a_call_names() {
    let code = "import { AnalyticsBrowser } from '@segment/analytics-next';\n\
                import { integrations } from './destinations';\n\
                const off = false;\n\
                const analytics = AnalyticsBrowser.load({ writeKey: 'k' }, { integrations });\n\
                analytics.track('Paid', {}, { integrations: { All: false, Mixpanel: true, Braze: off, E: {} } });\n\
                analytics.track('Seen', { plan });\n";
    let destinations = "const ads = { 'Facebook Pixel': { retries: 2 } };\n\
                        export const integrations = { ...ads, Amplitude: { sessionId: 1 } };\n";
    check(
        &[("app.ts", code), ("destinations.ts", destinations)],
        &[
            "app.ts:1 segment -> ?",
            "app.ts:4 segment -> Amplitude=amplitude Facebook Pixel=meta-pixel",
            "app.ts:5 segment -> E=? Mixpanel=mixpanel",
        ],
    );
}

#[test]
fn a_container_of_tags_is_configured_out_of_sight() {
    let container = "<script>\n(function(w,d,s,l,i){w[l]=w[l]||[];var j=d.createElement(s);\n\
                     j.src='https://www.googletagmanager.com/gtm.js?id='+i;d.head.appendChild(j);\n\
                     })(window,document,'script','dataLayer','GTM-1');\n</script>\n";
    check(&[("a.html", container)], &["a.html:3 google-analytics -> ?"]);
    check(&[("a.js", "import TagManager from 'react-gtm-module';\n")], &["a.js:1 google-analytics -> ?"]);
    let tag = "<script src=\"https://www.googletagmanager.com/gtag/js?id=G-1\"></script>\n";
    check(&[("a.html", tag)], &[]);
    check(&[("package.json", "{ \"dependencies\": { \"react-gtm-module\": \"2\" } }")], &[]);
}

#[test]
fn destinations_of_a_server() {
    let code = "const Analytics = require('@rudderstack/rudder-sdk-node');\n\
                const client = new Analytics('key', { dataPlaneUrl: url });\n\
                client.track({ userId, event, integrations: { All: true, Amplitude: false, Mixpanel: true } });\n";
    check(&[("a.js", code)], &["a.js:1 rudderstack -> ?", "a.js:3 rudderstack -> All=? Mixpanel=mixpanel"]);
}
