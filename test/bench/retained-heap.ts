import { getHeapCodeStatistics } from 'node:v8';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { FakeClock } from 'test-helpers/fake-clock';
import { fdWatchAtFakeClock } from './fd-watch-at-fake-clock.js';
import type { Benchmark, BenchmarkContext, BenchmarkResult } from './harness/benchmark.js';
import { formatPlain, formatValue } from './harness/format-number.js';
import { estimate } from './harness/statistics.js';
import { OpenDescriptors } from './open-descriptors.js';

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

/** Bytes of the heap in use, without compiled code: that comes and goes as V8 sees fit. */
function liveBytes(): number {
  const { code_and_metadata_size: machineCode, bytecode_and_metadata_size: bytecode } =
    getHeapCodeStatistics();
  return process.memoryUsage().heapUsed - machineCode - bytecode;
}

async function heapAfterCollection(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('needs node --expose-gc');
  let least = Infinity;
  // Finalisers and weak references take several collections and turns of the loop.
  for (let i = 0; i < 6; i += 1) {
    globalThis.gc();
    await new Promise(resolve => setImmediate(resolve));
    least = Math.min(least, liveBytes());
  }
  return least;
}

/** Bytes that the heap grew by in each repeat of `ticks` ticks. */
async function growth(
  repeats: number,
  ticks: number,
  tick: (index: number) => Promise<void> | void,
): Promise<number[]> {
  const grown: number[] = [];
  // The first one leads to where everything is compiled and every window full.
  let before = NaN;
  for (let repeat = -1; repeat < repeats; repeat += 1) {
    for (let i = 0; i < ticks; i += 1) {
      const pending = tick(i);
      if (pending !== undefined) await pending;
    }
    const after = await heapAfterCollection();
    if (repeat >= 0) grown.push(after - before);
    before = after;
  }
  return grown;
}

async function run({ quick }: BenchmarkContext): Promise<BenchmarkResult> {
  const ticks = quick ? 200_000 : 1_000_000;
  const repeats = quick ? 3 : 4;
  const nothing = quick ? NOTHING_WHEN_QUICK : NOTHING_BYTES_PER_TICK;
  const held = new OpenDescriptors();
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const watch = fdWatchAtFakeClock(new MeterProvider({ readers: [exporter] }), {
    sampleIntervalMillis: 1_000,
  });
  const ours = await growth(repeats, ticks, index => {
    watch.tick();
    if (index % CHANGE_EVERY === 0) held.hold((index / CHANGE_EVERY) % 40);
    return index % COLLECT_EVERY === 0 ? exporter.collect().then(() => {}) : undefined;
  });
  watch.stop();
  held.hold(0);

  const clock = new FakeClock();
  clock.repeat(1_000, () => {});
  const control = await growth(repeats, ticks, index => {
    clock.advance(1_000);
    return index % COLLECT_EVERY === 0 ? Promise.resolve() : undefined;
  });

  const perTick = estimate(ours.map(bytes => bytes / ticks));
  return {
    measurements: [
      { what: `growth over ${formatPlain(ticks)} ticks`, unit: 'B', estimate: estimate(ours) },
      { what: 'growth', unit: 'B/tick', estimate: perTick },
      {
        what: `control: growth over ${formatPlain(ticks)} empty ticks`,
        unit: 'B',
        estimate: estimate(control),
      },
    ],
    comparisons: [],
    targets: [
      {
        what: `growth of the heap over ${formatPlain(ticks)} ticks`,
        wanted: `0 (less than ${nothing} B/tick)`,
        measured: formatValue(perTick.median, 'B/tick'),
        met: perTick.median < nothing,
      },
    ],
    notes: [
      `The heap in use without compiled code, after six forced collections, before and after. ${repeats} repeats in one process, after as many ticks to warm up; each repeat: ${ours.map(bytes => formatPlain(bytes)).join(', ')} B. The interval is their whole range.`,
      `What V8 keeps about code besides the code itself moves the heap by some ten kilobytes a repeat, so less than ${nothing} B/tick cannot be told from 0; a word of 8 bytes kept by the rarest reading (one in 60 ticks) would be 0.13 B/tick.`,
      `A real MeterProvider with a reader that collects every ${formatPlain(COLLECT_EVERY)} ticks; scans by kind and limits at their defaults, at a tick of 1 s.`,
    ],
  };
}

export const retainedHeap: Benchmark = {
  name: 'retained-heap',
  title: 'heap that ticks leave behind',
  description:
    'The real instrumentation over the real /proc for a million ticks of a clock that is turned by hand: what the heap holds afterwards that it did not hold before.',
  run,
};
