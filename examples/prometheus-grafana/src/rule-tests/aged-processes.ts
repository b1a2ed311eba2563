import { ticks, ticksFrom } from './processes.js';
import type { Reading } from './processes.js';
import { OLD_VERSION } from './scopes.js';
import { born, without } from './shapes.js';
import { target } from './test-group.js';
import type { Labels, Shape, TestSeries } from './test-group.js';

/** In minutes each. */
export interface AgeRule {
  /** How old a process has to be. */
  readonly age: number;
  /** How long a condition has to hold. */
  readonly forMinutes: number;
  /** Of the test. */
  readonly length: number;
}

/** Makes the series that one rule is about, of a process in whose growth there is no doubt. */
export type Leak = (labels: Labels, shape: (whileLeaking: Shape) => Shape) => TestSeries[];

/** A process that leaks from its beginning, and when it is old enough to be judged. */
export interface AgedProcess {
  readonly series: readonly TestSeries[];
  readonly labels: Labels;
  /** Minutes in which the condition holds. */
  readonly spans: readonly (readonly [from: number, to: number])[];
}

/**
 * Processes that a rule with an `olderThan` in it takes for too young, for a while each: all of them leak as much as
 * they can from their first minute on.
 */
export function agedProcesses(leak: Leak, { age, forMinutes, length }: AgeRule): AgedProcess[] {
  const asItIs = (shape: Shape): Shape => shape;
  const one = (
    instance: string,
    shape: (whileLeaking: Shape) => Shape,
    age: Shape,
    spans: AgedProcess['spans'],
    reading: Reading = 'memory.process',
  ): AgedProcess => {
    const labels = target(instance);
    return { labels, spans, series: [...leak(labels, shape), ticks(labels, reading, age)] };
  };
  // When all of them fire.
  const halfway = age + forMinutes + 5;
  const upgraded = target('upgraded');
  return [
    // Each package alone has a count to tell the age by.
    one('memory-metrics-alone', asItIs, ticksFrom(0), [[age, length]]),
    one('with-fd-watch-alone', asItIs, ticksFrom(0), [[age, length]], 'fd.count'),
    one('with-gc-alone', asItIs, ticksFrom(0), [[age, length]], 'gc.summary'),
    // Kubernetes: a new pod is a new target.
    one('new-pod', shape => born(5, shape), ticksFrom(5), [[age + 5, length]]),
    // Compose: a new process is behind the same target.
    one('deployed', asItIs, ticksFrom(0, halfway), [
      [age, halfway],
      [halfway + age + 3, length],
    ]),
    // The new one has other labels, since it brings another version of these packages.
    {
      labels: upgraded,
      series: [
        ...leak(upgraded, asItIs),
        ticks({ ...upgraded, ...OLD_VERSION }, 'memory.process', without(ticksFrom(0), halfway)),
        ticks(upgraded, 'memory.process', born(halfway, ticksFrom(0))),
      ],
      spans: [
        [age, halfway + 3],
        [halfway + age, length],
      ],
    },
    // Two of its packages go on and the third is started anew.
    {
      labels: target('reset-of-one'),
      series: [
        ...leak(target('reset-of-one'), asItIs),
        ticks(target('reset-of-one'), 'memory.process', ticksFrom(0)),
        ticks(target('reset-of-one'), 'gc.summary', ticksFrom(0, halfway)),
      ],
      spans: [
        [age, halfway],
        [halfway + age + 3, length],
      ],
    },
    // Nothing is known of its age.
    { labels: target('without-age'), series: leak(target('without-age'), asItIs), spans: [] },
    {
      labels: target('other-readings-alone'),
      series: [
        ...leak(target('other-readings-alone'), asItIs),
        {
          metric: '<vitals.sampler.ticks{vitals.reading="memory.array_buffers"}>',
          labels: target('other-readings-alone'),
          shape: ticksFrom(0),
        },
      ],
      spans: [],
    },
    ...sameAddress(leak, age, halfway, length),
    {
      labels: target('some-scrapes-fail'),
      series: [
        ...leak(target('some-scrapes-fail'), shape => without(shape, 2, 4)),
        ticks(target('some-scrapes-fail'), 'memory.process', without(ticksFrom(0), 2, 4)),
      ],
      spans: [[age, length]],
    },
    // Nothing was scraped for five minutes; those three before do not count for longer.
    {
      labels: target('prometheus-was-down'),
      series: [
        ...leak(target('prometheus-was-down'), shape => without(shape, 2, 7)),
        ticks(target('prometheus-was-down'), 'memory.process', without(ticksFrom(0), 2, 7)),
      ],
      spans: [
        [age, age + 5],
        [age + 7, length],
      ],
    },
  ];
}

/** When an alert fires of a condition that holds in these spans. */
export function firingSpans(
  spans: AgedProcess['spans'],
  { forMinutes, length }: Omit<AgeRule, 'age'>,
): (readonly [from: number, to?: number])[] {
  return spans
    .filter(([from, to]) => from + forMinutes < to)
    .map(([from, to]) => (to === length ? [from + forMinutes] : [from + forMinutes, to]));
}

/** One of two jobs has begun anew, or is new. */
function sameAddress(leak: Leak, age: number, halfway: number, length: number): AgedProcess[] {
  const [shop, mail] = [target('same-address'), target('same-address', 'mail')];
  return [
    {
      labels: shop,
      series: [...leak(shop, shape => shape), ticks(shop, 'memory.process', ticksFrom(0, halfway))],
      spans: [
        [age, halfway],
        [halfway + age + 3, length],
      ],
    },
    { labels: mail, series: [ticks(mail)], spans: [] },
    {
      labels: target('reused-address'),
      series: [
        ...leak(target('reused-address'), shape => born(5, shape)),
        ticks(target('reused-address'), 'memory.process', ticksFrom(5)),
        ticks(target('reused-address', 'mail')),
      ],
      spans: [[age + 5, length]],
    },
  ];
}
