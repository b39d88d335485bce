//! One small tree per case: `path | text` lines, then what each import must name.

#![allow(clippy::disallowed_methods, reason = "some cases are about the disk")]

use super::*;

/// Files of a case; those whose name ends like code are the candidates.
pub(super) fn resolver(tree: &[(&str, &str)]) -> Resolver {
    let files: Memory = tree.iter().map(|(path, text)| (format!("/repo/{path}"), *text)).collect();
    let is_code = |path: &str| EXTENSIONS.iter().any(|end| path.ends_with(end)) && !path.ends_with(".json");
    let mut known: Vec<SmolStr> =
        tree.iter().map(|(path, _)| SmolStr::new(path)).filter(|path| is_code(path)).collect();
    known.sort_unstable();
    Resolver::new(PathBuf::from("/repo"), Arc::new(files), &known, false)
}

/// Each import is `file: specifier -> answer`; an answer is a path, `package NAME`, `asset` or `nothing`.
fn check(tree: &[(&str, &str)], imports: &[&str]) {
    let resolver = resolver(tree);
    for import in imports {
        let (from, rest) = import.split_once(": ").unwrap();
        let (specifier, expect) = rest.split_once(" -> ").unwrap();
        let answer = match resolver.place(from).resolve(specifier) {
            Resolved::File(file) => file.to_string(),
            Resolved::Package(name) => format!("package {name}"),
            Resolved::Asset => "asset".to_owned(),
            Resolved::Unresolved => "nothing".to_owned(),
        };
        assert_eq!(answer, expect, "{import}");
        plain::tests::agrees(&resolver, path::parent(from), specifier);
    }
}

pub(super) fn empty<'a>(paths: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    paths.iter().map(|path| (*path, "")).collect()
}

#[test]
fn paths() {
    check(
        &empty(&[
            "a.ts",
            "b/index.tsx",
            "b/c.js",
            "b/d.vue",
            "e.service.ts",
            "f.ts",
            "f/index.ts",
            "g.jsx",
            "h.mts",
            "i.cts",
            "j.svelte",
            "k.astro",
            "l.json",
            "m.native.ts",
            "m.web.ts",
            "n.d.ts",
            "chart.js/index.ts",
            "p/[id].tsx",
        ]),
        &[
            "a.ts: ./b -> b/index.tsx",
            "a.ts: ./b/ -> b/index.tsx",
            "b/c.js: . -> b/index.tsx",
            "b/c.js: .. -> nothing",
            "b/c.js: ../a -> a.ts",
            "a.ts: ./a.js -> a.ts",
            "a.ts: ./g.js -> g.jsx",
            "a.ts: ./b/index.js -> b/index.tsx",
            "a.ts: ./h.mjs -> h.mts",
            "a.ts: ./i.cjs -> i.cts",
            "a.ts: ./b/c -> b/c.js",
            "a.ts: ./b/d -> b/d.vue",
            "a.ts: ./b/d.vue -> b/d.vue",
            "a.ts: ./j.svelte -> j.svelte",
            "a.ts: ./k -> k.astro",
            "a.ts: ./e.service -> e.service.ts",
            "a.ts: ./f -> f.ts",
            "a.ts: ./f/ -> f/index.ts",
            "a.ts: ./m -> m.native.ts",
            "a.ts: ./n -> n.d.ts",
            "a.ts: ./chart.js -> chart.js/index.ts",
            "a.ts: ./p/[id] -> p/[id].tsx",
            "a.ts: ./l -> asset",
            "a.ts: ./l.json -> asset",
            "a.ts: ./none.json -> asset",
            "a.ts: ./style.css -> asset",
            "a.ts: ./none -> nothing",
            "a.ts: ../outside -> nothing",
            "a.ts: ../../../../repo/f -> nothing",
            "b/c.js: /a.ts -> a.ts",
            "b/c.js: /b/d.vue -> b/d.vue",
        ],
    );
}

