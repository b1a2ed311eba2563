import { join } from 'node:path';
import { runFixture } from 'test-helpers/run-fixture';
import type { GcLoad, GcLoadResult, TimedGc } from '../fixtures/gc-load.js';

/** Forms: `[1:0x2]  37 ms: Scavenge (during sweeping) 3.4 (4.2) -> 2.9 (5.2) MB, pooled: 0 MB, 0.61 / 0.00 ms … testing; …`. */
const LINE = /^\[\d+:0x[0-9a-f:]+\]\s+\d+ ms: (.+?) [\d.]+ \([\d.]+\) -> .* MB, ([\d.]+) \/ [\d.]+ ms (.*)$/;

/** The collections in the output of a process with `--trace-gc`. */
export function tracedGcs(output: string): TimedGc[] {
  return output.split('\n').flatMap(line => {
    const [, name = '', millis, rest = ''] = LINE.exec(line) ?? [];
    if (millis === undefined) return [];
    const type = /^(Scavenge|Minor)/.test(name) ? 'minor' : 'major';
    // Hundredths of milliseconds.
    return [{ type, seconds: Math.round(Number(millis) * 100) / 1e5, forced: rest.includes('testing') }];
  });
}

/** What came between the two times that collections were forced. One time may make two, if marking was under way. */
export function betweenForced<Gc extends Pick<TimedGc, 'forced'>>(gcs: readonly Gc[]): readonly Gc[] {
  let first = gcs.findIndex(({ forced }) => forced);
  while (gcs[first + 1]?.forced === true) first += 1;
  return gcs.slice(
    first + 1,
    gcs.findLastIndex(({ forced }) => forced),
  );
}

/** The beginnings of marking, with `--trace-incremental-marking`, between the two times that collections were forced. */
function markingStarts(output: string): number {
  const lines = output.split('\n').flatMap(line => {
    const begins = line.includes('[IncrementalMarking] Start marking');
    return begins || LINE.test(line) ? [{ begins, forced: line.includes(' testing;') }] : [];
  });
  return betweenForced(lines).filter(({ begins }) => begins).length;
}

/** A load in a process of its own, and what V8's trace has of it. */
export interface GcLoadRun {
  readonly result: GcLoadResult;
  /** Of the source, between the two forced collections. */
  readonly paused: readonly TimedGc[];
  /** The same of the trace. */
  readonly traced: readonly TimedGc[];
  readonly markingStarts: number;
}

/** Runs a load. With a trace, V8 tells of each collection too. */
export async function runGcLoad(
  load: GcLoad,
  { nodeArgs = [], trace = false }: { nodeArgs?: readonly string[]; trace?: boolean } = {},
): Promise<GcLoadRun> {
  const { code, stdout, stderr } = await runFixture(join(__dirname, '../fixtures/gc-load.js'), {
    args: [JSON.stringify(load)],
    nodeArgs: ['--expose-gc', ...(trace ? ['--trace-gc', '--trace-incremental-marking'] : []), ...nodeArgs],
  });
  const text = /^RESULT (.*)$/m.exec(stdout)?.[1];
  if (code !== 0 || stderr !== '' || text === undefined) {
    throw new Error(`the load ended with ${code ?? 'a signal'}: ${stderr}\n${stdout.slice(-2_000)}`);
  }
  const result = JSON.parse(text) as GcLoadResult;
  return {
    result,
    paused: betweenForced(result.pauses),
    traced: betweenForced(tracedGcs(stdout)),
    markingStarts: markingStarts(stdout),
  };
}
