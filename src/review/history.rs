//! The matrix over time: since when does a vendor get a category?

use serde::Serialize;
use smol_str::SmolStr;

use super::model::{Cell, Review};
use crate::{base::Category, report::phrase};

/// The matrix at one revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// What the revision is called.
    pub name: String,
    /// Its commit; empty for the work tree.
    pub commit: String,
    /// Its day, as `2026-01-31`.
    pub day: String,
    /// Its time: seconds since 1970.
    pub seconds: i64,
    /// Who gets what then.
    pub cells: Vec<Cell>,
}

/// When a vendor got a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Since {
    /// The vendor.
    pub vendor: SmolStr,
    /// Its name.
    pub name: String,
    /// The category.
    pub category: Category,
    /// Flows from code at each moment: 0 where it is collected by default only, none where the vendor does not get it.
    pub flows: Vec<Option<usize>>,
    /// The moment from which on it is sent without a break until the last; none if it is not sent any more.
    pub since: Option<usize>,
}

/// The matrix over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct History {
    /// Always 1.
    pub schema_version: u32,
    /// What was scanned, in a word.
    pub subject: String,
    /// Moments, the oldest first.
    pub moments: Vec<Moment>,
    /// Who gets what, since when: by vendor, what harms most first.
    pub cells: Vec<Since>,
}

impl History {
    /// The history of reviews; `name` says what a vendor is called.
    #[must_use]
    pub fn of(subject: String, mut moments: Vec<Moment>, name: impl Fn(&SmolStr) -> String) -> Self {
        moments.sort_by_key(|moment| moment.seconds);
        let cells = moments.iter().flat_map(|moment| &moment.cells);
        let mut keys = phrase::unique(cells.map(|cell| (cell.vendor.clone(), cell.category)));
        keys.sort_by_key(|(vendor, category)| (vendor.clone(), super::edits::rank(*category)));
        let since = |(vendor, category): (SmolStr, Category)| {
            let of = |moment: &Moment| {
                moment.cells.iter().find(|it| it.vendor == vendor && it.category == category).map(|it| it.flows)
            };
            let flows: Vec<_> = moments.iter().map(of).collect();
            let run = flows.iter().rev().take_while(|flows| flows.is_some()).count();
            let since = (run > 0).then(|| flows.len() - run);
            Since { name: name(&vendor), vendor, category, flows, since }
        };
        let cells = keys.into_iter().map(since).collect();
        Self { schema_version: 1, subject, moments, cells }
    }

    /// The moment since which a vendor gets a category.
    #[must_use]
    pub fn start(&self, since: &Since) -> Option<&Moment> {
        since.since.and_then(|at| self.moments.get(at))
    }
}

impl Moment {
    /// What a review says at a commit.
    #[must_use]
    pub fn of(review: &Review, name: String, commit: String, day: String, seconds: i64) -> Self {
        Self { name, commit, day, seconds, cells: review.matrix.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Severity;

    #[test]
    fn since_is_the_start_of_the_last_unbroken_run() {
        let moment = |(seconds, flows): (usize, &Option<usize>)| Moment {
            name: String::new(),
            commit: String::new(),
            day: String::new(),
            seconds: i64::try_from(seconds).unwrap(),
            cells: flows
                .map(|flows| Cell {
                    vendor: "acme".into(),
                    category: Category::Email,
                    flows,
                    defaults: 0,
                    worst: Severity::Error,
                })
                .into_iter()
                .collect(),
        };
        let check = |flows: &[Option<usize>], expect: Option<usize>| {
            let moments = flows.iter().enumerate().map(moment).rev().collect();
            let history = History::of("x".into(), moments, ToString::to_string);
            assert_eq!(history.cells[0].since, expect, "{flows:?}");
            assert_eq!(history.cells[0].flows, flows);
        };
        check(&[None, Some(1), Some(2)], Some(1));
        check(&[Some(1), None, Some(2)], Some(2));
        check(&[Some(1), None], None);
    }
}
