import { HOST_METRICS, NO_SCOPE } from './scopes.js';
import { phases, steady } from './shapes.js';
import { target } from './test-group.js';
import type { Labels, Shape, TestGroup, TestSeries } from './test-group.js';

/** What is recorded of a fleet, apart from collections and restarts: against what one can add up in the head. */
export function recordingTests(): TestGroup[] {
  const usage = (labels: Labels, shape: Shape): TestSeries => ({
    metric: '<process.memory.usage>',
    labels,
    shape,
  });
  const gauge = (
    metric: string,
    values: readonly (readonly [instance: string, value: number, more?: Labels])[],
  ): TestSeries[] =>
    values.map(([instance, value, more = {}]) => ({
      metric,
      labels: { ...target(instance), ...more },
      shape: steady(value),
    }));
  const mail = { job: 'mail' };
  /** Of three instances of one job, and one of another. */
  const ofFour = (metric: string, one: number, two: number, three: number, other: number): TestSeries[] =>
    gauge(metric, [
      ['a', one],
      ['b', two],
      ['c', three],
      ['a', other, mail],
    ]);
  const recorded = (
    name: string,
    shop: number,
    other: number,
    more: Labels = {},
  ): NonNullable<TestGroup['queries']>[number] => ({
    at: 10,
    query: name,
    samples: [
      [{ job: 'shop', ...more }, shop],
      [{ job: 'mail', ...more }, other],
    ],
  });
  const names = [
    'job:vitals_instances:count',
    'job:process_memory_usage:sum',
    'job:process_memory_usage:max',
    'job:process_memory_usage:median',
    'job:vitals_container_memory_utilization:max',
    'job:vitals_heap_live_utilization:max',
    'job_signal:vitals_memory_growth:max',
    'job_limit:vitals_memory_time_to_limit:min',
    'job:vitals_gc_utilization:max',
    'job:vitals_fd_utilization:max',
    'job:vitals_fd_time_to_limit:min',
  ];
  return [
    {
      name: 'what is recorded of a fleet',
      rules: names,
      minutes: 20,
      stepSeconds: 30,
      series: [
        usage(target('a'), phases([0, 100], [15, 5_000])),
        usage(target('b'), steady(200)),
        usage({ ...target('c'), ...NO_SCOPE }, steady(600)),
        usage({ ...target('a'), ...HOST_METRICS }, steady(9_000)),
        // Nothing of ours is there.
        usage({ ...target('d'), ...HOST_METRICS }, steady(9_000)),
        usage(target('a', 'mail'), steady(70)),
        ...ofFour('<vitals.container.memory.utilization>', 0.1, 0.4, 0.2, 0.3),
        ...ofFour('<vitals.heap.live_utilization>', 0.5, 0.15, 0.25, 0.35),
        ...ofFour('<vitals.memory.growth{vitals.memory.signal="rss"}>', -5, 20, 10, 3),
        ...ofFour('<vitals.memory.growth{vitals.memory.signal="native"}>', 4, 2, 1, -8),
        ...ofFour('<vitals.memory.time_to_limit{vitals.memory.limit="heap"}>', 900, 700, 604_800, 604_800),
        ...ofFour('<vitals.memory.time_to_limit{vitals.memory.limit="container"}>', 40, 60, 50, 30),
        ...ofFour('<vitals.gc.utilization{vitals.window="5m"}>', 0.01, 0.03, 0.02, 0.04),
        ...ofFour('<vitals.gc.utilization{vitals.window="1m"}>', 0.5, 0.5, 0.5, 0.5),
        ...ofFour('<vitals.fd.utilization>', 0.06, 0.05, 0.01, 0.02),
        ...ofFour('<vitals.fd.time_to_limit>', 8_000, 9_000, 7_000, 604_800),
      ],
      firing: [],
      besides: ['GCOverheadHigh', 'MemoryLimitWithinAnHour', 'MemoryLimitWithinTenMinutes'],
      queries: [
        recorded('job:vitals_instances:count', 3, 1),
        recorded('job:process_memory_usage:sum', 900, 70),
        recorded('job:process_memory_usage:max', 600, 70),
        recorded('job:process_memory_usage:median', 200, 70),
        recorded('job:vitals_container_memory_utilization:max', 0.4, 0.3),
        recorded('job:vitals_heap_live_utilization:max', 0.5, 0.35),
        {
          at: 10,
          query: 'job_signal:vitals_memory_growth:max',
          samples: [
            [{ job: 'shop', vitals_memory_signal: 'rss' }, 20],
            [{ job: 'shop', vitals_memory_signal: 'native' }, 4],
            [{ job: 'mail', vitals_memory_signal: 'rss' }, 3],
            [{ job: 'mail', vitals_memory_signal: 'native' }, -8],
          ],
        },
        {
          at: 10,
          query: 'job_limit:vitals_memory_time_to_limit:min',
          samples: [
            [{ job: 'shop', vitals_memory_limit: 'heap' }, 700],
            [{ job: 'shop', vitals_memory_limit: 'container' }, 40],
            [{ job: 'mail', vitals_memory_limit: 'heap' }, 604_800],
            [{ job: 'mail', vitals_memory_limit: 'container' }, 30],
          ],
        },
        recorded('job:vitals_gc_utilization:max', 0.03, 0.04),
        recorded('job:vitals_fd_utilization:max', 0.06, 0.02),
        recorded('job:vitals_fd_time_to_limit:min', 7_000, 604_800),
      ],
    },
  ];
}
