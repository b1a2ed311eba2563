import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OtlpIngestServer, REFUSING_ENDPOINT } from 'test-helpers/otlp-ingest-server';
import type { IngestMood } from 'test-helpers/otlp-ingest-server';
import type { Exit } from './exits.js';
import { runFault, runNextStart } from './fault-run.js';
import type { FaultRun } from './fault-run.js';
import { COUNTER, MAIN } from './settings.js';
import type { ServiceSettings } from './settings.js';

/** What the endpoint is like while the program ends: undefined, nothing listens there. */
const MOODS = {
  up: 'up',
  refused: undefined,
  'never answers': 'never',
  'a black hole': 'black hole',
  'slow by 2 s': 'slow',
  '500': 'error',
  '503, Retry-After 30': 'unavailable',
  '429': 'too many',
  'resetting connections': 'reset',
  'taking a part': 'partial',
} as const satisfies Record<string, IngestMood | undefined>;

export type Endpoint = keyof typeof MOODS;

/** All of them. */
export const ENDPOINTS = Object.keys(MOODS) as Endpoint[];

/** Of each request of spans, of log records and of points, by an endpoint that takes a part. */
const REJECTS = 3;

export interface CellSettings {
  readonly exit: Exit;
  readonly endpoint: Endpoint;
  readonly sdk: 2 | 3;
  readonly items: number;
  readonly budgetMillis: number;
  readonly writeAhead?: 'item' | 'exit';
}

/** One program in two runs: with the SDK alone, and with the guard and a next start. */
export interface CellResult {
  readonly emitted: number;
  /** What was counted. */
  readonly counted: number;
  readonly plain: {
    readonly lost: number;
    /** Of what was counted. */
    readonly uncounted: number;
    readonly end: string;
    readonly exitMillis: number;
  };
  readonly guard: {
    readonly lost: number;
    /** Of what was counted before the last checkpoint, or where the process had a last word: should be 0. */
    readonly uncounted: number;
    /** Of what was counted since the last checkpoint by processes that had no last word. */
    readonly sinceCheckpoint: number;
    /** What was counted too often. */
    readonly overcounted: number;
    readonly duplicates: number;
    readonly end: string;
    readonly exitMillis: number;
    /** What the server had when the program was dead. */
    readonly deliveredAtOnce: number;
    /** What the next start found. */
    readonly inherited: number;
    /** Accounts that do not add up. */
    readonly wrongAccounts: readonly string[];
    readonly stderr: string;
  };
}

/** Runs a cell of the matrix. */
export async function runCell(cell: CellSettings): Promise<CellResult> {
  const names = namesOf(cell);
  const plain = await inRun(cell, async (server, settings) => {
    const run = await runFault(cell.exit, { ...settings, setUp: 'plain' });
    return {
      ...run,
      lost: tally(server, names).missing,
      uncounted: sum(emittersOf(cell), who => 2 * cell.items - countOf(server, who)),
    };
  });
  const guard = await inRun(cell, async (server, settings) => {
    const run = await runFault(cell.exit, settings);
    const atOnce = tally(server, names);
    server.mood = 'up';
    const next = await runNextStart({ ...settings, endpoint: server.endpoint });
    if (next.end !== '0') throw new Error(`the next start ended with ${next.end}:\n${next.stderr}`);
    const { missing, extra } = tally(server, names);
    const short = (who: string): number => Math.max(0, 2 * cell.items - countOf(server, who));
    const silenced = (who: string): boolean => cell.exit.silenced?.includes(who) === true;
    return {
      end: run.end,
      uncounted: sum(emittersOf(cell), who => Math.max(0, short(who) - (silenced(who) ? cell.items : 0))),
      sinceCheckpoint: sum(emittersOf(cell), who => (silenced(who) ? Math.min(cell.items, short(who)) : 0)),
      overcounted: sum(emittersOf(cell), who => Math.max(0, countOf(server, who) - 2 * cell.items)),
      exitMillis: run.exitMillis,
      lost: missing,
      duplicates: extra,
      deliveredAtOnce: atOnce.there,
      inherited: sum(ITEM_LANES, lane => next.stats.at(-1)?.[lane]?.inherited ?? 0),
      wrongAccounts: [...wrongAccounts(run), ...wrongAccounts(next)],
      stderr: run.stderr + next.stderr,
    };
  });
  const counted = 2 * cell.items * emittersOf(cell).length;
  return { emitted: 2 * names.length, counted, plain, guard };
}

