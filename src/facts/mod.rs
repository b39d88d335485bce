//! Facts: what one file says, as a graph of "what is this value made of".
//!
//! Facts are plain, owned and serialisable. They depend on the bytes of one file only: no vendor, no other file. Every
//! expression is a [`Value`] that names the values it is made of; local variables are resolved in static single
//! assignment form, so that a [`Value::Read`] points at the definition that reaches it. What crosses functions
//! (captured variables, `this`, stores into objects) is kept by name for the engine to follow.

mod dump;
mod guard;
mod types;

pub use dump::dump;
pub use guard::{Guard, GuardId, Test};
pub use types::{TypeDeclaration, TypeRef};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::base::{Key, Span};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// The id as an index into its table.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A value of one file.
    ValueId,
    /// A function of one file; 0 is the module body.
    FunctionId,
    /// A variable of one file.
    VariableId,
    /// A class of one file.
    ClassId,
    /// An import of one file.
    ImportId,
    /// A type annotation of one file.
    TypeId,
}

/// The body of the module, as a function.
pub const MODULE: FunctionId = FunctionId(0);

/// A literal; its text is kept where it can name something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Literal {
    /// A string without substitutions.
    Text(SmolStr),
    /// A number, as written.
    Number(SmolStr),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`, `undefined`, `void 0`.
    Nothing,
    /// A regular expression.
    Pattern,
}

/// An argument of a call or an element of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What is passed.
    pub value: ValueId,
    /// Whether it stands behind `...`.
    pub spread: bool,
}

/// A part of an object literal, in source order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Property {
    /// `key: value`, a shorthand, a method or a getter (whose value is then a call of the getter's function).
    Keyed {
        /// The key; [`Key::Any`] where it is computed and unknown.
        key: Key,
        /// The computed key, if it is not constant.
        computed: Option<ValueId>,
        /// What is stored.
        value: ValueId,
    },
    /// `...value`
    Spread(ValueId),
}

/// How a callee is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallKind {
    /// `f(x)`
    Call,
    /// `new F(x)`
    New,
    /// `<F x={…} />`: the props are argument 0.
    Jsx,
    /// `` f`…` ``
    Tagged,
}

/// Which argument an object was passed as; [`RECEIVER`] for `this`.
pub type ArgumentIndex = u32;

/// The object on which a method is called, as an [`ArgumentIndex`].
pub const RECEIVER: ArgumentIndex = u32::MAX;

/// What a value is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A constant.
    Literal(Literal),
    /// What a function is called with.
    Parameter {
        /// The function.
        function: FunctionId,
        /// Position among the parameters.
        index: u32,
    },
    /// `this` of a function that has its own.
    This(FunctionId),
    /// `super` of a method.
    Super(FunctionId),
    /// A use of a variable.
    Read {
        /// The variable.
        variable: VariableId,
        /// The definition that reaches this use; `None` where the variable belongs to an outer function.
        value: Option<ValueId>,
    },
    /// A variable that the file does not declare.
    Global(SmolStr),
    /// Something imported.
    Import(ImportId),
    /// `base.key`, `base["key"]`, `const { key } = base`, an element of an iteration.
    Member {
        /// The object.
        base: ValueId,
        /// The key.
        key: Key,
        /// The key's value where it is computed and unknown.
        computed: Option<ValueId>,
    },
    /// `const { a, ...rest } = base`: the object without some keys, or an array from an index on.
    Rest {
        /// The object or array.
        base: ValueId,
        /// The keys that were taken out.
        without: Box<[Key]>,
    },
    /// A call, construction or JSX element.
    Call(Box<Call>),
    /// `await value`, `yield value` as seen from inside.
    Await(ValueId),
    /// An object literal.
    Object(Box<[Property]>),
    /// An array literal.
    Array(Box<[Item]>),
    /// A template string, string concatenation.
    Concat(Box<[ValueId]>),
    /// One of several: a branch, `||`, `??`, a default.
    Choice(Vec<ValueId>),
    /// A function expression or declaration.
    Function(FunctionId),
    /// A class expression or declaration.
    Class(ClassId),
    /// An object after `base.key = value`.
    Update {
        /// The object before.
        base: ValueId,
        /// The key; [`Key::Any`] where it is unknown.
        key: Key,
        /// The key's value where it is computed and unknown.
        computed: Option<ValueId>,
        /// What is stored.
        value: ValueId,
    },
    /// An object after `delete base.key`.
    Remove {
        /// The object before.
        base: ValueId,
        /// The key.
        key: Key,
    },
    /// An object after a call that was given it and may have written to it.
    Passed {
        /// The object before.
        base: ValueId,
        /// The call.
        call: ValueId,
        /// As which argument.
        argument: ArgumentIndex,
    },
    /// What a `catch` is given.
    Caught(Box<[Thrown]>),
    /// `value as T`, `<T>value`
    Typed {
        /// The value.
        value: ValueId,
        /// The type.
        annotation: TypeId,
    },
    /// A boolean, a count, the type of something: tells nothing of its operands.
    Derived,
    /// Something that lowering does not follow.
    Opaque,
}

/// Something by which a `try` or a function may end early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Thrown {
    /// This is thrown.
    Value(ValueId),
    /// What this call enters may throw.
    Call(ValueId),
    /// This promise may be rejected.
    Awaited(ValueId),
}

impl Thrown {
    /// What is thrown, called or awaited.
    #[must_use]
    pub const fn value(self) -> ValueId {
        match self {
            Self::Value(value) | Self::Call(value) | Self::Awaited(value) => value,
        }
    }
}

/// A call, construction or JSX element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What is called.
    pub callee: ValueId,
    /// Its arguments.
    pub arguments: Box<[Item]>,
    /// How.
    pub kind: CallKind,
    /// Type arguments, for `useContext<T>()` and `new Set<T>()`.
    pub types: Box<[TypeId]>,
}

/// A formal parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name; `None` for a pattern.
    pub name: Option<SmolStr>,
    /// Where it stands.
    pub span: Span,
    /// Whether it takes all further arguments.
    pub rest: bool,
    /// Its type.
    pub annotation: Option<TypeId>,
    /// The value that stands for it in the body.
    pub value: ValueId,
}

/// What `this` of a function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Home {
    /// A free function.
    None,
    /// A method of a class.
    Class(ClassId),
    /// A static method of a class.
    Static(ClassId),
    /// A method of an object literal.
    Object(ValueId),
}

/// A function, method, arrow or the module body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// The name it is known by in its file.
    pub name: Option<SmolStr>,
    /// The whole function.
    pub span: Span,
    /// Its name, or its start.
    pub name_span: Span,
    /// Function around it.
    pub parent: Option<FunctionId>,
    /// What `this` is.
    pub home: Home,
    /// Whether it is an arrow function, which has no `this` of its own.
    pub arrow: bool,
    /// Formal parameters.
    pub parameters: Vec<Parameter>,
    /// What it returns.
    pub returns: Vec<ValueId>,
    /// What may leave it as thrown.
    pub throws: Vec<Thrown>,
    /// What it yields.
    pub yields: Vec<ValueId>,
    /// The member that it sets, where an assignment to that is a call of it.
    pub sets: Option<SmolStr>,
    /// Declared result type.
    pub result: Option<TypeId>,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name.
    pub name: SmolStr,
    /// Where it is declared.
    pub span: Span,
    /// The function that it belongs to.
    pub function: FunctionId,
    /// Whether it is a property of the page's global object: a `var` at the top of a classic script.
    pub global: bool,
    /// Its declared type.
    pub annotation: Option<TypeId>,
    /// Every definition, in source order.
    pub writes: Vec<ValueId>,
    /// Definitions made by inner functions, which may run at any time.
    pub outside_writes: Vec<ValueId>,
}

/// What a class member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberKind {
    /// A method: the value is a function.
    Method,
    /// A getter: the value is a function that is called on read.
    Getter,
    /// A setter.
    Setter,
    /// A field: the value is what it starts as.
    Field,
}

/// A member of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassMember {
    /// Its name; private names keep their `#`.
    pub key: SmolStr,
    /// What it is.
    pub kind: MemberKind,
    /// Whether it belongs to the class itself.
    pub is_static: bool,
    /// Function or initial value.
    pub value: ValueId,
    /// Declared type of a field.
    pub annotation: Option<TypeId>,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Its name.
    pub name: Option<SmolStr>,
    /// The whole class.
    pub span: Span,
    /// The superclass.
    pub extends: Option<ValueId>,
    /// Names of implemented interfaces.
    pub implements: Vec<SmolStr>,
    /// Its members, in source order.
    pub members: Vec<ClassMember>,
    /// Its constructor.
    pub constructor: Option<FunctionId>,
}

