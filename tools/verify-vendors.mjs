#!/usr/bin/env node
// Verifies the catalogue against what vendors publish: node tools/verify-vendors.mjs [--scratch DIR] [--out FILE] [ID...]
//
// For each vendor file, the packages under [[verified]] are installed at the recorded versions (without running any
// script of theirs), the vendor's fixture is type-checked against them, and every call of the catalogue is looked up
// in the typings. What is told: packages that cannot be had, type errors in the fixture, imports whose type is `any`,
// calls that no typing has, and newer major versions. It asks the npm registry; no test of the project does.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const TOOLS = ["typescript@5.9.3", "smol-toml@1.4.2", "@types/node@24", "@types/react@19"];
const NPM = ["--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error"];

const { scratch, out, ids } = options(process.argv.slice(2));
mkdirSync(scratch, { recursive: true });
install(scratch, TOOLS);
const require = createRequire(join(scratch, "package.json"));
const ts = require("typescript");
const { parse } = require("smol-toml");

const files = readdirSync(join(root, "vendors")).filter((name) => name.endsWith(".toml")).sort();
const wanted = files.map((name) => name.slice(0, -5)).filter((id) => ids.length === 0 || ids.includes(id));
const results = [];
for (const id of wanted) {
  results.push(verify(id));
  console.error(`${id}: ${results.at(-1).lines.length} remarks`);
  writeFileSync(out, page(results));
}

function options(args) {
  const chosen = { scratch: join(tmpdir(), "overshare-verify"), out: "/dev/stdout", ids: [] };
  while (args.length > 0) {
    const word = args.shift();
    if (word === "--scratch") chosen.scratch = resolve(args.shift());
    else if (word === "--out") chosen.out = resolve(args.shift());
    else chosen.ids.push(word);
  }
  return chosen;
}

/** Installs packages into a folder; those that cannot be had are returned. */
function install(folder, packages) {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, JSON.stringify({ private: true }));
  const missing = packages.filter((name) => !existsSync(join(folder, "node_modules", bare(name))));
  if (missing.length === 0 || npm(folder, ["install", ...NPM, ...missing])) return [];
  return missing.filter((name) => !npm(folder, ["install", ...NPM, name]));
}

function npm(folder, args) {
  try {
    execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "ignore"], timeout: 240_000 });
    return true;
  } catch {
    return false;
  }
}

/** `@scope/name@1.2.3` without its version. */
function bare(name) {
  return name.replace(/(?<=.)@[^@/]*$/, "");
}

function verify(id) {
  const vendor = parse(readFileSync(join(root, "vendors", `${id}.toml`), "utf8"));
  const packages = (vendor.verified ?? []).filter((known) => known.package);
  const folder = join(scratch, id);
  const lines = install(folder, packages.map((known) => `${known.package}@${known.version}`)).map((name) => `cannot be installed: ${name}`);
  lines.push(...newerMajors(folder, packages));
  const typed = typings(id, folder, vendor, packages.map((known) => known.package));
  return { id, packages: packages.length, ...typed, lines: [...lines, ...typed.lines] };
}

function newerMajors(folder, packages) {
  let told = "{}";
  try {
    execFileSync("npm", ["outdated", "--json"], { cwd: folder, timeout: 120_000 });
  } catch (failure) {
    told = failure.stdout?.toString() || "{}";
  }
  const outdated = JSON.parse(told);
  const major = (version) => Number.parseInt(version, 10);
  return packages.flatMap(({ package: name, version }) => {
    const latest = outdated[name]?.latest;
    return latest && major(latest) > major(version) ? [`newer major: ${name} ${latest}, read at ${version}`] : [];
  });
}

