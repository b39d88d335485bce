//! The data files that come with the program, as `(file name, text)`.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
