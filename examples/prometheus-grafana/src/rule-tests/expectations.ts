import { labelSet } from './series-notation.js';
import { severities } from './severities.js';
import type { Firing, TestGroup } from './test-group.js';

/**
 * What is said of each alert when it begins to fire, and of all of that name that fire then: at as few moments as it takes
 * to have heard each of them.
 */
export function sentences({ firing }: Pick<TestGroup, 'firing'>): object[] {
  const heard = new Set<Firing>();
  const tests: object[] = [];
  for (const { alert, from } of [...firing].sort((one, other) => other.from - one.from)) {
    const together = firing.filter(one => one.alert === alert && isFiring(one, from));
    if (together.some(({ says }) => says === undefined) || together.every(one => heard.has(one))) continue;
    for (const one of together) heard.add(one);
    tests.push({
      eval_time: duration(from),
      alertname: alert,
      exp_alerts: together.map(({ labels, says }) => ({
        exp_labels: { severity: severities[alert], ...labels },
        exp_annotations: {
          summary: says![0],
          description: says![1],
          runbook: `docs/runbooks.md#${alert.toLowerCase()}`,
        },
      })),
    });
  }
  return tests;
}

/**
 * How often each alert has fired by now: all of them at the end, and each when it begins and ends. With the first
 * evaluation, the last one and their number known, each one between them is.
 */
export function timeLine({ firing, minutes, stepSeconds }: TestGroup, matcher: string): object[] {
  const step = stepSeconds / 60;
  const test = (now: number, some: readonly Firing[], more: string): object => ({
    expr: `count_over_time(ALERTS{alertstate="firing"${matcher}${more}}[${duration(minutes + step)}])`,
    eval_time: duration(now),
    exp_samples: [...evaluationsBy(now, some, step)].map(([labels, value]) => ({ labels, value })),
  });
  const edges = firing.flatMap(({ from, to }) => [from, ...(to === undefined ? [] : [to - step])]);
  return [
    ...[...new Set(edges)]
      .sort((one, other) => one - other)
      .map(now => {
        const turning = firing.filter(({ from, to = Infinity }) => from === now || to - step === now);
        const instances = new Set(turning.map(instanceOf));
        const some = firing.filter(one => instances.has(instanceOf(one)));
        return test(now, some, `,instance=~"${[...instances].join('|')}"`);
      }),
    test(minutes, firing, ''),
  ];
}

/** Of a whole job there is none. */
function instanceOf({ labels }: Firing): string {
  return labels['instance'] ?? '';
}

function evaluationsBy(now: number, firing: readonly Firing[], step: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { alert, labels, from, to = Infinity } of firing) {
    const times = Math.round((Math.min(now, to - step) - from) / step) + 1;
    if (times <= 0) continue;
    const key = labelSet({
      alertname: alert,
      alertstate: 'firing',
      severity: severities[alert] ?? '',
      ...labels,
    });
    counts.set(key, (counts.get(key) ?? 0) + times);
  }
  return counts;
}

function isFiring({ from, to = Infinity }: Firing, now: number): boolean {
  return from <= now && now < to;
}

/** `65m30s`: Prometheus takes no fractions. */
export function duration(minutes: number): string {
  const seconds = Math.round(minutes * 60);
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
