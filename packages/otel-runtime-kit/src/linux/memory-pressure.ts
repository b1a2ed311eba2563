/** How long tasks have stood still for want of memory since the cgroup was made, in seconds. */
export interface StallSeconds {
  /** At least one task stood still. */
  readonly some: number;
  /** All tasks that had something to do stood still. */
  readonly full: number;
}

/**
 * Reads the totals from the text of `memory.pressure` or `/proc/pressure/memory`, which are in microseconds
 * (https://docs.kernel.org/accounting/psi.html).
 *
 * @returns `undefined` if one of the two lines is missing
 */
export function parseMemoryPressure(text: string): StallSeconds | undefined {
  const some = /^some .*\btotal=(\d+)$/m.exec(text)?.[1];
  const full = /^full .*\btotal=(\d+)$/m.exec(text)?.[1];
  if (some === undefined || full === undefined) return undefined;
  return { some: Number(some) / 1e6, full: Number(full) / 1e6 };
}
