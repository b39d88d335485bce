//! What the outside world is: vendors, libraries and the words that name personal data. All of it is data.

mod embedded;
pub mod format;
mod index;
pub mod port;
pub mod words;

pub use index::{
    ApiId, Catalog, CatalogError, CompiledApi, Endpoint, Handle, HookId, Marks, Signature, Source, VendorId,
};
