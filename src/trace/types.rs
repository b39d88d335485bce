//! What a whole object holds, by its declared type: interfaces, aliases, classes, schemas, models, queries.
//!
//! A type is taken apart only as far as a question needs it. What is not declared in the project has no fields here,
//! and a record with such a part is [`Record::open`]: it may hold more than is known.

use smol_str::SmolStr;

use super::{state::State, step::Stepper};
use crate::{
    base::Key,
    facts::{Call, CallKind, Home, Imported, Literal, Property, TypeRef, Value, ValueId},
    link::{
        project::{At, Exported, FileId, FunctionAt, Module},
        schema::{Schemas, Selection},
    },
};

/// How many names, members and calls lead from an expression to the fields of its type.
const DEPTH: usize = 14;

/// Fields of one record; a type with more is a table of everything.
const FIELDS: usize = 200;

/// A type, with what its names mean.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// As an annotation in a file says.
    Written(FileId, TypeRef),
    /// What a validation schema lets through; the schema is this value.
    Schema(At),
    /// A model of the project's schema files.
    Model(SmolStr),
    /// These fields.
    Record(Box<Record>),
    /// A single value, or nothing that is known.
    Scalar,
}

/// What an object holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The names that the record goes by, the nearest first.
    pub names: Vec<SmolStr>,
    /// Its fields.
    pub fields: Vec<(SmolStr, Type)>,
    /// Whether it may hold more.
    pub open: bool,
}

impl Record {
    fn add(&mut self, other: Self) {
        self.names.extend(other.names);
        self.open |= other.open;
        for (name, kind) in other.fields {
            self.set(name, kind);
        }
    }

    fn set(&mut self, name: SmolStr, kind: Type) {
        if self.fields.len() < FIELDS && !self.fields.iter().any(|(known, _)| *known == name) {
            self.fields.push((name, kind));
        }
    }

    fn keep(mut self, keys: &[SmolStr], kept: bool) -> Self {
        self.fields.retain(|(name, _)| keys.contains(name) == kept);
        self
    }
}

/// Types that hold their first argument and nothing else that matters.
const TRANSPARENT: &[&str] = &[
    "Promise", "PromiseLike", "Partial", "Required", "Readonly", "NonNullable", "Awaited", "DeepPartial", "Maybe",
    "Nullable", "Optional", "Ref", "ComputedRef", "ShallowRef", "Immutable", "WithId", "HydratedDocument", "Array",
    "ReadonlyArray", "Set", "Observable", "Signal", "Accessor", "InputMaybe", "Simplify", "Prettify", "Expand",
    "PropsWithChildren", "Loaded", "Selectable", "Insertable", "Updateable",
];

/// Types of values of a schema.
const INFERRED: &[&str] =
    &["infer", "output", "input", "TypeOf", "Infer", "InferType", "InferOutput", "InferInput", "Static", "Asserts"];

/// Generic stores of records, of which methods give their argument.
const STORES: &[&str] = &["Repository", "Model", "EntityRepository", "MongoRepository", "TreeRepository", "Collection"];

const QUERIES: &[&str] = &[
    "findUnique", "findUniqueOrThrow", "findFirst", "findFirstOrThrow", "findMany", "create", "update", "upsert",
    "delete", "findOne", "findOneBy", "findOneOrFail", "find", "findById", "findBy", "save",
];

/// Schema methods that keep the fields.
const SAME: &[&str] = &[
    "partial", "optional", "nullable", "nullish", "strict", "passthrough", "required", "deepPartial", "refine",
    "superRefine", "transform", "default", "array", "describe", "brand", "readonly", "catch", "strip", "noUnknown",
    "meta", "check", "catchall", "loose", "defined", "nonNullable", "notRequired",
];