#[test]
fn loaders_and_queries() {
    check(
        &empty(&["a.ts", "worker.ts", "icon.svg"]),
        &[
            "a.ts: ./worker?worker -> worker.ts",
            "a.ts: worker-loader!./worker -> worker.ts",
            "a.ts: ./icon.svg?react -> asset",
            "a.ts: !!raw-loader!./worker.ts -> worker.ts",
        ],
    );
}

#[test]
fn what_is_not_in_the_tree_is_a_package() {
    check(
        &[("a.ts", ""), ("node_modules/dep/index.ts", ""), ("node_modules/dep/package.json", "{}")],
        &[
            "a.ts: posthog-js -> package posthog-js",
            "a.ts: @sentry/browser/esm -> package @sentry/browser/esm",
            "a.ts: node:fs -> package node:fs",
            "a.ts: dep -> package dep",
            "a.ts: npm:mixpanel@0.18 -> package mixpanel",
            "a.ts: https://esm.sh/posthog-js@1.2/lib -> package posthog-js/lib",
            "a.ts: virtual:pwa -> package virtual:pwa",
            "a.ts: @/none -> nothing",
            "a.ts: #none -> nothing",
            "a.ts: ./node_modules/dep/index.ts -> nothing",
        ],
    );
}

#[test]
fn tsconfig_paths_and_base_url() {
    let config = r##"{ // comments and trailing commas
        "compilerOptions": { "baseUrl": "./src", "paths": {
            "@lib/*": ["lib/*", "legacy/*"], "@lib/special": ["special.ts"], "~*": ["./*"], "#x": ["x.ts"],
        }, },
    }"##;
    check(
        &[
            ("tsconfig.json", config),
            ("src/a.ts", ""),
            ("src/lib/t.ts", ""),
            ("src/legacy/old.js", ""),
            ("src/special.ts", ""),
            ("src/lib/special.ts", ""),
            ("src/util/index.ts", ""),
            ("src/x.ts", ""),
        ],
        &[
            "src/a.ts: @lib/t -> src/lib/t.ts",
            "src/a.ts: @lib/t.js -> src/lib/t.ts",
            "src/a.ts: @lib/old -> src/legacy/old.js",
            "src/a.ts: @lib/special -> src/special.ts",
            "src/a.ts: ~util -> src/util/index.ts",
            "src/a.ts: ~/util -> src/util/index.ts",
            "src/a.ts: #x -> src/x.ts",
            "src/a.ts: util -> src/util/index.ts",
            "src/a.ts: lib/t -> src/lib/t.ts",
            "src/a.ts: react -> package react",
        ],
    );
}

