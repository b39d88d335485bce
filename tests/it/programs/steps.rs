//! Ways to pass a value on, as pieces of code: `$v` is the value, `$1` to `$4` are new names, `$n` is a number.

use std::fmt;

/// Keeping steps that lose the value for now; a test fails once one keeps it.
pub const KNOWN_MISSES: &[&str] = &[];

/// Clearing steps after which the value is still found for now; a test fails once one clears it.
pub const KNOWN_ALARMS: &[&str] = &[];

/// Clearing steps that clear in time. A capturing step after one undoes it for now: what a closure captures is all that
/// the variable ever held.
pub const CLEARING_IN_TIME: &[&str] = &["deleted", "overwritten", "overwritten field"];

/// Steps that capture the value in a closure.
pub const CAPTURING: &[&str] = &["called at once", "async function", "executor", "written in a closure"];

/// One way to pass a value on.
#[derive(Clone, Copy)]
pub struct Step {
    /// What it is called when it fails.
    pub name: &'static str,
    /// Other files: names and texts.
    pub files: &'static [(&'static str, &'static str)],
    /// Imports of the main file.
    pub import: &'static str,
    /// Declarations before the main function.
    pub top: &'static str,
    /// Statements in the main function.
    pub body: &'static str,
    /// The expression that the value has become.
    pub value: &'static str,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const fn expression(name: &'static str, value: &'static str) -> Step {
    Step { name, files: &[], import: "", top: "", body: "", value }
}

const fn statement(name: &'static str, body: &'static str, value: &'static str) -> Step {
    Step { body, ..expression(name, value) }
}

const fn declared(name: &'static str, top: &'static str, value: &'static str) -> Step {
    Step { top, ..expression(name, value) }
}

const fn imported(
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
    import: &'static str,
    value: &'static str,
) -> Step {
    Step { files, import, ..expression(name, value) }
}

