//! Tests stand apart: the fake client that a test hands to the program is none that the program has, and what it
//! writes into the program's objects is made up.

use super::{Edge, Question};
use crate::{
    link::project::{FileId, Project},
    trace::graph::{Callee, Site},
};

/// Whether an edge leads from a test into the program, or the other way. What a test calls, it may know.
pub(super) fn is_apart(project: &Project, question: Question, edge: &Edge) -> bool {
    let by_test = project.is_test(home(question));
    match target(edge) {
        Target::File(_) if by_test && matches!(edge, Edge::Callee(..)) => false,
        Target::File(file) => project.is_test(file) != by_test,
        Target::Everywhere => by_test,
        Target::Nothing => false,
    }
}

fn home(question: Question) -> FileId {
    match question {
        Question::Call(call) => call.file,
        Question::Store(file, _) => file,
        Question::Extends(class) => class.file,
    }
}

/// What an edge adds to.
enum Target {
    File(FileId),
    /// Something that all files see.
    Everywhere,
    /// Only the call that was asked about, or a library.
    Nothing,
}

fn target(edge: &Edge) -> Target {
    match edge {
        Edge::Callee(_, Callee::Function { at, .. })
        | Edge::Caller(at, _)
        | Edge::Handed(at, ..)
        | Edge::Store(Site::Made(at), ..)
        | Edge::Copied(Site::Made(at), ..) => Target::File(at.file),
        Edge::Callee(_, Callee::Class(class))
        | Edge::User(class, _)
        | Edge::Extends(_, class)
        | Edge::Store(Site::Instances(class) | Site::Class(class), ..)
        | Edge::Copied(Site::Instances(class) | Site::Class(class), ..) => Target::File(class.file),
        Edge::PartCall(at, ..) | Edge::Store(Site::Value(at), ..) | Edge::Copied(Site::Value(at), ..) => {
            Target::File(at.file)
        }
        Edge::Channel(..) | Edge::Store(Site::Global, ..) | Edge::Copied(Site::Global, ..) => Target::Everywhere,
        Edge::Callee(_, Callee::Handle(_) | Callee::Part(..)) | Edge::Fallback(..) => Target::Nothing,
    }
}
