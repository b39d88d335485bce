//! What is compared, and how it is measured.

use std::{
    error::Error,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use overshare::{
    catalog::Catalog,
    scan::{self, Request},
    source::{self, FileKind, Language, Options},
};
use rayon::prelude::*;

/// The argument with which the benchmark starts itself for one contender.
pub const CHILD: &str = "--contender";

/// Runs of each contender; the fastest counts, as it was disturbed least.
const RUNS: usize = 3;

/// Something that is done with all files of a project.
#[derive(Debug, Clone, Copy)]
pub enum Contender {
    /// The whole scan, cold: nothing is kept from run to run.
    Scan,
    /// Tree-sitter makes a tree of every file.
    Parse,
    /// Every file is read.
    Read,
}

/// What one contender needed.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Wall time.
    pub seconds: f64,
    /// Files that were read or, by the scan, parsed.
    pub files: usize,
    /// Bytes of these.
    pub bytes: u64,
    /// Time of all cores together, which a busy machine disturbs less; known on Linux only.
    pub cpu: Option<f64>,
    /// The most memory that was in use, in bytes; known on Linux only.
    pub peak: Option<u64>,
}

impl Contender {
    const fn name(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Parse => "parse",
            Self::Read => "read",
        }
    }

    /// The fastest of some runs, each in a process of its own.
    ///
    /// # Errors
    /// When the process fails.
    pub fn measure(self, root: &Path) -> Result<Measured, Box<dyn Error>> {
        let mut best: Option<Measured> = None;
        for _ in 0..RUNS {
            let child = Command::new(std::env::current_exe()?).arg(CHILD).arg(self.name()).arg(root).output()?;
            if !child.status.success() {
                return Err(String::from_utf8_lossy(&child.stderr).into_owned().into());
            }
            let measured = parse_line(&String::from_utf8(child.stdout)?)?;
            if best.is_none_or(|best| measured.seconds < best.seconds) {
                best = Some(measured);
            }
        }
        best.ok_or_else(|| "no run".into())
    }
}

fn parse_line(line: &str) -> Result<Measured, Box<dyn Error>> {
    match line.split_whitespace().collect::<Vec<_>>()[..] {
        [seconds, files, bytes, cpu, peak] => Ok(Measured {
            seconds: seconds.parse()?,
            files: files.parse()?,
            bytes: bytes.parse()?,
            cpu: cpu.parse().ok(),
            peak: peak.parse().ok(),
        }),
        _ => Err(format!("not a measurement: {line}").into()),
    }
}

/// Does what one contender does and prints what it needed: the other side of [`Contender::measure`].
///
/// # Errors
/// When the project cannot be read.
pub fn run(contender: &str, root: &Path) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let (files, bytes) = match contender {
        "scan" => {
            let request = Request { paths: vec![root.to_owned()], ..Request::default() };
            let stats = scan::scan(&request)?.report.stats;
            (stats.files_parsed, stats.bytes_parsed)
        }
        "parse" => over_all(root, |text, language| {
            std::hint::black_box(tree(text, language));
        })?,
        "read" => over_all(root, |text, _| {
            std::hint::black_box(text);
        })?,
        other => return Err(format!("no contender is called {other}").into()),
    };
    let seconds = began.elapsed().as_secs_f64();
    let or_dash = |known: Option<String>| known.unwrap_or_else(|| "-".into());
    let (cpu, peak) = (cpu().map(|cpu| cpu.to_string()), peak().map(|peak| peak.to_string()));
    println!("{seconds} {files} {bytes} {} {}", or_dash(cpu), or_dash(peak));
    Ok(())
}

/// Does something with the text of each script that a scan would look at, in parallel.
fn over_all(root: &Path, with: impl Fn(&str, Language) + Sync) -> Result<(usize, u64), Box<dyn Error>> {
    let walk = source::walk(&[root.to_owned()], &Options::default())?;
    let scripts: Vec<_> = walk
        .files
        .par_iter()
        .filter_map(|file| match file.kind {
            FileKind::Script(language) => Some((file, language)),
            _ => None,
        })
        .collect();
    scripts.par_iter().try_for_each(|(file, language)| -> std::io::Result<()> {
        with(&source::decode(source::read(&file.path)?).text, *language);
        Ok(())
    })?;
    Ok((scripts.len(), scripts.iter().map(|(file, _)| file.bytes).sum()))
}

fn tree(text: &str, language: Language) -> Option<tree_sitter::Tree> {
    let grammar = match language {
        Language::JavaScript | Language::Jsx => tree_sitter_javascript::LANGUAGE,
        Language::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        Language::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
    };
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&grammar.into()).ok()?;
    parser.parse(text, None)
}

/// Ripgrep looking for the names of all vendors, if it is installed: the least that anybody would do.
///
/// # Errors
/// When it is installed and fails.
pub fn ripgrep(root: &Path) -> Result<Option<Measured>, Box<dyn Error>> {
    if Command::new("rg").arg("--version").output().is_err() {
        return Ok(None);
    }
    let catalog = Catalog::embedded()?;
    let names: Vec<&str> =
        catalog.sources().iter().filter_map(|source| source.vendor.as_ref()).map(|vendor| vendor.id.as_str()).collect();
    let pattern = names.join("|");
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let began = Instant::now();
        let output = Command::new("rg")
            .args(["--count", "-g", "*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}", "-e", &pattern])
            .arg(root)
            .output()?;
        std::hint::black_box(output.stdout.len());
        best = best.min(began.elapsed());
    }
    Ok(Some(Measured { seconds: best.as_secs_f64(), files: 0, bytes: 0, cpu: None, peak: None }))
}

/// The seconds that all threads of this process have used, at the hundred ticks a second of Linux.
fn cpu() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name, in parentheses; the times are fields 14 and 15.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    Some((ticks(14)? + ticks(15)?) / 100.0)
}

/// The most memory that this process had in use.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
