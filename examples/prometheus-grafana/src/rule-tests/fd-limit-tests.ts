import { agedProcesses, firingSpans } from './aged-processes.js';
import { NEVER, ticks, ticksFrom } from './processes.js';
import { OLD_VERSION } from './scopes.js';
import { phases, spike, steady, without } from './shapes.js';
import { target } from './test-group.js';
import type { Firing, Labels, Shape, TestGroup, TestSeries } from './test-group.js';

const LENGTH = 60;

/** Descriptors that will be used up soon. */
export function limitTests(): TestGroup[] {
  const alert = 'FDLimitWithinAnHour';
  const time = (labels: Labels, seconds: Shape): TestSeries => ({
    metric: '<vitals.fd.time_to_limit>',
    labels,
    shape: seconds,
  });
  const process = (instance: string, seconds: Shape, age: Shape = ticksFrom(0)): TestSeries[] => [
    time(target(instance), seconds),
    ticks(target(instance), 'fd.count', age),
  ];
  const fires = (labels: Labels, from: number, to?: number): Firing => ({
    alert,
    labels,
    from,
    ...(to === undefined ? {} : { to }),
    says: [
      `${labels['instance']} (${labels['job']}) runs out of file descriptors within an hour`,
      'At its present growth the last one is taken in 50m 0s.',
    ],
  });
  const soon = steady(3_000);
  const failing = (shape: Shape): Shape => without(shape, 16, 18);
  const rule = { age: 15, forMinutes: 5, length: LENGTH };
  const aged = agedProcesses((labels, shape) => [time(labels, shape(soon))], rule);
  const common = { rules: [alert], minutes: LENGTH, stepSeconds: 30 };
  return [
    {
      ...common,
      name: 'FDLimitWithinAnHour: soon and never',
      series: [
        ...process('soon', phases([0, 3_000], [45, 604_800])),
        ...process('at-the-threshold', steady(3_600)),
        ...process('never', NEVER),
        ...process('too-short', phases([0, 604_800], [30, 3_000], [35, 604_800])),
        ...process('spike', spike(604_800, 10, 30)),
        ...process('once-never', phases([0, 3_000], [30, 604_800], [30.5, 3_000])),
        ...process('some-scrapes-fail', failing(soon), failing(ticksFrom(0))),
        ...process('not-told', without(soon, 40)),
        ...process('two-versions', NEVER),
        time({ ...target('two-versions'), ...OLD_VERSION }, soon),
        ...process('same-address', NEVER),
        time(target('same-address', 'mail'), soon),
      ],
      firing: [
        fires(target('soon'), 20, 45),
        fires(target('once-never'), 20, 30),
        fires(target('once-never'), 35.5),
        fires(target('some-scrapes-fail'), 20),
        fires(target('not-told'), 20, 43),
        fires(target('two-versions'), 20),
      ],
    },
    {
      ...common,
      name: 'FDLimitWithinAnHour: not of young processes',
      series: aged.flatMap(({ series }) => series),
      firing: aged.flatMap(({ labels, spans }) =>
        firingSpans(spans, rule).map(([from, to]) => fires(labels, from, to)),
      ),
    },
  ];
}
