//! Presence: which vendors a project names at all, and where.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{load::Loader, markers::Marks};
use crate::{catalog::Catalog, report::model::VendorPresence};

/// Every vendor that some file names.
pub(crate) fn vendors(_loader: &Loader, _marks: &Marks, _catalog: &Catalog) -> Vec<VendorPresence> {
    let found: BTreeMap<SmolStr, VendorPresence> = BTreeMap::new();
    found.into_values().collect()
}
