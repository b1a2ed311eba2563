import { callback, count, flag, millis, ratio, resolveOptions } from 'otel-runtime-kit/options';
import type { ResolvedOptions } from 'otel-runtime-kit/options';
import type { FdPressure } from './descriptor-pressure.js';

/** Options of `FdWatchInstrumentation`. All may be left out. */
export interface FdWatchOptions {
  /** Whether to start as soon as a meter provider is set. Default true. */
  enabled?: boolean;
  /** Milliseconds between two counts. Default 5,000. */
  sampleIntervalMillis?: number | undefined;
  /** Window of `vitals.fd.growth`, in milliseconds. Default 300,000. */
  trendWindowMillis?: number | undefined;
  /** Milliseconds between two scans by kind; 0 turns them off. Default 60,000. */
  byKindIntervalMillis?: number | undefined;
  /** Most descriptors that a scan looks at; of more, an even sample. Default 20,000. */
  byKindMaximum?: number | undefined;
  /** Share of the soft limit at which to warn. Default 0.8. */
  warnAtRatio?: number | undefined;
  /** Number of open descriptors at which to warn; 0 turns it off. Default 800. */
  warnAtCount?: number | undefined;
  /** Called once for each threshold that is crossed upwards. What it throws is reported, not passed on. */
  onPressure?: ((pressure: FdPressure) => unknown) | undefined;
  /** Whether to emit `vitals.connection.count`. Default false. */
  connections?: boolean | undefined;
}

/** Defaults, checks and words of every option; the README table is made from it. */
export const optionRules = {
  enabled: flag({ default: true, description: 'Start as soon as a meter provider is set.' }),
  sampleIntervalMillis: millis({ default: 5_000, description: 'Time between two counts.' }),
  trendWindowMillis: millis({
    default: 300_000,
    minimum: 1_000,
    description:
      'Window of `vitals.fd.growth` and `vitals.fd.time_to_limit`; at least 12 samples, a shorter one is widened.',
  }),
  byKindIntervalMillis: millis({
    default: 60_000,
    zeroIsOff: true,
    description: 'Time between two scans by kind (and of connections); 0 turns them off.',
  }),
  byKindMaximum: count({
    default: 20_000,
    minimum: 1,
    description: 'Most descriptors that a scan looks at. Of more, an even sample is taken and scaled up.',
  }),
  warnAtRatio: ratio({ default: 0.8, description: 'Share of the soft limit at which to warn.' }),
  warnAtCount: count({
    default: 800,
    minimum: 0,
    description: 'Number of open descriptors at which to warn; 0 turns it off.',
  }),
  onPressure: callback<(pressure: FdPressure) => unknown>({
    type: '(pressure) => void',
    description:
      'Called once for each threshold crossed upwards, again only after the count has fallen 10 % below it.',
  }),
  connections: flag({
    default: false,
    description: 'Emit `vitals.connection.count` (reads the TCP tables of the network namespace; Linux).',
  }),
};

/** Options after checking, complete. */
export type ResolvedFdWatchOptions = ResolvedOptions<typeof optionRules>;

/** @throws TypeError or RangeError naming the package, the option and the value */
export function resolveFdWatchOptions(options: FdWatchOptions): ResolvedFdWatchOptions {
  const resolved = resolveOptions('otel-fd-watch', optionRules, options);
  if (resolved.connections && resolved.byKindIntervalMillis === 0) {
    throw new RangeError(
      'otel-fd-watch: connections must be false if byKindIntervalMillis is 0, as the same scan finds them, got true',
    );
  }
  return resolved;
}
