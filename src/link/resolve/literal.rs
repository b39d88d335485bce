//! Reads literal values out of configuration programs, without running them and without a syntax tree.
//!
//! A bundler configuration is a program, yet its aliases are nearly always object literals with strings and a handful
//! of path functions. This reader cuts the text into tokens and evaluates just that: `path.resolve(__dirname, "src")`,
//! `fileURLToPath(new URL("./src", import.meta.url))`, concatenation, constants of the same file. All else is unknown.

use rustc_hash::FxHashMap;

/// Nesting of literals is followed to this depth; real ones have five or six levels.
const MAX_DEPTH: u32 = 24;

/// Constants beyond this number are not looked at.
const MAX_CONSTANTS: usize = 500;

/// A piece of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'t> {
    /// A string literal, escapes undone.
    Text(String),
    /// A template literal, as written between its backquotes.
    Template(&'t str),
    /// The source of a regular expression.
    Pattern(&'t str),
    /// A name, keyword or number.
    Word(&'t str),
    /// `...`
    Spread,
    /// Any other character.
    Mark(u8),
}

/// A value as far as it is literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A path from the directory of the file.
    Path(String),
    /// The source of a regular expression.
    Pattern(String),
    /// An array.
    List(Vec<Value>),
    /// An object, in the order of the text.
    Map(Vec<(String, Value)>),
    /// Not literal.
    Unknown,
}

impl Value {
    /// The member `name` of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Path(text) => Some(text),
            _ => None,
        }
    }

    fn plus(self, other: &Self) -> Self {
        match (&self, other.text()) {
            (Self::Text(text), Some(more)) => Self::Text(format!("{text}{more}")),
            (Self::Path(path), Some(more)) => Self::Path(format!("{path}{more}")),
            _ => Self::Unknown,
        }
    }
}

/// The tokens and constants of one program.
pub struct Program<'t> {
    tokens: Vec<Token<'t>>,
    constants: FxHashMap<&'t str, Value>,
}

impl<'t> Program<'t> {
    /// Cuts up a text; never fails.
    pub fn new(text: &'t str) -> Self {
        let mut program = Self { tokens: tokens(text), constants: FxHashMap::default() };
        let starts = program.tokens.windows(3).enumerate().filter_map(|(at, window)| match window {
            [Token::Word("const" | "let" | "var"), Token::Word(name), Token::Mark(b'=')] => Some((*name, at + 3)),
            _ => None,
        });
        for (name, at) in starts.take(MAX_CONSTANTS).collect::<Vec<_>>() {
            let value = program.value(at);
            if value != Value::Unknown {
                program.constants.insert(name, value);
            }
        }
        program
    }

    /// The tokens, to look for places in.
    pub fn tokens(&self) -> &[Token<'t>] {
        &self.tokens
    }

    /// The value of the expression that starts at token `at`.
    pub fn value(&self, at: usize) -> Value {
        self.sum(at, 0).0
    }

    /// The value of a constant of this file.
    pub fn constant(&self, name: &str) -> Option<&Value> {
        self.constants.get(name)
    }

    /// The values between the parenthesis at token `at` and its partner.
    pub fn arguments(&self, at: usize) -> Vec<Value> {
        self.list(at + 1, b')', 0).0
    }

    fn is(&self, at: usize, mark: u8) -> bool {
        self.tokens.get(at) == Some(&Token::Mark(mark))
    }

