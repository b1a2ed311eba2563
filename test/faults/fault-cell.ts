import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OtlpIngestServer, REFUSING_ENDPOINT } from 'test-helpers/otlp-ingest-server';
import type { Exit } from './exits.js';
import { runFault, runNextStart } from './fault-run.js';
import type { Counts, FaultRun } from './fault-run.js';
import type { ServiceSettings } from './settings.js';

/** What the endpoint is like while the program ends. */
export const ENDPOINTS = ['up', 'refused', 'never answers'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

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
  readonly plain: { readonly lost: number; readonly end: string; readonly exitMillis: number };
  readonly guard: {
    readonly lost: number;
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
    return { ...run, lost: tally(server, names).missing };
  });
  const guard = await inRun(cell, async (server, settings) => {
    const run = await runFault(cell.exit, settings);
    const atOnce = tally(server, names);
    server.mood = 'up';
    const next = await runNextStart({ ...settings, endpoint: server.endpoint });
    if (next.end !== '0') throw new Error(`the next start ended with ${next.end}:\n${next.stderr}`);
    const { missing, extra } = tally(server, names);
    return {
      end: run.end,
      exitMillis: run.exitMillis,
      lost: missing,
      duplicates: extra,
      deliveredAtOnce: atOnce.there,
      inherited: sum(next, ({ inherited }) => inherited),
      wrongAccounts: [...wrongAccounts(run), ...wrongAccounts(next)],
      stderr: run.stderr + next.stderr,
    };
  });
  return { emitted: 2 * names.length, plain, guard };
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
  const server = await OtlpIngestServer.start(endpoint === 'never answers' ? 'never' : 'up');
  const dir = mkdtempSync(join(tmpdir(), 'faults-'));
  try {
    return await body(server, {
      setUp: 'guard',
      sdk,
      endpoint: endpoint === 'refused' ? REFUSING_ENDPOINT : server.endpoint,
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

function namesOf({ exit, items }: CellSettings): string[] {
  const emitters = exit.emitters ?? ['main'];
  const regular = emitters.flatMap(who => Array.from({ length: items }, (_, index) => `${who}-${index}`));
  return [...regular, ...(exit.late ?? [])];
}

/** Of spans and log records by those names: how many are there, are not, and are there once too often. */
export function tally(
  { received }: OtlpIngestServer,
  names: Iterable<string>,
): { readonly there: number; readonly missing: number; readonly extra: number } {
  let there = 0;
  let missing = 0;
  let extra = 0;
  for (const name of names) {
    for (const counts of [received.spans, received.logs]) {
      const count = counts.get(name) ?? 0;
      if (count === 0) missing += 1;
      else {
        there += 1;
        extra += count - 1;
      }
    }
  }
  return { there, missing, extra };
}

function sum({ stats }: FaultRun, field: (counts: Counts) => number): number {
  return Object.values(stats.at(-1) ?? {}).reduce((total, counts) => total + field(counts), 0);
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
