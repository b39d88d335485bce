//! Comments that hide findings: which they hide, and which of them are wrong, over, or no longer needed.
//!
//! A comment hides a finding whose origin, apex or sink stands where the comment points to. Nothing is hidden by a
//! comment that is not understood. The files are the caller's business: this module gets comments and places, and gives
//! findings and edits.

mod directive;
mod fix;
mod target;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{Range, RangeInclusive},
};

use jiff::civil::Date;
use smol_str::SmolStr;

use crate::{
    base::Severity,
    catalog::Catalog,
    report::{
        model::{Confidence, Finding, Location, Origin, Report, Sink, Suppressed, SuppressionKind},
        phrase, redact,
    },
    source,
};

pub use directive::WORD;
use directive::{Directive, Malformed, Scope, parse};
pub use fix::{Edit, applied};
use target::{Known, Target};

/// A file in which a comment mentions [`WORD`].
#[derive(Debug, Clone)]
pub struct CommentedFile {
    /// Path from the scanned root.
    pub file: SmolStr,
    /// Hash of its bytes when it was read.
    pub digest: u64,
    /// The comments, in the order of the text.
    pub comments: Vec<Remark>,
}

/// A comment, with the places as lines.
#[derive(Debug, Clone)]
pub struct Remark {
    /// As bytes of the decoded text.
    pub comment: source::Comment,
    /// The comment's text with its delimiters.
    pub text: String,
    /// Where it stands.
    pub location: Location,
    /// Lines that it stands behind.
    pub here: Vec<Lines>,
    /// Lines that follow it.
    pub next: Vec<Lines>,
}

/// First and last line.
pub type Lines = RangeInclusive<u32>;

/// What directives are judged with.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Knows the vendors.
    pub catalog: &'a Catalog,
    /// Whether a directive may lack a reason.
    pub reasons_optional: bool,
    /// The day on which they must hold.
    pub today: Date,
}

/// The directives of a project.
#[derive(Debug, Default)]
pub struct Ignores {
    directives: Vec<Placed>,
    /// The directives of each file, as a range of them.
    files: BTreeMap<SmolStr, Range<usize>>,
    mistakes: Vec<Finding>,
}

/// A directive that is understood.
#[derive(Debug)]
struct Placed {
    place: Place,
    /// For a start, where it ends.
    end: Option<Place>,
    reach: Reach,
    targets: Vec<Target>,
    /// Where the targets stand in the file, in bytes.
    list: (u32, u32),
    reason: String,
    /// The day after which it hides nothing, if that is over.
    over: Option<Date>,
}

/// Where a directive stands, and what goes when it goes.
#[derive(Debug, Clone)]
struct Place {
    location: Location,
    whole: crate::base::Span,
    digest: u64,
}

#[derive(Debug)]
enum Reach {
    File,
    Lines(Vec<Lines>),
}

impl Ignores {
    /// Reads the comments of a project.
    #[must_use]
    pub fn of(files: &[CommentedFile], terms: Terms<'_>) -> Self {
        let mut ignores = Self::default();
        let known = Known::of(terms.catalog);
        for file in files {
            let first = ignores.directives.len();
            ignores.add(file, terms, &known);
            ignores.files.insert(file.file.clone(), first..ignores.directives.len());
        }
        ignores
    }

    fn add(&mut self, file: &CommentedFile, terms: Terms<'_>, known: &Known<'_>) {
        // Starts without an end so far, as indices.
        let mut open: Vec<usize> = Vec::new();
        for remark in &file.comments {
            let directive = match parse(&remark.text) {
                None => continue,
                Some(Ok(it)) if it.scope != Scope::End && it.reason.is_empty() && !terms.reasons_optional => {
                    self.mistakes.push(malformed(remark, "it gives no reason; add `-- why`, for the next reader"));
                    continue;
                }
                Some(Ok(directive)) => directive,
                Some(Err(Malformed(message))) => {
                    self.mistakes.push(malformed(remark, &message));
                    continue;
                }
            };
            let place = Place { location: remark.location.clone(), whole: remark.comment.whole, digest: file.digest };
            if directive.scope == Scope::End {
                match open.pop() {
                    Some(start) => self.close(start, place),
                    None => self.mistakes.push(malformed(remark, "it ends what no `overshare-ignore-start` began")),
                }
                continue;
            }
            let targets: Vec<Target> = directive.targets.iter().map(|it| Target::of(it, known)).collect();
            let unknown = targets.iter().flat_map(|target| target.unknown(known));
            self.mistakes.extend(unknown.map(|message| about(&remark.location, "unknown", &message, "")));
            if directive.scope == Scope::Start {
                open.push(self.directives.len());
            }
            self.directives.push(placed(remark, place, directive, targets, terms.today));
        }
        for start in open {
            let text = "not understood: it has no `overshare-ignore-end`, so it hides nothing";
            self.mistakes.push(about(&self.directives[start].place.location, "malformed", text, ""));
            self.directives[start].targets.clear();
        }
    }

    fn close(&mut self, start: usize, end: Place) {
        let start = &mut self.directives[start];
        start.reach = Reach::Lines(vec![start.place.location.line..=end.location.end_line]);
        start.end = Some(end);
    }

    /// Hides what the comments name, and notes which of them were needed.
    pub fn hide(&mut self, report: &mut Report) {
        for it in &mut report.findings {
            let hit = self.hit(&it.rule, &it.vendor, &[&it.location, &it.origin.location, &it.sink.location]);
            it.suppressed = it.suppressed.take().or(hit);
        }
        for it in &mut report.collections {
            let hit = self.hit(&phrase::ambient_rule(it), &it.vendor, &[&it.location]);
            it.suppressed = it.suppressed.take().or(hit);
        }
    }

