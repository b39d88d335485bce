//! What is found in the fixtures is what their lines say, strictly both ways. `FIXTURE=part` limits to some.

use crate::fixtures::{check_all, data, projects, root, summary};

fn family(family: &str) {
    let filter = std::env::var("FIXTURE").unwrap_or_default();
    let projects = projects(root(), family, &filter);
    assert!(!projects.is_empty() || !filter.is_empty() || !root().join("fixtures").join(family).exists());
    let outcomes = check_all(data(), root(), &projects);
    let text: String = outcomes.iter().map(|outcome| outcome.text.as_str()).collect();
    assert!(text.is_empty(), "{}\n{text}", summary(&outcomes));
}

#[test]
fn vendors() {
    family("vendors");
}

#[test]
fn flows() {
    family("flows");
}

#[test]
fn clean() {
    family("clean");
}

#[test]
fn gaps() {
    family("gaps");
}

#[test]
fn projects_of_some_size() {
    family("projects");
}
