//! The names of places: what an input is found by, what a value is kept under.

use smol_str::SmolStr;

use crate::{
    base::Key,
    facts::{Call, Facts, Value},
    link::project::At,
    trace::graph::World,
};

/// The name in the text that a call looks a place up by: `$("#email").val()`, `localStorage.getItem("email")`.
pub(super) fn name(world: World<'_>, call: At) -> Option<SmolStr> {
    let facts = world.project.facts(call.file);
    let Value::Call(made) = facts.value(behind(facts, call)) else { return None };
    match facts.value(made.callee) {
        Value::Member { base, key: Key::Name(method), .. } => match (method.as_str(), &made.arguments[..]) {
            ("val", []) => name(world, At { value: *base, ..call }),
            ("getItem" | "getElementById" | "getElementsByName", [_]) => text(facts, made).map(SmolStr::new),
            ("querySelector", [_]) => selected(text(facts, made)?),
            _ => None,
        },
        Value::Global(dollar) if matches!(dollar.as_str(), "$" | "jQuery") => selected(text(facts, made)?),
        _ => None,
    }
}

/// The value behind names and casts.
fn behind(facts: &Facts, at: At) -> crate::facts::ValueId {
    let mut value = at.value;
    for _ in 0..8 {
        match facts.value(value) {
            Value::Typed { value: inner, .. } | Value::Passed { base: inner, .. } => value = *inner,
            _ => match facts.behind(value) {
                Some(inner) => value = inner,
                None => break,
            },
        }
    }
    value
}

fn text<'f>(facts: &'f Facts, made: &Call) -> Option<&'f str> {
    made.arguments.first().and_then(|item| facts.text(item.value)).map(SmolStr::as_str)
}

/// The name in a selector: of `#email`, of `form input[name="email"]`.
fn selected(selector: &str) -> Option<SmolStr> {
    let named = ["[name=", "[id=", "#"].iter().find_map(|sign| selector.rsplit_once(sign))?.1;
    let named = named.trim_start_matches(['"', '\'']);
    let end = named.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(named.len());
    (end > 0).then(|| SmolStr::new(&named[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_name_an_element() {
        let cases = [
            ("#email", Some("email")),
            ("form input[name=\"user-email\"]", Some("user-email")),
            ("input[name='email']:checked", Some("email")),
            ("#form #phone.wide", Some("phone")),
            ("input.wide", None),
        ];
        for (selector, expect) in cases {
            assert_eq!(selected(selector).as_deref(), expect, "{selector}");
        }
    }
}
