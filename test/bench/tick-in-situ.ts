import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHURN_LEVELS, CHURN_WARM_UP_TICKS } from './churn.js';
import type { Benchmark, BenchmarkContext, BenchmarkResult, Measurement } from './harness/benchmark.js';
import { formatPlain, formatValue } from './harness/format-number.js';
import { nextMessage } from './harness/remote-setting.js';
import { estimate, medianSlope, quantile } from './harness/statistics.js';
import { applyLoad } from './http-load.js';
import type { InSituReport, InSituTick } from './in-situ-service.js';

/** Eight clients that pause for 20 ms: at most 400 requests a second. */
const LOAD = { connections: 8, pauseMillis: 20 };

const MOST_TICK_SECONDS = 500e-6;
const MOST_COLLECTIONS = 10;
const MOST_SECONDS_PER_COLLECTION = 25e-6;

/** What runs in the process, and what happens to it. */
interface Situation {
  readonly watched: 'descriptors' | 'all';
  readonly load: 'idle' | 'busy' | 'churn';
}

async function observe(seconds: number, { watched, load }: Situation): Promise<InSituReport> {
  const child = fork(join(__dirname, 'in-situ-service.js'), [watched, load], { execArgv: [] });
  try {
    const { port } = (await nextMessage(child)) as { port: number };
    const enough = new AbortController();
    const requests =
      load === 'busy'
        ? applyLoad(`http://127.0.0.1:${port}/`, { ...LOAD, signal: enough.signal })
        : Promise.resolve();
    await sleep(seconds * 1000);
    enough.abort();
    await requests;
    const report = nextMessage(child);
    child.send('report');
    return (await report) as InSituReport;
  } finally {
    child.kill();
  }
}

const secondsOf = (ticks: readonly InSituTick[]): number[] => ticks.map(({ seconds }) => seconds);

function rows(what: string, { readingSeconds, ticks, statSeconds }: InSituReport): Measurement[] {
  return [
    {
      what: `${what}: the reading (vitals.sampler.time / ticks)`,
      unit: 's',
      estimate: estimate(readingSeconds),
    },
    { what: `${what}: the whole tick`, unit: 's', estimate: estimate(secondsOf(ticks)) },
    {
      what: `${what}: for comparison, a lone fs.statSync once a second`,
      unit: 's',
      estimate: estimate(statSeconds),
    },
  ];
}

/** The ticks in groups in which each level of churn occurs once; what is left over at the end is left out. */
function churnRounds(ticks: readonly InSituTick[]): InSituTick[][] {
  const length = CHURN_LEVELS.length;
  const counted = ticks.slice(CHURN_WARM_UP_TICKS);
  return Array.from({ length: Math.floor(counted.length / length) }, (_, round) =>
    counted.slice(round * length, (round + 1) * length),
  );
}

/** Seconds for each collection, one number for each round. */
interface PerCollection {
  readonly inTick: readonly number[];
  readonly inObserver: readonly number[];
  readonly inAll: readonly number[];
}

function perCollection(rounds: readonly (readonly InSituTick[])[]): PerCollection {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0);
  const inTick = rounds.map(round =>
    medianSlope(round.map(({ collections, seconds }) => [collections, seconds] as const)),
  );
  const inObserver = rounds.map(
    round =>
      sum(round.map(({ observerSeconds }) => observerSeconds)) /
      sum(round.map(({ collections }) => collections)),
  );
  return { inTick, inObserver, inAll: inTick.map((seconds, round) => seconds + inObserver[round]!) };
}

function sentence(what: string, { ticks, requests, utilization }: InSituReport, seconds: number): string {
  const slowest = quantile(secondsOf(ticks), 1) * 1e6;
  const rate = requests / seconds;
  return `${what}: ${ticks.length} ticks, the slowest ${slowest.toFixed(0)} µs; ${rate.toFixed(0)} requests a second, event loop busy ${(utilization * 100).toFixed(1)} % of the time.`;
}

