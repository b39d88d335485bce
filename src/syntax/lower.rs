//! The state of lowering one file: the facts so far, and which definition of each variable is in force.
//!
//! JavaScript is structured (no `goto`), so static single assignment form needs no control-flow graph: a branch is
//! lowered against a copy of the environment (an undo log), and where branches meet, a choice is made of what differs.
//! A loop gives each variable that is read in it a choice on first read, completed when the body ends: the incomplete
//! phi functions of Braun et al., "Simple and Efficient Construction of Static Single Assignment Form" (CC 2013).

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use tree_sitter::{Node, Tree};

use crate::{
    base::{Key, Span},
    facts::{
        CallKind, Facts, Function, FunctionId, GuardId, Home, Item, Literal, MODULE, Property, Thrown, TypeId, TypeRef,
        Value, ValueId, Variable, VariableId,
    },
};

/// How deep lowering follows nested syntax. Real code stays under 200; beyond it a value is opaque and the file
/// partial, so that hostile nesting costs no stack.
const MAX_DEPTH: u32 = 600;

/// How many variables of a function are searched for aliases of a mutated object.
const MAX_ALIASES: usize = 200;

pub(super) struct Lower<'t> {
    pub(super) text: &'t str,
    pub(super) facts: Facts,
    pub(super) scopes: Vec<Scope>,
    pub(super) frames: Vec<Frame>,
    pub(super) has_var: bool,
    /// The innermost guard of the code at hand.
    pub(super) guard: Option<GuardId>,
    current: Vec<Option<ValueId>>,
    log: Vec<(VariableId, Option<ValueId>)>,
    depth: u32,
}

/// The names of one block.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) names: FxHashMap<SmolStr, VariableId>,
}

/// A function that is being lowered.
pub(super) struct Frame {
    pub(super) function: FunctionId,
    /// The function whose `this` is in force.
    pub(super) this: FunctionId,
    /// Whether the statement at hand cannot be reached.
    pub(super) dead: bool,
    pub(super) exits: Vec<Exit>,
    /// For each `try` around the statement at hand: what was thrown and called in it.
    pub(super) tries: Vec<Vec<Thrown>>,
    /// Variables of this function, for aliases.
    variables: Vec<VariableId>,
}

/// A statement that `break` or `continue` can leave.
pub(super) struct Exit {
    pub(super) label: Option<SmolStr>,
    pub(super) kind: ExitKind,
    mark: usize,
    first_own: usize,
    phis: Vec<(VariableId, ValueId)>,
    leaving: Vec<Vec<(VariableId, ValueId)>>,
    continuing: Vec<Vec<(VariableId, ValueId)>>,
}

/// What kind of statement an [`Exit`] is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ExitKind {
    Loop,
    Switch,
    Block,
}

/// What a branch changed, and whether its end can be reached.
#[derive(Clone)]
pub(super) struct Branch {
    pub(super) changes: Vec<(VariableId, ValueId)>,
    pub(super) dead: bool,
}

/// `memory` is that of the largest tables, kept from file to file.
pub(super) fn lower(text: &str, tree: &Tree, memory: &mut Facts) -> Facts {
    let root = tree.root_node();
    let mut lower = Lower {
        text,
        facts: Facts {
            values: std::mem::take(&mut memory.values),
            spans: std::mem::take(&mut memory.spans),
            owners: std::mem::take(&mut memory.owners),
            partial: root.has_error(),
            ..Facts::default()
        },
        scopes: vec![Scope::default()],
        frames: Vec::new(),
        has_var: memchr::memmem::find(text.as_bytes(), b"var ").is_some(),
        guard: None,
        current: Vec::new(),
        log: Vec::new(),
        depth: 0,
    };
    lower.facts.functions.push(Function {
        name: None,
        span: span(root),
        name_span: Span::new(0, 0),
        parent: None,
        home: Home::None,
        arrow: false,
        parameters: Vec::new(),
        returns: Vec::new(),
        throws: Vec::new(),
        yields: Vec::new(),
        sets: None,
        result: None,
    });
    lower.frames.push(Frame::new(MODULE, MODULE));
    lower.hoist_vars(root);
    if lower.has_var && is_classic(text, root) {
        lower.facts.variables.iter_mut().for_each(|variable| variable.global = true);
    }
    lower.block(root);
    lower.constant_keys();
    let scope = lower.scopes.swap_remove(0);
    let mut names: Vec<_> = scope.names.into_iter().collect();
    names.sort();
    lower.facts.names = names;
    let mut facts = lower.facts;
    facts.values = moved(&mut facts.values, &mut memory.values);
    facts.spans = moved(&mut facts.spans, &mut memory.spans);
    facts.owners = moved(&mut facts.owners, &mut memory.owners);
    facts
}

