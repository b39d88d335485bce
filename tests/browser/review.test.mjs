// The review's page in Chromium: filters, keyboard, no request, no foreign markup, no overflow, speed and size.
// `tests/browser/run` installs what is needed and runs it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const OVERSHARE = process.env.OVERSHARE ?? new URL("../../target/debug/overshare", import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const folder = mkdtempSync(join(tmpdir(), "overshare-"));
const MARKUP = `"'><img src=x onerror=window.pwned=1><script>window.pwned=1</script></script><svg onload=window.pwned=1>`;

const CATEGORIES = ["email", "name", "phone", "user-id", "organization", "location", "ip-address", "referrer", "content", "payment"];
const VENDORS = ["mixpanel", "posthog", "sentry", "segment", "amplitude", "intercom", "hotjar", "fullstory", "datadog"];
const SEVERE = new Set(["email", "name", "phone", "content", "payment"]);

const place = (file, line) => ({ file, line, column: 5, end_line: line, end_column: 40 });

function finding(at, hostile) {
  const category = CATEGORIES[(at * 7) % CATEGORIES.length];
  const vendor = VENDORS[(at * 5 + (at >> 3)) % VENDORS.length];
  const file = `packages/app-${at % 9}/src/features/module-${at % 211}/Component${at % 613}.tsx${hostile}`;
  const shared = `packages/app-${at % 9}/src/lib/analytics.ts`;
  const path = [
    { ...place(file, 10), role: "origin", label: "" },
    { ...place(file, 12), role: "step", label: `stored under ${category}${hostile}` },
    { ...place(shared, 20 + (at % 17)), role: "step", label: "passed as `props` to track()" },
    { ...place(shared, 60), role: "sink", label: "" },
  ];
  return {
    fingerprint: String(at), rule: `leak/${category}`, severity: SEVERE.has(category) ? "error" : "note",
    confidence: "high", vendor, category, message: `goes${hostile}`, location: place(file, 14),
    origin: { ...place(file, 10), expression: `user${at}.${category}${hostile}` },
    sink: { ...place(shared, 60), call: `client.track${hostile}`, argument: "traits" }, path, suppressed: null,
  };
}

function page(name, count, hostile = "") {
  const report = {
    schema_version: 1, tool: { name: "overshare", version: "0.0.0" }, root: `acme${hostile}`,
    findings: Array.from({ length: count }, (_, at) => finding(at, hostile)),
    collections: count ? [{
      vendor: "mixpanel", category: "user-agent", kind: "default", severity: "note", location: place(`a.ts${hostile}`, 1),
      setting: "x", what: `Browser.${hostile}`, advice: `Turn it off.${hostile}`,
    }] : [],
    vendors: [], packages: [{ folder: "", name: `acme${hostile}` }], wrappers: [], unfollowed: [], forwards: [],
    problems: count ? [{ file: `b.ts${hostile}`, severity: "note", message: `skipped: ${hostile}` }] : [],
    stats: { files: count, files_parsed: count, bytes: 0, bytes_parsed: 0, elapsed_ms: 0 },
  };
  const [json, html] = [join(folder, `${name}.json`), join(folder, `${name}.html`)];
  writeFileSync(json, JSON.stringify(report));
  execFileSync(OVERSHARE, ["report", json, "--html", html, "--quiet"]);
  return html;
}

// The page of every vendor's exposure, from the report that `page` wrote under the name.
function exposures(name) {
  const html = join(folder, `${name}-exposure.html`);
  execFileSync(OVERSHARE, ["exposure", "--all", join(folder, `${name}.json`), "--format", "html", "--output", html, "--quiet"]);
  return html;
}

let browser;
before(async () => { browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] }); });
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function open(file, viewport = { width: 1366, height: 850 }, ready = true) {
  const tab = await browser.newPage({ viewport });
  tab.requests = [];
  tab.errors = [];
  tab.on("request", (request) => tab.requests.push(request.url()));
  tab.on("pageerror", (error) => tab.errors.push(error.message));
  await tab.goto(`file://${file}`);
  if (ready) await tab.waitForFunction(() => document.getElementById("said").textContent);
  return tab;
}

const listed = (tab) => tab.locator("#list > details").count();

test("filters narrow everything below, and a link keeps them", async () => {
  const tab = await open(page("ten", 10));
  assert.equal(await listed(tab), 10);
  await tab.selectOption("[name=category]", "email");
  assert.equal(await listed(tab), 1);
  assert.match(await tab.textContent("#said"), /1 of 10/);
  assert.equal(await tab.locator("tr[data-v]:visible").count() > 0, true);
  assert.equal(await tab.locator("th[data-c=phone]").isVisible(), false);
  await tab.reload();
  assert.equal(await listed(tab), 1);
  await tab.click("button[type=reset]");
  await tab.waitForFunction(() => document.querySelectorAll("#list > details").length === 10);
  await tab.fill("[name=search]", "no such flow");
  assert.equal(await tab.locator("#none").isVisible(), true);
  await tab.fill("[name=search]", "");
  await tab.locator("a.cell").first().click();
  assert.equal(await listed(tab) < 10, true);
  await tab.locator("svg a[href='#category=email']").click();
  assert.equal(await tab.inputValue("[name=category]"), "email");
  await tab.close();
});

