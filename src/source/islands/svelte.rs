//! Svelte components: scripts at the top level, and braces anywhere in the markup.

use super::code::last_word;
use super::html::{element, script};
use super::markup::{Markup, Node, Range, Tag};
use super::vue::joined;
use super::{Collector, Form, IslandKind};

pub(super) fn collect(found: &mut Collector<'_>) {
    // In `<svelte:head>` a script is an element of the page and not part of the component.
    let mut in_head = false;
    for node in Markup::new(found.host, found.text, 0) {
        match node {
            Node::Open(tag) => {
                found.urls(&tag);
                in_head |= tag.name(found.text) == "svelte:head" && !tag.is_empty;
                if in_head {
                    element(found, &tag);
                } else {
                    component_script(found, &tag);
                }
                for range in tag.attributes.iter().flat_map(|attribute| &attribute.expressions) {
                    braces(found, *range);
                }
            }
            Node::Close(name) => in_head &= name.of(found.text) != "svelte:head",
            Node::Braces(range) => braces(found, range),
            Node::Comment(_) => {}
        }
    }
}

fn component_script(found: &mut Collector<'_>, tag: &Tag) {
    let (Some(script), Some(range)) = (script(tag, found.text), tag.raw) else { return };
    let context = tag.value(found.text, "context").map(|range| range.of(found.text));
    let setup = tag.attribute(found.text, "module").is_none() && context != Some("module");
    found.push(range, IslandKind::Script { module: true, setup }, Form::Statements);
    found.language = script.language.map_or(found.language, |language| joined(found.language, language));
}

/// What stands in braces: an expression, a spread, or a tag such as `{#each list as item}`.
fn braces(found: &mut Collector<'_>, range: Range) {
    let inside = range.of(found.text);
    let trimmed = inside.trim_start();
    let start = range.start + (inside.len() - trimmed.len());
    if let Some(range) = trimmed.starts_with("...").then(|| Range::new(start + 3, range.end)) {
        return found.value(range);
    }
    if !trimmed.starts_with(['#', ':', '@', '/']) || trimmed.starts_with("/*") || trimmed.starts_with("//") {
        return found.value(range);
    }
    let word = trimmed.split(char::is_whitespace).next().unwrap_or_default();
    let rest = Range::new(start + word.len(), range.end);
    match word {
        "#if" | "#key" | "@html" | "@render" | "@attach" | "@debug" => found.value(rest),
        ":else" => found.value(after_if(rest, found.text)),
        "#each" => found.value(before(rest, &["as"], found.text)),
        "#await" => found.value(before(rest, &["then", "catch"], found.text)),
        "@const" => {
            found.push(Range::new(start + 1, range.end), IslandKind::Expression, Form::Statements);
        }
        _ => {}
    }
}

/// The condition of `{:else if condition}`.
fn after_if(rest: Range, text: &str) -> Range {
    let code = rest.of(text);
    let skipped = code.trim_start().strip_prefix("if").map_or(code.len(), |condition| code.len() - condition.len());
    Range::new(rest.start + skipped, rest.end)
}

/// The part before the first of the words that is there.
fn before(rest: Range, words: &[&str], text: &str) -> Range {
    let end = words.iter().filter_map(|word| last_word(text, rest, word)).min();
    Range::new(rest.start, end.unwrap_or(rest.end))
}
