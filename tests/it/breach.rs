//! The breach that the product began with: what a vendor's stolen records held must come out of the source code, each
//! kind of data with where it comes from.

use std::{collections::BTreeSet, path::PathBuf};

use overshare::{
    report::model::Report,
    scan::{Request, scan},
};

fn report() -> Report {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects/mixpanel-breach");
    scan(&Request { paths: vec![folder], ..Request::default() }).unwrap().report
}

#[test]
fn code_and_defaults_account_for_everything_that_was_stolen() {
    let report = report();
    let sent: BTreeSet<_> =
        report.findings.iter().filter_map(|finding| finding.category).map(overshare::base::Category::id).collect();
    assert_eq!(sent, BTreeSet::from(["email", "name", "organization", "user-id"]));
    let collected: BTreeSet<_> = report.collections.iter().map(|collection| collection.category.id()).collect();
    assert_eq!(collected, BTreeSet::from(["device-id", "ip-address", "location", "referrer", "user-agent"]));
    assert!(report.findings.iter().all(|finding| finding.vendor == "mixpanel"));
    assert!(report.collections.iter().all(|collection| collection.vendor == "mixpanel"));
}

#[test]
fn defaults_stand_at_the_initialisation_and_say_that_they_become_personal() {
    for collection in report().collections {
        assert_eq!((collection.location.file.as_str(), collection.location.line), ("src/analytics.ts", 5));
        assert!(collection.what.contains("identified at src/analytics.ts:8"), "{}", collection.what);
        assert!(collection.setting.is_some() && !collection.advice.is_empty());
    }
}
