//! Why a category matters and what to do instead: data, one entry per category.
//!
//! Each remedy is one sentence that starts with a verb; the first is the one to try first. None promises anonymity:
//! what stands for one person stays personal data, hashed or not.

use crate::base::Category;

/// What to say about a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// What its disclosure does to a person, one sentence.
    pub why: &'static str,
    /// What to do instead, the best first.
    pub instead: &'static [&'static str],
}

/// The remedy that fits every category: said where a finding has several.
pub const DROP: &str = "Drop the key, or pass only the fields that the vendor needs.";

const OPAQUE: &str = "Send an opaque `user.id` instead, and look the rest up on your side.";

const KEYED: &str = "If a stable key is needed, send a keyed hash (HMAC) whose key the vendor never gets; a plain hash \
                     is reversed by guessing, and either one is pseudonymised, not anonymous.";

/// The first thing to send instead of `category`.
#[must_use]
pub fn smaller(category: Category) -> &'static str {
    advice(category).instead.first().copied().unwrap_or(DROP)
}

/// What to say about `category`.
#[must_use]
pub const fn advice(category: Category) -> Advice {
    let (why, instead): (_, &'static [&'static str]) = match category {
        Category::Email => {
            ("An e-mail address names one person and is the key that joins leaked data sets.", &[OPAQUE, KEYED])
        }
        Category::Name => {
            ("A name turns every event of this profile into a statement about a known person.", &[OPAQUE, DROP])
        }
        Category::Username => {
            ("People reuse handles, so a handle joins this profile with others elsewhere.", &[OPAQUE, KEYED])
        }
        Category::Phone => (
            "A phone number reaches one person, cannot be changed lightly, and opens accounts.",
            &["Drop the number, or send whether there is one (`hasPhone: true`).", KEYED],
        ),
        Category::Address => (
            "A postal address finds a person's home.",
            &["Send the country, or a coarse region, if the analysis needs a place at all.", DROP],
        ),
        Category::Location => (
            "A place, repeated over time, shows where somebody lives and works.",
            &["Send the country, or round coordinates to a city-sized grid.", "Turn off geolocation in the SDK."],
        ),
        Category::IpAddress => (
            "An IP address is personal data: it leads to a household and a rough place.",
            &["Turn off IP capture in the SDK, or drop the last octet before sending.", DROP],
        ),
        Category::Referrer => (
            "A referring URL tells what was read or searched before; its query can hold tokens and addresses.",
            &["Send the host only (`new URL(document.referrer).host`).", "Keep an allow-list of campaign parameters."],
        ),
        Category::UserAgent => (
            "Browser, system and device together tell people apart without a cookie.",
            &["Send the browser family or `mobile`/`desktop` instead of the whole string.", DROP],
        ),
        Category::UserId => (
            "An account id joins the vendor's profile with your records: after a breach, with the leaked ones.",
            &[
                "Check that the id is opaque and that the vendor needs it.",
                "Send an id made for this vendor alone: a \
               keyed hash (HMAC) of the account id; it stays pseudonymous, not anonymous.",
            ],
        ),
        Category::Organization => (
            "An organization tells whom a person works for, and who your customers are.",
            &["Send an opaque organization id instead of its name.", DROP],
        ),
        Category::DeviceId => (
            "A device id follows a person across sessions and, if advertised, across apps.",
            &["Let the SDK make its own random id, and reset it at log-out.", DROP],
        ),
        Category::SessionId => (
            "A session id joins events of one visit; if it authenticates, it is a credential.",
            &["Send an id made for analytics, never the one that authenticates.", DROP],
        ),
        Category::BirthDate => (
            "A birth date with a postcode and a sex names most people, and it answers security questions.",
            &["Send an age band (`18-24`) instead.", DROP],
        ),
        Category::Demographic => (
            "Such details are protected from discrimination, and some are special categories (GDPR Art. 9).",
            &["Drop the field, or count it on your side and send nothing about one person.", DROP],
        ),
        Category::GovernmentId => (
            "A government id is what identity theft needs, and it cannot be changed.",
            &["Drop it: no analytics question needs it.", "Send whether it was verified (`idVerified: true`)."],
        ),
        Category::Payment => (
            "Account and card numbers enable fraud and bring the vendor into PCI DSS scope.",
            &["Drop it, or send the brand or the payment provider's token.", DROP],
        ),
        Category::Credential => (
            "Whoever reads it there can act as the user or as you.",
            &["Drop it and rotate it: what was sent must be taken as leaked.", "Add a denylist or `beforeSend` hook."],
        ),
        Category::Health => (
            "Health data are a special category (GDPR Art. 9) and need explicit consent.",
            &["Drop it: send that a step was completed, not what was entered.", DROP],
        ),
        Category::Content => (
            "What a person wrote can hold anything: names, health, secrets.",
            &["Send its length, language or a category instead of the text.", "Mask inputs in the SDK's options."],
        ),
        Category::CryptoAddress => (
            "A wallet address shows every transaction its owner made and will make.",
            &["Send whether a wallet is connected, or the chain's name.", KEYED],
        ),
        Category::PersonObject => (
            "The whole record goes out, with every field it has today and every field somebody adds tomorrow.",
            &["Pass the fields that are needed by name (`{ id: user.id, plan: user.plan }`)."],
        ),
    };
    Advice { why, instead }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_sentences() {
        for &category in Category::ALL {
            let Advice { why, instead } = advice(category);
            assert!(!instead.is_empty());
            for sentence in instead.iter().chain([&why]) {
                assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{category}: {sentence}");
            }
        }
    }
}
