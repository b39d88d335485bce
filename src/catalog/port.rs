//! Ports: where on a call a value goes in or comes out, as written in library models (`arg0(1) -> return[]`).

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::base::Key;

/// What a port starts at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Anchor {
    /// The receiver of a method call.
    This,
    /// One argument.
    Argument(u32),
    /// Each argument.
    Arguments,
    /// The result.
    Return,
    /// A place that calls share by name, and by the string in an argument if one is given.
    Channel(SmolStr, Option<u32>),
}

/// A step from a port's anchor inwards.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Suffix {
    /// A part of the value.
    Part(Key),
    /// What parameter `n` of the function is called with.
    Parameter(u32),
    /// What the function returns.
    Result,
    /// The part that the string in an argument names; `dotted` where it is a path such as `user.email`.
    Named {
        /// Which argument.
        argument: u32,
        /// Whether dots in it separate keys.
        dotted: bool,
    },
}

impl Suffix {
    /// Whether the step leads to a part of the value, rather than through a call of it.
    #[must_use]
    pub const fn is_part(&self) -> bool {
        matches!(self, Self::Part(_) | Self::Named { .. })
    }
}

/// Where on a call a value goes in or comes out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Port {
    /// Where it starts.
    pub anchor: Anchor,
    /// Steps inwards.
    pub suffix: Vec<Suffix>,
}

/// Data move from one port to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Flow {
    /// Where they come from.
    pub from: Port,
    /// Where they go.
    pub to: Port,
}

impl Flow {
    /// Reads `from -> to`.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once("->").ok_or_else(|| format!("`{text}`: a flow is written `from -> to`"))?;
        Ok(Self { from: Port::parse(from.trim())?, to: Port::parse(to.trim())? })
    }
}

impl Port {
    /// Reads a port such as `arg0.key[](1)`.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let ends: &[char] = if text.starts_with('@') { &['.', '('] } else { &['.', '[', '('] };
        let end = text.find(ends).unwrap_or(text.len());
        let (head, mut rest) = text.split_at(end);
        let anchor =
            anchor(head).ok_or_else(|| format!("`{text}`: a port starts with this, arg0, args, return or @name"))?;
        let mut suffix = Vec::new();
        while !rest.is_empty() {
            let (step, after) = step(rest).ok_or_else(|| format!("`{text}`: `{rest}` is no step of a port"))?;
            suffix.push(step);
            rest = after;
        }
        Ok(Self { anchor, suffix })
    }

    /// The channel that keeps what flows to this port; none where what it keeps is called.
    #[must_use]
    pub fn channel(&self) -> Option<(&SmolStr, Option<u32>)> {
        let is_called = self.suffix.iter().any(|step| matches!(step, Suffix::Parameter(_)));
        match &self.anchor {
            Anchor::Channel(name, key) if !is_called => Some((name, *key)),
            _ => None,
        }
    }
}

fn anchor(head: &str) -> Option<Anchor> {
    if let Some(channel) = head.strip_prefix('@') {
        let (name, argument) = match channel.split_once("[arg") {
            Some((name, index)) => (name, Some(index.strip_suffix(']')?.parse().ok()?)),
            None => (channel, None),
        };
        return Some(Anchor::Channel(name.into(), argument));
    }
    match head {
        "this" => Some(Anchor::This),
        "args" => Some(Anchor::Arguments),
        "return" => Some(Anchor::Return),
        _ => head.strip_prefix("arg")?.parse().ok().map(Anchor::Argument),
    }
}

fn step(text: &str) -> Option<(Suffix, &str)> {
    if let Some(rest) = text.strip_prefix('.') {
        let end = rest.find(['.', '[', '(']).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let key = if key == "*" { Key::Any } else { Key::name(key) };
        return Some((Suffix::Part(key), after));
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (inside, after) = rest.split_once(']')?;
        let named = inside.strip_prefix('.').unwrap_or(inside).strip_prefix("arg");
        if let Some(argument) = named {
            let step = Suffix::Named { argument: argument.parse().ok()?, dotted: inside.starts_with('.') };
            return Some((step, after));
        }
        let key = if inside.is_empty() { Key::Any } else { Key::Index(inside.parse().ok()?) };
        return Some((Suffix::Part(key), after));
    }
    let (inside, after) = text.strip_prefix('(')?.split_once(')')?;
    let step = if inside.is_empty() { Suffix::Result } else { Suffix::Parameter(inside.parse().ok()?) };
    Some((step, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_are_read() {
        let flow = Flow::parse("this[] -> arg0(1)").unwrap();
        assert_eq!(flow.from, Port { anchor: Anchor::This, suffix: vec![Suffix::Part(Key::Any)] });
        assert_eq!(flow.to, Port { anchor: Anchor::Argument(0), suffix: vec![Suffix::Parameter(1)] });
        assert_eq!(Port::parse("@event[arg0]").unwrap().anchor, Anchor::Channel("event".into(), Some(0)));
        let named = Port::parse("this[arg0]").unwrap().suffix;
        assert_eq!(named, vec![Suffix::Named { argument: 0, dotted: false }]);
        for wrong in ["this", "x -> return", "arg0 -> return[", "arg0 -> return!"] {
            assert!(Flow::parse(wrong).is_err(), "{wrong}");
        }
    }
}
