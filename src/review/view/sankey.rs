//! The data-flow map: where its nodes and ribbons stand.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers become lengths of a drawing"
)]

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::{
    base::Category,
    review::{
        edits,
        model::{Cell, Review},
    },
};

/// Width of the drawing; labels stand inside of it.
pub const WIDTH: usize = 960;
/// Room for a label on either side.
const LABEL: usize = 230;
const NODE: usize = 12;
const GAP: f64 = 12.0;
/// Nodes are at least as high as a line of their labels.
const LEAST: f64 = 14.0;
/// Height that the heavier side fills, without gaps.
const FILL: f64 = 320.0;
/// Vendors beyond this many are one node.
const MAX_VENDORS: usize = 16;

/// A category or a vendor.
pub struct Node {
    pub id: SmolStr,
    pub label: String,
    pub group: &'static str,
    pub count: usize,
    pub x: usize,
    pub y: String,
    pub height: String,
    pub middle: String,
    /// Where its label is anchored.
    pub text: usize,
}

/// What goes from a category to a vendor.
pub struct Ribbon {
    pub vendor: SmolStr,
    pub category: Category,
    pub group: &'static str,
    pub title: String,
    pub path: String,
    pub ambient: bool,
}

/// The map.
pub struct Map {
    pub width: usize,
    pub height: usize,
    pub categories: Vec<Node>,
    pub vendors: Vec<Node>,
    pub ribbons: Vec<Ribbon>,
}

/// The other vendors, as one.
const OTHERS: &str = "…";

/// One side: what each node holds, and where it and its next ribbon start.
struct Side(BTreeMap<usize, Slot>);

struct Slot {
    amount: usize,
    top: f64,
    height: f64,
    used: f64,
}

impl Side {
    fn new(amounts: &BTreeMap<usize, usize>, scale: f64) -> Self {
        let mut top = GAP;
        let slot = |(&key, &amount): (&usize, &usize)| {
            let height = (amount as f64 * scale).max(LEAST);
            let slot = Slot { amount, top, height, used: 0.0 };
            top += height + GAP;
            (key, slot)
        };
        Self(amounts.iter().map(slot).collect())
    }

    fn bottom(&self) -> f64 {
        self.0.values().map(|slot| slot.top + slot.height).fold(0.0, f64::max)
    }

    /// Moves the side down, so that the sides are centred on each other.
    fn centre(&mut self, height: f64) {
        let shift = (height - self.bottom()) / 2.0;
        self.0.values_mut().for_each(|slot| slot.top += shift.max(0.0));
    }

    /// The next piece of a node, for a ribbon of `amount`.
    fn take(&mut self, key: usize, amount: usize) -> (f64, f64) {
        let Some(slot) = self.0.get_mut(&key) else { return (0.0, 0.0) };
        let height = slot.height * amount as f64 / slot.amount.max(1) as f64;
        slot.used += height;
        (slot.top + slot.used - height, slot.top + slot.used)
    }
}

/// Lays the matrix out.
pub fn map(review: &Review) -> Map {
    let shown: Vec<&SmolStr> = review.vendors.iter().map(|vendor| &vendor.id).collect();
    let rank = |id: &SmolStr| shown.iter().position(|shown| *shown == id).unwrap_or(MAX_VENDORS).min(MAX_VENDORS);
    let amount = |cell: &Cell| cell.flows + cell.defaults;
    let order = edits::rank;
    let (mut left, mut right): (BTreeMap<usize, usize>, BTreeMap<usize, usize>) = Default::default();
    for cell in &review.matrix {
        *left.entry(order(cell.category)).or_default() += amount(cell);
        *right.entry(rank(&cell.vendor)).or_default() += amount(cell);
    }
    let total: usize = left.values().sum();
    let scale = FILL / total.max(1) as f64;
    let (mut from, mut to) = (Side::new(&left, scale), Side::new(&right, scale));
    let height = from.bottom().max(to.bottom());
    from.centre(height);
    to.centre(height);
    let mut cells: Vec<&Cell> = review.matrix.iter().collect();
    cells.sort_by_key(|cell| (order(cell.category), rank(&cell.vendor)));
    let ribbons = cells.iter().map(|cell| {
        let (a, b) = (from.take(order(cell.category), amount(cell)), to.take(rank(&cell.vendor), amount(cell)));
        ribbon(cell, review.name(&cell.vendor), a, b)
    });
    let ribbons = ribbons.collect();
    Map {
        width: WIDTH,
        height: (height + GAP).ceil() as usize,
        categories: categories(&from, order),
        vendors: vendors(&to, review),
        ribbons,
    }
}

fn ribbon(cell: &Cell, vendor: &str, from: (f64, f64), to: (f64, f64)) -> Ribbon {
    let (x0, x1) = (LABEL + NODE, WIDTH - LABEL - NODE);
    let middle = usize::midpoint(x0, x1);
    let (a, b, c, d) = (from.0, from.1, to.0, to.1);
    let path = format!(
        "M{x0} {a:.1}C{middle} {a:.1} {middle} {c:.1} {x1} {c:.1}V{d:.1}C{middle} {d:.1} {middle} {b:.1} {x0} {b:.1}Z"
    );
    let title = format!(
        "{} to {vendor}: {} from code, {} by default",
        crate::report::phrase::sentence(cell.category.title()),
        cell.flows,
        cell.defaults
    );
    let ambient = cell.flows == 0;
    Ribbon {
        vendor: cell.vendor.clone(),
        category: cell.category,
        group: cell.category.group().id(),
        title,
        path,
        ambient,
    }
}

fn node(id: &str, label: String, group: &'static str, slot: &Slot, x: usize, text: usize) -> Node {
    let middle = format!("{:.1}", slot.top + slot.height / 2.0 + 4.5);
    let (y, height) = (format!("{:.1}", slot.top), format!("{:.1}", slot.height));
    Node { id: id.into(), label, group, count: slot.amount, x, y, height, middle, text }
}

fn categories(side: &Side, order: impl Fn(Category) -> usize) -> Vec<Node> {
    let known = Category::ALL.iter().filter_map(|&category| Some((category, side.0.get(&order(category))?)));
    let nodes = known.map(|(category, slot)| {
        node(category.id(), category.title().to_owned(), category.group().id(), slot, LABEL, LABEL - 8)
    });
    nodes.collect()
}

fn vendors(side: &Side, review: &Review) -> Vec<Node> {
    let nodes = side.0.iter().map(|(&rank, slot)| {
        let vendor = review.vendors.get(rank).filter(|_| rank < MAX_VENDORS);
        let rest = review.vendors.len().saturating_sub(MAX_VENDORS);
        let label = vendor.map_or_else(|| format!("{rest} other vendors"), |vendor| short(&vendor.name));
        let id = vendor.map_or(OTHERS, |vendor| &vendor.id);
        node(id, label, "vendor", slot, WIDTH - LABEL - NODE, WIDTH - LABEL + 8)
    });
    nodes.collect()
}

/// A label that fits beside its node.
fn short(name: &str) -> String {
    const MOST: usize = 24;
    if name.chars().count() <= MOST { name.to_owned() } else { name.chars().take(MOST - 1).collect::<String>() + "…" }
}
