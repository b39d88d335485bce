//! What a call gives, by what is called: declared functions, type arguments, parsers, stores of models, queries.

use smol_str::SmolStr;

use super::{DEPTH, Record, Type, chosen, last};
use crate::{
    base::Key,
    facts::{Call, CallKind, Property, TypeRef, Value, ValueId},
    link::{
        project::{At, FileId},
        schema::{Schemas, Selection},
    },
    trace::{names, step::Stepper},
};

/// Generic stores of records, of which methods give their argument.
const STORES: &[&str] = &["Repository", "Model", "EntityRepository", "MongoRepository", "TreeRepository", "Collection"];

const QUERIES: &[&str] = &[
    "findUnique",
    "findUniqueOrThrow",
    "findFirst",
    "findFirstOrThrow",
    "findMany",
    "create",
    "update",
    "upsert",
    "delete",
    "findOne",
    "findOneBy",
    "findOneOrFail",
    "find",
    "findById",
    "findBy",
    "save",
];

/// Words in the names of functions that are given a GraphQL document.
const ASKING: &[&str] = &["query", "mutat", "subscription", "request", "execute", "fragment"];

impl Stepper<'_> {
    pub(super) fn call_type(&mut self, at: At, made: &Call, keys: &[Key], depth: usize) -> Option<Type> {
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
            _ => (None, names::last(self.world, place(made.callee))?),
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
        let asks = |name: SmolStr| ASKING.iter().any(|word| name.to_lowercase().contains(word));
        if !names::last(self.world, At { file: at.file, value: made.callee }).is_some_and(asks) {
            return None;
        }
        let facts = self.world.project.facts(at.file);
        let arguments = made.arguments.iter().take(2).map(|item| item.value);
        let documents: Vec<ValueId> = arguments
            .flat_map(|value| {
                [Some(value), property(facts.value(value), "query"), property(facts.value(value), "document")]
            })
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
        let tag = names::last(self.world, At { file: origin.file, value: made.callee })?;
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

/// `userProfile` is the table of `UserProfile`.
fn same_but_first(model: &str, table: &str) -> bool {
    let mut model = model.chars();
    let mut table = table.chars();
    match (model.next(), table.next()) {
        (Some(first), Some(other)) => first.to_lowercase().eq(other.to_lowercase()) && model.eq(table),
        _ => false,
    }
}

fn property(object: &Value, key: &str) -> Option<ValueId> {
    let Value::Object(properties) = object else { return None };
    properties.iter().find_map(|property| match property {
        Property::Keyed { key: Key::Name(name), value, .. } if name == key => Some(*value),
        _ => None,
    })
}
