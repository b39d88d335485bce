//! Scripts inside HTML, Vue, Svelte and Astro files.
//!
//! An *island* is a piece of the host's text that is JavaScript or TypeScript: a `<script>`, an expression in the
//! markup, a handler in an attribute. Nothing is cut out and nothing moves: the text of an island is the text of the
//! host with everything else made blank, so that every offset and every line is that of the host.
//!
//! Islands that see each other's variables share a *scope*. [`programs`] joins them into one text each, which is what a
//! parser should get: the expressions of a Vue template mean what its script declares.
//!
//! The hosts have no grammar here. Tags, attributes and braces are told apart by one forward scan ([`markup`]), which
//! costs time linear in the text whatever is in it.

mod astro;
mod blank;
mod code;
mod comment;
mod html;
mod inline;
mod markup;
mod rewrite;
mod svelte;
mod template;
mod vue;

use smol_str::SmolStr;

use super::{Host, Language};
use crate::base::Span;
pub use blank::{Program, island_text, programs};
pub use comment::comments;
pub use inline::with_inline_scripts;
use markup::{Range, Tag};

/// A piece of script in a host file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Island {
    /// Where it stands in the host's text, without tags, quotes or braces around it.
    pub span: Span,
    /// The grammar that reads it.
    pub language: Language,
    /// What it is to the host.
    pub kind: IslandKind,
    /// What it is to the parser.
    pub form: Form,
    /// Islands with the same number share their variables. Scope 0 is that of the component or page.
    pub scope: u32,
    /// Whether the host decodes character references such as `&quot;` in it.
    pub escaped: bool,
    /// Whether a server's template engine prints into it.
    pub templated: bool,
}

/// What an island is to its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IslandKind {
    /// The content of a `<script>`, or the front matter of an Astro file.
    Script {
        /// Whether it is a module; else its variables are global.
        module: bool,
        /// Whether it is run for each instance of a component, and its variables are visible to the template.
        setup: bool,
    },
    /// An expression in text, an attribute's value, or an inline handler.
    Expression,
}

/// What an island is to the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Statements that run where they stand: a script, or a declaration in markup.
    Statements,
    /// Statements that run when something happens. They become the body of a function if there is room for one.
    Handler,
    /// One expression. Its text gets parentheses in place of the delimiters around it, so that `{ a: 1 }` is an object.
    Value,
    /// What Vue's `v-for` says. It becomes the head of a `for (var … of …)` loop without a body.
    Loop,
}

/// The islands of a file, in the order of the text, and what else it loads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Islands {
    /// The pieces of script.
    pub list: Vec<Island>,
    /// The addresses that `<script>`, `<link>`, `<iframe>` and `<img>` elements load, as far as they are literal, each
    /// with the span of the attribute's value.
    pub script_urls: Vec<(Span, SmolStr)>,
}

/// Finds the islands of a host file. Whatever the text is, the spans lie within it on character borders.
#[must_use]
pub fn islands(host: Host, text: &str) -> Islands {
    if u32::try_from(text.len()).is_err() {
        return Islands::default();
    }
    let mut found = Collector { host, text, language: Language::JavaScript, islands: Islands::default(), scopes: 0 };
    match host {
        Host::Html => html::collect(&mut found),
        Host::Vue => vue::collect(&mut found),
        Host::Svelte => svelte::collect(&mut found),
        Host::Astro => astro::collect(&mut found),
    }
    found.finish()
}

/// Scopes of a file. Each becomes a text as long as the file, so that their number is what keeps memory in bounds; real
/// pages have a handful of module scripts.
const MOST_SCOPES: u32 = 32;

/// What the scans of all hosts add to.
struct Collector<'t> {
    host: Host,
    text: &'t str,
    /// The language of scope 0, as the scripts declare it.
    language: Language,
    islands: Islands,
    /// Number of scopes besides scope 0.
    scopes: u32,
}

impl<'t> Collector<'t> {
    fn slice(&self, range: Range) -> &'t str {
        self.text.get(range.start..range.end).unwrap_or_default()
    }

    /// A scope that no other island shares; behind the limit they share the last one.
    fn own_scope(&mut self) -> u32 {
        self.scopes = (self.scopes + 1).min(MOST_SCOPES);
        self.scopes
    }

    /// Adds an island. Blank ones and mere comments are dropped.
    fn push(&mut self, range: Range, kind: IslandKind, form: Form) -> Option<&mut Island> {
        let content = self.slice(range).trim();
        if content.is_empty() || comment::is_comment(content) {
            return None;
        }
        let span = span(range);
        let language = self.language;
        self.islands.list.push(Island { span, language, kind, form, scope: 0, escaped: false, templated: false });
        self.islands.list.last_mut()
    }

    fn value(&mut self, range: Range) {
        self.push(range, IslandKind::Expression, Form::Value);
    }

    /// An expression or handler in which the host decodes character references.
    fn escaped(&mut self, range: Range, form: Form) {
        if let Some(island) = self.push(range, IslandKind::Expression, form) {
            island.escaped = true;
        }
    }

    /// Notes what an element loads.
    fn urls(&mut self, tag: &Tag) {
        let attribute = match tag.name(self.text) {
            "script" | "iframe" | "img" | "embed" => "src",
            "link" => "href",
            _ => return,
        };
        if let Some(range) = tag.value(self.text, attribute) {
            let url = self.slice(range).trim();
            if !url.is_empty() {
                self.islands.script_urls.push((span(range), SmolStr::new(url)));
            }
        }
    }

    /// In scope 0 everything has one language, and that is known only at the end.
    fn finish(mut self) -> Islands {
        for island in self.islands.list.iter_mut().filter(|island| island.scope == 0) {
            island.language = self.language;
        }
        self.islands
    }
}

#[expect(clippy::cast_possible_truncation, reason = "longer texts have no islands")]
const fn span(range: Range) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

#[cfg(test)]
mod tests;