/// Steps that keep a value.
pub const KEEPING: &[Step] = &[
    // Expressions.
    expression("cast", "($v as string)"),
    expression("template", "`<${$v}>`"),
    expression("concatenation", "(\"<\" + $v)"),
    expression("nullish", "($v ?? \"none\")"),
    expression("or", "(null || $v)"),
    expression("and", "(flag && $v)"),
    expression("ternary", "(flag ? $v : \"none\")"),
    expression("comma", "(0, $v)"),
    expression("await", "(await Promise.resolve($v))"),
    expression("json", "JSON.parse(JSON.stringify($v))"),
    expression("string methods", "String($v).trim().toLowerCase()"),
    expression("encoded", "encodeURIComponent($v)"),
    expression("base64", "btoa($v)"),
    expression("called at once", "(() => $v)()"),
    expression("structured clone", "structuredClone({ a: $v }).a"),
    // Statements.
    statement("constant", "const $1 = $v;", "$1"),
    statement("assigned", "let $1 = \"none\"; $1 = $v;", "$1"),
    statement("branch", "let $1; if (flag) { $1 = $v; }", "$1"),
    statement("switch", "let $1; switch (flag) { case true: $1 = $v; break; default: $1 = \"none\"; }", "$1"),
    statement("try", "let $1; try { $1 = $v; } catch { $1 = \"none\"; }", "$1"),
    statement("logical assignment", "let $1: any; $1 ??= $v;", "$1"),
    statement("loop", "let $1 = \"none\"; for (const $2 of [$v]) { $1 = $2; }", "$1"),
    statement("while", "let $1 = \"none\"; while (flag) { $1 = $v; if (flag) break; }", "$1"),
    statement("thrown", "let $1; try { throw $v; } catch ($2) { $1 = $2; }", "$1"),
    // Objects and arrays.
    statement("field", "const $1 = { a: $v, b: 1 };", "$1.a"),
    statement("nested field", "const $1: any = { a: {} }; $1.a.b = $v;", "$1[\"a\"].b"),
    statement("computed key", "const $1: any = {}; const $2 = \"a\"; $1[$2] = $v;", "$1.a"),
    statement("unknown key", "const $1: any = {}; $1[String(flag)] = $v;", "$1"),
    statement("destructured", "const { a: $1 } = { a: $v };", "$1"),
    statement("destructured with default", "const { a: $1 = \"none\" } = { a: $v };", "$1"),
    statement("nested destructuring", "const { a: [{ b: $1 }] } = { a: [{ b: $v }] };", "$1"),
    statement("rest of object", "const { b: $1, ...$2 } = { a: $v, b: 1 };", "$2.a"),
    statement("rest of array", "const [$1, ...$2] = [1, $v];", "$2[0]"),
    statement("swapped", "let $1 = $v, $2 = \"none\"; [$1, $2] = [$2, $1];", "$2"),
    statement("spread", "const $1 = { a: $v };", "{ ...$1, b: 1 }.a"),
    statement("assigned object", "const $1: any = Object.assign({}, { b: 1 }, { a: $v });", "$1.a"),
    statement("entries", "const $1: any = Object.fromEntries(Object.entries({ a: $v }));", "$1.a"),
    statement("values", "const $1 = Object.values({ a: $v });", "$1[0]"),
    statement("element", "const $1 = [$v, 1];", "$1[0]"),
    statement("pushed", "const $1: any[] = []; $1.push($v);", "$1[0]"),
    statement("joined", "const $1 = [1, $v].join(\",\");", "$1"),
    statement("reduced", "const $1 = [$v].reduce(($2, $3) => $2 + $3, \"\");", "$1"),
    statement("filtered", "const $1 = [$v, undefined].filter(Boolean);", "$1[0]"),
    statement("found", "const $1 = [$v].find(($2) => $2 !== null);", "$1"),
    statement("each", "const $1: any[] = []; [$v].forEach(($2) => { $1.push($2); });", "$1[0]"),
    statement("concatenated", "const $1 = [1].concat([$v as any]);", "$1[1]"),
    statement("map", "const $1 = new Map(); $1.set(\"a\", $v);", "$1.get(\"a\")"),
    statement("set", "const $1 = new Set([$v]);", "[...$1][0]"),
    statement("query", "const $1 = new URLSearchParams({ a: $v });", "$1.toString()"),
    expression("mapped", "[$v].map(($1) => $1)[0]"),
    // Promises.
    statement("then", "const $1 = await Promise.resolve($v).then(($2) => $2);", "$1"),
    statement("all", "const [$1, $2] = await Promise.all([1, $v]);", "$2"),
    statement("executor", "const $1 = await new Promise<any>(($2) => $2($v));", "$1"),
    statement("async function", "const $1 = async () => $v;", "(await $1())"),
    // Functions.
    declared("function", "function $1($2: any) { return $2; }", "$1($v)"),
    declared("arrow", "const $1 = ($2: any) => $2;", "$1($v)"),
    declared("default argument", "function $1($2: any, $3 = $2) { return $3; }", "$1($v)"),
    declared("argument object", "function $1({ a: $2 }: { a: any }) { return $2; }", "$1({ a: $v })"),
    declared("rest arguments", "function $1(...$2: any[]) { return $2[1]; }", "$1(0, $v)"),
    declared("spread arguments", "function $1($2: any, $3: any) { return $3; }", "$1(...[0, $v])"),
    declared("arguments object", "function $1() { return arguments[0]; }", "($1 as any)($v)"),
    declared("two functions", "function $1($2: any) { return $2; } const $3 = ($4: any) => $1($4);", "$3($v)"),
    declared("curried", "const $1 = ($2: any) => ($3: number) => $2;", "$1($v)(1)"),
    declared("callback", "function $1($2: any, $3: any) { return $3($2); }", "$1($v, ($4: any) => $4)"),
    declared("bound", "function $1($2: any) { return $2; }", "$1.bind(null)($v)"),
    declared("called", "function $1($2: any) { return $2; }", "$1.call(null, $v)"),
    declared("applied", "function $1($2: any) { return $2; }", "$1.apply(null, [$v])"),
    declared("recursive", "function $1($2: any, $3: number): any { return $3 ? $1($2, $3 - 1) : $2; }", "$1($v, 3)"),
    declared("generator", "function* $1($2: any) { yield $2; }", "[...$1($v)][0]"),
    declared("table of functions", "const $1 = { a: ($2: any) => $2 };", "$1.a($v)"),
    declared("out parameter", "function $1($2: any, $3: any) { $2.a = $3; return $2; }", "$1({}, $v).a"),
    declared(
        "module variable",
        "let $1: any; function $2($3: any) { $1 = $3; } function $4() { return $1; }",
        "($2($v), $4())",
    ),
    statement("closure", "const $1 = $v; const $2 = () => $1;", "$2()"),
    statement("written in a closure", "let $1: any; [1].forEach(() => { $1 = $v; });", "$1"),
    statement("collected by a callback", "let $1: any; const $2 = ($3: any) => { $1 = $3; }; $2($v);", "$1"),
    // Classes.
    declared(
        "parameter property",
        "class K$n { constructor(private $1: any) {} get() { return this.$1; } }",
        "new K$n($v).get()",
    ),
    declared("instance field", "class K$n { $1: any; constructor($2: any) { this.$1 = $2; } }", "new K$n($v).$1"),
    declared(
        "private field",
        "class K$n { #a: any; constructor($1: any) { this.#a = $1; } get() { return this.#a; } }",
        "new K$n($v).get()",
    ),
    declared("static method", "class K$n { static of($1: any) { return $1; } }", "K$n.of($v)"),
    declared("getter", "class K$n { constructor(private $1: any) {} get a() { return this.$1; } }", "new K$n($v).a"),
    declared(
        "setter",
        "class K$n { private $1: any; set a($2: any) { this.$1 = $2; } get a() { return this.$1; } }",
        "Object.assign(new K$n(), { a: $v }).a",
    ),
    declared("inherited", "class B$n { keep($1: any) { return $1; } } class K$n extends B$n {}", "new K$n().keep($v)"),
    declared(
        "super",
        "class B$n { constructor(public $1: any) {} } class K$n extends B$n { constructor($2: any) { \
        super($2); } }",
        "new K$n($v).$1",
    ),
    declared(
        "fluent",
        "class K$n { private $1: any; with($2: any) { this.$1 = $2; return this; } done() { return \
        this.$1; } }",
        "new K$n().with($v).done()",
    ),
    declared("namespace", "namespace N$n { export function keep($1: any) { return $1; } }", "N$n.keep($v)"),
    declared("object method", "const $1 = { keep($2: any) { return $2; } };", "$1.keep($v)"),
    // Files.
    imported(
        "other file",
        &[("other$n.ts", "export function $1($2: any) { return $2; }")],
        "import { $1 } from \"./other$n\";",
        "$1($v)",
    ),
    imported(
        "renamed import",
        &[("other$n.ts", "export const $1 = ($2: any) => $2;")],
        "import { $1 as $3 } from \"./other$n\";",
        "$3($v)",
    ),
    imported(
        "namespace import",
        &[("other$n.ts", "export const $1 = ($2: any) => $2;")],
        "import * as $3 from \"./other$n\";",
        "$3.$1($v)",
    ),
    imported(
        "barrel",
        &[
            ("lib$n/inner.ts", "export function $1($2: any) { return $2; }"),
            ("lib$n/index.ts", "export { $1 as $3 } from \"./inner\";"),
        ],
        "import { $3 } from \"./lib$n\";",
        "$3($v)",
    ),
    imported(
        "star barrel",
        &[
            ("lib$n/inner.ts", "export function $1($2: any) { return $2; }"),
            ("lib$n/index.ts", "export * from \"./inner\";"),
        ],
        "import { $1 } from \"./lib$n\";",
        "$1($v)",
    ),
    imported(
        "default export",
        &[("plain$n.ts", "export default ($1: any) => $1;")],
        "import $2 from \"./plain$n\";",
        "$2($v)",
    ),
    imported(
        "required",
        &[("old$n.js", "module.exports.keep = function ($1) { return $1; };")],
        "const $2 = require(\"./old$n\");",
        "$2.keep($v)",
    ),
    imported(
        "required function",
        &[("old$n.js", "module.exports = function ($1) { return $1; };")],
        "const $2 = require(\"./old$n\");",
        "$2($v)",
    ),
    imported(
        "dynamic import",
        &[("late$n.ts", "export function $1($2: any) { return $2; }")],
        "",
        "(await import(\"./late$n\")).$1($v)",
    ),
    imported(
        "class elsewhere",
        &[(
            "class$n.ts",
            "export class K$n { constructor(private $1: any) {} get() { return \
        this.$1; } }",
        )],
        "import { K$n } from \"./class$n\";",
        "new K$n($v).get()",
    ),
    imported(
        "object elsewhere",
        &[("tools$n.ts", "export const $1 = { keep: ($2: any) => $2 };")],
        "import { $1 } from \"./tools$n\";",
        "$1.keep($v)",
    ),
    imported(
        "state elsewhere",
        &[("state$n.ts", "let $1: any; export const $2 = ($3: any) => { $1 = $3; }; export const $4 = () => $1;")],
        "import { $2, $4 } from \"./state$n\";",
        "($2($v), $4())",
    ),
];

