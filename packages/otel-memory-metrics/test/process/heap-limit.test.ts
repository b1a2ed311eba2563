import { expect } from 'chai';
import { skipBecause } from 'test-helpers/skip-because';
import { MIB } from '../fixtures/fake-v8.js';
import { watchedProcesses } from '../fixtures/watched-process-client.js';

describe('the limit of the heap', () => {
  const launch = watchedProcesses();

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  async function limitOf(oldSpaceMib: number): Promise<number> {
    const nodeArgs = [`--max-old-space-size=${oldSpaceMib}`, '--max-semi-space-size=4'];
    const watched = await launch({ nodeArgs });
    await watched.ask('start', {});
    const { heap } = await watched.after();
    await watched.ask('hold', { what: 'heap', amount: oldSpaceMib - 60 });
    await watched.ask('collect');
    const full = (await watched.after()).heap!;
    expect(full.utilization).to.be.within((oldSpaceMib - 60) / (oldSpaceMib + 12), 1);
    expect(full.utilization).to.equal(full.usedBytes / full.limitBytes);
    expect(full.limitBytes).to.equal(heap!.limitBytes);
    return heap!.limitBytes;
  }

  it('is the one of --max-old-space-size, with the young generation', async () => {
    const [small, large] = [await limitOf(100), await limitOf(164)];
    // Three semi-spaces of 4 MiB.
    expect(small).to.be.within(100 * MIB, 112 * MIB);
    expect(large - small).to.equal(64 * MIB);
  });
});
