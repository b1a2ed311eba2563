import { agedProcesses, firingSpans } from './aged-processes.js';
import { lineThrough, spansWhere } from './line-through.js';
import { NEVER, ticks, ticksFrom } from './processes.js';
import { HOST_METRICS, NO_SCOPE, OLD_VERSION } from './scopes.js';
import { phases, spike, steady, without } from './shapes.js';
import { target } from './test-group.js';
import type { Firing, Labels, Shape, TestGroup, TestSeries } from './test-group.js';

interface TimeAlert {
  readonly alert: string;
  readonly words: string;
  readonly thresholdSeconds: number;
  /** Less than the threshold by less than a fifth, and how that is said. */
  readonly seconds: number;
  readonly said: string;
  readonly forMinutes: number;
  /** How far back the live heap counts. */
  readonly heapMinutes: number;
  /** How old a process has to be. */
  readonly settledMinutes: number;
  /** Other alerts that fire as well. */
  readonly besides: readonly string[];
}

const LIMITS = ['heap', 'container', 'host'] as const;
type Limit = (typeof LIMITS)[number];

const LENGTH = 75;
const GROWN_LENGTH = 55;
const STEP_SECONDS = 30;
const STOPS = 45;

/** Memory that will be used up soon. */
export function timeToLimitTests(): TestGroup[] {
  return [
    ...timeToLimitTest({
      alert: 'MemoryLimitWithinAnHour',
      words: 'an hour',
      thresholdSeconds: 3_600,
      seconds: 3_000,
      said: '50m 0s',
      forMinutes: 5,
      heapMinutes: 10,
      settledMinutes: 20,
      besides: [],
    }),
    ...timeToLimitTest({
      alert: 'MemoryLimitWithinTenMinutes',
      words: 'ten minutes',
      thresholdSeconds: 600,
      seconds: 500,
      said: '8m 20s',
      forMinutes: 1,
      heapMinutes: 5,
      settledMinutes: 15,
      besides: ['MemoryLimitWithinAnHour'],
    }),
  ];
}