/// Moves the items of a table into one that is as large as they need; `memory` gets the emptied table.
fn moved<T>(table: &mut Vec<T>, memory: &mut Vec<T>) -> Vec<T> {
    let mut exact = Vec::with_capacity(table.len());
    exact.append(table);
    std::mem::swap(table, memory);
    exact
}

/// Whether a program is a script of a page, not a module: its `var` are those of all scripts.
fn is_classic(text: &str, root: Node<'_>) -> bool {
    let is_module = |node: &Node<'_>| matches!(node.kind(), "import_statement" | "export_statement");
    let common = ["require(", "module.exports", "exports.", "define("];
    !children(root).iter().any(is_module)
        && !common.iter().any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
}

impl Frame {
    pub(super) const fn new(function: FunctionId, this: FunctionId) -> Self {
        Self { function, this, dead: false, exits: Vec::new(), tries: Vec::new(), variables: Vec::new() }
    }
}

pub(super) fn span(node: Node<'_>) -> Span {
    let end = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(end(node.start_byte()), end(node.end_byte()))
}

/// The named children of a node that are no comments.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// The first child of some kind.
pub(super) fn child_of_kind<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.kind() == kind)
}

/// Whether a node has a token of this kind as a direct child.
pub(super) fn has_token(node: Node<'_>, token: &str) -> bool {
    child_of_kind(node, token).is_some()
}

impl<'t> Lower<'t> {
    // ── values ──

