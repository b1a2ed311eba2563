import { expect } from 'chai';
import fc from 'fast-check';
import { parseCgroupMounts } from '../../src/linux/cgroup-mounts.js';
import { mountLine, mountLineV1 } from './fake-machine.js';

describe('parseCgroupMounts', () => {
  it('finds v2 and v1’s memory among the others', () => {
    const text = [
      '23 1 254:0 / / rw,relatime - ext4 /dev/root rw',
      '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
      '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu',
      '35 31 0:32 /docker/1f /sys/fs/cgroup/memory ro,nosuid,nodev,noexec,relatime master:17 - cgroup cgroup rw,memory',
      '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:1 master:2 unbindable - cgroup2 cgroup2 rw',
      '',
    ].join('\n');
    expect(parseCgroupMounts(text)).to.deep.equal([
      { version: 1, root: '/docker/1f', mountPoint: '/sys/fs/cgroup/memory' },
      { version: 2, root: '/', mountPoint: '/sys/fs/cgroup/unified' },
    ]);
  });

  it('finds memory where it is mounted together with another controller', () => {
    const line = mountLine('/cg', { type: 'cgroup', options: 'rw,cpu,memory,hugetlb' });
    expect(parseCgroupMounts(line)).to.deep.equal([{ version: 1, root: '/', mountPoint: '/cg' }]);
    expect(parseCgroupMounts(mountLine('/cg', { type: 'cgroup', options: 'rw,memory_x' }))).to.deep.equal([]);
  });

  it('keeps only the last of several at one place, as only that one can be reached', () => {
    const text = [mountLineV1('/cg', '/a'), mountLine('/other'), mountLineV1('/cg', '/b')].join('\n');
    expect(parseCgroupMounts(text)).to.deep.equal([
      { version: 2, root: '/', mountPoint: '/other' },
      { version: 1, root: '/b', mountPoint: '/cg' },
    ]);
  });

  it('undoes the escapes', () => {
    const line = mountLine('/my\\040cgroups\\134x', { root: '/a\\011b' });
    expect(parseCgroupMounts(line)).to.deep.equal([
      { version: 2, root: '/a\tb', mountPoint: '/my cgroups\\x' },
    ]);
  });

  it('finds nothing in what is something else', () => {
    for (const text of ['', '\n\n', 'garbage', ' - cgroup2 x rw', '1 2 3 / /x rw', '1 2 3 / /x rw -']) {
      expect(parseCgroupMounts(text), JSON.stringify(text)).to.deep.equal([]);
    }
  });

  it('reads any number of optional fields', () => {
    const optional = fc.array(fc.constantFrom('shared:1', 'master:22', 'propagate_from:3', 'unbindable'), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(optional, fields => {
        const line = ['36', '35', '98:0', '/r', '/m', 'rw', ...fields, '-', 'cgroup2', 'none', 'rw'].join(
          ' ',
        );
        expect(parseCgroupMounts(line)).to.deep.equal([{ version: 2, root: '/r', mountPoint: '/m' }]);
      }),
      { numRuns: 50 },
    );
  });
});
