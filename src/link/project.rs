//! The project as far as it was read: files by id, their facts, and what their imports name.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::{
    base::LineIndex,
    facts::{Class, ClassId, ExportTarget, Facts, Function, FunctionId, ImportId, Imported, Value, ValueId},
};

/// A file of the scanned tree: its place in the sorted list of candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

impl FileId {
    /// The id as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

macro_rules! places {
    ($($(#[$doc:meta])* $name:ident $inner:ident $field:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name {
            /// The file.
            pub file: FileId,
            /// The id within the file.
            pub $field: $inner,
        }
    )*};
}

places! {
    /// A value of the project.
    At ValueId value,
    /// A function of the project.
    FunctionAt FunctionId function,
    /// A class of the project.
    ClassAt ClassId class,
}

/// What a module specifier names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Module {
    /// A file of the project.
    File(FileId),
    /// A package, with its sub-path.
    Package(SmolStr),
    /// Neither: an asset, a file outside the root, nothing at all.
    Unknown,
}

/// One file that was parsed.
#[derive(Debug)]
pub struct Unit {
    /// Path from the root.
    pub name: SmolStr,
    /// Whether it is a test, a mock or a story.
    pub test: bool,
    /// Its text.
    pub text: Arc<str>,
    /// Its lines.
    pub lines: LineIndex,
    /// Its facts; a scan of another revision may share them.
    pub facts: Arc<Facts>,
    /// What each import names, in the order of the facts' imports.
    pub modules: Vec<Module>,
    /// What each `export * from` names, in the order of the exports.
    pub stars: Vec<Module>,
}

/// Every file that was parsed so far, by id.
#[derive(Debug, Default)]
pub struct Project {
    /// Records that are described outside code.
    pub schemas: super::schema::Schemas,
    units: FxHashMap<FileId, Arc<Unit>>,
    order: Vec<FileId>,
}

impl Project {
    /// Adds parsed files.
    pub fn extend(&mut self, units: impl IntoIterator<Item = (FileId, Unit)>) {
        for (id, unit) in units {
            self.units.insert(id, Arc::new(unit));
            self.order.push(id);
        }
        self.order.sort_unstable();
        self.order.dedup();
    }

    /// The files that were parsed, in order.
    #[must_use]
    pub fn files(&self) -> &[FileId] {
        &self.order
    }

    /// A file, if it was parsed.
    #[must_use]
    pub fn unit(&self, file: FileId) -> Option<&Unit> {
        self.units.get(&file).map(AsRef::as_ref)
    }

    /// Whether a file is a test, a mock or a story.
    #[must_use]
    pub fn is_test(&self, file: FileId) -> bool {
        self.unit(file).is_some_and(|unit| unit.test)
    }

    /// The facts of a file that holds a place. Places are made from parsed files only.
    #[must_use]
    pub fn facts(&self, file: FileId) -> &Facts {
        &self.units[&file].facts
    }

    /// The value at a place.
    #[must_use]
    pub fn value(&self, at: At) -> &Value {
        self.facts(at.file).value(at.value)
    }

    /// The function at a place.
    #[must_use]
    pub fn function(&self, at: FunctionAt) -> &Function {
        self.facts(at.file).function(at.function)
    }

    /// The class at a place.
    #[must_use]
    pub fn class(&self, at: ClassAt) -> &Class {
        self.facts(at.file).class(at.class)
    }

    /// The function in which a value is computed.
    #[must_use]
    pub fn owner(&self, at: At) -> FunctionAt {
        FunctionAt { file: at.file, function: self.facts(at.file).owners[at.value.index()] }
    }

    /// What an import names.
    #[must_use]
    pub fn module(&self, file: FileId, import: ImportId) -> &Module {
        self.units[&file].modules.get(import.index()).unwrap_or(&Module::Unknown)
    }

    /// The package and the export that the name of a type stands for, where the file imports it from a package.
    #[must_use]
    pub fn package_type<'n>(&'n self, file: FileId, name: &'n str) -> Option<(&'n str, &'n str)> {
        let facts = self.facts(file);
        let (head, member) = name.split_once('.').map_or((name, None), |(head, member)| (head, Some(member)));
        let at = facts.names.binary_search_by(|(known, _)| known.as_str().cmp(head)).ok()?;
        let value = *facts.variable(facts.names[at].1).writes.first()?;
        let Value::Import(import) = facts.value(value) else { return None };
        let Module::Package(package) = self.module(file, *import) else { return None };
        let exported = match (&facts.import(*import).name, member) {
            (_, Some(member)) => member,
            (Imported::Named(name), None) => name.as_str(),
            (_, None) => "default",
        };
        Some((package, exported))
    }

    /// The source text of a value.
    #[must_use]
    pub fn text(&self, at: At) -> &str {
        let unit = &self.units[&at.file];
        unit.facts.span(at.value).of(&unit.text)
    }
}

/// What a file exports under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    /// A definition of a variable or a value.
    Value(At),
    /// Something that another module exports, by import.
    Import(FileId, ImportId),
    /// Everything of another module: look there.
    Star(Module),
}

impl Project {
    /// What a file exports under `name`; `*` re-exports come last.
    #[must_use]
    pub fn exported(&self, file: FileId, name: &str) -> Vec<Exported> {
        let Some(unit) = self.unit(file) else { return Vec::new() };
        let mut found = Vec::new();
        let mut stars = unit.stars.iter();
        let mut beyond = Vec::new();
        for export in &unit.facts.exports {
            match &export.target {
                ExportTarget::Star(_) => beyond.extend(stars.next().cloned().map(Exported::Star)),
                _ if export.name != name => {}
                ExportTarget::From(import) => found.push(Exported::Import(file, *import)),
                ExportTarget::Value(value) => found.push(Exported::Value(At { file, value: *value })),
                ExportTarget::Variable(variable) => {
                    let variable = unit.facts.variable(*variable);
                    let writes = variable.writes.iter().chain(&variable.outside_writes);
                    found.extend(writes.map(|&value| Exported::Value(At { file, value })));
                }
            }
        }
        if found.is_empty() && name != "default" {
            found = beyond;
        }
        found
    }
}
