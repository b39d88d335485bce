//! `docs/vendors/` says what the catalogue says. `UPDATE=1 cargo test --test it vendor_pages` writes it again.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use overshare::{
    catalog::{Catalog, format::Vendor},
    cli::explain,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/vendors")
}

/// Every page that there should be, by file name.
fn wanted() -> BTreeMap<String, String> {
    let catalog = Catalog::embedded().unwrap();
    let pages = explain::vendors(&catalog);
    let index = index(pages.iter().map(|(vendor, _)| *vendor));
    let of_vendor = |(vendor, page): &(&Vendor, explain::Page)| {
        let note = format!(
            "<!-- Made from vendors/{}.toml by `UPDATE=1 cargo test --test it vendor_pages`. -->\n\n",
            vendor.id
        );
        (format!("{}.md", vendor.id), note + &page.markdown())
    };
    pages.iter().map(of_vendor).chain([("README.md".to_owned(), index)]).collect()
}

fn index<'a>(vendors: impl Iterator<Item = &'a Vendor>) -> String {
    let mut by_kind: BTreeMap<String, Vec<&Vendor>> = BTreeMap::new();
    for vendor in vendors {
        by_kind.entry(explain::kind(vendor)).or_default().push(vendor);
    }
    let total: usize = by_kind.values().map(Vec::len).sum();
    let mut page = format!(
        "<!-- Made from vendors/ by `UPDATE=1 cargo test --test it vendor_pages`. -->\n\n# Vendors\n\n\
         {total} vendors, by what they are used for. Each page tells how a vendor is recognised, what its calls mean,\n\
         what it collects by default, and where that was read. The same text: `overshare explain ID`.\n"
    );
    for (kind, vendors) in by_kind {
        let _ = write!(page, "\n## {}\n\n", capital(&kind));
        for Vendor { id, name, company, country, .. } in vendors {
            let _ = writeln!(page, "- [{name}]({id}.md): {company} ({country})");
        }
    }
    page
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn found() -> BTreeMap<String, String> {
    let files = fs::read_dir(folder()).into_iter().flatten().flatten();
    let read = |file: fs::DirEntry| {
        (file.file_name().to_string_lossy().into_owned(), fs::read_to_string(file.path()).unwrap())
    };
    files.map(read).collect()
}

fn update(wanted: &BTreeMap<String, String>) {
    fs::create_dir_all(folder()).unwrap();
    for stale in found().keys().filter(|name| !wanted.contains_key(*name)) {
        fs::remove_file(folder().join(stale)).unwrap();
    }
    for (name, text) in wanted {
        fs::write(folder().join(name), text).unwrap();
    }
}

#[test]
fn the_pages_are_those_of_the_catalogue() {
    let wanted = wanted();
    if env::var_os("UPDATE").is_some() {
        update(&wanted);
    }
    let found = found();
    let names = wanted.keys().chain(found.keys());
    let stale: Vec<_> = names.filter(|name| wanted.get(*name) != found.get(*name)).collect();
    assert!(stale.is_empty(), "run `UPDATE=1 cargo test --test it vendor_pages`: {stale:?}");
}

#[test]
fn lines_can_be_read_in_an_editor() {
    for (name, text) in wanted() {
        for line in text.lines() {
            assert!(line.chars().count() <= 120 || !line.trim().contains(' '), "{name}: {line}");
        }
    }
}
