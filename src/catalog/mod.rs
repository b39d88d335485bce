//! What the outside world is: vendors, libraries and the words that name personal data. All of it is data.

mod compile;
mod compiled;
mod embedded;
mod endpoint;
pub mod format;
mod index;
mod own;
pub mod port;
mod stored;
pub mod words;

pub use compiled::{
    ApiId, Catalog, CatalogError, CompiledApi, Details, Handle, HookId, Marks, Signature, Source, VendorId,
};
pub use endpoint::Endpoint;
