import { choice, flag, millis, optionalBytes, resolveOptions } from 'otel-runtime-kit/options';
import type { ResolvedOptions } from 'otel-runtime-kit/options';

/** Options of `MemoryMetricsInstrumentation`. All may be left out. */
export interface MemoryMetricsOptions {
  /** Whether to start as soon as a meter provider is set. Default true. */
  enabled?: boolean;
  /** Milliseconds between two readings. Default 5,000. */
  sampleIntervalMillis?: number | undefined;
  /** Whether to emit `v8js.*`; false leaves them to `@opentelemetry/instrumentation-runtime-node`. Default true. */
  v8js?: boolean | undefined;
  /** Window of `vitals.memory.growth`, in milliseconds. Default 1,800,000. */
  trendWindowMillis?: number | undefined;
  /** Whether to emit the rows about the container. Default 'auto': where there is one, or a limit is given. */
  containerMetrics?: 'auto' | boolean | undefined;
  /** Whether to emit what is available and what is physical of each heap space. Default false. */
  heapSpaceDetails?: boolean | undefined;
  /** Memory limit of the container in bytes, in place of the one that is found. */
  limitBytes?: number | undefined;
}

/** Defaults, checks and words of every option; the README table is made from it. */
export const optionRules = {
  enabled: flag({ default: true, description: 'Start as soon as a meter provider is set.' }),
  sampleIntervalMillis: millis({ default: 5_000, description: 'Time between two readings.' }),
  v8js: flag({
    default: true,
    description: 'Emit `v8js.*`; `false` leaves them to `@opentelemetry/instrumentation-runtime-node`.',
  }),
  trendWindowMillis: millis({
    default: 1_800_000,
    minimum: 1_000,
    description:
      'Window of `vitals.memory.growth` and `vitals.memory.time_to_limit`; at least 12 samples, a shorter one is widened.',
  }),
  containerMetrics: choice({
    default: 'auto',
    values: ['auto', true, false],
    description:
      'Emit the rows about the container: `"auto"` in a container or where a limit is in force or given, `true` wherever there is a memory cgroup.',
  }),
  heapSpaceDetails: flag({
    default: false,
    description:
      'Emit `v8js.memory.heap.space.available_size` and `.physical_size` too (two more series for each heap space).',
  }),
  limitBytes: optionalBytes({
    description:
      'Memory limit of the container, in place of `CONTAINER_MEMORY_LIMIT_MB` and of the one that is found.',
  }),
};

/** Options after checking, complete. */
export type ResolvedMemoryMetricsOptions = ResolvedOptions<typeof optionRules>;

/** @throws TypeError or RangeError naming the package, the option and the value */
export function resolveMemoryMetricsOptions(options: MemoryMetricsOptions): ResolvedMemoryMetricsOptions {
  return resolveOptions('otel-memory-metrics', optionRules, options);
}