/** What a cell should not be. `slackMillis`: how much longer than the budget it may take. */
export function faultsOf(
  cell: CellSettings,
  { emitted, plain, guard }: CellResult,
  slackMillis: number,
): string[] {
  const { exit, budgetMillis } = cell;
  const end = exit.differs?.how ?? plain.end;
  const found = guard.inherited + guard.deliveredAtOnce - guard.duplicates;
  return [
    ...(guard.lost > 0 ? [`${guard.lost} of ${emitted} items are lost`] : []),
    ...(guard.uncounted > 0 ? [`${guard.uncounted} of what was counted is lost`] : []),
    ...(guard.end === end ? [] : [`it ended with ${guard.end}, not with ${end}`]),
    ...(guard.exitMillis <= budgetMillis + slackMillis
      ? []
      : [`it took ${guard.exitMillis} ms to end, the budget is ${budgetMillis}`]),
    ...(found === emitted ? [] : [`${found} items are accounted for, not ${emitted}`]),
    ...guard.wrongAccounts.map(account => `it does not add up: ${account}`),
  ];
}

async function inRun<Result>(
  { endpoint, sdk, items, budgetMillis, exit, writeAhead = 'item' }: CellSettings,
  body: (server: OtlpIngestServer, settings: ServiceSettings) => Promise<Result>,
): Promise<Result> {
  const mood = MOODS[endpoint];
  const server = await OtlpIngestServer.start(mood ?? 'up');
  server.rejects = REJECTS;
  const dir = mkdtempSync(join(tmpdir(), 'faults-'));
  try {
    return await body(server, {
      setUp: 'guard',
      sdk,
      endpoint: mood === undefined ? REFUSING_ENDPOINT : server.endpoint,
      dir,
      writeAhead,
      budgetMillis,
      ending: exit.ending,
      items,
    });
  } finally {
    server.close();
    rmSync(dir, { recursive: true });
  }
}

const ITEM_LANES = ['spans', 'logs'];

function emittersOf({ exit }: CellSettings): readonly string[] {
  return exit.emitters ?? [MAIN];
}

function namesOf(cell: CellSettings): string[] {
  const regular = emittersOf(cell).flatMap(who =>
    Array.from({ length: cell.items }, (_, index) => `${who}-${index}`),
  );
  return [...regular, ...(cell.exit.late ?? [])];
}

/**
 * Of spans and log records by those names: how many are there, are not, and are there once too often. What the endpoint has rejected, and
 * said so, has got there.
 */
export function tally(
  { received, rejected }: OtlpIngestServer,
  names: Iterable<string>,
): { readonly there: number; readonly missing: number; readonly extra: number } {
  let there = 0;
  let missing = 0;
  let extra = 0;
  for (const name of names) {
    for (const [taken, refused] of [
      [received.spans, rejected.spans],
      [received.logs, rejected.logs],
    ] as const) {
      const count = (taken.get(name) ?? 0) + (refused.get(name) ?? 0);
      if (count === 0) missing += 1;
      else {
        there += 1;
        extra += count - 1;
      }
    }
  }
  return { there, missing, extra };
}

/** What has arrived of what somebody has counted. */
function countOf({ received, rejected }: OtlpIngestServer, who: string): number {
  return sum(
    [...received.metrics, ...rejected.metrics].filter(
      ({ name, attributes }) => name === COUNTER && attributes['who'] === who,
    ),
    ({ value }) => (typeof value === 'number' ? value : NaN),
  );
}

function sum<Part>(parts: readonly Part[], valueOf: (part: Part) => number): number {
  return parts.reduce((total, part) => total + valueOf(part), 0);
}

/** accepted + inherited = delivered + dropped + pending */
function wrongAccounts({ stats }: FaultRun): string[] {
  return stats
    .flatMap(lanes => Object.entries(lanes))
    .filter(([, { accepted, inherited, delivered, dropped, pendingInMemory, pendingOnDisk }]) => {
      const droppedCount = Object.values(dropped).reduce((total, count) => total + count, 0);
      return accepted + inherited !== delivered + droppedCount + pendingInMemory + pendingOnDisk;
    })
    .map(([lane, counts]) => `${lane}: ${JSON.stringify(counts)}`);
}
