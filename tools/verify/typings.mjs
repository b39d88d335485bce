// The apis of the catalogue, laid against the types that packages publish, in both directions.

/** What a method is called that takes what identifies somebody, or what is sent. */
const TELLING = new RegExp(
  "^_?(set|add|append|update|create|upsert|put|assign|merge|track|capture|log|send|report|record|identify|register|group)?_?" +
    "(current|global|super|custom|default|user|person|people|profile|visitor|customer|contact|member|account|company|" +
    "org|organi[sz]ation|group|tenant|lead|subscriber|device|session|event|page|screen|client|distinct|external|" +
    "anonymous|_)*" +
    "(identify|identity|identities|alias|users?|user_?id|ids?|name|first_?name|last_?name|user_?name|emails?|phone|" +
    "phone_?number|traits?|attributes?|propert(y|ies)|groups?|people|person|profile|account|company|organi[sz]ation|" +
    "contacts?|customers?|visitor|members?|lead|subscriber|context|tags?|extras?|login|events?|page|page_?view|screen|" +
    "screen_?view|track|capture|error|errors|exception|message|breadcrumb|feedback|variables?|vars|parameters?|dimension|" +
    "conversion|birthday|birth_?date|gender|age|location)$",
  "i",
);

/** What a parameter or a field is called that holds what identifies somebody. */
const PERSONAL = new RegExp(
  "^(user|person|people|profile|visitor|customer|contact|member|account|company|organi[sz]ation|tenant|lead|subscriber)" +
    "(_?(id|ids|name|info|details|data|properties|attributes|traits|email|phone))?$|" +
    "^(e?mail|email_?address|phone|phone_?number|first_?name|last_?name|full_?name|user_?name|display_?name|anonymous_?id|" +
    "distinct_?id|external_?id|device_?id|alias|traits|user_?attributes|user_?properties|group_?properties|group_?traits|" +
    "ip|ip_?address|gender|birthday|birth_?date|address|city|extra|extras|properties|payload|event_?data|event_?properties)$",
  "i",
);

/** Methods that look like the above and give nothing away, and classes and components, which are met by their results. */
const SILENT = /^(get|is|has|on|off|reset|clear|remove|unset|delete|unregister|stop|start|enable|disable|can|should|[A-Z])/;

/** Walks the apis along the types that they have, from the exports of packages on. */
export function compare({ ts, checker, probe, entries, imported, made }, vendor) {
  const statements = probe.statements.filter((statement) => ts.isImportDeclaration(statement));
  const modules = statements.flatMap((statement, index) => {
    const symbol = checker.getSymbolAtLocation(statement.moduleSpecifier);
    return symbol ? [{ name: imported[index].name, symbol }] : [];
  });
  const types = new Map();
  const work = [];
  const give = (api, type) => {
    if (!type || !vendor.api?.[api]) return;
    const own = types.get(api) ?? types.set(api, new Set()).get(api);
    if (own.has(type) || own.size > 40) return;
    own.add(type);
    work.push([api, type]);
  };
  const at = (symbol) => checker.getTypeOfSymbolAtLocation(symbol, probe);
  for (const entry of entries) {
    for (const { symbol } of modules.filter(({ name }) => entry.packages.some((own) => covers(own, name)))) {
      for (const name of entry.exports ?? []) {
        if (name === "*") give(entry.api, at(symbol));
        const exported = checker.tryGetMemberInModuleExports(name, symbol);
        if (exported) give(entry.api, at(exported));
        const equals = symbol.exports?.get("export=");
        if (name === "default" && equals) give(entry.api, at(equals));
      }
      for (const name of entry.types ?? []) {
        const exported = checker.tryGetMemberInModuleExports(name, symbol);
        const call = allCalls(vendor, entry.api)[name]?.signatures[0];
        if (exported && call?.returns) give(call.returns, checker.getDeclaredTypeOfSymbol(alias(ts, checker, exported)));
      }
    }
  }
  const met = new Map();
  const lacking = new Map();
  const unread = new Map();
  while (work.length > 0) {
    const [api, type] = work.shift();
    const opaque = (type.flags & ts.TypeFlags.Any) !== 0;
    const members = allMembers(vendor, api);
    const calls = allCalls(vendor, api);
    for (const [path, target] of Object.entries(members)) give(target, along(checker, type, path, probe));
    for (const [path, { definer, signatures }] of Object.entries(calls)) {
      const found = path === "()" ? type : along(checker, type, path, probe);
      const key = `${definer}.${path}`;
      met.set(key, Boolean(met.get(key) || opaque || path === "()" || found));
      if (!found || opaque) continue;
      for (const made of resultsOf(checker, found)) signatures.forEach((call) => call.returns && give(call.returns, made));
      for (const [note, where] of silentParts(ts, checker, found, signatures, probe, made)) {
        const seen = unread.get(`${key}${where}`) ?? new Set();
        note.forEach((name) => seen.add(name));
        unread.set(`${key}${where}`, seen);
      }
    }
    if (opaque) continue;
    const known = new Set([...Object.keys(calls), ...Object.keys(members), ...Object.keys(vendor.api[api].assigns ?? {})].map((path) => path.split(".")[0]));
    for (const name of methodsOf(ts, checker, type, made)) {
      if (!known.has(name) && TELLING.test(name) && !SILENT.test(name)) lacking.set(`${api}.${name}`, true);
    }
  }
  // A class or interface that is only exported as a type is a call of the catalogue too: it says what the type is.
  const exported = (key) => modules.some(({ symbol }) => checker.tryGetMemberInModuleExports(key.slice(key.indexOf(".") + 1), symbol));
  return {
    calls: met.size,
    missing: [...met].filter(([key, seen]) => !seen && !exported(key)).map(([key]) => key).sort(),
    lacking: [...lacking.keys()].sort(),
    unread: [...unread].map(([key, names]) => `${key} ${[...names].sort().join(", ")}`).sort(),
  };
}

