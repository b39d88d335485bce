//! What people and machines read: views of one [`Report`].
//!
//! A view computes nothing that the report does not hold. It only orders, groups, counts and phrases. What stems from
//! the scanned tree is hostile until proven otherwise: see [`neutral`] for how it is kept from steering a terminal.

pub mod advice;
mod checkstyle;
mod compact;
mod github;
mod gitlab;
mod gitlab_sast;
mod group;
pub mod json;
mod junit;
pub mod lines;
mod links;
pub(crate) mod markdown;
pub mod model;
pub mod neutral;
pub mod phrase;
mod rdjson;
pub mod redact;
mod remark;
pub mod rules;
pub mod sarif;
mod terminal;

use std::{collections::BTreeMap, fmt, io, str::FromStr, sync::Arc};

use crate::catalog::format::{PersonalData, Vendor};
use model::Report;
pub use terminal::mistake;

/// Hands out the text of scanned files, for snippets.
pub trait Sources {
    /// The decoded text of a file, named as in [`model::Location::file`]; `None` where it cannot be had any more.
    fn text(&self, file: &str) -> Option<Arc<str>>;
}

/// What a view says of a vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorName {
    /// The name as the vendor writes it.
    pub name: String,
    /// What its terms say of personal data.
    pub personal_data: PersonalData,
    /// Its data-processing terms, a URL.
    pub terms: String,
}

/// Vendors by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<String, VendorName>);

impl Names {
    /// The name to show for a vendor id: the id itself where the catalogue has none.
    #[must_use]
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, |vendor| &vendor.name)
    }

    /// What is known of a vendor.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&VendorName> {
        self.0.get(id)
    }
}

impl<'a> FromIterator<&'a Vendor> for Names {
    fn from_iter<I: IntoIterator<Item = &'a Vendor>>(vendors: I) -> Self {
        let entry = |vendor: &Vendor| {
            let (name, terms) = (neutral::clean(&vendor.name).into_owned(), neutral::clean(&vendor.terms).into_owned());
            (vendor.id.clone(), VendorName { name, terms, personal_data: vendor.personal_data })
        };
        Self(vendors.into_iter().map(entry).collect())
    }
}

/// What a view needs beside the report.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Source text.
    pub sources: &'a dyn Sources,
    /// Vendor names.
    pub names: &'a Names,
    /// Whether the terminal view may use colour.
    pub colour: bool,
    /// Width of the terminal view in columns.
    pub width: usize,
    /// The day of the run, for formats that must give one.
    pub day: jiff::civil::Date,
    /// Which part of a report this is, from 1, if it had to be split.
    pub part: Option<usize>,
}

macro_rules! formats {
    ($($variant:ident $id:literal $about:literal,)*) => {
        /// A view of a report.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Format {
            $(#[doc = $about] $variant,)*
        }

        impl Format {
            /// Every format, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable id, as in `--format json`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            /// One sentence for the help.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about),* }
            }
        }
    };
}

formats! {
    Terminal "terminal" "Annotated source, for people.",
    Compact "compact" "One line for each finding.",
    Json "json" "Everything, schema version 1.",
    Jsonl "jsonl" "One JSON object for each line: findings, then the rest.",
    Sarif "sarif" "SARIF 2.1.0, for code scanning and editors.",
    Github "github" "GitHub workflow commands: annotations on a pull request.",
    Markdown "markdown" "A comment for a pull request.",
    Gitlab "gitlab" "GitLab code quality report.",
    GitlabSast "gitlab-sast" "GitLab security report, with every flow.",
    Junit "junit" "`JUnit` XML.",
    Checkstyle "checkstyle" "Checkstyle XML.",
    Rdjson "rdjson" "Reviewdog diagnostics.",
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// The user named a format that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no output format `{0}`: use one of {known}", known = known_formats())]
pub struct UnknownFormat(pub String);

fn known_formats() -> String {
    let ids: Vec<_> = Format::ALL.iter().map(|format| format.id()).collect();
    ids.join(", ")
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|format| format.id() == id);
        found.copied().ok_or_else(|| UnknownFormat(id.to_owned()))
    }
}

/// Writes `report` in `format` to `out`.
///
/// # Errors
/// What `out` answers. The caller decides whether a closed pipe matters.
pub fn render(format: Format, report: &Report, context: &Context<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let view = match format {
        Format::Json => return json::write(report, out),
        Format::Jsonl => return json::write_lines(report, out),
        Format::Terminal => terminal::write,
        Format::Compact => compact::write,
        Format::Sarif => sarif::write,
        Format::Github => github::write,
        Format::Markdown => markdown::write,
        Format::Gitlab => gitlab::write,
        Format::GitlabSast => gitlab_sast::write,
        Format::Junit => junit::write,
        Format::Checkstyle => checkstyle::write,
        Format::Rdjson => rdjson::write,
    };
    view(&neutral::Neutral::of(report), context, out)
}

#[cfg(test)]
mod tests;