/// Steps after which nothing personal is left.
pub const CLEARING: &[Step] = &[
    expression("hash", "createHash(\"sha256\").update($v).digest(\"hex\")"),
    statement("keyed hash", "const $1 = createHmac(\"sha256\", \"key\").update(String($v)).digest(\"hex\");", "$1"),
    expression("not", "!$v"),
    expression("boolean", "Boolean($v)"),
    expression("length", "String($v).length"),
    expression("comparison", "($v === \"a\")"),
    expression("type", "typeof $v"),
    expression("chosen literal", "($v ? \"yes\" : \"no\")"),
    expression("other field", "{ a: $v, b: \"none\" }.b"),
    expression("other element", "[\"none\", $v][0]"),
    expression("void", "void $v"),
    statement("rest without it", "const { a: $1, ...$2 } = { a: $v, b: 1 };", "$2"),
    statement("deleted", "const $1: any = { a: $v, b: 1 }; delete $1.a;", "$1"),
    statement("overwritten", "let $1 = $v; $1 = \"none\";", "$1"),
    statement("overwritten field", "const $1: any = { a: $v }; $1.a = \"none\";", "$1.a"),
    statement("written later", "const $1: any = {}; const $2 = $1.a; $1.a = $v;", "$2"),
    statement("later spread", "const $1 = { a: $v };", "{ ...$1, a: \"none\" }"),
    declared("ignored argument", "function $1($2: any) { return \"none\"; }", "$1($v)"),
    declared("other argument", "function $1($2: any, $3: any) { return $3; }", "$1($v, \"none\")"),
    declared("other call", "function $1($2: any) { return $2; }", "($1($v), $1(\"none\"))"),
    declared("other closure", "const $1 = ($2: any) => () => $2;", "($1($v), $1(\"none\")())"),
    declared(
        "other instance",
        "class K$n { constructor(private $1: any) {} get() { return this.$1; } }",
        "(new K$n($v), new K$n(\"none\").get())",
    ),
    declared("other property", "class K$n { b = \"none\"; constructor(public a: any) {} }", "new K$n($v).b"),
    imported(
        "ignored elsewhere",
        &[("none$n.ts", "export function $1($2: any) { return Boolean($2); }")],
        "import { $1 } from \"./none$n\";",
        "$1($v)",
    ),
    imported(
        "other call elsewhere",
        &[("other$n.ts", "export function $1($2: any) { return $2; }")],
        "import { $1 } from \"./other$n\";",
        "($1($v), $1(\"none\"))",
    ),
];

