import { collectionTests } from './collection-tests.js';
import { fleetTest } from './fleet-gc-tests.js';
import { gaugeTest } from './gauge-tests.js';
import { pauseHistogram } from './histograms.js';
import { NO_SCOPE, RUNTIME_NODE } from './scopes.js';
import { phases, steady } from './shapes.js';
import { target } from './test-group.js';
import type { Firing, Labels, TestGroup, TestSeries } from './test-group.js';

/** Garbage collection: of one process, and of all of a job. */
export function gcTests(): TestGroup[] {
  return [
    gaugeTest({
      alert: 'GCPauseTimeHigh',
      metric: '<vitals.gc.pause.p95>',
      healthy: 0.02,
      threshold: 0.1,
      tooMuch: 0.11,
      forMinutes: 2,
      summary: ({ instance, job }) => `Collections stop ${instance} (${job}) for long`,
      description: pauseSentence('110ms'),
      // With `pauseByType`: major collections are long, and few.
      lookAlikes: [{ metric: '<vitals.gc.pause.p95{v8js.gc.type="major"}>', shape: steady(0.4) }],
    }),
    longPausesTest(),
    fleetTest(),
    gaugeTest({
      alert: 'GCOverheadHigh',
      metric: '<vitals.gc.utilization{vitals.window="5m"}>',
      healthy: 0.02,
      threshold: 0.1,
      tooMuch: 0.11,
      forMinutes: 5,
      summary: ({ instance, job }) => `${instance} (${job}) spends its time collecting garbage`,
      description: 'The thread has stood still for collections during 11% of the last five minutes.',
      lookAlikes: [{ metric: '<vitals.gc.utilization{vitals.window="1m"}>', shape: steady(0.3) }],
    }),
    ...collectionTests(),
  ];
}

function pauseSentence(duration: string): string {
  return `One collection of twenty stops the thread for ${duration} or longer (P95 of the last minutes, exact); 0.1 s is much for a service.`;
}

/** Of few collections the percentile is the longest: one alone is no alert. */
function longPausesTest(): TestGroup {
  const alert = 'GCPauseTimeHigh';
  const process = (
    labels: Labels,
    untilMinute: number,
    minor: readonly (readonly [seconds: number, atMinutes: readonly number[]])[],
    major: typeof minor = [],
  ): TestSeries[] => [
    {
      metric: '<vitals.gc.pause.p95>',
      labels,
      shape: phases([0, 0.02], [10, 0.15], [untilMinute, 0.02]),
    },
    ...pauses(labels, 'minor', minor),
    ...pauses(labels, 'major', major),
  ];
  const pauses = (
    labels: Labels,
    type: string,
    some: readonly (readonly [seconds: number, atMinutes: readonly number[]])[],
  ): TestSeries[] =>
    pauseHistogram(labels, type, [
      [0.0005, steady(50)],
      ...some.map(
        ([seconds, moments]) =>
          [seconds, (minute: number) => moments.filter(moment => minute >= moment).length] as const,
      ),
    ]);
  const fires = (labels: Labels): Firing => ({
    alert,
    labels,
    from: 12,
    to: 15,
    says: [`Collections stop ${labels['instance']} (${labels['job']}) for long`, pauseSentence('150ms')],
  });
  return {
    name: 'GCPauseTimeHigh: one long pause and two',
    rules: [alert],
    besides: ['FleetGCPauseTimeHigh'],
    minutes: 30,
    stepSeconds: 30,
    series: [
      ...process(
        target('two-long-pauses'),
        15,
        [
          [0.15, [10]],
          [0.05, [6, 7]],
        ],
        [[0.15, [10]]],
      ),
      ...process(target('one-long-pause'), 15, [], [[0.15, [10]]]),
      ...process(
        target('many-short-pauses'),
        15,
        [[0.05, [10, 11, 12, 13, 14]]],
        [
          [0.05, [10, 11, 12]],
          [0.15, [10]],
        ],
      ),
      ...process(target('two-far-apart'), 21.5, [[0.15, [10, 16.5]]]),
      ...process({ ...target('one-without-scopes'), ...NO_SCOPE }, 15, [[0.15, [10]]]),
      // The same collection, counted by two instrumentations.
      ...process(target('runtime-node-beside'), 15, [[0.15, [10]]]),
      ...pauses({ ...target('runtime-node-beside'), ...RUNTIME_NODE }, 'minor', [[0.15, [10]]]),
      ...process(target('runtime-node-beside-two'), 15, [[0.15, [10, 10]]]),
      ...pauses({ ...target('runtime-node-beside-two'), ...RUNTIME_NODE }, 'minor', [[0.05, [10, 10, 10]]]),
      ...process(target('same-address'), 15, [[0.15, [10]]], [[0.15, [10]]]),
      ...pauses(target('same-address', 'mail'), 'minor', []),
    ],
    firing: ['two-long-pauses', 'runtime-node-beside-two', 'same-address'].map(instance =>
      fires(target(instance)),
    ),
  };
}
