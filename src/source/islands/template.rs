//! What a server's template engine prints into a script, as JavaScript of the same length.
//!
//! A page may come from ERB, EJS, Phoenix, PHP, Jinja, Twig, Liquid, Handlebars or Blade. What their directives print
//! is not known, but what they read is: `"<%= current_user.email %>"` becomes `` `${ current_user.email  }` ``, so that
//! the string says whose data are in it. Directives that print nothing known become white space.

use super::markup::Range;
use super::rewrite::blank;

/// How directives begin and end, and whether they print. The first that fits holds.
const KINDS: &[(&[u8], &[u8], bool)] = &[
    (b"<%#", b"%>", false),
    (b"<%==", b"%>", true),
    (b"<%=", b"%>", true),
    (b"<%-", b"%>", true),
    (b"<%", b"%>", false),
    (b"<?php echo ", b"?>", true),
    (b"<?=", b"?>", true),
    (b"<?", b"?>", false),
    (b"{%", b"%}", false),
    (b"{!!", b"!!}", true),
    (b"{{{", b"}}}", true),
    (b"{{", b"}}", true),
];

/// A value that nothing is known about, and no longer than any directive.
const UNKNOWN: &[u8] = b"__()";

/// Functions and words around what is printed that do not change whose it is.
const AROUND: &[&[u8]] = &[
    b"escape_javascript",
    b"htmlspecialchars",
    b"html_escape",
    b"json_encode",
    b"json_escape",
    b"esc_js",
    b"json",
    b"raw",
    b"e",
    b"h",
    b"j",
];

/// Methods at the end that do not change whose it is.
const BEHIND: &[&[u8]] = &[b".to_json", b".html_safe", b".to_s", b"|json_encode", b"|tojson", b"|safe", b"|raw"];

/// What joins the members of a path in other languages than JavaScript.
const JOINTS: &[&[u8]] = &[b"->", b"::", b"&."];

/// A directive, and the path that it prints, in JavaScript's terms.
struct Directive {
    all: Range,
    read: Option<(usize, Vec<u8>)>,
    /// Whether it may as well be JavaScript: braces in braces.
    doubtful: bool,
}

/// Whether a script may hold directives.
pub(super) fn is_templated(code: &str) -> bool {
    ["<%", "<?", "{{", "{%", "{!!"].iter().any(|open| code.contains(open))
}

/// Replaces the directives of a script.
pub(super) fn directives(code: &mut [u8]) {
    let mut at = 0;
    while let Some(&byte) = code.get(at) {
        if let Some(found) = directive(code, at) {
            at = found.all.end;
            if found.read.is_some() || !found.doubtful {
                statement(code, &found);
            }
            continue;
        }
        at = match byte {
            b'"' | b'\'' | b'`' => string(code, at),
            b'/' if code[at..].starts_with(b"//") => after(code, at, b"\n"),
            b'/' if code[at..].starts_with(b"/*") => after(code, at, b"*/"),
            _ => at + 1,
        };
    }
}

/// A directive outside of strings: an expression if it prints, else nothing.
fn statement(code: &mut [u8], found: &Directive) {
    let prints = KINDS.iter().any(|(open, _, prints)| *prints && code[found.all.start..].starts_with(open));
    clear(code, found.all);
    match &found.read {
        Some((start, path)) => code[*start..start + path.len()].copy_from_slice(path),
        None if prints => code[found.all.start..found.all.start + UNKNOWN.len()].copy_from_slice(UNKNOWN),
        None => {}
    }
}

/// A string from its quote on, and where it ends. It becomes a template literal if a directive in it prints a path.
fn string(code: &mut [u8], open: usize) -> usize {
    let quote = code[open];
    let mut found = Vec::new();
    let mut at = open + 1;
    let mut plain = true;
    while let Some(&byte) = code.get(at) {
        if let Some(directive) = directive(code, at) {
            at = directive.all.end;
            found.push(directive);
            continue;
        }
        match byte {
            _ if byte == quote => break,
            // No string goes on in the next line: it was an apostrophe.
            b'\n' if quote != b'`' => return open + 1,
            b'`' => plain = false,
            b'$' if code.get(at + 1) == Some(&b'{') => plain &= quote == b'`',
            _ => {}
        }
        at += if byte == b'\\' { 2 } else { 1 };
    }
    if at >= code.len() {
        return open + 1;
    }
    let becomes_literal = plain && found.iter().any(|directive| directive.read.is_some());
    for directive in &found {
        match &directive.read {
            Some((start, path)) if becomes_literal => {
                clear(code, directive.all);
                code[directive.all.start..directive.all.start + 2].copy_from_slice(b"${");
                code[*start..start + path.len()].copy_from_slice(path);
                code[directive.all.end - 1] = b'}';
            }
            _ => clear(code, directive.all),
        }
    }
    if becomes_literal {
        code[open] = b'`';
        code[at] = b'`';
    }
    at + 1
}

