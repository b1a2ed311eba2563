/**
 * The service of the benchmark `tick-in-situ`: an HTTP server watched at 1 Hz with the real timer, by otel-fd-watch
 * alone or (argument `all`) by all three instrumentations. With the argument `churn` it makes garbage by itself.
 * Started with an IPC channel; tells its port, and what the ticks have cost when it is asked to report.
 */
import { statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { systemClock } from 'otel-runtime-kit/sampling';
import type { Clock } from 'otel-runtime-kit/sampling';
import { CHURN_LEVELS, CHURN_WARM_UP_TICKS, churn } from './churn.js';
import { jsonService } from './json-service.js';
import { instrumentationsOn } from './on-a-runtime.js';
import { hostPlatform } from './product-internals.js';
import { timedCollections } from './timed-collections.js';
import type { CollectionCosts } from './timed-collections.js';

const INTERVAL_MILLIS = 1_000;
const watchesAll = process.argv.includes('all');
const churns = process.argv.includes('churn');

/** One tick of the sampler, and what came before it since the last one. */
export interface InSituTick {
  /** From the start of the timer's callback to its end. */
  readonly seconds: number;
  /** Collections that were seen since the last tick, which this one takes into its summary. */
  readonly collections: number;
  /** Seconds in the callback of the observer since the last tick. */
  readonly observerSeconds: number;
}

/** What the service has measured of itself. */
export interface InSituReport {
  /** Seconds of each reading of the count of descriptors, from the deltas of `vitals.sampler.time` and `.ticks`. */
  readonly readingSeconds: readonly number[];
  readonly ticks: readonly InSituTick[];
  /** Seconds of a lone `fs.statSync('/proc/self/fd')` once a second: the least that any such tick can cost there. */
  readonly statSeconds: readonly number[];
  /** Mean seconds of each reading after the warm-up, by the name it has in `vitals.reading`. */
  readonly meanSeconds: Readonly<Record<string, number>>;
  readonly collections: CollectionCosts;
  readonly requests: number;
  /** Share of the time in which the event loop was busy. */
  readonly utilization: number;
}

const ticks: InSituTick[] = [];
const costs: CollectionCosts = { collections: 0, batches: 0, seconds: 0, profilerSeconds: 0 };
let costsAtTick = { ...costs };
/** What readings had cost when the warm-up was over. */
let warmUpCosts = new Map<string, { readonly seconds: number; readonly ticks: number }>();

function secondsOf(step: () => unknown): number {
  const startMillis = performance.now();
  step();
  return (performance.now() - startMillis) / 1000;
}

function timedTick(tick: () => void): () => void {
  return () => {
    const before = costsAtTick;
    costsAtTick = { ...costs };
    if (ticks.length === CHURN_WARM_UP_TICKS) {
      warmUpCosts = new Map([...runtime.readings.costs].map(([reading, cost]) => [reading, { ...cost }]));
    }
    ticks.push({
      seconds: secondsOf(tick),
      collections: costsAtTick.collections - before.collections,
      observerSeconds: costsAtTick.seconds - before.seconds,
    });
  };
}

/** The real clock, with a look at the watch before and after each tick (the first one comes by `later`). */
const timedClock: Clock = {
  ...systemClock,
  repeat: (intervalMillis, callback) => systemClock.repeat(intervalMillis, timedTick(callback)),
  later: (delayMillis, callback) =>
    // A short delay is the next slice of a scan by kind.
    systemClock.later(delayMillis, delayMillis < INTERVAL_MILLIS / 2 ? callback : timedTick(callback)),
};

const exporter = new PrometheusExporter({ preventServerStart: true });
const provider = new MeterProvider({ readers: [exporter] });
const runtime = createSamplingRuntime(timedClock, timedCollections(costs));
const { fdWatch, memory, gc } = instrumentationsOn(runtime, { sampleIntervalMillis: INTERVAL_MILLIS });
for (const instrumentation of watchesAll ? [fdWatch, memory, gc] : [fdWatch]) {
  instrumentation.setMeterProvider(provider);
}

/** The two counters of our own cost, for the reading of the count, as an exporter sees them. */
async function countCost(): Promise<{ seconds: number; ticks: number }> {
  const { resourceMetrics } = await exporter.collect();
  const value = (name: string): number => {
    for (const { metrics } of resourceMetrics.scopeMetrics) {
      for (const { descriptor, dataPoints } of metrics) {
        if (descriptor.name !== name) continue;
        for (const { attributes, value } of dataPoints) {
          if (attributes['vitals.reading'] === 'fd.count') return Number(value);
        }
      }
    }
    return NaN;
  };
  return { seconds: value('vitals.sampler.time'), ticks: value('vitals.sampler.ticks') };
}

const readingSeconds: number[] = [];
const statSeconds: number[] = [];
let before = { seconds: 0, ticks: 0 };
let requests = 0;

async function lookAtCost(): Promise<void> {
  const now = await countCost();
  const count = now.ticks - before.ticks;
  if (count > 0) readingSeconds.push((now.seconds - before.seconds) / count);
  before = now;
}

function meanSeconds(): Record<string, number> {
  const means: Record<string, number> = {};
  for (const [reading, { seconds, ticks: count }] of runtime.readings.costs) {
    const warmUp = warmUpCosts.get(reading) ?? { seconds: 0, ticks: 0 };
    if (count > warmUp.ticks) means[reading] = (seconds - warmUp.seconds) / (count - warmUp.ticks);
  }
  return means;
}

const startUtilization = performance.eventLoopUtilization();

process.on('message', message => {
  if (message !== 'report') return;
  const report: InSituReport = {
    // The first one is the start, with everything still to be compiled.
    readingSeconds: readingSeconds.slice(1),
    ticks,
    statSeconds,
    meanSeconds: meanSeconds(),
    collections: costs,
    requests,
    utilization: performance.eventLoopUtilization(startUtilization).utilization,
  };
  process.send?.(report, () => process.exit(0));
});
process.on('disconnect', () => process.exit(1));

function startChurning(): void {
  let second = 0;
  const next = (): void => {
    churn(CHURN_LEVELS[second % CHURN_LEVELS.length]!, INTERVAL_MILLIS * 0.8, () => costs.collections);
    second += 1;
  };
  // In the pause between two ticks.
  setTimeout(() => setInterval(next, INTERVAL_MILLIS), INTERVAL_MILLIS / 10);
}

const server = jsonService(() => {
  requests += 1;
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
  const { directory } = hostPlatform();
  if (directory !== undefined) {
    // A quarter of a second after each tick; the look at the cost is half a second after it.
    const loneStat = (): unknown => statSeconds.push(secondsOf(() => statSync(directory.path)));
    setTimeout(() => setInterval(loneStat, INTERVAL_MILLIS), INTERVAL_MILLIS / 4);
  }
  if (churns) startChurning();
  setTimeout(() => {
    void lookAtCost();
    setInterval(() => void lookAtCost(), INTERVAL_MILLIS);
  }, INTERVAL_MILLIS / 2);
});
