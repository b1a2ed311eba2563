import { increase, lineThrough, quantileOf, resets, sumOfRates, within } from './scraped-job.js';
import type { LabelChoice, ScrapedJob } from './scraped-job.js';

/** An alert of a rehearsal as words have it, apart from the rules: which series of it there can be, and when each is due. */
export interface AlertCondition {
  readonly alert: string;
  /** Labels that tell the alerts of one rule apart, besides job and instance. */
  readonly labels: Readonly<Record<string, string>>;
  /** How long it must hold. */
  readonly forSeconds: number;
  holds(job: ScrapedJob, atSeconds: number): boolean;
}

const MEBIBYTE = 1_048_576;

const TICKS = 'vitals_sampler_ticks_total';

const READINGS = { vitals_reading: ['memory.process', 'fd.count', 'gc.summary'] };

/** In a rehearsal a minute is a second: `5` is five seconds here and five minutes in production. */
export const alertConditions: readonly AlertCondition[] = [
  ...(
    [
      ['MemoryUsageHigh', 0.73, 5],
      ['MemoryUsageVeryHigh', 0.88, 2],
      ['MemoryUsageExtreme', 0.93, 1],
    ] as const
  ).map(([alert, share, forSeconds]) =>
    plain(
      alert,
      forSeconds,
      (job, at) =>
        job.maximum('process_memory_usage', at) / job.maximum('vitals_container_memory_limit', at) > share,
    ),
  ),
  plain(
    'ContainerMemoryNearlyFull',
    5,
    (job, at) => job.maximum('vitals_container_memory_utilization', at) > 0.9,
  ),
  ...['heap_live', 'external', 'native'].flatMap(signal => [
    growing('MemoryGrowing', signal, 0.1, 60),
    growing('MemoryGrowingFast', signal, 0.5, 30),
  ]),
  ...(['heap', 'container', 'host'] as const).flatMap(limit => [
    timeToLimit('MemoryLimitWithinAnHour', limit, 3_600, 5, 10, 20),
    timeToLimit('MemoryLimitWithinTenMinutes', limit, 600, 1, 5, 15),
  ]),
  plain('HeapNearlyFull', 5, (job, at) => job.maximum('vitals_heap_live_utilization', at) > 0.8),
  plain(
    'HeapLimitAboveContainerLimit',
    5,
    (job, at) => job.maximum('vitals_heap_limit', at) / job.maximum('vitals_container_memory_limit', at) > 1,
  ),
  // One long pause among a few is no percentile yet.
  plain(
    'GCPauseTimeHigh',
    2,
    (job, at) => job.maximum('vitals_gc_pause_p95', at) > 0.1 && longPauses(job, at, 5) >= 1.5,
  ),
  plain(
    'FleetGCPauseTimeHigh',
    2,
    (job, at) => pauseQuantile(0.95, job, at, 5) > 0.1 && longPauses(job, at, 5) >= 1.5,
  ),
  plain(
    'GCOverheadHigh',
    5,
    (job, at) => job.maximum('vitals_gc_utilization', at, { vitals_window: ['1m'] }) > 0.1,
  ),
  collections('MinorCollectionsFrequent', 'minor', 10),
  collections('MajorCollectionsFrequent', 'major', 6),
  plain('FDLeakDetected', 3, (job, at) => {
    const count = 'process_unix_file_descriptor_count';
    const before = job.named(count).flatMap(series => within(series, at - 5, 30));
    const highest = Math.max(...before.map(({ value }) => value));
    return (
      job.maximum('vitals_fd_growth', at) > 10 &&
      before.length > 0 &&
      job.maximum(count, at) - highest > 50 &&
      isSettled(job, at, 15)
    );
  }),
  plain('FDUtilizationHigh', 5, (job, at) => job.maximum('vitals_fd_utilization', at) > 0.8),
  plain(
    'FDLimitWithinAnHour',
    5,
    (job, at) => job.minimum('vitals_fd_time_to_limit', at) < 3_600 && isSettled(job, at, 15),
  ),
  plain('ContainerOOMKill', 0, (job, at) =>
    job
      .named('vitals_container_memory_events_total', { vitals_event: ['oom_kill'] })
      .some(series => (increase(series, at, 10) ?? 0) > 0),
  ),
  plain('ProcessRestarting', 0, (job, at) => restarts(job, at, 15) > 2),
];

