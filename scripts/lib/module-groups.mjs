import { dirname } from 'node:path';

/**
 * Which modules go into one file: each entry, with all that only it needs. A module that several files need stays a file, with
 * what only it needs, so that every module exists once. So does one that is loaded later, and one that would come into another
 * folder and cannot.
 *
 * @param {readonly string[]} entries
 * @param {Map<string, import('./compiled-modules.mjs').CompiledModule>} modules
 * @returns {Map<string, string[]>} for each file its modules in the order in which they are loaded, its own last
 */
export function groupModules(entries, modules) {
  const heads = new Set([...entries, ...[...modules.values()].flatMap(({ loads }) => loads)]);
  for (;;) {
    const groups = new Map([...heads].map(head => [head, groupOf(head, heads, modules)]));
    const misplaced = [...modules.values()]
      .filter(({ path, knowsItsFolder }) => {
        const homes = [...groups.keys()].filter(head => groups.get(head).includes(path));
        return homes.length > 1 || (knowsItsFolder && homes.some(head => dirname(head) !== dirname(path)));
      })
      .map(({ path }) => path);
    if (misplaced.length === 0) return groups;
    for (const path of outermost(misplaced, modules)) heads.add(path);
  }
}

function groupOf(head, heads, modules) {
  const group = new Set();
  const seen = new Set();
  const add = path => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const required of modules.get(path).requires.values()) if (!heads.has(required)) add(required);
    group.add(path);
  };
  add(head);
  return [...group];
}

/** Those that none of the others requires: they may take the others along. All, if they require each other. */
function outermost(paths, modules) {
  const required = new Set(paths.flatMap(path => [...modules.get(path).requires.values()]));
  const outer = paths.filter(path => !required.has(path));
  return outer.length === 0 ? paths : outer;
}
