import { constants } from 'node:perf_hooks';

/**
 * Kinds of garbage collection, as the attribute `v8js.gc.type` names them. A kind that this list does not know is
 * `unknown`, never `undefined`: an exporter prints that as an empty label.
 */
export const GC_TYPES = ['minor', 'major', 'incremental', 'weakcb', 'unknown'] as const;

/** One of {@link GC_TYPES}. */
export type GcType = (typeof GC_TYPES)[number];

/**
 * By the number of v8::GCType. 2 is the minor mark-sweep of `--minor-ms` (22 on) and `--minor-mc` (20); a constant for
 * it exists only since 24.21 and 26.10 (nodejs/node#63877), so the numbers are written out.
 */
const TYPE_BY_KIND: ReadonlyMap<number, GcType> = new Map([
  [1, 'minor'],
  [2, 'minor'],
  [4, 'major'],
  [8, 'incremental'],
  [16, 'weakcb'],
]);

/** The type of a performance entry's `detail.kind`. */
export function gcTypeOfKind(kind: number | undefined): GcType {
  return (kind === undefined ? undefined : TYPE_BY_KIND.get(kind)) ?? 'unknown';
}

/**
 * Where Node has no constant for kind 2, `v8.GCProfiler` calls it "Unknown" (nodejs/node#64687), and nothing else is
 * called so there.
 */
const UNKNOWN_IS_MINOR = !('NODE_PERFORMANCE_GC_MINOR_MARK_SWEEP' in constants);

const TYPE_BY_NAME: ReadonlyMap<string, GcType> = new Map<string, GcType>([
  ['Scavenge', 'minor'],
  ['MinorMarkSweep', 'minor'],
  ['MarkSweepCompact', 'major'],
  ['IncrementalMarking', 'incremental'],
  ['ProcessWeakCallbacks', 'weakcb'],
  ['Unknown', UNKNOWN_IS_MINOR ? 'minor' : 'unknown'],
]);

/** The type of a `v8.GCProfiler` record's `gcType`. */
export function gcTypeOfName(name: string): GcType {
  return TYPE_BY_NAME.get(name) ?? 'unknown';
}
