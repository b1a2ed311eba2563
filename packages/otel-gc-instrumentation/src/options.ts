import { bucketBoundaries, flag, millis, resolveOptions } from 'otel-runtime-kit/options';
import type { ResolvedOptions } from 'otel-runtime-kit/options';

/** Options of `GcInstrumentation`. All may be left out. */
export interface GcOptions {
  /** Whether to start as soon as a meter provider is set. Default true. */
  enabled?: boolean;
  /** Milliseconds between two summaries. Default 5,000. */
  sampleIntervalMillis?: number | undefined;
  /** Whether to emit `v8js.gc.duration`. Default true; false leaves it to another instrumentation. */
  v8js?: boolean | undefined;
  /** Window of `vitals.gc.pause.p95` and `.max`, in milliseconds. Default 300,000. */
  pauseWindowMillis?: number | undefined;
  /** Whether to emit `vitals.gc.pause.p95` and `.max` by type as well. Default false. */
  pauseByType?: boolean | undefined;
  /** Whether to measure what collections do to the heap. Default true. */
  heapEffects?: boolean | undefined;
  /** Bucket boundaries of `v8js.gc.duration`, in seconds. Default {@link DEFAULT_BUCKETS}. */
  buckets?: readonly number[] | undefined;
}

/**
 * Boundaries of `v8js.gc.duration`, in seconds: the 14 that the semantic conventions advise, so that a panel made for
 * those goes on working, and four below them, where minor collections are. A fifth, 0.25 ms, would take a process in a
 * container (cgroup v2) on Node.js 24 to 201 exported series, and 200 is the limit for all packages together.
 */
export const DEFAULT_BUCKETS: readonly number[] = Object.freeze([
  0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
]);

/** Defaults, checks and words of every option; the README table is made from it. */
export const optionRules = {
  enabled: flag({ default: true, description: 'Start as soon as a meter provider is set.' }),
  sampleIntervalMillis: millis({
    default: 5_000,
    description: 'Time between two summaries, which all but `v8js.gc.duration` is read from.',
  }),
  v8js: flag({
    default: true,
    description:
      'Emit `v8js.gc.duration`; false leaves it to `@opentelemetry/instrumentation-runtime-node` beside this package.',
  }),
  pauseWindowMillis: millis({
    default: 300_000,
    minimum: 1_000,
    description: 'Window of `vitals.gc.pause.p95` and `.max`; at least 2 samples, a shorter one is widened.',
  }),
  pauseByType: flag({
    default: false,
    description: 'Emit `vitals.gc.pause.p95` and `.max` by `v8js.gc.type` as well.',
  }),
  heapEffects: flag({
    default: true,
    description:
      'Measure the heap before and after each collection: `vitals.gc.reclaimed`, `vitals.gc.promoted`, `vitals.heap.allocated`.',
  }),
  buckets: bucketBoundaries({
    default: DEFAULT_BUCKETS,
    description: 'Bucket boundaries of `v8js.gc.duration`: each is a series for each type.',
  }),
};

/** Options after checking, complete. */
export type ResolvedGcOptions = ResolvedOptions<typeof optionRules>;

/** @throws TypeError or RangeError naming the package, the option and the value */
export function resolveGcOptions(options: GcOptions): ResolvedGcOptions {
  const resolved = resolveOptions('otel-gc-instrumentation', optionRules, options);
  // A copy: what the caller does to the array later is not checked.
  return Object.freeze({ ...resolved, buckets: Object.freeze([...resolved.buckets]) });
}