/** Whether a package of the catalogue is what a program imports. */
function covers(own, name) {
  return own.endsWith("/*") ? name.startsWith(own.slice(0, -1)) : own === name;
}

function alias(ts, checker, symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The calls of an api with those that it inherits, and which api says them. */
function allCalls(vendor, api) {
  const own = vendor.api?.[api] ?? {};
  const calls = Object.entries(own.calls ?? {}).map(([path, signatures]) => [path, { definer: api, signatures: many(signatures) }]);
  return Object.assign({}, ...(own.extends ?? []).map((base) => allCalls(vendor, base)), Object.fromEntries(calls));
}

function allMembers(vendor, api) {
  const own = vendor.api?.[api] ?? {};
  return Object.assign({}, ...(own.extends ?? []).map((base) => allMembers(vendor, base)), own.members ?? {});
}

function many(signatures) {
  return signatures === undefined ? [] : [signatures].flat();
}

/** The type at a dotted path of members. */
function along(checker, type, path, place) {
  let found = type;
  for (const key of path.split(".")) {
    const within = checker.getNonNullableType(found);
    const member = checker.getPropertyOfType(checker.getApparentType(within), key)
      ?? (within.isUnion() ? within.types.map((part) => checker.getPropertyOfType(part, key)).find(Boolean) : undefined);
    if (!member) return undefined;
    found = checker.getTypeOfSymbolAtLocation(member, place);
  }
  return found;
}

function signaturesOf(checker, type) {
  const apparent = checker.getNonNullableType(type);
  return [...apparent.getCallSignatures(), ...apparent.getConstructSignatures()];
}

/** What calling or constructing something gives, seen through promises. */
function resultsOf(checker, type) {
  return signaturesOf(checker, type).map((signature) => {
    const made = signature.getReturnType();
    return checker.getAwaitedType?.(made) ?? made;
  });
}

/** The public methods and functions of a type that a package declares, with at least one parameter. */
function methodsOf(ts, checker, type, program) {
  return checker.getPropertiesOfType(checker.getApparentType(checker.getNonNullableType(type))).filter((symbol) => {
    if (symbol.name.startsWith("_") || !declaredByPackage(ts, program, symbol)) return false;
    const declared = symbol.valueDeclaration ?? symbol.declarations?.[0];
    if (declared && ts.getCombinedModifierFlags(declared) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) return false;
    const own = checker.getTypeOfSymbol(alias(ts, checker, symbol));
    return signaturesOf(checker, own).some((signature) => signature.parameters.length > 0);
  }).map((symbol) => symbol.name);
}

function declaredByPackage(ts, program, symbol) {
  return (symbol.declarations ?? []).some((declared) => !program.isSourceFileDefaultLibrary(declared.getSourceFile()));
}

/** Arguments, and fields of objects in them, that typings have and that no signature of the catalogue gives a meaning. */
function silentParts(ts, checker, type, signatures, place, program) {
  if (signatures.some((call) => call.dispatch || call.rest)) return [];
  const told = [];
  for (const signature of signaturesOf(checker, type)) {
    signature.parameters.forEach((parameter, index) => {
      const given = signatures.map((call) => call.args?.[index]).filter((meaning) => meaning !== undefined);
      const own = checker.getTypeOfSymbolAtLocation(parameter, place);
      if (given.length === 0) {
        if (PERSONAL.test(parameter.name) && !callable(checker, own)) told.push([[parameter.name], `(${index})`]);
        return;
      }
      if (!given.every((meaning) => typeof meaning === "object" && !("$callback" in meaning))) return;
      const known = new Set(given.flatMap((parts) => Object.keys(parts)));
      if (known.has("*") || known.has("[]")) return;
      const fields = fieldsOf(ts, checker, own, program).filter((name) => PERSONAL.test(name) && !known.has(name));
      if (fields.length > 0) told.push([fields, `(${index})`]);
    });
  }
  return told;
}

function callable(checker, type) {
  return checker.getNonNullableType(type).getCallSignatures().length > 0;
}

/** Fields of an object type that a package declares, and that are no functions. */
function fieldsOf(ts, checker, type, program) {
  const within = checker.getNonNullableType(type);
  const parts = within.isUnion() ? within.types : [within];
  const symbols = parts.filter((part) => part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)).flatMap((part) => checker.getPropertiesOfType(part));
  return [...new Set(symbols.filter((symbol) => declaredByPackage(ts, program, symbol)
    && !callable(checker, checker.getTypeOfSymbol(symbol))).map((symbol) => symbol.name))];
}
