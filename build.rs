//! Gathers the catalogue's data files, so that adding a vendor is adding a file.
//!
//! Reading TOML is most of what loading the catalogue would cost. So vendors and models are embedded as JSON, which
//! says the same and is read many times faster.

#![allow(clippy::disallowed_methods, reason = "a build script has nothing but the environment and the disk")]

use std::{env, fmt::Write as _, fs, io, path::Path};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut code = String::new();
    for (folder, compiled) in [("vendors", true), ("models", true), ("words", false)] {
        println!("cargo:rerun-if-changed={folder}");
        let _ = writeln!(code, "pub const {}: &[(&str, &str)] = &[", folder.to_uppercase());
        for name in data_files(&Path::new(&root).join(folder))? {
            let mut path = Path::new(&root).join(folder).join(&name);
            if compiled {
                let json = compile(&fs::read_to_string(&path)?, &name)?;
                path = Path::new(&out).join(format!("{folder}-{name}.json"));
                fs::write(&path, json)?;
            }
            let path = path.to_string_lossy();
            let _ = writeln!(code, "    ({name:?}, include_str!({path:?})),");
        }
        code.push_str("];\n");
    }
    fs::write(Path::new(&out).join("embedded.rs"), code)
}

fn compile(text: &str, name: &str) -> io::Result<String> {
    let table: toml::Table = toml::from_str(text).map_err(|error| io::Error::other(format!("{name}: {error}")))?;
    serde_json::to_string(&table).map_err(io::Error::other)
}

fn data_files(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|extension| extension == "toml") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
