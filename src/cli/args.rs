//! What was typed: the arguments as they stand, each with its help.
//!
//! Nothing is looked up here. What the words mean (which vendor, which file, how many threads) is settled in
//! [`super::settings`], where a mistake can be answered with a suggestion.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::base::Severity;
use crate::report::model::Confidence;

const EXAMPLES: &str = "\
Examples:
  overshare                               check the current folder
  overshare src packages/web              check two folders
  overshare --vendor mixpanel,segment     only what these two receive
  overshare --fail-on never               report, and never fail the build
  overshare --format sarif:out.sarif --format github
                                          a file for code scanning, annotations on standard output
  overshare --diff origin/main            only what a change adds
  overshare explain mixpanel              what a vendor collects, and how it is recognised
  overshare explain leak/email            why a finding matters, and what to do instead

Exit status:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  the check could not be done

A folder that is called like a command is named with a dot: `overshare ./vendors`.";

/// Tells which personal data a JavaScript or TypeScript project hands to analytics vendors, and along which path.
///
/// `overshare` reads the source, follows values from where they are read to the calls of vendors' SDKs, through
/// functions, files and components, and shows each flow with its hops. It runs nothing and sends nothing.
#[derive(Debug, Parser)]
#[command(name = "overshare", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; checking is the default.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The arguments of `check`, given without naming it.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check folders and files (the default command).
    Check(Box<CheckArgs>),
    /// Say what left or joined between two git revisions.
    Diff(DiffArgs),
    /// Show who got what at several git revisions.
    History(HistoryArgs),
    /// Say what a vendor's breach would disclose today, and what to edit.
    Exposure(ExposureArgs),
    /// Write a security review: one HTML page, Markdown, CSV, JSON.
    Report(ReportArgs),
    /// Explain a rule, a vendor or a data category.
    Explain(ExplainArgs),
    /// List the vendors that are known.
    Vendors(VendorsArgs),
    /// Write down what is there, so that a check fails on what is new only.
    Baseline(BaselineArgs),
    /// Look at a project and write the `overshare.toml` that it starts with.
    Init(InitArgs),
    /// Look at the policy.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Look inside.
    #[command(subcommand)]
    Debug(DebugCommand),
}

/// Arguments of `check`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    /// Folders and files to check.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Where the result goes.
    #[command(flatten)]
    pub output: OutputArgs,
    /// Which findings are shown, and which fail.
    #[command(flatten)]
    pub choice: ChoiceArgs,
    /// Report only what is new against this git revision: a branch, a tag, a hash, `HEAD~1`, ... Both sides are
    /// analysed, the old one from git's objects. What is gone is told on standard error.
    #[arg(long, value_name = "REVISION", help_heading = "Findings")]
    pub diff: Option<String>,
    /// Show also what `overshare-baseline.jsonl` knows.
    #[arg(long, help_heading = "Findings")]
    pub no_baseline: bool,
    /// Show also what `overshare-ignore` comments hide, for who reviews them.
    #[arg(long, help_heading = "Findings")]
    pub no_ignores: bool,
    /// Take `overshare-ignore` comments that hide nothing out of the files. Nothing else is changed, and no file that
    /// changed meanwhile.
    #[arg(long, help_heading = "Findings", conflicts_with_all = ["diff", "no_ignores"])]
    pub fix: bool,
    /// The project's policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// How the work is done.
    #[command(flatten)]
    pub run: RunArgs,
}

/// Arguments of `baseline`.
#[derive(Debug, Clone, Args)]
pub struct BaselineArgs {
    /// Folders and files to look at.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Only take out entries that are stale; add none.
    #[arg(long)]
    pub prune: bool,
    /// The project's policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// How the work is done.
    #[command(flatten)]
    pub run: RunArgs,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder of the project; the policy is written there.
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub path: PathBuf,
    /// Write also where a policy is in force.
    #[arg(long)]
    pub force: bool,
    /// Say nothing on standard error but errors.
    #[arg(long, short)]
    pub quiet: bool,
    /// The day that is written into the policy; today unless told.
    #[arg(long, value_name = "YYYY-MM-DD", hide = true)]
    pub today: Option<jiff::civil::Date>,
}

/// The project's policy.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Policy")]
pub struct PolicyArgs {
    /// Take the policy from this file instead of the nearest `overshare.toml` (or `"overshare"` in `package.json`) at
    /// or above what is checked.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Look for no policy.
    #[arg(long)]
    pub no_config: bool,
    /// The day on which expiry dates are judged; today unless told.
    #[arg(long, value_name = "YYYY-MM-DD", hide = true)]
    pub today: Option<jiff::civil::Date>,
}

