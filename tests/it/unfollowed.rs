//! What could not be followed is said.

use crate::fixtures::report;

/// The lines of `a.ts` that are listed as not followed.
fn check(code: &str, expect: &[usize]) {
    let code = format!("import posthog from 'posthog-js';\n{code}");
    let lines: Vec<_> = report(&[("a.ts", &code)]).unfollowed.iter().map(|it| it.location.line as usize).collect();
    assert_eq!(lines, expect, "{code}");
}

#[test]
fn payloads_that_come_from_elsewhere() {
    check("export const f = (body) => posthog.capture('created', body);\n", &[2]);
    check("export const f = (req) => posthog.capture('created', req.body);\n", &[2]);
    check("export const f = (req) => posthog.capture('created', { ...req.body });\n", &[2]);
}

#[test]
fn a_value_under_a_key_is_told_by_the_key() {
    check("export const f = (plan) => posthog.capture('chosen', { plan: plan.level });\n", &[]);
    check("posthog.capture('chosen', { plan: 'free' });\n", &[]);
}
