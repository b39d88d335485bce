//! What a whole object holds, by its declared type: interfaces, aliases, classes, schemas, models, queries.
//!
//! A type is taken apart only as far as a question needs it. What is not declared in the project has no fields here,
//! and a record with such a part is [`Record::open`]: it may hold more than is known.

mod call;
mod schema;

use std::rc::Rc;

use smol_str::SmolStr;

use super::{
    state::{PathId, State},
    step::Stepper,
};
use crate::{
    base::Key,
    facts::{Facts, Home, Imported, Literal, Property, TypeRef, Value, ValueId},
    link::project::{At, Exported, FileId, FunctionAt, Module},
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
    "Promise",
    "PromiseLike",
    "Partial",
    "Required",
    "Readonly",
    "NonNullable",
    "Awaited",
    "DeepPartial",
    "Maybe",
    "Nullable",
    "Optional",
    "Ref",
    "ComputedRef",
    "ShallowRef",
    "Immutable",
    "WithId",
    "HydratedDocument",
    "Array",
    "ReadonlyArray",
    "Set",
    "Observable",
    "Signal",
    "Accessor",
    "InputMaybe",
    "Simplify",
    "Prettify",
    "Expand",
    "PropsWithChildren",
    "Loaded",
    "Selectable",
    "Insertable",
    "Updateable",
];

/// Types of values of a schema.
const INFERRED: &[&str] =
    &["infer", "output", "input", "TypeOf", "Infer", "InferType", "InferOutput", "InferInput", "Static", "Asserts"];

impl Stepper<'_> {
    /// The fields of the part of a value that a state means, as far as the value itself declares them.
    pub fn record(&mut self, state: State) -> Option<Rc<Record>> {
        let asked = (state.at, state.path);
        if let Some(known) = self.known_records.get(&asked) {
            return known.clone();
        }
        let keys = self.tables.path(state.path).0.clone();
        let declared = self.own_type(state.at, &keys, DEPTH);
        let record = declared.and_then(|declared| self.expand(&declared, DEPTH)).map(Rc::new);
        self.known_records.insert(asked, record.clone());
        record
    }

    /// The fields of a part of what a function says that it returns.
    pub fn result_record(&mut self, function: FunctionAt, path: PathId) -> Option<Rc<Record>> {
        let keys = self.tables.path(path).0.clone();
        let declared = self.result_type(function)?;
        let part = self.descend(declared, &keys, DEPTH)?;
        self.expand(&part, DEPTH).map(Rc::new)
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
                Exported::Import(from, import) => {
                    match (project.module(from, import), &project.facts(from).import(import).name) {
                        (Module::File(next), Imported::Named(name)) => self.exported_type(*next, name, depth),
                        (Module::File(next), Imported::Default) => self.exported_type(*next, "default", depth),
                        _ => None,
                    }
                }
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
}