/// Arguments of `config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print what is in force for a file or folder.
    Show {
        /// A file or folder.
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Which policy.
        #[command(flatten)]
        policy: PolicyArgs,
    },
}

/// Where the result goes and what it looks like.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// How to show the result; `FORMAT:FILE` writes it to a file. May be given several times.
    ///
    /// Formats: terminal, compact, json, jsonl, sarif, github, markdown, gitlab, gitlab-sast, junit, checkstyle,
    /// rdjson. One format at most has no file; it goes to standard output, or to `--output`.
    #[arg(long, short, value_name = "FORMAT[:FILE]")]
    pub format: Vec<String>,
    /// Where what has no file of its own goes.
    #[command(flatten)]
    pub target: TargetArgs,
    /// When to use colour. `auto` looks at the terminal and at `NO_COLOR` and `CLICOLOR_FORCE`.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
}

/// Where a result goes, and what is said beside it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct TargetArgs {
    /// Write the result to a file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Say nothing on standard error but errors: no progress, no remarks.
    #[arg(long, short)]
    pub quiet: bool,
}

/// How a review of exposures or changes is shown.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct ViewArgs {
    /// How to show it.
    #[arg(long, short, default_value = "terminal")]
    pub format: ReviewFormat,
    /// Where it goes.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// Which findings are shown, and which fail the check.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Findings")]
pub struct ChoiceArgs {
    /// Least severity that makes the exit status 1.
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub fail_on: FailOn,
    /// Show findings that are at least this sure.
    #[arg(long, value_name = "LEVEL", default_value = "low")]
    pub min_confidence: Level,
    /// Show only what these vendors receive; `overshare vendors` lists them.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub vendor: Vec<String>,
    /// Show only these data categories, for example `email` or `location`.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub category: Vec<String>,
}

/// How the work is done.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Work")]
pub struct RunArgs {
    /// Number of threads; 0 takes one for each core. The result does not depend on it.
    #[arg(long, short = 'j', value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// Read also what is left out by rule: vendored, minified and generated files.
    #[arg(long)]
    pub no_skip: bool,
    /// Leave out files that are larger, for example `500K` or `4M`; `2M` unless told.
    #[arg(long, value_name = "SIZE", value_parser = super::size::parse)]
    pub max_file_size: Option<u64>,
}

