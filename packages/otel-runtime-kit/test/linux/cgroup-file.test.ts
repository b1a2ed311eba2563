import { expect } from 'chai';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CgroupFile } from '../../src/linux/cgroup-file.js';
import type { CgroupProblem } from '../../src/linux/cgroup-file.js';
import { parseCount } from '../../src/linux/cgroup-values.js';
import { parseMemoryPressure } from '../../src/linux/memory-pressure.js';
import { FakeMachine } from './fake-machine.js';
import { skipBecause } from 'test-helpers/skip-because';

describe('CgroupFile', () => {
  let machine: FakeMachine;
  let file: CgroupFile<unknown> | undefined;
  let problems: CgroupProblem[];
  beforeEach(() => {
    machine = new FakeMachine();
    problems = [];
  });
  afterEach(() => {
    file?.close();
    file = undefined;
    machine.cleanUp();
  });

  const peak = (): { part: 'peak'; path: string; parse: typeof parseCount } => ({
    part: 'peak',
    path: join(machine.cgroupRoot, 'memory.peak'),
    parse: parseCount,
  });

  it('reads anew each time, 0 too', () => {
    machine.cgroup('/', { 'memory.peak': '5\n' });
    file = new CgroupFile(peak());
    expect(file.read(problems)).to.equal(5);
    machine.cgroup('/', { 'memory.peak': '0\n' });
    expect(file.read(problems)).to.equal(0);
    expect(problems).to.deep.equal([]);
  });

  it('says each time why it cannot be read, and reads once it can', () => {
    file = new CgroupFile(peak());
    file.read(problems);
    expect(file.read(problems)).to.equal(undefined);
    expect(
      problems.map(({ part, path, error }) => [part, path, (error as NodeJS.ErrnoException).code]),
    ).to.deep.equal(Array(2).fill(['peak', peak().path, 'ENOENT']));
    machine.cgroup('/', { 'memory.peak': '5\n' });
    expect(file.read(problems)).to.equal(5);
    expect(problems).to.have.length(2);
  });

  it('is not opened where the kernel does not offer it', () => {
    expect(CgroupFile.openOptional(peak())).to.equal(undefined);
  });

  it('is kept if it is there and cannot be read now', () => {
    machine.makeUnreadable('cgroup/memory.peak');
    file = CgroupFile.openOptional(peak());
    expect(file?.read(problems)).to.equal(undefined);
    expect(problems.map(({ error }) => (error as NodeJS.ErrnoException).code)).to.deep.equal(['EISDIR']);
  });

  it('follows the kernel when PSI is switched off and on again', function () {
    const cgroup = makeUnifiedCgroup();
    if (cgroup.startsWith('!')) skipBecause(this, cgroup.slice(1));
    try {
      const path = join(cgroup, 'memory.pressure');
      const switchTo = (value: string): void => {
        writeFileSync(join(cgroup, 'cgroup.pressure'), value);
      };
      file = CgroupFile.openOptional({ part: 'pressure', path, parse: parseMemoryPressure });
      expect(file?.read(problems)).to.deep.equal({ some: 0, full: 0 });
      switchTo('0');
      expect(() => readFileSync(path)).to.throw('ENOENT');
      expect(file?.read(problems)).to.equal(undefined);
      expect(file?.read(problems)).to.equal(undefined);
      switchTo('1');
      expect(file?.read(problems)).to.deep.equal({ some: 0, full: 0 });
      expect(problems).to.deep.equal([]);
    } finally {
      rmdirSync(cgroup);
    }
  });
});

/** A folder of the v2 hierarchy, with or without controllers, below the own cgroup; or "!" and why there is none. */
function makeUnifiedCgroup(): string {
  try {
    const mount = / \/ (\S+) [^-]*- cgroup2 /.exec(readFileSync('/proc/self/mountinfo', 'utf8'))?.[1];
    const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
    if (mount === undefined || own === undefined) return '!there is no cgroup v2';
    const cgroup = join(mount, own, `cgroup-file-test-${process.pid}`);
    mkdirSync(cgroup);
    try {
      readFileSync(join(cgroup, 'cgroup.pressure'));
      return cgroup;
    } catch (thrown) {
      rmdirSync(cgroup);
      return `!PSI cannot be switched: ${String(thrown)}`;
    }
  } catch (thrown) {
    return `!no cgroup can be made: ${String(thrown)}`;
  }
}
