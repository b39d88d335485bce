#!/usr/bin/env node
// Verifies the catalogue against what vendors publish:
//
//   node tools/verify-vendors.mjs [--scratch DIR] [--catalogue DIR] [--keep] [--out FILE] [ID...]
//
// For each vendor file, the packages under [[verified]] are installed at the recorded versions (without running any
// script of theirs), the vendor's fixture is type-checked against them, and the apis of the catalogue are laid against
// the typings. Remarks that tools/verify/known.toml explains are told as explained; an explanation that explains
// nothing is itself a remark. The result of each vendor is kept in the scratch folder, and the page is written from
// all that are there: a run over some vendors renews their rows alone. Status 1: a remark is open. It asks the npm
// registry; no test of the project does. `node --test tools/verify/` shows that the checks can fail.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { explain } from "./verify/known.mjs";
import { editions, install, namesInCode, newerMajors, uninstall } from "./verify/npm.mjs";
import { page } from "./verify/page.mjs";
import { program, typeErrors, untyped } from "./verify/program.mjs";
import { compare } from "./verify/typings.mjs";

/** What fixtures use besides the vendors' packages. */
const TOOLS = [
  "typescript@5.9.3", "smol-toml@1.4.2", "@types/node@24", "@types/react@19", "react@19", "vue@3", "axios@1",
  "@types/express@5", "next@15", "@angular/core@20", "rxjs@7", "react-router-dom@7",
];

const { scratch, catalogue, out, keep, ids } = options(process.argv.slice(2));
install(scratch, TOOLS);
const require = createRequire(join(scratch, "package.json"));
const ts = require("typescript");
const { parse } = require("smol-toml");

const vendors = readdirSync(join(catalogue, "vendors")).filter((name) => name.endsWith(".toml")).map((name) => name.slice(0, -5)).sort();
const strange = ids.filter((id) => !vendors.includes(id));
if (strange.length > 0) fail(`no such vendor: ${strange.join(", ")}`);
const kept = join(scratch, "results");
mkdirSync(kept, { recursive: true });
const known = existsSync(join(catalogue, "tools/verify/known.toml")) ? parse(readFileSync(join(catalogue, "tools/verify/known.toml"), "utf8")) : {};
for (const id of ids.length > 0 ? ids : vendors) {
  const result = { ...verify(id), day: new Date().toISOString().slice(0, 10) };
  writeFileSync(join(kept, `${id}.json`), JSON.stringify(result));
  console.error(`${id}: ${result.remarks} remarks, ${result.open.length} open`);
}
const results = vendors.filter((id) => existsSync(join(kept, `${id}.json`))).map((id) => JSON.parse(readFileSync(join(kept, `${id}.json`), "utf8")));
writeFileSync(out, page(results, vendors.length));
const strangers = Object.keys(known).filter((id) => id !== "*" && !vendors.includes(id));
if (strangers.length > 0) fail(`known.toml explains what no vendor is: ${strangers.join(", ")}`);
process.exitCode = results.some((result) => result.open.length > 0) ? 1 : 0;

function options(args) {
  const home = resolve(dirname(fileURLToPath(import.meta.url)), "..");
  const chosen = { scratch: join(tmpdir(), "overshare-verify"), catalogue: home, out: "/dev/stdout", keep: false, ids: [] };
  while (args.length > 0) {
    const word = args.shift();
    if (word === "--scratch" || word === "--catalogue" || word === "--out") {
      chosen[word.slice(2)] = resolve(args.shift() ?? fail(`${word} wants a path`));
    } else if (word === "--keep") chosen.keep = true;
    else if (word.startsWith("-")) fail(`no such option: ${word}`);
    else chosen.ids.push(word);
  }
  return chosen;
}

function fail(message) {
  console.error(`verify-vendors: ${message}`);
  process.exit(2);
}

function verify(id) {
  const vendor = parse(readFileSync(join(catalogue, "vendors", `${id}.toml`), "utf8"));
  const packages = editions(vendor.verified ?? []);
  const folder = join(scratch, id);
  const gone = install(folder, packages.map(({ spec }) => spec));
  const newer = newerMajors(folder, packages);
  const built = program(ts, folder, join(catalogue, "fixtures/vendors", id), scratch, vendor, packages);
  const { calls, missing, lacking, unread } = compare(built, vendor);
  const last = (call) => call.slice(call.lastIndexOf(".") + 1);
  const coded = new Set(namesInCode(folder, packages, missing.map(last)));
  const lines = [
    ...gone.map((name) => `cannot be installed: ${name}`),
    ...newer.map(({ name, version, latest }) => `newer major: ${name} ${latest}, read at ${version}`),
    ...untyped(built, packages).map((name) => `untyped: ${name}`),
    ...missing.filter((call) => !coded.has(last(call))).map((call) => `no typing has: ${call}`),
    ...lacking.map((name) => `catalogue lacks: ${name}`),
    ...unread.map((name) => `no meaning for: ${name}`),
    ...typeErrors(built).map((text) => `type error: ${text}`),
  ];
  if (!keep) uninstall(folder);
  const told = explain(lines, known[id] ?? [], known["*"]);
  const untold = missing.filter((call) => coded.has(last(call)));
  return { id, packages: packages.length, files: built.sources.length, calls, untold, remarks: lines.length + told.stale, ...told };
}
