import { expect } from 'chai';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { skipBecause } from 'test-helpers/skip-because';
import { watchedProcesses } from '../fixtures/watched-process-client.js';

const OPENED = 1_000;
const DIRECTORY = { path: '/proc/self/fd', listsItself: true };
const METHODS = {
  'by stat where the kernel has it': { directory: { ...DIRECTORY, sizeMayCount: true } },
  'by listing': { directory: { ...DIRECTORY, sizeMayCount: false } },
};

/** Whether this kernel gives the number of descriptors as a size: Linux from 6.2 on. */
function sizeCounts(): boolean {
  return Math.abs(readdirSync('/proc/self/fd').length - statSync('/proc/self/fd').size) <= 1;
}

describe('open descriptors of a process, against a listing by another one', () => {
  const launch = watchedProcesses();

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const [, hard = ''] =
      /^Max open files +\d+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    if (Number(hard) < OPENED + 200) skipBecause(this, `the hard limit of descriptors is ${hard}`);
  });

  for (const [name, machine] of Object.entries(METHODS)) {
    it(`${OPENED} files opened are exactly ${OPENED} more, and none more once closed: ${name}`, async function () {
      const [, hard = ''] =
        /^Max open files +\d+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
      if (Number(hard) < OPENED + 200) skipBecause(this, `the hard limit of descriptors is ${hard}`);
      const watched = await launch();
      const method = machine.directory.sizeMayCount && sizeCounts() ? 'stat' : 'list';
      expect(await watched.ask('countMethod', { machine })).to.equal(method);
      await watched.ask('start', { machine });

      let listed = 0;
      const { before, during, after } = await watched.around('file', OPENED, 5_000, () => {
        listed = watched.listedCount();
      });
      expect(during.open).to.equal(listed);
      expect(during.open).to.equal((before.open ?? NaN) + OPENED);
      expect(after.open).to.equal(before.open);
      expect(after.open).to.equal(watched.listedCount());
      expect(await watched.ask('look')).to.have.deep.property('errors', {});
    });
  }

  it('sees each single one come and go', async () => {
    const watched = await launch();
    await watched.ask('start', {});
    const { before, during, after } = await watched.around('directory', 1, 5_000);
    expect([before.open, during.open, after.open]).to.deep.equal(
      [0, 1, 0].map(more => watched.listedCount() + more),
    );
  });

  it('counts also as a user who does not own /proc/self/fd', async () => {
    const watched = await launch();
    await watched.ask('changeUser');
    for (const machine of Object.values(METHODS)) {
      await watched.ask('start', { machine, options: { byKindIntervalMillis: 5_000 } });
      const { before, during } = await watched.around('nullDevice', 7, 5_000, () => {
        expect(watched.listedCount()).to.be.above(7);
      });
      expect(during.open).to.equal((before.open ?? NaN) + 7);
      expect(during.byKind?.device).to.equal((before.byKind?.device ?? NaN) + 7);
      expect(during.limit.soft).to.be.above(0);
      expect(await watched.ask('look')).to.have.deep.property('errors', {});
      await watched.ask('stop');
    }
  });
});
