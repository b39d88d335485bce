//! Changes inside an island that keep its length: what the host's compiler would do before it compiles the code.

/// White space in place of a byte, so that lines stay.
pub(super) const fn blank(byte: u8) -> u8 {
    if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }
}

fn blank_all(bytes: &mut [u8]) {
    for byte in bytes {
        *byte = blank(*byte);
    }
}

/// Decodes character references and keeps the length: an opening quote goes to the end of its reference, all else to
/// the start of the run of references, so that `&amp;&amp;` becomes an operator.
pub(super) fn unescape(code: &mut [u8]) {
    let (mut at, mut quoted) = (0, None);
    // Where the characters of a run of references go.
    let mut to = 0;
    while at < code.len() {
        let Some((character, length)) = reference(&code[at..]) else {
            at += 1;
            to = at;
            continue;
        };
        code[at..at + length].fill(b' ');
        let is_quote = matches!(character, b'"' | b'\'');
        if is_quote && quoted.is_none() {
            quoted = Some(character);
            to = at + length - 1;
        } else if quoted == Some(character) {
            quoted = None;
        }
        code[to] = character;
        to += 1;
        at += length;
    }
}

/// The character reference that `code` starts with, and its length.
fn reference(code: &[u8]) -> Option<(u8, usize)> {
    const REFERENCES: &[(&[u8], u8)] = &[
        (b"&quot;", b'"'),
        (b"&#34;", b'"'),
        (b"&apos;", b'\''),
        (b"&#39;", b'\''),
        (b"&#x27;", b'\''),
        (b"&amp;", b'&'),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
    ];
    let known = REFERENCES.iter().find(|(reference, _)| code.starts_with(reference));
    known.map(|(reference, character)| (*character, reference.len()))
}

/// Blanks the content of `<script>` elements inside an expression with markup: it is an island of its own.
pub(super) fn blank_scripts(code: &mut [u8]) {
    let mut at = 0;
    while let Some(start) = memchr::memmem::find(&code[at..], b"<script").map(|start| at + start)
        && let Some(open) = memchr::memchr(b'>', &code[start..]).map(|open| start + open + 1)
        && let Some(end) = memchr::memmem::find(&code[open..], b"</script").map(|end| open + end)
    {
        blank_all(&mut code[open..end]);
        at = end;
    }
}

/// Turns the loop of `v-for` into the inside of `for (var …)`: `(item, index) in list` becomes `item of list`, since it
/// is the elements that are gone through. The index is lost. False if it is no loop.
pub(super) fn loop_head(code: &mut [u8]) -> bool {
    let separator = code.windows(4).position(|window| {
        let is_word = matches!(&window[1..3], b"in" | b"of");
        is_word && window[0].is_ascii_whitespace() && window[3].is_ascii_whitespace()
    });
    let Some(separator) = separator.filter(|&at| !code[..at].trim_ascii().is_empty()) else { return false };
    code[separator + 1..separator + 3].copy_from_slice(b"of");
    let alias = &mut code[..separator];
    if let (Some(open), Some(close)) = (first_code(alias), alias.iter().rposition(|&byte| byte == b')'))
        && alias[open] == b'('
    {
        alias[open] = b' ';
        blank_all(&mut alias[close..]);
    }
    if let Some(comma) = outer_comma(alias) {
        blank_all(&mut alias[comma..]);
    }
    true
}

fn first_code(code: &[u8]) -> Option<usize> {
    code.iter().position(|byte| !byte.is_ascii_whitespace())
}

/// The offset of the first comma that no bracket encloses.
fn outer_comma(code: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    code.iter().position(|byte| {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *byte == b','
    })
}
