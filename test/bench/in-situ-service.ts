/**
 * The service of the benchmark `tick-in-situ`: an HTTP server watched by otel-fd-watch at 1 Hz with its real timer.
 * Started with an IPC channel; tells its port, and what the ticks have cost when it is asked to report.
 */
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { systemClock } from 'otel-runtime-kit/sampling';
import type { Clock } from 'otel-runtime-kit/sampling';
import { hostPlatform } from './product-internals.js';

const INTERVAL_MILLIS = 1_000;

/** What the service has measured of itself. */
export interface InSituReport {
  /** Seconds of each reading of the count, from the deltas of `vitals.sampler.time` and `.ticks`. */
  readonly readingSeconds: readonly number[];
  /** Seconds of each whole tick, from the start of the timer's callback to its end. */
  readonly tickSeconds: readonly number[];
  /** Seconds of a lone `fs.statSync('/proc/self/fd')` once a second: the least that any such tick can cost there. */
  readonly statSeconds: readonly number[];
  readonly requests: number;
  /** Share of the time in which the event loop was busy. */
  readonly utilization: number;
}

const tickSeconds: number[] = [];

function timed(step: () => unknown, seconds: number[]): () => void {
  return () => {
    const startMillis = performance.now();
    step();
    seconds.push((performance.now() - startMillis) / 1000);
  };
}

/** The real clock, with a look at the watch before and after each tick (the first one comes by `later`). */
const timedClock: Clock = {
  ...systemClock,
  repeat: (intervalMillis, callback) => systemClock.repeat(intervalMillis, timed(callback, tickSeconds)),
  later: (delayMillis, callback) => systemClock.later(delayMillis, timed(callback, tickSeconds)),
};

const exporter = new PrometheusExporter({ preventServerStart: true });
const instrumentation = new FdWatchInstrumentation(
  { sampleIntervalMillis: INTERVAL_MILLIS },
  { ...hostPlatform(), runtime: createSamplingRuntime(timedClock) },
);
instrumentation.setMeterProvider(new MeterProvider({ readers: [exporter] }));

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
  const ticks = now.ticks - before.ticks;
  if (ticks > 0) readingSeconds.push((now.seconds - before.seconds) / ticks);
  before = now;
}

// Parses, sorts and prints 300 objects: a third of a millisecond of work, and garbage for the collector.
const items = JSON.stringify(
  Array.from({ length: 300 }, (_, index) => ({
    id: index,
    name: `item ${index}`,
    weight: (index * 7919) % 300,
  })),
);
const server = createServer((_request, response) => {
  requests += 1;
  const parsed = JSON.parse(items) as { weight: number }[];
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(parsed.sort((a, b) => a.weight - b.weight)));
});

const startUtilization = performance.eventLoopUtilization();

process.on('message', message => {
  if (message !== 'report') return;
  const report: InSituReport = {
    // The first one is the start, with everything still to be compiled.
    readingSeconds: readingSeconds.slice(1),
    tickSeconds,
    statSeconds,
    requests,
    utilization: performance.eventLoopUtilization(startUtilization).utilization,
  };
  process.send?.(report, () => process.exit(0));
});
process.on('disconnect', () => process.exit(1));

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
  const { directory } = hostPlatform();
  if (directory !== undefined) {
    // A quarter of a second after each tick; the look at the cost is half a second after it.
    const loneStat = timed(() => statSync(directory.path), statSeconds);
    setTimeout(() => setInterval(loneStat, INTERVAL_MILLIS), INTERVAL_MILLIS / 4);
  }
  setTimeout(() => {
    void lookAtCost();
    setInterval(() => void lookAtCost(), INTERVAL_MILLIS);
  }, INTERVAL_MILLIS / 2);
});
