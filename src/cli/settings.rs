//! What was meant: the arguments after every name was looked up and every contradiction refused.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal},
    path::PathBuf,
};

use super::{
    args::{CheckArgs, Colour, OutputArgs},
    error::{CliError, suggestion},
};
use crate::{
    base::{Category, Severity},
    catalog::Catalog,
    policy::filter::Filter,
    report::Format,
    source,
};

/// Columns where no terminal says otherwise: fits a page of documentation and a log.
const DEFAULT_WIDTH: usize = 100;

/// Wider lines are hard to read, whatever the terminal has room for.
const MAX_WIDTH: usize = 120;

/// One run of `check`, settled.
#[derive(Debug)]
pub struct Settings {
    /// Folders and files.
    pub paths: Vec<PathBuf>,
    /// The git revision against which only what is new is shown.
    pub diff: Option<String>,
    /// Whether what the baseline knows is shown.
    pub no_baseline: bool,
    /// What is done with comments that hide findings.
    pub comments: Comments,
    /// How files are chosen.
    pub options: source::Options,
    /// Number of threads; 0 takes one for each core.
    pub threads: usize,
    /// The views to write, in the order given. At most one has no file.
    pub outputs: Vec<Output>,
    /// Which findings are shown.
    pub filter: Filter,
    /// Least severity that fails.
    pub fail_on: Option<Severity>,
    /// How the terminal view looks.
    pub look: Look,
    /// Whether remarks on standard error are unwanted.
    pub quiet: bool,
}

/// What is done with comments that hide findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comments {
    /// They hide.
    Heeded,
    /// They hide, and those that hide nothing are taken out.
    Mended,
    /// What they hide is shown.
    Disregarded,
}

/// One view and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The view.
    pub format: Format,
    /// A file; standard output if none.
    pub file: Option<PathBuf>,
}

/// How text for people looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether to use colour on standard output.
    pub colour: bool,
    /// Whether to use colour in files: only where it was asked for.
    pub colour_in_files: bool,
    /// Columns.
    pub width: usize,
}

impl Look {
    /// Settles colour and width from the argument, the environment and standard output.
    #[must_use]
    pub fn of(colour: Colour) -> Self {
        let auto = || anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = width.filter(|_| io::stdout().is_terminal()).unwrap_or(DEFAULT_WIDTH).min(MAX_WIDTH);
        let always = colour == Colour::Always;
        Self { colour: always || colour == Colour::Auto && auto(), colour_in_files: always, width }
    }
}

impl Settings {
    /// Settles what was typed.
    ///
    /// # Errors
    /// When a vendor, category or format does not exist, or two views want standard output.
    pub fn of(args: CheckArgs, catalog: &Catalog) -> Result<Self, CliError> {
        let outputs = outputs(&args.output)?;
        let filter = Filter {
            min_confidence: args.choice.min_confidence.into(),
            vendors: args.choice.vendor.iter().map(|id| vendor(id, catalog)).collect::<Result<_, _>>()?,
            categories: args.choice.category.iter().map(|id| category(id)).collect::<Result<_, _>>()?,
        };
        let defaults = source::Options::default();
        let options = source::Options {
            no_skip: args.run.no_skip,
            max_bytes: args.run.max_file_size.unwrap_or(defaults.max_bytes),
            threads: args.run.threads,
        };
        Ok(Self {
            paths: args.paths,
            diff: args.diff,
            no_baseline: args.no_baseline,
            comments: match (args.no_ignores, args.fix) {
                (true, _) => Comments::Disregarded,
                (false, true) => Comments::Mended,
                (false, false) => Comments::Heeded,
            },
            options,
            threads: args.run.threads,
            outputs,
            filter,
            fail_on: args.choice.fail_on.severity(),
            look: Look::of(args.output.color),
            quiet: args.output.target.quiet,
        })
    }

    /// Whether the paths name one folder, with all that is in it: a part of a project says nothing of the rest.
    #[must_use]
    pub fn whole(&self) -> bool {
        matches!(&self.paths[..], [only] if only.is_dir())
    }

    /// The view that goes to standard output, if any.
    #[must_use]
    pub fn on_stdout(&self) -> Option<Format> {
        self.outputs.iter().find(|output| output.file.is_none()).map(|output| output.format)
    }
}

