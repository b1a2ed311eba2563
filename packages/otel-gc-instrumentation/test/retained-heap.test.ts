import { expect } from 'chai';
import { join } from 'node:path';
import { runForJson } from 'test-helpers/run-fixture';

const TICKS = 1_000_000;

/** V8's own feedback and code move the heap by up to 60 kB; a byte kept at each tick would be eight times this. */
const NOTHING_BYTES = 131_072;

describe('a million ticks of a fake clock, with a collection each', () => {
  async function grown(ticks: number, keptBytesPerTick: number): Promise<number> {
    const result = await runForJson<{ grown: number; count: number }>(
      join(__dirname, 'fixtures/ticks-of-fake-clock.js'),
      {
        args: [String(ticks), String(keptBytesPerTick)],
        nodeArgs: ['--expose-gc'],
        timeoutMillis: 110_000,
      },
    );
    expect(result.count, 'collections counted, those before the measuring too').to.equal(ticks + 200_000);
    return result.grown;
  }

  it('keep no memory', async function () {
    this.timeout(120_000);
    expect(await grown(TICKS, 0)).to.be.below(NOTHING_BYTES);
  });

  it('would be found out if each kept a single byte: four in ten of them are enough', async function () {
    this.timeout(120_000);
    expect(await grown(0.4 * TICKS, 1)).to.be.above(NOTHING_BYTES);
  });
});