/// Ways to put a payload together from a value, under a key that says nothing.
pub const PAYLOADS: &[Step] = &[
    expression("literal", "{ note: $v }"),
    statement("constant", "const $1 = { note: $v };", "$1"),
    declared("function", "function $1($2: any) { return { note: $2 }; }", "$1($v)"),
    expression("assigned", "Object.assign({ a: 1 }, { note: $v })"),
    statement("filled", "const $1: any = {}; $1.note = $v;", "$1"),
    expression("spread", "{ ...{ note: $v }, b: 2 }"),
    expression("conditional spread", "{ ...(flag && { note: $v }), b: 2 }"),
    statement("shorthand", "const note = $v;", "{ note }"),
    statement("nested", "const $1 = { inner: [{ note: $v }] };", "$1"),
    imported(
        "elsewhere",
        &[("payload$n.ts", "export const $1 = ($2: any) => ({ note: $2 });")],
        "import { $1 } from \"./payload$n\";",
        "$1($v)",
    ),
];

/// Ways to call a vendor's method: `$i` is the SDK's import, `$c` the call up to its payload, `$v` the payload.
pub const WRAPPERS: &[Step] = &[
    Step { import: "$i", body: "$c$v);", ..expression("none", "") },
    Step { import: "$i", top: "function $1($2: any) { $c$2); }", body: "$1($v);", ..expression("function", "") },
    Step {
        import: "$i",
        top: "const $1 = async ({ data }: any) => { $cdata); };",
        body: "await $1({ data: $v });",
        ..expression("object argument", "")
    },
    Step {
        import: "$i",
        top: "class T$n { send($1: any) { $c$1); } }",
        body: "new T$n().send($v);",
        ..expression("method", "")
    },
    Step {
        files: &[("tracking$n.ts", "$i\nexport function $1($2: any) { $c$2); }")],
        import: "import { $1 } from \"./tracking$n\";",
        body: "$1($v);",
        ..expression("other file", "")
    },
    Step {
        files: &[
            ("tracking$n/send.ts", "$i\nexport function $1($2: any) { $c$2); }"),
            ("tracking$n/index.ts", "export * from \"./send\";"),
        ],
        import: "import { $1 } from \"./tracking$n\";",
        body: "$1($v);",
        ..expression("barrel", "")
    },
    Step {
        files: &[(
            "tracking$n.ts",
            "$i\nclass Tracker$n { send($1: any) { $c$1); } }\nexport const $2 = new Tracker$n();",
        )],
        import: "import { $2 } from \"./tracking$n\";",
        body: "$2.send($v);",
        ..expression("shared instance", "")
    },
    Step {
        files: &[("tracking$n.ts", "$i\nexport const $1 = { send: ($2: any) => { $c$2); } };")],
        import: "import { $1 } from \"./tracking$n\";",
        body: "$1.send($v);",
        ..expression("object", "")
    },
    Step {
        files: &[("tracking$n.ts", "$i\nexport function $1() { return ($2: any) => { $c$2); }; }")],
        import: "import { $1 } from \"./tracking$n\";",
        body: "const $3 = $1(); $3($v);",
        ..expression("hook", "")
    },
    Step {
        files: &[("track$n.js", "$i\nmodule.exports = { send: function ($1) { $c$1); } };")],
        import: "const { send: $2 } = require(\"./track$n\");",
        body: "$2($v);",
        ..expression("required", "")
    },
    Step {
        files: &[
            ("outer$n.ts", "import { $1 } from \"./inner$n\";\nexport const $3 = ($4: any) => $1($4);"),
            ("inner$n.ts", "$i\nexport function $1($2: any) { $c$2); }"),
        ],
        import: "import { $3 } from \"./outer$n\";",
        body: "$3($v);",
        ..expression("two wrappers", "")
    },
];
