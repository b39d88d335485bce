//! File names as addresses.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What stands for something else in a relative URI reference; the slash between folders stays.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'*')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A path relative to the root as a relative URI reference.
pub fn uri(file: &str) -> String {
    utf8_percent_encode(file, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_relative_references() {
        let check = |file: &str, expected: &str| assert_eq!(uri(file), expected);
        check("src/app.ts", "src/app.ts");
        check("a b/[id]/(x)/#1%.ts", "a%20b/%5Bid%5D/%28x%29/%231%25.ts");
        check("c:\\x\n\u{202e}é", "c%3A%5Cx%0A%E2%80%AE%C3%A9");
    }
}
