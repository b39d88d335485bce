//! HTTP endpoints that receive data, and how URLs reach them.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{compiled::VendorId, format::Meaning};

/// A receiving HTTP endpoint.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The vendor.
    pub vendor: VendorId,
    pub(super) hosts: Vec<SmolStr>,
    pub(super) paths: Vec<String>,
    /// What the payload means.
    pub payload: Meaning,
}

impl Endpoint {
    /// Whether a URL reaches it.
    pub(super) fn receives(&self, url: &str) -> bool {
        let (host, path) = split(url);
        let path = path.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
        let is_path =
            self.paths.is_empty() || path.len() < 2 || self.paths.iter().any(|prefix| path.starts_with(prefix));
        is_path && self.hosts.iter().any(|known| is_host(known, host))
            || self.hosts.iter().any(|known| known == "*") && self.is_file(url)
    }

    /// Whether a URL, wherever it leads, ends with a path: `/matomo.php` on a server of one's own.
    fn is_file(&self, url: &str) -> bool {
        let file = url.split(['?', '#']).next().unwrap_or_default();
        self.paths.iter().any(|path| file.ends_with(path))
    }
}

/// The host of a URL and what follows it.
pub(super) fn split(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or_else(|| url.trim_start_matches('/'), |(_, rest)| rest);
    rest.split_at(rest.find(['/', '?', '#', ':']).unwrap_or(rest.len()))
}

/// Whether a host is the known one; `*.example.com` stands for the domain and every sub-domain, `example.*` for that
/// name in any domain.
pub(super) fn is_host(known: &str, host: &str) -> bool {
    if let Some(domain) = known.strip_prefix("*.") {
        return host == domain || host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.'));
    }
    match known.strip_suffix(".*") {
        Some(name) => host.strip_prefix(name).is_some_and(|domain| domain.starts_with('.')),
        None => host == known,
    }
}
