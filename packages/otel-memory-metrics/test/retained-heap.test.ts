import { expect } from 'chai';
import { join } from 'node:path';
import { runForJson } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';

const TICKS = 1_000_000;

/** V8's own feedback and code move the heap by up to 50 kB. */
const NOTHING_BYTES = 65_536;

describe('ticks of a fake clock', () => {
  async function grown(ticks: number, keptBytesPerTick: number, source: 'files' | 'fake'): Promise<number> {
    const result = await runForJson<{ grown: number }>(join(__dirname, 'fixtures/ticks-of-fake-clock.js'), {
      args: [String(ticks), String(keptBytesPerTick), source],
      nodeArgs: ['--expose-gc'],
      timeoutMillis: 110_000,
    });
    return result.grown;
  }

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  it('keep no memory, a million of them', async function () {
    this.timeout(120_000);
    expect(await grown(TICKS, 0, 'fake')).to.be.below(NOTHING_BYTES);
  });

  it('keep no memory, 100,000 of them that read files and V8', async function () {
    this.timeout(120_000);
    expect(await grown(TICKS / 10, 0, 'files')).to.be.below(NOTHING_BYTES);
  });

  it('would be found out if each kept a single byte: a fifth of a million is enough', async function () {
    this.timeout(120_000);
    expect(await grown(TICKS / 5, 1, 'fake')).to.be.above(NOTHING_BYTES);
  });
});
