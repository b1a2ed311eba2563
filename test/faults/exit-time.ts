import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OtlpIngestServer } from 'test-helpers/otlp-ingest-server';
import { EXITS } from './exits.js';
import { runFault } from './fault-run.js';

/** How long `process.exit()` takes, in milliseconds. */
export interface ExitTime {
  readonly what: string;
  /** From the call until the last listener of `exit` has been called. */
  readonly listeners: Spread;
  /** From the call to the end of the process, as its parent sees it. */
  readonly whole: Spread;
}

export interface Spread {
  readonly median: number;
  readonly worst: number;
}

const KINDS = [
  { what: 'SDK alone', setUp: 'plain', writeAhead: 'item' },
  { what: "guard, 'item'", setUp: 'guard', writeAhead: 'item' },
  { what: "guard, 'exit'", setUp: 'guard', writeAhead: 'exit' },
] as const;

/** Measures `process.exit()` with so many spans and as many log records waiting, in turns. The endpoint never answers. */
export async function measureExit(items: number, rounds: number, sdk: 2 | 3): Promise<ExitTime[]> {
  const server = await OtlpIngestServer.start('never');
  const exit = EXITS.find(({ name }) => name === 'process.exit() in a callback')!;
  const times = KINDS.map(() => ({ listeners: [] as number[], whole: [] as number[] }));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, { setUp, writeAhead }] of KINDS.entries()) {
        const dir = mkdtempSync(join(tmpdir(), 'exit-time-'));
        const settings = {
          setUp,
          writeAhead,
          sdk,
          dir,
          items,
          endpoint: server.endpoint,
          budgetMillis: 3_000,
        };
        const run = await runFault(exit, { ...settings, ending: exit.ending });
        times[index]!.listeners.push(run.listenersMillis);
        times[index]!.whole.push(run.exitMillis);
        rmSync(dir, { recursive: true });
      }
    }
  } finally {
    server.close();
  }
  return KINDS.map(({ what }, index) => {
    const { listeners, whole } = times[index]!;
    return { what, listeners: spread(listeners), whole: spread(whole) };
  });
}

function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)]!, worst: sorted.at(-1)! };
}
