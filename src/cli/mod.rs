//! The command line: words in, bytes out.
//!
//! What was typed ([`args`]) and what was meant ([`settings`]) are two types; between them every name is looked up, so
//! that the commands below meet no unknown vendor and no contradiction. Results go to standard output and to the files
//! that were named; everything else is said on standard error.

#![allow(clippy::disallowed_methods, reason = "the command line meets the disk, and its tests do")]

pub mod args;
mod baseline;
mod check;
mod debug;
pub mod error;
pub mod explain;
mod fix;
mod history;
mod init;
mod output;
pub mod policy;
mod progress;
mod review;
pub mod settings;
mod size;
mod tables;
mod vendors;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{CommandFactory, Parser};
use clap_complete::Shell;

use crate::catalog::Catalog;
use args::{Cli, Command, ConfigCommand, DebugCommand};
use error::CliError;
use settings::{Look, Settings};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did its work and has nothing to hold against the project.
    Clean,
    /// It did its work and found what should fail a build.
    Failing,
}

/// Runs the program: reads the arguments of the process, does the work, says what went wrong.
#[must_use]
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Failing) => ExitCode::from(1),
        Err(CliError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            if let Some(help) = error.help() {
                say(&format!("  help: {help}"));
            }
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Result<Outcome, CliError> {
    let catalog = || Catalog::embedded().map_err(|error| CliError::Scan(error.into()));
    match cli.command.unwrap_or_else(|| Command::Check(Box::new(cli.check))) {
        Command::Check(args) => {
            let force = policy::InForce::find(&args.paths, &args.policy, args.output.color)?;
            check::run(&Settings::of(*args, &force.catalog)?, &force)
        }
        Command::Explain(args) => {
            let (page, look) = (explain::explain(&catalog()?, &args.topic)?, Look::of(args.color));
            output::text(page.terminal(look.width, look.colour).as_bytes())
        }
        Command::Diff(args) => history::diff(&args),
        Command::History(args) => history::history(&args),
        Command::Exposure(args) => review::exposure(&args, &catalog()?),
        Command::Report(args) => review::report(&args),
        Command::Vendors(args) => output::to_stdout(|out| vendors::write(&catalog()?, args.format, out)),
        Command::Baseline(args) => baseline::run(args),
        Command::Init(args) => init::run(&args),
        Command::Config(ConfigCommand::Show { path, policy }) => {
            let force = policy::InForce::find(std::slice::from_ref(&path), &policy, args::Colour::Auto)?;
            output::text(policy::show(&force, &path)?.as_bytes())
        }
        Command::Completions { shell } => output::text(&completions(shell)),
        Command::Debug(DebugCommand::Facts { file }) => output::text(debug::facts(&file)?.as_bytes()),
    }
}

/// The script is made in memory first: its generator panics when a pipe is closed.
fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "overshare", &mut script);
    script
}

/// Says something on standard error; that nobody listens is no failure.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