/** Type-checks the fixture, and looks up the calls of the catalogue. */
function typings(id, folder, vendor, installed) {
  const fixture = join(folder, "fixture");
  cpSync(join(root, "fixtures/vendors", id), fixture, { recursive: true });
  const sources = readdirSync(fixture, { recursive: true }).filter((name) => /\.tsx?$/.test(name)).map((name) => join(fixture, name));
  const entries = (vendor.entry ?? []).filter((entry) => entry.api && entry.packages);
  const named = [...new Set([...entries.flatMap((entry) => entry.packages), ...specifiers(fixture)])].filter((name) => !name.endsWith("*"));
  const probe = join(folder, "probe.ts");
  const have = named.filter((name) => installed.some((known) => name === known || name.startsWith(`${known}/`)));
  writeFileSync(probe, have.map((name, index) => `import * as p${index} from ${JSON.stringify(name)};\nexport { p${index} };\n`).join(""));
  const program = ts.createProgram([...sources, probe], {
    strict: true, noEmit: true, skipLibCheck: true, esModuleInterop: true, jsx: ts.JsxEmit.ReactJSX,
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"], types: ["node", "react"],
    typeRoots: [join(scratch, "node_modules/@types")],
  });
  const checker = program.getTypeChecker();
  const errors = sources.flatMap((name) => diagnostics(program, name, fixture));
  const untyped = untypedImports(program, checker, [...sources, probe], installed);
  const { known, missing } = calls(program, checker, probe, have, vendor, entries);
  return {
    files: sources.length, errors: errors.length, calls: known, missing: missing.length,
    lines: [...untyped.map((name) => `untyped: ${name}`), ...missing.map((name) => `no typing has: ${name}`), ...errors],
  };
}

