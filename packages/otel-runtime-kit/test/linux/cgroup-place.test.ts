import { expect } from 'chai';
import { join } from 'node:path';
import { findMemoryCgroup } from '../../src/linux/cgroup-place.js';
import { FakeMachine, V2_FILES, mountLine, mountLineV1, v1Files } from './fake-machine.js';

/** What only the true root of a v1 hierarchy has. */
const V1_ROOT = { ...v1Files(), release_agent: '\n' };
/** What the true root of a v2 hierarchy has. */
const V2_ROOT = { 'cgroup.procs': '1\n', 'memory.stat': 'anon 1\n' };

describe('findMemoryCgroup', () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => {
    machine.cleanUp();
  });

  /** The place, its folders being relative to /sys/fs/cgroup. */
  const found = (): unknown => {
    const cgroup = findMemoryCgroup(machine.roots);
    if (cgroup === undefined) return undefined;
    const short = (folder: string): string => folder.slice(machine.cgroupRoot.length) || '/';
    return { ...cgroup, directory: short(cgroup.directory), chain: cgroup.chain.map(short) };
  };

  describe('v2', () => {
    it('finds a private namespace, whose root is the container', () => {
      machine.proc('0::/', [mountLine('/sys/fs/cgroup')]).cgroup('/', V2_FILES);
      expect(found()).to.deep.equal({
        version: 2,
        path: '/',
        directory: '/',
        chain: ['/'],
        seesHierarchyRoot: false,
      });
    });

    it('finds a unit of systemd and all above it but the true root', () => {
      machine
        .proc('0::/system.slice/system-app.slice/app@1.service', [mountLine('/sys/fs/cgroup')])
        .cgroup('/', V2_ROOT)
        .cgroup('/system.slice', V2_FILES)
        .cgroup('/system.slice/system-app.slice', V2_FILES)
        .cgroup('/system.slice/system-app.slice/app@1.service', V2_FILES);
      expect(found()).to.deep.equal({
        version: 2,
        path: '/system.slice/system-app.slice/app@1.service',
        directory: '/system.slice/system-app.slice/app@1.service',
        chain: [
          '/system.slice/system-app.slice/app@1.service',
          '/system.slice/system-app.slice',
          '/system.slice',
        ],
        seesHierarchyRoot: true,
      });
    });

    it('takes the nearest above where the controller is not enabled: that is what is charged', () => {
      machine
        .proc('0::/user.slice/app.scope/threads', [mountLine('/sys/fs/cgroup')])
        .cgroup('/', V2_ROOT)
        .cgroup('/user.slice', V2_FILES)
        .cgroup('/user.slice/app.scope/threads', { 'cgroup.events': 'populated 1\n' });
      expect(found()).to.include({ directory: '/user.slice' });
    });

    it('finds the container where the host’s path is told and only the container’s part is mounted', () => {
      machine
        .proc('0::/system.slice/docker-1f.scope', [
          mountLine('/sys/fs/cgroup', { root: '/system.slice/docker-1f.scope' }),
        ])
        .cgroup('/', V2_FILES);
      expect(found()).to.include({ directory: '/', seesHierarchyRoot: false });
      // The same where the mount does not tell which part it is.
      machine.proc('0::/system.slice/docker-1f.scope', [mountLine('/sys/fs/cgroup')]);
      expect(found()).to.include({ directory: '/', seesHierarchyRoot: false });
      // And where no mount is told.
      machine.remove('proc/self/mountinfo');
      expect(found()).to.include({ directory: '/', seesHierarchyRoot: false });
    });

    it('finds a folder that a container’s init has made for itself', () => {
      machine
        .proc('0::/init.scope', [mountLine('/sys/fs/cgroup')])
        .cgroup('/', V2_FILES)
        .cgroup('/init.scope', V2_FILES);
      expect(found()).to.deep.include({
        directory: '/init.scope',
        chain: ['/init.scope', '/'],
        seesHierarchyRoot: false,
      });
    });

    it('finds a namespace without a mount of its own by the list of processes', () => {
      machine
        .proc('0::/', [mountLine('/sys/fs/cgroup', { root: '/../..' })])
        .cgroup('/', V2_ROOT)
        .cgroup('/a', V2_FILES)
        .cgroup('/a/x', { ...V2_FILES, 'cgroup.procs': `1\n1${process.pid}\n` })
        .cgroup('/a/y', { ...V2_FILES, 'cgroup.procs': `1\n${process.pid}\n` })
        .cgroup('/b', { ...V2_FILES, 'cgroup.procs': '' });
      expect(found()).to.deep.include({ path: '/', directory: '/a/y', chain: ['/a/y', '/a'] });
      machine.remove('cgroup/a/y');
      expect(found()).to.equal(undefined);
    });

    it('finds the same with known folders after the hidden ones', () => {
      machine
        .proc('0::/init', [mountLine('/sys/fs/cgroup', { root: '/..' })])
        .cgroup('/', V2_ROOT)
        .cgroup('/x/init', { ...V2_FILES, 'cgroup.procs': '1\n' })
        .cgroup('/y/init', { ...V2_FILES, 'cgroup.procs': `${process.pid}\n` });
      expect(found()).to.include({ path: '/init', directory: '/y/init' });
    });

    it('finds nothing for a process outside of what is mounted', () => {
      machine.proc('0::/../other', [mountLine('/sys/fs/cgroup')]).cgroup('/', V2_FILES);
      expect(found()).to.equal(undefined);
    });

    it('finds nothing in the true root, whose memory is the host’s, and without the controller', () => {
      machine.proc('0::/', [mountLine('/sys/fs/cgroup')]).cgroup('/', V2_ROOT);
      expect(found()).to.equal(undefined);
      machine.proc('0::/a', [mountLine('/sys/fs/cgroup')]).cgroup('/a', { 'cgroup.events': 'populated 1\n' });
      expect(found()).to.equal(undefined);
    });
  });

  describe('v1', () => {
    it('finds a private namespace', () => {
      machine.proc('4:memory:/\n1:name=systemd:/x', [mountLineV1()]).cgroup('/memory', v1Files());
      expect(found()).to.deep.equal({
        version: 1,
        path: '/',
        directory: '/memory',
        chain: ['/memory'],
        seesHierarchyRoot: false,
      });
    });

    it('finds a cgroup of a host and all above it but the true root', () => {
      machine
        .proc('4:memory:/kubepods/pod1/1f', [mountLineV1()])
        .cgroup('/memory', V1_ROOT)
        .cgroup('/memory/kubepods', v1Files())
        .cgroup('/memory/kubepods/pod1', v1Files())
        .cgroup('/memory/kubepods/pod1/1f', v1Files());
      expect(found()).to.deep.include({
        directory: '/memory/kubepods/pod1/1f',
        chain: ['/memory/kubepods/pod1/1f', '/memory/kubepods/pod1', '/memory/kubepods'],
        seesHierarchyRoot: true,
      });
    });

    it('stops at a cgroup that does not count, nor limit, those below it', () => {
      machine
        .proc('4:memory:/a/b/c', [mountLineV1()])
        .cgroup('/memory', V1_ROOT)
        .cgroup('/memory/a', { ...v1Files(), 'memory.use_hierarchy': '0\n' })
        .cgroup('/memory/a/b', v1Files())
        .cgroup('/memory/a/b/c', { ...v1Files(), 'memory.use_hierarchy': '0\n' });
      expect(found()).to.deep.include({ chain: ['/memory/a/b/c', '/memory/a/b'] });
    });

    it('finds the container where the host’s path is told and only the container’s part is mounted', () => {
      machine
        .proc('4:memory:/docker/1f', [mountLineV1('/sys/fs/cgroup/memory', '/docker/1f')])
        .cgroup('/memory', v1Files());
      expect(found()).to.include({ directory: '/memory', seesHierarchyRoot: false });
      machine.proc('4:memory:/docker/1f', [mountLineV1()]);
      expect(found()).to.include({ directory: '/memory', seesHierarchyRoot: false });
      machine.remove('proc/self/mountinfo');
      expect(found()).to.include({ directory: '/memory', seesHierarchyRoot: false });
    });

    it('does not take the host’s root for a path that leads nowhere', () => {
      machine.proc('4:memory:/docker/1f', [mountLineV1()]).cgroup('/memory', V1_ROOT);
      machine.cgroup('/memory/docker', v1Files());
      expect(found()).to.equal(undefined);
    });

    it('finds nothing in the true root', () => {
      machine.proc('4:memory:/', [mountLineV1()]).cgroup('/memory', V1_ROOT);
      expect(found()).to.equal(undefined);
    });

    it('finds a mount in an unusual place', () => {
      const elsewhere = join(machine.folder, 'cg');
      machine.proc('4:memory:/a', [mountLineV1(elsewhere)]);
      for (const [name, content] of Object.entries(v1Files())) machine.write(`cg/a/${name}`, content);
      expect(findMemoryCgroup(machine.roots)?.directory).to.equal(`${elsewhere}/a`);
    });
  });

  describe('hybrid', () => {
    const MOUNTS = [
      mountLine('/sys/fs/cgroup', { type: 'tmpfs', options: 'rw,mode=755' }),
      mountLineV1(),
      mountLine('/sys/fs/cgroup/unified'),
    ];

    it('finds v1’s memory beside a v2 without the controller', () => {
      machine
        .proc('4:memory:/a\n0::/b', MOUNTS)
        .cgroup('/memory', V1_ROOT)
        .cgroup('/memory/a', v1Files())
        .cgroup('/unified', V2_ROOT)
        .cgroup('/unified/b', {
          'cgroup.events': 'populated 1\n',
          'memory.pressure': V2_FILES['memory.pressure'],
        });
      expect(found()).to.include({ version: 1, path: '/a', directory: '/memory/a' });
    });

    it('finds v2’s memory beside a v1 without the controller', () => {
      machine.proc('3:cpu:/a\n0::/b', MOUNTS).cgroup('/unified', V2_ROOT).cgroup('/unified/b', V2_FILES);
      expect(found()).to.include({ version: 2, path: '/b', directory: '/unified/b' });
    });
  });

  describe('what is missing or garbage', () => {
    it('finds nothing without /proc, without a cgroup file system, or in garbage', () => {
      expect(found()).to.equal(undefined);
      machine.proc('0::/', [mountLine('/sys/fs/cgroup')]);
      expect(found()).to.equal(undefined);
      machine.cgroup('/', V2_FILES);
      machine.write('proc/self/cgroup', 'garbage\0\n:::\n');
      expect(found()).to.equal(undefined);
      machine.write('proc/self/cgroup', '');
      expect(found()).to.equal(undefined);
      machine.makeUnreadable('proc/self/cgroup');
      expect(found()).to.equal(undefined);
    });

    it('does with the usual places where the mounts are garbage or unreadable', () => {
      machine.proc('0::/a', ['garbage']).cgroup('/', V2_ROOT).cgroup('/a', V2_FILES);
      expect(found()).to.include({ version: 2, directory: '/a' });
      machine.makeUnreadable('proc/self/mountinfo');
      expect(found()).to.include({ version: 2, directory: '/a' });
    });
  });
});
