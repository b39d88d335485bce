//! The security review: the worked example of the documentation, and what its figures must say.

use std::{collections::BTreeSet, fs, path::Path, process::Command as Program, sync::Arc};

use assert_cmd::Command;
use overshare::scan::{Memory, Request, scan};
use serde_json::Value;

const BREACH: &str = "fixtures/projects/mixpanel-breach";

fn overshare(arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("overshare").unwrap();
    let run = command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).env("NO_COLOR", "1").assert().code(0);
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

/// `UPDATE=1 cargo test --test it review` writes the example again.
#[test]
fn the_worked_example_is_what_the_program_says() {
    let pages = [
        ("mixpanel-breach.html", vec!["report", BREACH, "--html", "-"]),
        ("mixpanel-breach.md", vec!["report", BREACH, "--markdown", "-"]),
        ("exposure.md", vec!["exposure", "mixpanel", BREACH, "--format", "markdown"]),
        ("exposure.html", vec!["exposure", "mixpanel", BREACH, "--format", "html"]),
    ];
    for (name, arguments) in pages {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/review").join(name);
        let text = overshare(&arguments);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == text, "docs/review/{name} is stale: run `UPDATE=1 cargo test --test it review`");
    }
}

/// The seven kinds of data of the incident's notice, and two that the SDK gets besides: the IP address that the place
/// is made of, and the device id that ties a visitor's events together.
#[test]
fn the_exposure_is_what_the_incident_exposed() {
    let all: Value = serde_json::from_str(&overshare(&["exposure", "mixpanel", BREACH, "--format", "json"])).unwrap();
    let exposure = &all[0];
    let exposed = exposure["exposed"].as_array().unwrap();
    let ids: BTreeSet<_> = exposed.iter().map(|it| it["category"].as_str().unwrap()).collect();
    let notice = ["name", "email", "location", "user-agent", "referrer", "user-id", "organization"];
    let besides = ["ip-address", "device-id"];
    assert_eq!(ids, notice.into_iter().chain(besides).collect());
    let removed: u64 = exposure["plan"].as_array().unwrap().iter().map(|edit| edit["flows"].as_u64().unwrap()).sum();
    let sources = u64::try_from(exposure["sources"].as_array().unwrap().len()).unwrap();
    assert_eq!(removed, sources, "the plan ends every source");
    assert_eq!(exposure["persons"], serde_json::json!(["Member", "User"]), "the session's record, and the user in it");
}

#[test]
fn the_page_needs_nothing_else() {
    for page in
        [overshare(&["report", BREACH, "--html", "-"]), overshare(&["exposure", "--all", BREACH, "--format", "html"])]
    {
        alone(&page);
    }
}

fn alone(page: &str) {
    assert!(page.contains("default-src 'none'"));
    for outside in ["<link", "<img", "<iframe", "@import", "url(", " src=", " onclick=", " style="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(!page.contains("0123456789abcdef"), "the token in the fixture is redacted");
}

/// The figures are those that the queries of docs/review.md print, which `tests/tables/run` runs.
#[test]
fn reports_of_many_repositories_are_one_view() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for (name, project) in [("console", BREACH), ("shop", "fixtures/demo")] {
        let report = overshare(&["check", project, "--format", "json", "--fail-on", "never", "--quiet"]);
        fs::create_dir_all(path("reports")).unwrap();
        fs::write(path(&format!("reports/{name}.json")), report).unwrap();
    }
    let inputs = ["report", "reports/console.json", "reports/shop.json", "--json", "all.json"];
    let run = Command::cargo_bin("overshare")
        .unwrap()
        .current_dir(folder.path())
        .args(inputs)
        .args(["--tables", "tables", "--csv", "csv", "--quiet"])
        .assert();
    run.code(0);
    let all: Value = serde_json::from_str(&fs::read_to_string(path("all.json")).unwrap()).unwrap();
    let names: Vec<_> = all["repositories"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["shop", "console"], "the gravest first, called like their files");
    let findings = fs::read_to_string(path("tables/findings.jsonl")).unwrap();
    let rows: Vec<Value> = findings.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.iter().all(|row| row.as_object().unwrap().values().all(|it| !it.is_object() && !it.is_array())));
    let mail = |name: &str| {
        let fits =
            |row: &&Value| row["vendor"] == "mixpanel" && row["category"] == "email" && row["repository"] == name;
        rows.iter().filter(fits).count()
    };
    assert_eq!((mail("shop"), mail("console")), (2, 1));
    let cell =
        all["matrix"].as_array().unwrap().iter().find(|it| it["vendor"] == "mixpanel" && it["category"] == "email");
    assert_eq!(cell.unwrap()["flows"], 3, "the merged view counts what the tables hold");
    let csv = fs::read_to_string(path("csv/findings.csv")).unwrap();
    assert_eq!(csv.lines().count(), rows.len() + 1, "one header");
}

