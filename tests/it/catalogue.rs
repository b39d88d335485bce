//! The catalogue's rules that no parser holds: names, evidence, a fixture for each vendor in which each sink is hit.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use overshare::catalog::{
    Catalog,
    format::{Call, Document, ForwardKind, Meaning, Vendor, Word},
    words::Words,
};

use crate::fixtures::{comments, data, files_below, files_with, root};

/// The vendors that must be there.
const REQUIRED: &str = "activecampaign adjust adobe airbrake algolia-insights amplitude app-insights appcues appsflyer
    aptabase bento branch braze brevo bugsnag chameleon clarity clevertap contentsquare countly crisp criteo customerio
    datadog drift dub dynatrace elastic-apm fathom firebase formbricks freshchat fullstory gainsight-px google-ads
    google-analytics gosquared grafana-faro growthbook heap helpscout highlight honeybadger honeycomb hotjar hubspot
    inspectlet instabug intercom iterable jitsu june keen kissmetrics klaviyo koala launchdarkly linkedin-insight
    livechat logrocket logsnag loops lucky-orange matomo meta-pixel microsoft-uet mixpanel moengage mouseflow mparticle
    newrelic olark onesignal openpanel openreplay opentelemetry optimizely pendo pinterest-tag piwik-pro plain plausible
    posthog pylon quantum-metric quora-pixel raygun reddit-pixel rollbar rudderstack segment sentry sift
    simple-analytics smartlook snap-pixel snowplow split sprig statsig tawk tealium tiktok-pixel umami userflow
    userguiding userpilot vercel-analytics vero vwo walkme webengage woopra x-pixel zendesk";

/// Packages that carry several vendors, and why.
const SHARED: &[(&str, &str)] = &[];

/// Packages that were read for the types of others, or that load many vendors by name: they show nobody.
const TYPINGS: &[&str] =
    &["@nuxt/scripts", "@dynatrace/dtrum-api-types", "@jitsu/protocols", "@mparticle/event-models"];

/// One vendor file.
pub struct File {
    pub id: String,
    pub vendor: Vendor,
    pub document: Document,
}

/// All vendor files, sorted.
pub fn files(root: &Path) -> Vec<File> {
    let read = |path: &std::path::PathBuf| {
        let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).expect("a vendor file can be read");
        let mut document: Document = toml::from_str(&text).unwrap_or_else(|error| panic!("{id}.toml: {error}"));
        let vendor = document.vendor.take().unwrap_or_else(|| panic!("{id}.toml has no [vendor]"));
        File { id, vendor, document }
    };
    files_with(&root.join("vendors"), "toml").iter().map(read).collect()
}

/// For each vendor, the calls and assignments that hand data over and that its fixture lacks.
pub fn unhit(root: &Path) -> Vec<(String, Vec<String>)> {
    let mut missed = Vec::new();
    for File { id, document, .. } in files(root) {
        let text = fixture_text(root, &id);
        let lacking: Vec<String> =
            sinks(&document).into_iter().filter(|name| !has_word(&text, name)).map(Into::into).collect();
        if !lacking.is_empty() {
            missed.push((id, lacking));
        }
    }
    missed
}

/// Fails with one line per complaint.
fn none(what: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{} {what}:\n{}", complaints.len(), complaints.join("\n"));
}