fn clear(code: &mut [u8], range: Range) {
    for byte in &mut code[range.start..range.end] {
        *byte = blank(*byte);
    }
}

/// Where `pattern` ends next.
fn after(code: &[u8], at: usize, pattern: &[u8]) -> usize {
    memchr::memmem::find(&code[at..], pattern).map_or(code.len(), |found| at + found + pattern.len())
}

/// The directive that begins here.
fn directive(code: &[u8], at: usize) -> Option<Directive> {
    if !matches!(code[at], b'<' | b'{') {
        return None;
    }
    let (open, close, prints) = KINDS.iter().find(|(open, ..)| code[at..].starts_with(open))?;
    let start = at + open.len();
    let length = memchr::memmem::find(&code[start..], close)?;
    let inside = Range::new(start, start + length);
    let read = if *prints { path(code, inside) } else { None };
    Some(Directive { all: Range::new(at, inside.end + close.len()), read, doubtful: open.starts_with(b"{{") })
}

/// The path that a directive prints, without what stands around it, and where it begins.
fn path(code: &[u8], inside: Range) -> Option<(usize, Vec<u8>)> {
    let mut text = code[inside.start..inside.end].trim_ascii();
    text = text.trim_ascii_end().strip_suffix(b"-").unwrap_or(text).trim_ascii();
    text = text.strip_prefix(b"-").unwrap_or(text).trim_ascii();
    text = text.strip_suffix(b";").unwrap_or(text).trim_ascii();
    while let Some(rest) = within(text) {
        text = rest;
    }
    while let Some(rest) = BEHIND.iter().find_map(|end| text.strip_suffix(*end)) {
        text = rest.trim_ascii();
    }
    if let Some(filter) = memchr::memchr(b'|', text) {
        text = text[..filter].trim_ascii();
    }
    text = text.strip_prefix(b"@").or_else(|| text.strip_prefix(b"$")).unwrap_or(text);
    let start = inside.start + memchr::memmem::find(&code[inside.start..inside.end], text)?;
    let mut path = text.to_vec();
    for joint in JOINTS {
        while let Some(found) = memchr::memmem::find(&path, joint) {
            path[found..found + 2].copy_from_slice(b" .");
        }
    }
    is_path(&path).then_some((start, path))
}

/// What stands inside of a known function: `raw x`, `json_encode(x)`.
fn within(text: &[u8]) -> Option<&[u8]> {
    let rest = AROUND.iter().find_map(|word| text.strip_prefix(*word))?;
    match rest.first()? {
        b'(' => rest[1..].trim_ascii().strip_suffix(b")").map(<[u8]>::trim_ascii),
        b' ' => Some(rest.trim_ascii()),
        _ => None,
    }
}

/// Whether this is `a.b.c`, where a member may be called without arguments.
fn is_path(path: &[u8]) -> bool {
    let mut members = path.split(|&byte| byte == b'.');
    members.all(|member| {
        let member = member.trim_ascii();
        let name = member.strip_suffix(b"()").unwrap_or(member);
        name.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_')
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code afterwards, with one space for many.
    fn after_directives(code: &str) -> String {
        let mut bytes = code.as_bytes().to_vec();
        directives(&mut bytes);
        assert_eq!(bytes.len(), code.len(), "{code}");
        let text = String::from_utf8(bytes).unwrap();
        text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_printed_is_read() {
        let cases = [
            ("x('<%= current_user.email %>')", "x(`${ current_user.email }`)"),
            ("x(\"{{ user.email }}\", 1)", "x(`${ user.email }`, 1)"),
            ("x('a-<?= $user->email; ?>-b')", "x(`a-${ user .email }-b`)"),
            ("x = <%= raw @user.to_json %>;", "x = user ;"),
            ("x = {!! json_encode(Auth::user()->email) !!}", "x = Auth .user() .email"),
            ("x(`${a}{{ b.c }}`)", "x(`${a}${ b.c }`)"),
        ];
        for (code, wanted) in cases {
            assert_eq!(after_directives(code), wanted, "{code}");
        }
    }

    #[test]
    fn what_is_not_known_keeps_the_script_whole() {
        let cases = [
            ("<% if user do %>x()<% end %>", "x()"),
            ("x('<%= t('key') %>')", "x(' ')"),
            ("x = <%= a + b %>;", "x = __() ;"),
            ("x('{{ \"k\" | t }}', '`{{ a.b }}')", "x(' ', '` ')"),
            ("f({a:{b:{}}}); g = () => {{ h; k }}", "f({a:{b:{}}}); g = () => {{ h; k }}"),
            ("// it's\nx('<%= a.b %>')", "// it's\nx(`${ a.b }`)"),
            ("a <% b", "a <% b"),
            ("'", "'"),
        ];
        for (code, wanted) in cases {
            assert_eq!(after_directives(code), wanted, "{code}");
        }
    }
}
