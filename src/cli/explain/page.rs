//! A page of explanation: one text, shown on a terminal and kept as Markdown in `docs/vendors/`.

use std::fmt::Write as _;

use owo_colors::{OwoColorize, Style};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Columns of the Markdown source.
const MARKDOWN_WIDTH: usize = 120;

/// A title and what follows it. Texts may hold `code` in back quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The title.
    pub title: String,
    /// What follows.
    pub blocks: Vec<Block>,
}

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Starts a section.
    Section(String),
    /// Starts a part of a section.
    Part(String),
    /// A paragraph.
    Text(String),
    /// Items.
    List(Vec<String>),
    /// Lines of code.
    Code(Vec<String>),
}

impl Page {
    /// The page as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", self.title);
        for block in &self.blocks {
            out.push('\n');
            match block {
                Block::Section(title) => push(&mut out, &format!("## {title}")),
                Block::Part(title) => push(&mut out, &format!("### {}", escaped(title))),
                Block::Text(text) => push(&mut out, &wrapped(&escaped(text), "", "", MARKDOWN_WIDTH)),
                Block::List(items) => {
                    items.iter().for_each(|item| push(&mut out, &wrapped(&escaped(item), "- ", "  ", MARKDOWN_WIDTH)));
                }
                Block::Code(lines) => {
                    lines
                        .iter()
                        .for_each(|line| push(&mut out, &wrapped(&format!("`{line}`"), "- ", "  ", MARKDOWN_WIDTH)));
                }
            }
        }
        out
    }

    /// The page for a terminal.
    #[must_use]
    pub fn terminal(&self, width: usize, colour: bool) -> String {
        let strong = if colour { Style::new().bold() } else { Style::new() };
        let mut out = format!("{}\n", self.title.style(strong));
        for block in &self.blocks {
            out.push('\n');
            match block {
                Block::Section(title) => push(&mut out, &title.style(strong).to_string()),
                Block::Part(title) => push(&mut out, &format!("  {title}")),
                Block::Text(text) => push(&mut out, &wrapped(text, "  ", "  ", width)),
                Block::List(items) => {
                    items.iter().for_each(|item| push(&mut out, &wrapped(item, "  - ", "    ", width)));
                }
                Block::Code(lines) => {
                    lines.iter().for_each(|line| push(&mut out, &wrapped(line, "    ", "      ", width)));
                }
            }
        }
        out
    }
}

fn push(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn wrapped(text: &str, first: &str, further: &str, width: usize) -> String {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(further)
        .break_words(false)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// Markdown that shows `text` as it stands; what is in back quotes does so already.
fn escaped(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    let pieces = pieces.map(|(at, piece)| if at % 2 == 0 { escaped_prose(piece) } else { piece.to_owned() });
    pieces.collect::<Vec<_>>().join("`")
}

fn escaped_prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, word) in text.split(' ').enumerate() {
        out.push_str(if at == 0 { "" } else { " " });
        if word.starts_with("https://") {
            let end = word.trim_end_matches(['.', ',', ';']).len();
            let _ = write!(out, "<{}>{}", &word[..end], &word[end..]);
            continue;
        }
        for c in word.chars() {
            if matches!(c, '<' | '>' | '*' | '_' | '[' | ']') {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        Page {
            title: "Acme".to_owned(),
            blocks: vec![
                Block::Text("A <b>, see https://acme.example/a_b.".to_owned()),
                Block::Section("Calls".to_owned()),
                Block::Part("of `acme_js`".to_owned()),
                Block::List(vec!["one `a_b` *two*".to_owned()]),
                Block::Code(vec!["identify(user id, _)".to_owned()]),
            ],
        }
    }

    #[test]
    fn markdown_shows_what_the_terminal_shows() {
        let markdown = "# Acme\n\nA \\<b\\>, see <https://acme.example/a_b>.\n\n## Calls\n\n### of `acme_js`\n\n\
                        - one `a_b` \\*two\\*\n\n- `identify(user id, _)`\n";
        assert_eq!(page().markdown(), markdown);
        let terminal = "Acme\n\n  A <b>, see https://acme.example/a_b.\n\nCalls\n\n  of `acme_js`\n\n  \
                        - one `a_b` *two*\n\n    identify(user id, _)\n";
        assert_eq!(page().terminal(80, false), terminal);
        assert!(page().terminal(80, true).contains('\u{1b}'));
    }
}
