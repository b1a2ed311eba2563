import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RealCgroup } from 'test-helpers/real-cgroup';
import { repositoryRoot } from 'test-helpers/repository';
import { skipBecause } from 'test-helpers/skip-because';
import type { ChildReading } from './cgroup-child.js';
import { FakeMachine, GIB, MIB, V2_FILES, mountLine, mountLineV1, v1Files } from './fake-machine.js';
import type { Files } from './fake-machine.js';

const kit = join(repositoryRoot, 'packages/otel-runtime-kit');

/** Runs the reader, with its default roots, in namespaces of its own that `furnish` has prepared. */
function readIn(namespaces: string, furnish: string, before = 'true'): ChildReading {
  // Each becomes the next, down to node: what was mounted over /proc/$$ is its /proc/self.
  const script = `${before} && exec unshare ${namespaces} sh -c '${furnish} && exec "$0" "$@"' "$0" "$@"`;
  const { status, stdout, stderr } = spawnSync(
    'sh',
    [
      '-c',
      script,
      process.execPath,
      join(kit, 'test/fixtures/memory-cgroup-child.cjs'),
      join(kit, 'dist/src/linux'),
    ],
    { encoding: 'utf8', input: '["read"]\n', env: { ...process.env, NODE_OPTIONS: '' }, timeout: 30_000 },
  );
  if (status !== 0 || stderr !== '') throw new Error(`it ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as ChildReading;
}

function whyNot(...namespaces: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync('unshare', [...namespaces, 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `unshare ${namespaces.join(' ')}: ${error?.message ?? stderr.trim()}`;
}

describe('CgroupMemory with a made-up machine mounted over the real one', function () {
  this.timeout(60_000);
  let machine: FakeMachine | undefined;

  beforeEach(function () {
    const reason = existsSync('/sys/fs/cgroup') ? whyNot('--mount') : 'there is no /sys/fs/cgroup';
    if (reason !== undefined) skipBecause(this, reason);
    machine = new FakeMachine();
  });
  afterEach(() => {
    machine?.cleanUp();
    machine = undefined;
  });

  const readInMachine = (cgroup: string, mountinfo?: readonly string[]): ChildReading => {
    machine!.proc(cgroup, mountinfo ?? []);
    const over = (name: string): string =>
      `mount --bind "${machine!.procRoot}/self/${name}" "/proc/$$/${name}"`;
    return readIn(
      '--mount --propagation private',
      [
        `mount --bind "${machine!.cgroupRoot}" /sys/fs/cgroup`,
        over('cgroup'),
        // The last: `mount` itself looks at it.
        ...(mountinfo === undefined ? [] : [over('mountinfo')]),
      ].join(' && '),
    );
  };
  const limited = (bytes: number): Files => ({ ...V2_FILES, 'memory.max': `${bytes}\n` });

  it('reads a container on v2 as Docker and Kubernetes make it', () => {
    machine!.cgroup('/', limited(512 * MIB));
    const { cgroup, container, constrainedBytes, reading } = readInMachine('0::/', [
      mountLine('/sys/fs/cgroup'),
    ]);
    expect(cgroup).to.include({ version: 2, directory: '/sys/fs/cgroup', seesHierarchyRoot: false });
    expect(container).to.equal(true);
    expect(reading).to.deep.include({
      limitBytes: 512 * MIB,
      workingSetBytes: 200 * MIB,
      availableBytes: 312 * MIB,
      stallSeconds: { some: 2.5, full: 1.25 },
      problems: [],
    });
    // libuv, which looks at the same files, agrees.
    expect(constrainedBytes).to.equal(512 * MIB);
  });

  it('reads the same where no mount is told: the machine’s own mounts are hidden below', () => {
    machine!.cgroup('/', limited(512 * MIB));
    const { cgroup, reading } = readInMachine('0::/');
    expect(cgroup).to.include({ version: 2, directory: '/sys/fs/cgroup' });
    expect(reading).to.deep.include({ limitBytes: 512 * MIB, problems: [] });
  });

  it('reads a unit whose slice has the smaller limit', () => {
    machine!
      .cgroup('/app.slice', limited(256 * MIB))
      .cgroup('/app.slice/app.service', { ...limited(GIB), 'memory.high': `${384 * MIB}\n` });
    const { reading, constrainedBytes } = readInMachine('0::/app.slice/app.service', [
      mountLine('/sys/fs/cgroup'),
    ]);
    expect(reading).to.deep.include({ limitBytes: 256 * MIB, highBytes: 384 * MIB, problems: [] });
    // libuv takes the cgroup's own soft line for a limit, and up to Node 26 does not look above.
    expect(constrainedBytes).to.be.oneOf([384 * MIB, 256 * MIB]);
  });

  it('reads a container on v1 that is told the host’s path', () => {
    machine!.cgroup('/memory', { ...v1Files(), 'memory.limit_in_bytes': `${512 * MIB}\n` });
    const { cgroup, container, reading } = readInMachine('4:memory:/docker/1f\n0::/', [
      mountLineV1('/sys/fs/cgroup/memory', '/docker/1f'),
    ]);
    expect(cgroup).to.include({ version: 1, directory: '/sys/fs/cgroup/memory', seesHierarchyRoot: false });
    expect(container).to.equal(true);
    expect(reading).to.deep.include({ limitBytes: 512 * MIB, availableBytes: 312 * MIB, problems: [] });
  });

  it('takes an unlimited service of a host for no container', () => {
    machine!.cgroup('/', { 'cgroup.procs': '' }).cgroup('/system.slice/app.service', V2_FILES);
    const answer = readInMachine('0::/system.slice/app.service', [mountLine('/sys/fs/cgroup')]);
    expect(answer.reading.usageBytes).to.equal(300 * MIB);
    expect(answer.container).to.equal(false);
  });
});

describe('CgroupMemory in a namespace of the kernel', function () {
  this.timeout(60_000);
  let real: RealCgroup | undefined;

  beforeEach(function () {
    const made = whyNot('--mount', '--cgroup') ?? RealCgroup.make('cgroup-namespace-test');
    if (typeof made === 'string') skipBecause(this, made);
    real = made;
    real.limitBytes = 256 * MIB;
  });
  afterEach(async () => {
    await real?.remove();
    real = undefined;
  });

  const MOUNT = { 1: '/sys/fs/cgroup/memory', 2: '/sys/fs/cgroup' } as const;
  const expectOwn = ({ reading }: ChildReading): void => {
    expect(reading.limitBytes).to.equal(256 * MIB);
    expect(reading.usageBytes).to.be.within(8 * MIB, 256 * MIB);
    expect(reading.problems).to.deep.equal([]);
  };

  it('reads a private namespace with its own mount, as a container has', () => {
    const type = real!.version === 1 ? '-t cgroup -o memory' : '-t cgroup2';
    const answer = readIn(
      '--mount --propagation private --cgroup',
      `umount ${MOUNT[real!.version]} && mount ${type} none ${MOUNT[real!.version]}`,
      real!.moveShellHere,
    );
    expect(answer.cgroup).to.deep.include({
      path: '/',
      directory: MOUNT[real!.version],
      seesHierarchyRoot: false,
    });
    expectOwn(answer);
  });

  it('reads the host’s namespace where only the own part is mounted', () => {
    const answer = readIn(
      '--mount --propagation private',
      `mount --bind "${real!.directory}" ${MOUNT[real!.version]}`,
      real!.moveShellHere,
    );
    expect(answer.cgroup).to.deep.include({
      path: real!.directory.slice(MOUNT[real!.version].length),
      directory: MOUNT[real!.version],
      chain: [MOUNT[real!.version]],
      seesHierarchyRoot: false,
    });
    expectOwn(answer);
  });

  it('finds itself in a namespace without a mount of its own', () => {
    const answer = readIn('--cgroup', 'true', real!.moveShellHere);
    expect(answer.cgroup).to.deep.include({ path: '/', directory: real!.directory });
    expectOwn(answer);
  });
});
