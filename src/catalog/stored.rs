//! Values that are kept as bytes until somebody asks: a scan meets few of all vendors, and pays for no others.

use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, ser::Error as _};

/// A value, or the bytes of the program that hold it.
#[derive(Debug, Default)]
pub struct Stored<T> {
    bytes: &'static [u8],
    value: OnceLock<T>,
}

impl<T: DeserializeOwned> Stored<T> {
    /// The value, read when it is first asked for.
    ///
    /// # Panics
    /// Never: the bytes were written from such a value when the program was built.
    #[allow(clippy::expect_used, reason = "a test reads all that is embedded")]
    pub fn get(&self) -> &T {
        self.value.get_or_init(|| postcard::from_bytes(self.bytes).expect("what is embedded can be read"))
    }
}

#[cfg(test)]
impl<T> Stored<T> {
    /// Whether somebody has asked.
    pub fn is_read(&self) -> bool {
        self.value.get().is_some()
    }
}

impl<T> From<T> for Stored<T> {
    fn from(value: T) -> Self {
        Self { bytes: &[], value: OnceLock::from(value) }
    }
}

impl<T: DeserializeOwned + PartialEq> PartialEq for Stored<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Serialize + DeserializeOwned> Serialize for Stored<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&postcard::to_allocvec(self.get()).map_err(S::Error::custom)?)
    }
}

impl<'de: 'static, T> Deserialize<'de> for Stored<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { bytes: <&[u8]>::deserialize(deserializer)?, value: OnceLock::new() })
    }
}
