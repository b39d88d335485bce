use super::*;
use proptest::prelude::*;

/// The islands of a text: their scope, language, kind and content.
fn list(host: Host, text: &str) -> Vec<String> {
    let describe = |island: &Island| {
        let kind = match (island.kind, island.form) {
            (IslandKind::Script { module: true, setup: true }, _) => "setup",
            (IslandKind::Script { module: true, setup: false }, _) => "module",
            (IslandKind::Script { .. }, _) => "script",
            (IslandKind::Expression, Form::Statements) => "statements",
            (IslandKind::Expression, Form::Handler) => "handler",
            (IslandKind::Expression, Form::Loop) => "loop",
            (IslandKind::Expression, Form::Value) => "value",
        };
        format!("{} {:?} {kind}: {}", island.scope, island.language, island.span.of(text).trim())
    };
    islands(host, text).list.iter().map(describe).collect()
}

fn check(host: Host, text: &str, expect: &[&str]) {
    assert_eq!(list(host, text), expect, "{text}");
}

fn check_programs(host: Host, text: &str, expect: &[&str]) {
    let programs = programs(text, &islands(host, text));
    let texts: Vec<_> = programs.iter().map(|program| program.text.as_str()).collect();
    assert_eq!(texts, expect, "{text}");
}

#[test]
fn html_scripts() {
    let check = |text, expect| check(Host::Html, text, expect);
    check("<p>none</p>", &[]);
    check("<script>a()</script><script>b()</script>", &["0 JavaScript script: a()", "0 JavaScript script: b()"]);
    check("<SCRIPT TYPE='Text/JavaScript'>a()</Script>", &["0 JavaScript script: a()"]);
    check("<script type=module>a()</script>", &["1 JavaScript module: a()"]);
    check("<script type=\"text/babel\">a()</script>", &["0 JavaScript script: a()"]);
    check("<script type=\"text/partytown\">a()</script>", &["0 JavaScript script: a()"]);
    check("<script type=\"text/plain\" data-category=\"analytics\">a()</script>", &["0 JavaScript script: a()"]);
    check("<script type=\"text/plain\">a()</script>", &[]);
    check("<script type=\"application/ld+json\">{}</script><script type=importmap>{}</script>", &[]);
    check("<script src=x>ignored()</script>", &[]);
    check("<!-- <script>a()</script> --><script>b('<p>')</script>", &["0 JavaScript script: b('<p>')"]);
    check("<textarea><script>a()</script></textarea>", &[]);
    check("<script>a() // </scripty>\n</script >", &["0 JavaScript script: a() // </scripty>"]);
    check("<script>unterminated(", &["0 JavaScript script: unterminated("]);
}

#[test]
fn html_handlers() {
    let check = |text, expect| check(Host::Html, text, expect);
    check("<a onclick=\"a('x')\" online2 on=\"no\">", &["0 JavaScript handler: a('x')"]);
    check("<a onClick=a() title='onclick=b()'>", &["0 JavaScript handler: a()"]);
    check(
        "<a @click='a()' x-on:click='b()' (click)='c()'>",
        &["0 JavaScript handler: a()", "0 JavaScript handler: b()", "0 JavaScript handler: c()"],
    );
    check("<a onclick=\"unterminated(", &["0 JavaScript handler: unterminated("]);
    check("<a =onclick=b() / onload = 'c()'/>", &["0 JavaScript handler: c()"]);
    check("<a ", &[]);
    check("<", &[]);
}

#[test]
fn loaded_addresses() {
    let check = |host, text, expect: &[&str]| {
        let urls = islands(host, text).script_urls;
        assert!(urls.iter().all(|(span, url)| span.of(text).trim() == url));
        assert_eq!(urls.iter().map(|(_, url)| url.as_str()).collect::<Vec<_>>(), expect, "{text}");
    };
    let page = "<link href=\"//a\"><script async src='https://b'></script><iframe src=c></iframe><img src=d><a href=e>";
    check(Host::Html, page, &["//a", "https://b", "c", "d"]);
    check(Host::Html, "<noscript><img src=\"https://x/tr?id=1\"/></noscript>", &["https://x/tr?id=1"]);
    check(Host::Svelte, "<svelte:head><script src=\"https://x\"></script></svelte:head>", &["https://x"]);
    check(Host::Svelte, "<script src=\"https://{host}/a.js\"></script><img src={logo}>", &[]);
    check(Host::Astro, "{live && <script is:inline src=\"https://x\"></script>}", &["https://x"]);
    check(Host::Vue, "<template><img :src=\"a\"><iframe src=\"//b\"/></template>", &["//b"]);
}

