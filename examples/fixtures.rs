//! Compares what is found in the fixtures of a working tree with what their lines say, without a build:
//! `fixtures <root> [part of family/name] [--sinks]`. With `--sinks` it also lists calls that no fixture holds.

#![allow(dead_code, unused_imports, reason = "the tests use the rest of the shared modules")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a tool for who changes the code")]
#![allow(clippy::disallowed_methods, reason = "fixtures are files")]

#[path = "../tests/it/catalogue.rs"]
mod catalogue;
#[path = "../tests/it/fixtures.rs"]
mod fixtures;

use std::{path::PathBuf, process::ExitCode};

use fixtures::{Data, FAMILIES, check_all, projects, summary};

fn main() -> ExitCode {
    let (options, names): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|text| text.starts_with("--"));
    let root = PathBuf::from(names.first().map_or(".", String::as_str));
    let filter = names.get(1).map_or("", String::as_str);
    let (data, problems) = Data::read(&root);
    problems.iter().for_each(|problem| println!("{problem}"));
    let chosen: Vec<String> = FAMILIES.iter().flat_map(|family| projects(&root, family, filter)).collect();
    let outcomes = check_all(&data, &root, &chosen);
    outcomes.iter().for_each(|outcome| print!("{}", outcome.text));
    if options.iter().any(|option| option == "--sinks") {
        let unhit = catalogue::unhit(&root).into_iter().filter(|(id, _)| format!("vendors/{id}/").contains(filter));
        unhit.for_each(|(id, calls)| println!("vendors/{id}: not in the fixture: {}", calls.join(" ")));
    }
    println!("{}", summary(&outcomes));
    let clean = problems.is_empty() && outcomes.iter().all(|outcome| outcome.text.is_empty());
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