#[test]
fn a_report_that_is_none_leaves_the_tables_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let report = overshare(&["check", BREACH, "--format", "json", "--fail-on", "never", "--quiet"]);
    fs::write(folder.path().join("a.json"), &report).unwrap();
    fs::write(folder.path().join("b.json"), &report[..report.len() / 2]).unwrap();
    fs::create_dir(folder.path().join("tables")).unwrap();
    fs::write(folder.path().join("tables/findings.jsonl"), "as before").unwrap();
    let mut command = Command::cargo_bin("overshare").unwrap();
    let run = command.current_dir(folder.path()).args(["report", "a.json", "b.json", "--tables", "tables"]).assert();
    let told = String::from_utf8(run.code(2).get_output().stderr.clone()).unwrap();
    assert!(told.contains("`b.json` is no report"), "{told}");
    let left: Vec<_> = fs::read_dir(folder.path().join("tables")).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half is left: {left:?}");
    assert_eq!(fs::read_to_string(folder.path().join("tables/findings.jsonl")).unwrap(), "as before");
}

#[test]
fn the_record_of_processing_has_what_article_30_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    overshare(&["report", BREACH, "--csv", folder.path().to_str().unwrap(), "--quiet"]);
    let mut ropa = csv::Reader::from_path(folder.path().join("ropa.csv")).unwrap();
    let columns = ropa.headers().unwrap().clone();
    let row = ropa.records().next().unwrap().unwrap();
    let cell = |column: &str| &row[columns.iter().position(|it| it == column).unwrap_or_else(|| panic!("{column}"))];
    let open = [
        ["controller_and_contact", "joint_controller", "representative", "data_protection_officer"].as_slice(),
        &["time_limits_for_erasure", "security_measures"],
    ];
    assert!(open.concat().iter().all(|column| cell(column) == "to fill in"));
    assert_eq!(cell("purposes"), "measuring how the product is used (from the kind of vendor; to confirm)");
    assert_eq!(cell("categories_of_data_subjects"), "User; Member (records in code; to confirm)");
    assert!(cell("categories_of_personal_data").starts_with("e-mail address; name; location (collected by default)"));
    assert_eq!(cell("recipients"), "Mixpanel, Inc. (Mixpanel)");
    assert!(cell("transfers_to_third_countries").starts_with("US (third country"));
    assert!(cell("safeguards").starts_with("to fill in; terms: https://"));
    assert!(cell("evidence").contains("src/analytics.ts:9"));
}