/// What an import takes from a module.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Imported {
    /// `import x from`
    Default,
    /// `import * as x from`, `import()`
    Namespace,
    /// `require()`, `import x = require()`: a namespace that is the default export where there is no `__esModule`.
    CommonJs,
    /// `import { name } from`
    Named(SmolStr),
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The module specifier as written.
    pub specifier: SmolStr,
    /// What is taken.
    pub name: Imported,
    /// Where.
    pub span: Span,
    /// Whether only types are taken.
    pub type_only: bool,
}

/// What an export hands out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportTarget {
    /// A variable.
    Variable(VariableId),
    /// A value.
    Value(ValueId),
    /// Something of another module.
    From(ImportId),
    /// Every name of another module.
    Star(SmolStr),
}

/// An export. The name is `default` for the default export and `export=` for `module.exports = …`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Exported name.
    pub name: SmolStr,
    /// What it is.
    pub target: ExportTarget,
}

/// The name of `module.exports = …` and `export = …`.
pub const COMMON_JS_EXPORT: &str = "export=";

/// An assignment into an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// The object.
    pub base: ValueId,
    /// The key; [`Key::Any`] where it is unknown.
    pub key: Key,
    /// The key's value where it is computed and unknown.
    pub computed: Option<ValueId>,
    /// What is stored.
    pub value: ValueId,
    /// The assignment.
    pub span: Span,
    /// The function that assigns.
    pub function: FunctionId,
}

