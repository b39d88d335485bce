//! How long a scan takes and how much memory it needs, next to what else could be done with the same files.
//!
//! ```text
//! cargo bench --bench scan                 generated monorepos of 1,000 and 10,000 files
//! cargo bench --bench scan -- --large      and one of 100,000 files
//! cargo bench --bench scan -- DIRECTORY    a project of yours
//! ```
//!
//! A time by itself says as much of the machine as of the program, so all contenders run in one session over the same
//! files, each in a process of its own, and what is printed are ratios. Ripgrep takes part if `rg` is on the path.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints")]
#![allow(clippy::disallowed_methods, reason = "a benchmark writes the files that it measures")]

/// The binary has the same.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod contender;
mod monorepo;
mod start;

use std::{error::Error, path::Path};

use contender::{Contender, Measured};

/// Runs all contenders over a project and prints what each needs. Returns the seconds of the scan.
fn compare(name: &str, root: &Path) -> Result<f64, Box<dyn Error>> {
    let scan = Contender::Scan.measure(root)?;
    let parse = Contender::Parse.measure(root)?;
    let read = Contender::Read.measure(root)?;
    let ripgrep = contender::ripgrep(root)?;
    println!("\n{name}: {} files, {:.1} MB", read.files, mega(read.bytes));
    println!(
        "  {:<28}{:>9}{:>15}{:>13}{:>9}{:>15}{:>10}",
        "", "seconds", "× tree-sitter", "× ripgrep", "CPU s", "× tree-sitter", "peak MB"
    );
    let row = |name: &str, measured: &Measured| {
        let to_ripgrep = ripgrep.as_ref().map_or("-".into(), |rg| format!("{:.2}", measured.seconds / rg.seconds));
        let memory = measured.peak.map_or("-".into(), |bytes| format!("{:.0}", mega(bytes)));
        let cpu = measured.cpu.map_or("-".into(), |cpu| format!("{cpu:.2}"));
        let of_cpu = measured.cpu.zip(parse.cpu).map_or("-".into(), |(cpu, parse)| format!("{:.3}", cpu / parse));
        println!(
            "  {name:<28}{:>9.3}{:>15.3}{to_ripgrep:>13}{cpu:>9}{of_cpu:>15}{memory:>10}",
            measured.seconds,
            measured.seconds / parse.seconds
        );
    };
    row("overshare, whole scan", &scan);
    row("tree-sitter, every file", &parse);
    row("reading every file", &read);
    match &ripgrep {
        Some(measured) => row("ripgrep, vendors' names", measured),
        None => println!("  ripgrep is not installed: no ratio to it"),
    }
    println!("  parsed by the scan: {} of {} files, {:.1} MB", scan.files, read.files, mega(scan.bytes));
    Ok(scan.seconds)
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [flag, contender, root] = &arguments[..]
        && flag == contender::CHILD
    {
        return contender::run(contender, Path::new(root));
    }
    if let [flag, part, folder] = &arguments[..]
        && flag == start::CHILD
    {
        return start::run(part, folder);
    }
    start::measure()?;
    let large = arguments.iter().any(|argument| argument == "--large");
    let roots: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    for root in &roots {
        compare(root, Path::new(root))?;
    }
    if !roots.is_empty() {
        return Ok(());
    }
    let sizes: &[usize] = if large { &[1_000, 10_000, 100_000] } else { &[1_000, 10_000] };
    let mut before: Option<(usize, f64)> = None;
    for &size in sizes {
        let folder = tempfile::tempdir()?;
        monorepo::write(folder.path(), size)?;
        let seconds = compare(&format!("generated, {size} files"), folder.path())?;
        if let Some((smaller, earlier)) = before {
            println!("  {}× the files take {:.1}× the time of {smaller}", size / smaller, seconds / earlier);
        }
        before = Some((size, seconds));
    }
    Ok(())
}
