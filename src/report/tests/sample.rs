//! Hand-built reports.

use super::*;
use crate::{
    base::{Category, Severity},
    catalog::format::PersonalData,
    report::model::*,
};

pub fn names() -> Names {
    let vendor = |id: &str, name: &str, personal_data| {
        let terms = format!("https://{id}.example/terms");
        (id.to_owned(), VendorName { name: name.to_owned(), personal_data, terms })
    };
    Names(BTreeMap::from([
        vendor("acme", "Acme Analytics", PersonalData::Allowed),
        vendor("zeta", "Zeta Ads", PersonalData::Forbidden),
    ]))
}

const CHECKOUT: &str = "\
import { track } from '../lib/track';
import { session } from '../session';

export function Checkout({ plan }) {
  const { email } = session.user;
  const onPay = () => {
    track('Paid', { email, name: session.user.name, plan });
  };
  track('Viewed', { referrer: document.referrer });
}
";
const TRACK: &str = "\
import acme from 'acme-js';
import zeta from 'zeta-ads';

/** Everything goes through here. */
export function track(event, props = {}) {
\tacme.track(event, props);
\tzeta('event', event, props);
}
";
const SESSION: &str = "\
export const session = {
  user: load(),
};
";

/// The place of the `nth` (from 0) `needle` in a text.
fn at(file: &str, text: &str, needle: &str, nth: usize) -> Location {
    let (offset, _) = text.match_indices(needle).nth(nth).unwrap();
    let before = &text[..offset];
    let line = u32::try_from(before.matches('\n').count()).unwrap() + 1;
    let column = u32::try_from(before.rsplit('\n').next().unwrap().chars().count()).unwrap() + 1;
    let end_column = column + u32::try_from(needle.chars().count()).unwrap();
    Location { file: file.into(), line, column, end_line: line, end_column }
}

fn hop(role: Role, location: &Location, label: &str) -> Hop {
    Hop { location: location.clone(), role, label: label.to_owned() }
}

/// A finding whose apex is the second hop.
pub fn finding(vendor: &str, category: Category, expression: &str, path: Vec<Hop>) -> Finding {
    let (first, last) = (path[0].location.clone(), path[path.len() - 1].location.clone());
    Finding {
        fingerprint: format!("{vendor}-{category}-{}", first.line),
        rule: format!("leak/{category}").into(),
        severity: category.group().default_severity(),
        confidence: Confidence::High,
        vendor: vendor.into(),
        category: Some(category),
        message: format!("{} goes to {vendor}", category.title()),
        location: path[1].location.clone(),
        origin: Origin { location: first, expression: expression.to_owned() },
        sink: Sink { location: last, call: format!("{vendor}.track"), argument: "properties".to_owned() },
        path,
        suppressed: None,
    }
}

pub fn empty() -> Report {
    Report {
        schema_version: 1,
        tool: Tool { name: "overshare".into(), version: "0.1.0".into() },
        root: ".".into(),
        findings: Vec::new(),
        collections: Vec::new(),
        vendors: Vec::new(),
        forwards: Vec::new(),
        packages: Vec::new(),
        wrappers: Vec::new(),
        unfollowed: Vec::new(),
        problems: Vec::new(),
        stats: Stats { files: 12, files_parsed: 3, bytes: 9000, bytes_parsed: 700, elapsed_ms: 0 },
        gone: None,
    }
}

pub fn plain() -> Report {
    shop().0
}

/// A wrapper in another file with two vendors, and a bit of everything else.
pub fn shop() -> (Report, Files) {
    let (page, lib) = ("src/pages/Checkout.jsx", "src/lib/track.js");
    let texts = [(page, CHECKOUT), (lib, TRACK), ("src/session.js", SESSION)];
    let files = Files(texts.map(|(file, text)| (file.to_owned(), text.into())).into());
    let paid = at(page, CHECKOUT, "track('Paid', { email, name: session.user.name, plan })", 0);
    let viewed = at(page, CHECKOUT, "track('Viewed', { referrer: document.referrer })", 0);
    let sink = |vendor: &str| match vendor {
        "acme" => at(lib, TRACK, "acme.track(event, props)", 0),
        _ => at(lib, TRACK, "zeta('event', event, props)", 0),
    };
    let flow = |vendor: &str, category, read: Location, apex: &Location, expression: &str, extra: &[Hop]| {
        let mut path = vec![hop(Role::Origin, &read, ""), hop(Role::Step, apex, "passed as `props` to track()")];
        path.splice(1..1, extra.iter().cloned());
        path.push(hop(Role::Sink, &sink(vendor), ""));
        let mut finding = finding(vendor, category, expression, path);
        finding.location = apex.clone();
        finding
    };
    let email = at(page, CHECKOUT, "email", 0);
    let kept = [hop(Role::Step, &at(page, CHECKOUT, "email", 1), "stored under `email`")];
    let name = at(page, CHECKOUT, "session.user.name", 0);
    let referrer = at(page, CHECKOUT, "document.referrer", 0);
    let mut findings = Vec::new();
    for vendor in ["acme", "zeta"] {
        findings.push(flow(vendor, Category::Email, email.clone(), &paid, "session.user.email", &kept));
        findings.push(flow(vendor, Category::Name, name.clone(), &paid, "session.user.name", &[]));
        findings.push(flow(vendor, Category::Referrer, referrer.clone(), &viewed, "document.referrer", &[]));
    }
    findings[5].suppressed =
        Some(Suppressed { kind: SuppressionKind::Inline, reason: "wanted".into(), location: None });
    findings[2].confidence = Confidence::Medium;
    let report = Report { findings, ..surroundings(lib) };
    (report, files)
}

