//! `overshare init`: looks at a project and writes the policy that it starts with.

use std::path::PathBuf;

use super::{
    Outcome,
    args::{Colour, InitArgs, PolicyArgs},
    check,
    error::CliError,
    output, policy,
    policy::InForce,
    progress::Line,
    say,
};
use crate::{
    policy::start::start,
    report::phrase,
    scan::{Request, scan_with},
};

/// Runs the command.
///
/// # Errors
/// When there is a policy already, the folder cannot be scanned, or the file not be written.
pub fn run(args: &InitArgs) -> Result<Outcome, CliError> {
    let paths = [args.path.clone()];
    if !args.path.is_dir() {
        let message = format!("`{}` is no folder", args.path.display());
        return Err(CliError::Usage { message, help: "name the folder of the project".to_owned() });
    }
    let file = args.path.join(policy::NAME);
    refuse(&file, &paths, args)?;
    let unbound = PolicyArgs { no_config: true, today: args.today, ..PolicyArgs::default() };
    let force = InForce::find(&paths, &unbound, Colour::Auto)?;
    let line = Line::show(args.quiet);
    let progress = line.as_ref().map(|(progress, _)| progress.clone());
    let request = Request { paths: paths.to_vec(), progress: progress.map(|it| it as _), ..Request::default() };
    let pool = rayon::ThreadPoolBuilder::new().stack_size(check::STACK).build()?;
    let mut scanned = pool.install(|| scan_with(&request, &force.catalog, &force.words))?;
    drop(line);
    force.apply(&mut scanned);
    let start = start(&scanned.report, &force.catalog, force.today);
    let written = output::to_file(&file, |out| out.write_all(start.text.as_bytes()));
    written.map_err(|error| CliError::Unwritable { path: file.clone(), error })?;
    if !args.quiet {
        let declared = phrase::count(start.vendors, "vendor");
        let exceptions = phrase::count(start.exceptions, "exception");
        say(&format!("overshare: wrote {}: {declared} declared, {exceptions} to review", file.display()));
    }
    Ok(Outcome::Clean)
}

/// A policy that is there is not written over, and not silently put out of force.
fn refuse(file: &std::path::Path, paths: &[PathBuf], args: &InitArgs) -> Result<(), CliError> {
    if args.force {
        return Ok(());
    }
    let usage = |message: String, help: &str| Err(CliError::Usage { message, help: help.to_owned() });
    if file.exists() {
        return usage(format!("`{}` is there already", file.display()), "`--force` writes over it");
    }
    match InForce::find(paths, &PolicyArgs::default(), Colour::Auto)?.file {
        Some(other) => usage(
            format!("the policy in `{}` is in force here", other.display()),
            "`--force` writes a nearer one, which holds instead of it",
        ),
        None => Ok(()),
    }
}
