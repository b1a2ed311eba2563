import { expect } from 'chai';
import type { Result } from '../fixtures/collecting-process.js';
import { runTraced } from '../fixtures/traced-process.js';
import type { TracedGc, TracedOptions } from '../fixtures/traced-process.js';

/** The young generation by mark-sweep, whose entries are of kind 2: `--minor-mc` until V8 renamed it. */
const MINOR_MARK_SWEEP = process.version.startsWith('v20.') ? '--minor-mc' : '--minor-ms';

/** Young generations of a fixed size, in MiB. */
const young = (mebibytes: number): string[] => [
  `--min-semi-space-size=${mebibytes}`,
  `--max-semi-space-size=${mebibytes}`,
];

/**
 * Long pauses where heap effects are measured: that lengthens a pause by some 50 µs, of which the observer sees a part and
 * V8's own clock nothing.
 */
const RUNS: Readonly<Record<string, TracedOptions>> = {
  'scavenger, with heap effects': { nodeArgs: young(16) },
  'scavenger, without heap effects': { nodeArgs: young(8), options: { heapEffects: false } },
  'minor mark-sweep, without heap effects': {
    nodeArgs: [...young(4), MINOR_MARK_SWEEP],
    options: { heapEffects: false },
  },
};

/** Those of one type, by what was recorded and by the trace. */
function ofType(gcs: readonly { readonly type: string }[], type: string): number {
  return gcs.filter(gc => gc.type === type).length;
}

function expectAllCounted({ recorded, summary }: Result, trace: readonly TracedGc[]): void {
  for (const type of ['minor', 'major'] as const) {
    expect(ofType(recorded, type), `${type}, recorded and traced`).to.equal(ofType(trace, type));
    expect(summary.byType[type].count, `${type}, in the summary`).to.equal(ofType(trace, type));
  }
  expect(ofType(recorded, 'unknown') + ofType(recorded, 'undefined')).to.equal(0);
  expect(summary.total.count).to.equal(recorded.length);
}

/**
 * How far the sum of pauses is off the trace's, as a share of it. Left out are the twentieth of the pairs that differ most:
 * a loaded machine may take the process off between the readings of the two clocks.
 */
function offBy({ recorded }: Result, trace: readonly TracedGc[]): number {
  const told = recorded.filter(({ type }) => type === 'minor' || type === 'major');
  expect(
    told.map(({ type }) => type),
    'one after the other',
  ).to.deep.equal(trace.map(({ type }) => type));
  const pairs = trace
    .map((gc, index) => ({ traced: gc.seconds, excess: (told[index]?.seconds ?? NaN) - gc.seconds }))
    .sort((one, other) => Math.abs(one.excess) - Math.abs(other.excess))
    .slice(0, Math.ceil(trace.length * 0.95));
  const sum = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((total, pair) => total + of(pair), 0);
  return Math.abs(sum(pair => pair.excess)) / sum(pair => pair.traced);
}

describe('collections of a process, against V8’s own trace of them', () => {
  for (const [name, how] of Object.entries(RUNS)) {
    it(`every one is counted, with its type, and the sum of pauses agrees within 3 %: ${name}`, async function () {
      this.timeout(90_000);
      const off: number[] = [];
      do {
        const { results, trace } = await runTraced('churn', how);
        const [result] = results as [Result];
        expect(trace.length).to.be.above(100);
        expect(trace.reduce((sum, gc) => sum + gc.seconds, 0)).to.be.above(0.2);
        expectAllCounted(result, trace);
        expect(ofType(trace, 'major')).to.be.above(0);
        off.push(offBy(result, trace));
        expectStatistics(result);
        expect(result.summary.forced, 'the one that ends the load').to.equal(1);
      } while (Math.min(...off) > 0.03 && off.length < 3);
      expect(Math.min(...off)).to.be.at.most(0.03);
    });
  }

  it('those that are forced are counted as such', async () => {
    const { results, trace } = await runTraced('forced');
    const [result] = results as [Result];
    expectAllCounted(result, trace);
    const { minor = NaN, major = NaN } = result.told;
    expect(result.summary.forced).to.equal(minor + major);
    expect(result.summary.byType.major.count).to.equal(major);
  });

  it('of a worker thread are told of there, and of the main thread there: each has its own', async () => {
    const { results, trace } = await runTraced('churn', { nodeArgs: young(8), inWorker: true });
    const [ofMain, ofWorker] = results as [Result, Result];
    // The main thread only waited, and the trace was on while the worker did not.
    const workers = busiest(trace);
    expectAllCounted(
      ofWorker,
      trace.filter(({ isolate }) => isolate === workers),
    );
    expect(ofWorker.recorded.length).to.be.above(100);
    expect(ofMain.recorded.length).to.be.below(10);
  });
});

/** The isolate with the most collections. */
function busiest(trace: readonly TracedGc[]): string {
  const counts = new Map<string, number>();
  for (const { isolate } of trace) counts.set(isolate, (counts.get(isolate) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}

/** P95, maximum and share of the time, from what the histogram was given. */
function expectStatistics({ recorded, summary, elapsedMillis }: Result): void {
  const sorted = recorded.map(pause => pause.seconds).sort((one, other) => one - other);
  const exact = sorted[Math.ceil((sorted.length * 95) / 100) - 1] ?? NaN;
  const { pauses, utilization } = summary;
  expect(pauses.count).to.equal(sorted.length);
  expect(pauses.p95Seconds).to.be.closeTo(exact, exact * 0.01);
  expect(pauses.maxSeconds).to.equal(sorted.at(-1));
  const share = (sorted.reduce((sum, one) => sum + one, 0) * 1000) / elapsedMillis;
  for (const each of [utilization['1m'], utilization['5m']]) expect(each).to.be.closeTo(share, share * 0.02);
}
