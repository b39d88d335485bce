//! Minimisation: which places to edit, those first that remove most.
//!
//! Each flow ends where any stop of its path is edited. A greedy cover takes the place that ends the heaviest set of
//! flows, then the next among what is left: one edit in a wrapper that forty callers share comes before forty edits.
//! Where two places end the same flows, the one nearest to where the value is read is taken: there a key can be
//! dropped by name.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::model::{Edit, Flow, Place, Stop};
use crate::{
    base::{Category, Group},
    report::{model::Role, phrase},
};

/// What a flow weighs: what names or harms a person weighs most.
pub(super) const fn weight(category: Category) -> usize {
    match category.group() {
        Group::Special => 10,
        Group::Direct => 8,
        Group::Record => 6,
        Group::Context => 3,
        Group::Pseudonymous => 1,
    }
}

/// Where a category stands among others: what harms most comes first.
pub(super) const fn rank(category: Category) -> usize {
    (10 - weight(category)) * 100 + category as usize
}

/// A place, and the flows that pass it with the number of stops before it.
#[derive(Default)]
struct Candidate {
    flows: Vec<usize>,
    depth: usize,
}

/// The edits that end all of `flows`, the most telling first.
pub fn plan<'f>(flows: impl IntoIterator<Item = &'f Flow>) -> Vec<Edit> {
    let flows: Vec<&Flow> = flows.into_iter().filter(|flow| !flow.path.is_empty()).collect();
    let candidates = candidates(&flows);
    let mut open = vec![true; flows.len()];
    let gain = |candidate: &Candidate, open: &[bool]| -> usize {
        candidate.flows.iter().filter(|&&at| open[at]).map(|&at| weight(flows[at].category)).sum()
    };
    let entry = |place, gain| (gain, std::cmp::Reverse((candidates[place].depth, place)));
    let mut heap: BinaryHeap<_> = candidates.iter().map(|(&place, it)| entry(place, gain(it, &open))).collect();
    let mut edits = Vec::new();
    while let Some((promised, std::cmp::Reverse((_, place)))) = heap.pop() {
        let candidate = &candidates[place];
        let real = gain(candidate, &open);
        if real == 0 {
            continue;
        }
        if real < promised {
            heap.push(entry(place, real));
            continue;
        }
        let ended: Vec<&Flow> = candidate.flows.iter().filter(|&&at| open[at]).map(|&at| flows[at]).collect();
        candidate.flows.iter().for_each(|&at| open[at] = false);
        edits.push(edit(place, &ended));
    }
    edits
}

fn candidates<'f>(flows: &[&'f Flow]) -> BTreeMap<&'f Place, Candidate> {
    let mut candidates: BTreeMap<&Place, Candidate> = BTreeMap::new();
    for (at, flow) in flows.iter().enumerate() {
        let mut seen = BTreeSet::new();
        for (depth, stop) in flow.path.iter().enumerate().filter(|(_, stop)| seen.insert(&stop.place)) {
            let candidate = candidates.entry(&stop.place).or_default();
            candidate.flows.push(at);
            candidate.depth = candidate.depth.max(depth);
        }
    }
    candidates
}

fn edit(place: &Place, ended: &[&Flow]) -> Edit {
    let stops: Vec<&Stop> =
        ended.iter().flat_map(|flow| flow.path.iter().filter(|stop| stop.place == *place)).collect();
    let callers: BTreeSet<_> = ended.iter().map(|flow| &flow.apex).collect();
    let mut categories = phrase::unique(ended.iter().map(|flow| flow.category));
    categories.sort_by_key(|category| rank(*category));
    let vendors: BTreeSet<_> = ended.iter().map(|flow| flow.vendor.clone()).collect();
    Edit {
        place: place.clone(),
        what: label(&stops, place, ended),
        code: stops.iter().find_map(|stop| stop.code.clone()),
        categories,
        vendors: vendors.into_iter().collect(),
        flows: ended.iter().map(|flow| flow.count).sum(),
        callers: callers.len(),
        weight: ended.iter().map(|flow| weight(flow.category)).sum(),
    }
}

/// What stands at an edit: the reads, the call of the SDK, or the step; empty where the code alone must tell.
fn label(stops: &[&Stop], place: &Place, ended: &[&Flow]) -> String {
    let reads = ended.iter().filter(|flow| flow.path.first().is_some_and(|stop| stop.place == *place));
    let reads = phrase::unique(reads.map(|flow| format!("`{}`", flow.expression.replace('`', "'"))));
    if !reads.is_empty() {
        return phrase::list(&reads);
    }
    if stops.iter().any(|stop| stop.role == Role::Sink) {
        return phrase::list(&phrase::unique(ended.iter().map(|flow| format!("`{}()`", flow.call.replace('`', "'")))));
    }
    stops.iter().map(|stop| &stop.label).find(|label| !label.is_empty()).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::Severity, report::model::Confidence};

    fn flow(category: Category, lines: &[u32]) -> Flow {
        let last = lines.len() - 1;
        let place = |line: u32| Place { file: "a.ts".into(), line };
        let stop = |(at, &line): (usize, &u32)| {
            let role = if at == 0 {
                Role::Origin
            } else if at == last {
                Role::Sink
            } else {
                Role::Step
            };
            Stop { place: place(line), role, label: "step".into(), code: None }
        };
        Flow {
            vendor: "acme".into(),
            category,
            severity: Severity::Error,
            confidence: Confidence::High,
            app: ".".into(),
            person: "User".into(),
            expression: "user.x".into(),
            apex: place(lines[0]),
            call: "acme.track".into(),
            argument: "traits".into(),
            path: lines.iter().enumerate().map(stop).collect(),
            count: 1,
            fingerprint: String::new(),
        }
    }

    fn check(flows: &[Flow], expect: &[(u32, usize)]) {
        let edits = plan(flows);
        assert_eq!(edits.iter().map(|edit| (edit.place.line, edit.flows)).collect::<Vec<_>>(), expect);
        assert_eq!(edits.iter().map(|edit| edit.flows).sum::<usize>(), flows.len(), "every flow ends once");
    }

    #[test]
    fn one_edit_of_a_wrapper_comes_before_many_of_its_callers() {
        use Category::{Email, UserId};
        let callers: Vec<_> = (0..40).map(|line| flow(Email, &[line, 100, 101])).collect();
        check(&callers, &[(100, 40)]);
        check(&[flow(Email, &[1, 5]), flow(Email, &[2, 5]), flow(UserId, &[3, 6])], &[(5, 2), (3, 1)]);
        check(&[flow(UserId, &[1, 9]), flow(Email, &[2, 8])], &[(2, 1), (1, 1)]);
        check(&[], &[]);
    }
}