fn fixture_text(root: &Path, id: &str) -> String {
    let files = files_below(&root.join("fixtures/vendors").join(id));
    files.iter().map(|path| fs::read_to_string(path).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_embedded_is_what_the_files_say() {
    let embedded = Catalog::embedded().unwrap();
    for (embedded, typed) in embedded.sources().iter().zip(data().catalog.sources()) {
        assert!(embedded == typed, "{} is not what {} says", embedded.file, typed.file);
    }
    assert!(embedded == data().catalog, "the files are not linked alike");
    assert!(*Words::embedded() == data().words, "the words are others");
}

#[test]
fn every_vendor_that_is_asked_for_is_there() {
    let files = files(root());
    let known: BTreeSet<&str> = files.iter().map(|file| file.id.as_str()).collect();
    let absent: Vec<String> = REQUIRED.split_whitespace().filter(|id| !known.contains(id)).map(Into::into).collect();
    none("vendors without a file", &absent);
}

#[test]
fn a_file_is_named_after_its_vendor_and_rests_on_evidence() {
    let mut wrong = Vec::new();
    for File { id, vendor, document } in files(root()) {
        if vendor.id != id {
            wrong.push(format!("{id}: its id is `{}`", vendor.id));
        }
        if document.verified.is_empty() {
            wrong.push(format!("{id}: no [[verified]]"));
        }
        for known in &document.verified {
            if known.package.is_some() != known.version.is_some() || known.package.is_some() == known.url.is_some() {
                wrong.push(format!("{id}: [[verified]] is a package with its version, or a url"));
            }
        }
        let packages = document.entry.iter().flat_map(|entry| &entry.packages);
        let spaced = packages.filter(|package| package.contains(char::is_whitespace));
        wrong.extend(spaced.map(|package| format!("{id}: `{package}` is no package name")));
        let urls = document.verified.iter().filter_map(|known| known.url.as_deref());
        let urls = urls.chain([vendor.website.as_str(), vendor.terms.as_str()]);
        let insecure = urls.filter(|url| !url.starts_with("https://"));
        wrong.extend(insecure.map(|url| format!("{id}: `{url}` is no https address")));
        if vendor.country.len() != 2 || !vendor.country.bytes().all(|letter| letter.is_ascii_uppercase()) {
            wrong.push(format!("{id}: country `{}` is no ISO 3166-1 code", vendor.country));
        }
    }
    none("faults", &wrong);
}

#[test]
fn every_vendor_has_a_fixture_that_speaks_and_is_silent() {
    let mut wrong = Vec::new();
    for File { id, document, .. } in files(root()) {
        let text = fixture_text(root(), &id);
        let said: Vec<_> = text.lines().flat_map(comments).collect();
        let own = format!("{id} ");
        if !said.iter().any(|(word, text)| *word == "expect" && text.contains(&own)) {
            wrong.push(format!("{id}: nothing is expected of it in fixtures/vendors/{id}"));
        }
        let quiet = |line: &&str| comments(line).is_empty() && sinks(&document).iter().any(|sink| calls(line, sink));
        if !said.iter().any(|(word, _)| *word == "ok") && !text.lines().any(|line| quiet(&line)) {
            wrong.push(format!("{id}: no look-alike stays silent in fixtures/vendors/{id}"));
        }
    }
    none("faults", &wrong);
}

/// Calls that no fixture line holds yet are listed in `unhit.txt`, strict both ways.
#[test]
fn every_sink_is_hit_by_its_vendors_fixture() {
    let missed: Vec<_> = unhit(root()).iter().map(|(id, names)| format!("{id}: {}", names.join(" "))).collect();
    let path = root().join("tests/it/unhit.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, missed.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>())
            .expect("the list can be written");
    }
    let known = std::fs::read_to_string(&path).expect("the list of calls without a fixture line can be read");
    let known: Vec<&str> = known.lines().collect();
    assert_eq!(missed, known, "calls without a fixture line: write one, or take it off with UPDATE=1");
}

#[test]
fn a_package_belongs_to_one_vendor() {
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for File { id, document, .. } in files(root()) {
        for package in document.entry.iter().flat_map(|entry| &entry.packages) {
            owners.entry(package.clone()).or_default().insert(id.clone());
        }
    }
    let shared = |package: &str| SHARED.iter().any(|(known, _)| *known == package);
    let twice = owners.iter().filter(|(package, ids)| ids.len() > 1 && !shared(package));
    none("packages of several vendors", &twice.map(|(package, ids)| format!("{package}: {ids:?}")).collect::<Vec<_>>());
}

/// What was read for a vendor is recognised as the vendor's.
#[test]
fn every_package_that_was_read_resolves_to_its_vendor() {
    let mut wrong = Vec::new();
    for File { id, document, .. } in files(root()) {
        let own: Vec<&String> = document.entry.iter().flat_map(|entry| &entry.packages).collect();
        let read = document.verified.iter().filter_map(|known| known.package.as_deref());
        let typings = |name: &str| name.starts_with("@types/") || TYPINGS.contains(&name);
        let unnamed =
            read.filter(|name| !typings(name) && !own.iter().any(|own| base(own) == *name || within(own, name)));
        wrong.extend(unnamed.map(|name| format!("{id}: {name}")));
    }
    none("packages that were read and that no entry names", &wrong);
}

/// Whether a pattern such as `@acme/*` covers a package.
fn within(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').is_some_and(|scope| name.starts_with(scope))
}

/// A package's name without a sub-path.
fn base(name: &str) -> &str {
    let parts = if name.starts_with('@') { 2 } else { 1 };
    name.match_indices('/').nth(parts - 1).map_or(name, |(end, _)| &name[..end])
}

#[test]
fn onward_flows_name_vendors_and_marks_that_there_are() {
    let all = files(root());
    let known: BTreeSet<&str> = all.iter().map(|file| file.id.as_str()).collect();
    let mut wrong = Vec::new();
    for File { id, document, .. } in &all {
        let marks: BTreeSet<&String> = document
            .entry
            .iter()
            .flat_map(|entry| [&entry.packages, &entry.globals, &entry.scripts])
            .flatten()
            .collect();
        for forwards in &document.forwards {
            let unknown = forwards.destinations.values().filter(|to| !known.contains(to.as_str()));
            let strange = forwards.marks.iter().filter(|mark| !marks.contains(mark));
            wrong.extend(unknown.chain(strange).map(|name| format!("{id}: {name}")));
            if (forwards.kind == ForwardKind::Setting) != forwards.setting.is_some() {
                wrong.push(format!("{id}: a setting goes with kind `setting`"));
            }
        }
    }
    none("faults", &wrong);
}

/// The last segments of the calls and assignments that hand data over.
fn sinks(document: &Document) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for api in document.api.values() {
        let sending = api.calls.iter().filter(|(_, calls)| calls.as_slice().iter().any(sends));
        let paths = sending.map(|(path, _)| path).chain(api.assigns.keys());
        names.extend(paths.map(|path| path.rsplit('.').next().unwrap_or(path)).filter(|name| *name != "()"));
    }
    names
}

fn sends(call: &Call) -> bool {
    call.args.iter().chain(&call.rest).any(tells)
}

fn tells(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Word(word) => !matches!(word, Word::Ignore | Word::Settings),
        Meaning::Callback(callback) => callback.returns.as_deref().is_some_and(tells),
        Meaning::Parts(parts) => parts.values().any(tells),
    }
}

/// Whether `name` stands in `text` as a whole word.
fn has_word(text: &str, name: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name).any(|(at, _)| !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part))
}

fn calls(line: &str, name: &str) -> bool {
    line.split_once(&format!("{name}(")).is_some_and(|(before, _)| before.ends_with('.'))
}
