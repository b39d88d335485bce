//! What the address or the title of a page says of a person, and who learns it by page views that no line sends.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::{
    flow::{Flow, Found},
    follow,
    graph::World,
    sinks::pages,
    step::Stepper,
};
use crate::{
    base::Group,
    catalog::{Catalog, VendorId},
    link::project::FileId,
};

/// The flows into addresses and titles, for each vendor whose initialisation was found and that sends page views by
/// itself. An id in an address is how the web works; what names a person there is told.
#[must_use]
pub fn told(world: World<'_>, files: &[FileId], found: &Found) -> Vec<Flow> {
    let viewers = viewers(world.catalog, found);
    if viewers.is_empty() {
        return Vec::new();
    }
    let told = files.par_iter().map(|&file| {
        let mut stepper = Stepper::new(world);
        let mut told = Found::default();
        for sink in pages::of_file(&mut stepper, file, &viewers) {
            follow::follow(&mut stepper, &sink, &mut told);
        }
        told.flows.retain(|flow| flow.category.group() == Group::Direct);
        told.flows
    });
    told.collect::<Vec<_>>().concat()
}

fn viewers(catalog: &Catalog, found: &Found) -> BTreeSet<VendorId> {
    let sends = |started: &&super::ambient::Started| {
        catalog.sources()[started.vendor.0 as usize].details().collects[started.collects].pages
    };
    found.started.iter().filter(sends).map(|started| started.vendor).collect()
}