#[test]
fn vue_blocks() {
    let check = |text, expect| check(Host::Vue, text, expect);
    check("<script>a</script>\n<script setup>b</script>", &["0 JavaScript module: a", "0 JavaScript setup: b"]);
    check(
        "<template>{{ a }}</template><script setup lang=\"ts\">b</script>",
        &["0 TypeScript value: a", "0 TypeScript setup: b"],
    );
    check(
        "<script lang=\"tsx\">a</script><script setup lang=\"ts\">b</script>",
        &["0 Tsx module: a", "0 Tsx setup: b"],
    );
    check("<script lang=\"coffee\">a</script>", &[]);
    check("<template lang=\"pug\">p {{ a }}</template><script>b</script>", &["0 JavaScript module: b"]);
    check("<i18n>{ \"a\": \"{{ b }} <script>\" }</i18n><style>{{ c }}</style>{{ d }}", &[]);
    check(
        "<template><template #a>{{ b }}</template>{{ c }}</template>{{ d }}",
        &["0 JavaScript value: b", "0 JavaScript value: c"],
    );
    check("<template/><script>a</script>", &["0 JavaScript module: a"]);
    check("<template>{{ unterminated", &[]);
}

#[test]
fn vue_expressions() {
    let check = |attribute: &str, expect| {
        check(Host::Vue, &format!("<template><a {attribute}></template>"), expect);
    };
    check(":a=\"b\"", &["0 JavaScript value: b"]);
    check("v-bind:a='{ b: c }' v-bind=\"d\"", &["0 JavaScript value: { b: c }", "0 JavaScript value: d"]);
    check("@click.prevent=\"a(); b()\"", &["0 JavaScript handler: a(); b()"]);
    check(
        "v-on:click=\"function () {}\" v-on=\"{ a: b }\"",
        &["0 JavaScript value: function () {}", "0 JavaScript value: { a: b }"],
    );
    check(
        "v-for=\"(a, i) in b.c\" v-for=\"a of b\"",
        &["0 JavaScript loop: (a, i) in b.c", "0 JavaScript loop: a of b"],
    );
    check(
        "v-if=\"a < b\" v-model=\"c\" v-else v-slot:x=\"{ y }\" #z=\"{ w }\" title=\"d\"",
        &["0 JavaScript value: a < b", "0 JavaScript value: c"],
    );
    check(":a=\"\" :b", &[]);
}

#[test]
fn svelte_scripts_and_braces() {
    let check = |text, expect| check(Host::Svelte, text, expect);
    check(
        "<script module>a</script><script lang=\"ts\">$: b</script>{c}",
        &["0 TypeScript module: a", "0 TypeScript setup: $: b", "0 TypeScript value: c"],
    );
    check("<script context=\"module\">a</script>", &["0 JavaScript module: a"]);
    check(
        "<svelte:head><script>a({b})</script></svelte:head><script>c</script>",
        &["1 JavaScript script: a({b})", "0 JavaScript setup: c"],
    );
    check(
        "<a on:click={() => b({ c: '}' })} {d} {...e} class=\"f {g ? \"h\" : 'i'}\" {/* no */}>",
        &[
            "0 JavaScript value: () => b({ c: '}' })",
            "0 JavaScript value: d",
            "0 JavaScript value: e",
            "0 JavaScript value: g ? \"h\" : 'i'",
        ],
    );
    check(
        "{#if a}{:else if b}{:else}{/if}{#key c}{/key}{@html d}{@const e = f}",
        &[
            "0 JavaScript value: a",
            "0 JavaScript value: b",
            "0 JavaScript value: c",
            "0 JavaScript value: d",
            "0 JavaScript statements: const e = f",
        ],
    );
    check(
        "{#each (a as A[]) as b, i (b.id)}{/each}{#each c}{#await d then e}{:then f}{#await g}",
        &["0 JavaScript value: (a as A[])", "0 JavaScript value: c", "0 JavaScript value: d", "0 JavaScript value: g"],
    );
    check(
        "{`a ${b({})} }`} {y.match(/x}/)} <p>it's {c}</p>",
        &["0 JavaScript value: `a ${b({})} }`", "0 JavaScript value: y.match(/x}/)", "0 JavaScript value: c"],
    );
    check("{unterminated('", &["0 JavaScript value: unterminated('"]);
}

#[test]
fn astro_front_matter_and_markup() {
    let check = |text, expect| check(Host::Astro, text, expect);
    check("---\nimport a from 'b'\n---\n<p>{c}</p>", &["0 Tsx setup: import a from 'b'", "0 Tsx value: c"]);
    check("<p title={a} b=`c ${d}` {...e} f=\"{no}\">", &["0 Tsx value: a", "0 Tsx value: `c ${d}`", "0 Tsx value: e"]);
    check("<script>a</script><script is:inline>b</script>", &["1 TypeScript module: a", "2 JavaScript script: b"]);
    check("{a.map((b) => <p>Don't {b}</p>)}{c}", &["0 Tsx value: a.map((b) => <p>Don't {b}</p>)", "0 Tsx value: c"]);
    check("{a && <script>b({})</script>}", &["0 Tsx value: a && <script>b({})</script>", "1 TypeScript module: b({})"]);
    check("---\nunterminated", &["0 Tsx setup: unterminated"]);
    check("---", &[]);
    check("<a onclick=\"b()\">", &["0 Tsx handler: b()"]);
}

