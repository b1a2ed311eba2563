import { expect } from 'chai';
import { join } from 'node:path';
import { runForJson } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import type { MemorySnapshot } from '../../src/snapshot.js';
import { MIB } from '../fixtures/fake-v8.js';

type Grown = Pick<MemorySnapshot, 'growthPerSecond' | 'liveHeapBytes' | 'timeToLimitSeconds'> & {
  readonly heapLimitBytes: number;
  readonly arrays: number;
};

describe('a process that grows at a known rate', () => {
  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  async function grown(bufferRate: number, heapRate: number, millis: number): Promise<Grown> {
    return await runForJson<Grown>(join(__dirname, '../fixtures/growing-process.js'), {
      // A young generation that grows by itself is no part of the known rate.
      nodeArgs: ['--expose-gc', '--max-semi-space-size=1', '--max-old-space-size=1000'],
      args: [bufferRate, heapRate, millis].map(String),
    });
  }

  const within = (value: number | null | undefined, rate: number, share: number, name: string): void => {
    expect(value, name).to.be.within(rate * (1 - share), rate * (1 + share));
  };

  it('in Buffers and on the heap is told so, each by its own signal', async () => {
    const { growthPerSecond, liveHeapBytes, timeToLimitSeconds, heapLimitBytes, arrays } = await grown(
      30 * MIB,
      12 * MIB,
      4_000,
    );
    within(growthPerSecond.external, 30 * MIB, 0.08, 'external');
    within(growthPerSecond.heap_live, 12 * MIB, 0.08, 'heap_live');
    within(growthPerSecond.rss, 42 * MIB, 0.15, 'rss');
    expect(Math.abs(growthPerSecond.native!), 'native').to.be.below(4 * MIB);
    expect(liveHeapBytes).to.be.within(arrays, arrays + 16 * MIB);
    within(timeToLimitSeconds.heap, (heapLimitBytes - liveHeapBytes!) / (12 * MIB), 0.1, 'time to limit');
  });

  it('is told from one that does not grow', async () => {
    const { growthPerSecond, timeToLimitSeconds } = await grown(0, 0, 2_400);
    for (const [signal, slope] of Object.entries(growthPerSecond)) {
      expect(Math.abs(slope!), signal).to.be.below(2 * MIB);
    }
    expect(timeToLimitSeconds.heap).to.be.above(600);
  });
});
