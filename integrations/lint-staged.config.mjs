// Flows cross files, so the project is read whole, and once: the list of staged files is not passed on. lint-staged
// stashes what is not staged, so that the work tree is what the commit will hold.
export default {
  "*.{js,jsx,mjs,cjs,ts,tsx,mts,cts,vue,svelte,astro,html}": () => "overshare check --diff HEAD",
};
