//! Comments, and what each stands at.
//!
//! Formatters break lines and keep comments next to the code that they were next to. So a comment does not stand at a
//! line but at a piece of code: what follows it, or what it stands behind. Bodies of functions and the content of
//! elements do not belong to that piece: a comment above a component is not about everything in it.

use tree_sitter::{Node, Tree};

use super::lower::span;
use crate::{base::Span, source::Comment};

/// The comments in which `word` occurs.
pub(super) fn comments(text: &str, tree: &Tree, word: &str) -> Vec<Comment> {
    let mut found = Vec::new();
    walk(tree.root_node(), |node| {
        if is_comment(node) && span(node).of(text).contains(word) {
            found.push(comment(text, node));
        }
        true
    });
    found
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

fn comment(text: &str, node: Node<'_>) -> Comment {
    let whole = braced(node);
    let mut comment = Comment::new(text, span(node), span(whole));
    if !comment.here.is_empty()
        && let Some(before) = whole.prev_named_sibling().filter(|it| ends_on_line_of(*it, whole))
    {
        comment.here.extend(pieces(before));
    }
    comment.next = following(text, whole).map(pieces).unwrap_or_default();
    comment
}

fn ends_on_line_of(node: Node<'_>, other: Node<'_>) -> bool {
    node.end_position().row == other.start_position().row
}

/// The braces around a comment in JSX, if they hold nothing else; else the comment.
fn braced(node: Node<'_>) -> Node<'_> {
    let braces = node.parent().filter(|parent| parent.kind() == "jsx_expression" && parent.named_child_count() == 1);
    braces.unwrap_or(node)
}

/// The node that a comment stands before.
fn following<'t>(text: &str, comment: Node<'t>) -> Option<Node<'t>> {
    let passed_over = |node: Node<'_>| {
        is_comment(node)
            || node.kind() == "jsx_text" && span(node).of(text).trim().is_empty()
            || node.kind() == "jsx_expression"
                && node.named_child_count() == 1
                && node.named_child(0).is_some_and(is_comment)
    };
    let mut at = comment;
    loop {
        let mut next = at.next_named_sibling();
        while let Some(node) = next {
            if !passed_over(node) {
                return Some(node);
            }
            next = node.next_named_sibling();
        }
        // Where a statement has no semicolon, a comment behind it may be inside of its node.
        at = at.parent().filter(|parent| at.next_sibling().is_none() && parent.end_byte() == at.end_byte())?;
    }
}

/// The parts of a node's text that are not in a body.
fn pieces(node: Node<'_>) -> Vec<Span> {
    let node = if node.kind() == "jsx_element" { node.child(0).unwrap_or(node) } else { node };
    let mut holes = Vec::new();
    walk(node, |inner| {
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
