//! What the outside world is: vendors, libraries and the words that name personal data. All of it is data.

mod embedded;
mod endpoint;
pub mod format;
mod index;
mod own;
pub mod port;
pub mod words;

pub use endpoint::Endpoint;
pub use index::{ApiId, Catalog, CatalogError, CompiledApi, Handle, HookId, Marks, Signature, Source, VendorId};
