import { expect } from 'chai';
import fc from 'fast-check';
import { cgroupRoute, parseCgroupPaths } from '../../src/linux/cgroup-path.js';

describe('parseCgroupPaths', () => {
  it('reads v2 alone', () => {
    expect(parseCgroupPaths('0::/user.slice/user-0.slice/session-1.scope\n')).to.deep.equal({
      memoryV1: null,
      unified: '/user.slice/user-0.slice/session-1.scope',
    });
  });

  it('reads v1, with controllers alone, together and without', () => {
    const text = '12:name=systemd:/init\n5:cpu,cpuacct:/cpu\n4:memory,hugetlb:/docker/1f\n3:memoryx:/no\n';
    expect(parseCgroupPaths(text)).to.deep.equal({ memoryV1: '/docker/1f', unified: null });
  });

  it('reads a hybrid of both', () => {
    expect(parseCgroupPaths('4:memory:/a\n1:name=systemd:/b\n0::/c\n')).to.deep.equal({
      memoryV1: '/a',
      unified: '/c',
    });
  });

  it('keeps colons, spaces and levels up', () => {
    expect(parseCgroupPaths('0::/../../a:b c/d').unified).to.equal('/../../a:b c/d');
  });

  it('finds nothing in what is something else', () => {
    const nothing = { memoryV1: null, unified: null };
    for (const text of ['', '\n', '0:', '0::', '0::relative', 'x::/a', '4:memory', 'garbage\0']) {
      expect(parseCgroupPaths(text), JSON.stringify(text)).to.deep.equal(nothing);
    }
  });
});

describe('cgroupRoute', () => {
  const cases = {
    'the whole hierarchy': ['/', '/system.slice/a.service', 0, ['system.slice', 'a.service']],
    'a private namespace': ['/', '/', 0, []],
    'a folder within a private namespace': ['/', '/init', 0, ['init']],
    'the host’s namespace, only the own part mounted': ['/docker/1f', '/docker/1f', 0, []],
    'the same, one level further down': ['/docker/1f', '/docker/1f/init', 0, ['init']],
    'a namespace without a mount of its own': ['/../..', '/', 2, []],
    'the same, one level further down ': ['/..', '/init', 1, ['init']],
    'a process that was moved out, beside': ['/..', '/../b', 0, ['b']],
    'a process that was moved out, above': ['/../..', '/../b', 1, ['b']],
  } as const;
  for (const [name, [root, path, hiddenLevels, names]] of Object.entries(cases)) {
    it(name, () => {
      expect(cgroupRoute(root, path)).to.deep.equal({ hiddenLevels, names });
    });
  }

  it('is undefined if the cgroup is not in what is mounted', () => {
    for (const [root, path] of [
      ['/docker/1f', '/docker/2e'],
      ['/docker/1f', '/docker'],
      ['/docker/1f', '/docker/1f0'],
      ['/', '/../b'],
      ['/..', '/../../b'],
      ['/../b', '/'],
      ['/../b', '/../c'],
    ] as const) {
      expect(cgroupRoute(root, path), `${path} in ${root}`).to.equal(undefined);
    }
  });

  it('leads from the mount to the cgroup wherever the namespace begins', () => {
    const place = fc.array(fc.constantFrom('a', 'b'), { maxLength: 4 });
    fc.assert(
      fc.property(place, place, place, (namespace, mount, cgroup) => {
        const route = cgroupRoute(seenFrom(namespace, mount), seenFrom(namespace, cgroup));
        if (!isBelow(cgroup, mount)) {
          expect(route).to.equal(undefined);
          return;
        }
        const way = cgroup.slice(mount.length);
        expect(route?.names).to.deep.equal(way.slice(route?.hiddenLevels));
        // What is hidden is what lies above the root of the namespace, and nothing else.
        const shared = commonLength(namespace, cgroup);
        expect(route?.hiddenLevels).to.equal(
          Math.max(0, isBelow(namespace, mount) ? shared - mount.length : 0),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

function commonLength(one: readonly string[], other: readonly string[]): number {
  const end = one.findIndex((name, index) => name !== other[index]);
  return end < 0 ? one.length : end;
}

function isBelow(place: readonly string[], top: readonly string[]): boolean {
  return commonLength(top, place) === top.length;
}

/** How the kernel prints a cgroup to a reader in a namespace (kernfs_path_from_node). */
function seenFrom(namespace: readonly string[], place: readonly string[]): string {
  const common = commonLength(namespace, place);
  return `/${[...namespace.slice(common).map(() => '..'), ...place.slice(common)].join('/')}`;
}
