//! `overshare check --fix`: takes comments out of the files that hide nothing.
//!
//! A file is written whole or not at all, and only if it still is what was read: the offsets are of that text.

use std::{collections::BTreeMap, fs, path::Path};

use smol_str::SmolStr;

use super::{error::CliError, output, say};
use crate::{
    policy::ignore::{Edit, Ignores, applied},
    report::{model::Report, neutral, phrase},
    source,
};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Mends the files below `root`, and takes what was mended out of the report.
///
/// # Errors
/// When a file cannot be written.
pub fn run(ignores: &Ignores, report: &mut Report, root: &Path, quiet: bool) -> Result<(), CliError> {
    let mut files: BTreeMap<SmolStr, Vec<Edit>> = BTreeMap::new();
    for edit in ignores.edits() {
        files.entry(edit.file.clone()).or_default().push(edit);
    }
    let mut edits = 0;
    let mut left = Vec::new();
    let mut mended = Vec::new();
    for (file, own) in files {
        match mend(&root.join(file.as_str()), &own)? {
            None => {
                edits += own.len();
                mended.push(file);
            }
            Some(why) => left.push((file, why)),
        }
    }
    report.findings.retain(|it| it.rule != "suppression/unused" || !mended.contains(&it.location.file));
    if !quiet {
        let (edits, files) = (phrase::count(edits, "edit"), phrase::count(mended.len(), "file"));
        say(&format!("overshare: comments that hide nothing: {edits} in {files}"));
        for (file, why) in left {
            say(&format!("overshare: left as it is: {}: {why}", neutral::clean(&file)));
        }
    }
    Ok(())
}

/// Mends a file, or says why not.
fn mend(path: &Path, edits: &[Edit]) -> Result<Option<&'static str>, CliError> {
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_file()) {
        return Ok(Some("it is no regular file"));
    }
    let Ok(bytes) = source::read(path) else { return Ok(Some("it cannot be read")) };
    if edits.iter().any(|edit| edit.digest != source::digest(&bytes)) {
        return Ok(Some("it changed while it was checked"));
    }
    let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK } else { &[] };
    let Ok(text) = std::str::from_utf8(&bytes[mark.len()..]) else { return Ok(Some("it is not UTF-8")) };
    let text = applied(text, edits);
    let write = |out: &mut dyn std::io::Write| out.write_all(mark).and_then(|()| out.write_all(text.as_bytes()));
    output::to_file(path, write).map_err(|error| CliError::Unwritable { path: path.to_owned(), error })?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_longer_what_was_read_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.js");
        let text = "f(); // x\n";
        let edit = |digest| Edit { file: "a.js".into(), digest, start: 5, end: 9, text: None };
        let own = [edit(source::digest(text.as_bytes()))];
        fs::write(&path, "f(); // y\n").unwrap();
        assert_eq!(mend(&path, &own).unwrap(), Some("it changed while it was checked"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "f(); // y\n");
        fs::write(&path, text).unwrap();
        let link = folder.path().join("link.js");
        #[cfg(unix)]
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(mend(&link, &own).unwrap(), Some("it is no regular file"));
        assert_eq!(mend(&folder.path().join("gone.js"), &[edit(0)]).unwrap(), Some("it is no regular file"));
        assert_eq!(mend(&path, &own).unwrap(), None);
        assert_eq!(fs::read_to_string(&path).unwrap(), "f();\n");
    }
}
