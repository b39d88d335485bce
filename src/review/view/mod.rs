//! What people and machines read of a review: HTML, Markdown, CSV, JSON. A view computes nothing but its own layout.

#![allow(
    clippy::unused_self,
    clippy::trivially_copy_pass_by_ref,
    reason = "templates call methods of their data, by reference"
)]

pub mod csv;
pub mod delta;
pub mod exposure;
pub mod filters;
pub mod history;
pub mod html;
pub mod markdown;
mod pack;
mod sankey;
