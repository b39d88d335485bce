//! Records that a project describes outside its code: models of a Prisma schema, types and queries of GraphQL.
//!
//! Both languages are names, punctuation and braces to this reader. What it does not understand it skips: a record
//! that is not known is better than one that is guessed.

use std::collections::BTreeMap;

use smol_str::SmolStr;

/// How deep the braces of a query are read.
const MAX_DEPTH: usize = 12;

/// Names that stand for records, with their fields and the names of the fields' types.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schemas {
    /// Models, types and inputs.
    pub models: BTreeMap<SmolStr, Vec<(SmolStr, SmolStr)>>,
    /// GraphQL fragments.
    pub fragments: BTreeMap<SmolStr, Vec<Selection>>,
}

/// A field that a GraphQL query asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The name under which the answer holds it; empty for a fragment that is written in place.
    pub key: SmolStr,
    /// The fragment whose fields are meant, instead of a field.
    pub fragment: Option<SmolStr>,
    /// Fields of the field.
    pub inner: Vec<Selection>,
}

impl Schemas {
    /// Adds the models of a `.prisma` file.
    pub fn add_prisma(&mut self, text: &str) {
        let mut model: Option<SmolStr> = None;
        for line in text.lines() {
            let line = line.split("//").next().unwrap_or_default().trim();
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), &model) {
                (Some("model" | "type" | "view"), Some(name), None) if line.ends_with('{') => {
                    model = Some(name.trim_end_matches('{').into());
                }
                (Some(first), _, Some(_)) if first.starts_with('}') => model = None,
                (Some(field), Some(kind), Some(name)) if field.starts_with(char::is_alphabetic) => {
                    let kind = kind.trim_end_matches(['?', '[', ']', '!']);
                    self.models.entry(name.clone()).or_default().push((field.into(), kind.into()));
                }
                _ => {}
            }
        }
    }

    /// Adds the types and fragments of GraphQL text, and gives what its operations ask for.
    pub fn add_graphql(&mut self, text: &str) -> Vec<Selection> {
        let tokens = tokens(text);
        let mut reader = Reader { tokens: &tokens, at: 0 };
        let mut asked = Vec::new();
        while let Some(token) = reader.next() {
            match token {
                "type" | "interface" | "input" => {
                    let Some(name) = reader.next() else { break };
                    if reader.opens() {
                        let fields = reader.fields();
                        self.models.entry(name.into()).or_default().extend(fields);
                    }
                }
                "fragment" => {
                    let Some(name) = reader.next() else { break };
                    if reader.opens() {
                        let fields = reader.selections();
                        self.fragments.insert(name.into(), fields);
                    }
                }
                "query" | "mutation" | "subscription" if reader.opens() => asked.extend(reader.selections()),
                "{" => asked.extend(reader.selections()),
                _ => {}
            }
        }
        asked
    }
}

/// Words that start a definition of a GraphQL document.
const DEFINITIONS: &[&str] = &[
    "type",
    "interface",
    "input",
    "fragment",
    "query",
    "mutation",
    "subscription",
    "enum",
    "union",
    "scalar",
    "schema",
    "extend",
    "directive",
];

/// Names and punctuation; strings, comments and commas are left out.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' => quoted(rest),
            _ if is_name(first) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            '.' if rest.starts_with("...") => 3,
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        if !matches!(first, '#' | '"' | ',') && !first.is_whitespace() {
            tokens.push(token);
        }
        rest = after;
    }
    tokens
}

fn is_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The length of the string that a text starts with.
fn quoted(text: &str) -> usize {
    let mark = if text.starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
    text[mark.len()..].find(mark).map_or(text.len(), |end| end + 2 * mark.len())
}

