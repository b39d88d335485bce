//! Fixtures: mini-projects whose lines say what must be found in them.
//!
//! A comment on the line where a personal value is read expects it: `// expect: mixpanel email, sentry name`.
//! `// ok: reason` says why a line stays silent. `// expect-missing: vendor category` is a known miss and
//! `// expect-spurious: vendor category` a known false alarm: both fail once they stop being true.
//! The catalogue is read from the working tree, so that a change of data needs no build.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use overshare::{
    base::Category,
    catalog::{Catalog, words::Words},
    report::model::{Finding, Report},
    scan::{self, Request},
};
use rayon::prelude::*;

/// Threads of the engine need a deep stack: syntax is lowered by descent.
const STACK: usize = 64 << 20;

/// The folders that hold mini-projects.
pub const FAMILIES: [&str; 5] = ["vendors", "flows", "clean", "gaps", "projects"];

/// A pool whose threads have a deep stack; `threads` is 0 for one per core.
pub fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build().expect("threads start")
}

/// The pool that all tests share.
pub fn shared_pool() -> &'static rayon::ThreadPool {
    static POOL: OnceLock<rayon::ThreadPool> = OnceLock::new();
    POOL.get_or_init(|| pool(0))
}

/// The data of a working tree: `vendors/`, `models/` and `words/`.
pub struct Data {
    /// What vendors and libraries do.
    pub catalog: Catalog,
    /// What names mean.
    pub words: Words,
}

impl Data {
    /// Reads the data files below `root`; a file that is wrong is left out and told.
    pub fn read(root: &Path) -> (Self, Vec<String>) {
        let mut data = Self { catalog: Catalog::default(), words: Words::default() };
        let mut problems = Vec::new();
        for file in ["vendors", "models"].iter().flat_map(|folder| files_with(&root.join(folder), "toml")) {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&file).unwrap_or_default();
            if let Err(error) = data.catalog.add(&name, &text) {
                problems.push(error.to_string());
            }
        }
        for file in files_with(&root.join("words"), "toml") {
            match data.words.with(&fs::read_to_string(&file).unwrap_or_default()) {
                Ok(words) => data.words = words,
                Err(error) => problems.push(format!("{}: {error}", file.display())),
            }
        }
        (data, problems)
    }

    /// Scans one folder.
    pub fn scan(&self, folder: &Path, change: impl FnOnce(&mut Request)) -> Result<Report, String> {
        let mut request = Request { paths: vec![folder.to_owned()], ..Request::default() };
        change(&mut request);
        let scanned = scan::scan_with(&request, &self.catalog, &self.words);
        scanned.map(|scanned| scanned.report).map_err(|error| error.to_string())
    }
}

/// How many generated cases a property tries. They are the same each time, so that a change breaks a test and not luck;
/// `PROPTEST_RNG_SEED` and `PROPTEST_CASES` give others.
#[cfg(test)]
pub fn cases(usual: u32) -> proptest::test_runner::Config {
    use proptest::test_runner::{Config, RngSeed};
    let set = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    Config {
        cases: set("PROPTEST_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(usual),
        rng_seed: RngSeed::Fixed(set("PROPTEST_RNG_SEED").unwrap_or(1)),
        failure_persistence: None,
        ..Config::default()
    }
}

/// The data of this working tree, read once.
pub fn data() -> &'static Data {
    static DATA: OnceLock<Data> = OnceLock::new();
    DATA.get_or_init(|| {
        let (data, problems) = Data::read(root());
        assert!(problems.is_empty(), "{}", problems.join("\n"));
        data
    })
}

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The mini-projects of every family that `FIXTURE` lets through.
pub fn all_projects() -> Vec<String> {
    let filter = std::env::var("FIXTURE").unwrap_or_default();
    FAMILIES.iter().flat_map(|family| projects(root(), family, &filter)).collect()
}

/// Files directly in a folder, with this extension, sorted; none where there is no folder.
pub fn files_with(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let all = entries(folder).unwrap_or_default();
    all.into_iter().filter(|path| path.extension().is_some_and(|known| known == extension)).collect()
}

