//! Single lines of scanned files, read once.

use std::{collections::BTreeMap, sync::Arc};

use super::{Sources, neutral::Neutral};

/// Lines of files, by their names in a clean report.
pub struct Lines<'a> {
    neutral: &'a Neutral<'a>,
    sources: &'a dyn Sources,
    files: BTreeMap<String, Option<File>>,
}

struct File {
    text: Arc<str>,
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Lines from `sources`.
    pub fn new(neutral: &'a Neutral<'_>, sources: &'a dyn Sources) -> Self {
        Self { neutral, sources, files: BTreeMap::new() }
    }

    /// Line `number` (from 1) without its line end, not yet clean.
    pub fn get(&mut self, file: &str, number: u32) -> Option<&str> {
        if !self.files.contains_key(file) {
            let text = self.sources.text(self.neutral.original(file));
            self.files.insert(file.to_owned(), text.map(File::new));
        }
        self.files.get(file)?.as_ref()?.line(number as usize)
    }
}

impl File {
    fn new(text: Arc<str>) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]).collect();
        Self { text, ends }
    }

    fn line(&self, number: usize) -> Option<&str> {
        let at = number.checked_sub(1)?;
        let start = if at == 0 { 0 } else { self.ends.get(at - 1)? + 1 };
        let line = self.text.get(start..*self.ends.get(at)?)?;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_line_feeds() {
        let file = File::new("a\r\nb\n".into());
        assert_eq!([0, 1, 2, 3, 4].map(|n| file.line(n)), [None, Some("a"), Some("b"), Some(""), None]);
    }
}
