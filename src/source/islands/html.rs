//! Pages: `<script>` elements and handlers in attributes. Also what a `<script>` element is in general.

use super::markup::{Markup, Node, Tag};
use super::template::is_templated;
use super::{Collector, Form, IslandKind};
use crate::source::{Host, Language};

pub(super) fn collect(found: &mut Collector<'_>) {
    for node in Markup::new(found.host, found.text, 0) {
        let Node::Open(tag) = node else { continue };
        found.urls(&tag);
        element(found, &tag);
        handlers(found, &tag);
    }
}

/// Adds the content of a `<script>` that the browser runs. Classic scripts share the page's variables; a module has its
/// own.
pub(super) fn element(found: &mut Collector<'_>, tag: &Tag) {
    let Some(script) = script(tag, found.text) else { return };
    let Some(range) = tag.raw.filter(|_| tag.attribute(found.text, "src").is_none()) else { return };
    let module = script.module;
    let scope = if module || found.host != Host::Html { found.own_scope() } else { 0 };
    let templated = found.host == Host::Html && is_templated(range.of(found.text));
    if let Some(island) = found.push(range, IslandKind::Script { module, setup: false }, Form::Statements) {
        island.scope = scope;
        island.language = script.language.unwrap_or(Language::JavaScript);
        island.templated = templated;
    }
}

/// Adds `on…` attributes, and the handlers of libraries that put code into attributes: `@click`, `x-on:click`,
/// `v-on:click`, `(click)`.
pub(super) fn handlers(found: &mut Collector<'_>, tag: &Tag) {
    for attribute in &tag.attributes {
        let name = attribute.name.of(found.text);
        if let Some(value) = attribute.value.filter(|_| is_handler(name)) {
            found.escaped(value, Form::Handler);
        }
    }
}

fn is_handler(name: &str) -> bool {
    let event = name.get(..2).filter(|on| on.eq_ignore_ascii_case("on")).and_then(|_| name.get(2..));
    event.is_some_and(|event| !event.is_empty() && event.bytes().all(|byte| byte.is_ascii_alphabetic()))
        || ["@", "x-on:", "v-on:"].iter().any(|prefix| name.starts_with(prefix))
        || (name.starts_with('(') && name.ends_with(')'))
}

/// What the attributes of a `<script>` say.
pub(super) struct Script {
    /// None if they do not say.
    pub(super) language: Option<Language>,
    pub(super) module: bool,
}

/// What kind of script an element is, if it is one that runs.
pub(super) fn script(tag: &Tag, text: &str) -> Option<Script> {
    if !tag.name(text).eq_ignore_ascii_case("script") {
        return None;
    }
    let of = |name| tag.value(text, name).map(|range| range.of(text).trim().to_ascii_lowercase()).unwrap_or_default();
    let (kind, lang) = (of("type"), of("lang"));
    let language = match kind.as_str() {
        ""
        | "module"
        | "text/javascript"
        | "application/javascript"
        | "application/x-javascript"
        | "text/ecmascript"
        | "application/ecmascript"
        | "text/partytown" => None,
        "text/babel" | "text/jsx" => Some(Language::Jsx),
        "text/typescript" | "application/typescript" => Some(Language::TypeScript),
        // A consent banner changes the type once the visitor agrees; its settings stand in `data-` attributes.
        "text/plain" if tag.attributes.iter().any(|attribute| attribute.name.of(text).starts_with("data-")) => None,
        _ => return None,
    };
    match lang.as_str() {
        "" => Some(Script { language, module: kind == "module" }),
        named => Language::of_extension(named).map(|named| Script { language: Some(named), module: kind == "module" }),
    }
}