function readingsSentence({ meanSeconds }: InSituReport): string {
  const parts = Object.entries(meanSeconds)
    .sort(([, a], [, b]) => b - a)
    .map(([reading, seconds]) => `\`${reading}\` ${formatValue(seconds, 's')}`);
  return `Churning, the mean of each reading (\`vitals.sampler.time\` / \`vitals.sampler.ticks\`): ${parts.join(', ')}. \`gc.pauses\` is run by the observer, \`gc.subscriber\` nowhere but at a failure; the others are parts of the tick.`;
}

async function run({ quick }: BenchmarkContext): Promise<BenchmarkResult> {
  const seconds = quick ? 3.8 : 15.8;
  const churnSeconds = CHURN_WARM_UP_TICKS + (quick ? 1 : 6) * CHURN_LEVELS.length + 0.8;
  // One after the other: on two cores a service and its load are as many as fit.
  const idle = await observe(seconds, { watched: 'descriptors', load: 'idle' });
  const busy = await observe(seconds, { watched: 'descriptors', load: 'busy' });
  const allBusy = await observe(seconds, { watched: 'all', load: 'busy' });
  const churning = await observe(churnSeconds, { watched: 'all', load: 'churn' });

  const rounds = churnRounds(churning.ticks);
  const { inTick, inObserver, inAll } = perCollection(rounds);
  const drained = rounds
    .flat()
    .filter(({ collections }) => collections >= 1 && collections <= MOST_COLLECTIONS);
  const withCollections = estimate(secondsOf(drained));
  const measured = (what: string, values: readonly number[]): Measurement => ({
    what,
    unit: 's',
    estimate: estimate(values),
  });
  const more = measured('all three, churning: more for each collection, in the tick', inTick);
  const moreInAll = measured('all three, churning: both together', inAll);
  const { collections, batches, seconds: observed, profilerSeconds } = churning.collections;
  return {
    measurements: [
      ...rows('idle', idle),
      ...rows('busy', busy),
      measured('all three, busy: the whole tick', secondsOf(allBusy.ticks)),
      measured('all three, churning: the whole tick, 1 to 10 collections since the last', secondsOf(drained)),
      more,
      measured('all three, churning: for each collection, in the callback of the observer', inObserver),
      moreInAll,
    ],
    comparisons: [],
    targets: [
      {
        what: `all three, a tick with 1 to ${MOST_COLLECTIONS} collections to take in, at 1 Hz: median`,
        wanted: '≤ 500 µs',
        measured: formatValue(withCollections.median, 's'),
        met: withCollections.median <= MOST_TICK_SECONDS,
      },
      ...[
        { what: 'in the tick', estimate: more.estimate },
        { what: 'in the tick and in the callback of the observer', estimate: moreInAll.estimate },
      ].map(({ what, estimate: { median } }) => ({
        what: `all three, more for each collection, ${what}`,
        wanted: '≤ 25 µs',
        measured: formatValue(median, 's'),
        met: median <= MOST_SECONDS_PER_COLLECTION,
      })),
    ],
    notes: [
      sentence('Idle', idle, seconds),
      sentence('Busy', busy, seconds),
      sentence('All three, busy', allBusy, seconds),
      sentence('All three, churning', churning, churnSeconds),
      'At one tick a second the code is seldom compiled to machine code and the caches are cold, so a tick takes longer than back to back. The whole tick is timed around the callback of its timer; `vitals.sampler.time` has the reading alone. Rows without "all three" are of `otel-fd-watch` alone.',
      `Churning: the service has no requests, and makes garbage until there have been 0 to ${MOST_COLLECTIONS} collections between two ticks, each number once in ${CHURN_LEVELS.length} ticks; ${rounds.length} such rounds after one to warm up. More for each collection, in the tick: the slope of the ticks' time over their collections, after Theil and Sen, in each round.`,
      `In the callback of the observer: ${collections} collections came in ${batches} batches, ${formatPlain((profilerSeconds / observed) * 100)} % of its time went into stopping and starting the profiler of what a collection does to the heap. What V8 and Node do for an observer and a profiler during a collection is not in it: see \`collection-cost\`.`,
      readingsSentence(churning),
    ],
  };
}

export const tickInSitu: Benchmark = {
  name: 'tick-in-situ',
  title: 'a sampler tick at 1 Hz in a running service',
  description:
    'An HTTP service in a process of its own with the real timer, idle, under a bounded load over loopback, and making garbage.',
  run,
};