test("the keyboard does all", async () => {
  const tab = await open(page("keys", 10));
  await tab.keyboard.press("Tab");
  assert.equal(await tab.evaluate(() => document.activeElement.className), "skip");
  await tab.keyboard.press("/");
  assert.equal(await tab.evaluate(() => document.activeElement.name), "search");
  await tab.keyboard.type("email");
  assert.equal(await listed(tab), 1);
  await tab.keyboard.press("Escape");
  await tab.waitForFunction(() => document.querySelectorAll("#list > details").length === 10);
  await tab.locator("#list summary").first().focus();
  await tab.keyboard.press("Enter");
  // Hops are written once the browser has told that the flow is open.
  await tab.waitForFunction(() => document.querySelectorAll("#list details[open] ol li").length === 4);
  await tab.locator("svg a").first().focus();
  await tab.keyboard.press("Enter");
  assert.equal(await listed(tab) < 10, true);
  await tab.close();
});

test("a cell of the matrix leads to its flows, and all hops open at once", async () => {
  const tab = await open(page("cells", 200));
  const cell = tab.locator("a.cell[href='#vendor=mixpanel&category=email']");
  const flows = Number(await cell.textContent());
  await cell.click();
  assert.equal(await listed(tab), flows);
  assert.equal(await tab.evaluate(() => document.activeElement.id), "flows");
  assert.equal(await tab.locator("tr[data-v=posthog]").first().isVisible(), false);
  await tab.click("#open");
  assert.equal(await tab.locator("#list details[open] ol").count(), flows);
  await tab.click("#open");
  assert.equal(await tab.locator("#list details[open]").count(), 0);
  await tab.close();
});

test("on paper stands every flow that matches, hops where they are open", async () => {
  const tab = await open(page("paper", 500), { width: 718, height: 1000 });
  await tab.locator("#list summary").first().click();
  await tab.emulateMedia({ media: "print" });
  await tab.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await listed(tab), 500);
  assert.equal(await tab.locator("#list details[open]").count(), 1);
  assert.equal(await tab.locator("details.card:not([open])").count(), 0);
  assert.match(await tab.textContent("#printed"), /All 500 flows/);
  assert.equal(await tab.locator("form.bar").isVisible(), false);
  assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await tab.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await tab.locator("details.card[open]").count(), 0);
  await tab.close();
});

for (const [what, write] of [["review", (name) => page(name, 10, MARKUP)], ["exposure", exposures]]) {
  test(`${what}: markup in names, code and messages does nothing, and nothing is requested`, async () => {
    const file = write("hostile");
    const tab = await open(file, undefined, what === "review");
    for (const details of await tab.locator("details").all()) await details.evaluate((it) => { it.open = true; });
    await tab.waitForTimeout(200);
    assert.equal(await tab.evaluate(() => window.pwned), undefined);
    assert.equal(await tab.locator("img, main script, svg svg").count(), 0);
    assert.deepEqual(tab.requests, [`file://${file}`]);
    assert.deepEqual(tab.errors, []);
    await tab.close();
  });
}

test("the policy of the page refuses what was injected all the same", async () => {
  const tab = await open(page("policy", 1));
  await tab.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.pwned = 1";
    document.body.append(script);
    const image = document.createElement("img");
    image.src = "https://example.org/x.png";
    image.setAttribute("onerror", "window.pwned = 2");
    document.body.append(image);
    return fetch("https://example.org/").catch(() => {});
  });
  await tab.waitForTimeout(200);
  assert.equal(await tab.evaluate(() => window.pwned), undefined);
  await tab.close();
});

for (const [kind, width] of [["phone", 360], ["phone", 390], ["laptop", 1366]]) {
  for (const count of [0, 10]) {
    test(`nothing overflows: ${kind} of ${width}, ${count} findings`, async () => {
      const tab = await open(page(`wide-${count}`, count, count ? "x".repeat(120) : ""), { width, height: 800 });
      for (const details of await tab.locator("#list details").all()) await details.evaluate((it) => { it.open = true; });
      assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      await tab.close();
    });
  }
}

test("5,000 findings are less than 5 MB and open within 2 s", async () => {
  const file = page("many", 5000);
  assert.equal(statSync(file).size < 5_000_000, true);
  const start = Date.now();
  const tab = await open(file);
  const taken = Date.now() - start;
  console.log(`5,000 findings: ${statSync(file).size} bytes, ${taken} ms`);
  assert.equal(taken < 2000, true, `${taken} ms`);
  assert.equal(await listed(tab), 100);
  await tab.click("#more");
  assert.equal(await listed(tab), 200);
  await tab.close();
});
