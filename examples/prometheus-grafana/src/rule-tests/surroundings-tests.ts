import { born, phases, sawtooth, spike, steady } from './shapes.js';
import type { Firing, Labels, Shape, TestGroup, TestSeries } from './test-group.js';

const GIB = 2 ** 30;

/** Containers and Redis, by what other exporters tell. */
export function surroundingsTests(): TestGroup[] {
  return [containerMemoryTest(), containerRestartTest(), redisTest()];
}

const docker = (name: string): Labels => ({
  job: 'cadvisor',
  instance: 'host-1:8080',
  id: `/docker/${name}`,
  name,
});
const pod = (name: string): Labels => ({
  job: 'kubelet',
  instance: 'node-1:10250',
  id: `/kubepods/${name}`,
  name: `k8s_${name}`,
  namespace: 'shop',
  pod: `${name}-5d9f`,
  container: name,
});
const scaled =
  (shape: Shape, factor: number): Shape =>
  minute => {
    const value = shape(minute);
    return value === undefined ? undefined : value * factor;
  };

function containerMemoryTest(): TestGroup {
  const alert = 'ContainerHighMemory';
  const container = (labels: Labels, share: Shape, limit: Shape = steady(GIB)): TestSeries[] => [
    { metric: 'container_memory_working_set_bytes', labels, shape: scaled(share, GIB) },
    { metric: 'container_spec_memory_limit_bytes', labels, shape: limit },
  ];
  const fires = (labels: Labels, named: string, from: number, to?: number): Firing => ({
    alert,
    labels,
    from,
    ...(to === undefined ? {} : { to }),
    says: [`Container ${named} has used 90 % of its memory`, 'Its working set is 95% of its limit.'],
  });
  const high = phases([0, 0.5], [5, 0.95], [20, 0.5]);
  return {
    name: alert,
    rules: [alert],
    minutes: 30,
    stepSeconds: 30,
    series: [
      ...container(docker('full'), high),
      ...container(pod('api'), high),
      ...container(docker('at-the-threshold'), steady(0.9)),
      ...container(docker('too-short'), phases([0, 0.5], [5, 0.95], [10, 0.5])),
      ...container(docker('spike'), spike(0.5, 0.99, 10)),
      ...container(docker('sawtooth'), sawtooth(0.4, 0.98, 10)),
      ...container(docker('new'), born(10, steady(0.8)), born(10, steady(GIB))),
      // Without a limit: cAdvisor has nothing, 0 or a number beyond any memory.
      { metric: 'container_memory_working_set_bytes', labels: docker('no-limit'), shape: steady(8 * GIB) },
      ...container(docker('unlimited'), steady(8), steady(0)),
      ...container(docker('unlimited-by-a-number'), steady(8), steady(2 ** 63)),
      // The slice that all of them are in, and the pause container of a pod.
      ...container({ job: 'cadvisor', instance: 'host-1:8080', id: '/' }, steady(0.97)),
    ],
    firing: [fires(docker('full'), 'full', 10, 20), fires(pod('api'), 'api of shop/api-5d9f', 10, 20)],
  };
}

function containerRestartTest(): TestGroup {
  const alert = 'ContainerRestarting';
  const started = (labels: Labels, ...minutes: readonly number[]): TestSeries => ({
    metric: 'container_start_time_seconds',
    labels,
    shape: phases(...minutes.map(minute => [minute, 1_700_000_000 + 60 * minute] as const)),
  });
  const restarts = (name: string, ...minutes: readonly number[]): TestSeries => ({
    metric: 'kube_pod_container_status_restarts_total',
    labels: kube(name),
    shape: minute => minutes.filter(moment => minute >= moment).length,
  });
  const kube = (name: string): Labels => ({
    job: 'kube-state-metrics',
    instance: 'ksm:8080',
    namespace: 'shop',
    pod: `${name}-5d9f`,
    container: name,
  });
  const fires = (labels: Labels, named: string, from: number, to?: number): Firing => ({
    alert,
    labels,
    from,
    ...(to === undefined ? {} : { to }),
    says: [`Container ${named} starts again and again`, '3 times in 15 minutes.'],
  });
  return {
    name: alert,
    rules: [alert],
    minutes: 40,
    stepSeconds: 30,
    scrapeSeconds: 60,
    series: [
      started(docker('crashes'), 0, 5, 9, 13),
      started(docker('deployed-twice'), 0, 5, 9),
      started(docker('seldom'), 0, 1, 9, 17, 25, 33),
      // Kubernetes starts a new one beside it: what cAdvisor has of a pod is not asked.
      started(pod('crashes-in-a-pod'), 0, 5, 9, 13),
      started({ job: 'cadvisor', instance: 'host-1:8080', id: '/' }, 0, 5, 9, 13),
      restarts('crash-loop', 5, 9, 13),
      // Where 14 of the 15 minutes lie between samples, an increase of two is projected to 2.1.
      restarts('twice', 5, 9),
      restarts('again-and-again', 25, 26, 27, 28, 29),
      { ...restarts('new', 0), shape: born(10, steady(7)) },
    ],
    firing: [
      // The first start is in the window as long as the sample before it: until 4 + 15.
      fires(docker('crashes'), 'crashes', 13, 19.5),
      fires(kube('crash-loop'), 'crash-loop of shop/crash-loop-5d9f', 13, 19.5),
      fires(kube('again-and-again'), 'again-and-again of shop/again-and-again-5d9f', 27),
    ],
  };
}

function redisTest(): TestGroup {
  const alert = 'RedisHighMemory';
  const redis = (instance: string, share: Shape, limit: Shape = steady(GIB)): TestSeries[] => [
    { metric: 'redis_memory_used_bytes', labels: labels(instance), shape: scaled(share, GIB) },
    { metric: 'redis_memory_max_bytes', labels: labels(instance), shape: limit },
  ];
  const labels = (instance: string): Labels => ({ job: 'redis', instance });
  return {
    name: alert,
    rules: [alert],
    minutes: 30,
    stepSeconds: 30,
    series: [
      ...redis('full', phases([0, 0.5], [5, 0.95], [20, 0.5])),
      ...redis('at-the-threshold', steady(0.9)),
      ...redis('too-short', phases([0, 0.5], [5, 0.95], [10, 0.5])),
      ...redis('spike', spike(0.5, 0.99, 10)),
      ...redis('sawtooth', sawtooth(0.4, 0.98, 10)),
      ...redis('unlimited', steady(8), steady(0)),
    ],
    firing: [
      {
        alert,
        labels: labels('full'),
        from: 10,
        to: 20,
        says: [
          'Redis full has used 90 % of its memory',
          'It uses 95% of maxmemory; then it evicts keys, or refuses to write.',
        ],
      },
    ],
  };
}
