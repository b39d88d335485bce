//! What a project says of itself: its own hosts, and its functions that make data anonymous.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::{compiled::Catalog, endpoint};

/// What a project says of itself.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Own {
    hosts: Vec<String>,
    sanitizers: BTreeSet<SmolStr>,
}

impl Own {
    /// Whether a URL leads to a host of the project's own.
    pub(super) fn is_host(&self, url: &str) -> bool {
        let (host, _) = endpoint::split(url);
        self.hosts.iter().any(|known| endpoint::is_host(known, host))
    }
}

impl Catalog {
    /// Adds hosts of the project's own: what is sent there stays at home.
    pub fn own_hosts(&mut self, hosts: &[String]) {
        self.own.hosts.extend_from_slice(hosts);
    }

    /// Adds a function whose result no longer tells who a person is: one of the project by its name, or an export of
    /// a package as `package#name`.
    pub fn sanitize(&mut self, function: &str) {
        match function.split_once('#') {
            Some((package, export)) => {
                let quoted = |text: &str| toml::Value::from(text).to_string();
                let model = format!(
                    "[[entry]]\npackages = [{}]\nexports = [{}]\napi = \"it\"\n\
                     [api.it.calls]\n\"()\" = {{ clears = \"pseudonymised\" }}\n",
                    quoted(package),
                    quoted(export)
                );
                // The model is of one form, which is valid.
                let _ = self.add(function, &model);
            }
            None => {
                self.own.sanitizers.insert(function.into());
            }
        }
    }

    /// Whether the project says of a function of this name that its result tells nothing.
    #[must_use]
    pub fn sanitizes(&self, function: &str) -> bool {
        self.own.sanitizers.contains(function)
    }
}
