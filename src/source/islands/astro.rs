//! Astro files: front matter that runs on the server, markup with expressions, and scripts that run in the browser.

use super::html::{element, handlers, script};
use super::markup::{Markup, Node, Range, Tag};
use super::{Collector, Form, IslandKind};
use crate::source::{Host, Language};

const FENCE: &str = "---";

pub(super) fn collect(found: &mut Collector<'_>) {
    // Expressions may have markup inside, as JSX has.
    found.language = Language::Tsx;
    let (front_matter, start) = parts(found.text);
    if let Some(range) = front_matter {
        found.push(range, IslandKind::Script { module: true, setup: true }, Form::Statements);
    }
    markup(found, found.text, start);
}

/// The front matter, and where the markup starts.
pub(super) fn parts(text: &str) -> (Option<Range>, usize) {
    let blank = text.len() - text.trim_start().len();
    if !text[blank..].starts_with(FENCE) {
        return (None, 0);
    }
    let start = blank + FENCE.len();
    let mut line_start = start;
    for line in text[start..].split_inclusive('\n') {
        if line_start > start && line.trim_start().starts_with(FENCE) {
            break;
        }
        line_start += line.len();
    }
    let fence = text[line_start..].find(FENCE).map_or(0, |at| at + FENCE.len());
    (Some(Range::new(start, line_start)), line_start + fence)
}

fn markup(found: &mut Collector<'_>, text: &str, start: usize) {
    for node in Markup::new(found.host, text, start) {
        match node {
            Node::Open(tag) => open(found, &tag),
            Node::Braces(range) => {
                found.value(range);
                nested_scripts(found, range);
            }
            Node::Close(_) | Node::Comment(_) => {}
        }
    }
}

fn open(found: &mut Collector<'_>, tag: &Tag) {
    found.urls(tag);
    scripts(found, tag);
    handlers(found, tag);
    for range in tag.attributes.iter().flat_map(|attribute| &attribute.expressions) {
        let dots = range.of(found.text).trim_start();
        let skipped = dots.strip_prefix("...").map_or(0, |rest| range.end - range.start - rest.len());
        found.value(Range::new(range.start + skipped, range.end));
    }
}

/// Scripts are TypeScript modules unless they say otherwise.
fn scripts(found: &mut Collector<'_>, tag: &Tag) {
    let Some(script) = script(tag, found.text) else { return };
    let has = |name| tag.attribute(found.text, name).is_some();
    if has("is:inline") || has("type") || has("define:vars") || has("src") {
        return element(found, tag);
    }
    let scope = found.own_scope();
    let kind = IslandKind::Script { module: true, setup: false };
    if let Some(island) = tag.raw.and_then(|range| found.push(range, kind, Form::Statements)) {
        island.scope = scope;
        island.language = script.language.unwrap_or(Language::TypeScript);
    }
}

/// Scripts inside an expression: `{isLive && <script>…</script>}`. The expression's own text has them blanked.
fn nested_scripts(found: &mut Collector<'_>, range: Range) {
    let Some(text) = found.text.get(..range.end) else { return };
    let mut at = range.start;
    while let Some(offset) = memchr::memmem::find(&text.as_bytes()[at..], b"<script") {
        let mut tags = Markup::new(Host::Astro, text, at + offset);
        let Some(Node::Open(tag)) = tags.next() else { return };
        found.urls(&tag);
        scripts(found, &tag);
        at = tags.at();
    }
}
