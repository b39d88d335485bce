//! The data categories: what kind of personal data a field is.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Belongs in the report, fails nothing by default.
    Note,
    /// Worth a look.
    Warning,
    /// Fails the check by default.
    Error,
}

impl Severity {
    /// The word used in output and configuration.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Categories that policy treats alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Names a person by itself.
    Direct,
    /// Sensitive by law or by harm.
    Special,
    /// A whole person record, fields unknown.
    Record,
    /// Tells where, when and with what a person acts.
    Context,
    /// Stands for a person.
    Pseudonymous,
}

impl Group {
    /// Every group, gravest first.
    pub const ALL: &[Self] = &[Self::Special, Self::Direct, Self::Record, Self::Context, Self::Pseudonymous];

    /// The word used in output and configuration.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Special => "special",
            Self::Record => "record",
            Self::Context => "context",
            Self::Pseudonymous => "pseudonymous",
        }
    }

    /// Severity where no policy says otherwise.
    #[must_use]
    pub const fn default_severity(self) -> Severity {
        match self {
            Self::Direct | Self::Special => Severity::Error,
            Self::Record | Self::Context => Severity::Warning,
            Self::Pseudonymous => Severity::Note,
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

macro_rules! categories {
    ($($variant:ident $id:literal $group:ident $title:literal $counts:literal,)*) => {
        /// A data category; its id is stable and part of every output format.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Category {
            $(#[doc = $counts] #[serde(rename = $id)] $variant,)*
        }

        impl Category {
            /// Every category, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable id, for example `ip-address`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            /// The group that policy judges it by.
            #[must_use]
            pub const fn group(self) -> Group {
                match self { $(Self::$variant => Group::$group),* }
            }

            /// What to call it in a sentence, for example `e-mail address`.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }

            /// What counts as this category.
            #[must_use]
            pub const fn counts(self) -> &'static str {
                match self { $(Self::$variant => $counts),* }
            }
        }

        impl FromStr for Category {
            type Err = UnknownCategory;

            fn from_str(id: &str) -> Result<Self, Self::Err> {
                match id { $($id => Ok(Self::$variant),)* _ => Err(UnknownCategory(id.to_owned())) }
            }
        }
    };
}

categories! {
    Email "email" Direct "e-mail address" "An e-mail address; its domain alone does not count.",
    Name "name" Direct "name" "First, last, full or display name of a person.",
    Username "username" Direct "username" "A login, handle or public alias.",
    Phone "phone" Direct "phone number" "Any phone number of a person.",
    Address "address" Direct "postal address" "A postal address or a part that finds a home.",
    Location "location" Context "location" "Coordinates, city, region or country of a person.",
    IpAddress "ip-address" Context "IP address" "The IP address of a person; a masked one does not count.",
    Referrer "referrer" Context "referrer" "A referring URL or a campaign click id.",
    UserAgent "user-agent" Context "browser and device" "User agent, operating system, browser or device model.",
    UserId "user-id" Pseudonymous "user id"
        "An account, customer or member id; distinct and external ids that stand for a person.",
    Organization "organization" Pseudonymous "organization"
        "Id or name of an organization, workspace, team, company or tenant.",
    DeviceId "device-id" Pseudonymous "device id" "A device, installation, anonymous, advertising or cookie id.",
    SessionId "session-id" Pseudonymous "session id" "The id of a session.",
    BirthDate "birth-date" Direct "date of birth" "Date or year of birth.",
    Demographic "demographic" Special "demographic detail"
        "Age, gender, marital status, ethnicity, religion or job title.",
    GovernmentId "government-id" Direct "government id" "A passport, social security, tax or licence number.",
    Payment "payment" Special "payment data" "Card, IBAN or account numbers.",
    Credential "credential" Special "credential" "A password, token, key, secret or session cookie.",
    Health "health" Special "health data" "Diagnoses, medication or measurements.",
    Content "content" Special "content a person wrote"
        "Text that a person wrote: a message, feedback, a search query, a prompt.",
    CryptoAddress "crypto-address" Pseudonymous "wallet address" "A wallet address.",
    PersonObject "person-object" Record "whole person record"
        "A whole user, profile or account record, with whatever it holds and will hold.",
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// The user named a category that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no data category `{0}`")]
pub struct UnknownCategory(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_in_text_and_in_data() {
        for &category in Category::ALL {
            assert_eq!(category.id().parse(), Ok(category));
            assert_eq!(serde_json::to_value(category).unwrap(), category.id());
        }
    }
}
