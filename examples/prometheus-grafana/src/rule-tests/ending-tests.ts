import { ticks, ticksFrom } from './processes.js';
import { OLD_VERSION } from './scopes.js';
import { born, phases, steady, without } from './shapes.js';
import { target } from './test-group.js';
import type { Firing, Labels, Shape, TestGroup, TestSeries } from './test-group.js';

/** Processes that end, and readings that fail. */
export function endingTests(): TestGroup[] {
  return [killTest(), restartTest(), readingTest()];
}

function killTest(): TestGroup {
  const alert = 'ContainerOOMKill';
  const events = (labels: Labels, shape: Shape, event = 'oom_kill'): TestSeries => ({
    metric: `<vitals.container.memory.events{vitals.event="${event}"}>`,
    labels,
    shape,
  });
  const fires = (labels: Labels, from: number, to: number, killed = '1'): Firing => ({
    alert,
    labels,
    from,
    to,
    says: [
      `The kernel has killed a process in the container of ${labels['instance']} (${labels['job']})`,
      `Killed in the last ten minutes, for want of memory: ${killed}. This process has survived it; had it been the one, its target would have begun anew.`,
    ],
  });
  const once = phases([0, 0], [10, 1]);
  return {
    name: alert,
    rules: [alert],
    minutes: 40,
    stepSeconds: 30,
    series: [
      events(target('child-killed'), once),
      events(target('two-killed'), without(phases([0, 3], [10, 5]), 0, 3)),
      // The count is that of the container: it may have been killed in before this process began.
      events(target('killed-before'), born(5, steady(3))),
      events(target('new-container'), phases([0, 3], [10, 0])),
      // Reaching the limit is what a limit is for.
      events(target('at-the-limit'), minute => 100 * minute, 'max'),
      events(target('slowed-down'), minute => 100 * minute, 'high'),
      events(target('out-of-memory-and-rescued'), minute => minute, 'oom'),
      events(target('a-scrape-fails'), without(once, 11, 12)),
      // Two copies of the packages in one process: each counts the one kill.
      events(target('two-versions'), once),
      events({ ...target('two-versions'), ...OLD_VERSION }, once),
      events(target('old-version-left'), once),
      events({ ...target('old-version-left'), ...OLD_VERSION }, steady(0)),
      events(target('same-address'), steady(0)),
      events(target('same-address', 'mail'), once),
    ],
    firing: [
      fires(target('child-killed'), 10, 20),
      fires(target('two-killed'), 10, 20, '2'),
      fires(target('a-scrape-fails'), 10, 20),
      fires(target('two-versions'), 10, 20),
      fires(target('old-version-left'), 10, 20),
      fires(target('same-address', 'mail'), 10, 20),
    ],
  };
}

