// Remarks that are no mistakes, and why: tools/verify/known.toml.

/**
 * Sorts remarks into explained and open ones. An explanation is `{ remarks = ["no typing has: native.*"], because = "…" }`,
 * where `*` stands for anything. One that matches nothing is a remark too: what it explained is gone. Those of `all`
 * are for every vendor, and may match nothing.
 */
export function explain(lines, known, all = []) {
  const why = [];
  const explained = new Set();
  const stale = [];
  for (const { remarks, because } of [...known, ...all]) {
    const met = [];
    for (const pattern of remarks) {
      const found = lines.filter((line) => !explained.has(line) && matches(pattern, line));
      if (found.length === 0 && !all.some((common) => common.remarks === remarks)) stale.push(`stale explanation: ${pattern}`);
      found.forEach((line) => explained.add(line));
      met.push(...found);
    }
    if (met.length > 0) why.push({ because, remarks: met });
  }
  return { why, explained: explained.size, stale: stale.length, open: [...lines.filter((line) => !explained.has(line)), ...stale] };
}

function matches(pattern, line) {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(line);
}
