import { countOf } from './counts.js';
import { BOUNDARIES, pauseHistogram, percentile } from './histograms.js';
import { NO_SCOPE, RUNTIME_NODE } from './scopes.js';
import { phases, steady } from './shapes.js';
import { target } from './test-group.js';
import type { Labels, Shape, TestGroup, TestSeries } from './test-group.js';

/** Over a fleet the percentile is that of all pauses together. */
export function fleetTest(): TestGroup {
  const alert = 'FleetGCPauseTimeHigh';
  const instance = (
    job: string,
    name: string,
    rates: readonly (readonly [seconds: number, perSecond: Shape])[],
    more: Labels = {},
  ): TestSeries[] =>
    pauseHistogram(
      { ...target(name, job), ...more },
      'major',
      rates.map(([seconds, perSecond]) => [seconds, countOf(perSecond)]),
    );
  const slowPercentile = percentile(0.95, [
    [0.0005, 3],
    [0.2, 0.2],
  ]);
  const everyLength = BOUNDARIES.map(seconds => [seconds, phases([0, 1], [10, 3])] as const);
  const parts = [1, 2, 3, 4].map(part => `job_le:v8js_gc_duration_bucket_part${part}:rate5m`);
  /** Of both instances, all pauses that are as short as each of these lengths: two a second, in the mean of the window. */
  const upTo = (...boundaries: readonly number[]): NonNullable<TestGroup['queries']>[number]['samples'] =>
    boundaries.map(boundary => [
      { job: 'all-lengths', le: boundary === Infinity ? '+Inf' : String(boundary) },
      2 * 2 * BOUNDARIES.filter(length => length <= boundary).length,
    ]);
  const ofAllLengths = (
    name: string,
    ...boundaries: readonly number[]
  ): NonNullable<TestGroup['queries']>[number] => ({
    at: 12.5,
    query: `${name}{job="all-lengths"}`,
    samples: upTo(...boundaries),
  });
  return {
    name: alert,
    rules: [
      alert,
      ...parts,
      'job_le:v8js_gc_duration_bucket:rate5m',
      'job:v8js_gc_duration:p95_5m',
      'job:v8js_gc_duration:p99_5m',
    ],
    besides: ['MajorCollectionsFrequent'],
    minutes: 60,
    stepSeconds: 30,
    series: [
      // All its instances are slow at one pause of sixteen.
      ...instance('slow', 'a', [
        [0.0005, steady(1.5)],
        [0.2, phases([0, 0], [10, 0.1], [40, 0])],
      ]),
      ...instance('slow', 'b', [
        [0.0005, steady(1.5)],
        [0.2, phases([0, 0], [10, 0.1], [40, 0])],
      ]),
      // One of a thousand is long, but all of one instance: its own percentile is high, and that of the mean of both too.
      ...instance('one-slow-instance', 'a', [[0.0005, steady(10)]]),
      ...instance('one-slow-instance', 'b', [[0.2, steady(0.02)]]),
      // One long pause among ten short ones in five minutes.
      ...instance('idle', 'a', [
        [0.0005, steady(1 / 30)],
        [0.2, phases([0, 0], [20, 1 / 30], [20.5, 0])],
      ]),
      // Three of a hundred are long: the percentile is just below the threshold.
      ...instance('below', 'a', [
        [0.09, steady(1)],
        [0.2, steady(0.03)],
      ]),
      // Runtime-node sees the same collections, in coarser buckets.
      ...instance('runtime-node-beside', 'a', [[0.0005, steady(1)]]),
      ...instance('runtime-node-beside', 'a', [[0.2, steady(1)]], RUNTIME_NODE),
      ...instance(
        'without-scopes',
        'a',
        [
          [0.0005, steady(1)],
          [0.05, steady(1)],
        ],
        NO_SCOPE,
      ),
      // One pause of each length a second, and three from the tenth minute on.
      ...instance('all-lengths', 'a', everyLength),
      ...instance('all-lengths', 'b', everyLength, NO_SCOPE),
      ...instance('all-lengths', 'a', everyLength, RUNTIME_NODE),
    ],
    firing: [
      {
        alert,
        labels: { job: 'all-lengths' },
        from: 2.5,
        // Of 18 lengths the percentile is a tenth into the last, from 7.5 to 10 s.
        says: [
          'Collections stop the processes of all-lengths for long',
          'Over all its instances, one collection of twenty takes 7.75s or longer, to the accuracy of the buckets.',
        ],
      },
      {
        alert,
        labels: { job: 'slow' },
        // Long ones are more than a twentieth when there are more than 3/19 a second: of a window that fills up to 0.2
        // in five minutes after 3.95 of them, of one that empties until 1.05.
        from: 16,
        to: 41.5,
        says: [
          'Collections stop the processes of slow for long',
          'Over all its instances, one collection of twenty takes 130ms or longer, to the accuracy of the buckets.',
        ],
      },
    ],
    queries: [
      ofAllLengths(parts[0]!, 0.0001, 0.0005, 0.001, 0.0025, 0.005),
      ofAllLengths(parts[1]!, 0.01, 0.025, 0.05, 0.075, 0.1),
      ofAllLengths(parts[2]!, 0.25, 0.5, 0.75, 2.5, 7.5),
      ofAllLengths(parts[3]!, 1, 5, 10, Infinity),
      ofAllLengths('job_le:v8js_gc_duration_bucket:rate5m', ...BOUNDARIES, Infinity),
      {
        // The mean of the percentiles of its instances, which is a percentile of nothing: far above that of the job.
        at: 30,
        query:
          'avg by (job) (histogram_quantile(0.95, sum by (job, instance, le) (rate(<v8js.gc.duration:bucket>[5m])))) and on (job) job:v8js_gc_duration:p95_5m{job="one-slow-instance"}',
        samples: [
          [
            { job: 'one-slow-instance' },
            (percentile(0.95, [[0.0005, 10]]) + percentile(0.95, [[0.2, 0.02]])) / 2,
          ],
        ],
      },
      {
        at: 30,
        query: 'job:v8js_gc_duration:p95_5m{job!~"idle|below|all-lengths"}',
        samples: [
          [{ job: 'slow' }, slowPercentile],
          [
            { job: 'one-slow-instance' },
            percentile(0.95, [
              [0.0005, 10],
              [0.2, 0.02],
            ]),
          ],
          [{ job: 'runtime-node-beside' }, percentile(0.95, [[0.0005, 1]])],
          [
            { job: 'without-scopes' },
            percentile(0.95, [
              [0.0005, 1],
              [0.05, 1],
            ]),
          ],
        ],
      },
      {
        at: 30,
        query: 'job:v8js_gc_duration:p99_5m{job=~"slow|without-scopes"}',
        samples: [
          [
            { job: 'slow' },
            percentile(0.99, [
              [0.0005, 3],
              [0.2, 0.2],
            ]),
          ],
          [
            { job: 'without-scopes' },
            percentile(0.99, [
              [0.0005, 1],
              [0.05, 1],
            ]),
          ],
        ],
      },
      {
        at: 30,
        query: 'job_le:v8js_gc_duration_bucket:rate5m{job=~"without-scopes|runtime-node-beside",le=~".Inf"}',
        samples: [
          [{ job: 'without-scopes', le: '+Inf' }, 2],
          [{ job: 'runtime-node-beside', le: '+Inf' }, 1],
        ],
      },
      {
        // In the middle of a change: half of the window has it.
        at: 12.5,
        query: 'job_le:v8js_gc_duration_bucket:rate5m{job="slow",le=~"0.1|0.25|.Inf"}',
        samples: [
          [{ job: 'slow', le: '0.1' }, 3],
          [{ job: 'slow', le: '0.25' }, 3.1],
          [{ job: 'slow', le: '+Inf' }, 3.1],
        ],
      },
    ],
  };
}