impl Stepper<'_> {
    /// The fields of the part of a value that a state means, as far as the value itself declares them.
    pub fn record(&mut self, state: State) -> Option<Record> {
        let keys = self.tables.path(state.path).0.clone();
        let declared = self.own_type(state.at, &keys, DEPTH)?;
        self.expand(&declared, DEPTH)
    }

    /// The fields of a part of what a function says that it returns.
    pub fn result_record(&mut self, function: FunctionAt, path: super::state::PathId) -> Option<Record> {
        let keys = self.tables.path(path).0.clone();
        let declared = self.result_type(function)?;
        let part = self.descend(declared, &keys, DEPTH)?;
        self.expand(&part, DEPTH)
    }

    /// The fields of a type.
    pub fn record_of(&mut self, declared: &Type) -> Option<Record> {
        self.expand(declared, DEPTH)
    }

    fn result_type(&self, function: FunctionAt) -> Option<Type> {
        let facts = self.world.project.facts(function.file);
        let result = facts.function(function.function).result?;
        Some(Type::Written(function.file, facts.types[result.index()].clone()))
    }

    // ── expressions ──

    /// The type that an expression states by itself, without looking at what it is made of.
    fn own_type(&mut self, at: At, keys: &[Key], depth: usize) -> Option<Type> {
        let depth = depth.checked_sub(1)?;
        let facts = self.world.project.facts(at.file);
        let annotation = match facts.value(at.value) {
            Value::Parameter { function, .. } => {
                let parameters = &facts.function(*function).parameters;
                parameters.iter().find(|parameter| parameter.value == at.value)?.annotation
            }
            Value::Read { variable, .. } => facts.variable(*variable).annotation,
            Value::Typed { annotation, .. } => Some(*annotation),
            Value::This(function) => {
                let Home::Class(class) = facts.function(*function).home else { return None };
                let name = facts.class(class).name.clone()?;
                return self.descend(Type::Written(at.file, TypeRef::Named(name, Vec::new())), keys, depth);
            }
            Value::Call(made) => return self.call_type(at, made, keys, depth),
            _ => None,
        };
        let declared = Type::Written(at.file, facts.types[annotation?.index()].clone());
        self.descend(declared, keys, depth)
    }

    /// The type of an expression by all that it is made of.
    fn type_of(&mut self, at: At, keys: &[Key], depth: usize) -> Option<Type> {
        let depth = depth.checked_sub(1)?;
        if let Some(own) = self.own_type(at, keys, depth) {
            return Some(own);
        }
        let facts = self.world.project.facts(at.file);
        let place = |value| At { file: at.file, value };
        match facts.value(at.value) {
            Value::Member { base, key, .. } => {
                let mut longer = vec![key.clone()];
                longer.extend_from_slice(keys);
                self.type_of(place(*base), &longer, depth)
            }
            Value::Read { variable, value } => {
                let writes = &facts.variable(*variable).writes;
                let only = if writes.len() == 1 { writes.first() } else { None };
                self.type_of(place(*value.as_ref().or(only)?), keys, depth)
            }
            Value::Await(base) | Value::Passed { base, .. } | Value::Typed { value: base, .. } => {
                self.type_of(place(*base), keys, depth)
            }
            Value::Import(_) => {
                let origin = self.origin_of(at).filter(|origin| *origin != at)?;
                self.type_of(origin, keys, depth)
            }
            Value::Function(function) if keys.is_empty() => {
                let result = self.result_type(FunctionAt { file: at.file, function: *function })?;
                let Type::Written(file, result) = result else { return None };
                Some(Type::Written(file, TypeRef::Function(Vec::new(), Box::new(result))))
            }
            _ => None,
        }
    }

    /// A part of a type.
    fn descend(&mut self, declared: Type, keys: &[Key], depth: usize) -> Option<Type> {
        let mut at = declared;
        for key in keys {
            // Elements are taken for their array: what counts is what they hold.
            let Key::Name(name) = key else { continue };
            let record = self.expand(&at, depth)?;
            at = record.fields.into_iter().find(|(known, _)| known == name)?.1;
        }
        Some(at)
    }

    // ── calls ──

    fn call_type(&mut self, at: At, made: &Call, keys: &[Key], depth: usize) -> Option<Type> {
        if made.kind == CallKind::Jsx {
            return None;
        }
        self.parsed(at, made, keys, depth)
            .or_else(|| self.queried(at, made, keys))
            .or_else(|| self.model_found(at, made, keys, depth))
            .or_else(|| self.type_argument(at, made, keys, depth))
            .or_else(|| {
                let callee = self.type_of(At { file: at.file, value: made.callee }, &[], depth)?;
                let result = self.called(callee, depth)?;
                self.descend(result, keys, depth)
            })
            .or_else(|| self.constructed(at, made, keys, depth))
    }

    /// What calling something of a type gives.
    fn called(&mut self, callee: Type, depth: usize) -> Option<Type> {
        let depth = depth.checked_sub(1)?;
        match callee {
            Type::Written(file, TypeRef::Function(_, result)) => Some(Type::Written(file, *result)),
            Type::Written(file, TypeRef::Named(name, _)) => {
                let (file, index) = self.declaration(file, &name, depth)?;
                let alias = self.world.project.facts(file).declarations[index].extends.first()?.clone();
                self.called(Type::Written(file, alias), depth)
            }
            _ => None,
        }
    }

    fn constructed(&mut self, at: At, made: &Call, keys: &[Key], depth: usize) -> Option<Type> {
        let facts = self.world.project.facts(at.file);
        match (made.kind, facts.value(made.callee)) {
            (CallKind::New, Value::Read { variable, .. }) => {
                let name = facts.variable(*variable).name.clone();
                self.descend(Type::Written(at.file, TypeRef::Named(name, Vec::new())), keys, depth)
            }
            _ => None,
        }
    }

    /// `get<User>(url)`: the answer, or what its usual wrapping holds.
    fn type_argument(&mut self, at: At, made: &Call, keys: &[Key], depth: usize) -> Option<Type> {
        let facts = self.world.project.facts(at.file);
        let declared = Type::Written(at.file, facts.types[made.types.first()?.index()].clone());
        let wrapped = |key: &Key| match key {
            Key::Name(name) => matches!(name.as_str(), "data" | "current" | "value" | "body" | "result"),
            Key::Index(0) => true,
            _ => false,
        };
        match keys.split_first() {
            Some((first, rest)) => match self.descend(declared.clone(), keys, depth) {
                Some(found) if !wrapped(first) || matches!(first, Key::Name(_)) => Some(found),
                _ if wrapped(first) => self.descend(declared, rest, depth),
                _ => None,
            },
            None => Some(declared),
        }
    }

    /// `schema.parse(body)`, `parse(schema, body)`
    fn parsed(&mut self, at: At, made: &Call, keys: &[Key], depth: usize) -> Option<Type> {
        let facts = self.world.project.facts(at.file);
        let place = |value| At { file: at.file, value };
        let (base, name) = match facts.value(made.callee) {
            Value::Member { base, key: Key::Name(key), .. } => (Some(place(*base)), key.clone()),
            _ => (None, super::names::last(self.world, place(made.callee))?),
        };
        let keys = match (name.as_str(), keys.split_first()) {
            (
                "parse" | "parseAsync" | "validate" | "validateSync" | "cast" | "decode" | "parseOrThrow"
                | "validateAsync" | "Parse" | "assert",
                _,
            ) => keys,
            ("safeParse" | "safeParseAsync" | "spa", Some((Key::Name(first), rest)))
                if matches!(first.as_str(), "data" | "output") =>
            {
                rest
            }
            _ => return None,
        };
        let first = made.arguments.first().filter(|_| made.arguments.len() > 1).map(|item| place(item.value));
        let schema = [base, first].into_iter().flatten();
        let found = schema.map(Type::Schema).find_map(|schema| self.expand(&schema, depth));
        self.descend(Type::Record(Box::new(found?)), keys, depth)
    }

    /// `database.user.findUnique({ select: { … } })`, `users.findOne()` of a repository of users.
    fn model_found(&mut self, at: At, made: &Call, keys: &[Key], depth: usize) -> Option<Type> {
        let facts = self.world.project.facts(at.file);
        let place = |value| At { file: at.file, value };
        let Value::Member { base, key: Key::Name(method), .. } = facts.value(made.callee) else { return None };
        if !QUERIES.contains(&method.as_str()) {
            return None;
        }
        if let Value::Member { key: Key::Name(table), .. } = facts.value(*base) {
            let models = &self.world.project.schemas.models;
            let model = models.keys().find(|name| same_but_first(name, table)).cloned();
            if let Some(model) = model {
                let record = self.expand(&Type::Model(model), depth)?;
                let record = self.selected(at.file, made, record);
                return self.descend(Type::Record(Box::new(record)), keys, depth);
            }
        }
        match self.type_of(place(*base), &[], depth)? {
            Type::Written(file, TypeRef::Named(name, mut arguments))
                if STORES.contains(&last(&name)) && !arguments.is_empty() =>
            {
                self.descend(Type::Written(file, arguments.remove(0)), keys, depth)
            }
            _ => None,
        }
    }

    /// The fields of a model that a query gives: those that it selects, and relations only where it asks for them.
    fn selected(&self, file: FileId, made: &Call, record: Record) -> Record {
        let facts = self.world.project.facts(file);
        let options = made.arguments.first().map(|item| item.value);
        let part = |key: &str| options.and_then(|options| property(facts.value(options), key));
        let keys = |value: Option<ValueId>| value.map(|value| chosen(self.world.project.facts(file), value));
        if let Some(select) = keys(part("select")) {
            return record.keep(&select, true);
        }
        let include = keys(part("include")).unwrap_or_default();
        let models = &self.world.project.schemas.models;
        let mut record = record.keep(&keys(part("omit")).unwrap_or_default(), false);
        record.fields.retain(|(name, kind)| {
            !matches!(kind, Type::Model(model) if models.contains_key(model)) || include.contains(name)
        });
        record
    }

    /// `useQuery(QUERY).data`, `client.query({ query: QUERY })`: what the query asks for.
    fn queried(&mut self, at: At, made: &Call, keys: &[Key]) -> Option<Type> {
        let (Key::Name(first), rest) = keys.split_first()? else { return None };
        let rest = if matches!(first.as_str(), "data" | "value") { rest } else { keys };
        let facts = self.world.project.facts(at.file);
        let arguments = made.arguments.iter().take(2).map(|item| item.value);
        let documents: Vec<ValueId> = arguments
            .flat_map(|value| [Some(value), property(facts.value(value), "query"), property(facts.value(value), "document")])
            .flatten()
            .collect();
        for value in documents {
            if let Some(record) = self.document(At { file: at.file, value }) {
                return self.descend(Type::Record(Box::new(record)), rest, DEPTH);
            }
        }
        None
    }

    /// What a GraphQL document in a template asks for.
    fn document(&mut self, at: At) -> Option<Record> {
        let origin = self.origin_of(at)?;
        let project = self.world.project;
        let Value::Call(made) = project.value(origin) else { return None };
        let tag = super::names::last(self.world, At { file: origin.file, value: made.callee })?;
        if !matches!(tag.as_str(), "gql" | "graphql" | "groq") {
            return None;
        }
        let text = project.text(origin);
        let body = &text[text.find('`')? + 1..text.rfind('`').filter(|end| *end > text.find('`').unwrap_or(*end))?];
        let mut own = Schemas::default();
        let asked = own.add_graphql(body);
        // A fragment is written in another template of the same file, or in a file of its own.
        for &call in &project.facts(origin.file).calls {
            let call = At { file: origin.file, value: call };
            if let Value::Call(other) = project.value(call)
                && other.kind == CallKind::Tagged
                && call != origin
            {
                own.add_graphql(project.text(call));
            }
        }
        let record = answer(&asked, &[&own, &project.schemas], 8);
        (!record.fields.is_empty()).then_some(record)
    }

    // ── types ──

    /// The fields of a type; `None` for what is no record or not declared in the project.
    fn expand(&mut self, declared: &Type, depth: usize) -> Option<Record> {
        let depth = depth.checked_sub(1)?;
        match declared {
            Type::Written(file, annotation) => self.expand_written(*file, annotation, depth),
            Type::Schema(at) => self.expand_schema(*at, depth),
            Type::Model(name) => {
                let fields = self.world.project.schemas.models.get(name)?;
                let fields = fields.iter().map(|(name, kind)| (name.clone(), self.field_of_model(kind))).collect();
                Some(Record { names: vec![name.clone()], fields, open: false })
            }
            Type::Record(record) => Some((**record).clone()),
            Type::Scalar => None,
        }
    }

    fn field_of_model(&self, kind: &SmolStr) -> Type {
        match kind.as_str() {
            "Boolean" => Type::Written(FileId(0), TypeRef::Named("boolean".into(), Vec::new())),
            _ if self.world.project.schemas.models.contains_key(kind) => Type::Model(kind.clone()),
            _ => Type::Scalar,
        }
    }

    fn expand_written(&mut self, file: FileId, annotation: &TypeRef, depth: usize) -> Option<Record> {
        match annotation {
            TypeRef::Object(members) if members.is_empty() => None,
            TypeRef::Object(members) => {
                let mut record = Record::default();
                members.iter().for_each(|(name, kind)| record.set(name.clone(), Type::Written(file, kind.clone())));
                Some(record)
            }
            TypeRef::Array(inner) => self.expand_written(file, inner, depth.checked_sub(1)?),
            TypeRef::Several(parts) => self.expand_several(file, parts, depth),
            TypeRef::Indexed(base, key) => {
                let base = Type::Written(file, (**base).clone());
                let part = self.descend(base, &[Key::Name(key.clone())], depth)?;
                self.expand(&part, depth)
            }
            TypeRef::Named(name, arguments) => self.expand_named(file, name, arguments, depth),
            _ => None,
        }
    }

    fn expand_several(&mut self, file: FileId, parts: &[TypeRef], depth: usize) -> Option<Record> {
        let mut record = Record::default();
        for part in parts {
            match self.expand_written(file, part, depth.checked_sub(1)?) {
                Some(found) => record.add(found),
                None => record.open |= !is_nothing(part),
            }
        }
        (!record.fields.is_empty()).then_some(record)
    }

    fn expand_named(&mut self, file: FileId, name: &str, arguments: &[TypeRef], depth: usize) -> Option<Record> {
        let short = last(name);
        let first = arguments.first();
        if let (true, Some(TypeRef::TypeOf(schema))) = (INFERRED.contains(&short), first) {
            let (head, path) = schema.split_once('.').unwrap_or((schema, ""));
            let at = self.variable(file, head)?;
            return if path.is_empty() { self.expand_schema(at, depth) } else { None };
        }
        if let (Some(declared), false) = (self.declaration(file, name, depth), arguments_name_keys(short)) {
            return self.expand_declaration(declared, short, depth);
        }
        match (short, arguments) {
            ("Pick", [base, keys]) => Some(self.expand_written(file, base, depth)?.keep(&literals(keys), true)),
            ("Omit", [base, keys]) => Some(self.expand_written(file, base, depth)?.keep(&literals(keys), false)),
            (_, [base, ..]) if TRANSPARENT.contains(&short) => self.expand_written(file, base, depth),
            _ => self.expand_model(file, name, depth),
        }
    }

    fn expand_declaration(&mut self, declared: (FileId, usize), name: &str, depth: usize) -> Option<Record> {
        let (file, index) = declared;
        let depth = depth.checked_sub(1)?;
        let declaration = &self.world.project.facts(file).declarations[index];
        let mut record = Record { names: vec![name.into()], ..Record::default() };
        for (name, kind) in &declaration.members {
            record.set(name.clone(), Type::Written(file, kind.clone()));
        }
        for base in &declaration.extends {
            match self.expand_written(file, base, depth) {
                Some(found) => record.add(found),
                None => record.open = true,
            }
        }
        (!record.fields.is_empty()).then_some(record)
    }

    /// A name that code generated from a schema declares: the schema tells what the generated code would.
    fn expand_model(&mut self, file: FileId, name: &str, depth: usize) -> Option<Record> {
        let project = self.world.project;
        let head = name.split('.').next().unwrap_or(name);
        let at = self.variable(file, head)?;
        let Value::Import(import) = project.value(at) else { return None };
        let generated = match project.module(at.file, *import) {
            Module::Package(package) => package.contains("prisma"),
            Module::Unknown => true,
            Module::File(_) => false,
        };
        let imported = match &project.facts(at.file).import(*import).name {
            Imported::Named(imported) if head == name => imported.as_str(),
            _ => last(name),
        };
        let model = imported.strip_suffix("GetPayload").unwrap_or(imported);
        if !generated || !project.schemas.models.contains_key(model) {
            return None;
        }
        let mut record = self.expand(&Type::Model(model.into()), depth)?;
        record.fields.retain(|(_, kind)| !matches!(kind, Type::Model(_)));
        Some(record)
    }

    /// Where a name of a type is declared: the file and the place among its declarations.
    fn declaration(&mut self, file: FileId, name: &str, depth: usize) -> Option<(FileId, usize)> {
        let depth = depth.checked_sub(1)?;
        let project = self.world.project;
        if project.unit(file).is_none() {
            self.not_read(file);
            return None;
        }
        let facts = project.facts(file);
        if let Some(index) = facts.declarations.iter().position(|declared| declared.name == name) {
            return Some((file, index));
        }
        let (head, member) = name.split_once('.').map_or((name, None), |(head, member)| (head, Some(member)));
        if let Some(at) = self.variable(file, head)
            && let Value::Import(import) = project.value(at)
            && let Module::File(next) = project.module(file, *import)
        {
            let imported = match (&facts.import(*import).name, member) {
                (_, Some(member)) => member,
                (Imported::Named(name), None) => name.as_str(),
                (_, None) => "default",
            };
            return self.exported_type(*next, imported, depth);
        }
        None
    }

    fn exported_type(&mut self, file: FileId, name: &str, depth: usize) -> Option<(FileId, usize)> {
        let depth = depth.checked_sub(1)?;
        let project = self.world.project;
        if let Some(found) = self.declaration(file, name, depth) {
            return Some(found);
        }
        for exported in project.exported(file, name) {
            let found = match exported {
                Exported::Import(from, import) => match (project.module(from, import), &project.facts(from).import(import).name) {
                    (Module::File(next), Imported::Named(name)) => self.exported_type(*next, name, depth),
                    (Module::File(next), Imported::Default) => self.exported_type(*next, "default", depth),
                    _ => None,
                },
                Exported::Star(Module::File(next)) => self.exported_type(next, name, depth),
                Exported::Value(at) => match project.value(at) {
                    Value::Class(class) => {
                        let name = project.facts(at.file).class(*class).name.clone()?;
                        self.declaration(at.file, &name, depth)
                    }
                    _ => None,
                },
                Exported::Star(_) => None,
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// What a name of the module's body stands for.
    fn variable(&self, file: FileId, name: &str) -> Option<At> {
        let facts = self.world.project.unit(file).map(|unit| &unit.facts)?;
        let at = facts.names.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        let value = *facts.variable(facts.names[at].1).writes.first()?;
        Some(At { file, value })
    }

    // ── schemas ──

    /// The fields of `z.object({ … })` and what is built on it.
    fn expand_schema(&mut self, at: At, depth: usize) -> Option<Record> {
        let depth = depth.checked_sub(1)?;
        let mut merged = Record::default();
        for end in self.ends(State::whole(at)) {
            let world = self.world;
            if let Value::Call(made) = world.project.value(end.at)
                && let Some(found) = self.expand_schema_call(end.at, made, depth)
            {
                merged.add(found);
            }
        }
        (!merged.fields.is_empty()).then_some(merged)
    }

    fn expand_schema_call(&mut self, at: At, made: &Call, depth: usize) -> Option<Record> {
        let facts = self.world.project.facts(at.file);
        let place = |value| At { file: at.file, value };
        let (base, name) = match facts.value(made.callee) {
            Value::Member { base, key: Key::Name(key), .. } => (Some(place(*base)), key.clone()),
            _ => (None, super::names::last(self.world, place(made.callee))?),
        };
        let first = made.arguments.first().map(|item| place(item.value));
        let mut inner = |at: Option<At>| at.and_then(|at| self.expand_schema(at, depth));
        let keys = || first.map(|first| chosen(facts, first.value)).unwrap_or_default();
        match name.as_str() {
            "object" | "strictObject" | "looseObject" | "Object" => self.shape(first?, depth),
            "extend" | "augment" | "shape" | "safeExtend" | "keys" => {
                let mut record = self.shape(first?, depth).unwrap_or_default();
                let before = base.and_then(|base| self.expand_schema(base, depth)).unwrap_or_default();
                record.add(before);
                Some(record)
            }
            "merge" | "and" | "concat" | "or" => {
                let mut record = inner(base).unwrap_or_default();
                record.add(inner(first).unwrap_or_default());
                Some(record)
            }
            "pick" => Some(inner(base)?.keep(&keys(), true)),
            "omit" => Some(inner(base)?.keep(&keys(), false)),
            "array" if made.arguments.len() == 1 => inner(first),
            name if SAME.contains(&name) => inner(base).or_else(|| inner(first)),
            "pipe" => inner(first).or_else(|| inner(base)),
            _ => None,
        }
    }

    /// The object literal that a schema is made from.
    fn shape(&mut self, at: At, depth: usize) -> Option<Record> {
        let depth = depth.checked_sub(1)?;
        let mut record = Record::default();
        for end in self.ends(State::whole(at)) {
            let world = self.world;
            let Value::Object(properties) = world.project.value(end.at) else { continue };
            for property in properties.iter().rev() {
                match property {
                    Property::Keyed { key: Key::Name(key), value, .. } => {
                        let value = At { file: end.at.file, value: *value };
                        let kind = if self.is_boolean_schema(value) { boolean(value.file) } else { Type::Schema(value) };
                        record.set(key.clone(), kind);
                    }
                    Property::Keyed { .. } => record.open = true,
                    Property::Spread(value) => {
                        let inner = self.spread_shape(At { file: end.at.file, value: *value }, depth);
                        record.add(inner.unwrap_or(Record { open: true, ..Record::default() }));
                    }
                }
            }
        }
        (!record.fields.is_empty()).then_some(record)
    }

    /// `...Base.shape`, `...fields`
    fn spread_shape(&mut self, at: At, depth: usize) -> Option<Record> {
        match self.world.project.value(at) {
            Value::Member { base, key: Key::Name(key), .. } if matches!(key.as_str(), "shape" | "entries" | "fields") => {
                self.expand_schema(At { file: at.file, value: *base }, depth)
            }
            _ => self.shape(at, depth),
        }
    }

    /// `z.boolean()`, `z.literal(true)`, `z.enum([…])`, with anything after it.
    fn is_boolean_schema(&self, at: At) -> bool {
        let facts = self.world.project.facts(at.file);
        let mut value = at.value;
        for _ in 0..8 {
            let Value::Call(made) = facts.value(value) else { return false };
            let Some(name) = super::names::last(self.world, At { file: at.file, value: made.callee }) else { return false };
            if matches!(name.as_str(), "boolean" | "bool" | "literal" | "enum" | "nativeEnum" | "picklist" | "Boolean") {
                return true;
            }
            match facts.value(made.callee) {
                Value::Member { base, .. } => value = *base,
                _ => return false,
            }
        }
        false
    }
}

impl Type {
    /// Whether a value of this type tells nothing of anybody whatever it is called: a boolean, one of some literals.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        fn plain(annotation: &TypeRef) -> bool {
            match annotation {
                TypeRef::Literal | TypeRef::Function(..) => true,
                TypeRef::Named(name, _) => matches!(name.as_str(), "boolean" | "true" | "false" | "null" | "undefined" | "never"),
                TypeRef::Several(parts) => parts.iter().all(plain),
                _ => false,
            }
        }
        matches!(self, Self::Written(_, annotation) if plain(annotation))
    }

    /// Whether many are held, rather than one.
    #[must_use]
    pub const fn is_list(&self) -> bool {
        matches!(self, Self::Written(_, TypeRef::Array(_)))
    }
}

