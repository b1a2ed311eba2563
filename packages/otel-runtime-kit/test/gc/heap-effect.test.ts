import { expect } from 'chai';
import type { GcRecord } from '../../src/gc/gc-platform.js';
import { heapEffectOf } from '../../src/gc/heap-effect.js';

/** Spaces of Node 20 to 26 with what they use. */
function moment(bytes: Readonly<Record<string, number>>): GcRecord['beforeGC'] {
  const heapSpaceStatistics = Object.entries(bytes).map(([spaceName, spaceUsedSize]) => ({
    spaceName,
    spaceUsedSize,
  }));
  const usedHeapSize = heapSpaceStatistics.reduce((sum, { spaceUsedSize }) => sum + spaceUsedSize, 0);
  return { heapStatistics: { usedHeapSize, externalMemory: usedHeapSize * 2 }, heapSpaceStatistics };
}

const BEFORE = moment({
  read_only_space: 1,
  new_space: 1_000,
  old_space: 5_000,
  code_space: 300,
  shared_space: 0,
  trusted_space: 100,
  new_large_object_space: 2_000,
  large_object_space: 700,
  code_large_object_space: 0,
});

const AFTER = moment({
  read_only_space: 1,
  new_space: 200,
  old_space: 5_400,
  code_space: 310,
  shared_space: 0,
  trusted_space: 120,
  new_large_object_space: 0,
  large_object_space: 1_700,
  code_large_object_space: 0,
});

describe('a heap effect', () => {
  const effect = (gcType: string, beforeGC = BEFORE, afterGC = AFTER) =>
    heapEffectOf({ gcType, cost: 1_500, beforeGC, afterGC });

  it('has the type, the seconds of the microseconds, and what was used before and after', () => {
    expect(effect('MarkSweepCompact')).to.deep.equal({
      type: 'major',
      seconds: 0.0015,
      beforeBytes: 9_101,
      afterBytes: 7_731,
      externalBeforeBytes: 18_202,
      externalAfterBytes: 15_462,
      promotedBytes: 0,
    });
  });

  it('has nothing outside of the heap where the runtime does not tell', () => {
    const { usedHeapSize } = BEFORE.heapStatistics;
    const silent = { ...BEFORE, heapStatistics: { usedHeapSize } };
    const { externalBeforeBytes, externalAfterBytes } = effect('Scavenge', silent, silent);
    expect([externalBeforeBytes, externalAfterBytes]).to.deep.equal([0, 0]);
  });

  it('of a minor collection has promoted what all old spaces together have grown by, large objects too', () => {
    // old_space 400, code_space 10, trusted_space 20, large_object_space 1,000.
    expect(effect('Scavenge').promotedBytes).to.equal(1_430);
    expect(effect('MinorMarkSweep').promotedBytes).to.equal(1_430);
  });

  for (const gcType of ['MarkSweepCompact', 'IncrementalMarking', 'ProcessWeakCallbacks', 'Something']) {
    it(`of ${gcType} has promoted nothing`, () => {
      expect(effect(gcType).promotedBytes).to.equal(0);
    });
  }

  it('has promoted nothing where the old generation shrank meanwhile', () => {
    expect(effect('Scavenge', AFTER, BEFORE).promotedBytes).to.equal(0);
  });

  it('knows a space that a later V8 may bring as an old one', () => {
    const before = moment({ new_space: 10, some_new_old_space: 100 });
    const after = moment({ new_space: 0, some_new_old_space: 104 });
    expect(effect('Scavenge', before, after).promotedBytes).to.equal(4);
  });
});
