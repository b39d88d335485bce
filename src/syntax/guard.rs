//! Conditions: what is known of parameters where one holds, and where it does not.

use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    lower::{Lower, children},
};
use crate::facts::{Guard, GuardId, Literal, Test, Value, ValueId};

/// How many uses and members are looked through for the parameter behind a tested value.
const REACH: usize = 16;

/// Something that is known of a value.
#[derive(Debug, Clone)]
pub(super) struct Known {
    value: ValueId,
    test: Test,
    holds: bool,
}

/// A condition, and what is known where it holds and where it does not.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) value: ValueId,
    pub(super) yes: Vec<Known>,
    pub(super) no: Vec<Known>,
}

impl Default for Condition {
    fn default() -> Self {
        Self::plain(ValueId(0))
    }
}

impl Condition {
    const fn plain(value: ValueId) -> Self {
        Self { value, yes: Vec::new(), no: Vec::new() }
    }
}

impl<'t> Lower<'t> {
    /// A condition, and what it tells.
    pub(super) fn condition(&mut self, node: Node<'t>) -> Condition {
        let mut told = Condition::default();
        let value = self.nested(node, |lower| {
            told = lower.tested(node);
            told.value
        });
        Condition { value, ..told }
    }

    /// The same, one level less deep.
    pub(super) fn tested(&mut self, node: Node<'t>) -> Condition {
        let operator = node.field(Field::Operator).map_or("", |operator| operator.kind());
        match (node.kind(), operator) {
            ("parenthesized_expression", _) => match children(node).first() {
                Some(&inner) => self.condition(inner),
                None => Condition::plain(self.opaque(node)),
            },
            ("unary_expression", "!") => {
                let Some(argument) = node.field(Field::Argument) else {
                    return Condition::plain(self.opaque(node));
                };
                let Condition { yes, no, .. } = self.condition(argument);
                Condition { value: self.add(Value::Derived, node), yes: no, no: yes }
            }
            ("binary_expression", "&&" | "||") => self.both(node, operator == "&&"),
            ("binary_expression", "===" | "==") => self.compared(node, true),
            ("binary_expression", "!==" | "!=") => self.compared(node, false),
            _ => {
                let value = self.expression(node);
                let of = |holds| Known { value, test: Test::Truthy, holds };
                if self.is_given(value) {
                    return Condition { value, yes: vec![of(true)], no: vec![of(false)] };
                }
                Condition::plain(value)
            }
        }
    }

    /// `a && b`, `a || b`: the right side is computed only if the left one says so.
    fn both(&mut self, node: Node<'t>, and: bool) -> Condition {
        let (Some(left), Some(right)) = (node.field(Field::Left), node.field(Field::Right)) else {
            return Condition::plain(self.opaque(node));
        };
        let left = self.condition(left);
        let mut told = Condition::default();
        let way = self.branch(|lower| {
            lower.assume(if and { &left.yes } else { &left.no });
            told = lower.condition(right);
        });
        self.join(vec![Self::unchanged(), way], node);
        let joined = |left: Vec<Known>, right: Vec<Known>| left.into_iter().chain(right).collect();
        if and {
            // What is falsy on the left of `&&` identifies nobody.
            let no = self.either(&left.no, &told.no);
            return Condition { value: told.value, yes: joined(left.yes, told.yes), no };
        }
        let value = self.choice(vec![left.value, told.value], node);
        Condition { value, yes: self.either(&left.yes, &told.yes), no: joined(left.no, told.no) }
    }

    /// What is known where one of two things is: `kind === "sent" || kind === "read"`.
    fn either(&self, left: &[Known], right: &[Known]) -> Vec<Known> {
        let ([left], [right]) = (left, right) else { return Vec::new() };
        match (&left.test, &right.test) {
            (Test::OneOf(these), Test::OneOf(those))
                if left.holds && right.holds && self.is_same(left.value, right.value) =>
            {
                let all = these.iter().chain(those).copied().collect();
                vec![Known { value: left.value, test: Test::OneOf(all), holds: true }]
            }
            _ => Vec::new(),
        }
    }

