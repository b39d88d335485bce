//! Generated programs: a personal value on a way to a vendor. However the way is written, it is found; hashed, it is
//! not; what locals are called does not matter.

use std::{collections::BTreeMap, fs, path::Path};

use overshare::report::model::Report;
use proptest::{collection::vec, prelude::*, sample::select};

use crate::fixtures::{cases, data, shared_pool};

/// A program under construction.
#[derive(Debug, Clone, Default)]
struct Program {
    files: BTreeMap<&'static str, String>,
    imports: Vec<String>,
    top: String,
    body: String,
    names: usize,
    style: Style,
}

/// How locals are called.
#[derive(Debug, Clone, Copy, Default)]
enum Style {
    #[default]
    Short,
    Long,
}

/// One way to pass a value on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Constant,
    Reassigned,
    Branch,
    Or,
    Ternary,
    Template,
    Field,
    NestedField,
    Destructured,
    Spread,
    Element,
    Mapped,
    Helper,
    Arrow,
    DefaultArgument,
    Closure,
    OtherFile,
    Barrel,
    DefaultExport,
    Require,
    Awaited,
    Then,
    Json,
    Lowered,
    Instance,
    StaticMethod,
    Cast,
    Hash,
}

use Step::*;

/// Every step that keeps a value.
const KEEPING: &[Step] = &[
    Constant,
    Reassigned,
    Branch,
    Or,
    Ternary,
    Template,
    Field,
    NestedField,
    Destructured,
    Spread,
    Element,
    Mapped,
    Helper,
    Arrow,
    DefaultArgument,
    Closure,
    OtherFile,
    Barrel,
    DefaultExport,
    Require,
    Awaited,
    Then,
    Json,
    Lowered,
    Instance,
    StaticMethod,
    Cast,
];

impl Program {
    fn name(&mut self) -> String {
        self.names += 1;
        match self.style {
            Style::Short => format!("v{}", self.names),
            Style::Long => {
                format!("someThing{}Else", (b'A' + u8::try_from(self.names % 26).unwrap_or(0)) as char)
                    + &"x".repeat(self.names / 26)
            }
        }
    }

    /// Binds an expression to a new constant.
    fn bind(&mut self, expression: &str) -> String {
        let name = self.name();
        self.body += &format!("  const {name} = {expression};\n");
        name
    }

    /// Adds an exported function of one parameter to another file, and tells how it is called there.
    fn elsewhere(&mut self, file: &'static str) -> String {
        let (function, parameter) = (self.name(), self.name());
        let text = self.files.entry(file).or_default();
        *text += &format!("export function {function}({parameter}: any) {{\n  return {parameter};\n}}\n");
        function
    }

    /// Adds code before the main function.
    fn declare(&mut self, code: &str) {
        self.top += code;
        self.top += "\n";
    }

    /// The expression that passes `value` on by a step.
    fn pass(&mut self, step: Step, value: &str) -> String {
        match step {
            Constant => self.bind(value),
            Cast => format!("({value} as string)"),
            Template => format!("`<${{{value}}}>`"),
            Or => format!("({value} ?? \"none\")"),
            Ternary => format!("(flag ? {value} : \"none\")"),
            Awaited => format!("(await Promise.resolve({value}))"),
            Json => format!("JSON.parse(JSON.stringify({value}))"),
            Lowered => format!("String({value}).trim().toLowerCase()"),
            Hash => format!("createHash(\"sha256\").update({value}).digest(\"hex\")"),
            Reassigned | Branch => self.assigned(step, value),
            Field | NestedField | Destructured | Spread | Element | Mapped => self.structured(step, value),
            Then => {
                let inner = self.name();
                let read = format!("await Promise.resolve({value}).then(({inner}) => {inner})");
                self.bind(&read)
            }
            Helper | Arrow | DefaultArgument | Closure | Instance | StaticMethod => self.through_function(step, value),
            OtherFile | Barrel | DefaultExport | Require => self.through_file(step, value),
        }
    }

    fn assigned(&mut self, step: Step, value: &str) -> String {
        let name = self.name();
        self.body += &match step {
            Branch => format!("  let {name};\n  if (flag) {{\n    {name} = {value};\n  }}\n"),
            _ => format!("  let {name} = \"none\";\n  {name} = {value};\n"),
        };
        name
    }