    fn word(&self, at: usize) -> Option<&'t str> {
        if let Some(Token::Word(word)) = self.tokens.get(at) { Some(word) } else { None }
    }

    /// An expression and the index of the `,` or bracket that ends it.
    fn expression(&self, at: usize, depth: u32) -> (Value, usize) {
        let (value, after) = self.sum(at, depth);
        (value, self.end(after))
    }

    fn sum(&self, at: usize, depth: u32) -> (Value, usize) {
        let (mut value, mut at) = self.operand(at, depth);
        while self.is(at, b'+') {
            let (more, after) = self.operand(at + 1, depth);
            (value, at) = (value.plus(&more), after);
        }
        (value, at)
    }

    fn operand(&self, at: usize, depth: u32) -> (Value, usize) {
        let unknown = (Value::Unknown, at);
        if depth >= MAX_DEPTH {
            return unknown;
        }
        match self.tokens.get(at) {
            Some(Token::Text(text)) => (Value::Text(text.clone()), at + 1),
            Some(Token::Template(text)) => (self.template(text), at + 1),
            Some(Token::Pattern(source)) => (Value::Pattern((*source).to_owned()), at + 1),
            Some(Token::Mark(b'{')) => self.object(at + 1, depth + 1),
            Some(Token::Mark(b'[')) => {
                let (items, after) = self.list(at + 1, b']', depth + 1);
                (Value::List(items), after)
            }
            Some(Token::Mark(b'(')) => {
                let (value, after) = self.expression(at + 1, depth + 1);
                (value, after + usize::from(self.is(after, b')')))
            }
            Some(Token::Word("new" | "await")) => self.operand(at + 1, depth + 1),
            Some(Token::Word(_)) => self.chain(at, depth + 1),
            _ => unknown,
        }
    }

    /// `a.b.c` or `a.b(…)`, and members of what that gives, which change nothing: `.pathname`, `.toString()`.
    fn chain(&self, at: usize, depth: u32) -> (Value, usize) {
        let mut names = vec![self.word(at).unwrap_or_default()];
        let mut at = at + 1;
        while let (true, Some(name)) = (self.is(at, b'.'), self.word(at + 1)) {
            names.push(name);
            at += 2;
        }
        if !self.is(at, b'(') {
            return (self.named(&names), at);
        }
        let (arguments, mut at) = self.list(at + 1, b')', depth);
        while self.is(at, b'.') && self.word(at + 1).is_some() {
            at += 2;
            if self.is(at, b'(') {
                at = self.end(at + 1) + 1;
            }
        }
        (called(&names, arguments), at)
    }

    fn named(&self, names: &[&str]) -> Value {
        match names {
            ["__dirname"] | ["import", "meta", "dirname" | "dir"] => Value::Path(String::new()),
            [name] => self.constant(name).cloned().unwrap_or(Value::Unknown),
            [object, member] => {
                self.constant(object).and_then(|object| object.get(member)).cloned().unwrap_or(Value::Unknown)
            }
            _ => Value::Unknown,
        }
    }

    /// A template in which each `${…}` is a name.
    fn template(&self, text: &str) -> Value {
        let mut value = Value::Text(String::new());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else { return Value::Unknown };
            let inserted = self.named(&name.trim().split('.').collect::<Vec<_>>());
            value = match (value.plus(&Value::Text(before.to_owned())), inserted) {
                (Value::Text(start), Value::Path(path)) if start.is_empty() => Value::Path(path),
                (value, inserted) => value.plus(&inserted),
            };
            rest = after;
        }
        value.plus(&Value::Text(rest.to_owned()))
    }

    /// The items up to the closing bracket, and the index after it.
    fn list(&self, mut at: usize, close: u8, depth: u32) -> (Vec<Value>, usize) {
        let mut items = Vec::new();
        while at < self.tokens.len() && !self.is(at, close) {
            let (value, after) = self.expression(at, depth + 1);
            items.push(value);
            at = after + usize::from(self.is(after, b','));
            if after == at && !self.is(at, close) {
                break;
            }
        }
        (items, at + 1)
    }

    /// The entries up to the closing brace, and the index after it.
    fn object(&self, mut at: usize, depth: u32) -> (Value, usize) {
        let mut entries = Vec::new();
        while at < self.tokens.len() && !self.is(at, b'}') {
            let after = self.entry(at, depth, &mut entries);
            at = after + usize::from(self.is(after, b','));
            if after == at && !self.is(at, b'}') {
                break;
            }
        }
        (Value::Map(entries), at + 1)
    }

    /// Reads one `key: value`, `key`, `[key]: value` or `...spread`; gives the index of what ends it.
    fn entry(&self, at: usize, depth: u32, entries: &mut Vec<(String, Value)>) -> usize {
        let (key, after) = match self.tokens.get(at) {
            Some(Token::Spread) => {
                let (value, after) = self.expression(at + 1, depth);
                if let Value::Map(more) = value {
                    entries.extend(more);
                }
                return after;
            }
            Some(Token::Text(text)) => (text.clone(), at + 1),
            Some(Token::Word(word)) => ((*word).to_owned(), at + 1),
            Some(Token::Mark(b'[')) => {
                let (key, after) = self.expression(at + 1, depth);
                (key.text().unwrap_or_default().to_owned(), after + 1)
            }
            _ => return self.end(at + 1),
        };
        if self.is(after, b':') {
            let (value, after) = self.expression(after + 1, depth);
            entries.push((key, value));
            return after;
        }
        if self.is(after, b',') || self.is(after, b'}') {
            entries.push((key.clone(), self.constant(&key).cloned().unwrap_or(Value::Unknown)));
        }
        self.end(after)
    }

    /// The index of the next `,` or closing bracket that belongs to what is open at `at`.
    fn end(&self, mut at: usize) -> usize {
        let mut open = 0_usize;
        while let Some(token) = self.tokens.get(at) {
            match token {
                Token::Mark(b'(' | b'[' | b'{') => open += 1,
                Token::Mark(b')' | b']' | b'}' | b',' | b';') if open == 0 => break,
                Token::Mark(b')' | b']' | b'}') => open -= 1,
                _ => {}
            }
            at += 1;
        }
        at
    }
}

