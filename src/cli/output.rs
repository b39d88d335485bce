//! Where results go: standard output, or files that are complete or not there.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{Outcome, error::CliError};

/// Writes to standard output, in large pieces.
///
/// # Errors
/// What `write` answers, and [`CliError::Output`] when standard output refuses; also when its reader went away.
pub fn to_stdout(write: impl FnOnce(&mut dyn Write) -> Result<(), CliError>) -> Result<Outcome, CliError> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush().map_err(CliError::Output)?;
    Ok(Outcome::Clean)
}

/// Writes what is at hand to standard output.
///
/// # Errors
/// As [`to_stdout`].
pub fn text(bytes: &[u8]) -> Result<Outcome, CliError> {
    to_stdout(|out| out.write_all(bytes).map_err(CliError::Output))
}

/// Writes a file as a whole: a reader finds the old content or the new one, never a part. What is no regular file (a
/// pipe, `/dev/null`) is written as it is.
///
/// # Errors
/// What the operating system says.
pub fn to_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let existing = fs::metadata(path);
    if existing.as_ref().is_ok_and(|found| !found.is_file()) {
        let mut file = BufWriter::new(fs::OpenOptions::new().write(true).open(path)?);
        write(&mut file)?;
        return file.flush();
    }
    let mut file = Unfinished::begin(path)?;
    write(&mut file)?;
    file.finish()
}

/// A file that stands beside its target until it is complete. Dropped before, it leaves nothing.
pub struct Unfinished {
    file: BufWriter<NamedTempFile>,
    target: PathBuf,
}

impl Unfinished {
    /// Begins a regular file. A symbolic link stays one: what it leads to is replaced.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self { file: BufWriter::new(builder().tempfile_in(folder)?), target })
    }

    /// Puts the file into its place.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn finish(self) -> io::Result<()> {
        let file = self.file.into_inner()?;
        if let Ok(found) = fs::metadata(&self.target) {
            file.as_file().set_permissions(found.permissions())?;
        }
        file.persist(&self.target)?;
        Ok(())
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The name of a part of a file, from 1: `out.sarif`, `out-2.sarif`.
#[must_use]
pub fn part(file: &Path, number: usize) -> PathBuf {
    if number < 2 {
        return file.to_owned();
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let ending = file.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    file.with_file_name(format!("{stem}-{number}{ending}"))
}

/// Temporary files that everybody may read whom the user's mask lets, as with any other new file.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".overshare-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_numbered() {
        let check = |file: &str, number, expect: &str| assert_eq!(part(Path::new(file), number), Path::new(expect));
        check("a/out.sarif", 1, "a/out.sarif");
        check("a/out.sarif", 2, "a/out-2.sarif");
        check("out.x.sarif", 3, "out.x-3.sarif");
        check("out", 2, "out-2");
    }

    #[test]
    fn a_file_is_complete_or_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.json");
        to_file(&path, |out| out.write_all(b"first")).unwrap();
        let fails = |out: &mut dyn Write| {
            out.write_all(b"half")?;
            Err(io::Error::other("stop"))
        };
        assert!(to_file(&path, fails).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"first");
        to_file(&path, |out| out.write_all(b"second")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(to_file(&folder.path().join("missing/out.json"), |_| Ok(())).is_err());
        assert!(to_file(folder.path(), |_| Ok(())).is_err());
    }
}
