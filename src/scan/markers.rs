//! The catalogue's markers: byte strings that show a vendor may be at work in a file.

use smol_str::SmolStr;

use crate::{
    catalog::{Catalog, VendorId},
    source::Markers,
};

/// How a marker shows a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkKind {
    Package,
    Global,
    Script,
    Host,
}

/// One marker.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) vendor: VendorId,
    pub(crate) kind: MarkKind,
    pub(crate) text: SmolStr,
}

/// All markers, prepared for sketching.
pub(crate) struct Marks {
    pub(crate) markers: Markers,
    pub(crate) marks: Vec<Mark>,
}

impl Marks {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let mut marks = Vec::new();
        for (index, source) in catalog.sources().iter().enumerate() {
            if source.vendor.is_none() {
                continue;
            }
            let vendor = VendorId(u32::try_from(index).unwrap_or(u32::MAX));
            let mut add = |kind, texts: &[SmolStr]| {
                marks.extend(texts.iter().map(|text| Mark { vendor, kind, text: text.clone() }));
            };
            add(MarkKind::Package, &source.marks.packages);
            add(MarkKind::Global, &source.marks.globals);
            add(MarkKind::Script, &source.marks.scripts);
            add(MarkKind::Host, &source.marks.hosts);
        }
        let id = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let literals = marks.iter().enumerate().filter(|(_, mark)| mark.kind != MarkKind::Global);
        let literals: Vec<_> = literals.map(|(index, mark)| (literal(mark), id(index))).collect();
        let identifiers = marks.iter().enumerate().filter(|(_, mark)| mark.kind == MarkKind::Global);
        let identifiers: Vec<_> = identifiers.map(|(index, mark)| (mark.text.to_string(), id(index))).collect();
        Self { markers: Markers::new(literals, identifiers), marks }
    }
}

/// The bytes that show a marker: a package stands in quotes, a wildcard host is its domain.
fn literal(mark: &Mark) -> String {
    match mark.kind {
        MarkKind::Package => mark.text.trim_end_matches("/*").to_owned(),
        MarkKind::Host => mark.text.trim_start_matches("*.").to_owned(),
        _ => mark.text.to_string(),
    }
}
