//! Generated programs: a personal value on a way to a vendor. However the way is written, it is found; cleared on the
//! way, it is not; what locals are called does not matter.

mod steps;

use std::{collections::BTreeMap, fs, path::Path};

use overshare::report::model::Report;
use proptest::{collection::vec, prelude::*, sample::select};
use rayon::prelude::*;

use crate::fixtures::{cases, data, shared_pool};
use steps::{CAPTURING, CLEARING, CLEARING_IN_TIME, KEEPING, KNOWN_ALARMS, KNOWN_MISSES, PAYLOADS, Step, WRAPPERS};

/// How locals are called.
#[derive(Debug, Clone, Copy, Default)]
enum Style {
    #[default]
    Short,
    Long,
}

/// A program under construction.
#[derive(Debug, Default)]
struct Program {
    files: BTreeMap<String, String>,
    imports: String,
    top: String,
    body: String,
    names: usize,
    steps: usize,
    style: Style,
}

impl Program {
    fn name(&mut self) -> String {
        self.names += 1;
        match self.style {
            Style::Short => format!("v{}", self.names),
            Style::Long => "someThing".to_owned() + &"Else".repeat(self.names),
        }
    }

    /// Adds the code of a step, and tells the expression that the value has become.
    fn add(&mut self, step: &Step, value: &str, sink: Option<&Sink>) -> String {
        self.steps += 1;
        let mut words = vec![("$n", self.steps.to_string())];
        words.extend(["$1", "$2", "$3", "$4"].map(|word| (word, self.name())));
        let (import, call) = sink.map_or(("", ""), |sink| (sink.import, sink.call));
        words.extend([("$i", import.to_owned()), ("$c", call.to_owned()), ("$v", value.to_owned())]);
        let fill = |text: &str| words.iter().fold(text.to_owned(), |text, (word, with)| text.replace(word, with));
        self.files.extend(step.files.iter().map(|(name, text)| (fill(name), fill(text) + "\n")));
        self.imports += &(fill(step.import) + "\n");
        self.top += &(fill(step.top) + "\n");
        self.body += &("  ".to_owned() + &fill(step.body) + "\n");
        fill(step.value)
    }

    fn text(&self) -> String {
        let Self { imports, top, body, .. } = self;
        let crypto = "import { createHash, createHmac } from \"node:crypto\";\n";
        format!("{crypto}{imports}{top}export async function onLogin(user: any, flag: boolean) {{\n{body}}}\n")
    }

    /// Writes the files and scans them.
    fn scan(&self) -> Report {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        write(&folder.path().join("main.ts"), &self.text());
        self.files.iter().for_each(|(name, text)| write(&folder.path().join(name), text));
        shared_pool()
            .install(|| data().scan(folder.path(), |request| request.only_demanded = true))
            .expect("the folder is there")
    }

