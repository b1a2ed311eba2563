import { agedProcesses, firingSpans } from './aged-processes.js';
import { ticks, ticksFrom } from './processes.js';
import { OLD_VERSION } from './scopes.js';
import { phases, steady, without } from './shapes.js';
import { target } from './test-group.js';
import type { Firing, Labels, Shape, TestGroup, TestSeries } from './test-group.js';

interface GrowthAlert {
  readonly alert: string;
  /** MiB a minute. */
  readonly threshold: number;
  readonly minutes: number;
  readonly length: number;
  readonly besides?: readonly string[];
}

/** Memory that grows: two thresholds of the same condition. */
export function memoryGrowthTests(): TestGroup[] {
  return [
    ...growthTest({ alert: 'MemoryGrowing', threshold: 0.1, minutes: 60, length: 250 }),
    ...growthTest({
      alert: 'MemoryGrowingFast',
      threshold: 0.5,
      minutes: 30,
      length: 135,
      // What grows fast grows.
      besides: ['MemoryGrowing'],
    }),
  ];
}

type Signal = 'rss' | 'heap_live' | 'external' | 'native';

const MEBIBYTES_A_MINUTE = 1_048_576 / 60;

function growthTest({ alert, threshold, minutes, length, besides = [] }: GrowthAlert): TestGroup[] {
  const growth = (labels: Labels, signal: Signal, shape: Shape): TestSeries => ({
    metric: `<vitals.memory.growth{vitals.memory.signal="${signal}"}>`,
    labels,
    shape: minute => {
      const now = shape(minute);
      return now === undefined ? undefined : now * MEBIBYTES_A_MINUTE;
    },
  });
  // Somewhat above the thresholds: half of it in one part, all of it in the resident set.
  const part = 0.56 * threshold;
  const whole = 1.1 * threshold;
  const leak = (
    labels: Labels,
    shape: (leaking: Shape) => Shape,
    signal: Signal = 'heap_live',
  ): TestSeries[] => [
    growth(labels, signal, shape(steady(part))),
    growth(labels, 'rss', shape(steady(whole))),
  ];
  const process = (
    instance: string,
    parts: Partial<Record<Signal, Shape>>,
    age: Shape = ticksFrom(0),
  ): TestSeries[] => [
    ...Object.entries(parts).map(([signal, shape]) => growth(target(instance), signal as Signal, shape)),
    ticks(target(instance), 'memory.process', age),
  ];
  const fires = (labels: Labels, from: number, to?: number, signal: Signal = 'heap_live'): Firing => ({
    alert,
    labels: { ...labels, vitals_memory_signal: signal },
    from,
    ...(to === undefined ? {} : { to }),
    says: [
      `Memory of ${labels['instance']} (${labels['job']}) keeps growing`,
      `Its ${signal} memory grows by ${part.toFixed(2)} MiB a minute, and the resident set by more than ${threshold}, for ${minutes} minutes now.`,
    ],
  });
  const rule = { age: minutes, forMinutes: minutes, length };
  const begins = 2 * minutes;
  const failing = (shape: Shape): Shape => without(shape, minutes + 5, minutes + 7);
  const ends = begins + 10;
  const aged = agedProcesses(leak, rule);
  const common = { rules: [alert], besides, stepSeconds: 60 };
  const grows = {
    ...common,
    name: `${alert}: what grows and what does not`,
    minutes: ends + minutes + 5,
    series: [
      ...leak(target('external-memory'), shape => shape, 'external'),
      ticks(target('external-memory')),
      ...leak(target('native-memory'), shape => shape, 'native'),
      ticks(target('native-memory')),
      ...process('stops', { heap_live: phases([0, part], [ends, 0]), rss: phases([0, whole], [ends, 0]) }),
      // The resident set follows load and V8's generosity.
      ...process('resident-set-alone', { heap_live: steady(0.49 * threshold), rss: steady(4 * threshold) }),
      // A heap may grow into pages that it has long had.
      ...process('heap-alone', { heap_live: steady(4 * threshold), rss: steady(0.99 * threshold) }),
      ...process('shrinks', { heap_live: steady(-part), native: steady(-part), rss: steady(-whole) }),
      ...process(
        'some-scrapes-fail-later',
        { heap_live: failing(steady(part)), rss: failing(steady(whole)) },
        failing(ticksFrom(0)),
      ),
      // A trend that is told no more: a value holds for three minutes.
      ...process('part-not-told', { heap_live: without(steady(part), ends), rss: steady(whole) }),
      ...process('whole-not-told', { heap_live: steady(part), rss: without(steady(whole), ends) }),
      ...process('a-drop', {
        heap_live: phases([0, part], [ends, part / 2], [ends + 1, part]),
        rss: steady(whole),
      }),
      ...process('a-drop-of-rss', {
        heap_live: steady(part),
        rss: phases([0, whole], [ends, 0], [ends + 1, whole]),
      }),
      ...process('a-bump', {
        heap_live: phases([0, 0], [minutes + 5, 2 * part], [minutes + 6, 0]),
        rss: steady(whole),
      }),
      // Another version of the packages has just left.
      ...process('two-versions', { heap_live: steady(-part / 2), rss: steady(-whole / 2) }),
      ...leak({ ...target('two-versions'), ...OLD_VERSION }, shape => shape),
      ...process('same-address-half', { heap_live: steady(part), rss: steady(0) }),
      growth(target('same-address-half', 'mail'), 'heap_live', steady(0)),
      growth(target('same-address-half', 'mail'), 'rss', steady(whole)),
      ticks(target('same-address-half', 'mail')),
    ],
    firing: [
      fires(target('external-memory'), begins, undefined, 'external'),
      fires(target('native-memory'), begins, undefined, 'native'),
      fires(target('stops'), begins, ends),
      fires(target('some-scrapes-fail-later'), begins),
      fires(target('part-not-told'), begins, ends + 3),
      fires(target('whole-not-told'), begins, ends + 3),
      // Each begins to wait anew.
      ...['a-drop', 'a-drop-of-rss'].flatMap(instance => [
        fires(target(instance), begins, ends),
        fires(target(instance), ends + 1 + minutes),
      ]),
      fires(target('two-versions'), begins),
    ],
  };
  const ages = {
    ...common,
    name: `${alert}: not of young processes`,
    minutes: length,
    series: aged.flatMap(({ series }) => series),
    firing: aged.flatMap(({ labels, spans }) =>
      firingSpans(spans, rule).map(([from, to]) => fires(labels, from, to)),
    ),
  };
  return [grows, ages];
}
