import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, BenchmarkContext, BenchmarkResult, Measurement } from './harness/benchmark.js';
import { nextMessage } from './harness/remote-setting.js';
import { estimate, quantile } from './harness/statistics.js';
import { applyLoad } from './http-load.js';
import type { InSituReport } from './in-situ-service.js';

/** Eight clients that pause for 20 ms: at most 400 requests a second. */
const LOAD = { connections: 8, pauseMillis: 20 };

async function observe(seconds: number, busy: boolean): Promise<InSituReport> {
  const child = fork(join(__dirname, 'in-situ-service.js'), { execArgv: [] });
  try {
    const { port } = (await nextMessage(child)) as { port: number };
    const enough = new AbortController();
    const load = busy
      ? applyLoad(`http://127.0.0.1:${port}/`, { ...LOAD, signal: enough.signal })
      : Promise.resolve();
    await sleep(seconds * 1000);
    enough.abort();
    await load;
    const report = nextMessage(child);
    child.send('report');
    return (await report) as InSituReport;
  } finally {
    child.kill();
  }
}

function rows(what: string, { readingSeconds, tickSeconds, statSeconds }: InSituReport): Measurement[] {
  return [
    {
      what: `${what}: the reading (vitals.sampler.time / ticks)`,
      unit: 's',
      estimate: estimate(readingSeconds),
    },
    { what: `${what}: the whole tick`, unit: 's', estimate: estimate(tickSeconds) },
    {
      what: `${what}: for comparison, a lone fs.statSync once a second`,
      unit: 's',
      estimate: estimate(statSeconds),
    },
  ];
}

function sentence(
  what: string,
  { tickSeconds, requests, utilization }: InSituReport,
  seconds: number,
): string {
  const slowest = quantile(tickSeconds, 1) * 1e6;
  const rate = requests / seconds;
  return `${what}: ${tickSeconds.length} ticks, the slowest ${slowest.toFixed(0)} µs; ${rate.toFixed(0)} requests a second, event loop busy ${(utilization * 100).toFixed(1)} % of the time.`;
}

async function run({ quick }: BenchmarkContext): Promise<BenchmarkResult> {
  const seconds = quick ? 3.8 : 20.8;
  // One after the other: on two cores a service and its load are as many as fit.
  const idle = await observe(seconds, false);
  const busy = await observe(seconds, true);
  return {
    measurements: [...rows('idle', idle), ...rows('busy', busy)],
    comparisons: [],
    targets: [],
    notes: [
      sentence('Idle', idle, seconds),
      sentence('Busy', busy, seconds),
      'At one tick a second the code is seldom compiled to machine code and the caches are cold, so a tick takes longer than back to back. The whole tick is timed around the callback of its timer; `vitals.sampler.time` has the reading alone.',
    ],
  };
}

export const tickInSitu: Benchmark = {
  name: 'tick-in-situ',
  title: 'a sampler tick at 1 Hz in a running service',
  description:
    'An HTTP service in a process of its own with the real timer, once idle and once under a bounded load over loopback.',
  run,
};