/// What a call gives, by the last names of its callee.
fn called(names: &[&str], mut arguments: Vec<Value>) -> Value {
    let is_require = names.first() == Some(&"require");
    match (names.last().copied().unwrap_or_default(), arguments.as_slice()) {
        ("cwd" | "dirname", _) => Value::Path(String::new()),
        ("resolve", [Value::Text(text)]) if is_require => Value::Text(text.clone()),
        ("resolve" | "join" | "normalize", _) => joined(&arguments),
        ("assign", _) => merged(arguments),
        (_, [Value::Map(_)]) => arguments.remove(0),
        // `new URL("./src", import.meta.url)`, and the project's own `resolve = dir => path.join(__dirname, dir)`.
        (_, [Value::Text(path) | Value::Path(path), ..]) => Value::Path(path.clone()),
        _ => Value::Unknown,
    }
}

/// The path of several parts. A start that is not literal is taken for the directory of the file.
fn joined(parts: &[Value]) -> Value {
    let known = if matches!(parts, [Value::Unknown, _, ..]) { &parts[1..] } else { parts };
    let parts: Option<Vec<_>> = known.iter().map(Value::text).collect();
    parts.map_or(Value::Unknown, |parts| Value::Path(parts.join("/")))
}

fn merged(objects: Vec<Value>) -> Value {
    let entries =
        objects.into_iter().filter_map(|object| if let Value::Map(entries) = object { Some(entries) } else { None });
    Value::Map(entries.flatten().collect())
}

/// Cuts a program into tokens.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(&byte) = bytes.get(at) {
        let rest = &text[at..];
        at += match byte {
            _ if byte.is_ascii_whitespace() => 1,
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            b'"' | b'\'' => {
                let (string, length) = string(rest, byte);
                tokens.push(Token::Text(string));
                length
            }
            b'`' => {
                let length = closing(&bytes[at..], b'`');
                tokens.push(Token::Template(inner(rest, length)));
                length
            }
            b'/' if expects_operand(tokens.last()) => {
                let length = closing(&bytes[at..], b'/');
                tokens.push(Token::Pattern(inner(rest, length)));
                length + bytes[at + length..].iter().take_while(|flag| flag.is_ascii_alphabetic()).count()
            }
            b'.' if rest.starts_with("...") => {
                tokens.push(Token::Spread);
                3
            }
            _ if is_word(byte) => {
                let length = rest.bytes().take_while(|&byte| is_word(byte)).count();
                tokens.push(Token::Word(&rest[..length]));
                length
            }
            _ => {
                tokens.push(Token::Mark(byte));
                1
            }
        };
    }
    tokens
}

