//! The data files that come with the program, as `(file name, text)`; vendors and models as JSON, see `build.rs`.

use rayon::prelude::*;

use super::{Catalog, CatalogError, format::Document};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

impl Catalog {
    /// The catalogue that comes with the program.
    ///
    /// # Errors
    /// When a file is wrong; a test holds that none is.
    pub fn embedded() -> Result<Self, CatalogError> {
        let files = VENDORS.par_iter().chain(MODELS);
        let parsed: Vec<(&str, Document)> =
            files.map(|(file, json)| Ok((*file, parse(file, json)?))).collect::<Result<_, _>>()?;
        let mut catalog = Self::default();
        for (file, document) in parsed {
            catalog.add_document(file, document)?;
        }
        Ok(catalog)
    }
}

fn parse(file: &str, json: &str) -> Result<Document, CatalogError> {
    serde_json::from_str(json).map_err(|error| CatalogError { file: file.to_owned(), message: error.to_string() })
}