    fn compared(&mut self, node: Node<'t>, equal: bool) -> Condition {
        let (Some(left), Some(right)) = (node.field(Field::Left), node.field(Field::Right)) else {
            return Condition::plain(self.opaque(node));
        };
        if let Some((tested, kind)) = typeof_test(left, right).or_else(|| typeof_test(right, left)) {
            let (value, test) = (self.expression(tested), Test::Kind(self.string(kind)));
            let given = self.is_given(value);
            let of = |holds| given.then(|| Known { value, test: test.clone(), holds }).into_iter().collect();
            return Condition { value: self.add(Value::Derived, node), yes: of(equal), no: of(!equal) };
        }
        let (left, right) = (self.expression(left), self.expression(right));
        let told = [(left, right), (right, left)].into_iter().find(|(value, _)| self.is_given(*value));
        let of = |holds: bool| told.map(|(value, other)| Known { value, test: Test::OneOf([other].into()), holds });
        Condition {
            value: self.add(Value::Derived, node),
            yes: of(equal).into_iter().collect(),
            no: of(!equal).into_iter().collect(),
        }
    }

    /// That a value is one of some others, or is none of them; `None` where callers do not decide that.
    pub(super) fn known(&self, value: ValueId, others: Vec<ValueId>, holds: bool) -> Option<Known> {
        let test = Test::OneOf(others.into_boxed_slice());
        self.is_given(value).then_some(Known { value, test, holds })
    }

    /// From here on, to the end of the branch, these are the case.
    pub(super) fn assume(&mut self, known: &[Known]) {
        for Known { value, test, holds } in known.iter().cloned() {
            let id = GuardId(u32::try_from(self.facts.guards.len()).unwrap_or(u32::MAX));
            self.facts.guards.push(Guard { value, test, holds, outer: self.guard });
            self.guard = Some(id);
        }
    }

    /// A value, or nothing where its test says that it is empty: `if (!user) return user`. Not so what another function
    /// declares: it may have been written since, and that is not seen here.
    pub(super) fn unless_empty(&mut self, value: ValueId, node: Node<'t>) -> ValueId {
        if self.guard.is_none() || self.is_captured(value) {
            return value;
        }
        let is_nothing =
            |other: &ValueId| matches!(self.facts.value(self.strip(*other)), Value::Literal(Literal::Nothing));
        let empty = self.facts.guards_from(self.guard).take(REACH).any(|guard| {
            let says_so = match &guard.test {
                Test::Truthy => !guard.holds,
                Test::OneOf(others) => guard.holds && others.iter().all(is_nothing),
                Test::Kind(kind) => guard.holds && kind == "undefined",
            };
            says_so && self.is_same(guard.value, value)
        });
        if empty { self.nothing(node) } else { value }
    }

    /// Whether a value is a variable of another function, or a part of one.
    fn is_captured(&self, mut value: ValueId) -> bool {
        loop {
            value = match self.facts.value(self.strip(value)) {
                Value::Member { base, .. } => *base,
                Value::Read { value: None, .. } => return true,
                _ => return false,
            };
        }
    }

    /// Whether callers decide what a value is: a parameter, or a part of one.
    fn is_given(&self, mut value: ValueId) -> bool {
        for _ in 0..REACH {
            value = match self.facts.value(value) {
                Value::Parameter { .. } => return true,
                Value::Member { base, computed: None, .. } => *base,
                Value::Choice(options) => match options.first() {
                    Some(first) => *first,
                    None => return false,
                },
                _ => match self.facts.behind(value) {
                    Some(behind) => behind,
                    None => return false,
                },
            };
        }
        false
    }

    /// Whether two uses are of the same value.
    fn is_same(&self, left: ValueId, right: ValueId) -> bool {
        let (left, right) = (self.strip(left), self.strip(right));
        match (self.facts.value(left), self.facts.value(right)) {
            (Value::Member { base, key, computed: None }, Value::Member { base: other, key: same, computed: None }) => {
                key == same && self.is_same(*base, *other)
            }
            (Value::Read { variable, value: None }, Value::Read { variable: other, value: None }) => variable == other,
            _ => left == right,
        }
    }
}

/// What is tested, and the text that it is compared with: `typeof value === "string"`.
fn typeof_test<'t>(left: Node<'t>, right: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
    let is_typeof = left.kind() == "unary_expression" && left.field(Field::Operator)?.kind() == "typeof";
    let tested = left.field(Field::Argument)?;
    (is_typeof && right.kind() == "string").then_some((tested, right))
}
