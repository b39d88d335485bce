//! Scripts that JSX holds as template strings: `` <Script>{`…`}</Script> `` and `dangerouslySetInnerHTML` of a script.
//!
//! The string becomes code in its place: a function that nobody calls, or an expression where there is no room for
//! one. What is put into it, `'${user.id}'`, is then an expression of the component, as it is.

use std::borrow::Cow;

use super::code::{Code, PATIENCE};

/// How a function begins. It takes the place of white space before the script.
const FUNCTION: &[u8] = b"()=>{";

/// Words with which a statement begins that is no expression.
const STATEMENTS: &[&str] = &[
    "break", "class", "const", "continue", "do", "for", "function", "if", "let", "return", "switch", "throw", "try",
    "var", "while",
];

/// The text with scripts in template strings as code; it has the same length and the same lines.
#[must_use]
pub fn with_inline_scripts(text: &str) -> Cow<'_, str> {
    let mut code: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(start) = memchr::memmem::find(&text.as_bytes()[at..], b"cript").map(|found| at + found) {
        at = start + 1;
        for template in element(text.as_bytes(), start).into_iter().flatten().flatten() {
            at = template.close;
            let bytes = code.get_or_insert_with(|| text.as_bytes().to_vec());
            template.rewrite(bytes);
        }
    }
    code.and_then(|code| String::from_utf8(code).ok()).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The template strings that are the code of a script element whose name ends at `cript`.
fn element(text: &[u8], cript: usize) -> Option<[Option<Template>; 2]> {
    let open = cript.checked_sub(2)?;
    let is_element = text[open] == b'<' && matches!(text[open + 1], b's' | b'S');
    let name_end = cript + "cript".len();
    let ends = text.get(name_end).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>');
    if !is_element || !ends {
        return None;
    }
    let (end, ..) = Code::new(text, name_end, PATIENCE).find(|&(_, byte, depth)| byte == b'>' && depth == 0)?;
    let property = b"dangerouslySetInnerHTML";
    let html = memchr::memmem::find(&text[name_end..end], property).map(|found| name_end + found).and_then(|found| {
        let key = memchr::memmem::find(&text[found..end], b"__html").map(|key| found + key + "__html".len())?;
        let colon = skip_blank(text, key);
        (text.get(colon) == Some(&b':')).then(|| Template::at(text, skip_blank(text, colon + 1))).flatten()
    });
    let brace = skip_blank(text, end + 1);
    let has_child = text[end - 1] != b'/' && text.get(brace) == Some(&b'{');
    let child = has_child.then(|| Template::at(text, skip_blank(text, brace + 1))).flatten();
    Some([html, child])
}