const REPORT_EXAMPLES: &str = "\
Examples:
  overshare report                        overshare-report.html of the current folder
  overshare report apps/web --markdown web.md --csv tables/
                                          Markdown, and tables with a record of processing
  overshare report --history '2025-12-31,v*'
                                          with a chart: since when does whom get what?
  overshare report reports/*.json --html all.html --tables tables/
                                          one view of many repositories, from their reports";

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = REPORT_EXAMPLES)]
pub struct ReportArgs {
    /// Folders and files to scan, or JSON reports that `overshare check --format json` wrote; several reports become
    /// one view of all repositories.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Write one self-contained HTML page; `overshare-report.html` when no output is named. `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write the review as Markdown.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// Write tables into a folder: findings, collections, vendors, inventory, and `ropa.csv`, a record of processing
    /// activities (GDPR Art. 30).
    #[arg(long, value_name = "FOLDER")]
    pub csv: Option<PathBuf>,
    /// Write the flat tables as JSON lines into a folder, for `DuckDB`, Spark and others.
    #[arg(long, value_name = "FOLDER")]
    pub tables: Option<PathBuf>,
    /// Write the whole review as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Chart who got what at these revisions, too: tags, branches, commits, days as `2026-01-31`, patterns of tags as
    /// `v*`.
    #[arg(long, value_name = "REV", value_delimiter = ',')]
    pub history: Vec<String>,
    /// Say nothing on standard error but errors.
    #[arg(long, short)]
    pub quiet: bool,
    /// Which policy is in force.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

const EXPOSURE_EXAMPLES: &str = "\
Examples:
  overshare exposure mixpanel             what a breach of Mixpanel would disclose
  overshare exposure mixpanel apps/web --format markdown --output exposure.md
                                          a draft of a notification (Art. 33 GDPR)
  overshare exposure --all                every vendor, the worst first";

/// Arguments of `exposure`.
#[derive(Debug, Args)]
#[command(after_help = EXPOSURE_EXAMPLES)]
pub struct ExposureArgs {
    /// The vendor; with `--all` the path instead.
    #[arg(value_name = "VENDOR")]
    pub vendor: Option<String>,
    /// The folder to scan, or a JSON report; the current folder if none.
    #[arg(value_name = "PATH", conflicts_with = "all")]
    pub path: Option<String>,
    /// Rank all vendors that are present.
    #[arg(long)]
    pub all: bool,
    /// How it is shown.
    #[command(flatten)]
    pub view: ViewArgs,
    /// Which policy is in force.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

const DIFF_EXAMPLES: &str = "\
Examples:
  overshare diff main                     the work tree against a branch
  overshare diff v1.0 v2.0 --format markdown
                                          a comment for a pull request or a release";

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = DIFF_EXAMPLES)]
pub struct DiffArgs {
    /// The old revision: a branch, a tag, a commit.
    #[arg(value_name = "REV")]
    pub from: String,
    /// The new revision; the work tree if none.
    #[arg(value_name = "REV")]
    pub to: Option<String>,
    /// The folder to compare.
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// How it is shown.
    #[command(flatten)]
    pub view: ViewArgs,
    /// Which policy is in force.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

const HISTORY_EXAMPLES: &str = "\
Examples:
  overshare history v1.0 v2.0 HEAD        at three revisions
  overshare history 'v*' --format html --output history.html
                                          at every tag that starts with v, as a chart
  overshare history 2025-06-30 2025-12-31 at the last commits up to two days
  overshare history --since 2025-01-01 --every month
                                          since when does whom get what?";

/// Arguments of `history`.
#[derive(Debug, Args)]
#[command(after_help = HISTORY_EXAMPLES)]
pub struct HistoryArgs {
    /// Tags, branches, commits; days as `2026-01-31`, each the last commit up to that day (UTC) on the line of first
    /// parents of `HEAD`; patterns of tags as `v*`.
    #[arg(value_name = "REV", required_unless_present = "since")]
    pub revisions: Vec<String>,
    /// Look regularly from this day on, as often as `--every` says, and at `HEAD`.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub since: Option<jiff::civil::Date>,
    /// How often, with `--since`.
    #[arg(long, value_name = "PERIOD", default_value = "month", requires = "since")]
    pub every: Every,
    /// The folder to look at.
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// How it is shown.
    #[command(flatten)]
    pub view: ViewArgs,
    /// Which policy is in force.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// How often to look at a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Every {
    /// Each day.
    Day,
    /// Each week.
    Week,
    /// Each month.
    Month,
    /// Every three months.
    Quarter,
    /// Each year.
    Year,
}

/// How to show an exposure or a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReviewFormat {
    /// Text.
    Terminal,
    /// Markdown.
    Markdown,
    /// One self-contained page.
    Html,
    /// JSON.
    Json,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A rule (`leak/email`), a vendor (`mixpanel`) or a data category (`email`).
    pub topic: String,
    /// When to use colour.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
}

/// Arguments of `vendors`.
#[derive(Debug, Args)]
pub struct VendorsArgs {
    /// How to show the list.
    #[arg(long, short, default_value = "table")]
    pub format: ListFormat,
}

/// Ways to look inside.
#[derive(Debug, Subcommand)]
pub enum DebugCommand {
    /// Print what is understood of one file: its functions and what its values are made of.
    Facts {
        /// A source file.
        file: PathBuf,
    },
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless the environment says otherwise.
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

/// How to show a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Columns, for people.
    Table,
    /// One array of objects.
    Json,
}

/// The least severity that fails a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only.
    Error,
    /// Warnings and errors.
    Warning,
    /// Any finding.
    Note,
    /// No finding.
    Never,
}

impl FailOn {
    /// The least severity that fails, if any does.
    #[must_use]
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

/// How sure a finding must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// All findings.
    Low,
    /// Findings with a piece of evidence beside a name.
    Medium,
    /// Findings that the read, the receiver or the argument proves.
    High,
}

impl From<Level> for Confidence {
    fn from(level: Level) -> Self {
        match level {
            Level::Low => Self::Low,
            Level::Medium => Self::Medium,
            Level::High => Self::High,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::report::Format;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_format_is_named_in_the_help() {
        let mut check = Cli::command().find_subcommand("check").unwrap().clone();
        let help = check.render_long_help().to_string();
        let list = help.split("Formats: ").nth(1).unwrap().split('.').next().unwrap();
        let named: Vec<_> = list.split_whitespace().map(|id| id.trim_end_matches(',')).collect();
        assert_eq!(named, Format::ALL.iter().map(|format| format.id()).collect::<Vec<_>>());
    }
}
