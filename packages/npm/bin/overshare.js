#!/usr/bin/env node
// Runs the binary of this platform, which stands in a package of its own. No script runs at installation.
"use strict";

const { spawnSync } = require("node:child_process");

const name = `@overshare/${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "overshare.exe" : "overshare";

function binary() {
  if (process.env.OVERSHARE_BINARY) {
    return process.env.OVERSHARE_BINARY;
  }
  try {
    return require.resolve(`${name}/bin/${file}`);
  } catch {
    console.error(`error: there is no overshare for this platform: ${name} is not installed`);
    console.error("  help: install without `--omit=optional`, or build it: `cargo install overshare`;");
    console.error("        `OVERSHARE_BINARY` names a binary that is elsewhere");
    process.exit(2);
  }
}

const { error, signal, status } = spawnSync(binary(), process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`error: cannot run overshare: ${error.message}`);
  process.exit(2);
}
if (signal) {
  process.kill(process.pid, signal);
}
process.exit(status ?? 2);