/// All files below a folder, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut work = vec![folder.to_owned()];
    while let Some(path) = work.pop() {
        match entries(&path) {
            Ok(inner) => work.extend(inner),
            Err(_) => files.push(path),
        }
    }
    files.sort();
    files
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The mini-projects of a family, as `family/name`; `filter` is a part of that.
pub fn projects(root: &Path, family: &str, filter: &str) -> Vec<String> {
    let folders = entries(&root.join("fixtures").join(family)).unwrap_or_default();
    let folders = folders.iter().filter(|path| path.is_dir());
    let names = folders.map(|path| format!("{family}/{}", path.file_name().unwrap_or_default().to_string_lossy()));
    names.filter(|name| format!("{name}/").contains(filter)).collect()
}

/// What a comment says of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Expect,
    Missing,
    Spurious,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Expectation {
    line: u32,
    vendor: String,
    category: Category,
    kind: Kind,
}

/// What is wrong with a line, and where.
type Complaints = BTreeMap<(String, u32), Vec<String>>;

/// How a mini-project did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Expectations that hold.
    pub met: usize,
    /// Expectations without a finding.
    pub missing: usize,
    /// Findings without an expectation.
    pub unexpected: usize,
    /// Known misses and known false alarms.
    pub gaps: usize,
    /// What failed, one line each; empty when all is well.
    pub text: String,
}

/// Compares what is found in `fixtures/<project>` with what its lines say.
pub fn check(data: &Data, root: &Path, project: &str) -> Outcome {
    let folder = root.join("fixtures").join(project);
    let mut complaints = Complaints::new();
    let mut outcome = Outcome::default();
    let expected = read_expectations(&folder, &mut complaints);
    match data.scan(&folder, |_| ()) {
        Ok(report) => compare(data, &expected, &report, &mut outcome, &mut complaints),
        Err(error) => complaints.entry((String::new(), 0)).or_default().push(error),
    }
    for ((file, line), lines) in complaints {
        for text in lines {
            let _ = writeln!(outcome.text, "{project}/{file}:{line}: {text}");
        }
    }
    outcome
}

/// Checks many mini-projects in parallel, each shown by its name.
pub fn check_all(data: &Data, root: &Path, projects: &[String]) -> Vec<Outcome> {
    shared_pool().install(|| projects.par_iter().map(|project| check(data, root, project)).collect())
}

fn compare(
    data: &Data,
    expected: &BTreeMap<String, Vec<Expectation>>,
    report: &Report,
    outcome: &mut Outcome,
    complaints: &mut Complaints,
) {
    let mut met: BTreeSet<(&str, &Expectation)> = BTreeSet::new();
    let mut told = BTreeSet::new();
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        let Some(category) = finding.category.filter(|_| finding.rule.starts_with("leak/")) else { continue };
        let origin = &finding.origin.location;
        let here = expected.get(origin.file.as_str()).into_iter().flatten();
        let fits = |known: &&Expectation| {
            (origin.line..=origin.end_line).contains(&known.line)
                && known.vendor == finding.vendor.as_str()
                && known.category == category
        };
        let fitting: Vec<&Expectation> = here.filter(fits).collect();
        if fitting.is_empty() && told.insert((&finding.vendor, category, &origin.file, origin.line)) {
            outcome.unexpected += 1;
            let text = format!("unexpected {} {category}: {}", finding.vendor, describe(finding));
            complaints.entry((origin.file.to_string(), origin.line)).or_default().push(text);
        }
        met.extend(fitting.into_iter().map(|known| (origin.file.as_str(), known)));
    }
    for (file, known) in expected.iter().flat_map(|(file, list)| list.iter().map(move |known| (file.as_str(), known))) {
        let Expectation { vendor, category, .. } = known;
        let text = match (known.kind, met.contains(&(file, known))) {
            (Kind::Expect, true) => {
                outcome.met += 1;
                continue;
            }
            (Kind::Missing, false) | (Kind::Spurious, true) => {
                outcome.gaps += 1;
                continue;
            }
            (Kind::Expect, false) => {
                outcome.missing += 1;
                let vendor_known = data.catalog.vendor_named(vendor).is_some();
                format!("missing {vendor} {category}{}", if vendor_known { "" } else { " (no such vendor)" })
            }
            (Kind::Missing, true) => format!("{vendor} {category} is found now: write expect: {vendor} {category}"),
            (Kind::Spurious, false) => format!("{vendor} {category} is silent now: write ok: and the reason"),
        };
        complaints.entry((file.to_owned(), known.line)).or_default().push(text);
    }
}

