//! Compiles the catalogue's data files, so that adding a vendor is adding a file.
//!
//! Reading TOML and linking names is most of what loading the catalogue would cost. So both are done here, by the very
//! modules that the program does it with, and what comes out is embedded. A file that is wrong fails the build.

#![allow(dead_code, unused_imports, reason = "the program uses the rest of the shared modules")]
#![allow(clippy::disallowed_methods, reason = "a build script has nothing but the environment and the disk")]

use std::{env, error::Error, fs, io, path::Path};

use catalog::{Catalog, words::Words};

#[path = "src/base"]
mod base {
    mod category;
    mod key;

    pub use category::Category;
    pub use key::Key;
}

#[path = "src/catalog"]
mod catalog {
    mod compile;
    mod compiled;
    mod endpoint;
    pub mod format;
    mod own;
    pub mod port;
    mod stored;
    pub mod words;

    pub use compiled::Catalog;
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    let mut catalog = Catalog::default();
    for (name, text) in data_files("vendors")?.into_iter().chain(data_files("models")?) {
        catalog.add(&name, &text)?;
    }
    let mut words = Words::default();
    for (name, text) in data_files("words")? {
        words = words.with(&text).map_err(|error| format!("{name}: {error}"))?;
    }
    fs::write(Path::new(&out).join("catalog"), postcard::to_allocvec(&catalog)?)?;
    fs::write(Path::new(&out).join("words"), postcard::to_allocvec(&words)?)?;
    Ok(())
}

/// The names and texts of a folder's files, sorted by name.
fn data_files(folder: &str) -> io::Result<Vec<(String, String)>> {
    println!("cargo:rerun-if-changed={folder}");
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(path)?));
        }
    }
    files.sort();
    Ok(files)
}