    /// What the first comment that hides something says. Each that would hide it is needed.
    fn hit(&mut self, rule: &str, vendor: &str, places: &[&Location]) -> Option<Suppressed> {
        let mut first = None;
        let files: BTreeSet<&SmolStr> = places.iter().map(|place| &place.file).collect();
        for at in files.into_iter().filter_map(|file| self.files.get(file)).flat_map(Range::clone) {
            let directive = &mut self.directives[at];
            if !directive.reaches(places) {
                continue;
            }
            let mut met = false;
            for target in &mut directive.targets {
                met |= target.meets(rule, vendor);
            }
            if met && directive.over.is_none() && first.is_none() {
                let (place, reason) = (directive.place.location.clone(), directive.reason.clone());
                first = Some(Suppressed { kind: SuppressionKind::Inline, reason, location: Some(place) });
            }
        }
        first
    }

    /// What is wrong with the comments. Which are needed is known only where the `whole` project was looked at.
    #[must_use]
    pub fn findings(&self, whole: bool) -> Vec<Finding> {
        let mut findings = self.mistakes.clone();
        for it in &self.directives {
            let idle: Vec<String> = it.targets.iter().filter_map(Target::idle).collect();
            let shown: Vec<String> = it.targets.iter().map(Target::shown).collect();
            let place = &it.place.location;
            if let Some(over) = it.over.filter(|_| !whole || it.targets.iter().any(Target::is_met)) {
                let message = format!("hides nothing any more: it ended on {over} ({})", it.reason);
                findings.push(about(place, "expired", &message, &shown.join(", ")));
            } else if whole && !idle.is_empty() {
                let message = format!("hides nothing: there is no finding of {}", quoted(&idle));
                findings.push(about(place, "unused", &message, &shown.join(", ")));
            }
        }
        findings
    }

    /// How to take out of the files what hides nothing.
    #[must_use]
    pub fn edits(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        for it in self.directives.iter().filter(|it| it.targets.iter().any(|target| target.idle().is_some())) {
            if it.over.is_some() && it.targets.iter().any(Target::is_met) {
                continue;
            }
            let kept: Vec<String> = it.targets.iter().filter_map(Target::needed).collect();
            if kept.is_empty() {
                edits.extend(std::iter::once(&it.place).chain(&it.end).map(|place| Edit {
                    file: place.location.file.clone(),
                    digest: place.digest,
                    start: place.whole.start,
                    end: place.whole.end,
                    text: None,
                }));
            } else {
                edits.push(Edit {
                    file: it.place.location.file.clone(),
                    digest: it.place.digest,
                    start: it.list.0,
                    end: it.list.1,
                    text: Some(kept.join(", ")),
                });
            }
        }
        edits.sort_by(|a, b| (&a.file, a.start).cmp(&(&b.file, b.start)));
        edits
    }
}

impl Placed {
    fn reaches(&self, places: &[&Location]) -> bool {
        places.iter().filter(|place| place.file == self.place.location.file).any(|place| match &self.reach {
            Reach::File => true,
            Reach::Lines(lines) => lines.iter().any(|it| it.contains(&place.line) || it.contains(&place.end_line)),
        })
    }
}

fn placed(remark: &Remark, place: Place, directive: Directive, targets: Vec<Target>, today: Date) -> Placed {
    let Directive { scope, list, reason, until, .. } = directive;
    let lines = match scope {
        Scope::File => None,
        Scope::Here if !remark.here.is_empty() => Some(remark.here.clone()),
        Scope::Here | Scope::Next => Some(remark.next.clone()),
        Scope::Start | Scope::End => Some(Vec::new()),
    };
    let offset = |at: usize| remark.comment.span.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    Placed {
        place,
        end: None,
        reach: lines.map_or(Reach::File, Reach::Lines),
        targets,
        list: (offset(list.start), offset(list.end)),
        reason: redact::text(&reason),
        over: until.filter(|until| *until < today),
    }
}

fn quoted(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|it| format!("`{it}`")).collect();
    phrase::list(&items)
}

fn malformed(remark: &Remark, message: &str) -> Finding {
    about(&remark.location, "malformed", &format!("not understood: {}", redact::text(message)), "")
}

/// A finding about a comment. A mistake is an error: who wrote it believes that something is hidden.
fn about(place: &Location, kind: &str, message: &str, targets: &str) -> Finding {
    let rule = format!("suppression/{kind}");
    let severity = if matches!(kind, "malformed" | "unknown") { Severity::Error } else { Severity::Warning };
    let message = match kind {
        "unknown" => message.to_owned(),
        _ => format!("A comment `{WORD}` {}{message}", if kind == "malformed" { "is " } else { "" }),
    };
    Finding {
        fingerprint: super::fingerprint::of_comment(&rule, &place.file, targets, &message),
        rule: rule.into(),
        severity,
        confidence: Confidence::High,
        vendor: SmolStr::default(),
        category: None,
        message,
        location: place.clone(),
        origin: Origin { location: place.clone(), expression: WORD.to_owned() },
        sink: Sink { location: place.clone(), call: WORD.to_owned(), argument: String::new() },
        path: Vec::new(),
        suppressed: None,
    }
}

#[cfg(test)]
mod tests;
