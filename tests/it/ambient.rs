//! Default collection: where it starts, and what the options of an initialisation turn off, wherever they are written.

use std::collections::BTreeSet;

use overshare::report::model::{Collection, Report};

use crate::fixtures::report;

/// What a vendor collects by default, where: `file:line category`, or the kind and how grave it is.
fn collected(report: &Report, vendor: &str) -> BTreeSet<String> {
    let told = |it: &Collection| {
        let what =
            if it.kind == "default" { it.category.to_string() } else { format!("{} {:?}", it.kind, it.severity) };
        format!("{}:{} {what}", it.location.file, it.location.line)
    };
    report.collections.iter().filter(|it| it.vendor == vendor).map(told).collect()
}

fn set(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(ToString::to_string).collect()
}

/// The kinds and categories that `mixpanel.init` with these options still collects.
fn check(options: &str, expect: &[&str]) {
    let code = format!(
        "import mixpanel from 'mixpanel-browser';\nimport {{ strict }} from './options';\n\
         const isProduction = process.env.NODE_ENV === 'production';\nconst off = false;\n\
         const mutable = {{ debug: true }};\nmutable.ip = false;\nmixpanel.init('token'{options});\n\
         export {{ strict, isProduction, off, mutable }};\n"
    );
    let options_file = "export const strict = { ip: false, property_blacklist: [\"$referrer\", \"$browser\"] };\n";
    let manifest = "{ \"dependencies\": { \"posthog-js\": \"1\" } }\n";
    let report = report(&[("options.ts", options_file), ("package.json", manifest), ("start.ts", &code)]);
    let expect = expect.iter().map(|what| format!("start.ts:7 {what}")).collect();
    assert_eq!(collected(&report, "mixpanel"), expect, "mixpanel.init('token'{options})");
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

#[test]
fn options_are_where_the_signature_that_fits_has_them() {
    let check = |arguments: &str, expect: &[&str]| {
        let code = format!("import {{ init }} from '@amplitude/analytics-browser';\ninit({arguments});\n");
        let expect = expect.iter().map(|what| format!("a.ts:2 {what}")).collect();
        assert_eq!(collected(&report(&[("a.ts", &code)]), "amplitude"), expect, "init({arguments})");
    };
    let least = ["device-id", "session-id"];
    let off = "{ autocapture: false, trackingOptions: { ipAddress: false, platform: false } }";
    check(&format!("key, {off}"), &least);
    check(&format!("key, user.id, {off}"), &least);
    check(&format!("key, undefined, {off}"), &least);
    check(&format!("...[key, {off}]"), &least);
}

#[test]
fn a_script_starts_where_a_page_loads_it() {
    let page = |url: &str| format!("<html>\n<script src=\"{url}\"></script>\n</html>");
    let loader = "const s = document.createElement('script');\ns.src = `//static.hotjar.com/c/hotjar-${id}.js`;\n";
    let policy = "export const csp = ['https://js.hs-scripts.com', 'https://static.hotjar.com'];\n";
    let hubspot = page("//js.hs-scripts.com/123.js");
    let found = report(&[("a.html", &hubspot), ("b.js", loader), ("c.ts", policy), ("d.html", &hubspot)]);
    let places = |vendor| -> BTreeSet<String> {
        let all = collected(&found, vendor).into_iter();
        all.filter_map(|it| it.split_once(' ').map(|(place, _)| place.to_owned())).collect()
    };
    assert_eq!(places("hubspot"), set(&["a.html:2", "d.html:2"]));
    assert_eq!(places("hotjar"), set(&["b.js:2"]));
    let kinds: BTreeSet<_> = found.vendors.iter().flat_map(|presence| &presence.evidence).collect();
    let of_policy = kinds.iter().filter(|evidence| evidence.location.file == "c.ts").map(|it| it.kind.as_str());
    assert_eq!(of_policy.collect::<Vec<_>>(), ["http", "http"]);
}

#[test]
fn a_script_that_the_code_initialises_starts_there() {
    let page = "<script src=\"https://www.googletagmanager.com/gtag/js?id=G-1\"></script>\n<script>\n\
                window.dataLayer = window.dataLayer || [];\nfunction gtag() { dataLayer.push(arguments); }\n\
                gtag('config', 'G-1');\n</script>";
    let found = collected(&report(&[("a.html", page)]), "google-analytics");
    assert!(!found.is_empty() && found.iter().all(|it| it.starts_with("a.html:5 ")), "{found:?}");
}

#[test]
fn a_script_is_loaded_from_an_address_without_a_path() {
    let page = "<script>\nfunction a(t, e) { var o = e.createElement('script'); \
                o.src = 'https://websdk.appsflyer.com?' + 'st=pba'; e.head.appendChild(o); }\n\
                function b(e) { var n = e.createElement('script'); \
                n.src = 'https://beacon-v2.helpscout.net'; e.head.appendChild(n); }\n</script>";
    let found = report(&[("a.html", page)]);
    for (vendor, line) in [("appsflyer", "a.html:2 "), ("helpscout", "a.html:3 ")] {
        assert!(collected(&found, vendor).iter().any(|it| it.starts_with(line)), "{vendor}");
    }
}

#[test]
fn a_script_that_the_code_initialises_with_all_switched_off_starts_nothing() {
    let script = "<script src=\"https://cdn1.adoberesources.net/alloy/2.19.0/alloy.min.js\"></script>\n";
    let page = |more: &str| format!("{script}<script>\nalloy('configure', {{ datastreamId: 'x'{more} }});\n</script>");
    let found = |more: &str| collected(&report(&[("a.html", &page(more))]), "adobe");
    assert!(found("").iter().all(|it| it.starts_with("a.html:3 ")) && !found("").is_empty(), "{:?}", found(""));
    assert_eq!(found(", defaultConsent: 'pending'"), BTreeSet::new());
}

#[test]
fn an_accessor_starts_where_it_is_called_first() {
    let code = "import analytics from '@react-native-firebase/analytics';\nexport async function go() {\n\
                await analytics().logAppOpen();\nawait analytics().logEvent('a', {});\n}\n";
    let found = collected(&report(&[("a.ts", code)]), "firebase");
    assert!(!found.is_empty() && found.iter().all(|it| it.starts_with("a.ts:3 ")), "{found:?}");
}

#[test]
fn a_test_of_an_argument_itself_is_one_of_a_string() {
    let code = "<script>\ngtag('config', 'AW-1');\ngtag('config', 'AW-1', { allow_enhanced_conversions: true });\n\
                gtag('config', 'G-1', { send_page_view: false });\n</script>";
    let found = report(&[("a.html", code)]);
    let lines = |vendor| -> BTreeSet<String> {
        collected(&found, vendor).into_iter().filter_map(|it| it.split(' ').next().map(str::to_owned)).collect()
    };
    assert_eq!(lines("google-ads"), set(&["a.html:2", "a.html:3"]));
    assert_eq!(lines("google-analytics"), set(&["a.html:4"]));
}

#[test]
fn a_framework_loads_plugins_by_the_names_of_their_packages() {
    let gatsby = "module.exports = {\n  plugins: [\n    { resolve: `gatsby-plugin-hotjar`, options: { id: 1 } },\n\
                  \"gatsby-plugin-intercom-spa\",\n  ],\n};\n";
    let other = "export const names = [\"gatsby-plugin-heap\"];\n";
    let found = report(&[("gatsby-config.js", gatsby), ("names.js", other)]);
    let lines = |vendor| -> BTreeSet<String> {
        collected(&found, vendor).into_iter().filter_map(|it| it.split(' ').next().map(str::to_owned)).collect()
    };
    assert_eq!(lines("hotjar"), set(&["gatsby-config.js:3"]));
    assert_eq!(lines("intercom"), set(&["gatsby-config.js:4"]));
    assert_eq!(lines("heap"), set(&[]));
}

#[test]
fn a_plugin_starts_where_an_application_is_told_to_use_it() {
    let code = "import VueGtag from 'vue-gtag';\nexport default (app, id, router) => {\n\
                app.use(VueGtag, { config: { id } });\napp.use(VueGtag, { config: { id } }, router);\n};\n";
    let found = collected(&report(&[("a.js", code)]), "google-analytics");
    assert!(found.contains("a.js:3 location") && found.contains("a.js:4 location"), "{found:?}");
}

#[test]
fn what_a_store_holds_is_collected_by_its_middleware() {
    let code = "import LogRocket from 'logrocket';\nLogRocket.init('a/b');\n\
                export const all = LogRocket.reduxMiddleware();\n\
                export const some = LogRocket.reduxMiddleware({ stateSanitizer: (state) => strip(state) });\n";
    let found = collected(&report(&[("a.ts", code)]), "logrocket");
    let of_line = |line: &str| found.iter().filter(|it| it.starts_with(line)).map(|it| &it[7..]).collect::<Vec<_>>();
    assert_eq!((of_line("a.ts:3 "), of_line("a.ts:4 ")), (vec!["autocapture Warning"], vec!["autocapture Note"]));
    assert!(found.contains("a.ts:2 ip-address"), "{found:?}");
}

#[test]
fn a_server_places_people_only_if_it_is_asked_to() {
    let check = |options: &str, expect: &[&str]| {
        let code = format!("import {{ PostHog }} from 'posthog-node';\nexport const c = new PostHog('k'{options});\n");
        assert_eq!(collected(&report(&[("a.ts", &code)]), "posthog"), set(expect), "{options}");
    };
    check("", &[]);
    check(", { disableGeoip: true }", &[]);
    check(", { disableGeoip: false }", &["a.ts:2 location"]);
}

/// The lines of `a.<extension>` at which a vendor's collection starts.
fn starts(extension: &str, code: &str, vendor: &str) -> BTreeSet<u32> {
    let report = report(&[(&format!("a.{extension}"), code)]);
    report.collections.iter().filter(|it| it.vendor == vendor).map(|it| it.location.line).collect()
}

/// What a page's snippet puts in place of the SDK until it has loaded queues all calls and makes none.
#[test]
fn a_stand_in_starts_nothing() {
    let queue = "<script>\nwindow.rudderanalytics = window.rudderanalytics || [];\n\
                 var methods = [\"load\", \"track\"];\n\
                 for (var i = 0; i < methods.length; i++) { var method = methods[i];\n\
                 window.rudderanalytics[method] = (function (m) { return function () {\n\
                 window.rudderanalytics.push([m].concat(Array.prototype.slice.call(arguments))); }; })(method); }\n\
                 window.rudderanalytics.load(\"KEY\", \"https://dp\");\n</script>\n";
    assert_eq!(starts("html", queue, "rudderstack"), BTreeSet::from([7]));
    let wrapper = "function go() { window.rudderanalytics.push([\"load\"].concat([].slice.call(arguments))); }\n\
                   go(\"KEY\", \"https://dp\");\n";
    assert_eq!(starts("js", wrapper, "rudderstack"), BTreeSet::from([1]));
}

#[test]
fn an_option_that_stands_there_is_given() {
    let handed = "import { StatsigProvider } from \"@statsig/react-bindings\";\n\
                  export const A = ({ client, children }: any) =>\n\
                  <StatsigProvider client={client}>{children}</StatsigProvider>;\n";
    assert_eq!(starts("tsx", handed, "statsig"), BTreeSet::new());
    let own = "import { StatsigProvider } from \"@statsig/react-bindings\";\n\
               export const A = ({ user, children }: any) =>\n\
               <StatsigProvider sdkKey=\"k\" user={user}>{children}</StatsigProvider>;\n";
    assert_eq!(starts("tsx", own, "statsig"), BTreeSet::from([3]));
}

#[test]
fn a_decorator_calls() {
    let module = "import { NgModule } from \"@angular/core\";\nimport { MatomoModule } from \"ngx-matomo-client\";\n\
                  @NgModule({\n  imports: [MatomoModule.forRoot({ siteId: \"1\", trackerUrl: \"x\" })],\n})\n\
                  export class AppModule {}\n";
    assert_eq!(starts("ts", module, "matomo"), BTreeSet::from([4]));
}