function restartTest(): TestGroup {
  const alert = 'ProcessRestarting';
  const record = 'job:vitals_restarts:15m';
  const fires = (labels: Labels, from: number, to: number, times = '3'): Firing => ({
    alert,
    labels,
    from,
    to,
    says: [
      `${labels['instance']} (${labels['job']}) begins again and again`,
      `It has begun anew ${times} times in 15 minutes.`,
    ],
  });
  const everyFour = ticksFrom(0, 5, 9, 13);
  return {
    name: alert,
    rules: [alert, record],
    minutes: 40,
    stepSeconds: 30,
    series: [
      // Its first end is in the window until the last sample before it, of 4:30, is 15 minutes old.
      ticks(target('crashes'), 'memory.process', everyFour),
      ticks(target('crashes-with-fd-watch'), 'fd.count', everyFour),
      ticks(target('crashes-with-gc'), 'gc.summary', everyFour),
      ticks(target('crashes-at-start'), 'memory.process', without(everyFour, 5.5, 8.5)),
      ticks(target('deployed-twice'), 'memory.process', ticksFrom(0, 8, 16)),
      ticks(target('seldom'), 'memory.process', ticksFrom(0, 1, 9, 17, 25, 33)),
      // One deploy is one, whatever number of packages count it.
      ticks(target('deployed'), 'memory.process', ticksFrom(0, 10)),
      ticks(target('deployed'), 'fd.count', ticksFrom(0, 10)),
      ticks(target('deployed'), 'gc.summary', ticksFrom(0, 10)),
      ticks(target('one-package-restarts'), 'memory.process', everyFour),
      ticks(target('one-package-restarts'), 'fd.count', ticksFrom(0)),
      ticks(target('new-pod'), 'memory.process', ticksFrom(12)),
      {
        metric: '<vitals.sampler.ticks{vitals.reading="memory.array_buffers"}>',
        labels: target('another-reading'),
        shape: everyFour,
      },
      ticks(target('crashes', 'mail'), 'memory.process', ticksFrom(0)),
    ],
    firing: [
      'crashes',
      'crashes-with-fd-watch',
      'crashes-with-gc',
      'crashes-at-start',
      'one-package-restarts',
    ].map(instance => fires(target(instance), 13, 20)),
    queries: [
      {
        at: 15,
        query: record,
        // Three each of five, one of the first deploy of two, two that are seldom (at 1 and 9), one deploy.
        samples: [
          [{ job: 'shop' }, 5 * 3 + 1 + 2 + 1],
          [{ job: 'mail' }, 0],
        ],
      },
      {
        at: 35,
        query: record,
        // The seldom one, at 25 and 33.
        samples: [
          [{ job: 'shop' }, 2],
          [{ job: 'mail' }, 0],
        ],
      },
    ],
  };
}

function readingTest(): TestGroup {
  const alert = 'VitalsReadingFailing';
  const errors = (
    instance: string,
    shape: Shape,
    type = 'EMFILE',
    job = 'shop',
    reading = 'fd.count',
  ): TestSeries => ({
    metric: `<vitals.sampler.errors{vitals.reading="${reading}"}>`,
    labels: { ...target(instance, job), error_type: type },
    shape,
  });
  const fires = (labels: Labels, from: number, to?: number, times = '100', reading = 'fd.count'): Firing => ({
    alert,
    labels: { ...labels, vitals_reading: reading },
    from,
    ...(to === undefined ? {} : { to }),
    says: [
      `Numbers of ${labels['instance']} (${labels['job']}) are missing`,
      `The reading ${reading} has failed about ${times} times in ten minutes; its metrics keep their last values. The log of the process says why, once.`,
    ],
  });
  /** Ten errors a minute from the tenth minute on. */
  const failing =
    (toMinute: number): Shape =>
    minute =>
      Math.max(0, 10 * (Math.min(minute, toMinute) - 10));
  return {
    name: alert,
    rules: [alert],
    minutes: 60,
    stepSeconds: 30,
    // Scrapes that do not fall on the edges of the window.
    scrapeSeconds: 45,
    series: [
      errors('fails', failing(60)),
      errors('fails-now-and-then', minute => Math.floor(minute / 8)),
      errors('fails-for-a-while', failing(30)),
      errors('fails-in-two-ways', minute => failing(60)(minute)! / 2),
      errors('fails-in-two-ways', minute => failing(60)(minute)! / 2, 'EIO'),
      errors('another-reading', failing(60), 'EIO', 'shop', 'memory.process'),
      // One error is seen for less than ten minutes.
      errors('failed-once', phases([0, 0], [10, 1])),
      errors('failed-before', steady(1_000)),
      errors('deployed', phases([0, 50], [20, 0])),
      errors('same-address', steady(0)),
      errors('same-address', failing(60), 'EMFILE', 'mail'),
    ],
    firing: [
      fires(target('fails'), 20.5),
      fires(target('fails-for-a-while'), 20.5, 39.5),
      fires(target('fails-now-and-then'), 18.5, undefined, '1'),
      fires(target('fails-in-two-ways'), 20.5),
      fires(target('another-reading'), 20.5, undefined, '100', 'memory.process'),
      fires(target('same-address', 'mail'), 20.5),
    ],
  };
}
