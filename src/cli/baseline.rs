//! `overshare baseline`: writes down what is there, so that a check fails on what is new only.

use std::path::{Path, PathBuf};

use super::{
    Outcome,
    args::{BaselineArgs, CheckArgs, ChoiceArgs, Colour, FailOn, Level, OutputArgs, TargetArgs},
    check,
    error::CliError,
    output,
    policy::InForce,
    say,
    settings::Settings,
};
use crate::{policy::baseline::Baseline, report::model::Report, source};

/// Name of the file.
const NAME: &str = "overshare-baseline.jsonl";

/// Runs the command.
///
/// # Errors
/// When the scan cannot be done, or the baseline not be read or written.
pub fn run(args: BaselineArgs) -> Result<Outcome, CliError> {
    let prune = args.prune;
    let force = InForce::find(&args.paths, &args.policy, Colour::Auto)?;
    let settings = Settings::of(as_check(args), &force.catalog)?;
    let mut scanned = check::scan(&settings, &force)?;
    force.apply(&mut scanned);
    let before = read(&force)?.unwrap_or_default();
    let after = if prune {
        let stale = hide(&before, &mut scanned.report, &force, &scanned.root);
        before.clone().without(&stale)
    } else {
        Baseline::of(&scanned.report, &force.prefix(&scanned.root), &before)
    };
    let path = place(&force);
    let written = output::to_file(&path, |out| out.write_all(after.text().as_bytes()));
    written.map_err(|error| CliError::Unwritable { path: path.clone(), error })?;
    say(&format!("overshare: {} known findings in {} (before: {})", after.len(), path.display(), before.len()));
    Ok(Outcome::Clean)
}

/// The scan that a check would do.
fn as_check(args: BaselineArgs) -> CheckArgs {
    let target = TargetArgs { output: None, quiet: true };
    CheckArgs {
        paths: args.paths,
        output: OutputArgs { format: Vec::new(), target, color: Colour::Never },
        choice: ChoiceArgs {
            fail_on: FailOn::Never,
            min_confidence: Level::Low,
            vendor: Vec::new(),
            category: Vec::new(),
        },
        diff: None,
        no_baseline: true,
        no_ignores: false,
        fix: false,
        policy: args.policy,
        run: args.run,
    }
}

fn place(force: &InForce) -> PathBuf {
    force.home.join(NAME)
}

/// The baseline of a project, if it has one.
///
/// # Errors
/// When it cannot be read or understood.
pub fn read(force: &InForce) -> Result<Option<Baseline>, CliError> {
    let path = place(force);
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = source::read(&path).map_err(|error| CliError::Unreadable { path: path.clone(), error })?;
    let known = Baseline::parse(&source::decode(bytes).text).map_err(|error| CliError::Usage {
        message: format!("the baseline `{}` is not understood: {error}", path.display()),
        help: "mend the line, or write the file again with `overshare baseline`".to_owned(),
    });
    known.map(Some)
}

/// Hides what is known; what is left of the baseline is stale.
pub fn hide(known: &Baseline, report: &mut Report, force: &InForce, root: &Path) -> Baseline {
    let prefix = force.prefix(root);
    known.hide(report, &prefix, &|file| force.home.join(file).exists()).below(&prefix)
}
