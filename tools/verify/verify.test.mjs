// Each check fires on a record that is wrong: node --test tools/verify/. It asks the npm registry.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { explain } from "./known.mjs";
import { editions } from "./npm.mjs";

const script = join(dirname(fileURLToPath(import.meta.url)), "../verify-vendors.mjs");

const VENDOR = `
[vendor]
id = "doctored"
[[verified]]
package = "logsnag"
version = "0.1.6"
[[verified]]
package = "overshare-there-is-no-such-package"
version = "1.0.0"
[[verified]]
package = "activecampaign"
version = "1.2.5"
[[verified]]
package = "mixpanel"
version = "0.24.0"
[[entry]]
packages = ["mixpanel"]
exports = ["*"]
api = "known"
[[entry]]
packages = ["logsnag"]
exports = ["*"]
api = "module"
[[entry]]
packages = ["activecampaign"]
exports = ["*"]
api = "untyped"
[api.module.calls]
LogSnag = { returns = "client" }
[api.client.calls]
vanishIntoThinAir = { args = ["traits"] }
[api.known.calls]
init = { returns = "tracker" }
[api.tracker.calls]
alias = { args = ["user-id"] }
[api.untyped.calls]
anything = { args = ["traits"] }
`;

const FIXTURE = `import { LogSnag } from "logsnag";
import campaign from "activecampaign";
new LogSnag("token").vanishIntoThinAir(campaign);
`;

const KNOWN = `
[[doctored]]
remarks = ["untyped: active*"]
because = "The package has no typings."
[[doctored]]
remarks = ["no typing has: module.gone"]
because = "It explains nothing."
`;

test("a record that is wrong is told", { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "overshare-verify-"));
  for (const name of ["vendors", "fixtures/vendors/doctored", "tools/verify"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "vendors/doctored.toml"), VENDOR);
  writeFileSync(join(folder, "fixtures/vendors/doctored/app.ts"), FIXTURE);
  writeFileSync(join(folder, "tools/verify/known.toml"), KNOWN);
  const scratch = join(folder, "scratch");
  const run = () => execFileSync("node", [script, "--catalogue", folder, "--scratch", scratch, "--out", join(folder, "page.md")], { stdio: "ignore" });
  assert.throws(run, (failure) => failure.status === 1, "an open remark ends with status 1");
  const { open, why } = JSON.parse(readFileSync(join(scratch, "results/doctored.json"), "utf8"));
  const told = (start) => assert.ok(open.some((line) => line.startsWith(start)), `${start} is not among ${open.join("; ")}`);
  told("cannot be installed: overshare-there-is-no-such-package@1.0.0");
  told("newer major: logsnag");
  told("no typing has: client.vanishIntoThinAir");
  told("catalogue lacks: tracker.track");
  told("no meaning for: tracker.alias(1) alias");
  told("type error: app.ts:3 TS");
  told("stale explanation: no typing has: module.gone");
  assert.deepEqual(why.map(({ remarks }) => remarks), [["untyped: activecampaign"]]);
  const page = readFileSync(join(folder, "page.md"), "utf8");
  assert.ok(page.includes("1 vendors of 1") && page.includes("- newer major: logsnag"), page);
  rmSync(folder, { recursive: true });
});

test("older versions stand beside the newest", () => {
  const read = [{ package: "@a/b", version: "10.2.0" }, { package: "@a/b", version: "9.9.9" }, { url: "https://a.example" }];
  const specs = editions(read).map(({ spec }) => spec);
  assert.deepEqual(specs, ["@a/b@10.2.0", "older-1-a-b@npm:@a/b@9.9.9"]);
});

test("what an explanation matches is explained once", () => {
  const told = explain(["untyped: a", "untyped: b", "type error: x"], [{ remarks: ["untyped: *"], because: "y" }]);
  assert.deepEqual([told.explained, told.stale, told.open], [2, 0, ["type error: x"]]);
});