    /// The program's text without empty lines, for a failure.
    fn shown(&self) -> String {
        let files: Vec<String> = self.files.iter().map(|(name, text)| format!("// {name}\n{text}")).collect();
        let files = files.concat();
        let lines = format!("// main.ts\n{}{files}", self.text());
        lines.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

/// A call that takes an object.
#[derive(Debug, Clone, Copy)]
struct Sink {
    vendor: &'static str,
    import: &'static str,
    call: &'static str,
}

const SINKS: &[Sink] = &[
    Sink {
        vendor: "mixpanel",
        import: "import mixpanel from \"mixpanel-browser\";",
        call: "mixpanel.track(\"Done\", ",
    },
    Sink { vendor: "posthog", import: "import posthog from \"posthog-js\";", call: "posthog.setPersonProperties(" },
    Sink { vendor: "sentry", import: "import * as Sentry from \"@sentry/browser\";", call: "Sentry.setUser(" },
];

/// What a program is made of.
#[derive(Debug, Clone)]
struct Plan {
    steps: Vec<Step>,
    payload: Step,
    wrapper: Step,
    sink: Sink,
}

impl Plan {
    fn simple(step: Step) -> Self {
        Self { steps: vec![step], payload: PAYLOADS[0], wrapper: WRAPPERS[0], sink: SINKS[0] }
    }

    /// `user.email` through the steps into the payload, and to the vendor.
    fn program(&self, style: Style) -> Program {
        let mut program = Program { style, ..Program::default() };
        let value = self.steps.iter().fold("user.email".to_owned(), |value, step| program.add(step, &value, None));
        let payload = program.add(&self.payload, &value, None);
        program.add(&self.wrapper, &payload, Some(&self.sink));
        program
    }

    /// What goes to the vendor as an e-mail address, and where it is read; and the program.
    fn found(&self) -> (Vec<String>, String) {
        let program = self.program(Style::Short);
        let report = program.scan();
        let own = |vendor: &str, rule: &str| vendor == self.sink.vendor && rule == "leak/email";
        let emails = report.findings.iter().filter(|finding| own(&finding.vendor, &finding.rule));
        (emails.map(|finding| finding.origin.expression.clone()).collect(), program.shown())
    }

    fn names(&self) -> String {
        let names = self.steps.iter().chain([&self.payload, &self.wrapper]).map(|step| step.name);
        names.collect::<Vec<_>>().join(", ")
    }
}

fn plans(steps: impl Strategy<Value = Vec<Step>>) -> impl Strategy<Value = Plan> {
    let parts = (steps, select(PAYLOADS), select(WRAPPERS), select(SINKS));
    parts.prop_map(|(steps, payload, wrapper, sink)| Plan { steps, payload, wrapper, sink })
}

fn keeping(most: usize) -> impl Strategy<Value = Vec<Step>> {
    vec(select(without(KEEPING, KNOWN_MISSES)), 0..=most)
}

fn without(steps: &[Step], names: &[&str]) -> Vec<Step> {
    steps.iter().filter(|step| !names.contains(&step.name)).copied().collect()
}

fn cleared() -> impl Strategy<Value = Vec<Step>> {
    let parts = (keeping(2), select(without(CLEARING, KNOWN_ALARMS)), keeping(1));
    let all = parts.prop_map(|(before, clearing, after)| [before, vec![clearing], after].concat());
    let known = |pair: &[Step]| CLEARING_IN_TIME.contains(&pair[0].name) && CAPTURING.contains(&pair[1].name);
    all.prop_filter("a known false alarm", move |steps: &Vec<Step>| !steps.windows(2).any(known))
}

/// Fails with the plans whose finding is not `right`, but for those whose step is `known` to be wrong: these must be.
fn all(plans: &[Plan], known: &[&str], right: impl Fn(&[String]) -> bool + Sync) {
    let check = |plan: &Plan| {
        let (found, shown) = plan.found();
        let expected = !plan.steps.iter().any(|step| known.contains(&step.name));
        let text = || format!("{} to {}: {found:?}\n{shown}\n", plan.names(), plan.sink.vendor);
        (right(&found) != expected).then(text)
    };
    let wrong: Vec<String> = plans.par_iter().filter_map(check).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), plans.len(), wrong.join("\n"));
}

#[test]
fn each_step_alone_keeps_a_value() {
    let plans: Vec<Plan> = KEEPING.iter().map(|step| Plan::simple(*step)).collect();
    all(&plans, KNOWN_MISSES, |found| found == ["user.email"]);
}

#[test]
fn each_payload_and_each_wrapper_keeps_a_value() {
    let ways = WRAPPERS.iter().flat_map(|wrapper| PAYLOADS.iter().map(move |payload| (wrapper, payload)));
    let plans = ways.flat_map(|(wrapper, payload)| {
        SINKS.iter().map(|sink| Plan { steps: Vec::new(), payload: *payload, wrapper: *wrapper, sink: *sink })
    });
    all(&plans.collect::<Vec<_>>(), &[], |found| found == ["user.email"]);
}

#[test]
fn each_clearing_step_alone_silences() {
    let plans: Vec<Plan> = CLEARING.iter().map(|step| Plan::simple(*step)).collect();
    all(&plans, KNOWN_ALARMS, <[String]>::is_empty);
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn a_value_is_found_however_it_is_passed_on(plan in plans(keeping(4))) {
        let (found, shown) = plan.found();
        prop_assert_eq!(found, ["user.email"], "{}\n{}", plan.names(), shown);
    }

    #[test]
    fn a_value_that_was_cleared_stays_silent(plan in plans(cleared())) {
        let (found, shown) = plan.found();
        prop_assert!(found.is_empty(), "{}: {:?}\n{}", plan.names(), found, shown);
    }

    #[test]
    fn names_of_locals_do_not_matter(plan in plans(keeping(4))) {
        let seen = |style| {
            let report = plan.program(style).scan();
            let lines = report.findings.iter().map(|finding| {
                let hops = finding.path.iter().map(|hop| (hop.location.file.clone(), hop.location.line));
                (finding.vendor.clone(), finding.rule.clone(), hops.collect::<Vec<_>>())
            });
            lines.collect::<Vec<_>>()
        };
        prop_assert_eq!(seen(Style::Short), seen(Style::Long), "{}", plan.program(Style::Short).shown());
    }
}