impl Type {
    /// Whether a value of this type tells nothing of anybody whatever it is called: a boolean, one of some literals.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        fn plain(annotation: &TypeRef) -> bool {
            match annotation {
                TypeRef::Literal | TypeRef::Function(..) => true,
                TypeRef::Named(name, _) => {
                    matches!(name.as_str(), "boolean" | "true" | "false" | "null" | "undefined" | "never")
                }
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

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn arguments_name_keys(name: &str) -> bool {
    matches!(name, "Pick" | "Omit")
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

/// The keys of `{ email: true, age: false }` that are not `false`.
fn chosen(facts: &Facts, object: ValueId) -> Vec<SmolStr> {
    let Value::Object(properties) = facts.value(object) else { return Vec::new() };
    let keyed = properties.iter().filter_map(|property| match property {
        Property::Keyed { key: Key::Name(name), value, .. } => Some((name.clone(), facts.value(*value))),
        _ => None,
    });
    keyed.filter(|(_, value)| !matches!(value, Value::Literal(Literal::Boolean(false)))).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::{
        base::LineIndex,
        catalog::{Catalog, words::Words},
        facts::ValueId,
        link::project::{Project, Unit},
        source::Language,
        syntax::Syntax,
        trace::graph::{Graph, World},
    };

    fn project(files: &[&str], prisma: &str) -> Project {
        let mut project = Project::default();
        project.schemas.add_prisma(prisma);
        let mut syntax = Syntax::new();
        let units = files.iter().enumerate().map(|(index, text)| {
            let facts = syntax.facts(text, Language::TypeScript).expect("the source parses");
            let unit = Unit {
                name: format!("{index}.ts").into(),
                test: false,
                text: (*text).into(),
                lines: LineIndex::new(text),
                modules: vec![Module::File(FileId(1)); facts.imports.len()],
                stars: Vec::new(),
                facts: facts.into(),
            };
            (FileId(u32::try_from(index).unwrap()), unit)
        });
        let units: Vec<_> = units.collect();
        project.extend(units);
        project
    }

    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the catalogue is valid"));

    /// The fields of what `see(x)` of the first file is given.
    fn fields(files: &[&str], prisma: &str) -> String {
        let project = project(files, prisma);
        let graph = Graph::default();
        let world = World { project: &project, catalog: &CATALOG, words: Words::embedded(), graph: &graph };
        let facts = project.facts(FileId(0));
        let sees = |value| matches!(facts.value(value), Value::Global(name) if name == "see");
        let call = facts.calls.iter().filter_map(|&call| facts.call(call)).find(|call| sees(call.callee)).unwrap();
        let value: ValueId = call.arguments[0].value;
        let mut stepper = Stepper::new(world);
        let declared = stepper.type_of(At { file: FileId(0), value }, &[], DEPTH);
        let record = declared.and_then(|declared| stepper.record_of(&declared));
        let names =
            record.map(|record| record.fields.into_iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>());
        names.map_or_else(|| "-".to_owned(), |names| names.join(" "))
    }

    #[test]
    fn written_types() {
        const TYPES: &str = "interface A { a: string; b: B } type B = { c: number }; type U = A & { d: A[] };";
        for (annotation, expect) in [
            ("A", "a b"),
            ("U", "a b d"),
            ("A | null", "a b"),
            ("Promise<U[]>", "a b d"),
            ("Partial<Omit<U, \"a\" | \"b\">>", "d"),
            ("Pick<U, \"a\">", "a"),
            ("U[\"b\"]", "c"),
            ("{ x: string }", "x"),
            ("Record<string, string>", "-"),
            ("Elsewhere", "-"),
            ("string", "-"),
        ] {
            let source = format!("{TYPES} function f(x: {annotation}) {{ see(x); }}");
            assert_eq!(fields(&[&source], ""), expect, "{annotation}");
        }
    }

    #[test]
    fn cycles_end() {
        for types in ["type T = T;", "type T = U; type U = T;", "interface T extends T {}", "type T = T[\"a\"];"] {
            assert_eq!(fields(&[&format!("{types} function f(x: T) {{ see(x); }}")], ""), "-", "{types}");
        }
    }

    #[test]
    fn types_of_other_files() {
        let other = "export interface A { a: string } export class C { b = 1; constructor(readonly c: string) {} }";
        for (source, expect) in [
            ("import type { A } from './1'; const f = (x: A) => see(x);", "a"),
            ("import { A as B } from './1'; const f = (x: B) => see(x);", "a"),
            ("import * as all from './1'; const f = (x: all.A) => see(x);", "a"),
            ("import { C } from './1'; const f = (x: C) => see(x);", "b c"),
            ("import { D } from './1'; const f = (x: D) => see(x);", "-"),
        ] {
            assert_eq!(fields(&[source, other], ""), expect, "{source}");
        }
    }

    #[test]
    fn what_calls_give() {
        let prisma = "model User {\n id String\n email String\n posts Post[]\n}\nmodel Post {\n text String\n}";
        for (source, expect) in [
            ("const S = z.object({ a: z.string(), b: z.object({ c: z.number() }) }); see(S.parse(x));", "b a"),
            (
                "const S = z.object({ a: z.string() }).extend({ b: z.string() }).omit({ a: true }); see(S.parse(x));",
                "b",
            ),
            ("const S = z.object({ a: z.string() }); const r = S.safeParse(x); see(r.data);", "a"),
            ("const S = v.object({ a: v.string() }); see(v.parse(S, x));", "a"),
            ("const S = object({ a: string() }); function f(x: InferType<typeof S>) { see(x); }", "a"),
            ("JSON.parse(x); see(JSON.parse(x));", "-"),
            ("async function f() { see(await db.user.findMany()); }", "id email"),
            ("see(db.user.findFirst({ select: { id: true, email: false } }));", "id"),
            ("see(db.user.findFirst({ include: { posts: true } }));", "id email posts"),
            ("see(db.unknown.findFirst());", "-"),
            ("interface U { a: string } function f(r: Repository<U>) { see(r.findOneBy({})); }", "a"),
            (
                "interface U { a: string } interface Api { me(): Promise<U> } function f(api: Api) { see(api.me()); }",
                "a",
            ),
            ("interface U { a: string } const { data } = http.get<U>(url); see(data);", "a"),
            ("const Q = gql`query { me { id name } }`; const { data } = useQuery(Q); see(data.me);", "id name"),
        ] {
            assert_eq!(fields(&[source], prisma), expect, "{source}");
        }
    }
}