/// What somebody hid from the check leaves all the same: the review counts it apart, an exposure in full.
#[test]
fn what_is_hidden_leaves_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let code = "import mixpanel from 'mixpanel-browser';\n\
        // overshare-ignore leak/email -- agreed with legal\n\
        mixpanel.people.set({ $email: user.email });\n\
        mixpanel.people.set({ $phone: user.phone });\n";
    let policy = "[[allow]]\nvendor = 'mixpanel'\ncategories = ['phone']\nreason = 'entry 12'\n";
    fs::write(folder.path().join("a.ts"), code).unwrap();
    fs::write(folder.path().join("overshare.toml"), policy).unwrap();
    let path = folder.path().to_str().unwrap();
    let review: Value = serde_json::from_str(&overshare(&["report", path, "--json", "-"])).unwrap();
    assert_eq!(review["flows"], serde_json::json!([]));
    let hidden = review["coverage"]["hidden"].as_array().unwrap();
    let reasons: BTreeSet<_> = hidden.iter().map(|it| it["reason"].as_str().unwrap()).collect();
    assert!(reasons.contains("agreed with legal") && reasons.iter().any(|it| it.contains("entry 12")), "{reasons:?}");
    fs::write(folder.path().join("b.ts"), "import m from 'mixpanel-browser';\nm.people.set({ $name: user.name });\n")
        .unwrap();
    overshare(&["baseline", path]);
    let review: Value = serde_json::from_str(&overshare(&["report", path, "--json", "-"])).unwrap();
    let shown = (review["flows"].as_array().unwrap().len(), &review["coverage"]["baselined"]);
    assert_eq!(shown, (1, &Value::from(1)), "what the baseline knows is shown, and counted");
    let exposure = overshare(&["exposure", "mixpanel", path, "--format", "markdown"]);
    assert!(exposure.contains("| E-mail address | 1 flow |") && exposure.contains("| Phone number | 1 flow |"));
    assert!(exposure.contains("Counted above, although set aside by comments (agreed with legal)"), "{exposure}");
}

/// Literals are redacted before any view is made, so that none can forget it.
#[test]
fn no_view_holds_a_literal_that_tells() {
    let folder = tempfile::tempdir().unwrap();
    let code = "import mixpanel from 'mixpanel-browser';\n\
        mixpanel.init('abcdefabcdefabcdefabcdefabcdefab', { debug: true });\n\
        mixpanel.people.set({ $email: users['jane@example.com'].email, password: 'hunter two' });\n\
        mixpanel.track('Signed Up', { phone: user.phone, url: 'https://bob:hunter2@acme.test/?' }); // sk_live_51Hab\n\
        mixpanel.people.set({ $phone: '+49 151 23456789' || user.phone });\n";
    let (source, out) = (folder.path().join("source"), folder.path().join("out"));
    fs::create_dir_all(&source).unwrap();
    fs::create_dir_all(&out).unwrap();
    fs::write(source.join("a.ts"), code).unwrap();
    let (source, to) = (source.to_str().unwrap(), |name: &str| out.join(name).to_str().unwrap().to_owned());
    let names = [to("a.html"), to("a.md"), to("a.json"), to("csv"), to("tables")];
    let [html, markdown, json, csv, tables] = names.each_ref().map(String::as_str);
    let formats = ["--html", html, "--markdown", markdown, "--json", json, "--csv", csv, "--tables", tables];
    overshare(&[&["report", source, "--quiet"], formats.as_slice()].concat());
    for format in ["terminal", "markdown", "html", "json"] {
        let file = to(format);
        overshare(&["exposure", "mixpanel", source, "--quiet", "--format", format, "--output", &file]);
    }
    let mut seen = 0;
    for file in crate::fixtures::files_below(&out) {
        let text = fs::read_to_string(&file).unwrap();
        for secret in ["abcdefab", "jane", "hunter", "sk_live", "23456789"] {
            assert!(!text.contains(secret), "{secret} in {}", file.display());
        }
        seen += 1;
    }
    assert_eq!(seen, 15);
    let page = fs::read_to_string(html).unwrap();
    assert!(page.contains("Signed Up"), "names of events stay");
}

