import { expect } from 'chai';
import { join } from 'node:path';
import { runForJson } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';

const TICKS = 1_000_000;

/**
 * V8's own feedback moves the heap by up to 30 kB. What is read most rarely, the limit, is read each sixtieth
 * tick: one word of 8 bytes kept each time would be 133 kB.
 */
const NOTHING_BYTES = 65_536;

describe('a million ticks of a fake clock over the real procfs', () => {
  async function grown(ticks: number, keptBytesPerTick: number): Promise<number> {
    const result = await runForJson<{ grown: number }>(join(__dirname, 'fixtures/ticks-of-fake-clock.js'), {
      args: [String(ticks), String(keptBytesPerTick)],
      nodeArgs: ['--expose-gc'],
      timeoutMillis: 110_000,
    });
    return result.grown;
  }

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  it('keep no memory', async function () {
    this.timeout(65_536);
    expect(await grown(TICKS, 0)).to.be.below(NOTHING_BYTES);
  });

  it('would be found out if each kept a single byte: a fifth of them is enough', async function () {
    this.timeout(65_536);
    expect(await grown(TICKS / 5, 1)).to.be.above(NOTHING_BYTES);
  });
});
