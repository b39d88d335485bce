//! Compares what is found in the fixtures of a working tree with what their lines say, without a build:
//! `fixtures <root> [part of family/name]`.

#[path = "../tests/it/fixtures.rs"]
mod fixtures;

use std::{path::PathBuf, process::ExitCode};

use fixtures::{Data, FAMILIES, check_all, projects, summary};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let root = PathBuf::from(arguments.next().unwrap_or_else(|| ".".into()));
    let filter = arguments.next().unwrap_or_default();
    let (data, problems) = Data::read(&root);
    problems.iter().for_each(|problem| println!("{problem}"));
    let chosen: Vec<String> = FAMILIES.iter().flat_map(|family| projects(&root, family, &filter)).collect();
    let outcomes = check_all(&data, &root, &chosen);
    outcomes.iter().for_each(|outcome| print!("{}", outcome.text));
    println!("{}", summary(&outcomes));
    let clean = problems.is_empty() && outcomes.iter().all(|outcome| outcome.text.is_empty());
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
