import { OLD_VERSION } from './scopes.js';
import { born, phases, ramp, replaced, sawtooth, spike, steady, without } from './shapes.js';
import { target } from './test-group.js';
import type { Labels, Shape, TestGroup, TestSeries } from './test-group.js';

/** An alert that holds while one number is above a threshold. */
export interface GaugeAlert {
  readonly alert: string;
  readonly metric: string;
  readonly healthy: number;
  readonly threshold: number;
  /** Above the threshold by less than a fifth. */
  readonly tooMuch: number;
  readonly forMinutes: number;
  summary(labels: Labels): string;
  /** With the number as it is when it is too much. */
  readonly description: string;
  /** Series that are no concern of it, of a process called `look-alike`. */
  readonly lookAlikes?: readonly Pick<TestSeries, 'metric' | 'shape'>[];
}

/** What every such alert has to do, and to leave alone. */
export function gaugeTest(one: GaugeAlert): TestGroup {
  const { alert, metric, healthy, threshold, tooMuch, forMinutes } = one;
  const series = (instance: string, shape: Shape, more: Labels = {}): TestSeries => ({
    metric,
    labels: { ...target(instance), ...more },
    shape,
  });
  const tooMuchFor = (fromMinute: number, toMinute: number): Shape =>
    phases([0, healthy], [fromMinute, tooMuch], [toMinute, healthy]);
  const fires = (labels: Labels, from: number, to: number): TestGroup['firing'][number] => ({
    alert,
    labels,
    from,
    to,
    says: [one.summary(labels), one.description],
  });
  return {
    name: alert,
    rules: [alert],
    minutes: 30,
    stepSeconds: 30,
    series: [
      series('too-much', tooMuchFor(5, 20)),
      series('at-the-threshold', steady(threshold)),
      series('too-short', tooMuchFor(5, 5 + forMinutes)),
      series('spike', spike(healthy, 2 * tooMuch, 10)),
      series('warm-up', ramp(0, healthy, 0, 10)),
      series('deployed', replaced(15, ramp(healthy, threshold, 0, 10), ramp(0, healthy, 0, 10))),
      series('new-pod', born(12, ramp(0, threshold, 0, 8))),
      series('sawtooth', sawtooth(healthy, tooMuch, Math.max(1, forMinutes))),
      series('some-scrapes-fail', without(tooMuchFor(5, 20), 6, 8.5)),
      series('gone', without(tooMuchFor(5, 20), 5.5)),
      // Another version of the packages has just left.
      series('two-versions', steady(healthy)),
      series('two-versions', tooMuchFor(5, 20), OLD_VERSION),
      // The same address in two jobs.
      series('same-address', steady(healthy)),
      series('same-address', tooMuchFor(5, 20), { job: 'mail' }),
      ...(one.lookAlikes ?? []).map(other => ({ ...other, labels: target('look-alike') })),
    ],
    firing: [
      fires(target('too-much'), 5 + forMinutes, 20),
      fires(target('some-scrapes-fail'), 5 + forMinutes, 20),
      fires(target('two-versions'), 5 + forMinutes, 20),
      fires(target('same-address', 'mail'), 5 + forMinutes, 20),
      // What was seen last holds for three minutes.
      ...(forMinutes < 3 ? [fires(target('gone'), 5 + forMinutes, 8.5)] : []),
    ],
  };
}