/// A comment that the policy may care about, with its delimiters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Where it stands.
    pub span: Span,
}

/// The facts of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// All values.
    pub values: Vec<Value>,
    /// Where each value stands.
    pub spans: Vec<Span>,
    /// The function in which each value is computed.
    pub owners: Vec<FunctionId>,
    /// Tests that decide whether a part of a function runs.
    pub guards: Vec<Guard>,
    /// The innermost guard, from one value on to the next that is listed.
    pub guarded: Vec<(ValueId, Option<GuardId>)>,
    /// All functions; the first is the module body.
    pub functions: Vec<Function>,
    /// All variables.
    pub variables: Vec<Variable>,
    /// All classes.
    pub classes: Vec<Class>,
    /// All imports.
    pub imports: Vec<Import>,
    /// All exports.
    pub exports: Vec<Export>,
    /// All assignments into objects.
    pub stores: Vec<Store>,
    /// All calls, in source order.
    pub calls: Vec<ValueId>,
    /// All type annotations.
    pub types: Vec<TypeRef>,
    /// Interfaces, type aliases and the types of classes.
    pub declarations: Vec<TypeDeclaration>,
    /// Names that the module body declares, with the variable.
    pub names: Vec<(SmolStr, VariableId)>,
    /// Whether some part could not be understood.
    pub partial: bool,
}

impl Facts {
    /// The value with this id.
    #[must_use]
    pub fn value(&self, id: ValueId) -> &Value {
        &self.values[id.index()]
    }

    /// Where a value stands.
    #[must_use]
    pub fn span(&self, id: ValueId) -> Span {
        self.spans[id.index()]
    }

    /// The function with this id.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.index()]
    }

    /// The variable with this id.
    #[must_use]
    pub fn variable(&self, id: VariableId) -> &Variable {
        &self.variables[id.index()]
    }

    /// The class with this id.
    #[must_use]
    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.index()]
    }

    /// The import with this id.
    #[must_use]
    pub fn import(&self, id: ImportId) -> &Import {
        &self.imports[id.index()]
    }

    /// The call that a value is, if it is one.
    #[must_use]
    pub fn call(&self, id: ValueId) -> Option<&Call> {
        match self.value(id) {
            Value::Call(call) => Some(call),
            _ => None,
        }
    }

    /// The text of a string literal, also through uses of constants.
    #[must_use]
    pub fn text(&self, id: ValueId) -> Option<&SmolStr> {
        let mut id = id;
        for _ in 0..8 {
            if let Value::Literal(Literal::Text(text)) = self.value(id) {
                return Some(text);
            }
            id = self.behind(id)?;
        }
        None
    }

    /// The value behind a name or a cast, where it can be no other: the definition that reaches the use, or the only
    /// one that a variable of an outer function ever has.
    #[must_use]
    pub fn behind(&self, id: ValueId) -> Option<ValueId> {
        match self.value(id) {
            Value::Read { value: Some(value), .. } | Value::Typed { value, .. } => Some(*value),
            Value::Read { variable, value: None } => {
                let variable = self.variable(*variable);
                match variable.writes[..] {
                    [only] if variable.outside_writes.is_empty() => Some(only),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
