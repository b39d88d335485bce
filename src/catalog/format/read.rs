//! How values that may be typed in several ways are read: by what stands there, so that an error tells what is wrong
//! with it. Compiled data say which way it is, and need no looking.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        Error, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

use super::{Callback, Constant, Meaning, OneOrMany, Word};

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor(PhantomData))
    }
}

struct OneOrManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
    type Value = OneOrMany<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table or an array of tables")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(OneOrMany::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(OneOrMany::Many)
    }
}

/// Text is read by what stands there, compiled data by the derived code, which says which way it is.
macro_rules! by_what_stands_there {
    ($($value:ident $visitor:ident,)*) => {$(
        impl Serialize for $value {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }

        impl<'de> Deserialize<'de> for $value {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    return deserializer.deserialize_any($visitor);
                }
                Self::deserialize(deserializer)
            }
        }
    )*};
}

by_what_stands_there! {
    Meaning MeaningVisitor,
    Constant ConstantVisitor,
}

struct MeaningVisitor;

impl<'de> Visitor<'de> for MeaningVisitor {
    type Value = Meaning;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a meaning: a word, a table of parts or a callback")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Meaning, E> {
        Word::try_from(text.to_owned()).map(Meaning::Word).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Meaning, A::Error> {
        let (mut parts, mut params, mut returns) = (BTreeMap::new(), None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "$callback" => params = Some(map.next_value()?),
                "$returns" => returns = Some(map.next_value()?),
                _ => {
                    parts.insert(key, map.next_value()?);
                }
            }
        }
        match (params, returns) {
            (None, None) => Ok(Meaning::Parts(parts)),
            (Some(params), returns) if parts.is_empty() => Ok(Meaning::Callback(Callback { params, returns })),
            _ => Err(A::Error::custom("a callback has `$callback`, may have `$returns`, and has nothing else")),
        }
    }
}

struct ConstantVisitor;

impl<'de> Visitor<'de> for ConstantVisitor {
    type Value = Constant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a boolean, a number, a string or an array of them")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Constant, E> {
        Ok(Constant::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Constant, E> {
        Ok(Constant::Integer(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Constant, E> {
        Ok(Constant::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Constant, E> {
        Ok(Constant::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Constant, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Constant::List)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Call, Condition};

    #[test]
    fn errors_name_what_is_wrong() {
        let rows = [
            ("args = [\"trait\"]", "`trait` is no meaning: use a data category or one of ignore, traits"),
            ("args = [{ \"$returns\" = \"traits\" }]", "a callback has `$callback`"),
            ("args = [{ \"$callback\" = [\"_\"], x = \"traits\" }]", "and has nothing else"),
            ("args = [1]", "expected a meaning"),
            ("arg = []", "unknown field `arg`"),
        ];
        for (call, expected) in rows {
            for text in [format!("c = {{ {call} }}"), format!("c = [{{ {call} }}]")] {
                let calls = toml::from_str::<std::collections::BTreeMap<String, super::OneOrMany<Call>>>(&text);
                let error = calls.unwrap_err().to_string();
                assert!(error.contains(expected), "{text}: {error}");
            }
        }
        let wrong = toml::from_str::<Condition>("setting = \"x\"\nis = [{}]").unwrap_err().to_string();
        assert!(wrong.contains("a boolean, a number, a string or"), "{wrong}");
    }
}
