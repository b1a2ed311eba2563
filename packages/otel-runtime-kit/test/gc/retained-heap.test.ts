import { expect } from 'chai';
import { join } from 'node:path';
import { runForJson } from 'test-helpers/run-fixture';

/** V8's own feedback and code move the heap by 20 to 80 kB, however long it goes on. */
const NOTHING_BYTES = 131_072;

describe('the heap that the source of collections retains', () => {
  async function grown(ticks: number, gcsPerTick: number, keptBytesPerTick: number): Promise<number> {
    const result = await runForJson<{ grown: number; told: number }>(
      join(__dirname, '../fixtures/gc-ticks.js'),
      {
        args: [ticks, gcsPerTick, keptBytesPerTick].map(String),
        nodeArgs: ['--expose-gc'],
      },
    );
    expect(result.told).to.be.at.least(ticks * gcsPerTick);
    return result.grown;
  }

  it('is the same after 1,000,000 ticks', async () => {
    expect(await grown(1_000_000, 0, 0)).to.be.below(NOTHING_BYTES);
  });

  it('is the same after 500,000 collections in 50,000 ticks', async () => {
    expect(await grown(50_000, 10, 0)).to.be.below(NOTHING_BYTES);
  });

  it('would be found to grow if a tick kept a byte, or a collection a byte', async () => {
    expect(await grown(200_000, 0, 1)).to.be.above(NOTHING_BYTES);
    expect(await grown(50_000, 10, 8)).to.be.above(NOTHING_BYTES);
  });
});
