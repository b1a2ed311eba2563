import { expect } from 'chai';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { processState } from 'otel-runtime-kit/otel';
import { onPlatform } from 'test-helpers/on-platform';
import { repositoryRoot } from 'test-helpers/repository';
import { runForJson } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import { hostPlatform } from '../src/platform.js';

describe('hostPlatform', () => {
  it('has procfs on Linux and Android', () => {
    for (const platform of ['linux', 'android'] as const) {
      expect(onPlatform(platform, hostPlatform)).to.deep.include({
        isMainThread: true,
        processRoot: '/proc/self',
        directory: { path: '/proc/self/fd', listsItself: true, sizeMayCount: true },
      });
    }
  });

  it('has /dev/fd, whose size says nothing, on macOS and the BSDs', () => {
    for (const platform of ['darwin', 'freebsd', 'openbsd'] as const) {
      expect(onPlatform(platform, hostPlatform)).to.deep.include({
        processRoot: undefined,
        directory: { path: '/dev/fd', listsItself: true, sizeMayCount: false },
      });
    }
  });

  it('has nothing on Windows', () => {
    expect(onPlatform('win32', hostPlatform)).to.include({ processRoot: undefined, directory: undefined });
  });

  it('shares the runtime of the process', () => {
    expect(hostPlatform().runtime).to.equal(processState().runtime);
  });
});

describe('an instrumentation on the platform that it finds itself', () => {
  const fixture = join(__dirname, 'fixtures/on-host-platform.js');

  it('emits nothing of descriptors in a worker thread', async () => {
    const worker = new Worker(fixture);
    try {
      const { names, points } = await new Promise<{ names: string[]; points: unknown[] }>(
        (resolve, reject) => {
          worker.once('message', resolve).once('error', reject);
        },
      );
      expect(names).to.deep.equal(['vitals.sampler.errors', 'vitals.sampler.ticks', 'vitals.sampler.time']);
      expect(points).to.deep.equal([]);
    } finally {
      await worker.terminate();
    }
  });

  it('does not keep its process alive, and does not end it', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'counts with /proc');
    const { names, open, listed } = await runForJson<{ names: string[]; open: number; listed: number }>(
      fixture,
      { cwd: repositoryRoot },
    );
    expect(names).to.include('vitals.fd.open');
    expect(open).to.equal(listed);
  });
});