fn skip_blank(text: &[u8], from: usize) -> usize {
    let blank = text[from.min(text.len())..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    from + blank
}

/// A template string: its backticks, and the `$` and `}` of what is put into it.
struct Template {
    open: usize,
    close: usize,
    holes: Vec<(usize, usize)>,
}

impl Template {
    fn at(text: &[u8], open: usize) -> Option<Self> {
        if text.get(open) != Some(&b'`') {
            return None;
        }
        let mut holes = Vec::new();
        let mut at = open + 1;
        loop {
            match text.get(at)? {
                b'`' => return Some(Self { open, close: at, holes }),
                b'\\' => at += 2,
                b'$' if text.get(at + 1) == Some(&b'{') => {
                    let mut code = Code::new(text, at + 2, PATIENCE);
                    let (end, ..) = code.find(|&(_, byte, depth)| byte == b'}' && depth == 0)?;
                    holes.push((at, end));
                    at = end + 1;
                }
                _ => at += 1,
            }
        }
    }

    fn rewrite(&self, bytes: &mut [u8]) {
        let start = skip_blank(bytes, self.open + 1);
        let indent = start.saturating_sub(FUNCTION.len());
        let is_function = indent > self.open
            && start < self.close
            && bytes[indent..start].iter().all(|byte| matches!(byte, b' ' | b'\t'))
            && memchr::memmem::find(self.last_line(bytes), b"//").is_none();
        if is_function {
            self.fill(bytes);
            bytes[self.open] = b' ';
            bytes[indent..start].copy_from_slice(FUNCTION);
            bytes[self.close] = b'}';
        } else if let Some(commas) = self.expressions(bytes) {
            self.fill(bytes);
            commas.into_iter().for_each(|(at, byte)| bytes[at] = byte);
            bytes[self.open] = b'(';
            bytes[self.close] = b')';
        }
    }

    fn last_line<'t>(&self, bytes: &'t [u8]) -> &'t [u8] {
        let inside = &bytes[self.open + 1..self.close];
        memchr::memrchr(b'\n', inside).map_or(inside, |line| &inside[line..])
    }

    /// What takes the place of semicolons where the script is a list of expressions on one line.
    fn expressions(&self, bytes: &[u8]) -> Option<Vec<(usize, u8)>> {
        let inside = std::str::from_utf8(&bytes[self.open + 1..self.close]).ok()?;
        let script = inside.trim().trim_end_matches(';');
        if script.is_empty() || script.contains('\n') || script.contains("//") {
            return None;
        }
        let start = self.open + 1 + (inside.len() - inside.trim_start().len());
        let mut enclosed = 0_usize;
        let mut statement = start;
        let mut commas = Vec::new();
        for (at, byte, depth) in Code::new(&bytes[..self.close], start, PATIENCE) {
            match byte {
                b'(' | b'[' => enclosed += 1,
                b')' | b']' => enclosed = enclosed.saturating_sub(1),
                b';' if enclosed == 0 && depth == 0 => {
                    is_expression(&bytes[statement..at]).then_some(())?;
                    commas.push((at, if at < start + script.len() { b',' } else { b' ' }));
                    statement = at + 1;
                }
                _ => {}
            }
        }
        let rest = &bytes[statement..self.close];
        (rest.trim_ascii().is_empty() || is_expression(rest)).then_some(commas)
    }

    /// Makes what is put into the script expressions: of a string in it, or by themselves.
    fn fill(&self, bytes: &mut [u8]) {
        let mut holes = self.holes.iter().peekable();
        let mut string: Option<(usize, u8, bool)> = None;
        let mut at = self.open + 1;
        while at < self.close {
            if let Some(&&(dollar, close)) = holes.peek()
                && dollar == at
            {
                holes.next();
                if let Some((.., filled)) = &mut string {
                    *filled = true;
                } else {
                    bytes[dollar..dollar + 2].copy_from_slice(b" (");
                    bytes[close] = b')';
                }
                at = close + 1;
                continue;
            }
            match (bytes[at], string) {
                (b'\\', _) => {
                    // `\`` and `\${` are a string of the script.
                    if matches!(bytes[at + 1], b'`' | b'$') {
                        bytes[at] = b' ';
                    }
                    at += 1;
                }
                (quote @ (b'"' | b'\''), None) => string = Some((at, quote, false)),
                (quote, Some((start, opened, filled))) if quote == opened => {
                    if filled {
                        bytes[start] = b'`';
                        bytes[at] = b'`';
                    }
                    string = None;
                }
                // An apostrophe in a comment opens nothing.
                (b'\n', Some(_)) => string = None,
                _ => {}
            }
            at += 1;
        }
    }
}

/// Whether a statement is an expression, by its first word.
fn is_expression(statement: &[u8]) -> bool {
    let text = String::from_utf8_lossy(statement);
    let word = text.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').next();
    !text.trim().is_empty() && !word.is_some_and(|word| STATEMENTS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_become_code() {
        let cases = [
            (
                "<Script id=\"a\">{`\n      a('${x.y}', ${z});\n    `}</Script>",
                "<Script id=\"a\">{ \n ()=>{a(`${x.y}`,  (z));\n    }}</Script>",
            ),
            (
                "<script dangerouslySetInnerHTML={{ __html: `a(1); b(\"${x}\");` }} />",
                "<script dangerouslySetInnerHTML={{ __html: (a(1), b(`${x}`) ) }} />",
            ),
            (
                "<script\n  dangerouslySetInnerHTML={{ __html: `a('it')` }} />",
                "<script\n  dangerouslySetInnerHTML={{ __html: (a('it')) }} />",
            ),
        ];
        for (text, expect) in cases {
            assert_eq!(with_inline_scripts(text), expect, "{text}");
        }
    }

    #[test]
    fn what_is_no_script_stays() {
        for text in [
            "const a = `b`; // a script, a <script> tag",
            "<Script src=\"x\" />",
            "<style dangerouslySetInnerHTML={{ __html: `a{}` }} />",
            "<Script>{`var a = 1; b(a)`}</Script>",
            "<Script>{code}</Script>",
            "<Script>{`a(",
            "<script",
            "cript",
        ] {
            assert_eq!(with_inline_scripts(text), text, "{text}");
        }
    }
}
