//! The project's policy, applied to a report: severities, what is allowed, and vendors that must not be there.

use jiff::civil::Date;
use smol_str::SmolStr;

use super::config::{Allow, Policy, Subject};
use crate::{
    base::{Category, Severity},
    catalog::Catalog,
    report::model::{
        Confidence, Evidence, Finding, Location, Origin, Problem, Report, Sink, Suppressed, SuppressionKind,
        VendorPresence,
    },
};

/// What a policy is applied with.
#[derive(Clone, Copy)]
pub struct Standing<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The catalogue, with the project's own trackers.
    pub catalog: &'a Catalog,
    /// What stands between the policy's folder and the files of the report: empty, or a path that ends in `/`.
    pub prefix: &'a str,
    /// The day on which this is said.
    pub today: Date,
}

/// Applies the policy.
pub fn apply(report: &mut Report, standing: Standing<'_>) {
    weigh(&mut report.findings, standing);
    for it in &mut report.collections {
        it.suppressed = standing.judge((&it.location, &it.vendor, Some(it.category)), &mut it.severity);
    }
    let unwanted: Vec<Finding> = report.vendors.iter().flat_map(|presence| standing.unwanted(presence)).collect();
    super::add(report, unwanted);
    report.problems.extend(standing.expired());
    report.problems.sort();
}

/// Sets the severities of findings that were made after the policy was applied.
pub fn weigh(findings: &mut [Finding], standing: Standing<'_>) {
    for finding in findings {
        let place = (&finding.location, &finding.vendor, finding.category);
        finding.suppressed = standing.judge(place, &mut finding.severity);
    }
}

impl Standing<'_> {
    fn path(&self, location: &Location) -> String {
        format!("{}{}", self.prefix, location.file)
    }

    fn subject<'s>(&self, path: &'s str, vendor: &'s SmolStr, category: Option<Category>) -> Subject<'s> {
        let kind = self.catalog.vendor_named(vendor).map(|vendor| vendor.kind);
        Subject { path, vendor, kind, category }
    }

    /// Sets a severity, and says whether the policy hides what has it.
    fn judge(
        &self,
        (place, vendor, category): (&Location, &SmolStr, Option<Category>),
        severity: &mut Severity,
    ) -> Option<Suppressed> {
        let path = self.path(place);
        let subject = self.subject(&path, vendor, category);
        let mut excuse = self.excuse(subject);
        if let Some(setting) = self.policy.severity(subject) {
            match setting.severity {
                Some(set) => *severity = set,
                None => excuse = excuse.or_else(|| Some(format!("{} is off", setting.entry))),
            }
        }
        excuse.map(|reason| Suppressed { kind: SuppressionKind::Config, reason, location: None })
    }

    /// Why the vendor may have it.
    fn excuse(&self, subject: Subject<'_>) -> Option<String> {
        if self.policy.self_hosted.contains(subject.vendor) {
            return Some("self-hosted".to_owned());
        }
        self.policy.allowed(subject, self.today).map(|allow| allow.reason.clone())
    }

    /// Findings about a vendor that should not be there at all. A denied one is found wherever it shows, for whoever
    /// must remove it; an undeclared one once, for whoever must declare it.
    fn unwanted(&self, presence: &VendorPresence) -> Vec<Finding> {
        let name = self.catalog.vendor_named(&presence.vendor).map_or(presence.vendor.as_str(), |vendor| &vendor.name);
        if let Some(reason) = self.policy.denied.get(&presence.vendor) {
            let message = format!("{name} must not be used: {reason}");
            let mut places: Vec<&Evidence> = presence.evidence.iter().collect();
            places.dedup_by_key(|it| &it.location);
            return places.into_iter().map(|it| unwanted("vendor/denied", &presence.vendor, &message, it)).collect();
        }
        let declared = self.policy.declared.as_ref().is_none_or(|list| list.contains(&presence.vendor));
        let first =
            presence.evidence.first().filter(|_| !declared && !self.policy.self_hosted.contains(&presence.vendor));
        let message = format!("{name} is used, but not declared");
        first.map(|it| unwanted("vendor/undeclared", &presence.vendor, &message, it)).into_iter().collect()
    }

    /// What no longer holds is said: silence would be a lie.
    fn expired(&self) -> impl Iterator<Item = Problem> {
        let expired = self.policy.allows.iter().filter(|allow| allow.expired(self.today));
        expired.filter_map(|Allow { vendor, until, reason, .. }| {
            let message = format!("expired: `allow` of {vendor} ended on {} ({reason})", (*until)?);
            Some(Problem { file: "overshare.toml".into(), severity: Severity::Warning, message })
        })
    }
}

fn unwanted(rule: &str, vendor: &SmolStr, message: &str, evidence: &Evidence) -> Finding {
    let place = evidence.location.clone();
    let kind = evidence.kind.to_string();
    Finding {
        fingerprint: super::fingerprint::of_presence(rule, vendor, evidence),
        rule: rule.into(),
        severity: Severity::Error,
        confidence: Confidence::High,
        vendor: vendor.clone(),
        category: None,
        message: message.to_owned(),
        location: place.clone(),
        origin: Origin { location: place.clone(), expression: kind.clone() },
        sink: Sink { location: place, call: kind, argument: String::new() },
        path: Vec::new(),
        suppressed: None,
    }
}
