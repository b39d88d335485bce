//! The pen: colours, wrapping, and miette.

use std::{fmt, panic};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use owo_colors::{OwoColorize, Style};

use super::excerpt::Excerpt;
use crate::base::Severity;

/// Draws and wraps for one terminal.
pub struct Pen {
    handler: GraphicalReportHandler,
    theme: GraphicalTheme,
    strong: Style,
    width: usize,
}

impl Pen {
    /// A pen for a terminal of `width` columns.
    pub fn new(colour: bool, width: usize) -> Self {
        let mut theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        theme.characters.error = "error:".into();
        theme.characters.warning = "warning:".into();
        theme.characters.advice = "note:".into();
        let handler = GraphicalReportHandler::new_themed(theme.clone());
        let handler = handler.with_links(false).with_width(width).with_context_lines(1).without_syntax_highlighting();
        let handler = handler
            .with_word_separator(textwrap::WordSeparator::AsciiSpace)
            .with_word_splitter(textwrap::WordSplitter::NoHyphenation);
        let strong = if colour { Style::new().bold() } else { Style::new() };
        Self { handler, theme, strong, width }
    }

    /// Columns of the terminal.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Text that stands out.
    pub fn strong(&self, text: &str) -> String {
        text.style(self.strong).to_string()
    }

    /// Text in the colour of a severity.
    pub fn severe(&self, severity: Severity, text: &str) -> String {
        let styles = &self.theme.styles;
        let style = match severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
            Severity::Note => styles.advice,
        };
        text.style(style).to_string()
    }

    /// `text` after `lead`, further lines indented to match.
    pub fn wrapped(&self, lead: &str, text: &str) -> String {
        let indent = " ".repeat(lead.len());
        let styled = lead.style(self.theme.styles.help).to_string();
        self.filled(text, &styled, &indent)
    }

    /// `text` in lines of the terminal's width, broken at spaces only so that paths and options stay whole.
    pub fn filled(&self, text: &str, first: &str, others: &str) -> String {
        let options = whole_words(self.width).initial_indent(first).subsequent_indent(others);
        textwrap::fill(text, options)
    }

    /// A title and its source; `None` when that fails, which is a defect of the drawing library that must not cost the
    /// user the rest of the report.
    pub fn draw(&self, title: &str, severity: Severity, excerpt: Excerpt) -> Option<String> {
        let problem = Problem { title, severity, excerpt };
        let drawn = panic::catch_unwind(panic::AssertUnwindSafe(|| {
            let mut drawn = String::new();
            self.handler.render_report(&mut drawn, &problem).ok().map(|()| drawn)
        }));
        drawn.ok().flatten()
    }
}

/// Breaks lines at spaces only, unless a word is longer than a line.
pub fn whole_words<'a>(width: usize) -> textwrap::Options<'a> {
    textwrap::Options::new(width)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// A group of findings as miette sees it.
#[derive(Debug)]
struct Problem<'a> {
    title: &'a str,
    severity: Severity,
    excerpt: Excerpt,
}

impl fmt::Display for Problem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title)
    }
}

impl std::error::Error for Problem<'_> {}

impl Diagnostic for Problem<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.labels()))
    }
}
