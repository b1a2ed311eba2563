import { ALLOCATED, GC_DURATION_COUNT, GC_DURATION_SUM, GC_FORCED, GC_TYPE_LABEL } from '../metric-names.js';
import { megabytes, milliseconds } from '../number-format.js';
import type { Rest, RunRecord } from '../run/run-record.js';
import type { Check } from '../signals/signal.js';
import { compare } from './compare.js';

/**
 * The observer's pause is a little longer than the trace's: what measures the heap before and after is part of it; and,
 * on a busy machine, whoever comes in between.
 */
const PAUSE_SHARE = 0.25;
const PAUSE_SECONDS_EACH = 0.001;

/** The trace rounds to tenths of a megabyte, twice a collection. */
const ALLOCATED_SHARE = 0.05;
const ALLOCATED_BYTES = 2_097_152;

/** Who else knows of collections: V8's own trace; and the demo itself, of those that it asked for. */
export function collectionSources({ healthy, fault }: RunRecord): Check[] {
  /** How much more there was by the end of the fault. */
  const rise = (read: (rest: Rest) => number): number[] => [read(fault.rest) - read(healthy.rest)];
  const counted =
    (type: 'minor' | 'major') =>
    ({ scrape }: Rest): number =>
      scrape.value(GC_DURATION_COUNT, GC_TYPE_LABEL, type) ?? 0;
  const seconds =
    (type: 'minor' | 'major') =>
    ({ scrape }: Rest): number =>
      scrape.value(GC_DURATION_SUM, GC_TYPE_LABEL, type) ?? 0;
  const [collections = 0] = rise(({ trace }) => trace.minor + trace.major);
  return [
    compare('minor collections in the output of --trace-gc', {
      theirs: rise(({ trace }) => trace.minor),
      ours: rise(counted('minor')),
    }),
    compare('major collections in the output of --trace-gc', {
      theirs: rise(({ trace }) => trace.major),
      ours: rise(counted('major')),
    }),
    compare('pauses in the output of --trace-gc', {
      theirs: rise(({ trace }) => trace.pauseSeconds),
      ours: rise(rest => seconds('minor')(rest) + seconds('major')(rest)),
      tolerance: pause => PAUSE_SHARE * pause + PAUSE_SECONDS_EACH * collections,
      format: milliseconds,
    }),
    compare('allocation by the output of --trace-gc', {
      theirs: rise(({ trace }) => trace.allocatedBytes),
      ours: rise(({ scrape }) => scrape.demand(ALLOCATED)),
      tolerance: bytes => ALLOCATED_SHARE * bytes + ALLOCATED_BYTES,
      format: bytes => `${megabytes(bytes)} MB`,
    }),
    compare('collections that the demo has asked for', {
      theirs: rise(({ collections }) => collections),
      ours: rise(({ scrape }) => scrape.demand(GC_FORCED)),
    }),
  ];
}