function timeToLimitTest(one: TimeAlert): TestGroup[] {
  const { alert, words, thresholdSeconds, seconds, said, forMinutes, heapMinutes, settledMinutes } = one;
  const soon = steady(seconds);
  const aheadMinutes = (2 * thresholdSeconds) / 60;
  const rate = 0.5 / aheadMinutes;
  /** So that it is full in twice the threshold from the moment on when it is half full, in the 31st minute; until it stops. */
  const share = (minute: number): number => 0.5 + rate * (Math.min(STOPS, Math.max(10, minute)) - 30.25);
  /** Grows by one byte a second until it stops. */
  const bytes = (minute: number): number => 1e8 + 60 * Math.min(STOPS, minute);
  const rising = (labels: Labels, shape: (of: Shape) => Shape = of => of): TestSeries[] => [
    { metric: '<vitals.heap.live_utilization>', labels, shape: shape(share) },
    { metric: '<vitals.container.memory.utilization>', labels, shape: shape(share) },
    { metric: '<process.memory.usage>', labels, shape: shape(bytes) },
  ];
  const full = (minute: number, windowMinutes: number, scraped: (of: Shape) => Shape): boolean => {
    const line = lineThrough(scraped(share), minute, windowMinutes, STEP_SECONDS);
    return line !== undefined && line.now + line.slopePerSecond * aheadMinutes * 60 > 1;
  };
  /** Whether the last minutes alone say so too, of what has only just grown as its trend has it. */
  const isRising: Readonly<Record<Limit, (minute: number, scraped: (of: Shape) => Shape) => boolean>> = {
    heap: (minute, scraped) => full(minute, heapMinutes, scraped),
    container: (minute, scraped) => full(minute, 5, scraped),
    host: (minute, scraped) =>
      (lineThrough(scraped(bytes), minute, 5, STEP_SECONDS)?.slopePerSecond ?? 0) > 0.5,
  };
  const asItIs = (shape: Shape): Shape => shape;
  const fires = (
    labels: Labels,
    limits: readonly Limit[],
    holds: (minute: number) => boolean,
    scraped = asItIs,
  ): Firing[] =>
    limits.flatMap(limit =>
      firingSpans(
        spansWhere(
          minute => minute >= settledMinutes && holds(minute) && isRising[limit](minute, scraped),
          GROWN_LENGTH,
          STEP_SECONDS,
        ),
        { forMinutes, length: GROWN_LENGTH },
      ).map(([from, to]) => firing(labels, limit, from, to)),
    );
  const firing = (labels: Labels, limit: Limit, from: number, to?: number): Firing => ({
    alert,
    labels: { ...labels, vitals_memory_limit: limit },
    from,
    ...(to === undefined ? {} : { to }),
    says: [
      `${labels['instance']} (${labels['job']}) reaches its ${limit} limit within ${words}`,
      `At its present growth it is there in ${said}. The limit of the heap ends the process with a message of V8, that of the container without any.`,
    ],
  });
  const always = (): boolean => true;

  const rule = { age: settledMinutes, forMinutes, length: LENGTH };
  const aged = agedProcesses(
    (labels, shape) => [
      time(labels, 'host', shape(soon)),
      growth(labels, shape(steady(1))),
      {
        metric: '<process.memory.usage>',
        // Without scopes it may be ours.
        labels: { ...labels, ...NO_SCOPE },
        shape: shape(minute => 1e8 + 60 * minute),
      },
    ],
    rule,
  );
  const grown = (instance: string, shape: (of: Shape) => Shape, trend: Shape = steady(1)): TestSeries[] => [
    ...rising(target(instance), shape),
    growth(target(instance), shape(trend)),
    ticks(target(instance), 'memory.process', shape(ticksFrom(0))),
  ];
  const times = (instance: string, shape: Shape, limits: readonly Limit[] = LIMITS): TestSeries[] =>
    limits.map(limit => time(target(instance), limit, shape));
  const failing = (shape: Shape): Shape => without(shape, 32, 34);
  const notAt = (moment: number) => (minute: number) => minute !== moment;
  // Of what is full others speak.
  const besides = ['ContainerMemoryNearlyFull', 'HeapNearlyFull', ...one.besides];
  const common = { rules: [alert], besides, minutes: LENGTH, stepSeconds: STEP_SECONDS };
  const grows = {
    ...common,
    minutes: GROWN_LENGTH,
    name: `${alert}: what grows and what does not`,
    series: [
      ...grown('fills-up', asItIs),
      ...times('fills-up', soon),
      ...grown('at-the-threshold', asItIs),
      ...times('at-the-threshold', steady(thresholdSeconds)),
      // What has stopped growing is not used up: the trend goes on for a while.
      ...LIMITS.flatMap(limit => stopped(limit, soon, rising)),
      // Used up already, and not growing at all.
      ...flat('full-and-steady', 1, soon),
      // The trend is nearly twice, and a little more than twice, what the last minutes say.
      ...host('trend-nearly-twice', 1.9, soon),
      ...host('trend-more-than-twice', 2.1, soon),
      // Another version of the packages has just left: nothing to say of it.
      ...grown('two-versions', asItIs),
      ...times('two-versions', soon),
      ...rising({ ...target('two-versions'), ...OLD_VERSION }, () => steady(0.1)),
      ...LIMITS.map(limit => time({ ...target('two-versions'), ...OLD_VERSION }, limit, NEVER)),
      // One is to be full soon and does not grow, the other grows and has room.
      ...flat('same-address', 0.5, soon),
      ...rising(target('same-address', 'mail')),
      ...LIMITS.map(limit => time(target('same-address', 'mail'), limit, NEVER)),
      growth(target('same-address', 'mail'), steady(1)),
      ticks(target('same-address', 'mail')),
    ],
    firing: [
      ...fires(target('fills-up'), LIMITS, always),
      firing(target('trend-nearly-twice'), 'host', settledMinutes + forMinutes),
      ...fires(target('two-versions'), LIMITS, always),
    ],
  };
  const gaps = {
    ...common,
    minutes: GROWN_LENGTH,
    name: `${alert}: values that are missing or odd for a while`,
    series: [
      ...grown('no-end-in-sight', asItIs),
      ...times('no-end-in-sight', NEVER),
      ...grown('some-scrapes-fail-later', failing),
      ...times('some-scrapes-fail-later', failing(soon)),
      ...grown('time-not-told', asItIs),
      ...times('time-not-told', without(soon, 40)),
      ...grown('trend-not-told', asItIs, without(steady(1), 40)),
      ...times('trend-not-told', soon, ['host']),
      ...grown('once-never', asItIs),
      ...times('once-never', phases([0, seconds], [40, 604_800], [40.5, seconds])),
      ...grown('trend-spike', asItIs, spike(1, 100, 40)),
      ...times('trend-spike', soon, ['host']),
    ],
    firing: [
      ...fires(target('some-scrapes-fail-later'), LIMITS, always, failing),
      ...fires(target('time-not-told'), LIMITS, minute => minute < 43),
      ...fires(target('trend-not-told'), ['host'], minute => minute < 43),
      ...fires(target('once-never'), LIMITS, notAt(40)),
      ...fires(target('trend-spike'), ['host'], notAt(40)),
    ],
  };
  const ages = {
    ...common,
    name: `${alert}: not of young processes`,
    series: aged.flatMap(({ series }) => series),
    firing: aged.flatMap(({ labels, spans }) =>
      firingSpans(spans, rule).map(([from, to]) => firing(labels, 'host', from, to)),
    ),
  };
  return [grows, gaps, ages];
}