    fn structured(&mut self, step: Step, value: &str) -> String {
        let inner = self.name();
        match step {
            Field => {
                let name = self.bind(&format!("{{ a: {value}, b: 1 }}"));
                format!("{name}.a")
            }
            NestedField => {
                let name = self.bind("{ a: {} as any }");
                self.body += &format!("  {name}.a.b = {value};\n");
                format!("{name}[\"a\"].b")
            }
            Destructured => {
                self.body += &format!("  const {{ a: {inner} }} = {{ a: {value} }};\n");
                inner
            }
            Spread => {
                let name = self.bind(&format!("{{ a: {value} }}"));
                format!("{{ ...{name}, b: 1 }}.a")
            }
            Element => {
                let name = self.bind(&format!("[{value}, 1]"));
                format!("{name}[0]")
            }
            _ => format!("[{value}].map(({inner}) => {inner})[0]"),
        }
    }

    fn through_function(&mut self, step: Step, value: &str) -> String {
        let (function, parameter) = (self.name(), self.name());
        match step {
            Arrow => self.declare(&format!("const {function} = ({parameter}: any) => {parameter};")),
            DefaultArgument => {
                self.declare(&format!("function {function}({parameter}: any, x = {parameter}) {{ return x; }}"));
            }
            Closure => {
                let outer = self.bind(value);
                self.body += &format!("  const {function} = () => {outer};\n");
                return format!("{function}()");
            }
            Instance => {
                self.declare(&format!(
                    "class K{function} {{\n  constructor(private {parameter}: any) {{}}\n  get() {{\n    return \
                     this.{parameter};\n  }}\n}}"
                ));
                return format!("new K{function}({value}).get()");
            }
            StaticMethod => {
                self.declare(&format!("class K{function} {{ static of({parameter}: any) {{ return {parameter}; }} }}"));
                return format!("K{function}.of({value})");
            }
            _ => self.declare(&format!("function {function}({parameter}: any) {{ return {parameter}; }}")),
        }
        format!("{function}({value})")
    }

    fn through_file(&mut self, step: Step, value: &str) -> String {
        match step {
            OtherFile => {
                let function = self.elsewhere("other.ts");
                self.imports.push(format!("import {{ {function} }} from \"./other\";"));
                format!("{function}({value})")
            }
            Barrel => {
                let (function, alias) = (self.elsewhere("lib/inner.ts"), self.name());
                *self.files.entry("lib/index.ts").or_default() +=
                    &format!("export {{ {function} as {alias} }} from \"./inner\";\n");
                self.imports.push(format!("import {{ {alias} }} from \"./lib\";"));
                format!("{alias}({value})")
            }
            DefaultExport => {
                let alias = self.name();
                self.files.insert("plain.ts", "export default (given: any) => given;\n".to_owned());
                self.imports.push(format!("import {alias} from \"./plain\";"));
                format!("{alias}({value})")
            }
            _ => {
                let alias = self.name();
                self.files.insert("old.js", "module.exports.keep = function (given) { return given; };\n".to_owned());
                self.imports.push(format!("const {alias} = require(\"./old\");"));
                format!("{alias}.keep({value})")
            }
        }
    }

    /// Wraps the call of the SDK, and tells how the wrapper is called.
    fn wrap(&mut self, wrapper: Wrapper, sink: &Sink) -> String {
        let (function, parameter) = (self.name(), self.name());
        let body = format!("{{\n  {}({}{parameter});\n}}", sink.call, sink.leading);
        match wrapper {
            Wrapper::None => {
                self.imports.push(sink.import.to_owned());
                return format!("{}({}", sink.call, sink.leading);
            }
            Wrapper::Local => {
                self.imports.push(sink.import.to_owned());
                self.declare(&format!("function {function}({parameter}: any) {body}"));
            }
            Wrapper::File | Wrapper::Barrel => {
                let code = format!("{}\nexport function {function}({parameter}: any) {body}\n", sink.import);
                self.files.insert("tracking/send.ts", code);
                let from = if wrapper == Wrapper::File { "./tracking/send" } else { "./tracking" };
                self.files.insert("tracking/index.ts", "export * from \"./send\";\n".to_owned());
                self.imports.push(format!("import {{ {function} }} from \"{from}\";"));
            }
        }
        format!("{function}(")
    }