function plain(alert: string, forSeconds: number, holds: AlertCondition['holds']): AlertCondition {
  return { alert, labels: {}, forSeconds, holds };
}

function growing(alert: string, signal: string, mebibytes: number, minutes: number): AlertCondition {
  const growth = (of: string, job: ScrapedJob, at: number): number =>
    job.maximum('vitals_memory_growth', at, { vitals_memory_signal: [of] });
  return {
    alert,
    labels: { vitals_memory_signal: signal },
    forSeconds: minutes,
    holds: (job, at) =>
      growth(signal, job, at) > (mebibytes * MEBIBYTE) / 2 &&
      growth('rss', job, at) > mebibytes * MEBIBYTE &&
      isSettled(job, at, minutes),
  };
}

/** By the long trend, and by the latest seconds alone: these see that something has stopped growing. */
function timeToLimit(
  alert: string,
  limit: 'heap' | 'container' | 'host',
  seconds: number,
  forSeconds: number,
  heapSeconds: number,
  settledSeconds: number,
): AlertCondition {
  const goesOn = (job: ScrapedJob, at: number): boolean => {
    switch (limit) {
      case 'heap':
        return predicted(job, 'vitals_heap_live_utilization', at, heapSeconds, 2 * seconds) > 1;
      case 'container':
        return predicted(job, 'vitals_container_memory_utilization', at, 5, 2 * seconds) > 1;
      case 'host': {
        const trend = job.maximum('vitals_memory_growth', at, { vitals_memory_signal: ['rss'] });
        return (lineOf(job, 'process_memory_usage', at, 5)?.slope ?? NaN) > trend / 2;
      }
    }
  };
  return {
    alert,
    labels: { vitals_memory_limit: limit },
    forSeconds,
    holds: (job, at) =>
      job.minimum('vitals_memory_time_to_limit', at, { vitals_memory_limit: [limit] }) < seconds &&
      goesOn(job, at) &&
      isSettled(job, at, settledSeconds),
  };
}

function lineOf(
  job: ScrapedJob,
  name: string,
  at: number,
  windowSeconds: number,
): ReturnType<typeof lineThrough> {
  const [series] = job.named(name);
  return series === undefined ? undefined : lineThrough(within(series, at, windowSeconds), at);
}

function predicted(
  job: ScrapedJob,
  name: string,
  at: number,
  windowSeconds: number,
  aheadSeconds: number,
): number {
  const line = lineOf(job, name, at, windowSeconds);
  return line === undefined ? NaN : line.value + line.slope * aheadSeconds;
}

function collections(alert: string, type: string, perSecond: number): AlertCondition {
  return plain(alert, 10, (job, at) => {
    const rate = sumOfRates(job.named('v8js_gc_duration_count', { v8js_gc_type: [type] }), at, 5);
    return rate !== undefined && rate > perSecond;
  });
}

/** A percentile of the pauses of all types, from the buckets. */
export function pauseQuantile(share: number, job: ScrapedJob, at: number, windowSeconds: number): number {
  const buckets = job.named('v8js_gc_duration_bucket');
  const boundaries = new Set(buckets.map(({ labels }) => labels['le'] ?? ''));
  return quantileOf(
    share,
    new Map(
      [...boundaries].map(le => [
        le === '+Inf' ? Infinity : Number(le),
        sumOfRates(job.named('v8js_gc_duration_bucket', { le: [le] }), at, windowSeconds) ?? 0,
      ]),
    ),
  );
}

/** How many pauses of a window were longer than a tenth of a second. */
function longPauses(job: ScrapedJob, at: number, windowSeconds: number): number {
  const counted = (name: string, choice: LabelChoice): number =>
    (sumOfRates(job.named(name, choice), at, windowSeconds) ?? NaN) * windowSeconds;
  return counted('v8js_gc_duration_count', {}) - counted('v8js_gc_duration_bucket', { le: ['0.1'] });
}

function restarts(job: ScrapedJob, at: number, windowSeconds: number): number {
  return Math.max(...job.named(TICKS, READINGS).map(series => resets(within(series, at, windowSeconds))));
}

/** Neither the target nor the process behind it is younger than that. */
function isSettled(job: ScrapedJob, at: number, seconds: number): boolean {
  return job.values(TICKS, at - seconds, READINGS).length > 0 && restarts(job, at, seconds + 3) === 0;
}