function time(labels: Labels, limit: Limit, shape: Shape): TestSeries {
  return { metric: `<vitals.memory.time_to_limit{vitals.memory.limit="${limit}"}>`, labels, shape };
}

function growth(labels: Labels, bytesPerSecond: Shape): TestSeries {
  return { metric: '<vitals.memory.growth{vitals.memory.signal="rss"}>', labels, shape: bytesPerSecond };
}

/** The trend of one limit says soon, and what it is about has stopped, while all else grows. */
function stopped(limit: Limit, soon: Shape, rising: (labels: Labels) => TestSeries[]): TestSeries[] {
  const labels = target(`${limit}-has-stopped`);
  const own = LIMITS.indexOf(limit);
  return [
    ...rising(labels).map((series, index) => (index === own ? { ...series, shape: steady(0.5) } : series)),
    // Another instrumentation that reports the same metric is not asked.
    {
      metric: '<process.memory.usage>',
      labels: { ...labels, ...HOST_METRICS },
      shape: minute => 1e8 + 60 * minute,
    },
    time(labels, limit, soon),
    growth(labels, steady(1)),
    ticks(labels),
  ];
}

function flat(instance: string, share: number, soon: Shape): TestSeries[] {
  const labels = target(instance);
  return [
    { metric: '<vitals.heap.live_utilization>', labels, shape: steady(share) },
    { metric: '<vitals.container.memory.utilization>', labels, shape: steady(share) },
    { metric: '<process.memory.usage>', labels, shape: steady(1e8) },
    ...LIMITS.map(limit => time(labels, limit, soon)),
    growth(labels, steady(0)),
    ticks(labels),
  ];
}

/** Its resident set grows by one byte a second; beside it what another version of the packages has left. */
function host(instance: string, trend: number, soon: Shape): TestSeries[] {
  const labels = target(instance);
  const old = { ...labels, ...OLD_VERSION };
  return [
    { metric: '<process.memory.usage>', labels, shape: minute => 1e8 + 60 * minute },
    { metric: '<process.memory.usage>', labels: old, shape: minute => 1e8 - 12 * minute },
    growth(labels, steady(trend)),
    growth(old, steady(0.3)),
    { metric: '<vitals.memory.growth{vitals.memory.signal="heap_live"}>', labels, shape: steady(9) },
    time(labels, 'host', soon),
    ticks(labels),
  ];
}
