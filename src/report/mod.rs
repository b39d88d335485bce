//! What people and machines read: views of one [`Report`](model::Report).

pub mod model;
