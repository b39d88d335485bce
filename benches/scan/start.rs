//! What the start of the program costs, apart from any project: each thing that is read, in a process of its own.

use std::{error::Error, fs, process::Command, time::Instant};

use overshare::{
    catalog::{Catalog, words::Words},
    scan::{self, Request},
};

/// The argument with which the benchmark starts itself for one part of the start.
pub const CHILD: &str = "--start";

/// Processes for each part.
const RUNS: usize = 25;

/// A file that calls one vendor.
const TINY: &str = r#"import mixpanel from "mixpanel-browser";

mixpanel.identify(user.id);
mixpanel.people.set({ $email: user.email });
"#;

/// The parts, and what is said of them.
const PARTS: &[(&str, &str)] = &[
    ("catalogue", "catalogue"),
    ("again", "catalogue, again in a process"),
    ("details", "details of every source"),
    ("words", "identity words"),
    ("scan", "whole scan of one file"),
];

/// Measures all parts and prints the best and the median of each.
///
/// # Errors
/// When a process fails.
pub fn measure() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("tiny.js"), TINY)?;
    println!("start, in milliseconds: {RUNS} processes each");
    println!("  {:<30}{:>9}{:>9}{:>10}{:>9}", "", "best", "median", "CPU best", "median");
    for (part, title) in PARTS {
        let mut runs = [Vec::new(), Vec::new()];
        for _ in 0..RUNS {
            let child = Command::new(std::env::current_exe()?).arg(CHILD).arg(part).arg(folder.path()).output()?;
            if !child.status.success() {
                return Err(String::from_utf8_lossy(&child.stderr).into_owned().into());
            }
            for (times, time) in runs.iter_mut().zip(String::from_utf8(child.stdout)?.split_whitespace()) {
                times.push(time.parse::<f64>()?);
            }
        }
        let [wall, cpu] = runs.map(|mut times| {
            times.sort_by(f64::total_cmp);
            let at = |index: usize| times.get(index).map_or("-".into(), |time| format!("{time:.2}"));
            [at(0), at(RUNS / 2)]
        });
        println!("  {title:<30}{:>9}{:>9}{:>10}{:>9}", wall[0], wall[1], cpu[0], cpu[1]);
    }
    Ok(())
}

/// Does one part and prints the milliseconds of wall time and, on Linux, of all threads together.
///
/// # Errors
/// When something cannot be read.
pub fn run(part: &str, folder: &str) -> Result<(), Box<dyn Error>> {
    let known = match part {
        "again" | "details" => Some(Catalog::embedded()?),
        _ => None,
    };
    let (began, used) = (Instant::now(), cpu());
    match (part, &known) {
        ("catalogue" | "again", _) => drop(std::hint::black_box(Catalog::embedded()?)),
        ("details", Some(catalog)) => {
            std::hint::black_box(catalog.sources().iter().map(|source| source.details().entries.len()).sum::<usize>());
        }
        ("words", _) => {
            std::hint::black_box(Words::embedded());
        }
        ("scan", _) => {
            let request = Request { paths: vec![folder.into()], ..Request::default() };
            std::hint::black_box(scan::scan(&request)?.report.findings.len());
        }
        _ => return Err(format!("the start has no part {part}").into()),
    }
    let wall = began.elapsed().as_secs_f64() * 1e3;
    let cpu = cpu().zip(used).map(|(now, before)| (now - before).to_string());
    println!("{wall} {}", cpu.unwrap_or_default());
    Ok(())
}

/// The milliseconds that all threads of this process have run.
#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn cpu() -> Option<f64> {
    // The system keeps the time of a thread when it turns from it.
    std::thread::yield_now();
    let mut nanoseconds = 0;
    for task in fs::read_dir("/proc/self/task").ok()? {
        let known = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        nanoseconds += known.split_whitespace().next()?.parse::<u64>().ok()?;
    }
    Some(nanoseconds as f64 / 1e6)
}