/// Words take all of ASCII's letters and every byte beyond ASCII, so that they end between characters.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || !byte.is_ascii()
}

/// Whether a slash after this token starts a regular expression.
fn expects_operand(last: Option<&Token<'_>>) -> bool {
    match last {
        None | Some(Token::Spread) => true,
        Some(Token::Mark(mark)) => !matches!(mark, b')' | b']' | b'}'),
        Some(Token::Word(word)) => *word == "return",
        Some(_) => false,
    }
}

/// Length of a quoted piece with both quotes.
fn closing(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        at += if byte == b'\\' { 2 } else { 1 };
        if byte == quote {
            return at;
        }
    }
    bytes.len()
}

fn inner(text: &str, length: usize) -> &str {
    text.get(1..length.saturating_sub(1)).unwrap_or_default()
}

fn string(text: &str, quote: u8) -> (String, usize) {
    let length = closing(text.as_bytes(), quote);
    let mut string = String::new();
    let mut characters = inner(text, length).chars();
    while let Some(character) = characters.next() {
        string.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    (string, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &Value) {
        assert_eq!(&Program::new(text).value(0), expect, "{text}");
    }

    #[test]
    fn paths() {
        let path = |path: &str| Value::Path(path.to_owned());
        for (text, expect) in [
            ("path.resolve(__dirname, 'src')", "/src"),
            ("path.join(__dirname, '..', \"src\", 'lib')", "/../src/lib"),
            ("resolve(root, 'src')", "src"),
            ("fileURLToPath(new URL('./src', import.meta.url))", "./src"),
            ("new URL('./src/', import.meta.url).pathname", "./src/"),
            ("path.resolve(process.cwd(), 'src')", "/src"),
            ("`${__dirname}/src`", "/src"),
            ("__dirname + '/src'", "/src"),
            ("dir('src')", "src"),
            ("path.resolve(path.dirname(fileURLToPath(import.meta.url)), 'src').replace(/x/g, 'y')", "/src"),
        ] {
            check(text, &path(expect));
        }
    }

    #[test]
    fn everything_else() {
        let text = |text: &str| Value::Text(text.to_owned());
        check("'a\\'b'", &text("a'b"));
        check("require.resolve('preact/compat')", &text("preact/compat"));
        check("/^@\\/(.*)$/", &Value::Pattern("^@\\/(.*)$".to_owned()));
        check("['a', b, 1]", &Value::List(vec![text("a"), Value::Unknown, Value::Unknown]));
        let map = Value::Map(vec![("a".into(), text("x")), ("b-c".into(), text("y")), ("d".into(), Value::Unknown)]);
        check("{ a: 'x', /* c */ 'b-c': \"y\", d: f(), get e() { return { z: 1 } }, }", &map);
        check("{ ...{ a: 'x' }, ['b-c']: 'y', d }", &map);
        check("Object.assign({ a: 'x' }, { 'b-c': 'y' }, { d: e })", &map);
    }

    #[test]
    fn constants_are_seen() {
        let program =
            Program::new("const src = path.resolve(__dirname, 'src');\nexport default { a: `${src}/lib`, src }");
        let at = program.tokens().iter().rposition(|token| *token == Token::Mark(b'{')).unwrap();
        let path = |path: &str| Value::Path(path.to_owned());
        assert_eq!(program.value(at), Value::Map(vec![("a".into(), path("/src/lib")), ("src".into(), path("/src"))]));
    }

    #[test]
    fn any_text_ends() {
        for text in ["{", "[[[", "a(", "'", "`${", "/", "{ a: ", "{ ] }", "é/*", "\\", "((((", "...", "{,,}", "[,]"] {
            Program::new(text).value(0);
        }
        Program::new(&"[".repeat(100_000)).value(0);
        Program::new(&"const a=(".repeat(1_000)).value(0);
    }
}