    /// Writes the files and scans them.
    fn scan(&self) -> Report {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let main = format!(
            "{}\n{}export async function onLogin(user: any, flag: boolean) {{\n{}}}\n",
            self.imports.join("\n"),
            self.top,
            self.body
        );
        for (name, text) in self.files.iter().map(|(name, text)| (*name, text)).chain([("main.ts", &main)]) {
            write(&folder.path().join(name), text);
        }
        shared_pool().install(|| data().scan(folder.path(), |_| ())).expect("the folder is there")
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

/// Where the SDK's call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrapper {
    None,
    Local,
    File,
    Barrel,
}

/// A call that takes an object.
#[derive(Debug, Clone, Copy)]
struct Sink {
    vendor: &'static str,
    import: &'static str,
    call: &'static str,
    leading: &'static str,
}

const SINKS: &[Sink] = &[
    Sink {
        vendor: "mixpanel",
        import: "import mixpanel from \"mixpanel-browser\";",
        call: "mixpanel.track",
        leading: "\"Done\", ",
    },
    Sink {
        vendor: "posthog",
        import: "import posthog from \"posthog-js\";",
        call: "posthog.setPersonProperties",
        leading: "",
    },
    Sink {
        vendor: "sentry",
        import: "import * as Sentry from \"@sentry/browser\";",
        call: "Sentry.setUser",
        leading: "",
    },
];

/// How the payload is put together from the value under a key that says nothing.
fn payload(program: &mut Program, shape: usize, value: &str) -> String {
    let literal = format!("{{ note: {value} }}");
    match shape {
        0 => literal,
        1 => program.bind(&literal),
        2 => {
            let (function, parameter) = (program.name(), program.name());
            program.declare(&format!("function {function}({parameter}: any) {{ return {{ note: {parameter} }}; }}"));
            format!("{function}({value})")
        }
        3 => format!("Object.assign({{ a: 1 }}, {literal})"),
        4 => {
            let name = program.bind("{} as Record<string, unknown>");
            program.body += &format!("  {name}.note = {value};\n");
            name
        }
        _ => format!("{{ ...{literal}, b: 2 }}"),
    }
}

/// A whole program: the value `user.email` through some steps into a payload, and to a vendor.
fn program(steps: &[Step], shape: usize, wrapper: Wrapper, sink: &Sink, style: Style) -> Program {
    let mut program = Program { style, ..Program::default() };
    program.imports.push("import { createHash } from \"node:crypto\";".to_owned());
    let value = steps.iter().fold("user.email".to_owned(), |value, step| program.pass(*step, &value));
    let payload = payload(&mut program, shape, &value);
    let send = program.wrap(wrapper, sink);
    program.body += &format!("  {send}{payload});\n");
    program
}

fn emails(report: &Report, vendor: &str) -> Vec<String> {
    let own = report.findings.iter().filter(|finding| finding.vendor == vendor && finding.rule == "leak/email");
    own.map(|finding| format!("{} at {}", finding.origin.expression, finding.origin.location.file)).collect()
}

fn wrappers() -> impl Strategy<Value = Wrapper> {
    select(vec![Wrapper::None, Wrapper::Local, Wrapper::File, Wrapper::Barrel])
}

fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    vec(select(KEEPING), 0..=most)
}

#[test]
fn each_step_alone_keeps_a_value() {
    let mut lost = Vec::new();
    for &step in KEEPING {
        for sink in SINKS {
            let made = program(&[step], 0, Wrapper::None, sink, Style::Short);
            if emails(&made.scan(), sink.vendor) != ["user.email at main.ts"] {
                lost.push(format!("{step:?} to {}", sink.vendor));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:?}");
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn a_value_is_found_however_it_is_passed_on(
        steps in steps(4), shape in 0_usize..6, wrapper in wrappers(), sink in select(SINKS)
    ) {
        let made = program(&steps, shape, wrapper, &sink, Style::Short);
        prop_assert_eq!(emails(&made.scan(), sink.vendor), ["user.email at main.ts"], "{:#?}", made);
    }

    #[test]
    fn a_hash_on_the_way_silences(
        before in steps(2), after in steps(2), shape in 0_usize..6, wrapper in wrappers(), sink in select(SINKS)
    ) {
        let steps: Vec<Step> = before.into_iter().chain([Hash]).chain(after).collect();
        let made = program(&steps, shape, wrapper, &sink, Style::Short);
        let none: [&str; 0] = [];
        prop_assert_eq!(emails(&made.scan(), sink.vendor), none, "{:#?}", made);
    }

    #[test]
    fn names_of_locals_do_not_matter(
        steps in steps(4), shape in 0_usize..6, wrapper in wrappers(), sink in select(SINKS)
    ) {
        let seen = |style| {
            let report = program(&steps, shape, wrapper, &sink, style).scan();
            let lines = report.findings.iter().map(|finding| {
                let hops = finding.path.iter().map(|hop| (hop.location.file.clone(), hop.location.line));
                (finding.vendor.clone(), finding.rule.clone(), hops.collect::<Vec<_>>())
            });
            lines.collect::<Vec<_>>()
        };
        prop_assert_eq!(seen(Style::Short), seen(Style::Long));
    }
}
