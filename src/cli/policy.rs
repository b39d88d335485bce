//! Finding and reading the policy: the nearest `overshare.toml`, or the key `overshare` of a `package.json`, at or
//! above what is checked, up to the top of the repository.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    args::{Colour, PolicyArgs},
    error::CliError,
    settings::Look,
};
use crate::{
    base::Category,
    catalog::{Catalog, words::Words},
    policy::{
        self, Standing,
        config::{Builder, File, Mistake, Policy, Subject},
        ignore::{Ignores, Terms},
    },
    report::{self, model::Finding},
    scan::Scanned,
    source,
};

/// Name of the policy file.
pub const NAME: &str = "overshare.toml";

/// Files that extend each other; more is a mistake.
const MAX_CHAIN: usize = 16;

/// The policy in force, and the data that it adds to.
pub struct InForce {
    /// The policy.
    pub policy: Policy,
    /// The catalogue with the project's own trackers.
    pub catalog: Catalog,
    /// The words with the project's own.
    pub words: Words,
    /// The file that it stands in, if there is one.
    pub file: Option<PathBuf>,
    /// The folder that its paths start from: that of the policy file, or the top of the repository.
    pub home: PathBuf,
    /// The day on which expiry dates are judged.
    pub today: Date,
}

impl InForce {
    /// Finds the policy for what is to be checked.
    ///
    /// # Errors
    /// When a file cannot be read or something in it is wrong.
    pub fn find(paths: &[PathBuf], args: &PolicyArgs, colour: Colour) -> Result<Self, CliError> {
        let catalog = Catalog::embedded().map_err(|error| CliError::Scan(error.into()))?;
        let mut builder = Builder::new(catalog, Words::embedded().clone());
        let file = match &args.config {
            Some(file) => Some(Source::read(file)?.ok_or_else(|| no_policy(file))?),
            None if args.no_config => None,
            None => nearest(paths)?,
        };
        if let Some(source) = &file {
            add(&mut builder, source, &mut Vec::new(), Look::of(colour))?;
        }
        let Builder { policy, catalog, words } = builder;
        let home = file.as_ref().and_then(|source| Some(source.path.canonicalize().ok()?.parent()?.to_owned()));
        let home = home.unwrap_or_else(|| top(paths));
        let today = args.today.unwrap_or_else(|| TimeZone::UTC.to_datetime(Timestamp::now()).date());
        Ok(Self { policy, catalog, words, file: file.map(|source| source.path), home, today })
    }

    /// Applies the policy, and then the comments in the code, to what a scan found.
    pub fn apply(&self, scanned: &mut Scanned) {
        let root = scanned.root.clone();
        self.apply_as_in(scanned, &root, true);
    }

    /// As [`Self::apply`], with the files taken as those below `root`, and with or without the comments, which it
    /// returns.
    pub fn apply_as_in(&self, scanned: &mut Scanned, root: &Path, comments: bool) -> Ignores {
        policy::apply(&mut scanned.report, self.standing(&self.prefix(root)));
        let terms = Terms { catalog: &self.catalog, reasons_optional: self.policy.reasons_optional, today: self.today };
        let mut ignores = Ignores::of(if comments { &scanned.comments } else { &[] }, terms);
        ignores.hide(&mut scanned.report);
        ignores
    }

    fn standing<'s>(&'s self, prefix: &'s str) -> Standing<'s> {
        Standing { policy: &self.policy, catalog: &self.catalog, prefix, today: self.today }
    }

    /// What is wrong with the comments below `root`, as grave as the policy says. Which of them are needed shows only
    /// in the whole of what the policy is for, checked as one `folder`.
    #[must_use]
    pub fn mistakes(&self, ignores: &Ignores, root: &Path, folder: bool) -> Vec<Finding> {
        let prefix = self.prefix(root);
        let mut findings = ignores.findings(folder && prefix.is_empty());
        policy::weigh(&mut findings, self.standing(&prefix));
        findings
    }

    /// What stands between the policy's folder and the files of a report.
    #[must_use]
    pub fn prefix(&self, root: &Path) -> String {
        let inside = root.strip_prefix(&self.home).ok();
        let parts: Vec<_> = inside.into_iter().flatten().map(|part| part.to_string_lossy()).collect();
        if parts.is_empty() { String::new() } else { format!("{}/", parts.join("/")) }
    }
}

/// A file with a policy in it.
struct Source {
    path: PathBuf,
    /// The whole file.
    text: String,
    /// The policy as TOML, and where it stands if the file holds more.
    policy: (String, Option<std::ops::Range<usize>>),
}

