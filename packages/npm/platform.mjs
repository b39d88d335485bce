// Makes the npm package of one platform around a binary:
//
//   node packages/npm/platform.mjs x86_64-unknown-linux-gnu target/release/overshare out/
//
// Prints the package's folder, which `npm pack` and `npm publish` take.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PLATFORMS = {
  "aarch64-apple-darwin": { os: "darwin", cpu: "arm64" },
  "x86_64-apple-darwin": { os: "darwin", cpu: "x64" },
  "aarch64-unknown-linux-gnu": { os: "linux", cpu: "arm64", libc: "glibc" },
  "x86_64-unknown-linux-gnu": { os: "linux", cpu: "x64", libc: "glibc" },
  "x86_64-pc-windows-msvc": { os: "win32", cpu: "x64" },
};

const [target, binary, out] = process.argv.slice(2);
const platform = PLATFORMS[target];
if (!platform || !binary || !out) {
  console.error(`usage: platform.mjs TARGET BINARY FOLDER\ntargets: ${Object.keys(PLATFORMS).join(", ")}`);
  process.exit(2);
}

const wrapper = JSON.parse(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "package.json"), "utf8"));
const { os, cpu, libc } = platform;
const name = `@overshare/${os}-${cpu}`;
const folder = join(out, `${os}-${cpu}`);
const file = os === "win32" ? "overshare.exe" : "overshare";
mkdirSync(join(folder, "bin"), { recursive: true });
copyFileSync(binary, join(folder, "bin", file));
chmodSync(join(folder, "bin", file), 0o755);
const { version, license, repository } = wrapper;
const description = `The overshare binary for ${os} on ${cpu}; install \`overshare\` instead.`;
const manifest = { name, version, description, license, repository, os: [os], cpu: [cpu], files: ["bin"] };
if (libc) {
  manifest.libc = [libc];
}
writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(folder);