#[test]
fn a_change_is_said_in_lines_and_lines_that_move_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let run = Program::new("git").current_dir(folder.path()).args(who).args(arguments).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    let write = |text: &str| fs::write(folder.path().join("a.ts"), text).unwrap();
    let diff = |from: &str, to: Option<&str>| {
        let mut command = Command::cargo_bin("overshare").unwrap();
        let run = command.current_dir(folder.path()).args(["diff", from]).args(to).arg("--quiet").assert().code(0);
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    git(&["init", "-q"]);
    write("import mixpanel from 'mixpanel-browser';\nmixpanel.people.set({ $phone: user.phone });\n");
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    git(&["tag", "v1"]);
    write("import mixpanel from 'mixpanel-browser';\n\n\nmixpanel.people.set({ $phone: user.phone });\n");
    assert!(diff("v1", None).contains("no change in what leaves"));
    write("import mixpanel from 'mixpanel-browser';\n\nmixpanel.people.set({ $email: user.email });\n");
    let text = diff("v1", None);
    assert!(
        text.contains("+ e-mail address → Mixpanel for the first time, through mixpanel.people.set(), 1 flow: a.ts:3"),
        "{text}"
    );
    assert!(
        text.contains("− phone number → Mixpanel no longer, through mixpanel.people.set(), 1 flow: a.ts:2"),
        "{text}"
    );
    write(
        "import mixpanel from 'mixpanel-browser';\n\
        function track(mail) { mixpanel.people.set({ $email: mail }); }\n\
        track(user.email);\ntrack(member.email);\n",
    );
    let wrapped = diff("v1", None);
    let expect = "+ e-mail address → Mixpanel for the first time, through track(), 2 callers: a.ts:3, a.ts:4";
    assert!(wrapped.contains(expect), "{wrapped}");
    write("import mixpanel from 'mixpanel-browser';\n\nmixpanel.people.set({ $email: user.email });\n");
    git(&["commit", "-qam", "two"]);
    git(&["tag", "v2"]);
    assert_eq!(diff("v1", Some("v2")).lines().skip(1).collect::<Vec<_>>(), text.lines().skip(1).collect::<Vec<_>>());
    let mut command = Command::cargo_bin("overshare").unwrap();
    let run = command.current_dir(folder.path()).args(["history", "v1", "v2", "--format", "json"]).assert().code(0);
    let history: Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
    let since = |category: &str| {
        let cells = history["cells"].as_array().unwrap();
        cells.iter().find(|cell| cell["category"] == category).unwrap()["since"].clone()
    };
    assert_eq!((since("email"), since("phone")), (Value::from(1), Value::Null));
}

