import type { FdWatchOptions } from 'otel-fd-watch';
import type { GcOptions } from 'otel-gc-instrumentation';
import type { MemoryMetricsOptions } from 'otel-memory-metrics';
import { flag, millis, resolveOptions } from 'otel-runtime-kit/options';
import type { OptionRule, ResolvedOptions } from 'otel-runtime-kit/options';

/** Options of `vitals()` and `startVitals()`. All may be left out. */
export interface VitalsOptions {
  /** Whether to start as soon as a meter provider is set. Default true. */
  enabled?: boolean | undefined;
  /** Milliseconds between two readings. Default 5,000. */
  sampleIntervalMillis?: number | undefined;
  /** Whether to emit `v8js.*`; false leaves them to `@opentelemetry/instrumentation-runtime-node`. Default true. */
  v8js?: boolean | undefined;
  /** Whether to emit `process_max_fds` and what else `promClientViews()` needs. Default false. */
  promClientNames?: boolean | undefined;
  /** Options of `MemoryMetricsInstrumentation`, which win over those above; `false` leaves it out. */
  memory?: false | MemoryMetricsOptions | undefined;
  /** Options of `GcInstrumentation`, which win over those above; `false` leaves it out. */
  gc?: false | GcOptions | undefined;
  /** Options of `FdWatchInstrumentation`, which win over those above; `false` leaves it out. */
  fd?: false | FdWatchOptions | undefined;
}

/** The options of one package, or false. What is in them is checked by that package, in its own words. */
function group<Options extends object>(className: string): OptionRule<false | Options> {
  return {
    default: {} as Options,
    type: 'object | false',
    description: `Options of \`${className}\`, which win over those above; \`false\` leaves it out.`,
    check: value =>
      value === false || (typeof value === 'object' && value !== null && !Array.isArray(value))
        ? undefined
        : { mustBe: 'an object or false', wrongType: true },
  };
}

/** Defaults, checks and words of every option; the README table is made from it. */
export const optionRules = {
  enabled: flag({ default: true, description: 'Start as soon as a meter provider is set.' }),
  sampleIntervalMillis: millis({ default: 5_000, description: 'Time between two readings.' }),
  v8js: flag({
    default: true,
    description: 'Emit `v8js.*`; `false` leaves them to `@opentelemetry/instrumentation-runtime-node`.',
  }),
  promClientNames: flag({
    default: false,
    description:
      'Emit what `promClientViews()` cannot make of the others: `process_max_fds`, and (as `memory.heapSpaceDetails` does) what is available in each heap space.',
  }),
  memory: group<MemoryMetricsOptions>('MemoryMetricsInstrumentation'),
  gc: group<GcOptions>('GcInstrumentation'),
  fd: group<FdWatchOptions>('FdWatchInstrumentation'),
};

/** Options after checking, complete; those of the groups are checked by their packages. */
export type ResolvedVitalsOptions = ResolvedOptions<typeof optionRules>;

/** @throws TypeError or RangeError naming the package, the option and the value */
export function resolveVitalsOptions(options: VitalsOptions): ResolvedVitalsOptions {
  return resolveOptions('otel-node-vitals', optionRules, options);
}
