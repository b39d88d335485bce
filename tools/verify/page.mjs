// What the last runs told, as one page.

/** The page of all results, whichever runs they come from. */
export function page(results, vendors) {
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  const open = results.filter((result) => result.open.length > 0);
  const days = results.map((result) => result.day).sort();
  const span = days[0] === days.at(-1) ? days[0] : `${days[0]} to ${days.at(-1)}`;
  return [
    "# The last verification of the catalogue\n",
    "Written by `tools/verify-vendors.mjs`; what the remarks mean says [catalogue.md](catalogue.md#verification).\n",
    `${span}: ${results.length} vendors of ${vendors}, ${total("packages")} packages, ${total("calls")} calls looked up in`,
    `typings (${results.reduce((sum, { untold }) => sum + untold.length, 0)} stand in the packages' code alone), ${total("files")} files of fixtures type-checked. ${total("remarks")} remarks, of which ${total("explained")} are explained`,
    `and ${total("remarks") - total("explained")} are open.\n`,
    "| vendor | packages | calls | in code alone | remarks | explained | open |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...results.map(({ id, packages, calls, untold, remarks, explained }) =>
      `| ${id} | ${packages} | ${calls} | ${untold.length} | ${remarks} | ${explained} | ${remarks - explained} |`),
    "",
    ...section("Open", open, (result) => result.open.map((line) => `- ${escape(line)}`)),
    ...section("In code alone: typings leave it out, the package's code has it", results.filter(({ untold }) => untold.length > 0), ({ untold }) =>
      [`- ${untold.join(", ")}`]),
    ...section("Explained", results.filter((result) => result.why.length > 0), (result) =>
      result.why.map(({ remarks, because }) => `- ${escape(because)}\n${remarks.map((line) => `  - ${escape(line)}`).join("\n")}`)),
  ].join("\n");
}

function section(title, results, lines) {
  if (results.length === 0) return [];
  return [`## ${title}\n`, ...results.flatMap((result) => [`### ${result.id}\n`, ...lines(result), ""])];
}

function escape(text) {
  return text.replaceAll("|", "\\|").replaceAll("<", "\\<");
}
