import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { OtlpIngestServer } from 'test-helpers/otlp-ingest-server';
import { tally } from './fault-cell.js';
import { runNextStart } from './fault-run.js';
import { inParallel } from './in-parallel.js';
import type { ServiceSettings } from './settings.js';

/** What a program that is killed at random is told. */
export interface AcknowledgingSettings extends ServiceSettings {
  /** What it calls its items. */
  readonly who: string;
  /** The file that it writes their names to. */
  readonly acknowledgements: string;
  /** Items that it emits at once. */
  readonly burst: number;
}

export interface RandomKills {
  readonly runs: number;
  /** Spans and log records whose acceptance was written down. */
  readonly acknowledged: number;
  readonly lost: number;
  readonly duplicates: number;
}

/**
 * Kills processes at random moments, two at a time in one folder, so that they take over from each other what was left, and are killed
 * at that too; then lets one deliver the rest.
 *
 * @param random in [0, 1)
 */
export async function killAtRandom(runs: number, sdk: 2 | 3, random: () => number): Promise<RandomKills> {
  const server = await OtlpIngestServer.start();
  const scratch = mkdtempSync(join(tmpdir(), 'random-kills-'));
  const names = join(scratch, 'names');
  mkdirSync(names);
  const settings: ServiceSettings = {
    setUp: 'guard',
    sdk,
    endpoint: server.endpoint,
    dir: join(scratch, 'spool'),
    writeAhead: 'item',
    budgetMillis: 3_000,
    ending: '',
    items: 0,
  };
  try {
    const plans = Array.from({ length: runs }, (_, index) => ({
      who: `run${index}`,
      // Some live long enough to send, and to deliver what others have left.
      lifeMillis: random() * (random() < 0.75 ? 150 : 1_600),
      // As many as are sent at once, or not.
      burst: random() < 0.3 ? 520 : 0,
    }));
    await inParallel(plans, 2, async ({ who, lifeMillis, burst }) => {
      await killAfter(lifeMillis, { ...settings, who, burst, acknowledgements: join(names, who) });
    });
    const next = await runNextStart(settings);
    if (next.end !== '0') throw new Error(`the last start ended with ${next.end}:\n${next.stderr}`);
    const acknowledged = readdirSync(names).flatMap(file =>
      wholeLines(readFileSync(join(names, file), 'utf8')),
    );
    const { missing, extra } = tally(server, acknowledged);
    return { runs, acknowledged: 2 * acknowledged.length, lost: missing, duplicates: extra };
  } finally {
    server.close();
    rmSync(scratch, { recursive: true });
  }
}

/** What was being written when the process died was not written down. */
function wholeLines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

async function killAfter(millis: number, settings: AcknowledgingSettings): Promise<void> {
  const script = join(__dirname, 'fixtures', 'acknowledging-service.js');
  const child = spawn(process.execPath, [script, JSON.stringify(settings)], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), exited]);
  await delay(millis);
  child.kill('SIGKILL');
  const [, signal] = (await exited) as [unknown, string | null];
  if (signal !== 'SIGKILL') throw new Error(`it ended by itself`);
}

/** mulberry32: the same numbers every time for a seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
