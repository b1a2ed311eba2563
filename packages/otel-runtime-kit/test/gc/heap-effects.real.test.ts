import { expect } from 'chai';
import { skipBecause } from 'test-helpers/skip-because';
import type { GcLoad } from '../fixtures/gc-load.js';
import { runGcLoad } from './gc-load-child.js';
import type { GcLoadRun } from './gc-load-child.js';

const ELEMENTS = 1_000;

/** A fixed array has 16 bytes before its elements of 8 each, and the array object 32. */
const ARRAY_BYTES = 16 + 8 * ELEMENTS + 32;

/** Arrays of 8 kB: 6.4 MB a turn, 643 MB in all. */
const LOAD: GcLoad = { heapEffects: true, turns: 100, arraysPerTurn: 800, elements: ELEMENTS };
/** So that there is no more than one collection in a turn. */
const ROOMY = ['--min-semi-space-size=16', '--max-semi-space-size=16'];
const ALLOCATED_BYTES = 100 * 800 * ARRAY_BYTES;

/** One of eight stays, 80 MB. */
const KEEPING: GcLoad = { ...LOAD, keepEach: 8 };
const KEPT_BYTES = ALLOCATED_BYTES / 8;

/** 240 collections in some eight seconds: more than are measured. */
const SAMPLED: GcLoad = {
  ...LOAD,
  turns: 1_200,
  arraysPerTurn: 400,
  idleMillis: 4,
  intervalMillis: 500,
  samples: true,
};
const SAMPLED_BYTES = 1_200 * 400 * ARRAY_BYTES;

/** What the run's own turns, the observer and the reading of records allocate beside it. */
const BESIDE = 0.03;

describe('heap effects, against loads of known size', () => {
  let letGo: GcLoadRun['result'];
  let kept: GcLoadRun['result'];

  before(async () => {
    // Not both at once: they would wait for each other.
    letGo = (await runGcLoad(LOAD, { nodeArgs: ROOMY })).result;
    kept = (await runGcLoad(KEEPING, { nodeArgs: ROOMY })).result;
  });

  /** What was added over the load. */
  function over({ totals, totalsBefore }: GcLoadRun['result']): {
    allocated: number;
    reclaimed: number;
    promoted: number;
    growth: number;
  } {
    const reclaimed = (of: typeof totals): number =>
      Object.values(of.reclaimedBytes).reduce((sum, bytes) => sum + bytes, 0);
    const allocated = totals.allocatedBytes - totalsBefore.allocatedBytes;
    return {
      allocated,
      reclaimed: reclaimed(totals) - reclaimed(totalsBefore),
      promoted: totals.promotedBytes - totalsBefore.promotedBytes,
      growth: allocated - (reclaimed(totals) - reclaimed(totalsBefore)),
    };
  }

  it('were all measured', () => {
    for (const { totals } of [letGo, kept]) {
      expect(totals.measuredGcs).to.be.at.least(20);
      expect(totals.estimatedGcs).to.equal(0);
    }
  });

  it('have allocated what the load has allocated', () => {
    for (const result of [letGo, kept]) {
      expect(over(result).allocated).to.be.within(ALLOCATED_BYTES, ALLOCATED_BYTES * (1 + BESIDE));
    }
  });

  it('have reclaimed what the load has let go, but for what the young generation still holds', () => {
    const youngBytes = 33 * 1024 * 1024;
    expect(over(letGo).reclaimed).to.be.within(ALLOCATED_BYTES - youngBytes, ALLOCATED_BYTES * (1 + BESIDE));
    const letGoBytes = ALLOCATED_BYTES - KEPT_BYTES;
    expect(over(kept).reclaimed).to.be.within(letGoBytes - youngBytes, letGoBytes + BESIDE * ALLOCATED_BYTES);
  });

  it('have promoted what the load has kept, but for what is still young or came to be old in a major one, and else next to nothing', () => {
    expect(over(kept).promoted).to.be.within(0.7 * KEPT_BYTES, 1.05 * KEPT_BYTES);
    expect(over(letGo).promoted).to.be.below(0.01 * ALLOCATED_BYTES);
  });

  it('have allocated what the load has allocated, within 3 %, where only some are measured', async () => {
    const { result } = await runGcLoad(SAMPLED, { nodeArgs: ROOMY });
    const { measuredGcs, estimatedGcs } = result.totals;
    expect(measuredGcs).to.be.within(100, 150);
    expect(estimatedGcs).to.be.above(40);
    expect(result.states).to.deep.include({ pauses: 'observer', heapEffects: 'sampling' });
    const { allocated, reclaimed } = over(result);
    expect(allocated / SAMPLED_BYTES).to.be.within(0.97, 1.03);
    expect(reclaimed / SAMPLED_BYTES).to.be.within(0.95, 1.03);
  });

  it('have allocated within 3 % of what V8 counts itself, over the same load without a profiler', async function () {
    // V8 counts 0.3 MB more with each reading of heap statistics, of which each record has two.
    const bare = (await runGcLoad({ ...LOAD, heapEffects: undefined }, { nodeArgs: ROOMY })).result;
    if (bare.v8AllocatedBytes === null) skipBecause(this, 'this Node has no total_allocated_bytes');
    expect(bare.v8AllocatedBytes).to.be.at.least(ALLOCATED_BYTES);
    expect(over(letGo).allocated / bare.v8AllocatedBytes).to.be.within(0.97, 1.03);
  });

  it('know the live heap exactly: what V8 uses right after a major collection', () => {
    const { liveHeap, usedAfterBytes } = letGo;
    expect(liveHeap).to.include({ approximate: false });
    // Between the end of the collection and the reading.
    expect(usedAfterBytes - liveHeap!.usedBytes).to.be.within(0, 65_536);
  });

  it('know of a live heap that has grown by what is kept', () => {
    // Left to a tick, and so approximate until then, where several aged recordings wait.
    const grownBytes = kept.liveHeap!.usedBytes - letGo.liveHeap!.usedBytes;
    expect(grownBytes).to.be.within(0.99 * KEPT_BYTES, 1.03 * KEPT_BYTES);
  });

  it('know it roughly where they are not wanted, and say so', async () => {
    const { liveHeap, usedAfterBytes, records } = (
      await runGcLoad({ ...KEEPING, heapEffects: false }, { nodeArgs: ROOMY })
    ).result;
    expect(records).to.deep.equal([]);
    expect(liveHeap).to.include({ approximate: true });
    expect(liveHeap!.usedBytes - usedAfterBytes).to.be.within(-1_000_000, 1_000_000);
  });

  it('tell what has been allocated since the latest collection', async () => {
    const few = { ...LOAD, turns: 1, arraysPerTurn: 1_000 };
    const { result, paused } = await runGcLoad(few, { nodeArgs: ROOMY });
    expect(paused).to.deep.equal([]);
    const { allocated } = over(result);
    // The forced collection before may still be sweeping: what that frees, some 0.4 MB, is taken off.
    expect(allocated / (1_000 * ARRAY_BYTES)).to.be.within(0.93, 1.07);
  });
});
