import { expect } from 'chai';
import { CgroupChild } from './cgroup-child.js';
import { GIB, MIB, v1Container, v2Container } from './fake-machine.js';
import { skipBecause } from 'test-helpers/skip-because';

describe('CgroupMemory in a process without a descriptor left', function () {
  this.timeout(30_000);
  beforeEach(function () {
    if (process.platform === 'win32') skipBecause(this, 'there is no such limit');
  });

  for (const [name, make, limit] of [
    ['v2', v2Container, 'memory.max'],
    ['v1', v1Container, 'memory.limit_in_bytes'],
  ] as const) {
    it(`reads everything as before, and what changes, on ${name}`, async () => {
      const machine = make({ [limit]: 512 * MIB });
      const child = new CgroupChild({ ...machine.roots, shellPrefix: 'ulimit -n 64' });
      try {
        const { reading } = await child.read();
        expect(reading.limitBytes).to.equal(512 * MIB);
        expect(await child.ask('exhaustDescriptors')).to.include({ code: 'EMFILE' });
        expect((await child.read()).reading).to.deep.equal(reading);
        machine.cgroup(name === 'v2' ? '/' : '/memory', { [limit]: 256 * MIB });
        expect((await child.read()).reading).to.deep.equal({
          ...reading,
          limitBytes: 256 * MIB,
          availableBytes: 56 * MIB,
        });
        expect(await child.ask('host')).to.deep.equal({ totalBytes: 16 * GIB, availableBytes: 4 * GIB });
        // Who opens only then sees nothing, and is told so rather than that there is no container.
        expect(await child.ask('others')).to.include({ open: 'EMFILE' });
        await child.ask('returnDescriptors');
        expect(await child.ask('others')).to.deep.equal({ rss: null, open: null });
      } finally {
        await child.end();
        machine.cleanUp();
      }
    });
  }
});
