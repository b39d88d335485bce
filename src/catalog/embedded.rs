//! The catalogue and the words that come with the program, as the build script compiled them.

use std::sync::OnceLock;

use super::{Catalog, CatalogError, words::Words};

static CATALOG: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog"));
static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words"));

impl Catalog {
    /// The catalogue that comes with the program.
    ///
    /// # Errors
    /// When it cannot be read; a test holds that it can.
    pub fn embedded() -> Result<Self, CatalogError> {
        let fail = |error: postcard::Error| CatalogError { file: "catalogue".to_owned(), message: error.to_string() };
        postcard::from_bytes(CATALOG).map_err(fail)
    }
}

impl Words {
    /// The words that come with the program.
    ///
    /// # Panics
    /// Never: a test reads the same bytes.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a test reads the same bytes")]
    pub fn embedded() -> &'static Self {
        static READ: OnceLock<Words> = OnceLock::new();
        READ.get_or_init(|| postcard::from_bytes(WORDS).expect("the embedded words can be read"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_read_when_it_is_asked_for() {
        let catalog = Catalog::embedded().unwrap();
        let read = || catalog.sources().iter().filter(|source| source.details.is_read()).count();
        let exported = catalog.export("mixpanel-browser", None);
        assert_eq!(read(), 0);
        assert!(exported.iter().all(|handle| catalog.api(handle.api).vendor.is_some()));
        assert_eq!(read(), 1);
    }
}