fn outputs(args: &OutputArgs) -> Result<Vec<Output>, CliError> {
    let mut outputs = args.format.iter().map(|text| output(text)).collect::<Result<Vec<_>, _>>()?;
    if outputs.is_empty() {
        outputs.push(Output { format: Format::Terminal, file: None });
    }
    let mut without_file = outputs.iter_mut().filter(|output| output.file.is_none());
    let first = without_file.next();
    if let (Some(first), Some(second)) = (&first, without_file.next()) {
        let message = format!("`{}` and `{}` both want standard output", first.format, second.format);
        return Err(CliError::Usage { message, help: format!("give one a file: `--format {}:FILE`", second.format) });
    }
    match (first, &args.target.output) {
        (Some(output), Some(file)) => output.file = Some(file.clone()),
        (None, Some(file)) => {
            let message = format!("every format has a file, so nothing is left for `--output {}`", file.display());
            return Err(CliError::Usage { message, help: "drop `--output`, or the file of one format".to_owned() });
        }
        (_, None) => {}
    }
    let mut files = BTreeSet::new();
    match outputs.iter().filter_map(|output| output.file.as_ref()).find(|file| !files.insert(*file)) {
        Some(file) => Err(CliError::Usage {
            message: format!("two formats want the file `{}`", file.display()),
            help: "give each its own".to_owned(),
        }),
        None => Ok(outputs),
    }
}

fn output(text: &str) -> Result<Output, CliError> {
    let (id, file) = match text.split_once(':') {
        Some((id, file)) => (id, Some(PathBuf::from(file)).filter(|file| !file.as_os_str().is_empty())),
        None => (text, None),
    };
    let ids = || Format::ALL.iter().map(|format| format.id());
    let unknown = || CliError::Unknown {
        what: "output format",
        name: id.to_owned(),
        help: suggestion(id, ids(), &format!("known are {}", ids().collect::<Vec<_>>().join(", "))),
    };
    Ok(Output { format: id.parse().map_err(|_| unknown())?, file })
}

fn vendor(id: &str, catalog: &Catalog) -> Result<smol_str::SmolStr, CliError> {
    if catalog.vendor_named(id).is_some() {
        return Ok(id.into());
    }
    let known = catalog.sources().iter().filter_map(|source| source.vendor.as_ref());
    let help = suggestion(id, known.map(|vendor| vendor.id.as_str()), "`overshare vendors` lists all");
    Err(CliError::Unknown { what: "vendor", name: id.to_owned(), help })
}

fn category(id: &str) -> Result<Category, CliError> {
    let ids = || Category::ALL.iter().map(|category| category.id());
    id.parse().map_err(|_| CliError::Unknown {
        what: "data category",
        name: id.to_owned(),
        help: suggestion(id, ids(), &format!("known are {}", ids().collect::<Vec<_>>().join(", "))),
    })
}

#[cfg(test)]
mod tests {
    use super::{super::args::TargetArgs, *};

    fn typed(format: &[&str], output: Option<&str>) -> OutputArgs {
        let format = format.iter().map(|text| (*text).to_owned()).collect();
        let target = TargetArgs { output: output.map(PathBuf::from), quiet: false };
        OutputArgs { format, target, color: Colour::Never }
    }

    #[test]
    fn formats_and_files() {
        let check = |format: &[&str], output: Option<&str>, expect: &str| {
            let meant = match outputs(&typed(format, output)) {
                Ok(outputs) => outputs
                    .iter()
                    .map(|it| {
                        format!(
                            "{}>{}",
                            it.format,
                            it.file.as_ref().map_or("-".into(), |file| file.display().to_string())
                        )
                    })
                    .collect::<Vec<_>>()
                    .join(" "),
                Err(error) => format!("{error}; {}", error.help().unwrap_or_default()),
            };
            assert!(meant.contains(expect), "{meant}");
        };
        check(&[], None, "terminal>-");
        check(&[], Some("a.txt"), "terminal>a.txt");
        check(&["json"], Some("a.json"), "json>a.json");
        check(&["sarif:a.sarif", "github"], None, "sarif>a.sarif github>-");
        check(&["sarif:a:b"], None, "sarif>a:b");
        check(&["json:"], None, "json>-");
        check(&["json", "sarif"], None, "both want standard output; give one a file: `--format sarif:FILE`");
        check(&["json:a"], Some("b"), "every format has a file");
        check(&["json:a", "sarif"], Some("a"), "two formats want the file `a`");
        check(&["jsn"], None, "there is no output format `jsn`; did you mean `json`?");
    }

    #[test]
    fn unknown_names_are_answered_with_the_nearest() {
        let catalog = Catalog::embedded().unwrap();
        let first = catalog.sources().iter().find_map(|source| source.vendor.as_ref()).unwrap();
        assert_eq!(vendor(&first.id, &catalog).unwrap(), first.id);
        let error = vendor(&format!("{}x", first.id), &catalog).unwrap_err();
        assert!(error.help().unwrap().contains(&format!("did you mean `{}`?", first.id)));
        assert!(category("emial").unwrap_err().help().unwrap().contains("did you mean `email`?"));
    }
}