impl Source {
    /// The policy of a file; none if it is a manifest without one.
    fn read(path: &Path) -> Result<Option<Self>, CliError> {
        let unreadable = |error| CliError::Unreadable { path: path.to_owned(), error };
        let text = source::decode(source::read(path).map_err(unreadable)?).text;
        if path.extension().is_none_or(|extension| extension != "json") {
            return Ok(Some(Self { path: path.to_owned(), policy: (text.clone(), None), text }));
        }
        let Ok(manifest) = serde_json::from_str::<serde_json::Value>(&text) else { return Ok(None) };
        let Some(policy) = manifest.get("overshare") else { return Ok(None) };
        let start = text.find("\"overshare\"").unwrap_or(0);
        let span = start..start + "\"overshare\"".len();
        let toml = toml::to_string(policy).unwrap_or_default();
        Ok(Some(Self { path: path.to_owned(), policy: (toml, Some(span)), text }))
    }

    fn wrong(&self, mistakes: &[Mistake], look: Look) -> CliError {
        let mut told = String::new();
        for mistake in mistakes {
            let span = self.policy.1.as_ref().unwrap_or(&mistake.span);
            let file = self.path.to_string_lossy();
            let drawn = report::mistake(&file, &self.text, span, &mistake.message, look.colour_in_files, look.width);
            let _ = writeln!(told, "{}", drawn.trim_end());
            if let Some(help) = &mistake.help {
                let _ = writeln!(told, "  help: {help}");
            }
        }
        CliError::Policy(told.trim_end().to_owned())
    }
}

fn no_policy(file: &Path) -> CliError {
    let message = format!("`{}` holds no policy", file.display());
    CliError::Usage { message, help: "name an `overshare.toml`, or a `package.json` with the key `overshare`".into() }
}

/// The policy nearest to what is checked.
fn nearest(paths: &[PathBuf]) -> Result<Option<Source>, CliError> {
    // What does not exist is answered by the walk.
    let Ok((root, _)) = source::places(None, paths) else { return Ok(None) };
    for folder in root.ancestors() {
        for name in [NAME, "package.json"] {
            let path = folder.join(name);
            if path.is_file()
                && let Some(source) = Source::read(&path)?
            {
                return Ok(Some(source));
            }
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    Ok(None)
}

/// The top of the repository around what is checked, or else what is checked.
fn top(paths: &[PathBuf]) -> PathBuf {
    let Ok((root, _)) = source::places(None, paths) else { return PathBuf::from(".") };
    let top = root.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf);
    top.unwrap_or(root)
}

/// Adds what a file extends, then the file.
fn add(builder: &mut Builder, source: &Source, chain: &mut Vec<PathBuf>, look: Look) -> Result<(), CliError> {
    let file = File::parse(&source.policy.0).map_err(|mistake| source.wrong(&[mistake], look))?;
    chain.push(source.path.canonicalize().unwrap_or_else(|_| source.path.clone()));
    for base in &file.extends {
        let wrong = |what: &str| {
            let message = format!("`{}` {what}", base.get_ref());
            source.wrong(&[Mistake::new(base.span(), message)], look)
        };
        let path = source.path.parent().unwrap_or(Path::new("")).join(base.get_ref());
        let real = path.canonicalize().map_err(|_| wrong("does not exist"))?;
        if chain.contains(&real) || chain.len() > MAX_CHAIN {
            return Err(wrong("extends itself"));
        }
        let base = Source::read(&path)?.ok_or_else(|| wrong("holds no policy"))?;
        add(builder, &base, chain, look)?;
    }
    chain.pop();
    builder.add(file).map_err(|mistakes| source.wrong(&mistakes, look))
}

/// What is in force for a path, as text.
///
/// # Errors
/// When the path does not exist.
pub fn show(force: &InForce, path: &Path) -> Result<String, CliError> {
    let unreadable = |error| CliError::Unreadable { path: path.to_owned(), error };
    let real = path.canonicalize().map_err(unreadable)?;
    fs::metadata(&real).map_err(unreadable)?;
    let inside = force.prefix(&real);
    let inside = inside.trim_end_matches('/');
    let mut text = match &force.file {
        Some(file) => format!("# From {}\n", file.display()),
        None => "# No policy file: the defaults\n".to_owned(),
    };
    text.push_str("\n[severity.category]\n");
    for &category in Category::ALL {
        let subject = Subject { path: inside, vendor: "", kind: None, category: Some(category) };
        let (severity, entry) = match force.policy.severity(subject) {
            Some(setting) => (setting.severity.map_or("off", crate::base::Severity::id), setting.entry),
            None => (category.group().default_severity().id(), "default".to_owned()),
        };
        let _ = writeln!(text, "{category} = \"{severity}\" # {entry}");
    }
    for allow in &force.policy.allows {
        let until = allow.until.map(|until| format!(" until {until}")).unwrap_or_default();
        let ended = if allow.expired(force.today) { ", which is over" } else { "" };
        let _ = writeln!(text, "\n# {} may receive data{until}{ended}: {}", allow.vendor, allow.reason);
    }
    for (vendor, reason) in &force.policy.denied {
        let _ = writeln!(text, "\n# {vendor} must not be used: {reason}");
    }
    if let Some(declared) = &force.policy.declared {
        let ids: Vec<_> = declared.iter().map(|id| format!("\"{id}\"")).collect();
        let _ = writeln!(text, "\ndeclared = [{}]", ids.join(", "));
    }
    Ok(text)
}
