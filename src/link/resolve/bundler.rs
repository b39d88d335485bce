//! Aliases that stand in the configurations of bundlers and frameworks, where they are literal.

use rustc_hash::FxHashMap;
use smol_str::{SmolStr, ToSmolStr};

use super::{
    literal::{Program, Token, Value},
    packages::Packages,
    path,
    scope::{Scope, Target},
    tree::Tree,
};

/// Larger configuration programs are not looked into.
const MAX_PROGRAM_BYTES: usize = 128 << 10;

/// Starts of the names of configuration programs.
const CONFIGS: &[&str] = &[
    "vite.config",
    "electron.vite.config",
    "webpack",
    "rspack.config",
    "rsbuild.config",
    "rollup.config",
    "babel.config",
    ".babelrc",
    "nuxt.config",
    "svelte.config",
    "vue.config",
    "quasar.conf",
    "next.config",
    "astro.config",
    "craco.config",
    "config-overrides",
    "wxt.config",
    "gatsby-node",
    "metro.config",
    "farm.config",
    "snowpack.config",
    "ember-cli-build",
    ".umirc",
    "umi.config",
    "modern.config",
    "rslib.config",
    "tsup.config",
];

/// Directories that hold the configuration of the project above them.
const CONFIG_DIRS: &[&str] =
    &["build", "config", "configs", "conf", "webpack", "scripts", ".config", ".webpack", "tools"];

/// Configuration files that are JSON, and so no candidate files.
const JSON_CONFIGS: &[&str] = &[".babelrc", ".babelrc.json", "babel.config.json"];

/// The configuration programs among the candidate files, by the directory that they speak for.
pub fn files<'a>(known: impl Iterator<Item = &'a SmolStr>) -> FxHashMap<SmolStr, Vec<SmolStr>> {
    let mut files: FxHashMap<SmolStr, Vec<SmolStr>> = FxHashMap::default();
    for file in known.filter(|file| is_config(path::name(file))) {
        let dir = path::parent(file);
        let home = if CONFIG_DIRS.contains(&path::name(dir)) { path::parent(dir) } else { dir };
        files.entry(home.into()).or_default().push(file.clone());
    }
    files.values_mut().for_each(|files| files.sort_unstable());
    files
}

fn is_config(name: &str) -> bool {
    let is_program = name.rsplit_once('.').is_some_and(|(_, end)| end.len() <= 3 && end.ends_with(['s', 'S']));
    is_program && CONFIGS.iter().any(|start| name.starts_with(start))
}

/// The aliases that hold below `dir` by the `configs` that speak for it, by its manifest and by its JSON files among
/// `names`.
pub fn scopes(tree: &Tree, packages: &Packages, dir: &str, names: &[SmolStr], configs: &[SmolStr]) -> Vec<Scope> {
    let json = names.iter().filter(|name| JSON_CONFIGS.contains(&name.as_str())).map(|name| path::child(dir, name));
    let programs = configs.iter().cloned().chain(json).filter_map(|file| {
        let text = tree.read(&file).filter(|text| text.len() <= MAX_PROGRAM_BYTES)?;
        Some((file, text))
    });
    let manifest = manifest_text(packages, dir).map(|text| (path::child(dir, "package.json"), text));
    let mut scopes: Vec<_> = programs.chain(manifest).map(|(file, text)| scope(tree, dir, &file, &text)).collect();
    let deno =
        ["deno.json", "deno.jsonc", "import_map.json"].iter().filter(|name| names.iter().any(|have| have == *name));
    scopes.extend(deno.filter_map(|name| import_map(tree, dir, &path::child(dir, name))));
    scopes.retain(|scope| !scope.is_empty());
    scopes
}

/// The parts of a manifest in which tools keep aliases, as a program.
fn manifest_text(packages: &Packages, dir: &str) -> Option<String> {
    let manifest = packages.at(dir)?.manifest.as_object()?;
    let parts = ["_moduleAliases", "alias", "babel"].map(|key| Some((key, manifest.get(key)?)));
    let parts: Vec<_> = parts.into_iter().flatten().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    (!parts.is_empty()).then(|| format!("{{{}}}", parts.join(",")))
}

fn scope(tree: &Tree, dir: &str, file: &str, text: &str) -> Scope {
    let reader = Reader { tree, dir, file_dir: path::parent(file), base_key: base_key(file), scope: Scope::default() };
    reader.read(path::name(file), &Program::new(text))
}

