import { gaugeTest } from './gauge-tests.js';
import { OLD_VERSION } from './scopes.js';
import { born, phases, steady, swing, without } from './shapes.js';
import { target } from './test-group.js';
import type { Labels, Shape, TestGroup, TestSeries } from './test-group.js';

/** Memory that is nearly used up, and a heap that may outgrow its container. */
export function memoryTests(): TestGroup[] {
  return [
    gaugeTest({
      alert: 'ContainerMemoryNearlyFull',
      metric: '<vitals.container.memory.utilization>',
      healthy: 0.6,
      threshold: 0.9,
      tooMuch: 0.95,
      forMinutes: 5,
      summary: ({ instance, job }) => `The container of ${instance} (${job}) has used 90 % of its memory`,
      description:
        'Its working set is 95% of the limit. What the kubelet evicts by, and all processes of the container together.',
    }),
    gaugeTest({
      alert: 'HeapNearlyFull',
      metric: '<vitals.heap.live_utilization>',
      healthy: 0.4,
      threshold: 0.8,
      tooMuch: 0.9,
      forMinutes: 5,
      summary: ({ instance, job }) => `The heap of ${instance} (${job}) is nearly full`,
      description:
        'After the latest major collection 90% of the heap limit were still in use. Near 100 % V8 collects all the time, then ends the process.',
      // Between two collections a heap is full of garbage, and is to be.
      lookAlikes: [{ metric: '<vitals.heap.utilization>', shape: swing(0.5, 0.97, 20) }],
    }),
    heapLimitTest(),
  ];
}

function heapLimitTest(): TestGroup {
  const alert = 'HeapLimitAboveContainerLimit';
  const MEBIBYTE = 1_048_576;
  const series = (metric: string, labels: Labels, mebibytes: Shape): TestSeries => ({
    metric,
    labels,
    shape: minute => {
      const now = mebibytes(minute);
      return now === undefined ? undefined : now * MEBIBYTE;
    },
  });
  const limits = (labels: Labels, heap: Shape, container?: Shape): TestSeries[] => [
    series('<vitals.heap.limit>', labels, heap),
    ...(container === undefined ? [] : [series('<vitals.container.memory.limit>', labels, container)]),
  ];
  const fires = (labels: Labels, share: string, from: number, to?: number): TestGroup['firing'][number] => ({
    alert,
    labels,
    from,
    ...(to === undefined ? {} : { to }),
    says: [
      `V8 may take more memory than the container of ${labels['instance']} (${labels['job']}) has`,
      `The heap limit is ${share} of the container limit: the kernel will kill the process before V8 thinks of collecting harder, and without a word (nodejs/node#64646). Set --max-old-space-size to about three quarters of the container limit.`,
    ],
  });
  const failing = (shape: Shape): Shape => without(shape, 7, 9.5);
  return {
    name: alert,
    rules: [alert],
    minutes: 30,
    stepSeconds: 30,
    series: [
      ...limits(target('above'), steady(1_150), steady(1_000)),
      ...limits(target('the-same'), steady(1_000), steady(1_000)),
      ...limits(target('three-quarters'), steady(750), steady(1_000)),
      ...limits(target('no-container'), steady(4_096)),
      ...limits(target('redeployed-with-less'), phases([0, 1_150], [20, 750]), steady(1_000)),
      ...limits(target('container-raised'), steady(1_150), phases([0, 1_000], [20, 2_000])),
      ...limits(target('container-lowered'), steady(1_150), phases([0, 2_000], [10, 1_000])),
      ...limits(target('heap-raised'), phases([0, 750], [10, 1_150]), steady(1_000)),
      ...limits(target('new-pod'), born(10, steady(750)), born(10, steady(1_000))),
      ...limits(target('some-scrapes-fail'), failing(phases([0, 1], [5, 1_150])), failing(steady(1_000))),
      // Seen for two minutes, and the other half of it all the time.
      ...limits(target('heap-gone'), without(steady(1_150), 2.5), steady(1_000)),
      ...limits(target('limit-removed'), steady(1_150), without(steady(1_000), 2.5)),
      // Another version of the packages has just left.
      ...limits(target('two-versions'), phases([0, 1_150], [20, 800]), steady(1_000)),
      ...limits({ ...target('two-versions'), ...OLD_VERSION }, steady(750), steady(800)),
      ...limits(target('same-address'), steady(750), steady(1_000)),
      ...limits(target('same-address', 'mail'), steady(1_150), steady(1_000)),
    ],
    firing: [
      fires(target('above'), '115%', 5),
      fires(target('redeployed-with-less'), '115%', 5, 20),
      fires(target('container-raised'), '115%', 5, 20),
      fires(target('container-lowered'), '115%', 15),
      fires(target('heap-raised'), '115%', 15),
      fires(target('some-scrapes-fail'), '115%', 10),
      fires(target('heap-gone'), '115%', 5, 5.5),
      fires(target('limit-removed'), '115%', 5, 5.5),
      fires(target('two-versions'), '115%', 5, 20),
      fires(target('same-address', 'mail'), '115%', 5),
    ],
  };
}