#[test]
fn tsconfig_extends() {
    check(
        &[
            ("tsconfig.base.json", r#"{ "compilerOptions": { "paths": { "@base/*": ["shared/*"] } } }"#),
            ("configs/one.json", r#"{ "compilerOptions": { "paths": { "@one/*": ["../one/*"] } } }"#),
            ("configs/two.json", r#"{ "extends": "./loop", "compilerOptions": { "baseUrl": "${configDir}/src" } }"#),
            ("configs/loop.json", r#"{ "extends": "./two.json" }"#),
            ("tools/ts/package.json", r#"{ "name": "@acme/ts" }"#),
            ("tools/ts/strict.json", r#"{ "compilerOptions": { "paths": { "@cfg/*": ["${configDir}/src/*"] } } }"#),
            ("tools/ts/x.ts", ""),
            ("apps/a/tsconfig.json", r#"{ "extends": "../../tsconfig.base" }"#),
            (
                "apps/b/tsconfig.json",
                r#"{ "extends": ["not-installed/base.json", "../../configs/one.json", "../../configs/two.json"] }"#,
            ),
            ("apps/c/tsconfig.json", r#"{ "extends": "@acme/ts/strict.json", "compilerOptions": { "baseUrl": "." } }"#),
            (
                "apps/d/tsconfig.json",
                r#"{ "extends": "./.nuxt/tsconfig.json", "compilerOptions": { "paths": { "d/*": ["./src/*"] } } }"#,
            ),
            ("apps/a/m.ts", ""),
            ("apps/b/src/m.ts", ""),
            ("apps/c/src/m.ts", ""),
            ("apps/d/src/m.ts", ""),
            ("shared/s.ts", ""),
            ("one/o.ts", ""),
        ],
        &[
            "apps/a/m.ts: @base/s -> shared/s.ts",
            "apps/b/src/m.ts: @one/o -> one/o.ts",
            "apps/b/src/m.ts: m -> apps/b/src/m.ts",
            "apps/c/src/m.ts: @cfg/m -> apps/c/src/m.ts",
            "apps/c/src/m.ts: src/m -> apps/c/src/m.ts",
            "apps/d/src/m.ts: d/m -> apps/d/src/m.ts",
        ],
    );
}

#[test]
fn several_tsconfigs() {
    let solution =
        r#"{ "files": [], "references": [{ "path": "./config/app.json" }, { "path": "./tsconfig.node.json" }] }"#;
    check(
        &[
            ("tsconfig.json", r#"{ "compilerOptions": { "paths": { "@/*": ["./src/*"], "@root/*": ["./src/*"] } } }"#),
            ("web/tsconfig.json", solution),
            ("web/tsconfig.node.json", r#"{ "compilerOptions": { "paths": { "@node/*": ["./node/*"] } } }"#),
            ("web/tsconfig.app.json", r#"{ "compilerOptions": { "paths": { "@app/*": ["./app/*"] } } }"#),
            ("web/config/app.json", r#"{ "compilerOptions": { "paths": { "@/*": ["../src/*"] } } }"#),
            ("js/jsconfig.json", r#"{ "compilerOptions": { "baseUrl": "src" } }"#),
            ("src/a.ts", ""),
            ("web/src/a.ts", ""),
            ("web/node/n.ts", ""),
            ("web/app/p.ts", ""),
            ("js/src/lib/j.js", ""),
        ],
        &[
            "src/a.ts: @/a -> src/a.ts",
            "web/src/a.ts: @/a -> web/src/a.ts",
            "web/src/a.ts: @node/n -> web/node/n.ts",
            "web/src/a.ts: @app/p -> web/app/p.ts",
            "web/src/a.ts: @root/a -> src/a.ts",
            "js/src/lib/j.js: lib/j -> js/src/lib/j.js",
        ],
    );
}

#[test]
fn broken_configuration_costs_only_itself() {
    let tree = [
        ("tsconfig.json", "{ \"compilerOptions\": { \"paths\": { \"@/*\": [ }"),
        ("package.json", "{ \"workspaces\": [\"packages/*\"] }"),
        ("packages/a/package.json", "{ nope"),
        ("packages/b/package.json", "{ \"name\": \"b\", \"main\": 5, \"exports\": 7, \"workspaces\": 3 }"),
        ("packages/c/package.json", "[]"),
        ("pnpm-workspace.yaml", "packages: {{{"),
        ("packages/a/a.ts", ""),
        ("packages/b/index.ts", ""),
        ("packages/c/c.ts", ""),
        ("src/s.ts", ""),
    ];
    check(
        &tree,
        &[
            "packages/a/a.ts: ./a -> packages/a/a.ts",
            "packages/a/a.ts: b -> packages/b/index.ts",
            "packages/c/c.ts: ./c -> packages/c/c.ts",
            "packages/a/a.ts: @/s -> src/s.ts",
        ],
    );
    let resolver = resolver(&tree);
    let _ = resolver.place("src/s.ts").resolve("@/s");
    let files: Vec<_> = resolver.problems().into_iter().map(|problem| problem.file).collect();
    assert_eq!(files, ["packages/a/package.json", "pnpm-workspace.yaml", "tsconfig.json"]);
}

#[test]
fn workspaces() {
    for (file, text) in [
        ("package.json", r#"{ "name": "repo", "workspaces": ["packages/*", "!packages/old"] }"#),
        ("package.json", r#"{ "workspaces": { "packages": ["./packages/*"] } }"#),
        ("pnpm-workspace.yaml", "packages:\n  - 'packages/*' # all\n  - \"!**/old\"\ncatalog:\n  react: ^18\n"),
        ("lerna.json", r#"{ "version": "independent" }"#),
    ] {
        let mut tree = vec![
            (file, text),
            ("packages/ui/package.json", r#"{ "name": "@acme/ui", "main": "./src/main.ts" }"#),
            ("packages/ui/src/main.ts", ""),
            ("packages/ui/src/button.tsx", ""),
            ("packages/ui/extra.ts", ""),
            ("packages/web/package.json", r#"{ "name": "web", "dependencies": { "@acme/ui": "^1.0.0" } }"#),
            ("packages/web/a.ts", ""),
        ];
        if file != "package.json" {
            tree.push(("package.json", "{}"));
        }
        check(
            &tree,
            &[
                "packages/web/a.ts: @acme/ui -> packages/ui/src/main.ts",
                "packages/web/a.ts: @acme/ui/src/button -> packages/ui/src/button.tsx",
                "packages/web/a.ts: @acme/ui/button -> packages/ui/src/button.tsx",
                "packages/web/a.ts: @acme/ui/extra -> packages/ui/extra.ts",
                "packages/web/a.ts: @acme/other -> package @acme/other",
            ],
        );
    }
}

#[test]
fn packages_that_nobody_declares() {
    check(
        &[
            ("libs/a/package.json", r#"{ "name": "@acme/a" }"#),
            ("libs/a/index.ts", ""),
            ("libs/events/package.json", r#"{ "name": "events" }"#),
            ("libs/events/index.ts", ""),
            ("test/mock/package.json", r#"{ "name": "mixpanel" }"#),
            ("test/mock/index.ts", ""),
            ("one/package.json", r#"{ "name": "twin" }"#),
            ("one/index.ts", ""),
            ("two/package.json", r#"{ "name": "twin" }"#),
            ("two/index.ts", ""),
            ("app/package.json", r#"{ "dependencies": { "@acme/a": "file:../libs/a" } }"#),
            ("app/m.ts", ""),
            ("old/package.json", r#"{ "devDependencies": { "@acme/a": "^1.2.0" } }"#),
            ("old/m.ts", ""),
        ],
        &[
            "app/m.ts: @acme/a -> libs/a/index.ts",
            "old/m.ts: @acme/a -> package @acme/a",
            "app/m.ts: events -> package events",
            "app/m.ts: mixpanel -> package mixpanel",
            "app/m.ts: twin -> package twin",
        ],
    );
}

#[test]
fn unbuilt_packages() {
    for (manifest, source) in [
        (r#""main": "dist/index.js""#, "src/index.ts"),
        (r#""main": "./dist/cjs/index.cjs", "module": "dist/esm/index.mjs""#, "src/index.tsx"),
        (r#""main": "lib""#, "src/index.js"),
        (r#""main": "build/main/index.js", "types": "build/main/index.d.ts""#, "src/main/index.ts"),
        (r#""main": "dist/bundle.js""#, "src/index.ts"),
        (r#""main": "dist/lib.umd.min.js""#, "src/lib.ts"),
        (r#""main": "dist/src/index.js""#, "src/index.ts"),
        (r#""main": "dist/index.js""#, "index.ts"),
        (r#""exports": { ".": { "types": "./dist/index.d.ts", "import": "./dist/index.mjs" } }"#, "src/index.ts"),
        (r#""exports": { "import": "./dist/index.js" }"#, "src/index.tsx"),
        (r#""exports": "./dist/index.js""#, "lib/index.ts"),
        (r#""main": "dist/index.js", "types": "source/entry.ts""#, "source/entry.ts"),
        (r#""main": "dist/x.js", "source": "source/entry.ts""#, "source/entry.ts"),
        (r#""main": "none.js""#, "src/core.ts"),
    ] {
        let manifest = format!(r#"{{ "name": "@acme/core", {manifest} }}"#);
        let source = format!("core/{source}");
        let tree = [("core/package.json", manifest.as_str()), (source.as_str(), ""), ("a.ts", "")];
        check(&tree, &[&format!("a.ts: @acme/core -> {source}")]);
    }
}

#[test]
fn exports_of_unbuilt_packages() {
    let manifest = r#"{ "name": "@acme/kit", "exports": {
        ".": { "@acme/source": "./code/entry.ts", "default": "./dist/entry.js" },
        "./server": { "node": "./dist/server/index.js" },
        "./hooks/*": "./dist/hooks/*.js",
        "./styles.css": "./dist/styles.css",
        "./only-types": { "types": "./src/only.ts" },
        "./alt": ["./none/x.js", "./dist/alt.mjs"]
    } }"#;
    check(
        &[
            ("kit/package.json", manifest),
            ("kit/code/entry.ts", ""),
            ("kit/src/server/index.ts", ""),
            ("kit/src/hooks/use.tsx", ""),
            ("kit/src/only.ts", ""),
            ("kit/src/alt.ts", ""),
            ("kit/src/hidden.ts", ""),
            ("a.ts", ""),
        ],
        &[
            "a.ts: @acme/kit -> kit/code/entry.ts",
            "a.ts: @acme/kit/server -> kit/src/server/index.ts",
            "a.ts: @acme/kit/hooks/use -> kit/src/hooks/use.tsx",
            "kit/code/entry.ts: @acme/kit/server -> kit/src/server/index.ts",
            "a.ts: @acme/kit/only-types -> kit/src/only.ts",
            "a.ts: @acme/kit/alt -> kit/src/alt.ts",
            "a.ts: @acme/kit/hidden -> kit/src/hidden.ts",
            "a.ts: @acme/kit/dist/hidden -> kit/src/hidden.ts",
        ],
    );
}

#[test]
fn private_imports_and_the_browser_field() {
    let manifest = r##"{ "name": "p", "imports": {
        "#lib/*": "./src/lib/*.ts", "#config": { "node": "./dist/config.js" }, "#sdk": "posthog-js"
    }, "browser": { "./src/net.ts": "./src/net.browser.ts", "fs": false } }"##;
    check(
        &[
            ("package.json", manifest),
            ("src/lib/t.ts", ""),
            ("src/config.ts", ""),
            ("src/net.ts", ""),
            ("src/net.browser.ts", ""),
            ("src/deep/m.ts", ""),
        ],
        &[
            "src/deep/m.ts: #lib/t -> src/lib/t.ts",
            "src/deep/m.ts: #config -> src/config.ts",
            "src/deep/m.ts: #none -> nothing",
            "src/deep/m.ts: #sdk -> package posthog-js",
            "src/deep/m.ts: ../net -> src/net.browser.ts",
            "src/deep/m.ts: fs -> package fs",
        ],
    );
}

#[test]
fn bundler_aliases() {
    for (file, text) in [
        (
            "vite.config.ts",
            "export default defineConfig({ resolve: { alias: { '@': path.resolve(__dirname, './source') } } })",
        ),
        (
            "vite.config.mts",
            "const r = p => resolve(__dirname, p)\nexport default { resolve: { alias: { '@': r('source') } } }",
        ),
        (
            "vite.config.js",
            "export default { resolve: { alias: { '@': fileURLToPath(new URL('./source', import.meta.url)) } } }",
        ),
        ("vite.config.ts", "export default { resolve: { alias: [{ find: '@', replacement: '/source' }] } }"),
        (
            "vite.config.ts",
            "export default { resolve: { alias: [{ find: /^@\\//, replacement: `${__dirname}/source/` }] } }",
        ),
        ("vite.config.ts", "const alias = { '@': './source' }\nexport default { resolve: { alias } }"),
        (
            "webpack.config.js",
            "const src = path.join(__dirname, 'source'); module.exports = { resolve: { alias: { '@': src } } }",
        ),
        (
            "build/webpack.base.conf.js",
            "module.exports = { resolve: { alias: { 'vue$': 'vue/dist/vue.esm.js', '@': resolve('source') } } }",
        ),
        (
            "next.config.js",
            "module.exports = { webpack(config) { config.resolve.alias['@'] = path.join(__dirname, 'source') } }",
        ),
        (
            "next.config.mjs",
            "export default { webpack: (c) => { c.alias = { ...c.alias, '@': path.resolve('source') } } }",
        ),
        (
            "vue.config.js",
            "module.exports = { chainWebpack: config => { config.resolve.alias.set('@', resolve('source')) } }",
        ),
        ("babel.config.js", "module.exports = { plugins: [['module-resolver', { alias: { '@': './source' } }]] }"),
        (".babelrc", "{ \"plugins\": [[\"module-resolver\", { \"alias\": { \"^@/(.+)\": \"./source/\\\\1\" } }]] }"),
        ("package.json", "{ \"_moduleAliases\": { \"@\": \"source\" } }"),
        ("deno.json", "{ \"imports\": { \"@/\": \"./source/\" } }"),
        ("craco.config.js", "module.exports = { webpack: { alias: { '@': path.resolve(__dirname, 'source') } } }"),
        (
            "config-overrides.js",
            "module.exports = override(addWebpackAlias({ '@': path.resolve(__dirname, 'source') }))",
        ),
        (
            "rollup.config.js",
            "export default { plugins: [alias({ entries: [{ find: '@', replacement: './source' }] })] }",
        ),
        ("next.config.js", "module.exports = { turbopack: { resolveAlias: { '@': './source' } } }"),
    ] {
        let (file, manifest) = (format!("app/{file}"), if file == "package.json" { text } else { "{}" });
        let tree = [
            (file.as_str(), text),
            ("app/package.json", manifest),
            ("app/source/lib/t.ts", ""),
            ("app/page.ts", ""),
            ("other/page.ts", ""),
        ];
        check(&tree, &["app/page.ts: @/lib/t -> app/source/lib/t.ts", "other/page.ts: @/lib/t -> nothing"]);
    }
}

#[test]
fn aliases_to_packages_and_bases() {
    let webpack = "module.exports = { resolve: { modules: [path.resolve(__dirname, 'client'), 'node_modules'],
        alias: { react: 'preact/compat', sdk$: 'posthog-js', loop: 'loop2', loop2: 'loop',
        here: ['./none', './client/h'] } } }";
    let babel = "module.exports = { plugins: [['module-resolver', { root: ['./mobile'] }]] }";
    check(
        &[
            ("webpack.config.js", webpack),
            ("babel.config.js", babel),
            ("package.json", "{}"),
            ("client/h.ts", ""),
            ("mobile/m.ts", ""),
        ],
        &[
            "client/h.ts: react -> package preact/compat",
            "client/h.ts: react/jsx -> package preact/compat/jsx",
            "client/h.ts: sdk -> package posthog-js",
            "client/h.ts: sdk/x -> package sdk/x",
            "client/h.ts: loop -> package loop2",
            "client/h.ts: h -> client/h.ts",
            "client/h.ts: here -> client/h.ts",
            "client/h.ts: m -> mobile/m.ts",
        ],
    );
}

#[test]
fn framework_aliases() {
    check(
        &empty(&["nuxt.config.ts", "components/A.vue", "app/utils/t.ts", "pages/p.vue"]),
        &[
            "pages/p.vue: ~/components/A.vue -> components/A.vue",
            "pages/p.vue: @/utils/t -> app/utils/t.ts",
            "pages/p.vue: ~~/app/utils/t -> app/utils/t.ts",
            "pages/p.vue: @@/components/A -> components/A.vue",
        ],
    );
    check(
        &[
            (
                "web/nuxt.config.ts",
                "export default defineNuxtConfig({ srcDir: 'client/', alias: { shared: '../shared' } })",
            ),
            ("web/client/x.ts", ""),
            ("shared/s.ts", ""),
        ],
        &["web/client/x.ts: ~/x -> web/client/x.ts", "web/client/x.ts: shared/s -> shared/s.ts"],
    );
    check(
        &[
            ("svelte.config.js", "export default { kit: { alias: { $stores: 'src/stores', '$ui/*': 'src/ui/*' } } }"),
            ("src/lib/t.ts", ""),
            ("src/stores/u.ts", ""),
            ("src/ui/b.svelte", ""),
            ("src/routes/+page.svelte", ""),
        ],
        &[
            "src/routes/+page.svelte: $lib/t -> src/lib/t.ts",
            "src/routes/+page.svelte: $stores/u -> src/stores/u.ts",
            "src/routes/+page.svelte: $ui/b.svelte -> src/ui/b.svelte",
            "src/routes/+page.svelte: $app/navigation -> nothing",
        ],
    );
    check(
        &empty(&["quasar.config.js", "src/boot/t.js", "src/stores/s.js"]),
        &["src/boot/t.js: stores/s -> src/stores/s.js", "src/boot/t.js: src/boot/t -> src/boot/t.js"],
    );
}

#[test]
fn customs_without_configuration() {
    check(
        &empty(&[
            "apps/web/src/lib/t.ts",
            "apps/web/src/pages/p.tsx",
            "apps/old/lib/t.ts",
            "apps/old/p.ts",
            "src/lib/t.ts",
        ]),
        &[
            "apps/web/src/pages/p.tsx: @/lib/t -> apps/web/src/lib/t.ts",
            "apps/web/src/pages/p.tsx: ~/lib/t -> apps/web/src/lib/t.ts",
            "apps/web/src/pages/p.tsx: src/lib/t -> apps/web/src/lib/t.ts",
            "apps/old/p.ts: @/lib/t -> apps/old/lib/t.ts",
            "apps/web/src/pages/p.tsx: $lib/t -> apps/web/src/lib/t.ts",
            "apps/web/src/pages/p.tsx: @/style.css -> asset",
            "apps/web/src/pages/p.tsx: lib/t -> package lib/t",
        ],
    );
}

#[test]
fn nothing_outside_the_root_is_named() {
    let files: Memory = [("proj/a.ts", ""), ("a.ts", "")].into_iter().collect();
    let resolver = Resolver::new("proj".into(), Arc::new(files), &["a.ts".into()], false);
    assert_eq!(resolver.place("b.ts").resolve("./a"), Resolved::File("a.ts".into()));
    assert_eq!(resolver.place("b.ts").resolve("../a"), Resolved::Unresolved);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_root_are_not_read() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("package.json"), r#"{ "name": "secret" }"#).unwrap();
    let root = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path().join("package.json"), root.path().join("package.json")).unwrap();
    std::fs::write(root.path().join("index.ts"), "").unwrap();
    let resolver = Resolver::new(root.path().into(), Arc::new(Disk), &["index.ts".into()], false);
    assert_eq!(resolver.place("index.ts").resolve("secret"), Resolved::Package("secret".into()));
    assert_eq!(resolver.problems().len(), 1);
}

#[test]
fn answers_do_not_depend_on_order_or_threads() {
    use rayon::prelude::*;
    let tree = empty(&["a/x.ts", "a/y.ts", "b/x.ts", "b/src/z.ts"]);
    let questions = ["./x", "./y", "@/z", "react", "../a/y.js"];
    let ask = |resolver: &Resolver| -> Vec<_> {
        let places = ["a/x.ts", "b/x.ts"].repeat(50);
        let all: Vec<_> = places.iter().flat_map(|from| questions.map(|question| (*from, question))).collect();
        all.par_iter().map(|(from, question)| resolver.place(from).resolve(question)).collect()
    };
    assert_eq!(ask(&resolver(&tree)), ask(&resolver(&tree)));
}
