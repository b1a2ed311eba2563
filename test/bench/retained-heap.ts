import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { FakeClock } from 'test-helpers/fake-clock';
import { heapInUse } from 'test-helpers/heap-in-use';
import { allAtFakeClock, fdWatchAtFakeClock } from './at-fake-clock.js';
import type { HandTurnedWatch } from './at-fake-clock.js';
import type {
  Benchmark,
  BenchmarkContext,
  BenchmarkResult,
  Measurement,
  Target,
} from './harness/benchmark.js';
import { formatPlain, formatValue } from './harness/format-number.js';
import { estimate } from './harness/statistics.js';
import type { Estimate } from './harness/statistics.js';
import { OpenDescriptors } from './open-descriptors.js';
import { SyntheticCollections } from './synthetic-collections.js';

/**
 * What counts as nothing over a million ticks. The rarest reading comes once in 60 of them: one word of 8 bytes kept
 * each time would be 0.13 bytes a tick. What V8 keeps about code besides the code itself moves the heap by some ten
 * kilobytes a repeat, 0.01 bytes a tick (on Node 20 with --no-opt --no-sparkplug, which is slow, it is 0.3 kB).
 */
const NOTHING_BYTES_PER_TICK = 0.1;

/** The same for a quick run, which has a fifth of the ticks for the same noise. */
const NOTHING_WHEN_QUICK = 0.5;

/** Ticks between two collections by the reader, and between two changes of the descriptor count. */
const [COLLECT_EVERY, CHANGE_EVERY] = [1_000, 100];

/** How much is ticked. */
interface Length {
  /** Ticks that lead to where everything is compiled and every window full. */
  readonly warmUpTicks: number;
  readonly repeats: number;
  readonly ticks: number;
}

/** Bytes that the heap grew by in each repeat. */
async function growth(
  { warmUpTicks, repeats, ticks }: Length,
  tick: (index: number) => Promise<void> | void,
): Promise<number[]> {
  const grown: number[] = [];
  let before = NaN;
  for (let repeat = -1; repeat < repeats; repeat += 1) {
    const count = repeat < 0 ? warmUpTicks : ticks;
    for (let i = 0; i < count; i += 1) {
      const pending = tick(i);
      if (pending !== undefined) await pending;
    }
    const after = await heapInUse();
    if (repeat >= 0) grown.push(after - before);
    before = after;
  }
  return grown;
}

/** Growth with a watch that is ticked, scraped and given something to see. */
async function growthOf(
  length: Length,
  start: (provider: MeterProvider) => { watch: HandTurnedWatch; beforeTick: (index: number) => void },
): Promise<number[]> {
  const held = new OpenDescriptors();
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const { watch, beforeTick } = start(new MeterProvider({ readers: [exporter] }));
  const grown = await growth(length, index => {
    beforeTick(index);
    watch.tick();
    if (index % CHANGE_EVERY === 0) held.hold((index / CHANGE_EVERY) % 40);
    return index % COLLECT_EVERY === 0 ? exporter.collect().then(() => {}) : undefined;
  });
  watch.stop();
  held.hold(0);
  return grown;
}

const TICK_OPTIONS = { sampleIntervalMillis: 1_000 } as const;

function startDescriptors(provider: MeterProvider): ReturnType<Parameters<typeof growthOf>[1]> {
  return { watch: fdWatchAtFakeClock(provider, TICK_OPTIONS), beforeTick: () => {} };
}

/** All three; one to four collections before each tick. */
function startAll(provider: MeterProvider): ReturnType<Parameters<typeof growthOf>[1]> {
  let collections: SyntheticCollections | undefined;
  const watch = allAtFakeClock(
    provider,
    TICK_OPTIONS,
    clock => (collections = new SyntheticCollections(clock)),
  );
  return { watch, beforeTick: index => collections?.collect((index % 4) + 1) };
}

async function run({ quick }: BenchmarkContext): Promise<BenchmarkResult> {
  const ticks = quick ? 200_000 : 1_000_000;
  const alone = { warmUpTicks: ticks, repeats: 3, ticks };
  // A tick of all three takes several times as long.
  const together = { warmUpTicks: ticks / 4, repeats: 2, ticks };
  const nothing = quick ? NOTHING_WHEN_QUICK : NOTHING_BYTES_PER_TICK;
  const ours = await growthOf(alone, startDescriptors);
  const all = await growthOf(together, startAll);

  const clock = new FakeClock();
  clock.repeat(1_000, () => {});
  const control = await growth(alone, index => {
    clock.advance(1_000);
    return index % COLLECT_EVERY === 0 ? Promise.resolve() : undefined;
  });

  const perTick = (grown: readonly number[]): Estimate => estimate(grown.map(bytes => bytes / ticks));
  const rows = (whose: string, grown: readonly number[]): Measurement[] => [
    { what: `${whose}growth over ${formatPlain(ticks)} ticks`, unit: 'B', estimate: estimate(grown) },
    { what: `${whose}growth`, unit: 'B/tick', estimate: perTick(grown) },
  ];
  const target = (whose: string, grown: readonly number[]): Target => {
    const { median } = perTick(grown);
    return {
      what: `${whose}growth of the heap over ${formatPlain(ticks)} ticks`,
      wanted: `0 (less than ${nothing} B/tick)`,
      measured: formatValue(median, 'B/tick'),
      met: median < nothing,
    };
  };
  const each = (grown: readonly number[]): string => grown.map(bytes => formatPlain(bytes)).join(', ');
  return {
    measurements: [
      ...rows('', ours),
      ...rows('all three: ', all),
      {
        what: `control: growth over ${formatPlain(ticks)} empty ticks`,
        unit: 'B',
        estimate: estimate(control),
      },
    ],
    comparisons: [],
    targets: [target('', ours), target('all three: ', all)],
    notes: [
      `The heap in use without compiled code, after eight forced collections, before and after. ${alone.repeats} repeats in one process after as many ticks to warm up (${together.repeats} of all three, after a quarter of them); each repeat: ${each(ours)} B; all three: ${each(all)} B. The interval is their whole range.`,
      'Rows without "all three" are of `otel-fd-watch` alone. All three have one to four collections before each tick, which do not come from the real collector, as its times are not those of the clock.',
      `What V8 keeps about code besides the code itself moves the heap by some ten kilobytes a repeat, so less than ${nothing} B/tick cannot be told from 0; a word of 8 bytes kept by the rarest reading (one in 60 ticks) would be 0.13 B/tick.`,
      `A real MeterProvider with a reader that collects every ${formatPlain(COLLECT_EVERY)} ticks; scans by kind and limits at their defaults, at a tick of 1 s.`,
    ],
  };
}

export const retainedHeap: Benchmark = {
  name: 'retained-heap',
  title: 'heap that ticks leave behind',
  description:
    'The real instrumentations over the real /proc for a million ticks of a clock that is turned by hand: what the heap holds afterwards that it did not hold before.',
  run,
};
