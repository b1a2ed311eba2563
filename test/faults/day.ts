import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OtlpIngestServer, REFUSING_ENDPOINT } from 'test-helpers/otlp-ingest-server';
import { tally } from './fault-cell.js';
import { runNextStart } from './fault-run.js';
import type { FaultRun } from './fault-run.js';
import { MAIN } from './settings.js';
import type { ServiceSettings } from './settings.js';

/** What a service without an endpoint is told. */
export interface DaySettings extends ServiceSettings {
  /** Made-up seconds. */
  readonly seconds: number;
  /** Spans and log records together. */
  readonly itemsPerSecond: number;
  /** From one look to the next. */
  readonly sampleSeconds: number;
}

/** What it says of itself now and then. */
export interface DaySample {
  readonly second: number;
  readonly heapUsed: number;
  readonly rss: number;
  /** Of its folder, by the sizes of the files. */
  readonly diskBytes: number;
  readonly stats: FaultRun['stats'][number];
}

/** What became of a time without an endpoint. */
export interface Day {
  readonly samples: readonly DaySample[];
  readonly accepted: number;
  readonly dropped: number;
  /** What it left, and what the endpoint had of that after the next start. */
  readonly pending: number;
  readonly received: number;
  readonly duplicates: number;
  /** What does not add up. */
  readonly faults: readonly string[];
}

const NEXT_START_LIMIT_MILLIS = 20 * 60_000;

/** Lets a service run without its endpoint, and the next start of it with one. */
export async function spendDay(
  plan: Pick<DaySettings, 'seconds' | 'itemsPerSecond' | 'sampleSeconds' | 'diskBytes' | 'sdk'>,
): Promise<Day> {
  const server = await OtlpIngestServer.start();
  const dir = mkdtempSync(join(tmpdir(), 'day-'));
  const settings: ServiceSettings = {
    setUp: 'guard',
    endpoint: REFUSING_ENDPOINT,
    dir,
    writeAhead: 'item',
    budgetMillis: 3_000,
    ending: '',
    items: 0,
    ...plan,
  };
  try {
    const samples = await run({ ...settings, ...plan });
    const total = (field: (counts: FaultRun['stats'][number][string]) => number): number =>
      Object.values(samples.at(-1)?.stats ?? {}).reduce((sum, counts) => sum + field(counts), 0);
    const accepted = total(counts => counts.accepted);
    const dropped = total(counts => Object.values(counts.dropped).reduce((sum, count) => sum + count, 0));
    const pending = total(counts => counts.pendingInMemory + counts.pendingOnDisk);
    const next = await runNextStart({ ...settings, endpoint: server.endpoint }, NEXT_START_LIMIT_MILLIS);
    const emitted = plan.seconds * plan.itemsPerSecond;
    const { there: received, extra } = tally(server, names(emitted / 2));
    const faults = [
      ...(accepted === emitted ? [] : [`${accepted} of ${emitted} items were accepted`]),
      ...(accepted === dropped + pending
        ? []
        : [`${accepted} accepted, ${dropped} dropped, ${pending} left`]),
      ...(received === pending ? [] : [`${pending} were left, ${received} came`]),
      ...(next.end === '0' ? [] : [`the next start ended with ${next.end}: ${next.stderr}`]),
    ];
    return { samples, accepted, dropped, pending, received, duplicates: extra, faults };
  } finally {
    server.close();
    rmSync(dir, { recursive: true });
  }
}

/** What memory and disk took. */
export interface Growth {
  readonly seconds: number;
  /** From the end of the second hour on, and in the last quarter: medians, in bytes. */
  readonly early: Pick<DaySample, 'rss' | 'heapUsed'>;
  readonly late: Pick<DaySample, 'rss' | 'heapUsed'>;
  readonly mostDiskBytes: number;
  readonly faults: readonly string[];
}

/** More than memory may grow, once everything has been allocated that is kept. */
const MOST_GROWTH = 1.05;

/** @param limitBytes of the disk; by default the guard's own */
export function growthOf(samples: readonly DaySample[], limitBytes = 256 * 1_048_576): Growth {
  const seconds = samples.at(-1)?.second ?? 0;
  const within = (from: number, to: number): Growth['early'] => {
    const some = samples.filter(({ second }) => second >= from * seconds && second <= to * seconds);
    return {
      rss: median(some.map(({ rss }) => rss)),
      heapUsed: median(some.map(({ heapUsed }) => heapUsed)),
    };
  };
  const early = within(1 / 12, 1 / 3);
  const late = within(3 / 4, 1);
  const mostDiskBytes = Math.max(...samples.map(({ diskBytes }) => diskBytes));
  const faults = [
    ...(late.rss <= early.rss * MOST_GROWTH
      ? []
      : [`resident memory grew from ${early.rss} to ${late.rss} bytes`]),
    ...(mostDiskBytes <= limitBytes ? [] : [`the spool took ${mostDiskBytes} bytes`]),
  ];
  return { seconds, early, late, mostDiskBytes, faults };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function* names(count: number): Iterable<string> {
  for (let index = 0; index < count; index += 1) yield `${MAIN}-${index}`;
}

async function run(settings: DaySettings): Promise<DaySample[]> {
  const script = join(__dirname, 'fixtures', 'day-service.js');
  // Its clock is Node's own for tests, which says at each start that it is an experiment.
  const args = ['--disable-warning=ExperimentalWarning', script, JSON.stringify(settings)];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const samples: DaySample[] = [];
  createInterface(child.stdout).on('line', line => {
    if (line.startsWith('sample ')) samples.push(JSON.parse(line.slice(7)) as DaySample);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the service ended with ${code ?? 'a signal'}`);
  return samples;
}