fn surroundings(lib: &str) -> Report {
    let imports = at(lib, TRACK, "acme", 0);
    let collection = |category, what: &str, advice: &str| Collection {
        vendor: "acme".into(),
        category,
        kind: "default".into(),
        severity: Severity::Note,
        location: imports.clone(),
        setting: Some("ip".into()),
        what: what.into(),
        advice: advice.into(),
        suppressed: None,
    };
    let by_ip = ("The IP address of every event, and the city derived from it.", "Pass `ip: false` to `acme.init`.");
    let evidence = |kind: &str| Evidence { location: imports.clone(), kind: kind.into(), name: "acme-js".into() };
    let forwarding = |kind: &str, what: &str, setting: Option<&str>, destinations| Forwarding {
        vendor: "acme".into(),
        kind: kind.into(),
        location: imports.clone(),
        setting: setting.map(Into::into),
        what: what.into(),
        destinations,
    };
    let to = |name: &str, vendor: Option<&str>| Destination { name: name.into(), vendor: vendor.map(Into::into) };
    let presence = |vendor: &str| VendorPresence { vendor: vendor.into(), evidence: vec![evidence("import")] };
    let problem =
        |file: &str, message: &str| Problem { file: file.into(), severity: Severity::Note, message: message.into() };
    Report {
        collections: vec![
            collection(Category::IpAddress, by_ip.0, by_ip.1),
            collection(Category::Location, by_ip.0, by_ip.1),
            collection(Category::UserAgent, "Browser and system of every event.", "Nothing turns it off."),
        ],
        vendors: vec![presence("acme"), presence("quiet"), presence("zeta")],
        forwards: vec![
            forwarding("remote", "Destinations are configured in Acme's console.", None, Vec::new()),
            forwarding(
                "setting",
                "The `integrations` object switches destinations on.",
                Some("integrations"),
                vec![to("Warehouse", None), to("Zeta (Actions)", Some("zeta"))],
            ),
        ],
        packages: vec![Package { folder: "".into(), name: "shop".into() }],
        wrappers: vec![Wrapper {
            function: "track".into(),
            location: at(lib, TRACK, "track", 1),
            vendors: vec!["acme".into(), "zeta".into()],
            forwards: vec![Forward { parameter: "props".into(), path: "*".into() }],
            callers: 2,
        }],
        unfollowed: vec![Unfollowed {
            vendor: "acme".into(),
            location: at(lib, TRACK, "props", 1),
            reason: "the callers of an exported function are outside of the project".into(),
        }],
        problems: vec![
            problem("dist/app.min.js", "skipped: minified"),
            problem("dist/vendor.min.js", "skipped: minified"),
            problem("src/broken.js", "partial: 2 syntax errors"),
        ],
        ..empty()
    }
}

/// `hostile` in every string of a report.
pub fn everywhere(hostile: &str) -> Report {
    let mut text = serde_json::to_value(surrounded()).unwrap();
    let mut rest = vec![&mut text];
    while let Some(value) = rest.pop() {
        match value {
            serde_json::Value::String(text) => text.push_str(hostile),
            serde_json::Value::Array(items) => rest.extend(items),
            serde_json::Value::Object(map) => {
                let fixed = ["severity", "confidence", "category", "role"];
                rest.extend(map.iter_mut().filter(|(key, _)| !fixed.contains(&key.as_str())).map(|(_, value)| value));
            }
            _ => {}
        }
    }
    let inline = format!("inline{hostile}");
    let text = text.to_string().replace(&serde_json::to_string(&inline).unwrap(), "\"inline\"");
    serde_json::from_str(&text).unwrap()
}

fn surrounded() -> Report {
    let mut report = shop().0;
    let findings = report.findings[..1].to_vec();
    let collections = report.collections[..1].to_vec();
    report.gone = Some(Gone { since: "main".into(), findings, collections, vendors: vec!["acme".into()] });
    let hidden = report.findings.iter_mut().find_map(|finding| finding.suppressed.as_mut()).unwrap();
    hidden.location = Some(report.collections[0].location.clone());
    report
}

/// A flow over two files with names that want to break out of each format, and a line that is too long for a screen.
pub fn hostile() -> (Report, Files) {
    let file = "src/\x1b[2Jevil\n::error::\"'<b>]]>&|`\u{202e}.js";
    let other = "lib/`a`|%0A::set-output name=x::y\r\n]]><!--\\'\".ts";
    let wrapper = "export const identify = (`'\"]]>`) => acme.identify(x);\n";
    let long = format!("{}x.identify(me.email /* \x1b]0;pwned\x07 \u{202e}// */);", "/*日本*/ ".repeat(400));
    let text = format!("// first\n{long}\n");
    let (read, call) = (at(file, &text, "me.email", 0), at(file, &text, "x.identify(me.email", 0));
    let sent = at(other, wrapper, "acme.identify(x)", 0);
    let quoted = "\"'<script>]]>&%0A,::|`@team [x](y)\r\n::set-output name=a::b\n--> </details>\x1b[31m\u{202e}";
    let path = vec![hop(Role::Origin, &read, quoted), hop(Role::Step, &call, quoted), hop(Role::Sink, &sent, quoted)];
    let mut finding = finding("ac\nme", Category::Email, quoted, path);
    finding.message = quoted.into();
    let mut report = everywhere(quoted);
    report.findings = vec![finding];
    let texts = [(file.to_owned(), text.into()), (other.to_owned(), wrapper.into())];
    (report, Files(texts.into()))
}