/** What the fixture imports: sub-paths that the catalogue names by `/*` are among them. */
function specifiers(fixture) {
  const code = readdirSync(fixture, { recursive: true }).filter((name) => /\.(tsx?|jsx?|vue|svelte)$/.test(name));
  return code.flatMap((name) => {
    const text = readFileSync(join(fixture, name), "utf8");
    return [...text.matchAll(/(?:from|require\(|import\()\s*["']([^"']+)["']/g)].map((match) => match[1]);
  });
}

function diagnostics(program, name, folder) {
  const source = program.getSourceFile(name);
  return ts.getPreEmitDiagnostics(program, source).map((found) => {
    const line = source.getLineAndCharacterOfPosition(found.start ?? 0).line + 1;
    const text = ts.flattenDiagnosticMessageText(found.messageText, " ").split("\n")[0].slice(0, 160);
    return `type error: ${name.slice(folder.length + 1)}:${line} TS${found.code} ${text}`;
  });
}

function untypedImports(program, checker, names, installed) {
  const untyped = new Set();
  for (const name of names) {
    for (const statement of program.getSourceFile(name).statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const from = statement.moduleSpecifier.text;
      if (!installed.some((known) => from === known || from.startsWith(`${known}/`))) continue;
      if (!checker.getSymbolAtLocation(statement.moduleSpecifier)) untyped.add(from);
    }
  }
  return [...untyped].sort();
}

/** Walks the apis of the catalogue along the types that they have, from the exports of packages on. */
function calls(program, checker, probe, have, vendor, entries) {
  const source = program.getSourceFile(probe);
  const modules = new Map();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const symbol = checker.getSymbolAtLocation(statement.moduleSpecifier);
    if (symbol) modules.set(statement.moduleSpecifier.text, symbol);
  }
  const types = new Map();
  const work = [];
  const give = (api, type) => {
    if (!type || !vendor.api?.[api]) return;
    const own = types.get(api) ?? types.set(api, new Set()).get(api);
    if (own.has(type) || own.size > 40) return;
    own.add(type);
    work.push([api, type]);
  };
  const at = (symbol) => checker.getTypeOfSymbolAtLocation(symbol, source);
  for (const entry of entries) {
    for (const symbol of [...modules].filter(([name]) => entry.packages.some((own) => covers(own, name))).map(([, symbol]) => symbol)) {
      for (const name of entry.exports ?? []) {
        if (name === "*") give(entry.api, at(symbol));
        const exported = checker.tryGetMemberInModuleExports(name === "default" ? "default" : name, symbol);
        if (exported) give(entry.api, at(exported));
        const equals = symbol.exports?.get("export=");
        if (name === "default" && equals) give(entry.api, at(equals));
      }
      for (const name of entry.types ?? []) {
        const exported = checker.tryGetMemberInModuleExports(name, symbol);
        const call = many(allCalls(vendor, entry.api)[name])[0];
        if (exported && call?.returns) give(call.returns, checker.getDeclaredTypeOfSymbol(alias(checker, exported)));
      }
    }
  }
  const met = new Map();
  while (work.length > 0) {
    const [api, type] = work.shift();
    const opaque = (type.flags & ts.TypeFlags.Any) !== 0;
    for (const [path, target] of Object.entries(vendor.api[api].members ?? {})) give(target, along(checker, type, path, source));
    for (const [path, signatures] of Object.entries(allCalls(vendor, api))) {
      const found = path === "()" ? type : along(checker, type, path, source);
      const key = `${api}.${path}`;
      const callable = found && path !== "()" && !opaque;
      met.set(key, Boolean(met.get(key) || opaque || path === "()" || callable));
      if (found && !opaque) for (const made of resultsOf(checker, found)) many(signatures).forEach((call) => call.returns && give(call.returns, made));
    }
  }
  // A class or interface that is only exported as a type is a call of the catalogue too: it says what the type is.
  const exported = (key) => [...modules.values()].some((symbol) => checker.tryGetMemberInModuleExports(key.slice(key.indexOf(".") + 1), symbol));
  const missing = [...met].filter(([key, seen]) => !seen && !exported(key)).map(([key]) => key).sort();
  return { known: met.size, missing };
}

/** Whether a package of the catalogue is what a program imports. */
function covers(own, name) {
  return own.endsWith("/*") ? name.startsWith(own.slice(0, -1)) : own === name;
}

function alias(checker, symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The calls of an api with those that it inherits. */
function allCalls(vendor, api) {
  const own = vendor.api?.[api] ?? {};
  return Object.assign({}, ...(own.extends ?? []).map((base) => allCalls(vendor, base)), own.calls ?? {});
}

function many(signatures) {
  return signatures === undefined ? [] : [signatures].flat();
}

/** The type at a dotted path of members. */
function along(checker, type, path, source) {
  let found = type;
  for (const key of path.split(".")) {
    const within = checker.getNonNullableType(found);
    const member = checker.getPropertyOfType(checker.getApparentType(within), key)
      ?? (within.isUnion() ? within.types.map((part) => checker.getPropertyOfType(part, key)).find(Boolean) : undefined);
    if (!member) return undefined;
    found = checker.getTypeOfSymbolAtLocation(member, source);
  }
  return found;
}

/** What calling or constructing something gives, seen through promises. */
function resultsOf(checker, type) {
  const apparent = checker.getNonNullableType(type);
  const signatures = [...apparent.getCallSignatures(), ...apparent.getConstructSignatures()];
  return signatures.map((signature) => {
    const made = signature.getReturnType();
    return checker.getAwaitedType?.(made) ?? made;
  });
}

function page(results) {
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  const head = [
    "# The last verification of the catalogue\n",
    "Written by `tools/verify-vendors.mjs`; what the remarks mean, and which are known, says",
    "[catalogue.md](catalogue.md#verification).\n",
    `${new Date().toISOString().slice(0, 10)}: ${results.length} vendors, ${total("packages")} packages, ${total("calls")} calls looked up in typings, ${total("missing")} that no typing has, ${total("errors")} type errors in ${total("files")} files of fixtures.\n`,
    "| vendor | packages | calls | without typing | type errors | other remarks |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
  ];
  const rows = results.map(({ id, packages, calls, missing, errors, lines }) =>
    `| ${id} | ${packages} | ${calls} | ${missing} | ${errors} | ${lines.length - missing - errors} |`);
  const remarks = results.filter((result) => result.lines.length > 0).map(({ id, lines }) =>
    `## ${id}\n\n${lines.map((line) => `- ${line.replaceAll("|", "\\|")}`).join("\n")}\n`);
  return `${[...head, ...rows].join("\n")}\n\n${remarks.join("\n")}`;
}