#[test]
fn programs_keep_offsets_and_join_scopes() {
    check_programs(Host::Html, "<p>é\r\n<script>a()</script>", &["     \r\n       ;a();        "]);
    check_programs(
        Host::Html,
        "<script>a</script><script type=module>b</script><a onclick=c>",
        &[
            "       ;a;                                           ;()=>{c}",
            "                                     ;b;                     ",
        ],
    );
}

#[test]
fn values_never_run_together() {
    check_programs(Host::Svelte, "<p>{a}{b} {c}</p>", &["  ;(a);b;;(c)    "]);
    check_programs(Host::Svelte, "{a}", &[";a;"]);
    check_programs(Host::Svelte, "{a", &[" a"]);
    check_programs(Host::Vue, "<template>{{ a }}{{ b }}</template>", &["          ;( a ) ;( b )            "]);
    check_programs(
        Host::Vue,
        "<template><a :b=\"{ c }\" @d=\"e()\"/></template>",
        &["               ;({ c })    ;e();             "],
    );
}

#[test]
fn what_stands_before_a_script_sees_its_variables() {
    check_programs(
        Host::Vue,
        "<template>   {{ a }}{{ b }}</template><script>c</script>",
        &["         ;()=>( a ) ;( b )                   ;c;        "],
    );
    check_programs(
        Host::Vue,
        "<template>   {{ await a }}</template><script>c</script>",
        &["             ;( await a )                   ;c;        "],
    );
}

#[test]
fn loops_bind_their_variable() {
    let check = |head: &str, expect: &str| {
        let text = format!("<template><a v-for=\"{head}\"></template>");
        let programs = programs(&text, &islands(Host::Vue, &text));
        assert_eq!(programs[0].text.trim(), expect, "{head}");
    };
    check("a in b", ";for(var a of b);");
    check("(a, i) in b.c", ";for(var  a     of b.c);");
    check("({ a, b }, i) of c(d, e)", ";for(var  { a, b }     of c(d, e));");
    check("a, i in b", ";for(var a    of b);");
    check("b", ";(b)");
    check(" in b", ";( in b)");
}

#[test]
fn references_are_decoded_in_place() {
    check_programs(
        Host::Html,
        "<a onclick=\"b(&quot;c&quot;) &amp;&amp; d\">",
        &["      ;()=>{b(     \"c\"     ) &&         d} "],
    );
    check_programs(
        Host::Html,
        "<a onclick=\"b(&#39;c&quot;d&#39;, e=&gt;f)\">",
        &["      ;()=>{b(    'c\"     d'    , e=>   f)} "],
    );
}

#[test]
fn nested_scripts_are_blank_in_the_expression() {
    let text = "{a && <script>b({})</script>}";
    check_programs(Host::Astro, text, &[";a && <script>     </script>;", "             ;b({});         "]);
}

/// Texts with much markup and many openings that nothing closes.
fn markup() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "<script>",
        "</script>",
        "<script lang=\"ts\" setup",
        "<template>",
        "</template>",
        "<!--",
        "-->",
        "{{",
        "}}",
        "{",
        "}",
        "${",
        "`",
        "'",
        "\"",
        "/*",
        "*/",
        "//",
        "/",
        "\\",
        "\n",
        "---",
        "<a :b=",
        "@c=\"",
        "on:d={",
        ">",
        "=",
        "é",
        "{#each ",
        " as ",
        "&quot;",
        "&amp;",
        "<",
        "</",
        "x",
        " ",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

fn holds(text: &str) {
    for host in [Host::Html, Host::Vue, Host::Svelte, Host::Astro] {
        let islands = islands(host, text);
        assert!(
            islands.list.iter().all(|island| text.get(island.span.start as usize..island.span.end as usize).is_some())
        );
        let texts = islands.list.iter().map(|island| island_text(text, island));
        for island in texts.chain(programs(text, &islands).into_iter().map(|program| program.text)) {
            assert_eq!(island.len(), text.len(), "{text}");
            let lines = |text: &str| memchr::memchr_iter(b'\n', text.as_bytes()).collect::<Vec<_>>();
            assert_eq!(lines(&island), lines(text), "{text}");
        }
    }
}

proptest! {
    #[test]
    fn any_markup_keeps_offsets(text in markup()) {
        holds(&text);
    }

    #[test]
    fn any_text_keeps_offsets(text in any::<String>()) {
        holds(&text);
    }
}

/// Would take minutes if any scan started again from each of the pieces.
#[test]
fn hostile_repetitions_end() {
    let pieces = [
        "{",
        "{{",
        "<script>",
        "<script ",
        "<script type=module>x</script>",
        "<a {",
        "<a b=\"",
        "<!--",
        "`${",
        "'",
        "{\\'",
        "{(/[",
        "<template>",
        "</",
        "/*",
        "{#each a as ",
        "{#each \\'}",
        "---\n",
        "{<script/>}",
        "<a v-for='x in y'>",
    ];
    for piece in pieces {
        let text = piece.repeat(20_000);
        for host in [Host::Html, Host::Vue, Host::Svelte, Host::Astro] {
            let programs = programs(&text, &islands(host, &text));
            assert!(programs.iter().all(|program| program.text.len() == text.len()), "{piece}");
        }
    }
}
