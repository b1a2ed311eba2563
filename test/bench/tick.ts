import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { allAtFakeClock, fdWatchAtFakeClock, noCollections } from './at-fake-clock.js';
import type { HandTurnedWatch, TickOptions } from './at-fake-clock.js';
import type { Benchmark, BenchmarkContext, BenchmarkResult, Measurement } from './harness/benchmark.js';
import type { Candidate } from './harness/candidate.js';
import { formatValue } from './harness/format-number.js';
import { interleave, withFreshNursery } from './harness/interleave.js';
import type { Random } from './harness/random.js';
import { quantile } from './harness/statistics.js';
import { cellName } from './harness/timings.js';
import { OpenDescriptors } from './open-descriptors.js';

const { performance } = globalThis;

const SETTING = 'back to back';
const MOST_SECONDS = 40e-6;

/** One hour at 5 s, 12 minutes at 1 s. */
const TICKS = 720;

const PARTS = ['mean', 'median', 'p99'] as const;
type Part = (typeof PARTS)[number];

/** One way to run the sampler, tick after tick, with each tick timed. */
class TickRun implements Candidate {
  readonly name: string;
  readonly #watch: HandTurnedWatch;
  readonly #held = new OpenDescriptors();
  readonly #random: Random | undefined;

  /** @param random opens and closes a descriptor now and then; without it the count stands still */
  constructor(name: string, watch: HandTurnedWatch, random: Random | undefined) {
    this.name = name;
    this.#watch = watch;
    this.#random = random;
  }

  /** Seconds a tick, each timed by itself. */
  measure(): Record<Part, number> {
    const seconds: number[] = [];
    for (let i = 0; i < TICKS; i += 1) {
      this.#wander();
      const startMillis = performance.now();
      this.#watch.tick();
      seconds.push((performance.now() - startMillis) / 1000);
    }
    return {
      mean: seconds.reduce((sum, value) => sum + value, 0) / TICKS,
      median: quantile(seconds, 0.5),
      p99: quantile(seconds, 0.99),
    };
  }

  stop(): void {
    this.#watch.stop();
    this.#held.hold(0);
  }

  /** A random walk between 0 and 60 descriptors, as the connections of a service. */
  #wander(): void {
    if (this.#random === undefined) return;
    const step = this.#random() < 0.5 ? -1 : 1;
    this.#held.hold(Math.min(60, Math.max(0, this.#held.count + step)));
  }
}

const [EVERY_FIVE, EVERY_ONE] = [
  { sampleIntervalMillis: 5_000, byKindIntervalMillis: 0 },
  { sampleIntervalMillis: 1_000, byKindIntervalMillis: 0 },
] as const;

const descriptors = (options: TickOptions): HandTurnedWatch =>
  fdWatchAtFakeClock(new RecordingMeterProvider(), options);
const allThree = (options: TickOptions): HandTurnedWatch =>
  allAtFakeClock(new RecordingMeterProvider(), options, noCollections);

async function run({ quick, random }: BenchmarkContext): Promise<BenchmarkResult> {
  const fiveSeconds = new TickRun('5 s', descriptors(EVERY_FIVE), random);
  const fiveAgain = new TickRun('5 s again', descriptors(EVERY_FIVE), random);
  const oneSecond = new TickRun('1 s', descriptors(EVERY_ONE), random);
  const steady = new TickRun('5 s, steady', descriptors(EVERY_FIVE), undefined);
  const defaults = new TickRun(
    'defaults',
    descriptors({ ...EVERY_FIVE, byKindIntervalMillis: 60_000 }),
    random,
  );
  const allFive = new TickRun('all, 5 s', allThree(EVERY_FIVE), random);
  const allFiveAgain = new TickRun('all, 5 s again', allThree(EVERY_FIVE), random);
  const allOne = new TickRun('all, 1 s', allThree(EVERY_ONE), random);
  const runs = [fiveSeconds, fiveAgain, oneSecond, steady, defaults, allFive, allFiveAgain, allOne];
  const timings = await interleave([{ name: SETTING, candidates: runs.map(withFreshNursery) }], {
    rounds: quick ? 15 : 41,
    warmUpRounds: quick ? 3 : 10,
    random,
  });
  for (const each of runs) each.stop();

  const cell = (tickRun: TickRun, part: Part = 'mean'): string => cellName(SETTING, tickRun.name, part);
  const rows = (what: string, tickRun: TickRun): Measurement[] =>
    PARTS.map(part => timings.measurement(`${what}: ${part}`, cell(tickRun, part)));
  const measurements = [
    ...rows('every 5 s', fiveSeconds),
    ...rows('every 1 s', oneSecond),
    ...rows('every 5 s, the count never changes', steady),
    ...rows('every 5 s, scans by kind included (defaults)', defaults),
    ...rows('all three, every 5 s', allFive),
    ...rows('all three, every 1 s', allOne),
  ];
  const control = [cell(fiveAgain), cell(fiveSeconds)] as const;
  const targetOf = (what: string, tickRun: TickRun): BenchmarkResult['targets'][number] => {
    const { median } = timings.measurement(what, cell(tickRun)).estimate;
    return {
      what: `${what}: mean of a tick, back to back`,
      wanted: '≤ 40 µs',
      measured: formatValue(median, 's'),
      met: median <= MOST_SECONDS,
    };
  };
  return {
    measurements,
    comparisons: [
      timings.comparison({
        what: 'a tick every 1 s ÷ a tick every 5 s',
        numerator: cell(oneSecond),
        denominator: cell(fiveSeconds),
        control,
      }),
      timings.comparison({
        what: 'with ÷ without scans by kind, every 5 s',
        numerator: cell(defaults),
        denominator: cell(fiveSeconds),
        control,
      }),
      timings.comparison({
        what: 'all three ÷ otel-fd-watch alone, every 5 s',
        numerator: cell(allFive),
        denominator: cell(fiveSeconds),
        control: [cell(allFiveAgain), cell(allFive)],
      }),
    ],
    targets: [
      targetOf('every 5 s', fiveSeconds),
      targetOf('every 1 s', oneSecond),
      targetOf('all three, every 5 s', allFive),
      targetOf('all three, every 1 s', allOne),
    ],
    notes: [
      `A round is ${TICKS} ticks; mean, median and p99 are taken within the round, and the table shows their medians over the rounds.`,
      'The mean is the amortised cost: it has the re-readings of the limit (every 60 s), and the recomputation of the trend, which at 5 s comes with every tick and at 1 s with every fifth.',
      'Between ticks a descriptor is opened or closed (not timed), so that the trend has something to compute; once the count never changes.',
      'A scan by kind comes once a minute, with every twelfth tick at 5 s. What it costs depends on the number of descriptors (here 25 to 90): see `kind-scan`.',
      'Rows without "all three" are of `otel-fd-watch` alone. All three: with `otel-memory-metrics` and `otel-gc-instrumentation` on the same sampler, without scans by kind; collections are observed, but none is drained in these ticks (see `tick-in-situ`).',
    ],
  };
}

export const tick: Benchmark = {
  name: 'tick',
  title: 'a sampler tick, back to back',
  description:
    'The whole tick of the real instrumentations over the real /proc (sampler, untraced context, reading log, readings, trends, thresholds, snapshots), with a clock that is turned by hand.',
  run,
};
