"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const text = data.s;
  const SEVERITY = ["note", "warning", "error"];
  const CONFIDENCE = ["low", "medium", "high"];
  const HEAD = 12;
  const PAGE = 100;
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  const more = document.getElementById("more");
  const said = document.getElementById("said");
  const named = (select) => new Map([...form.elements[select].options].map((option) => [option.value, option.text]));
  const vendorName = named("vendor");
  const categoryName = named("category");
  const flows = data.f.map((row) => ({
    vendor: text[row[0]], category: text[row[1]], severity: SEVERITY[row[2]], confidence: CONFIDENCE[row[3]],
    app: text[row[4]], person: text[row[5]], expression: text[row[6]], call: text[row[7]], argument: text[row[8]],
    file: text[row[9]], line: row[10], count: row[11], stops: row.slice(HEAD),
  }));
  for (const flow of flows) {
    flow.words = [flow.vendor, flow.category, flow.expression, flow.call, flow.file, flow.person].join(" ").toLowerCase();
  }
  let matching = flows;
  let shown = 0;

  const node = (name, content, kind) => {
    const made = document.createElement(name);
    if (content !== undefined) made.textContent = content;
    if (kind) made.className = kind;
    return made;
  };

  // Text whose code spans stand between back quotes.
  const prose = (content) => {
    const pieces = content.split("`");
    const whole = pieces.length % 2 === 1;
    const parts = document.createDocumentFragment();
    pieces.forEach((piece, at) => parts.append(whole && at % 2 ? node("code", piece) : at && !whole ? `\`${piece}` : piece));
    return parts;
  };

  // Stops on one line are one entry, so that its code stands there once.
  const path = (flow) => {
    const stops = node("ol");
    let stop;
    let before = "";
    for (let at = 0; at < flow.stops.length; at += 4) {
      const [file, line, label, code] = flow.stops.slice(at, at + 4);
      const last = at + 4 === flow.stops.length;
      const what = text[label] || (at === 0 ? "read here" : last ? `${vendorName.get(flow.vendor)} gets it as ${flow.argument}` : "");
      const here = `${text[file]}:${line}`;
      if (here === before) {
        if (what) stop.what.append(", ", prose(what));
        continue;
      }
      before = here;
      stop = node("li");
      stop.what = node("span");
      stop.what.append(" ", prose(what || "passes here"));
      stop.append(node("code", here), stop.what);
      if (text[code]) stop.append(node("pre", text[code]));
      stops.append(stop);
    }
    return stops;
  };

  const body = (flow) => {
    const inside = node("div");
    if (flow.stops.length) inside.append(path(flow));
    const facts = [`Sent by ${flow.call} as ${flow.argument}`, `confidence ${flow.confidence}`];
    if (flow.person) facts.push(`read of a ${flow.person} record`);
    if (flow.app !== ".") facts.push(`in ${flow.app}`);
    inside.append(node("p", `${facts.join(", ")}.`, "soft"));
    const instead = document.getElementById(`instead-${flow.category}`);
    if (instead) {
      const better = node("p", "Instead: ");
      better.append(prose(instead.textContent));
      inside.append(better);
    }
    return inside;
  };

  const row = (flow) => {
    const details = node("details", undefined, `flow ${flow.severity}`);
    const summary = node("summary");
    const what = node("strong", categoryName.get(flow.category) || flow.category);
    summary.append(what, ` → ${vendorName.get(flow.vendor) || flow.vendor} `, node("code", flow.expression), " ");
    summary.append(node("span", `${flow.file}:${flow.line}${flow.count > 1 ? ` and ${flow.count - 1} more` : ""} (${flow.severity})`, "place"));
    details.append(summary);
    const fill = () => { if (details.children.length === 1) details.append(body(flow)); };
    details.addEventListener("toggle", fill);
    details.fill = fill;
    return details;
  };

  const showMore = (until) => {
    const next = document.createDocumentFragment();
    for (; shown < Math.min(until, matching.length); shown += 1) next.append(row(matching[shown]));
    list.append(next);
    more.hidden = shown >= matching.length;
    more.textContent = `Show more (${matching.length - shown} left)`;
  };

  const read = () => Object.fromEntries(new FormData(form));
  const fits = (wanted, value) => !wanted || wanted === value;

  const matches = (filter, flow) => fits(filter.vendor, flow.vendor) && fits(filter.category, flow.category)
    && fits(filter.severity, flow.severity) && fits(filter.app, flow.app)
    && filter.search.toLowerCase().split(/\s+/).every((word) => flow.words.includes(word));

  const dim = (filter) => {
    for (const part of document.querySelectorAll("[data-v],[data-c]")) {
      const holds = (key, value) => !value || part.dataset[key] === undefined || part.dataset[key].split(" ").includes(value);
      part.hidden = !(holds("v", filter.vendor) && holds("c", filter.category));
    }
  };

  const apply = () => {
    const filter = read();
    matching = flows.filter((flow) => matches(filter, flow));
    list.replaceChildren();
    shown = 0;
    showMore(PAGE);
    dim(filter);
    const all = matching.length === flows.length;
    said.textContent = all ? `All ${flows.length} flows` : `${matching.length} of ${flows.length} flows match`;
    document.getElementById("none").hidden = matching.length > 0 || flows.length === 0;
    const kept = Object.entries(filter).filter(([, value]) => value);
    const hash = kept.length ? `#${new URLSearchParams(kept)}` : "";
    if (hash || location.hash.includes("=")) history.replaceState(null, "", hash || location.pathname + location.search);
  };

  const restore = () => {
    if (!location.hash.includes("=")) return;
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const field of ["vendor", "category", "severity", "app", "search"]) form.elements[field].value = wanted.get(field) || "";
  };

  const choose = (link) => {
    form.reset();
    const wanted = new URLSearchParams(link.getAttribute("href").slice(1));
    for (const [field, value] of wanted) form.elements[field].value = value;
    apply();
    document.getElementById("flows").focus({ preventScroll: link.closest("svg") !== null });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-filter]");
    if (!link) return;
    event.preventDefault();
    choose(link);
  });
  const map = document.querySelector("svg.map");
  const light = (event) => {
    const link = event.target.closest && event.target.closest("a[data-filter]");
    map.classList.toggle("hover", Boolean(link));
    const wanted = new URLSearchParams(link ? link.getAttribute("href").slice(1) : "");
    for (const ribbon of map.querySelectorAll(".ribbon")) {
      const on = link && fits(wanted.get("vendor"), ribbon.dataset.vendor) && fits(wanted.get("category"), ribbon.dataset.category);
      ribbon.classList.toggle("on", Boolean(on));
    }
  };
  if (map) {
    for (const kind of ["mouseover", "focusin"]) map.addEventListener(kind, light);
    for (const kind of ["mouseleave", "focusout"]) map.addEventListener(kind, () => map.classList.remove("hover"));
  }
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => {
    const at = shown;
    showMore(shown + PAGE);
    list.children[at].firstChild.focus();
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      form.elements.search.focus();
    } else if (event.key === "Escape") {
      form.reset();
    }
  });
  const open = document.getElementById("open");
  if (open) {
    open.addEventListener("click", () => {
      const all = [...list.children].every((details) => details.open);
      for (const details of list.children) {
        details.fill();
        details.open = !all;
      }
    });
  }
  // On paper stands every flow that matches, in a line each; hops where the reader has opened them.
  let opened = [];
  addEventListener("beforeprint", () => {
    showMore(matching.length);
    const printed = document.getElementById("printed");
    if (printed) printed.textContent = `${said.textContent}. Hops are printed of the flows that are open on the screen.`;
    opened = [...document.querySelectorAll("details.card:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => { for (const details of opened) details.open = false; });
  addEventListener("hashchange", () => { restore(); apply(); });
  restore();
  apply();
})();
