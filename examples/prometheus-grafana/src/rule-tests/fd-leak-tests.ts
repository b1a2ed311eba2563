import { agedProcesses, firingSpans } from './aged-processes.js';
import { FD_TREND, ticks, ticksFrom, trendOf } from './processes.js';
import { HOST_METRICS, NO_SCOPE, OLD_VERSION } from './scopes.js';
import { phases, ramp, replaced, sawtooth, spike, steady, swing, without } from './shapes.js';
import { target } from './test-group.js';
import type { Firing, Labels, Shape, TestGroup, TestSeries } from './test-group.js';

const LENGTH = 60;

const growth = (labels: Labels, perMinute: Shape): TestSeries => ({
  metric: '<vitals.fd.growth>',
  labels,
  shape: minute => {
    const now = perMinute(minute);
    return now === undefined ? undefined : now / 60;
  },
});

const count = (labels: Labels, open: Shape): TestSeries => ({
  metric: '<process.unix.file_descriptor.count>',
  labels,
  shape: open,
});

/** Descriptors that become more and more. */
export function leakTests(): TestGroup[] {
  const alert = 'FDLeakDetected';
  const leaking = (minute: number): number => 100 + 11 * minute;
  const fires = (labels: Labels, from: number, to?: number): Firing => ({
    alert,
    labels,
    from,
    ...(to === undefined ? {} : { to }),
    says: [
      `${labels['instance']} (${labels['job']}) leaks file descriptors`,
      'It has 11 more open each minute, by the trend, and more than 50 more than at any time in the half hour before the last five minutes.',
    ],
  });
  const process = (instance: string, open: Shape, perMinute: Shape = steady(11)): TestSeries[] => [
    growth(target(instance), perMinute),
    count(target(instance), open),
    ticks(target(instance), 'fd.count'),
  ];
  const simulated = (instance: string, open: Shape, ...births: readonly number[]): TestSeries[] => {
    const judges = [0, ...births].map(birth => trendOf(minute => open(minute + birth), FD_TREND));
    const trend: Shape = minute => {
      const index = [0, ...births].findLastIndex(birth => minute >= birth);
      const perSecond = judges[index]!(minute - [0, ...births][index]!);
      return perSecond === undefined ? undefined : perSecond * 60;
    };
    return [
      growth(target(instance), trend),
      count(target(instance), open),
      ticks(target(instance), 'fd.count', ticksFrom(0, ...births)),
    ];
  };
  const rule = { age: 15, forMinutes: 3, length: LENGTH };
  const aged = agedProcesses(
    (labels, shape) => [growth(labels, shape(steady(11))), count(labels, leaking)],
    rule,
  );
  const common = { rules: [alert], minutes: LENGTH, stepSeconds: 30 };
  const failing = (shape: Shape): Shape => without(shape, 30, 32);
  return [
    {
      ...common,
      name: 'FDLeakDetected: what leaks and what does not',
      series: [
        ...process('leaks', leaking),
        // At 45.5 it has 49.5 more than it had had five minutes before.
        ...process('stops', ramp(100, 100 + 11 * 45, 0, 45)),
        ...process('trend-ends', leaking, phases([0, 11], [45, 0])),
        ...process('trend-below', leaking, steady(9.9)),
        ...process('fewer', minute => 100 + 10 * minute),
        // As high as half an hour ago it is no record: until 45, when that is longer ago.
        ...process('high-long-ago', minute => (minute < 10 ? 600 : 100 + 11 * (minute - 10))),
        ...process('count-jumps', spike(100, 300, 30)),
        ...process(
          'count-not-told',
          without(minute => 100 + 40 * minute, 40),
        ),
        ...process(
          'some-scrapes-fail',
          failing(minute => 100 + 40 * minute),
          failing(steady(11)),
        ),
        ...process('trend-not-told', leaking, without(steady(11), 40)),
        ...process('trend-drops', leaking, phases([0, 11], [40, 0], [40.5, 11])),
        ...process('trend-jumps', leaking, spike(0, 60, 40)),
        ...process('two-versions', minute => 300 - 2 * minute, steady(3)),
        growth({ ...target('two-versions'), ...OLD_VERSION }, steady(11)),
        count({ ...target('two-versions'), ...OLD_VERSION }, leaking),
        // Another instrumentation counts as well.
        ...process('host-metrics-beside', steady(100)),
        count({ ...target('host-metrics-beside'), ...HOST_METRICS }, leaking),
        growth(target('without-scopes'), steady(11)),
        count({ ...target('without-scopes'), ...NO_SCOPE }, leaking),
        ticks(target('without-scopes')),
        ...process('same-address', steady(100)),
        count(target('same-address', 'mail'), leaking),
        growth(target('same-address', 'mail'), steady(0)),
        ticks(target('same-address', 'mail')),
      ],
      firing: [
        fires(target('leaks'), 18),
        fires(target('stops'), 18, 45.5),
        fires(target('trend-ends'), 18, 45),
        fires(target('high-long-ago'), 48),
        fires(target('count-not-told'), 18, 43),
        fires(target('some-scrapes-fail'), 18),
        fires(target('trend-not-told'), 18, 43),
        fires(target('trend-drops'), 18, 40),
        fires(target('trend-drops'), 43.5),
        fires(target('two-versions'), 18),
        fires(target('without-scopes'), 18),
      ],
    },
    {
      ...common,
      name: 'FDLeakDetected: not of young processes',
      series: aged.flatMap(({ series }) => series),
      firing: aged.flatMap(({ labels, spans }) =>
        firingSpans(spans, rule).map(([from, to]) => fires(labels, from, to)),
      ),
    },
    {
      ...common,
      name: 'FDLeakDetected: look-alikes, each with the trend that it would report',
      series: [
        ...simulated('healthy-oscillation', swing(100, 400, 6)),
        ...simulated('fast-oscillation', swing(100, 400, 1)),
        ...simulated('slow-oscillation', swing(100, 400, 20)),
        ...simulated('round-oscillation', minute => 250 - 150 * Math.cos((2 * Math.PI * minute) / 8)),
        ...simulated('sawtooth', sawtooth(100, 400, 5)),
        ...simulated('warm-up', ramp(20, 400, 0, 4)),
        ...simulated('long-warm-up', ramp(20, 600, 0, 9)),
        ...simulated('deployed', replaced(30, ramp(20, 400, 0, 4), ramp(20, 400, 0, 4)), 30),
        ...simulated('step', ramp(100, 400, 30, 31)),
        ...simulated('spike', spike(100, 900, 30)),
      ],
      firing: [],
    },
  ];
}
