//! `overshare debug`: what is understood of one file, as text.

use std::{fmt::Write as _, path::Path};

use super::error::CliError;
use crate::{
    facts,
    source::{self, FileKind, Language},
    syntax::Syntax,
};

/// The facts of a file; of each of its scripts, if it is a page or a component.
///
/// # Errors
/// When the file cannot be read or is not source code.
pub fn facts(path: &Path) -> Result<String, CliError> {
    let bytes = source::read(path).map_err(|error| CliError::Unreadable { path: path.to_owned(), error })?;
    let text = source::decode(bytes).text;
    match FileKind::of(&path.to_string_lossy().replace('\\', "/")) {
        FileKind::Script(language) => Ok(dump(&text, language)),
        FileKind::Embedded(host) => {
            let programs = source::programs(&text, &source::islands(host, &text));
            Ok(programs.iter().enumerate().fold(String::new(), |mut all, (index, program)| {
                let _ = writeln!(all, "# script {}\n{}", index + 1, dump(&program.text, program.language));
                all
            }))
        }
        FileKind::Manifest | FileKind::Other => Err(CliError::Usage {
            message: format!("`{}` is not source code", path.display()),
            help: "name a JavaScript, TypeScript, HTML, Vue, Svelte or Astro file".to_owned(),
        }),
    }
}

fn dump(text: &str, language: Language) -> String {
    let facts = Syntax::new().facts(text, language);
    facts.map_or_else(|| "not understood\n".to_owned(), |facts| facts::dump(&facts, text))
}