/// Import maps, also inside `deno.json`.
fn import_map(tree: &Tree, dir: &str, file: &str) -> Option<Scope> {
    let map = tree.read_json(file)?;
    let mut reader = Reader { tree, dir, file_dir: dir, base_key: "", scope: Scope::default() };
    for (key, value) in map.get("imports")?.as_object()? {
        reader.entry(key, &Value::Text(value.as_str()?.to_owned()));
    }
    Some(reader.scope)
}

/// The `root` of Babel's module-resolver, `modules` of webpack.
fn base_key(file: &str) -> &'static str {
    let name = path::name(file);
    match name {
        "package.json" => "root",
        _ if name.contains("babel") => "root",
        _ if name.starts_with("nuxt") => "",
        _ => "modules",
    }
}

struct Reader<'a> {
    tree: &'a Tree,
    /// The directory that the configuration speaks for.
    dir: &'a str,
    /// The directory that it stands in.
    file_dir: &'a str,
    /// The option that lists directories in which bare specifiers are looked up.
    base_key: &'static str,
    scope: Scope,
}

impl Reader<'_> {
    fn read(mut self, name: &str, program: &Program<'_>) -> Scope {
        for at in 0..program.tokens().len() {
            self.look(program, at);
        }
        self.defaults(name, program);
        self.scope
    }

    /// Takes what token `at` starts, if that is something about aliases.
    fn look(&mut self, program: &Program<'_>, at: usize) {
        let tokens = program.tokens();
        let mark = |at: usize| if let Some(Token::Mark(mark)) = tokens.get(at) { *mark } else { 0 };
        match (&tokens[at], mark(at + 1)) {
            (key, b':') if is(key, &["alias", "resolveAlias", "_moduleAliases"]) => {
                self.entries(&program.value(at + 2));
            }
            (key, b'=') if is(key, &["alias", "resolveAlias"]) && !matches!(mark(at + 2), b'=' | b'>') => {
                self.entries(&program.value(at + 2));
            }
            (Token::Word("alias"), b',' | b'}') => self.entries(program.constant("alias").unwrap_or(&Value::Unknown)),
            (Token::Word("alias" | "addWebpackAlias"), b'(') => {
                for argument in program.arguments(at + 1) {
                    self.entries(argument.get("entries").unwrap_or(&argument));
                }
            }
            (Token::Word("alias"), b'[' | b'.') => self.assigned(program, at),
            (Token::Word("set"), b'(') => {
                if let [Value::Text(key), value] = program.arguments(at + 1).as_slice() {
                    self.entry(key, value);
                }
            }
            (key, b':') if is(key, &[self.base_key]) => self.bases(&program.value(at + 2)),
            _ => {}
        }
    }

    /// `alias["@"] = …` and `alias.lib = …`
    fn assigned(&mut self, program: &Program<'_>, at: usize) {
        match program.tokens().get(at + 1..at + 5) {
            Some([Token::Mark(b'['), Token::Text(key), Token::Mark(b']'), Token::Mark(b'=')]) => {
                self.entry(key, &program.value(at + 5));
            }
            Some([Token::Mark(b'.'), Token::Word(key), Token::Mark(b'='), _]) => {
                self.entry(key, &program.value(at + 4));
            }
            _ => {}
        }
    }

    /// An object of aliases, or a list of `{ find, replacement }`.
    fn entries(&mut self, value: &Value) {
        match value {
            Value::Map(entries) => entries.iter().for_each(|(key, value)| self.entry(key, value)),
            Value::List(items) => items.iter().for_each(|item| self.replacement(item)),
            _ => {}
        }
    }

    fn replacement(&mut self, item: &Value) {
        let to = item.get("replacement").unwrap_or(&Value::Unknown);
        match item.get("find") {
            Some(Value::Text(find)) => self.entry(find, to),
            Some(Value::Pattern(pattern)) => self.pattern(pattern, to),
            _ => {}
        }
    }

    fn entry(&mut self, key: &str, value: &Value) {
        if key.starts_with('^') {
            return self.pattern(key, value);
        }
        let targets = self.targets(value);
        match key.strip_suffix('$') {
            Some(exact) => self.scope.alias(exact, targets),
            None if key.contains('*') => self.scope.alias(key, targets),
            None => self.scope.alias_tree(key, targets),
        }
    }

    /// A regular expression that is a fixed start, perhaps with one group for the rest.
    fn pattern(&mut self, pattern: &str, value: &Value) {
        let start = pattern.trim_start_matches('^').trim_end_matches('$');
        let start = start.replace("(.*)", "*").replace("(.+)", "*").replace("\\/", "/").replace("\\.", ".");
        if start.contains(['\\', '[', '(', '|', '?', '+', '{']) {
            return;
        }
        let open = !start.contains('*');
        let key = if open { format!("{start}*") } else { start };
        let fill = |text: &str| match text.replace("\\1", "*").replace("$1", "*") {
            text if text.contains('*') || text.is_empty() || text.ends_with('/') => text,
            text => format!("{text}/"),
        };
        let end = |text: String| if text.contains('*') { text } else { text + "*" };
        let value = match value {
            Value::Text(text) => Value::Text(end(fill(text))),
            Value::Path(path) => Value::Path(end(fill(path))),
            _ => return,
        };
        let targets = self.targets(&value);
        self.scope.alias(&key, targets);
    }

    fn targets(&self, value: &Value) -> Vec<Target> {
        match value {
            Value::List(values) => values.iter().flat_map(|value| self.targets(value)).collect(),
            Value::Path(path) => self.located(path).into_iter().collect(),
            Value::Text(text) if text.starts_with(['.', '/']) => self.located(text).into_iter().collect(),
            Value::Text(text) => vec![self.located(text).unwrap_or_else(|| Target::Specifier(text.to_smolstr()))],
            _ => Vec::new(),
        }
    }

    /// A path as seen from the file or from the directory that it speaks for, if something stands there.
    fn located(&self, text: &str) -> Option<Target> {
        let fixed =
            |path: &SmolStr| path.split_once('*').map_or(path.as_str(), |(start, _)| path::parent(start)).to_smolstr();
        let paths = [self.file_dir, self.dir].into_iter().filter_map(|dir| path::join(dir, text));
        paths.into_iter().find(|path| self.tree.is_place(&fixed(path))).map(Target::Path)
    }

    /// Directories in which bare specifiers are looked up: webpack's `modules`, the `root` of Babel's module-resolver.
    fn bases(&mut self, value: &Value) {
        let values = if let Value::List(values) = value { values.as_slice() } else { std::slice::from_ref(value) };
        let targets: Vec<_> = values.iter().flat_map(|value| self.targets(value)).collect();
        for target in targets {
            if let Target::Path(dir) = target {
                self.scope.base(dir);
            }
        }
    }

    /// The aliases that a framework has without being told.
    fn defaults(&mut self, name: &str, program: &Program<'_>) {
        let mut is = |names: &[&str], dirs: &[&str]| {
            let targets: Vec<_> = dirs.iter().filter_map(|dir| path::join(self.dir, dir)).map(Target::Path).collect();
            for name in names {
                self.scope.alias_tree(name, targets.clone());
            }
        };
        let stem = name.split_once(".conf").map_or(name, |(stem, _)| stem);
        let source = source_dir(program);
        let source = source.as_deref().unwrap_or_default();
        match stem {
            "nuxt" => {
                is(&["~", "@"], &[source, "app", ""]);
                is(&["~~", "@@"], &[""]);
            }
            "wxt" => {
                is(&["~", "@"], &[source]);
                is(&["~~", "@@"], &[""]);
            }
            "svelte" => is(&["$lib"], &["src/lib"]),
            "vue" => is(&["@"], &["src"]),
            "quasar" => {
                is(&["src"], &["src"]);
                for dir in ["components", "layouts", "pages", "assets", "boot", "stores"] {
                    is(&[dir], &[&format!("src/{dir}")]);
                }
            }
            _ => {}
        }
    }
}

fn is(token: &Token<'_>, names: &[&str]) -> bool {
    match token {
        Token::Word(word) => names.contains(word),
        Token::Text(text) => names.contains(&text.as_str()),
        _ => false,
    }
}

/// The `srcDir` of a framework configuration.
fn source_dir(program: &Program<'_>) -> Option<String> {
    let at = program.tokens().windows(2).position(|pair| is(&pair[0], &["srcDir"]) && pair[1] == Token::Mark(b':'))?;
    match program.value(at + 2) {
        Value::Text(text) | Value::Path(text) => Some(text),
        _ => None,
    }
}