    pub(super) fn text_of(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    pub(super) fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::new(MODULE, MODULE));
        }
        let innermost = self.frames.len() - 1;
        &mut self.frames[innermost]
    }

    pub(super) fn here(&self) -> FunctionId {
        self.frames.last().map_or(MODULE, |frame| frame.function)
    }

    pub(super) fn add_at(&mut self, value: Value, span: Span) -> ValueId {
        let id = ValueId(u32::try_from(self.facts.values.len()).unwrap_or(u32::MAX));
        if let Value::Call(made) = &value {
            let renders = made.kind == CallKind::Jsx;
            // What cannot be reached calls nothing; where syntax was not understood, nobody knows what can.
            if !self.frame().dead || self.facts.partial {
                self.facts.calls.push(id);
            }
            if !renders {
                self.may_throw(Thrown::Call(id));
            }
        }
        if self.guard != self.facts.guarded.last().and_then(|(_, guard)| *guard) {
            self.facts.guarded.push((id, self.guard));
        }
        self.facts.values.push(value);
        self.facts.spans.push(span);
        self.facts.owners.push(self.here());
        id
    }

    pub(super) fn add(&mut self, value: Value, node: Node<'_>) -> ValueId {
        self.add_at(value, span(node))
    }

    pub(super) fn opaque(&mut self, node: Node<'_>) -> ValueId {
        self.add(Value::Opaque, node)
    }

    pub(super) fn nothing(&mut self, node: Node<'_>) -> ValueId {
        self.add(Value::Literal(Literal::Nothing), node)
    }

    /// One value of several; a single one stands for itself.
    pub(super) fn choice(&mut self, mut options: Vec<ValueId>, node: Node<'_>) -> ValueId {
        options.dedup();
        match options[..] {
            [] => self.opaque(node),
            [only] => only,
            _ => self.add(Value::Choice(options), node),
        }
    }

    pub(super) fn member(&mut self, base: ValueId, key: Key, node: Node<'_>) -> ValueId {
        self.add(Value::Member { base, key, computed: None }, node)
    }

    pub(super) fn add_type(&mut self, annotation: TypeRef) -> Option<TypeId> {
        if annotation == TypeRef::Unknown {
            return None;
        }
        let id = TypeId(u32::try_from(self.facts.types.len()).unwrap_or(u32::MAX));
        self.facts.types.push(annotation);
        Some(id)
    }

    /// Runs `step` one level deeper, or gives up where the nesting is hostile.
    pub(super) fn nested(&mut self, node: Node<'t>, step: impl FnOnce(&mut Self) -> ValueId) -> ValueId {
        if self.depth >= MAX_DEPTH {
            self.facts.partial = true;
            return self.opaque(node);
        }
        self.depth += 1;
        let value = step(self);
        self.depth -= 1;
        value
    }

    /// The value behind uses and casts.
    pub(super) fn strip(&self, mut id: ValueId) -> ValueId {
        loop {
            match self.facts.value(id) {
                Value::Read { value: Some(value), .. } | Value::Typed { value, .. } => id = *value,
                _ => return id,
            }
        }
    }

    /// Computed keys that are constants of the file: known only once all of it was seen, as functions are lowered
    /// before the constants that stand above them.
    fn constant_keys(&mut self) {
        let constant = |computed: Option<ValueId>| self.facts.text(computed?).cloned().map(Key::Name);
        let mut known: Vec<(usize, usize, Key)> = Vec::new();
        for (index, value) in self.facts.values.iter().enumerate() {
            match value {
                Value::Member { computed, .. } | Value::Update { computed, .. } => {
                    known.extend(constant(*computed).map(|key| (index, 0, key)));
                }
                Value::Object(properties) => {
                    for (position, property) in properties.iter().enumerate() {
                        if let Property::Keyed { computed, .. } = property {
                            known.extend(constant(*computed).map(|key| (index, position, key)));
                        }
                    }
                }
                _ => {}
            }
        }
        for (index, position, name) in known {
            let (key, computed) = match &mut self.facts.values[index] {
                Value::Member { key, computed, .. } | Value::Update { key, computed, .. } => (key, computed),
                Value::Object(properties) => match &mut properties[position] {
                    Property::Keyed { key, computed, .. } => (key, computed),
                    Property::Spread(_) => continue,
                },
                _ => continue,
            };
            (*key, *computed) = (name, None);
        }
    }

    // ── variables ──

    pub(super) fn declare(&mut self, name: &str, node: Node<'_>) -> VariableId {
        let id = VariableId(u32::try_from(self.facts.variables.len()).unwrap_or(u32::MAX));
        let function = self.here();
        self.facts.variables.push(Variable {
            name: name.into(),
            span: span(node),
            function,
            global: false,
            annotation: None,
            writes: Vec::new(),
            outside_writes: Vec::new(),
        });
        self.current.push(None);
        self.frame().variables.push(id);
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.insert(name.into(), id);
        }
        id
    }

    pub(super) fn lookup(&self, name: &str) -> Option<VariableId> {
        self.scopes.iter().rev().find_map(|scope| scope.names.get(name).copied())
    }

    pub(super) fn read(&mut self, name: &str, node: Node<'_>) -> ValueId {
        let Some(variable) = self.lookup(name) else {
            return match name {
                "undefined" | "NaN" => self.nothing(node),
                _ => self.add(Value::Global(name.into()), node),
            };
        };
        let value = self.definition(variable, node);
        let unset = value.is_none() && self.here() == MODULE && self.facts.variable(variable).function == MODULE;
        let known = self.facts.variable(variable);
        if unset && known.writes.is_empty() && (known.global || known.outside_writes.is_empty()) {
            // `var queue = queue || []` in a classic script reads the global of that name.
            return self.add(Value::Global(name.into()), node);
        }
        self.add(Value::Read { variable, value }, node)
    }

    /// The definition in force; `None` for a variable of another function or one that is not set yet.
    fn definition(&mut self, variable: VariableId, node: Node<'_>) -> Option<ValueId> {
        if self.facts.variable(variable).function != self.here() {
            return None;
        }
        self.current[variable.index()]?;
        for index in 0..self.frame().exits.len() {
            self.complete_later(index, variable, node);
        }
        self.current[variable.index()]
    }

    /// Gives a variable that a loop reads a choice that the end of the loop completes.
    fn complete_later(&mut self, exit: usize, variable: VariableId, node: Node<'_>) {
        let Some(before) = self.current[variable.index()] else { return };
        let Some(exit_at) = self.frames.last().map(|frame| &frame.exits[exit]) else { return };
        let own = variable.index() >= exit_at.first_own;
        if exit_at.kind != ExitKind::Loop || own {
            return;
        }
        if let Some(&(_, phi)) = exit_at.phis.iter().find(|(known, _)| *known == variable) {
            // The choice was made in a branch that was left since.
            if matches!(self.facts.value(phi), Value::Choice(options) if options.first() == Some(&before)) {
                self.set(variable, phi);
            }
            return;
        }
        let changed = self.log[exit_at.mark..].iter().any(|(known, _)| *known == variable);
        if changed {
            return;
        }
        let phi = self.add(Value::Choice(vec![before]), node);
        self.frame().exits[exit].phis.push((variable, phi));
        self.set(variable, phi);
    }

    fn set(&mut self, variable: VariableId, value: ValueId) {
        let slot = &mut self.current[variable.index()];
        self.log.push((variable, *slot));
        *slot = Some(value);
    }

    pub(super) fn write(&mut self, variable: VariableId, value: ValueId) {
        if self.facts.variable(variable).function == self.here() {
            self.set(variable, value);
            self.facts.variables[variable.index()].writes.push(value);
        } else {
            self.facts.variables[variable.index()].outside_writes.push(value);
        }
    }

    /// Replaces an object in every variable of this function that holds it: `a.k = v` is seen through its alias `b`.
    pub(super) fn replace(&mut self, old: ValueId, root: VariableId, new: ValueId) {
        let old = self.strip(old);
        let candidates: Vec<_> = self.frame().variables.iter().rev().take(MAX_ALIASES).copied().collect();
        for variable in candidates {
            let holds = |value: Option<ValueId>| value.is_some_and(|value| self.strip(value) == old);
            if variable != root && holds(self.current[variable.index()]) {
                self.write(variable, new);
            }
        }
        self.write(root, new);
    }

    // ── branches ──

    /// Lowers one way that control can take and undoes its effect on the environment.
    pub(super) fn branch(&mut self, step: impl FnOnce(&mut Self)) -> Branch {
        let mark = self.log.len();
        let guard = self.guard;
        let was_dead = std::mem::replace(&mut self.frame().dead, false);
        step(self);
        self.guard = guard;
        let dead = std::mem::replace(&mut self.frame().dead, was_dead);
        let changes = self.changes_since(mark);
        self.undo(mark);
        Branch { changes, dead }
    }

    fn changes_since(&self, mark: usize) -> Vec<(VariableId, ValueId)> {
        let mut changed: Vec<_> = self.log[mark..].iter().map(|(variable, _)| *variable).collect();
        changed.sort_unstable();
        changed.dedup();
        changed.into_iter().filter_map(|variable| Some((variable, self.current[variable.index()]?))).collect()
    }

    fn undo(&mut self, mark: usize) {
        for (variable, before) in self.log.drain(mark..).rev() {
            self.current[variable.index()] = before;
        }
    }

    /// Where ways meet: a variable that differs becomes a choice.
    pub(super) fn join(&mut self, branches: Vec<Branch>, node: Node<'_>) {
        let live: Vec<Branch> = branches.into_iter().filter(|branch| !branch.dead).collect();
        if live.is_empty() {
            self.frame().dead = true;
            return;
        }
        let mut variables: Vec<_> = live.iter().flat_map(|b| b.changes.iter().map(|(variable, _)| *variable)).collect();
        variables.sort_unstable();
        variables.dedup();
        for variable in variables {
            let before = self.current[variable.index()];
            let mut options: Vec<_> = live.iter().filter_map(|branch| branch.value_of(variable).or(before)).collect();
            options.sort_unstable();
            options.dedup();
            let value = self.choice(options, node);
            self.set(variable, value);
        }
    }

    /// A way on which nothing happens.
    pub(super) const fn unchanged() -> Branch {
        Branch { changes: Vec::new(), dead: false }
    }

    /// Lowers a statement that `break` and `continue` can leave, and joins all ways out of it.
    pub(super) fn exitable(
        &mut self,
        kind: ExitKind,
        label: Option<SmolStr>,
        node: Node<'_>,
        step: impl FnOnce(&mut Self),
    ) {
        let exit = Exit {
            label,
            kind,
            mark: self.log.len(),
            first_own: self.facts.variables.len(),
            phis: Vec::new(),
            leaving: Vec::new(),
            continuing: Vec::new(),
        };
        self.frame().exits.push(exit);
        let body = self.branch(step);
        let Some(exit) = self.frame().exits.pop() else { return };
        let way = |changes| Branch { changes, dead: false };
        let mut around: Vec<Branch> = exit.continuing.into_iter().map(way).collect();
        if !body.dead {
            around.push(Branch { changes: body.changes.clone(), dead: false });
        }
        for (variable, phi) in &exit.phis {
            let rounds: Vec<_> = around.iter().filter_map(|branch| branch.value_of(*variable)).collect();
            if let Value::Choice(options) = &mut self.facts.values[phi.index()] {
                options.extend(rounds.into_iter().filter(|value| value != phi));
            }
        }
        let mut out: Vec<Branch> = exit.leaving.into_iter().map(way).collect();
        if kind == ExitKind::Loop {
            out.extend(around);
            out.push(Self::unchanged());
        } else {
            out.push(body);
        }
        self.join(out, node);
    }

    /// `break` or `continue`, to the nearest statement that it can leave or to a label.
    pub(super) fn leave(&mut self, label: Option<&str>, again: bool) {
        let frame = self.frame();
        let target = frame.exits.iter().rposition(|exit| match label {
            Some(label) => exit.label.as_deref() == Some(label),
            None if again => exit.kind == ExitKind::Loop,
            None => exit.kind != ExitKind::Block,
        });
        frame.dead = true;
        let Some(target) = target else { return };
        let changes = self.changes_since(self.frames.last().map_or(0, |frame| frame.exits[target].mark));
        let exit = &mut self.frame().exits[target];
        if again { exit.continuing.push(changes) } else { exit.leaving.push(changes) }
    }

    /// Lowers the items of an argument list or array.
    pub(super) fn items(&mut self, node: Node<'t>) -> Box<[Item]> {
        let mut items = Vec::new();
        for child in children(node) {
            let spread = child.kind() == "spread_element";
            let inner = if spread { child.named_child(0).unwrap_or(child) } else { child };
            items.push(Item { value: self.expression(inner), spread });
        }
        items.into_boxed_slice()
    }
}

impl Branch {
    fn value_of(&self, variable: VariableId) -> Option<ValueId> {
        let at = self.changes.binary_search_by_key(&variable, |(known, _)| *known).ok()?;
        Some(self.changes[at].1)
    }
}
