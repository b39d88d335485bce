// A vendor's fixture, type-checked against the packages that were installed.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The program of a vendor: its fixture's sources, and a probe that imports what the catalogue and the fixture name. */
export function program(ts, folder, fixtures, tools, vendor, installed) {
  const fixture = join(folder, "fixture");
  rmSync(fixture, { recursive: true, force: true });
  cpSync(fixtures, fixture, { recursive: true });
  const all = readdirSync(fixture, { recursive: true });
  const sources = all.filter((name) => /\.tsx?$/.test(name)).map((name) => join(fixture, name));
  const entries = (vendor.entry ?? []).filter((entry) => entry.api && entry.packages);
  const named = [...entries.flatMap((entry) => entry.packages), ...specifiers(fixture, all)];
  const imported = [...new Set(named)].filter((name) => !name.endsWith("*")).flatMap((name) => {
    const editions = installed.filter((edition) => within(name, edition.name));
    return editions.map((edition) => ({ name, from: edition.as + name.slice(edition.name.length) }));
  });
  const probe = join(folder, "probe.ts");
  const line = ({ from }, index) => `import * as p${index} from ${JSON.stringify(from)};\nexport { p${index} };\n`;
  writeFileSync(probe, imported.map(line).join(""));
  const ambient = join(folder, "globals.d.ts");
  writeFileSync(ambient, globals(vendor));
  const made = ts.createProgram([...sources, probe, ambient], {
    strict: true, noEmit: true, skipLibCheck: true, esModuleInterop: true, jsx: ts.JsxEmit.ReactJSX,
    experimentalDecorators: true, resolveJsonModule: true,
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"], types: ["node", "react"],
    typeRoots: [join(tools, "node_modules/@types")],
  });
  return { ts, made, checker: made.getTypeChecker(), fixture, sources, entries, imported, probe: made.getSourceFile(probe) };
}

/** Declares the globals that the vendor's scripts make: no package has typings for them. */
function globals(vendor) {
  const names = [...new Set((vendor.entry ?? []).flatMap((entry) => entry.globals ?? []))].filter((name) => /^[\w$]+$/.test(name));
  const members = names.map((name) => `  ${name}: any;\n`).join("");
  return `${names.map((name) => `declare var ${name}: any;\n`).join("")}interface Window {\n${members}}\n`;
}

/** Whether an import is of a package. */
function within(name, known) {
  return name === known || name.startsWith(`${known}/`);
}

/** What the fixture imports: sub-paths that the catalogue names by `/*` are among them. */
function specifiers(fixture, all) {
  const code = all.filter((name) => /\.(tsx?|[cm]?jsx?|vue|svelte)$/.test(name));
  return code.flatMap((name) => {
    const text = readFileSync(join(fixture, name), "utf8");
    return [...text.matchAll(/(?:from|require\(|import\()\s*["']([^"']+)["']/g)].map((match) => match[1]);
  });
}

/** An import of a package without typings, which [`untyped`] tells; a global that the fixture declares as well. */
const TOLD_ELSEWHERE = [7016, 2717];

/** The type errors of the fixture. */
export function typeErrors({ ts, made, fixture, sources }) {
  return sources.flatMap((name) => {
    const source = made.getSourceFile(name);
    return ts.getPreEmitDiagnostics(made, source).filter((found) => !TOLD_ELSEWHERE.includes(found.code)).map((found) => {
      const line = source.getLineAndCharacterOfPosition(found.start ?? 0).line + 1;
      const text = ts.flattenDiagnosticMessageText(found.messageText, " ").split("\n")[0];
      const short = text.replaceAll(/"?\/[^" ]*\/node_modules\//g, '"').slice(0, 160).trimEnd();
      return `${name.slice(fixture.length + 1)}:${line} TS${found.code} ${short}`;
    });
  });
}

/** Imports of installed packages that have no typings: what stands at them is of type `any`. */
export function untyped({ ts, made, checker, sources, probe }, installed) {
  const found = new Set();
  for (const source of [...sources.map((name) => made.getSourceFile(name)), probe]) {
    for (const statement of source.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const from = statement.moduleSpecifier.text;
      if (installed.some(({ as }) => within(from, as)) && !checker.getSymbolAtLocation(statement.moduleSpecifier)) found.add(from);
    }
  }
  return [...found].sort();
}
