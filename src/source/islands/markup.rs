//! Tags, attributes and braces of a host file, in one forward scan.

use super::code::{Code, PATIENCE};
use crate::source::Host;

/// Byte offsets into the host's text, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Range {
    pub(super) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    pub(super) fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// What the scan meets. Text is of no interest.
#[derive(Debug)]
pub(super) enum Node {
    Open(Tag),
    /// The name of a closing tag.
    Close(Range),
    /// What stands between braces in text: `{ … }`, or `{{ … }}` in Vue.
    Braces(Range),
    /// `<!-- … -->`, delimiters and all.
    Comment(Range),
}

/// An opening tag.
#[derive(Debug)]
pub(super) struct Tag {
    name: Range,
    /// Behind its closing angle.
    pub(super) end: usize,
    pub(super) attributes: Vec<Attribute>,
    /// Whether the element has no content and no closing tag.
    pub(super) is_empty: bool,
    /// The content of elements that hold text and no markup.
    pub(super) raw: Option<Range>,
}

/// One attribute. Values in braces are in `expressions`, those in quotes in `value`; Svelte has both at once.
#[derive(Debug)]
pub(super) struct Attribute {
    /// Empty for `{shorthand}` and `{...spread}`.
    pub(super) name: Range,
    pub(super) value: Option<Range>,
    pub(super) expressions: Vec<Range>,
}

impl Tag {
    pub(super) fn name<'t>(&self, text: &'t str) -> &'t str {
        self.name.of(text)
    }

    /// The tag from angle to angle.
    pub(super) const fn range(&self) -> Range {
        Range::new(self.name.start - 1, self.end)
    }

    pub(super) fn attribute(&self, text: &str, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.of(text).eq_ignore_ascii_case(name))
    }

    /// The literal value of an attribute.
    pub(super) fn value(&self, text: &str, name: &str) -> Option<Range> {
        self.attribute(text, name).filter(|attribute| attribute.expressions.is_empty())?.value
    }
}

/// The scan.
pub(super) struct Markup<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    host: Host,
    /// Cleared when no `}}` is left, so that the rest of the text is not searched again for each `{{`.
    mustaches: bool,
    /// See [`Code::patience`]; shared by all braces of the file.
    patience: usize,
}

impl<'t> Markup<'t> {
    pub(super) const fn new(host: Host, text: &'t str, at: usize) -> Self {
        Self { text, bytes: text.as_bytes(), at, host, mustaches: true, patience: PATIENCE }
    }

