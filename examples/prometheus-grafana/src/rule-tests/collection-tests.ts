import { countOf } from './counts.js';
import { NO_SCOPE, RUNTIME_NODE } from './scopes.js';
import { phases, replaced, steady, without } from './shapes.js';
import { target } from './test-group.js';
import type { Firing, Labels, Shape, TestGroup, TestSeries } from './test-group.js';

/** Collections of one type that come too often. */
export function collectionTests(): TestGroup[] {
  return [
    collectionTest('MinorCollectionsFrequent', 'minor', 10, 11.25, '11.2'),
    collectionTest('MajorCollectionsFrequent', 'major', 0.1, 0.11, '0.11'),
  ];
}

function collectionTest(
  alert: string,
  type: string,
  threshold: number,
  tooMany: number,
  said: string,
): TestGroup {
  const count = (instance: string, perSecond: Shape, of = type, more: Labels = {}): TestSeries => ({
    metric: `<v8js.gc.duration:count{v8js.gc.type="${of}"}>`,
    labels: { ...target(instance), ...more },
    shape: countOf(perSecond),
  });
  const half = tooMany / 2;
  // Half as many, and from the tenth minute on too many: the rate of five minutes passes the threshold in between.
  const burst = (toMinute: number): Shape => phases([0, half], [10, tooMany], [toMinute, half]);
  const passes = 10 + (5 * (threshold - half)) / (tooMany - half);
  const falls = 5 * ((tooMany - threshold) / (tooMany - half));
  const next = (minute: number): number => Math.floor(minute * 2 + 1) / 2;
  const fires = (labels: Labels, toMinute?: number): Firing => ({
    alert,
    labels: { ...labels, v8js_gc_type: type },
    from: next(passes) + 10,
    ...(toMinute === undefined ? {} : { to: next(toMinute + falls) }),
    says: [
      `${labels['instance']} (${labels['job']}) has many ${type} collections`,
      `${said} ${type} collections a second; more than ${threshold} mean that much is allocated, or into too little room.`,
    ],
  });
  const record = 'instance_type:v8js_gc_duration_count:rate5m';
  const rateOf = (instance: string, value: number, job = 'shop'): readonly [Labels, number] => [
    { ...target(instance, job), v8js_gc_type: type },
    value,
  ];
  return {
    name: alert,
    rules: [alert, record],
    minutes: 60,
    stepSeconds: 30,
    series: [
      count('too-many', burst(40)),
      count('at-the-threshold', steady(threshold)),
      // Ten minutes above the threshold are not more than ten.
      count('burst', burst(20)),
      count('other-type', steady(5 * threshold), type === 'minor' ? 'major' : 'minor'),
      count('weak-callbacks', steady(5 * threshold), 'weakcb'),
      {
        ...count('deployed', steady(half)),
        shape: replaced(20, countOf(steady(0.9 * threshold)), countOf(steady(0.9 * threshold))),
      },
      { ...count('a-scrape-fails', burst(40)), shape: without(countOf(burst(40)), 27, 27.5) },
      count('runtime-node-beside', steady(half)),
      count('runtime-node-beside', steady(half * 1.5), type, RUNTIME_NODE),
      count('without-scopes', burst(40), type, NO_SCOPE),
      // Another version of the packages has just left: both have counted.
      count('two-versions', steady(0.3 * threshold)),
      count('two-versions', steady(0.3 * threshold), type, { otel_scope_version: '0.0.9' }),
      count('same-address', steady(half)),
      count('same-address', burst(40), type, { job: 'mail' }),
    ],
    besides: type === 'minor' ? ['MajorCollectionsFrequent'] : ['MinorCollectionsFrequent'],
    firing: [
      fires(target('too-many'), 40),
      fires(target('a-scrape-fails'), 40),
      fires(target('without-scopes'), 40),
      fires(target('same-address', 'mail'), 40),
    ],
    queries: [
      {
        at: 12.5,
        query: `${record}{v8js_gc_type="${type}",instance=~"too-many|runtime-node-beside|two-versions|same-address|without-scopes"}`,
        samples: [
          // Half of the window has the one rate, half the other.
          rateOf('too-many', (half + tooMany) / 2),
          rateOf('runtime-node-beside', half),
          rateOf('two-versions', 0.6 * threshold),
          rateOf('same-address', half),
          rateOf('same-address', (half + tooMany) / 2, 'mail'),
          rateOf('without-scopes', (half + tooMany) / 2),
        ],
      },
    ],
  };
}
