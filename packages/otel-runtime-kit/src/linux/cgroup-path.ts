/** In which cgroups a process is, as paths that begin at its cgroup namespace; `null` where it is in none. */
export interface CgroupPaths {
  /** In the v1 hierarchy that has the memory controller. */
  readonly memoryV1: string | null;
  /** In the v2 hierarchy. */
  readonly unified: string | null;
}

/**
 * Reads the text of `/proc/<pid>/cgroup` (cgroups(7)): lines of `ID:CONTROLLERS:PATH`, v2's being `0::PATH`.
 *
 * A path may begin with `/..` as often as the cgroup is outside of the namespace of the reader
 * (cgroup_namespaces(7)), and may hold colons.
 */
export function parseCgroupPaths(text: string): CgroupPaths {
  let memoryV1: string | null = null;
  let unified: string | null = null;
  for (const [, controllers = '', path = ''] of text.matchAll(/^\d+:([^:\n]*):(\/[^\n]*)$/gm)) {
    if (controllers === '') unified ??= path;
    else if (controllers.split(',').includes('memory')) memoryV1 ??= path;
  }
  return { memoryV1, unified };
}

/** The way from the root of a mount down to a cgroup. */
export interface CgroupRoute {
  /** So many folders come first whose names cannot be known: they lie above the root of the cgroup namespace. */
  readonly hiddenLevels: number;
  /** The folders after those. */
  readonly names: readonly string[];
}

/**
 * Finds the way from `root` (which part of a hierarchy is mounted: the fourth field of mountinfo) down to `path` (the
 * cgroup of a process), both as seen from the same cgroup namespace.
 *
 * An engine that gives a container the host's cgroup namespace but only its own part of the hierarchy has the same
 * long path in both, and the way is empty. A namespace that was made without a mount of its own has a root of `/..`
 * or `/../..`: the way leads through folders that the namespace hides.
 *
 * @returns `undefined` if the cgroup is not in what is mounted
 */
export function cgroupRoute(root: string, path: string): CgroupRoute | undefined {
  const from = splitPath(root);
  const to = splitPath(path);
  if (from.levelsUp < to.levelsUp) return undefined;
  const hiddenLevels = from.levelsUp - to.levelsUp;
  // What branches off above the namespace's root does not lead to it: else fewer levels up would have done.
  if (hiddenLevels > 0) return from.names.length > 0 ? undefined : { hiddenLevels, names: to.names };
  if (from.names.some((name, index) => name !== to.names[index])) return undefined;
  return { hiddenLevels, names: to.names.slice(from.names.length) };
}

function splitPath(path: string): { readonly levelsUp: number; readonly names: readonly string[] } {
  const names = path.split('/').filter(name => name !== '');
  const first = names.findIndex(name => name !== '..');
  const levelsUp = first < 0 ? names.length : first;
  return { levelsUp, names: names.slice(levelsUp) };
}