    /// Where the scan stands.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Passes over everything up to the closing tag of an element and returns it.
    pub(super) fn raw(&mut self, name: &str) -> Range {
        let start = self.at;
        let mut end = self.bytes.len();
        for found in memchr::memmem::find_iter(&self.bytes[start..], b"</") {
            let after = start + found + 2;
            let follows = self.bytes.get(after..after + name.len());
            let is_whole = self.bytes.get(after + name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
            if is_whole && follows.is_some_and(|follows| follows.eq_ignore_ascii_case(name.as_bytes())) {
                end = after - 2;
                break;
            }
        }
        self.at = end;
        Range::new(start, end)
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn starts_with(&self, prefix: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(prefix)
    }

    fn skip_white_space(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Goes behind the next `pattern`, or to the end.
    fn pass(&mut self, pattern: &[u8]) {
        let found = memchr::memmem::find(&self.bytes[self.at..], pattern);
        self.at = found.map_or(self.bytes.len(), |found| self.at + found + pattern.len());
    }

    /// What the bytes at `<` are; None if only text.
    fn angle(&mut self) -> Option<Node> {
        let next = self.bytes.get(self.at + 1).copied().unwrap_or_default();
        if self.starts_with(b"<!--") {
            let start = self.at;
            self.pass(b"-->");
            return Some(Node::Comment(Range::new(start, self.at)));
        } else if next == b'!' || next == b'?' {
            self.pass(b">");
        } else if next == b'/' {
            self.at += 2;
            let name = self.name();
            self.pass(b">");
            return Some(Node::Close(name));
        } else if next.is_ascii_alphabetic() {
            self.at += 1;
            return Some(Node::Open(self.tag()));
        } else {
            self.at += 1;
        }
        None
    }

    fn name(&mut self) -> Range {
        let start = self.at;
        while self.byte().is_some_and(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>')) {
            self.at += 1;
        }
        Range::new(start, self.at)
    }

    fn tag(&mut self) -> Tag {
        let name = self.name();
        let mut tag = Tag { name, end: name.end, attributes: Vec::new(), is_empty: false, raw: None };
        loop {
            self.skip_white_space();
            match self.byte() {
                None => break,
                Some(b'>') => {
                    self.at += 1;
                    break;
                }
                Some(b'/') => {
                    self.at += 1;
                    tag.is_empty = self.byte() == Some(b'>');
                }
                Some(b'{') if self.has_braces() => {
                    let expressions = vec![self.braces()];
                    let name = Range::new(self.at, self.at);
                    tag.attributes.push(Attribute { name, value: None, expressions });
                }
                Some(_) => tag.attributes.push(self.attribute()),
            }
        }
        tag.end = self.at;
        let name = tag.name(self.text).to_ascii_lowercase();
        if !tag.is_empty && self.is_raw(&name) {
            tag.raw = Some(self.raw(&name));
        }
        tag
    }

    fn is_raw(&self, name: &str) -> bool {
        matches!(name, "script" | "style") || (self.host == Host::Html && matches!(name, "textarea" | "title"))
    }

    const fn has_braces(&self) -> bool {
        matches!(self.host, Host::Svelte | Host::Astro)
    }

    fn attribute(&mut self) -> Attribute {
        let start = self.at;
        // The first byte is always part of the name, so that the scan goes on whatever it is.
        self.at += 1;
        while self.byte().is_some_and(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/')) {
            self.at += 1;
        }
        let mut attribute = Attribute { name: Range::new(start, self.at), value: None, expressions: Vec::new() };
        let after_name = self.at;
        self.skip_white_space();
        if self.byte() == Some(b'=') {
            self.at += 1;
            self.skip_white_space();
            self.attribute_value(&mut attribute);
        } else {
            self.at = after_name;
        }
        attribute
    }

    fn attribute_value(&mut self, attribute: &mut Attribute) {
        match self.byte() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                let start = self.at;
                self.value_until(|byte| byte == quote, self.host == Host::Svelte, attribute);
                attribute.value = Some(Range::new(start, self.at));
                self.at = (self.at + 1).min(self.bytes.len());
            }
            Some(b'`') if self.host == Host::Astro => {
                let start = self.at;
                self.at += 1;
                self.pass(b"`");
                attribute.expressions.push(Range::new(start, self.at));
            }
            _ => {
                let start = self.at;
                let ends = |byte: u8| byte.is_ascii_whitespace() || byte == b'>';
                self.value_until(ends, self.has_braces(), attribute);
                attribute.value = Some(Range::new(start, self.at)).filter(|_| attribute.expressions.is_empty());
            }
        }
    }

    fn value_until(&mut self, ends: impl Fn(u8) -> bool, braces: bool, attribute: &mut Attribute) {
        while let Some(byte) = self.byte() {
            if ends(byte) {
                return;
            }
            if braces && byte == b'{' {
                let inside = self.braces();
                attribute.expressions.push(inside);
            } else {
                self.at += 1;
            }
        }
    }

    /// Passes over `{…}`. Without a closing brace the rest of the text is inside.
    fn braces(&mut self) -> Range {
        let start = self.at + 1;
        // `{/if}` closes a block, whatever slashes come later.
        if self.host == Host::Svelte && matches!(self.bytes[start..], [b'/', b'a'..=b'z', ..]) {
            self.pass(b"}");
            return Range::new(start, self.at);
        }
        let mut code = Code::new(self.bytes, start, self.patience);
        let closing = code.find(|(_, byte, depth)| *byte == b'}' && *depth == 0);
        let end = closing.map(|(at, _, _)| at);
        self.patience = code.patience;
        self.at = end.map_or(self.bytes.len(), |end| end + 1);
        Range::new(start, end.unwrap_or(self.bytes.len()))
    }

    fn mustache(&mut self) -> Option<Node> {
        let start = self.at + 2;
        let Some(length) = memchr::memmem::find(&self.bytes[start..], b"}}") else {
            self.mustaches = false;
            self.at = start;
            return None;
        };
        self.at = start + length + 2;
        Some(Node::Braces(Range::new(start, start + length)))
    }
}

impl Iterator for Markup<'_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        loop {
            let found = memchr::memchr2(b'<', b'{', self.bytes.get(self.at..)?)?;
            self.at += found;
            let node = if self.byte() == Some(b'<') {
                self.angle()
            } else if self.has_braces() {
                Some(Node::Braces(self.braces()))
            } else if self.host == Host::Vue && self.mustaches && self.starts_with(b"{{") {
                self.mustache()
            } else {
                self.at += 1;
                None
            };
            if node.is_some() {
                return node;
            }
        }
    }
}
