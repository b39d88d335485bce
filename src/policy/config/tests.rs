use super::*;

/// The first mistake in a policy, as `text under it: message; help`.
fn mistake(text: &str) -> String {
    let told = |it: &Mistake| {
        let help = it.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{}: {}{help}", &text[it.span.clone()], it.message)
    };
    let mut builder = Builder::new(Catalog::embedded().unwrap(), Words::embedded().clone());
    match File::parse(text).map_err(|it| vec![it]).and_then(|file| builder.add(file)) {
        Ok(()) => "none".to_owned(),
        Err(mistakes) => told(&mistakes[0]),
    }
}

fn policy(text: &str) -> Builder {
    let mut builder = Builder::new(Catalog::embedded().unwrap(), Words::embedded().clone());
    builder.add(File::parse(text).unwrap()).unwrap();
    builder
}

#[test]
fn mistakes_point_into_the_file() {
    let check = |text: &str, parts: &[&str]| {
        let told = mistake(text);
        assert!(parts.iter().all(|part| told.contains(part)), "{told}");
    };
    check("severty = 1", &["severty: ", "unknown field", "did you mean `severity`?"]);
    check("[severity.category]\nemial = \"off\"", &["emial", "did you mean `email`?"]);
    check("[severity.group]\ndirect = \"eror\"", &["\"eror\"", "did you mean `error`?"]);
    check("[severity.path]\n\"a/[b\" = \"off\"", &["bad path pattern"]);
    check("[severity.vendor]\nmixpanle = \"off\"", &["mixpanle: there is no vendor", "did you mean `mixpanel`?"]);
    check("declared = [\"sentri\"]", &["\"sentri\": there is no vendor", "did you mean `sentry`?"]);
    let allow = "[[allow]]\nvendor = \"sentry\"\nreason = \"x\"\n";
    check(&format!("{allow}until = 2027-02-31"), &["2027-02-31"]);
    check(&format!("{allow}until = \"soon\""), &["`soon` is no date: write it as 2027-01-31"]);
    check(&format!("{allow}categories = [\"emial\"]"), &["\"emial\": unknown data category", "did you mean `email`?"]);
    check("[[allow]]\nvendor = \"sentry\"\nreason = \" \"", &["the reason is empty"]);
    check("[[deny]]\nvendor = \"sentry\"", &["missing field `reason`"]);
    check("[tracker.acme]\n[[tracker.acme.entry]]\nglobal = [\"acme\"]", &["acme: ", "unknown field `global`"]);
    check("[words]\nnothin = []", &["unknown field `nothin`"]);
    check(&format!("{allow}until = 2027-01-31"), &["none"]);
}

#[test]
fn the_nearest_severity_holds() {
    let builder = policy(
        "[severity.path]\n\"src/admin/**\" = \"off\"\n[severity.vendor]\nsentry = \"note\"\n\
         [severity.category]\nemail = \"warning\"\n[severity.kind]\nads = \"error\"\n\
         [severity.group]\ndirect = \"note\"\n\
         [[override]]\npaths = [\"lib/**\"]\nseverity.category.email = \"error\"",
    );
    let check = |path: &str, vendor: &str, category, expect: Option<&str>| {
        let kind = builder.catalog.vendor_named(vendor).map(|it| it.kind);
        let set = builder.policy.severity(Subject { path, vendor, kind, category: Some(category) });
        assert_eq!(set.map(|it| it.entry).as_deref(), expect, "{path} {vendor} {category}");
    };
    check("src/admin/a.ts", "sentry", Category::Email, Some("severity.path.\"src/admin/**\""));
    check("src/a.ts", "sentry", Category::Email, Some("severity.vendor.sentry"));
    check("src/a.ts", "mixpanel", Category::Email, Some("severity.category.email"));
    check("lib/a.ts", "sentry", Category::Email, Some("severity.category.email"));
    check("src/a.ts", "meta-pixel", Category::UserId, Some("severity.kind.ads"));
    check("src/a.ts", "mixpanel", Category::Phone, Some("severity.group.direct"));
    check("src/a.ts", "mixpanel", Category::UserId, None);
}

#[test]
fn what_is_allowed_ends() {
    let builder = policy(
        "[[allow]]\nvendor = \"sentry\"\ncategories = [\"pseudonymous\", \"email\"]\npaths = [\"src/**\"]\n\
         reason = \"support\"\nuntil = 2027-01-31",
    );
    let check = |path: &str, vendor: &str, category, today: &str, expect: bool| {
        let subject = Subject { path, vendor, kind: None, category: Some(category) };
        assert_eq!(builder.policy.allowed(subject, day(today).unwrap()).is_some(), expect, "{path} {today}");
    };
    check("src/a.ts", "sentry", Category::Email, "2027-01-31", true);
    check("src/a.ts", "sentry", Category::UserId, "2026-01-01", true);
    check("src/a.ts", "sentry", Category::Email, "2027-02-01", false);
    check("src/a.ts", "sentry", Category::Phone, "2026-01-01", false);
    check("lib/a.ts", "sentry", Category::Email, "2026-01-01", false);
    check("src/a.ts", "mixpanel", Category::Email, "2026-01-01", false);
}

/// A policy that uses every key.
const EVERYTHING: &str = include_str!("../../../docs/overshare.example.toml");

#[test]
fn the_published_schema_fits_the_parser() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../../docs/overshare.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let value: toml::Value = toml::from_str(EVERYTHING).unwrap();
    let json = serde_json::to_value(&value).unwrap();
    let errors: Vec<_> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
    assert_eq!((errors, mistake(EVERYTHING).as_str()), (vec![], "none"));
    // The example uses every key that the schema has, and the parser takes no other.
    let described: BTreeSet<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let used: BTreeSet<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(described, used);
    let message = File::parse("x-x = 1").unwrap_err().message;
    let taken: BTreeSet<&str> = message.split('`').skip(3).step_by(2).collect();
    assert_eq!(taken, described.iter().map(|key| key.as_str()).collect());
    for wrong in [serde_json::json!({ "severty": {} }), serde_json::json!({ "allow": [{ "vendor": "a" }] })] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}
