//! Vue single-file components: blocks at the top level, and the expressions of the template.

use super::html::script;
use super::markup::{Attribute, Markup, Node, Range, Tag};
use super::{Collector, Form, IslandKind};
use crate::source::Language;

pub(super) fn collect(found: &mut Collector<'_>) {
    let mut markup = Markup::new(found.host, found.text, 0);
    // Number of `<template>` elements around; 0 between the blocks.
    let mut depth = 0_usize;
    while let Some(node) = markup.next() {
        match node {
            Node::Open(tag) if depth == 0 => depth = block(found, &tag, &mut markup),
            Node::Open(tag) => {
                found.urls(&tag);
                depth += usize::from(is_template(&tag, found.text) && !tag.is_empty);
                directives(found, &tag);
            }
            Node::Close(name) if name.of(found.text) == "template" => depth = depth.saturating_sub(1),
            Node::Braces(range) if depth > 0 => found.escaped(range, Form::Value),
            Node::Close(_) | Node::Braces(_) | Node::Comment(_) => {}
        }
    }
}

/// Takes a block and returns the depth behind its opening tag. What is neither script nor template is passed over, and
/// so are templates in another language than HTML.
fn block(found: &mut Collector<'_>, tag: &Tag, markup: &mut Markup<'_>) -> usize {
    found.urls(tag);
    if let Some(script) = script(tag, found.text) {
        let setup = tag.attribute(found.text, "setup").is_some();
        if let Some(range) = tag.raw {
            found.push(range, IslandKind::Script { module: true, setup }, Form::Statements);
            found.language = script.language.map_or(found.language, |language| joined(found.language, language));
        }
    } else if !tag.is_empty && tag.raw.is_none() {
        let lang = tag.value(found.text, "lang").map_or("html", |range| range.of(found.text));
        if is_template(tag, found.text) && lang == "html" {
            return 1;
        }
        markup.raw(tag.name(found.text));
    }
    0
}

fn is_template(tag: &Tag, text: &str) -> bool {
    tag.name(text) == "template"
}

/// The language that reads both.
pub(super) const fn joined(a: Language, b: Language) -> Language {
    use Language::{JavaScript, Jsx, Tsx, TypeScript};
    match (a, b) {
        (Tsx, _) | (_, Tsx) | (TypeScript, Jsx) | (Jsx, TypeScript) => Tsx,
        (TypeScript, _) | (_, TypeScript) => TypeScript,
        (Jsx, _) | (_, Jsx) => Jsx,
        (JavaScript, JavaScript) => JavaScript,
    }
}

fn directives(found: &mut Collector<'_>, tag: &Tag) {
    for attribute in &tag.attributes {
        let Some((range, form)) = directive(attribute, found.text) else { continue };
        found.escaped(range, form);
    }
}

/// The code in an attribute. Slot directives declare variables and have no code.
fn directive(attribute: &Attribute, text: &str) -> Option<(Range, Form)> {
    let range = attribute.value?;
    match attribute.name.of(text) {
        "v-for" => Some((range, Form::Loop)),
        name if name.starts_with("v-slot") => None,
        name if name.starts_with('@') || name.starts_with("v-on:") => Some((range, handler_form(range.of(text)))),
        name if name.starts_with(':') || name.starts_with("v-") => Some((range, Form::Value)),
        _ => None,
    }
}

/// A handler is statements or a function; `function () {}` is no statement.
fn handler_form(code: &str) -> Form {
    let code = code.trim_start();
    if code.starts_with("function") || code.starts_with("async function") { Form::Value } else { Form::Handler }
}