struct Reader<'t> {
    tokens: &'t [&'t str],
    at: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<&'t str> {
        let token = self.tokens.get(self.at).copied();
        self.at += 1;
        token
    }

    fn peek(&self) -> &'t str {
        self.tokens.get(self.at).copied().unwrap_or_default()
    }

    /// Skips to behind the brace that opens a definition's body; false if the next definition comes first.
    fn opens(&mut self) -> bool {
        while self.at < self.tokens.len() {
            match self.peek() {
                "(" => self.skip("(", ")"),
                "{" => {
                    self.at += 1;
                    return true;
                }
                token
                    if DEFINITIONS.contains(&token)
                        && self.tokens.get(self.at + 1).is_some_and(|next| *next != ":") =>
                {
                    return false;
                }
                _ => self.at += 1,
            }
        }
        false
    }

    /// Skips what stands between a pair of brackets, which starts here.
    fn skip(&mut self, open: &str, close: &str) {
        let mut depth = 0usize;
        while let Some(token) = self.next() {
            if token == open {
                depth += 1;
            } else if token == close {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// `name(arguments): Type! @directive` until the closing brace.
    fn fields(&mut self) -> Vec<(SmolStr, SmolStr)> {
        let mut fields = Vec::new();
        while let Some(name) = self.next() {
            match (name, self.peek()) {
                ("}", _) => break,
                ("@", _) => self.directive(),
                (_, "(") => {
                    self.skip("(", ")");
                    self.field(name, &mut fields);
                }
                _ => self.field(name, &mut fields),
            }
        }
        fields
    }

    fn field(&mut self, name: &str, fields: &mut Vec<(SmolStr, SmolStr)>) {
        if self.peek() != ":" {
            return;
        }
        self.at += 1;
        while matches!(self.peek(), "[") {
            self.at += 1;
        }
        let kind = self.next().unwrap_or_default();
        while matches!(self.peek(), "]" | "!") {
            self.at += 1;
        }
        if self.peek() == "=" {
            self.at += 2;
        }
        fields.push((name.into(), kind.into()));
    }

    fn directive(&mut self) {
        self.at += 1;
        if self.peek() == "(" {
            self.skip("(", ")");
        }
    }

    /// What stands between the braces of a query, of which the first was read.
    fn selections(&mut self) -> Vec<Selection> {
        let mut open: Vec<Selection> = vec![Selection::default()];
        while let Some(token) = self.next() {
            let depth = open.len();
            let Some(innermost) = open.last_mut() else { break };
            match token {
                "{" if depth > MAX_DEPTH => {
                    self.at -= 1;
                    self.skip("{", "}");
                }
                "{" => {
                    let field = innermost.inner.pop().unwrap_or_default();
                    open.push(field);
                }
                "}" => {
                    let Some(closed) = open.pop() else { break };
                    match open.last_mut() {
                        Some(outer) => outer.inner.push(closed),
                        None => return closed.inner,
                    }
                }
                "(" => {
                    self.at -= 1;
                    self.skip("(", ")");
                }
                "@" => self.directive(),
                // `alias: field`
                ":" => self.at += 1,
                "..." => innermost.inner.push(self.fragment()),
                // `${fragment}` of a template.
                "$" if self.peek() == "{" => self.skip("{", "}"),
                name if name.starts_with(is_name) => {
                    innermost.inner.push(Selection { key: name.into(), ..Selection::default() });
                }
                _ => {}
            }
        }
        open.into_iter().next().map(|outer| outer.inner).unwrap_or_default()
    }

    /// What follows `...`.
    fn fragment(&mut self) -> Selection {
        match self.peek() {
            "on" => {
                self.at += 2;
                Selection::default()
            }
            name if name.starts_with(is_name) => {
                self.at += 1;
                Selection { fragment: Some(name.into()), ..Selection::default() }
            }
            _ => Selection::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(selections: &[Selection]) -> String {
        let parts = selections.iter().map(|field| {
            let name = field.fragment.as_ref().map_or_else(|| field.key.to_string(), |name| format!("...{name}"));
            if field.inner.is_empty() { name } else { format!("{name}{{{}}}", shown(&field.inner)) }
        });
        parts.collect::<Vec<_>>().join(" ")
    }

    fn models(schemas: &Schemas) -> String {
        let models = schemas.models.iter().map(|(name, fields)| {
            let fields: Vec<_> = fields.iter().map(|(name, kind)| format!("{name}:{kind}")).collect();
            format!("{name}({})", fields.join(" "))
        });
        models.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn prisma_models() {
        for (text, expect) in [
            (
                "model User {\n  id String @id\n  email String? // private\n  posts Post[]\n\n  @@index([email])\n}",
                "User(id:String email:String posts:Post)",
            ),
            ("enum Role {\n  ADMIN\n}\nmodel A {\n /// doc\n b B\n}", "A(b:B)"),
            ("generator client {\n provider = \"x\"\n}\nmodel Broken {", ""),
        ] {
            let mut schemas = Schemas::default();
            schemas.add_prisma(text);
            assert_eq!(models(&schemas), expect, "{text}");
        }
    }

    #[test]
    fn graphql_documents() {
        for (text, types, asked) in [
            (
                "type User implements N @key(f: \"id\") { id: ID! name(f: Int = 1): String emails: [String!]! }",
                "User(id:ID name:String emails:String)",
                "",
            ),
            (
                "\"\"\"Doc { \"\"\" input Sign { email: String = \"x\" @lower, age: Int }",
                "Sign(email:String age:Int)",
                "",
            ),
            (
                "query Q($id: ID!) { me: viewer(id: $id) { id ...Parts ... on User { email } } }",
                "",
                "me{id ...Parts {email}}",
            ),
            ("{ a @skip(if: true) b { c { d } } }", "", "a b{c{d}}"),
            ("union U = A | B type A { b: B }", "A(b:B)", ""),
            ("query Open { a { b", "", ""),
        ] {
            let mut schemas = Schemas::default();
            let selections = schemas.add_graphql(text);
            assert_eq!((models(&schemas).as_str(), shown(&selections).as_str()), (types, asked), "{text}");
        }
    }

    #[test]
    fn fragments() {
        let mut schemas = Schemas::default();
        schemas.add_graphql("fragment Parts on User { id email } ${OTHER}");
        assert_eq!(shown(&schemas.fragments["Parts"]), "id email");
    }
}
