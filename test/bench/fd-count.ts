import { FakeClock } from 'test-helpers/fake-clock';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import type { Benchmark, BenchmarkContext, BenchmarkResult, PreparedSetting } from './harness/benchmark.js';
import { timed } from './harness/candidate.js';
import { formatPlain } from './harness/format-number.js';
import { interleaveGenerations } from './harness/generations.js';
import { cellName } from './harness/timings.js';
import { OpenDescriptors } from './open-descriptors.js';
import {
  DescriptorDirectory,
  DescriptorPressure,
  DescriptorWatch,
  detectCounter,
  hostPlatform,
  noProblems,
  resolveFdWatchOptions,
} from './product-internals.js';
import { gaugeOver, peerCollector } from './prom-client-descriptors.js';

const COUNTS = [10, 1_000, 10_000];
const OURS = 'ours';
const BARE = 'bare';
const TICK = 'tick';
const LIST = 'list';
const PEER = 'peer';

/** Shorter than a time slice of the kernel's scheduler: on a busy machine many batches still get through undisturbed. */
const BATCH_MILLIS = 4;

/** The same candidate once more, for the A/A control. */
const again = (candidate: string): string => `${candidate} again`;

/** A whole tick of the descriptor watch, under a clock that is turned by hand; scans by kind are measured elsewhere. */
function watchTick(): () => void {
  const clock = new FakeClock();
  const options = resolveFdWatchOptions({ byKindIntervalMillis: 0 });
  const watch = new DescriptorWatch({
    options,
    platform: { ...hostPlatform(), runtime: createSamplingRuntime(clock) },
    pressure: new DescriptorPressure(options),
    problems: noProblems,
    onPressure: () => {},
  });
  watch.start();
  return () => {
    clock.advance(options.sampleIntervalMillis);
  };
}

function prepare(count: number): Promise<PreparedSetting> {
  const { directory: where } = hostPlatform();
  const directory = where && new DescriptorDirectory(where);
  const counter = directory && detectCounter(directory);
  if (directory === undefined || counter === undefined) throw new Error('descriptors cannot be counted here');
  const before = counter.read();
  new OpenDescriptors().hold(count);
  const turnClock = watchTick();
  const ours = gaugeOver(() => counter.read());
  const list = gaugeOver(() => directory.listedCount());
  const peer = peerCollector();
  const work: Readonly<Record<string, () => unknown>> = {
    [OURS]: () => {
      ours.collect();
    },
    [BARE]: () => counter.read(),
    [TICK]: turnClock,
    [LIST]: () => {
      list.collect();
    },
    [PEER]: () => {
      peer.collect();
    },
  };
  return Promise.resolve({
    candidates: [
      ...Object.entries(work).map(([name, step]) => timed(name, BATCH_MILLIS, step)),
      ...[OURS, TICK, PEER].map(name => timed(again(name), BATCH_MILLIS, work[name]!)),
    ],
    facts: { before, method: counter.method },
  });
}

const TEN_AGAIN = again('10');

const settings = new Map([
  ...COUNTS.map(count => [String(count), () => prepare(count)] as const),
  [TEN_AGAIN, () => prepare(10)],
]);

async function run(context: BenchmarkContext): Promise<BenchmarkResult> {
  const generations = context.quick ? 1 : 7;
  const { timings, facts } = await interleaveGenerations(context, [...settings.keys()], {
    generations,
    rounds: 15,
    warmUpRounds: context.quick ? 2 : 4,
  });
  // A single generation has nothing but its rounds to tell.
  const across = context.quick ? {} : { generations };
  const { method = '', before = 0 } = facts('10');

  const at = (count: number, candidate: string): string => cellName(String(count), candidate);
  const label = (count: number): string => `${formatPlain(count)} opened`;
  const control = (count: number, candidate: string) =>
    [at(count, again(candidate)), at(count, candidate)] as const;
  const flatControl = (candidate: string) => [cellName(TEN_AGAIN, candidate), at(10, candidate)] as const;
  const faster = COUNTS.map(count =>
    timings.comparison({
      what: `${label(count)}: prom-client ÷ ours`,
      numerator: at(count, PEER),
      denominator: at(count, OURS),
      control: control(count, OURS),
    }),
  );
  const flat = timings.comparison({
    what: 'ours, 10,000 ÷ 10 opened',
    numerator: at(10_000, OURS),
    denominator: at(10, OURS),
    control: flatControl(OURS),
    ...across,
  });
  const fasterAtMost = faster.at(-1)!.ratio.median;
  return {
    measurements: COUNTS.flatMap(count => [
      timings.measurement(`${label(count)}: ours (${method}), in prom-client's gauge`, at(count, OURS)),
      timings.measurement(`${label(count)}: ours (${method}), the bare number`, at(count, BARE)),
      timings.measurement(
        `${label(count)}: ours, a whole tick (to the snapshot, with trend)`,
        at(count, TICK),
      ),
      timings.measurement(`${label(count)}: our fallback (listing), in prom-client's gauge`, at(count, LIST)),
      timings.measurement(`${label(count)}: prom-client`, at(count, PEER)),
    ]),
    comparisons: [
      ...faster,
      ...COUNTS.map(count =>
        timings.comparison({
          what: `${label(count)}: prom-client ÷ our whole tick`,
          numerator: at(count, PEER),
          denominator: at(count, TICK),
          control: control(count, TICK),
        }),
      ),
      timings.comparison({
        what: '10,000 opened: prom-client ÷ our fallback',
        numerator: at(10_000, PEER),
        denominator: at(10_000, LIST),
        control: control(10_000, PEER),
      }),
      flat,
      timings.comparison({
        what: 'our whole tick, 10,000 ÷ 10 opened',
        numerator: at(10_000, TICK),
        denominator: at(10, TICK),
        control: flatControl(TICK),
        ...across,
      }),
    ],
    targets: [
      {
        what: '10,000 opened: prom-client ÷ ours',
        wanted: '≥ 1,000',
        measured: formatPlain(fasterAtMost),
        met: fasterAtMost >= 1_000,
      },
      {
        what: 'ours, 10,000 ÷ 10 opened',
        wanted: '≤ 1.5',
        measured: formatPlain(flat.ratio.median),
        met: flat.ratio.median <= 1.5,
      },
    ],
    notes: [
      `"10 opened" is 10 more than the ${before} that the process has anyway. Each number of descriptors has a process of its own, since the kernel's table of descriptors grows but never shrinks, and prom-client and we are measured in all of them. All were started anew ${generations} times; a ratio across processes counts each time once.`,
      "In prom-client's gauge: one gauge of prom-client, its `collect()` called as a scrape calls it, with the source of the number exchanged; so both sides end with the number set in the same gauge.",
      'A whole tick also goes through the clock, the sampler and the reading log, adds to the trend and recomputes it, checks the thresholds and freezes a new snapshot. It runs every 5 s, not at every scrape.',
    ],
  };
}

export const fdCount: Benchmark = {
  name: 'fd-count',
  title: 'the number of open descriptors',
  description:
    "Reading how many descriptors are open, as a tick of `otel-fd-watch` does, against prom-client's own collector (`lib/metrics/processOpenFileDescriptors.js`), both in the same process.",
  run,
  settings,
};
