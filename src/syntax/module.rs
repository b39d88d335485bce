//! Imports and exports, of ES modules and `CommonJS`.

use tree_sitter::Node;

use super::{
    field::{Field, Fields},
    lower::{Lower, child_of_kind, children, has_token, span},
    scope::{declaration_of, names_of},
};
use crate::{
    base::Key,
    facts::{COMMON_JS_EXPORT, Export, ExportTarget, Import, ImportId, Imported, MODULE, Value, ValueId},
};

impl<'t> Lower<'t> {
    pub(super) fn import(&mut self, import: Import) -> ImportId {
        let id = ImportId(u32::try_from(self.facts.imports.len()).unwrap_or(u32::MAX));
        self.facts.imports.push(import);
        id
    }

    /// Declares the local names of an import.
    pub(super) fn declare_imports(&mut self, node: Node<'t>) {
        let mut work = children(node);
        while let Some(node) = work.pop() {
            match node.kind() {
                "import_clause" | "named_imports" | "namespace_import" | "import_require_clause" => {
                    work.extend(children(node));
                }
                "import_specifier" => {
                    work.extend(node.field(Field::Alias).or_else(|| node.field(Field::Name)));
                }
                "identifier" => self.declare_once(self.text_of(node), node),
                _ => {}
            }
        }
    }

    pub(super) fn import_statement(&mut self, node: Node<'t>) {
        let type_only = has_token(node, "type") || has_token(node, "typeof");
        let source = node.field(Field::Source).map(|source| self.string(source));
        for child in children(node) {
            match child.kind() {
                "import_clause" => {
                    if let Some(source) = &source {
                        self.import_clause(child, source, type_only);
                    }
                }
                "import_require_clause" => self.import_require(child),
                _ => {}
            }
        }
        if let (Some(specifier), None) = (source, child_of_kind(node, "import_clause")) {
            self.import(Import { specifier, name: Imported::Namespace, span: span(node), type_only });
        }
    }

    fn import_clause(&mut self, clause: Node<'t>, source: &str, type_only: bool) {
        for child in children(clause) {
            match child.kind() {
                "identifier" => self.bind_import(child, source, Imported::Default, type_only, child),
                "namespace_import" => {
                    if let Some(name) = child.named_child(0) {
                        self.bind_import(name, source, Imported::Namespace, type_only, child);
                    }
                }
                "named_imports" => {
                    for specifier in children(child) {
                        self.import_specifier(specifier, source, type_only);
                    }
                }
                _ => {}
            }
        }
    }

    fn import_specifier(&mut self, node: Node<'t>, source: &str, type_only: bool) {
        let Some(name) = node.field(Field::Name) else { return };
        let local = node.field(Field::Alias).unwrap_or(name);
        let imported = self.named(name);
        self.bind_import(local, source, imported, type_only || has_token(node, "type"), node);
    }

    fn named(&self, name: Node<'t>) -> Imported {
        let text = if name.kind() == "string" { self.string(name) } else { self.text_of(name).into() };
        if text == "default" { Imported::Default } else { Imported::Named(text) }
    }

    fn bind_import(&mut self, local: Node<'t>, source: &str, name: Imported, type_only: bool, node: Node<'t>) {
        let import = self.import(Import { specifier: source.into(), name, span: span(node), type_only });
        let value = self.add(Value::Import(import), node);
        if let Some(variable) = self.lookup(self.text_of(local)) {
            self.write(variable, value);
        }
    }

    fn import_require(&mut self, clause: Node<'t>) {
        let Some(local) = child_of_kind(clause, "identifier") else { return };
        if let Some(source) = child_of_kind(clause, "string") {
            let source = self.string(source);
            self.bind_import(local, &source, Imported::CommonJs, false, clause);
        }
    }

    pub(super) fn export_statement(&mut self, node: Node<'t>) {
        let declaration = declaration_of(node);
        for decorator in children(node).into_iter().filter(|child| child.kind() == "decorator") {
            self.decorator(decorator);
        }
        if declaration != node {
            self.statement(declaration, None);
            self.export_declaration(declaration, has_token(node, "default"));
            return;
        }
        let source = node.field(Field::Source).map(|source| self.string(source));
        if let Some(value) = node.field(Field::Value) {
            let value = self.named_value(value, None, crate::facts::Home::None);
            self.export("default", ExportTarget::Value(value));
        } else if let Some(clause) = child_of_kind(node, "export_clause") {
            for specifier in children(clause) {
                self.export_specifier(specifier, source.as_deref());
            }
        } else if let Some(source) = source {
            self.export_all(node, &source);
        } else if has_token(node, "=")
            && let Some(&value) = children(node).first()
        {
            let value = self.expression(value);
            self.export(COMMON_JS_EXPORT, ExportTarget::Value(value));
        }
    }

    fn export(&mut self, name: &str, target: ExportTarget) {
        self.facts.exports.push(Export { name: name.into(), target });
    }

    fn export_declaration(&mut self, declaration: Node<'t>, default: bool) {
        let mut names = Vec::new();
        match declaration.kind() {
            "lexical_declaration" | "variable_declaration" => {
                for declarator in children(declaration) {
                    names.extend(declarator.field(Field::Name).into_iter().flat_map(names_of));
                }
            }
            _ => names.extend(declaration.field(Field::Name)),
        }
        for name in names {
            let text = self.text_of(name);
            if let Some(variable) = self.lookup(text) {
                let exported = if default { "default" } else { text };
                self.export(exported, ExportTarget::Variable(variable));
            }
        }
    }

    fn export_specifier(&mut self, node: Node<'t>, source: Option<&str>) {
        let Some(name) = node.field(Field::Name) else { return };
        let alias = node.field(Field::Alias).unwrap_or(name);
        let exported = if alias.kind() == "string" { self.string(alias) } else { self.text_of(alias).into() };
        let target = match source {
            Some(source) => {
                let imported = self.named(name);
                let import = Import { specifier: source.into(), name: imported, span: span(node), type_only: false };
                Some(ExportTarget::From(self.import(import)))
            }
            None => self.lookup(self.text_of(name)).map(ExportTarget::Variable),
        };
        if let Some(target) = target {
            self.export(&exported, target);
        }
    }

    /// `export * from "m"`, `export * as ns from "m"`.
    fn export_all(&mut self, node: Node<'t>, source: &str) {
        match child_of_kind(node, "namespace_export").and_then(|namespace| namespace.named_child(0)) {
            Some(name) => {
                let name = self.text_of(name);
                let import =
                    Import { specifier: source.into(), name: Imported::Namespace, span: span(node), type_only: false };
                let import = self.import(import);
                self.export(name, ExportTarget::From(import));
            }
            None => self.export("*", ExportTarget::Star(source.into())),
        }
    }

    /// `module.exports = v`, `exports.k = v`, `module.exports.k = v`, anywhere in the module body.
    pub(super) fn export_store(&mut self, base: ValueId, key: &Key, value: ValueId) {
        let Some(key) = key.as_name() else { return };
        let name = match self.facts.value(base) {
            Value::Global(global) if global == "module" && key == "exports" => COMMON_JS_EXPORT,
            Value::Global(global) if global == "exports" => key,
            Value::Member { base, key: Key::Name(exports), .. }
                if exports == "exports"
                    && matches!(self.facts.value(*base), Value::Global(name) if name == "module") =>
            {
                key
            }
            _ => return,
        };
        if self.here() == MODULE || name != COMMON_JS_EXPORT {
            let name = name.to_owned();
            self.export(&name, ExportTarget::Value(value));
        }
    }
}