fn boolean(file: FileId) -> Type {
    Type::Written(file, TypeRef::Named("boolean".into(), Vec::new()))
}

/// What the answer to a query holds.
fn answer(asked: &[Selection], schemas: &[&Schemas], depth: usize) -> Record {
    let mut record = Record::default();
    let Some(depth) = depth.checked_sub(1) else { return record };
    for field in asked {
        if let Some(name) = &field.fragment {
            match schemas.iter().find_map(|schemas| schemas.fragments.get(name)) {
                Some(fields) => record.add(answer(fields, schemas, depth)),
                None => record.open = true,
            }
        } else if field.key.is_empty() {
            record.add(answer(&field.inner, schemas, depth));
        } else if field.inner.is_empty() {
            record.set(field.key.clone(), Type::Scalar);
        } else {
            let inner = answer(&field.inner, schemas, depth);
            let inner = Record { names: vec![field.key.clone()], ..inner };
            record.set(field.key.clone(), Type::Record(Box::new(inner)));
        }
    }
    record
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn arguments_name_keys(name: &str) -> bool {
    matches!(name, "Pick" | "Omit")
}

/// `userProfile` is the table of `UserProfile`.
fn same_but_first(model: &str, table: &str) -> bool {
    let mut model = model.chars();
    let mut table = table.chars();
    match (model.next(), table.next()) {
        (Some(first), Some(other)) => first.to_lowercase().eq(other.to_lowercase()) && model.eq(table),
        _ => false,
    }
}

fn is_nothing(part: &TypeRef) -> bool {
    match part {
        TypeRef::Literal => true,
        TypeRef::Named(name, _) => {
            matches!(name.as_str(), "null" | "undefined" | "string" | "number" | "boolean" | "void" | "never")
        }
        _ => false,
    }
}

/// The keys of `Pick<T, "a" | "b">`.
fn literals(keys: &TypeRef) -> Vec<SmolStr> {
    match keys {
        TypeRef::Named(name, _) => vec![name.trim_matches('"').into()],
        TypeRef::Several(parts) => parts.iter().flat_map(literals).collect(),
        _ => Vec::new(),
    }
}

fn property(object: &Value, key: &str) -> Option<ValueId> {
    let Value::Object(properties) = object else { return None };
    properties.iter().find_map(|property| match property {
        Property::Keyed { key: Key::Name(name), value, .. } if name == key => Some(*value),
        _ => None,
    })
}

/// The keys of `{ email: true, age: false }` that are not `false`.
fn chosen(facts: &crate::facts::Facts, object: ValueId) -> Vec<SmolStr> {
    let Value::Object(properties) = facts.value(object) else { return Vec::new() };
    let keyed = properties.iter().filter_map(|property| match property {
        Property::Keyed { key: Key::Name(name), value, .. } => Some((name.clone(), facts.value(*value))),
        _ => None,
    });
    keyed.filter(|(_, value)| !matches!(value, Value::Literal(Literal::Boolean(false)))).map(|(name, _)| name).collect()
}
