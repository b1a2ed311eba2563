import { pauseHistogram } from './histograms.js';
import { FD_TREND, ticks, trendOf } from './processes.js';
import { phases, steady, swing } from './shapes.js';
import { target } from './test-group.js';
import type { Firing, Labels, Shape, TestGroup, TestSeries } from './test-group.js';

const MEBIBYTE = 1_048_576;

/** Rules as they are often written, to prove what they do. */
export const NAIVE_RULES = `# Rules as they are often written, with metrics as they are often called. They are here to be proven wrong: see naive.test.yml.
groups:
  - name: naive
    rules:
      # A number of bytes says nothing without the limit: an HTTP service of Node.js that does nothing has 42 to 46 MB, with a
      # metrics SDK some 70. It fires for every healthy service, for ever.
      - alert: NaiveMemoryUsageHigh
        expr: process_memory_rss_bytes > 60 * 1024 * 1024
        for: 5m
        labels:
          severity: warning
      # A histogram has no series of its own name, only _bucket, _sum and _count; and what histogram_quantile wants is the rate
      # of the buckets, with their label le. It never fires, however long the pauses are.
      - alert: NaiveGCPauseTimeHigh
        expr: histogram_quantile(0.95, gc_pause_duration_seconds) > 0.1
        for: 2m
        labels:
          severity: critical
      # increase() is for counters: when a gauge falls, it takes that for a restart and counts on from 0. A number of open
      # descriptors that goes up and down, and is no higher than before, has increased all the time.
      - alert: NaiveFDLeakDetected
        expr: increase(process_open_fds[5m]) > 50
        for: 3m
        labels:
          severity: warning
`;

/** What naive rules and ours make of the same processes. */
export function naiveTests(): TestGroup[] {
  return [idleTest(), pausesTest(), oscillationTest(), leakTest()];
}

const common = { rules: [], minutes: 60, stepSeconds: 30 };

function both(ours: string, theirs: string, labels: Labels, shape: Shape): TestSeries[] {
  return [
    { metric: ours, labels, shape },
    { metric: theirs, labels, shape },
  ];
}

function idleTest(): TestGroup {
  const labels = target('idle');
  return {
    ...common,
    name: 'an idle service of 70 MiB in a container of 512: the naive rule fires for ever, ours do not',
    series: [
      ...both('<process.memory.usage>', 'process_memory_rss_bytes', labels, steady(70 * MEBIBYTE)),
      { metric: '<vitals.container.memory.limit>', labels, shape: steady(512 * MEBIBYTE) },
      { metric: '<vitals.container.memory.utilization>', labels, shape: steady(70 / 512) },
    ],
    firing: [{ alert: 'NaiveMemoryUsageHigh', labels, from: 5 }],
  };
}

function pausesTest(): TestGroup {
  const labels = target('slow');
  const pauses = pauseHistogram(labels, 'major', [[0.2, minute => 20 * Math.max(0, minute - 10)]]);
  const fires = (alert: string, of: Labels, from: number): Firing => ({ alert, labels: of, from });
  return {
    ...common,
    name: 'twenty pauses of 0.2 s a minute from the tenth minute on: the naive rule never fires, ours do',
    series: [
      ...pauses,
      ...pauses.map(series => ({
        ...series,
        metric: series.metric.replace(/<[^:]*:(\w+)\{.*/, 'gc_pause_duration_seconds_$1'),
      })),
      { metric: '<vitals.gc.pause.p95>', labels, shape: phases([0, 0], [10.5, 0.2]) },
    ],
    firing: [
      fires('GCPauseTimeHigh', labels, 12.5),
      fires('FleetGCPauseTimeHigh', { job: 'shop' }, 12.5),
      fires('MajorCollectionsFrequent', { ...labels, v8js_gc_type: 'major' }, 22),
    ],
  };
}

function descriptors(labels: Labels, open: Shape): TestSeries[] {
  return [
    ...both('<process.unix.file_descriptor.count>', 'process_open_fds', labels, open),
    { metric: '<vitals.fd.growth>', labels, shape: trendOf(open, FD_TREND) },
    ticks(labels, 'fd.count'),
  ];
}

function oscillationTest(): TestGroup {
  const labels = target('busy-by-turns');
  return {
    ...common,
    name: 'a healthy swing between 100 and 400 descriptors: the naive rule fires, ours does not',
    series: descriptors(labels, swing(100, 400, 4)),
    // From the first rise on, with three minutes to wait.
    firing: [{ alert: 'NaiveFDLeakDetected', labels, from: 5 }],
  };
}

function leakTest(): TestGroup {
  const labels = target('leaks');
  return {
    ...common,
    name: 'a leak of twenty descriptors a minute: both fire',
    series: descriptors(labels, minute => 100 + 20 * minute),
    firing: [
      // Fifty more than at the beginning after two minutes and a half.
      { alert: 'NaiveFDLeakDetected', labels, from: 5.5 },
      // Not before the process is a quarter of an hour old.
      { alert: 'FDLeakDetected', labels, from: 18 },
    ],
  };
}
