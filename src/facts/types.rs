//! Type annotations, as far as they tell what a value holds or which class implements it.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::base::Span;

/// A type annotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypeRef {
    /// `Name<Args>`, `ns.Name`; built-in types have their own name (`string`).
    Named(SmolStr, Vec<TypeRef>),
    /// `{ key: T }`
    Object(Vec<(SmolStr, TypeRef)>),
    /// `T[]`, a tuple (of the union of its elements).
    Array(Box<TypeRef>),
    /// `A | B`, `A & B`
    Several(Vec<TypeRef>),
    /// `typeof value`
    TypeOf(SmolStr),
    /// `T["key"]`
    Indexed(Box<TypeRef>, SmolStr),
    /// A function type: its parameters and result.
    Function(Vec<TypeRef>, Box<TypeRef>),
    /// A literal type.
    Literal,
    /// Anything else.
    Unknown,
}

/// An interface, a type alias or the type side of a class or schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeDeclaration {
    /// Its name.
    pub name: SmolStr,
    /// Where it is declared.
    pub span: Span,
    /// Own members, for an interface; or the aliased type as the only element of `extends`.
    pub members: Vec<(SmolStr, TypeRef)>,
    /// What it extends or stands for.
    pub extends: Vec<TypeRef>,
}
