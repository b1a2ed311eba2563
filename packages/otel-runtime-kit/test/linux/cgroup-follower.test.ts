import { expect } from 'chai';
import fs from 'node:fs';
import { openTargets } from 'test-helpers/open-targets';
import { skipBecause } from 'test-helpers/skip-because';
import { CgroupFollower } from '../../src/linux/cgroup-follower.js';
import { FakeMachine, MIB, V2_FILES, mountLine, mountLineV1, v1Files } from './fake-machine.js';

describe('CgroupFollower', () => {
  let machine: FakeMachine;
  let follower: CgroupFollower;

  beforeEach(() => {
    machine = new FakeMachine();
    for (const [path, limitMib] of [
      ['start.scope', 100],
      ['app.slice/app.service', 200],
    ] as const) {
      machine.cgroup(path, { ...V2_FILES, 'memory.max': `${limitMib * MIB}\n` });
    }
    isIn('/start.scope');
    follower = new CgroupFollower(machine.roots);
  });

  afterEach(() => {
    follower.close();
    machine.cleanUp();
  });

  function isIn(path: string): void {
    machine.proc(`0::${path}`, [mountLine('/sys/fs/cgroup')]);
  }

  const limitMib = (memory = follower.follow()): number | undefined =>
    (memory?.read().limitBytes ?? NaN) / MIB;
  const opened = (): string[] => openTargets().filter(target => target.startsWith(machine.folder));

  it('gives the same reader while nothing changes, or nothing that matters', () => {
    const first = follower.follow();
    expect(limitMib(first)).to.equal(100);
    expect(follower.follow()).to.equal(first);
    machine.proc('7:cpu:/elsewhere\n0::/start.scope', [mountLine('/sys/fs/cgroup')]);
    expect(follower.follow()).to.equal(first);
    expect(limitMib(first)).to.equal(100);
  });

  it('goes on with the cgroup that the process was moved to, though the old one is still there', function () {
    if (process.platform !== 'linux') skipBecause(this, 'looks into /proc/self/fd');
    const first = follower.follow();
    isIn('/app.slice/app.service');
    expect(limitMib(first)).to.equal(100);
    const second = follower.follow();
    expect(second?.cgroup.path).to.equal('/app.slice/app.service');
    expect(limitMib(second)).to.equal(200);
    expect(follower.follow()).to.equal(second);
    // What was left is not held open.
    expect(opened().filter(target => target.includes('start.scope'))).to.deep.equal([]);
    isIn('/start.scope');
    expect(limitMib()).to.equal(100);
  });

  it('follows from one version to the other', () => {
    expect(follower.follow()?.cgroup.version).to.equal(2);
    machine
      .cgroup('/memory/unit', { ...v1Files(), 'memory.limit_in_bytes': `${300 * MIB}\n` })
      .proc('4:memory:/unit\n0::/', [mountLineV1()]);
    expect(follower.follow()?.cgroup.version).to.equal(1);
    expect(limitMib()).to.equal(300);
  });

  it('looks again when files are gone, also where the process has not moved: its controller was taken away', () => {
    machine.cgroup('app.slice', { ...V2_FILES, 'memory.max': `${400 * MIB}\n` });
    isIn('/app.slice/app.service');
    const first = follower.follow();
    expect(limitMib(first)).to.equal(200);
    for (const name of Object.keys(V2_FILES)) {
      if (name.startsWith('memory.')) machine.remove(`cgroup/app.slice/app.service/${name}`);
    }
    // Unlike a cgroup's, a file that was removed can still be read through a descriptor.
    first?.close();
    expect(first?.read().problems).not.to.deep.equal([]);
    expect(first?.isGone).to.equal(true);
    expect(limitMib()).to.equal(400);
    expect(follower.follow()?.isGone).to.equal(false);
  });

  it('keeps the reader of a cgroup that lacks a file, and looks no more once that is back', () => {
    machine.remove('cgroup/start.scope/memory.stat');
    const first = follower.follow();
    expect(first?.read().workingSetBytes).to.equal(null);
    expect(first?.isGone).to.equal(true);
    expect(follower.follow()).to.equal(first);
    machine.cgroup('start.scope', V2_FILES);
    expect(first?.read()).to.deep.include({ workingSetBytes: 200 * MIB, problems: [] });
    expect(first?.isGone).to.equal(false);
  });

  it('has none in the root, holds nothing there but what says so, and finds the next one', function () {
    if (process.platform !== 'linux') skipBecause(this, 'looks into /proc/self/fd');
    expect(limitMib()).to.equal(100);
    isIn('/');
    for (let round = 0; round < 2; round += 1) expect(follower.follow()).to.equal(undefined);
    expect(opened()).to.deep.equal([`${machine.procRoot}/self/cgroup`]);
    isIn('/app.slice/app.service');
    expect(limitMib()).to.equal(200);
  });

  it('has none where /proc cannot be read', () => {
    machine.makeUnreadable('proc/self/cgroup');
    const blind = new CgroupFollower(machine.roots);
    for (let round = 0; round < 2; round += 1) expect(blind.follow()).to.equal(undefined);
    blind.close();
  });

  it('keeps the reader while /proc cannot be read any more', function () {
    if (process.platform !== 'linux') skipBecause(this, 'looks into /proc/self/fd');
    const first = follower.follow();
    const held = fs
      .readdirSync('/proc/self/fd')
      .find(
        name =>
          fs.existsSync(`/proc/self/fd/${name}`) &&
          fs.readlinkSync(`/proc/self/fd/${name}`) === `${machine.procRoot}/self/cgroup`,
      );
    fs.closeSync(Number(held));
    isIn('/app.slice/app.service');
    // EBADF, after which the file is opened anew.
    expect(follower.follow()).to.equal(first);
    expect(limitMib()).to.equal(200);
  });

  it('keeps the reader when it cannot look, says why, and looks again the next time', () => {
    const first = follower.follow();
    isIn('/app.slice/app.service');
    const noDescriptors = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
    const { readFileSync } = fs;
    fs.readFileSync = () => {
      throw noDescriptors;
    };
    try {
      expect(() => follower.follow()).to.throw('EMFILE');
    } finally {
      fs.readFileSync = readFileSync;
    }
    expect(limitMib(first)).to.equal(100);
    expect(limitMib()).to.equal(200);
  });

  it('gives every descriptor back, and begins anew if it is asked again', function () {
    if (process.platform !== 'linux') skipBecause(this, 'looks into /proc/self/fd');
    follower.follow();
    expect(opened()).to.include(`${machine.procRoot}/self/cgroup`);
    follower.close();
    expect(opened()).to.deep.equal([]);
    expect(limitMib()).to.equal(100);
  });
});
