//! Comments, and what each stands at.
//!
//! Formatters break lines and keep comments next to the code that they were next to. So a comment does not stand at a
//! line but at a piece of code: what follows it, or what it stands behind. Bodies of functions and the content of
//! elements do not belong to that piece: a comment above a component is not about everything in it.

use tree_sitter::{Node, Tree};

use super::lower::span;
use crate::{base::Span, source::Comment};

/// How many nodes are searched for bodies; what is larger counts with its first line only.
const MAX_NODES: usize = 5_000;

/// The comments in which `word` occurs. One pass, because a node finds its sibling by looking at all children of its
/// parent.
pub(super) fn comments(text: &str, tree: &Tree, word: &str) -> Vec<Comment> {
    let mut pass = Pass { text, word, found: Vec::new(), frames: vec![Frame::default()] };
    let mut cursor = tree.walk();
    loop {
        if pass.enter(cursor.node()) && cursor.goto_first_child() {
            pass.frames.push(Frame::default());
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return pass.found;
            }
            pass.leave(cursor.node());
        }
    }
}

struct Pass<'t> {
    text: &'t str,
    word: &'t str,
    found: Vec<Comment>,
    frames: Vec<Frame<'t>>,
}

/// The children of a node, as far as they were met.
#[derive(Default)]
struct Frame<'t> {
    before: Option<Node<'t>>,
    /// Comments that nothing has followed yet.
    waiting: Vec<usize>,
}

impl<'t> Pass<'t> {
    /// Meets a node; says whether to look inside.
    fn enter(&mut self, node: Node<'t>) -> bool {
        if let Some(comment) = comment_of(node) {
            self.comment(comment, node);
            return false;
        }
        let blank = node.kind() == "jsx_text" && span(node).of(self.text).trim().is_empty();
        let Some(frame) = self.frames.last_mut().filter(|_| node.is_named() && !blank) else { return true };
        frame.before = Some(node);
        if !frame.waiting.is_empty() {
            let pieces = pieces(self.text, node);
            frame.waiting.drain(..).for_each(|at| self.found[at].next.clone_from(&pieces));
        }
        true
    }

    fn comment(&mut self, node: Node<'t>, whole: Node<'t>) {
        let Some(frame) = self.frames.last_mut().filter(|_| span(node).of(self.text).contains(self.word)) else {
            return;
        };
        let mut comment = Comment::new(self.text, span(node), span(whole));
        let before = frame.before.filter(|it| it.end_position().row == whole.start_position().row);
        if let Some(before) = before.filter(|_| !comment.here.is_empty()) {
            comment.here.extend(pieces(self.text, before));
        }
        frame.waiting.push(self.found.len());
        self.found.push(comment);
    }

    /// Leaves the children of a node. Where a statement has no semicolon, a comment behind it may be inside of its
    /// node.
    fn leave(&mut self, node: Node<'t>) {
        let Some(frame) = self.frames.pop() else { return };
        let end = span(node).end;
        let open = frame.waiting.into_iter().filter(|at| self.found[*at].whole.end == end);
        if let Some(around) = self.frames.last_mut() {
            around.waiting.extend(open);
        }
    }
}

/// The comment that a node is, or that braces in JSX hold and nothing else.
fn comment_of(node: Node<'_>) -> Option<Node<'_>> {
    if node.kind() == "jsx_expression" && node.named_child_count() == 1 {
        return node.named_child(0).filter(|inner| is_comment(*inner));
    }
    Some(node).filter(|node| is_comment(*node))
}

fn is_comment(node: Node<'_>) -> bool {
    matches!(node.kind(), "comment" | "html_comment")
}

/// Visits a node and what is below it, in the order of the text; not what is below nodes for which `enter` says no.
fn walk<'t>(root: Node<'t>, mut enter: impl FnMut(Node<'t>) -> bool) {
    let mut cursor = root.walk();
    loop {
        if enter(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// The parts of a node's text that are not in a body.
fn pieces(text: &str, node: Node<'_>) -> Vec<Span> {
    let node = if node.kind() == "jsx_element" { node.child(0).unwrap_or(node) } else { node };
    let mut holes = Vec::new();
    let mut left = MAX_NODES;
    walk(node, |inner| {
        left = left.saturating_sub(1);
        if left == 0 {
            return false;
        }
        match inner.kind() {
            "statement_block" | "class_body" | "switch_body" if inner.end_byte() > inner.start_byte() + 1 => {
                holes.push((inner.start_byte() + 1, inner.end_byte() - 1));
                return false;
            }
            "jsx_element" => {
                let children = inner.child_count().checked_sub(1).and_then(|last| inner.child(last));
                if let (Some(open), Some(close)) = (inner.child(0), children) {
                    holes.push((open.end_byte(), close.start_byte()));
                }
            }
            _ => {}
        }
        true
    });
    if left == 0 {
        let line = span(node).of(text).find('\n').unwrap_or(0);
        return vec![bytes(node.start_byte(), node.start_byte() + line)];
    }
    holes.sort_unstable();
    let mut pieces = Vec::new();
    let mut start = node.start_byte();
    for (from, to) in holes.into_iter().chain([(node.end_byte(), node.end_byte())]) {
        if from >= start {
            pieces.push(bytes(start, from));
            start = to;
        }
    }
    pieces
}

fn bytes(start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}
