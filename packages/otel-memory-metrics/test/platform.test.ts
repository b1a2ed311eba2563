import { expect } from 'chai';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { processState } from 'otel-runtime-kit/otel';
import { onPlatform } from 'test-helpers/on-platform';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture, runForJson } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import { hostPlatform } from '../src/platform.js';
import { MIB } from './fixtures/fake-v8.js';
import type { Report } from './fixtures/on-host-platform.js';

describe('hostPlatform', () => {
  it('has procfs and cgroups on Linux and Android, and nowhere else', () => {
    for (const platform of ['linux', 'android'] as const) {
      expect(onPlatform(platform, hostPlatform)).to.include({
        procRoot: '/proc',
        cgroupRoot: '/sys/fs/cgroup',
      });
    }
    for (const platform of ['darwin', 'win32', 'freebsd'] as const) {
      expect(onPlatform(platform, hostPlatform)).to.include({ procRoot: undefined, cgroupRoot: undefined });
    }
  });

  it('shares the runtime and the environment of the process, and speaks for all of it', () => {
    expect(hostPlatform().runtime).to.equal(processState().runtime);
    expect(hostPlatform().environment).to.equal(process.env);
    expect(hostPlatform()).to.include({ isMainThread: true, speaksForContainer: true });
  });

  it('tells the resident set and its peak without /proc', () => {
    const { residentBytes, peakBytes } = hostPlatform();
    expect(residentBytes()).to.be.closeTo(process.memoryUsage().rss, 2 * MIB);
    expect(peakBytes()).to.be.at.least(residentBytes() - 2 * MIB);
    expect(peakBytes()).to.equal(process.resourceUsage().maxRSS * 1024);
  });
});

describe('an instrumentation on the platform that it finds itself', () => {
  const fixture = join(__dirname, 'fixtures/on-host-platform.js');
  const CONTAINER_ROW = 'vitals.container.memory.limit';
  const env = { CONTAINER_MEMORY_LIMIT_MB: '2048' };

  const report = (...args: readonly string[]): Promise<Report> =>
    runForJson(fixture, { cwd: repositoryRoot, env, args });

  it('emits what belongs to the heap in a worker thread, of its own isolate', async () => {
    const worker = new Worker(fixture, {
      resourceLimits: { maxOldGenerationSizeMb: 77, maxYoungGenerationSizeMb: 12 },
    });
    try {
      const { names, snapshot } = await new Promise<Report>((resolve, reject) => {
        worker.once('message', resolve).once('error', reject);
      });
      expect(names).to.include.members([
        'vitals.heap.used',
        'vitals.memory.external',
        'vitals.memory.growth',
      ]);
      expect(names.filter(name => /^process\.|container|peak|resident|swap|native/.test(name))).to.deep.equal(
        [],
      );
      expect(snapshot).to.include({ process: null, container: null, host: null, nativeBytes: null });
      expect(snapshot.heap!.limitBytes).to.be.within(77 * MIB, (77 + 12) * MIB);
      expect(Object.keys(snapshot.heap!.spaces)).to.include('old_space');
    } finally {
      await worker.terminate();
    }
  });

  it('emits the container in the primary of a cluster and not in its worker', async () => {
    const { names, worker } = await report('--cluster');
    expect(names).to.include(CONTAINER_ROW);
    expect(worker!.names.filter(name => name.includes('container'))).to.deep.equal([]);
    expect(worker!.names).to.include.members(['process.memory.usage', 'vitals.heap.used']);
    expect(worker!.snapshot.container).to.equal(null);
    expect(worker!.snapshot.timeToLimitSeconds.container).to.equal(null);
  });

  it('loads no module of clusters where there is none', async () => {
    const load = `
      const { MemoryMetricsInstrumentation } = require(${JSON.stringify(join(__dirname, '../src/index.js'))});
      new MemoryMetricsInstrumentation().enable();
      const loaded = () => process.moduleLoadList.includes('NativeModule cluster');
      console.log(loaded(), require('node:cluster').isPrimary, loaded());`;
    const { code, stdout, stderr } = await runFixture('-e', { args: [load], env });
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: 'false true true\n', stderr: '' });
  });

  it('does not keep its process alive, and does not end it', async () => {
    const { names, snapshot } = await report();
    expect(names).to.include(CONTAINER_ROW);
    expect(snapshot.container).to.include({ limitBytes: 2_048 * MIB, limitSource: 'environment' });
  });

  it('knows the peak of a child of a large parent, where maxRSS is the parent’s', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'VmHWM is a line of /proc/self/status');
    const { snapshot, vmHwm, maxRss } = await runForJson<Report>(
      join(__dirname, 'fixtures/large-parent.js'),
      { args: [fixture] },
    );
    // The kernel adds its counts up in batches: a later one may be lower (53,772,288 after 53,952,512).
    expect(snapshot.process!.peakBytes).to.be.closeTo(vmHwm, 2 * MIB);
    expect(snapshot.process!.peakBytes).to.be.below(150 * MIB);
    expect(maxRss).to.be.above(250 * MIB);
  });
});
