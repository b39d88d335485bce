//! Folders of flat tables, written while reports are read, so that thousands fit.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    error::CliError,
    output::{self, Unfinished},
};
use crate::review::{Review, tables, view::csv};

/// Tables that grow row by row.
const GROWING: [&str; 3] = ["findings", "collections", "vendors"];

/// Folders of tables, of which there may be none.
#[derive(Default)]
pub struct Tables {
    csv: Option<Folder>,
    lines: Option<Folder>,
}

struct Folder {
    path: PathBuf,
    files: Vec<Unfinished>,
    started: bool,
}

impl Folder {
    fn open(path: &Path, extension: &str) -> Result<Self, CliError> {
        let create = || -> io::Result<Vec<Unfinished>> {
            fs::create_dir_all(path)?;
            let file = |name| Unfinished::begin(&path.join(format!("{name}.{extension}")));
            GROWING.iter().map(file).collect()
        };
        let files = create().map_err(|error| unwritable(path, error))?;
        Ok(Self { path: path.to_owned(), files, started: false })
    }

    /// Writes to each file in the order of [`GROWING`].
    fn each(&mut self, mut write: impl FnMut(usize, bool, &mut Unfinished) -> io::Result<()>) -> Result<(), CliError> {
        let header = !self.started;
        self.started = true;
        let mut files = self.files.iter_mut().enumerate();
        files.try_for_each(|(at, file)| write(at, header, file)).map_err(|error| unwritable(&self.path, error))
    }
}

fn unwritable(path: &Path, error: io::Error) -> CliError {
    CliError::Unwritable { path: path.to_owned(), error }
}

impl Tables {
    /// Opens the folders that were named.
    ///
    /// # Errors
    /// When one cannot be made.
    pub fn open(csv: Option<&Path>, lines: Option<&Path>) -> Result<Self, CliError> {
        let open = |path: Option<&Path>, extension| path.map(|path| Folder::open(path, extension)).transpose();
        Ok(Self { csv: open(csv, "csv")?, lines: open(lines, "jsonl")? })
    }

    /// Adds the rows of one repository.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn add(&mut self, name: &str, review: &Review) -> Result<(), CliError> {
        if let Some(folder) = &mut self.csv {
            folder.each(|at, header, out| match at {
                0 => csv::rows(tables::findings(name, review), header, out),
                1 => csv::rows(tables::collections(name, review), header, out),
                _ => csv::rows(tables::vendors(name, review), header, out),
            })?;
        }
        if let Some(folder) = &mut self.lines {
            folder.each(|at, _, out| match at {
                0 => csv::lines(tables::findings(name, review), out),
                1 => csv::lines(tables::collections(name, review), out),
                _ => csv::lines(tables::vendors(name, review), out),
            })?;
        }
        Ok(())
    }

    /// Writes what is about all of them.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(self, review: &Review) -> Result<(), CliError> {
        let csv = self.csv.as_ref().map(|folder| folder.path.clone());
        for Folder { path, files, .. } in self.csv.into_iter().chain(self.lines) {
            files.into_iter().try_for_each(Unfinished::finish).map_err(|error| unwritable(&path, error))?;
        }
        let Some(path) = csv else { return Ok(()) };
        let write = |name: &str, view: fn(&Review, &mut dyn Write) -> io::Result<()>| {
            let file = path.join(name);
            output::to_file(&file, |out| view(review, out)).map_err(|error| unwritable(&file, error))
        };
        write("inventory.csv", csv::inventory)?;
        write("ropa.csv", csv::activities)
    }
}
