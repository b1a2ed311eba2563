import { expect } from 'chai';
import { RealCgroup } from 'test-helpers/real-cgroup';
import { skipBecause } from 'test-helpers/skip-because';
import { CgroupChild } from './cgroup-child.js';
import type { ChildReading } from './cgroup-child.js';
import { MIB } from './fake-machine.js';

/** The kernel counts usage in batches of 64 pages for each processor, and a Node at rest still breathes. */
const TOLERANCE_BYTES = 2 * MIB;

describe('CgroupFollower among cgroups of the kernel', () => {
  let outer: RealCgroup;
  let first: RealCgroup;
  let second: RealCgroup;
  let child: CgroupChild | undefined;
  let cleanUp: () => Promise<void>;

  beforeEach(function () {
    cleanUp = () => Promise.resolve();
    const made = RealCgroup.make('cgroup-follower-test');
    if (typeof made === 'string') skipBecause(this, made);
    outer = made;
    first = outer.makeInner('first');
    second = outer.makeInner('second');
    first.limitBytes = 256 * MIB;
    second.limitBytes = 320 * MIB;
    cleanUp = async () => {
      await child?.end();
      child = undefined;
      for (const cgroup of [first, second, outer]) await cgroup.remove();
    };
  });

  afterEach(() => cleanUp());

  /** What follows the process says of this cgroup what the kernel says of it. */
  async function expectIn(cgroup: RealCgroup, limitMib: number): Promise<void> {
    const before = cgroup.usageBytes;
    const answer = (await child!.follow()) as ChildReading;
    const after = cgroup.usageBytes;
    expect(answer.cgroup?.directory).to.equal(cgroup.directory);
    expect(answer.reading).to.deep.include({ limitBytes: limitMib * MIB, problems: [] });
    expect(answer.reading.usageBytes).to.be.within(
      Math.min(before, after) - TOLERANCE_BYTES,
      Math.max(before, after) + TOLERANCE_BYTES,
    );
  }

  it('goes on with the one that the process was moved to, while the old one is there and when it is not', async () => {
    child = new CgroupChild({ shellPrefix: first.moveShellHere });
    await expectIn(first, 256);
    second.moveHere(child.pid);
    await child.ask('allocate', 32);
    await expectIn(second, 320);
    // It is the new one in which all that is allocated from now on is charged.
    expect(second.usageBytes).to.be.above(32 * MIB);
    await first.remove();
    await expectIn(second, 320);
  });

  it('finds the new one also if the old one was removed before anybody looked', async () => {
    child = new CgroupChild({ shellPrefix: first.moveShellHere });
    await expectIn(first, 256);
    second.moveHere(child.pid);
    await first.remove();
    expect((await child.read()).reading.usageBytes).to.equal(null);
    await expectIn(second, 320);
  });

  it('keeps what it has while no descriptor is left, and goes on with the new one after that', async () => {
    child = new CgroupChild({ shellPrefix: `${first.moveShellHere} && ulimit -n 96` });
    await expectIn(first, 256);
    expect(await child.ask('exhaustDescriptors')).to.include({ code: 'EMFILE' });
    await expectIn(first, 256);
    second.moveHere(child.pid);
    expect(await child.follow()).to.deep.equal({ failed: 'EMFILE' });
    await child.ask('returnDescriptors');
    await expectIn(second, 320);
  });
});
