import { HOST_METRICS, NO_SCOPE, OLD_VERSION } from './scopes.js';
import { born, phases, ramp, replaced, sawtooth, spike, steady, without } from './shapes.js';
import { target } from './test-group.js';
import type { Firing, Labels, Shape, TestGroup, TestSeries } from './test-group.js';

const LIMIT_BYTES = 2_000_000_000;

const LEVELS = [
  { alert: 'MemoryUsageHigh', word: 'high', rule: '73 %: level 1' },
  { alert: 'MemoryUsageVeryHigh', word: 'very high', rule: '88 %: level 2' },
  { alert: 'MemoryUsageExtreme', word: 'extreme', rule: '93 %: level 3' },
] as const;

/** The resident set as a share of the container limit: the levels of escalation. */
export function memoryUsageTests(): TestGroup[] {
  const upFromFive = phases([0, 0.5], [5, 0.95]);
  return [
    {
      name: 'the levels of memory usage, 73, 88 and 93 % of the limit',
      rules: LEVELS.map(({ alert }) => alert),
      minutes: 40,
      stepSeconds: 30,
      series: [
        ...using('climbs', phases([0, 0.5], [5, 0.8], [15, 0.9], [22, 0.95], [28, 0.6])),
        // Exactly at a level is not above it.
        ...using('at-level-1', steady(0.73)),
        ...using('at-level-2', steady(0.88)),
        ...using('at-level-3', steady(0.93)),
        ...using('fills-up-and-is-deployed', replaced(20, ramp(0.2, 0.72, 0, 10), ramp(0.1, 0.72, 0, 10))),
        ...using('new-pod', born(12, ramp(0.1, 0.7, 0, 8))),
        ...using('sawtooth', sawtooth(0.3, 0.73, 4)),
        // Four minutes of each six above the first level, one and a half of each six above the second.
        ...using('sawtooth-across-the-levels', sawtooth(0.63, 0.93, 6)),
        ...using('spike', spike(0.5, 0.99, 10)),
        resident('some-scrapes-fail', without(phases([0, 0.5], [5, 0.95], [14, 0.5]), 7, 9.5)),
        limit('some-scrapes-fail', without(steady(1), 7, 9.5)),
        resident('gone', without(upFromFive, 7)),
        limit('gone', steady(1)),
        // Two series of one process: another version of the packages has just left.
        ...using('two-versions', steady(0.5)),
        resident('two-versions', phases([0, 0.95], [20, 0.5]), OLD_VERSION),
        limit('two-versions', steady(0.5), OLD_VERSION),
        // The same address in two jobs.
        ...using('same-address', steady(0.5)),
        ...using('same-address', phases([0, 0.95], [20, 0.5]), { job: 'mail' }),
        // Another instrumentation that reports the same metric is not asked; one that tells no scope may be ours.
        ...using('host-metrics-beside', steady(0.5)),
        resident('host-metrics-beside', steady(0.99), HOST_METRICS),
        resident('without-scopes', upFromFive, NO_SCOPE),
        limit('without-scopes', steady(1)),
        // No container, or one without a limit.
        resident('no-limit', steady(40)),
        resident('limit-removed', phases([0, 0.5], [4.5, 0.95])),
        limit('limit-removed', without(steady(1), 5)),
        resident('limit-lowered', steady(0.95)),
        limit('limit-lowered', phases([0, 2], [5, 1])),
        resident('limit-raised', steady(0.95)),
        limit('limit-raised', phases([0, 1], [12, 2])),
      ],
      firing: [
        ...fires(target('climbs'), '80%', [10, 28]),
        ...fires(target('climbs'), '90%', undefined, [17, 28]),
        ...fires(target('climbs'), '95%', undefined, undefined, [23, 28]),
        ...fires(target('at-level-2'), '88%', [5]),
        ...fires(target('at-level-3'), '93%', [5], [2]),
        ...fires(target('some-scrapes-fail'), '95%', [10, 14], [7, 14], [6, 14]),
        ...fires(target('gone'), '95%', undefined, [7, 10], [6, 10]),
        ...fires(target('two-versions'), '95%', [5, 20], [2, 20], [1, 20]),
        ...fires(target('same-address', 'mail'), '95%', [5, 20], [2, 20], [1, 20]),
        ...fires(target('without-scopes'), '95%', [10], [7], [6]),
        ...fires(target('limit-removed'), '95%', undefined, [6.5, 8], [5.5, 8]),
        ...fires(target('limit-lowered'), '95%', [10], [7], [6]),
        ...fires(target('limit-raised'), '95%', [5, 12], [2, 12], [1, 12]),
      ],
    },
  ];
}

function using(instance: string, share: Shape, more: Labels = {}): TestSeries[] {
  return [resident(instance, share, more), limit(instance, steady(1), more)];
}

/** As a share of the usual limit. */
function resident(instance: string, share: Shape, more: Labels = {}): TestSeries {
  return series('<process.memory.usage>', instance, share, more);
}

/** In usual limits. */
function limit(instance: string, share: Shape, more: Labels = {}): TestSeries {
  return series('<vitals.container.memory.limit>', instance, share, more);
}

function series(metric: string, instance: string, share: Shape, more: Labels): TestSeries {
  return {
    metric,
    labels: { ...target(instance), ...more },
    shape: minute => {
      const now = share(minute);
      return now === undefined ? undefined : now * LIMIT_BYTES;
    },
  };
}

/** Of each level, from when to when. */
function fires(
  labels: Labels,
  share: string,
  ...spans: readonly (readonly [from: number, to?: number] | undefined)[]
): Firing[] {
  return LEVELS.flatMap(({ alert, word, rule }, level) => {
    const span = spans[level];
    if (span === undefined) return [];
    const [from, to] = span;
    const says = [
      `Memory usage of ${labels['instance']} (${labels['job']}) is ${word}`,
      `Its resident set is ${share} of the container limit, more than ${rule} of 3.`,
    ] as const;
    return [{ alert, labels, from, ...(to === undefined ? {} : { to }), says }];
  });
}
