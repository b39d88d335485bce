// Packages and what the registry says of them.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error"];

/** Installs packages into a folder; those that cannot be had are returned. No script of a package runs. */
export function install(folder, packages) {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, JSON.stringify({ private: true }));
  const missing = packages.filter((name) => !existsSync(join(folder, "node_modules", bare(name))));
  if (missing.length === 0 || npm(folder, ["install", ...OPTIONS, ...missing])) return [];
  return missing.filter((name) => !npm(folder, ["install", ...OPTIONS, name]));
}

/**
 * The packages of a vendor file: of each the newest version that was read, and older ones, whose names programs still
 * use, under an alias beside it.
 */
export function editions(verified) {
  const read = verified.filter((known) => known.package).map((known) => ({ name: known.package, version: known.version }));
  const newest = new Map();
  for (const { name, version } of read) {
    if (!newest.has(name) || compareVersions(version, newest.get(name)) > 0) newest.set(name, version);
  }
  return read.map(({ name, version }, index) => {
    if (newest.get(name) === version) return { name, version, as: name, spec: `${name}@${version}` };
    const as = `older-${index}-${name.replaceAll(/[^a-z0-9]+/g, "-").replace(/^-/, "")}`;
    return { name, version, as, spec: `${as}@npm:${name}@${version}` };
  });
}

function compareVersions(one, other) {
  const numbers = (version) => version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const [a, b] = [numbers(one), numbers(other)];
  const at = a.findIndex((number, index) => number !== (b[index] ?? 0));
  return at < 0 ? 0 : a[at] - (b[at] ?? 0);
}

/** Frees the space that a folder's packages take. */
export function uninstall(folder) {
  rmSync(join(folder, "node_modules"), { recursive: true, force: true });
}

/** Which of these names stand in the code of the packages: typings leave some out. */
export function namesInCode(folder, packages, names) {
  const open = new Set(names);
  for (const { as } of packages) {
    const root = join(folder, "node_modules", as);
    if (open.size === 0 || !existsSync(root)) continue;
    for (const file of readdirSync(root, { recursive: true })) {
      const path = join(root, file);
      if (!/\.([cm]?jsx?|tsx?|vue|svelte)$/.test(file) || file.includes("node_modules") || statSync(path).size > 4_000_000) continue;
      const code = readFileSync(path, "utf8");
      for (const name of open) if (has(code, name)) open.delete(name);
    }
  }
  return names.filter((name) => !open.has(name));
}

/** Whether code has this name as a word. */
function has(code, name) {
  const letter = /[\w$]/;
  for (let at = code.indexOf(name); at >= 0; at = code.indexOf(name, at + 1)) {
    if (!letter.test(code[at - 1] ?? "") && !letter.test(code[at + name.length] ?? "")) return true;
  }
  return false;
}

/** Packages whose latest version has a higher major than the one that was read. */
export function newerMajors(folder, packages) {
  let told = "{}";
  try {
    execFileSync("npm", ["outdated", "--json"], { cwd: folder, timeout: 120_000, stdio: ["ignore", "pipe", "ignore"] });
  } catch (failure) {
    told = failure.stdout?.toString() || "{}";
  }
  const outdated = JSON.parse(told);
  const major = (version) => Number.parseInt(version, 10);
  return packages.filter(({ name, as }) => name === as).flatMap(({ name, version }) => {
    const latest = outdated[name]?.latest;
    return latest && major(latest) > major(version) ? [{ name, version, latest }] : [];
  });
}

function npm(folder, args) {
  try {
    execFileSync("npm", args, { cwd: folder, stdio: "ignore", timeout: 240_000 });
    return true;
  } catch {
    return false;
  }
}

/** `@scope/name@1.2.3` without its version, `alias@npm:name@1.2.3` without what it stands for. */
function bare(name) {
  return name.replace(/(?<=.)@npm:.*$/, "").replace(/(?<=.)@[^@/]*$/, "");
}
