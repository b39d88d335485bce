//! The text of islands: that of the host with all else made blank.

use super::rewrite::{blank, blank_scripts, loop_head, unescape};
use super::template::directives;
use super::{Form, Island, IslandKind, Islands};
use crate::source::Language;

/// The islands of one scope, joined into one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The grammar that reads it.
    pub language: Language,
    /// The islands in it, in the order of the text.
    pub islands: Vec<Island>,
    /// As many bytes as the host has, and the same lines.
    pub text: String,
}

/// Joins the islands that share a scope. Each is a statement of its own, in the order of the host's text. Handlers, and
/// expressions that stand before a script, run after it; they become functions (`() => (…)`), so that they see what the
/// script declares.
#[must_use]
pub fn programs(text: &str, islands: &Islands) -> Vec<Program> {
    let mut scopes: Vec<Vec<Island>> = Vec::new();
    for island in &islands.list {
        let scope = scopes.iter_mut().find(|scope| scope.first().is_some_and(|first| first.scope == island.scope));
        match scope {
            Some(scope) => scope.push(*island),
            None => scopes.push(vec![*island]),
        }
    }
    let joined = scopes.into_iter().filter_map(|islands| {
        let language = islands.first()?.language;
        Some(Program { language, text: joined(text, &islands), islands })
    });
    joined.collect()
}

/// The text of one island: as many bytes as the host has, all other text blank, line ends kept. The delimiters in the
/// blank text around it are those of its [`Form`].
#[must_use]
pub fn island_text(text: &str, island: &Island) -> String {
    joined(text, std::slice::from_ref(island))
}

fn joined(text: &str, islands: &[Island]) -> String {
    let mut canvas = Canvas { bytes: text.bytes().map(blank).collect(), taken: 0 };
    let scripts = islands.iter().filter(|island| matches!(island.kind, IslandKind::Script { .. }));
    let last_script = scripts.map(|island| island.span.start).max().unwrap_or_default();
    for island in islands {
        let code = island.span.of(text);
        if !code.is_empty() && island.span.start as usize >= canvas.taken {
            canvas.place(island, code, island.span.start < last_script && !code.contains("await"));
        }
    }
    String::from_utf8(canvas.bytes).unwrap_or_default()
}

/// The blank text, and what is put into it.
struct Canvas {
    bytes: Vec<u8>,
    /// Where the island before ends, with its delimiters.
    taken: usize,
}

impl Canvas {
    fn place(&mut self, island: &Island, code: &str, is_early: bool) {
        let (start, end) = (island.span.start as usize, island.span.end as usize);
        let inside = &mut self.bytes[start..end];
        inside.copy_from_slice(code.as_bytes());
        if island.escaped {
            unescape(inside);
        }
        if island.templated {
            directives(inside);
        }
        let is_loop = island.form == Form::Loop && loop_head(inside);
        match island.form {
            Form::Value => blank_scripts(inside),
            Form::Statements | Form::Handler | Form::Loop => {}
        }
        let delimiters: &[Delimiters] = match island.form {
            Form::Statements => &[(b";", b";")],
            Form::Handler => &[(b";()=>{", b"}"), (b";", b";")],
            Form::Loop if is_loop => &[(b";for(var ", b");"), (b";for(var ", b")")],
            Form::Value | Form::Loop if is_early => &[(b";()=>(", b")"), (b";(", b")"), (b";", b";")],
            Form::Value | Form::Loop => &[(b";(", b")"), (b";", b";")],
        };
        self.taken = self.delimit(start, end, delimiters).unwrap_or(end);
    }

    /// Puts the first delimiters for which there is room around `start..end`, and returns where they end. All begin
    /// with a semicolon, since `(a)(b)` would be a call; where the host has `}{` there is room for nothing else.
    fn delimit(&mut self, start: usize, end: usize, delimiters: &[Delimiters]) -> Option<usize> {
        let is_blank = |from: usize, to: usize| {
            self.bytes.get(from..to).is_some_and(|bytes| bytes.iter().all(|&byte| byte == b' '))
        };
        let fits = |(open, close): &&Delimiters| {
            let from = start.checked_sub(open.len()).filter(|&from| from >= self.taken);
            from.is_some_and(|from| is_blank(from, start)) && is_blank(end, end + close.len())
        };
        let (open, close) = delimiters.iter().find(fits)?;
        self.bytes[start - open.len()..start].copy_from_slice(open);
        self.bytes[end..end + close.len()].copy_from_slice(close);
        Some(end + close.len())
    }
}

/// What stands before and after an island.
type Delimiters = (&'static [u8], &'static [u8]);
