//! What the outside world is: vendors, libraries and the words that name personal data. All of it is data.

pub mod format;