/// The origin, the sink and the hops of a finding in one line.
pub fn describe(finding: &Finding) -> String {
    let mut text = format!("`{}` -> {}({})", finding.origin.expression, finding.sink.call, finding.sink.argument);
    let apex = &finding.location;
    let _ = write!(text, " at {}:{}", apex.file, apex.line);
    for (index, hop) in finding.path.iter().enumerate() {
        let _ = write!(text, "{} {}:{}", if index == 0 { " via" } else { " >" }, hop.location.file, hop.location.line);
    }
    text
}

fn read_expectations(folder: &Path, complaints: &mut Complaints) -> BTreeMap<String, Vec<Expectation>> {
    let mut expected: BTreeMap<String, Vec<Expectation>> = BTreeMap::new();
    for path in files_below(folder) {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let bytes = fs::read(&path).unwrap_or_default();
        for (number, line) in (1..).zip(overshare::source::decode(bytes).text.lines()) {
            for (word, text) in comments(line) {
                match expectations(word, text, number) {
                    Ok(found) => expected.entry(name.clone()).or_default().extend(found),
                    Err(error) => complaints.entry((name.clone(), number)).or_default().push(error),
                }
            }
        }
    }
    expected
}

/// The comments of a line that speak to the tests: what stands before the colon, and after it.
pub fn comments(line: &str) -> Vec<(&'static str, &str)> {
    let mut found = Vec::new();
    for word in ["expect", "expect-missing", "expect-spurious", "ok"] {
        let marker = format!("{word}:");
        for (at, _) in line.match_indices(&marker) {
            let before = line[..at].trim_end();
            if ["//", "/*", "<!--", "#"].iter().any(|opener| before.ends_with(opener)) {
                let rest = &line[at + marker.len()..];
                let end = ["*/", "-->", "// "].iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
                found.push((word, rest[..end].trim()));
            }
        }
    }
    found
}

fn expectations(word: &str, text: &str, line: u32) -> Result<Vec<Expectation>, String> {
    let kind = match word {
        "ok" if text.is_empty() => return Err("ok: owes a reason".into()),
        "ok" => return Ok(Vec::new()),
        "expect-missing" => Kind::Missing,
        "expect-spurious" => Kind::Spurious,
        _ => Kind::Expect,
    };
    let parse = |item: &str| match item.split_whitespace().collect::<Vec<_>>()[..] {
        [vendor, category] => match category.parse() {
            Ok(category) => Ok(Expectation { line, vendor: vendor.to_owned(), category, kind }),
            Err(_) => Err(format!("`{category}` is no category")),
        },
        _ => Err(format!("`{item}` is not `vendor category`")),
    };
    text.split(',').map(parse).collect()
}

/// The sums of many outcomes, in one line.
pub fn summary(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter(|outcome| !outcome.text.is_empty()).count();
    let sum = |of: fn(&Outcome) -> usize| outcomes.iter().map(of).sum::<usize>();
    format!(
        "{} mini-projects, {failed} failed: {} expectations met, {} missing, {} unexpected, {} known gaps",
        outcomes.len(),
        sum(|outcome| outcome.met),
        sum(|outcome| outcome.missing),
        sum(|outcome| outcome.unexpected),
        sum(|outcome| outcome.gaps),
    )
}

/// The report of a project of a few files.
pub fn report(files: &[(&str, &str)]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    scan::scan(&Request { paths: vec![folder.path().to_owned()], ..Request::default() }).unwrap().report
}