/// A repository with a commit on each of three days: the phone number, then the e-mail address, then nothing new.
fn three_days(folder: &Path) -> impl Fn(&[&str]) -> String {
    let git = |arguments: &[&str], day: &str| {
        let who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let mut git = Program::new("git");
        let git = git.current_dir(folder).args(who).args(arguments);
        let run = git.env("GIT_COMMITTER_DATE", format!("{day}T12:00:00Z")).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    git(&["init", "-q"], "2025-01-10");
    let start = "import mixpanel from 'mixpanel-browser';\n";
    for (day, call) in [
        ("2025-01-10", "mixpanel.people.set({ $phone: user.phone });\n"),
        ("2025-02-20", "mixpanel.people.set({ $phone: user.phone, $email: user.email });\n"),
        ("2025-04-01", "mixpanel.people.set({ $phone: user.phone, $email: user.email });\n\n"),
    ] {
        fs::write(folder.join("a.ts"), format!("{start}{call}")).unwrap();
        git(&["add", "."], day);
        git(&["commit", "-qm", day], day);
        git(&["tag", &format!("v{day}")], day);
    }
    let folder = folder.to_owned();
    move |arguments: &[&str]| {
        let mut command = Command::cargo_bin("overshare").unwrap();
        let run = command.current_dir(&folder).args(arguments).assert();
        let run = run.code(0);
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    }
}

#[test]
fn a_history_looks_at_days_tags_and_periods() {
    let folder = tempfile::tempdir().unwrap();
    let overshare = three_days(folder.path());
    let since = |arguments: &[&str], category: &str| {
        let text = overshare(&[&["history", "--format", "json"], arguments].concat());
        let history: Value = serde_json::from_str(&text).unwrap();
        let cells = history["cells"].as_array().unwrap();
        let at = cells.iter().find(|cell| cell["category"] == category).unwrap()["since"].as_u64().unwrap();
        let moment = &history["moments"][usize::try_from(at).unwrap()];
        (moment["name"].as_str().unwrap().to_owned(), moment["day"].as_str().unwrap().to_owned())
    };
    let pair = |name: &str, day: &str| (name.to_owned(), day.to_owned());
    assert_eq!(since(&["2025-01-31", "2025-02-28", "HEAD"], "email"), pair("2025-02-28", "2025-02-20"));
    assert_eq!(since(&["v2025-*"], "email"), pair("v2025-02-20", "2025-02-20"));
    let monthly = ["--since", "2024-12-01", "--every", "month", "--today", "2025-06-01"];
    assert_eq!(since(&monthly, "email"), pair("2025-03-01", "2025-02-20"));
    assert_eq!(since(&monthly, "phone"), pair("2025-02-01", "2025-01-10"));
    let page = overshare(&["report", "--history", "2025-01-31,v2025-02-20", "--html", "-", "--today", "2025-06-01"]);
    assert!(
        page.contains("Since when") && page.contains("v2025-02-20, 2025-02-20: 1 flow"),
        "the chart is in the page"
    );
    let page = overshare(&["history", "v*", "--format", "html"]);
    alone(&page.replace("0123456789abcdef", ""));
    let mut command = Command::cargo_bin("overshare").unwrap();
    let run = command.current_dir(folder.path()).args(["history", "2020-01-01"]).assert().code(2);
    let told = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert!(told.contains("no commit here is as old as 2020-01-01") && told.contains("2025-01-10"), "{told}");
}

/// Files that revisions share are kept from one to the next: what a revision adds, drops and turns from a folder into a
/// file must all the same be what a fresh look finds.
#[test]
fn a_history_finds_what_each_revision_alone_has() {
    let folder = tempfile::tempdir().unwrap();
    let overshare = three_days(folder.path());
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let run = Program::new("git").current_dir(folder.path()).args(who).args(arguments).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    let call = |field: &str| format!("import m from 'mixpanel-browser';\nm.people.set({{ f: user.{field} }});\n");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("b.ts")).unwrap();
    fs::write(path("b.ts/c.ts"), call("address")).unwrap();
    git(&["add", "."]);
    git(&["commit", "-qm", "a folder"]);
    git(&["tag", "v2025-folder"]);
    fs::remove_dir_all(path("b.ts")).unwrap();
    fs::remove_file(path("a.ts")).unwrap();
    fs::write(path("b.ts"), call("birthDate")).unwrap();
    git(&["add", "."]);
    git(&["commit", "-qm", "a file"]);
    git(&["tag", "v2025-now"]);
    let moments = |revision: &str| {
        let history: Value = serde_json::from_str(&overshare(&["history", "--format", "json", revision])).unwrap();
        history["moments"].as_array().unwrap().clone()
    };
    let all = moments("v*");
    assert_eq!(all.len(), 5);
    for moment in &all {
        assert_eq!(moments(moment["name"].as_str().unwrap())[0]["cells"], moment["cells"], "{}", moment["name"]);
    }
}

#[test]
fn a_second_scan_of_the_same_files_parses_nothing_and_says_the_same() {
    let memory = Arc::new(Memory::default());
    let paths = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(BREACH)];
    let request = Request { paths, memory: Some(memory.clone()), ..Request::default() };
    let first = scan(&request).unwrap().report;
    assert_eq!(memory.reused(), 0);
    assert_eq!(scan(&request).unwrap().report, first);
    assert_eq!(memory.reused(), first.stats.files_parsed);
}

#[test]
fn a_vendor_that_is_not_there_is_said_not_to_be() {
    let text = overshare(&["exposure", "amplitude", BREACH, "--format", "markdown"]);
    assert!(text.contains("does not show in 2 files of mixpanel-breach"), "{text}");
}
