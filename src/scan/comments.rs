//! The comments that may hide findings, from every file that was walked: one that hides nothing may stand in a file
//! that no question led to.

use rayon::prelude::*;

use super::{Seen, load::with_syntax};
use crate::{
    base::{LineIndex, Span},
    policy::ignore::{CommentedFile, Lines, Remark, WORD},
    report::model::Location,
    source::{self, Comment, FileKind, Word},
};

/// Reads them. A file is parsed for it only if it mentions the word.
pub(super) fn read(seen: &[Seen]) -> Vec<CommentedFile> {
    // The sketch knows identifiers, and the directive is more than one.
    let word = Word::new(WORD.split('-').next().unwrap_or(WORD));
    let files: Vec<Option<CommentedFile>> =
        seen.par_iter().filter(|seen| seen.code && seen.sketch.has(word)).map(of_file).collect();
    files.into_iter().flatten().collect()
}

fn of_file(seen: &Seen) -> Option<CommentedFile> {
    let bytes = source::read(&seen.candidate.path).ok()?;
    let digest = source::digest(&bytes);
    let text = source::decode(bytes).text;
    if !text.contains(WORD) {
        return None;
    }
    let mut comments = match seen.candidate.kind {
        FileKind::Script(language) => with_syntax(|syntax| syntax.comments(&text, language, WORD)),
        FileKind::Embedded(host) => {
            let programs = source::programs(&text, &source::islands(host, &text));
            let inside = programs
                .iter()
                .flat_map(|program| with_syntax(|syntax| syntax.comments(&program.text, program.language, WORD)));
            inside.chain(source::comments(host, &text, WORD)).collect()
        }
        FileKind::Manifest | FileKind::Other => Vec::new(),
    };
    comments.sort_by_key(|comment| (comment.span.start, comment.span.end));
    comments.dedup_by_key(|comment| comment.span);
    let places = Places { file: &seen.candidate.rel, text: &text, lines: LineIndex::new(&text) };
    let comments = comments.into_iter().map(|comment| places.remark(comment)).collect();
    Some(CommentedFile { file: seen.candidate.rel.clone(), digest, comments })
}

/// Turns bytes of a file into lines.
struct Places<'t> {
    file: &'t smol_str::SmolStr,
    text: &'t str,
    lines: LineIndex,
}

impl Places<'_> {
    fn remark(&self, comment: Comment) -> Remark {
        let (start, end) = (self.position(comment.span.start), self.position(comment.span.end));
        Remark {
            text: comment.span.of(self.text).to_owned(),
            location: Location {
                file: self.file.clone(),
                line: start.line,
                column: start.column,
                end_line: end.line,
                end_column: end.column,
            },
            here: comment.here.iter().map(|span| self.range(*span)).collect(),
            next: comment.next.iter().map(|span| self.range(*span)).collect(),
            comment,
        }
    }

    fn position(&self, offset: u32) -> crate::base::Position {
        self.lines.position(self.text, offset)
    }

    fn range(&self, span: Span) -> Lines {
        self.position(span.start).line..=self.position(span.end).line
    }
}
