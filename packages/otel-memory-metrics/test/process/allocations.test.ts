import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { skipBecause } from 'test-helpers/skip-because';
import { MIB } from '../fixtures/fake-v8.js';
import { HISTOGRAM_BYTES } from '../fixtures/held-memory.js';
import type { WatchedProcess } from '../fixtures/watched-process-client.js';
import { watchedProcesses } from '../fixtures/watched-process-client.js';

/** A process at rest still breathes: code is compiled, arenas keep what is free. */
const SLACK_BYTES = 4 * MIB;

describe('memory that a process allocates', () => {
  const launch = watchedProcesses();
  let watched: WatchedProcess;

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  beforeEach(async () => {
    // A young generation that grows takes address space long before it is resident: that would look like less native.
    watched = await launch({ nodeArgs: ['--max-semi-space-size=1'] });
    await watched.ask('start', {});
    // Until it has compiled what it needs, and the pages of the program that this needs are resident.
    await watched.ask('hold', { what: 'heap', amount: 8 });
    await watched.after();
    await watched.ask('letGo');
    await watched.ask('collect');
    await watched.after();
    await watched.ask('collect');
  });

  interface Sizes {
    rss: number;
    anonymous: number;
    heapUsed: number;
    external: number;
    arrayBuffers: number;
    native: number;
    /** As read from outside. */
    outside: number;
  }

  async function sizes(): Promise<Sizes> {
    const { process: memory, heap, nativeBytes } = await watched.after();
    return {
      rss: memory!.residentBytes!,
      anonymous: memory!.anonymousBytes!,
      heapUsed: heap!.usedBytes,
      external: heap!.externalBytes,
      arrayBuffers: heap!.arrayBufferBytes!,
      native: nativeBytes!,
      outside: watched.status()['VmRSS']!,
    };
  }

  /** V8 gives the pages of what was collected back in threads of its own, which on a busy machine takes a while. */
  async function settledSizes(): Promise<Sizes> {
    let latest = await sizes();
    for (let equal = 0, looks = 0; equal < 4 && looks < 100; looks += 1) {
      await sleep(50);
      const next = await sizes();
      equal = Math.abs(next.anonymous - latest.anonymous) < MIB / 4 ? equal + 1 : 0;
      latest = next;
    }
    return latest;
  }

  /** By how much all of it is larger after something was done and garbage collected. */
  async function grownBy(change: () => Promise<void>): Promise<Sizes> {
    const before = await settledSizes();
    await change();
    await watched.ask('collect');
    const after = await settledSizes();
    return Object.fromEntries(
      Object.entries(after).map(([name, value]) => [name, value - before[name as keyof Sizes]]),
    ) as unknown as Sizes;
  }

  const none = (bytes: number, name: string): void => {
    expect(Math.abs(bytes), name).to.be.below(SLACK_BYTES);
  };
  const about = (bytes: number, expected: number, name: string): void => {
    expect(bytes, name).to.be.closeTo(expected, SLACK_BYTES);
  };

  it('in Buffers is external and in array buffers, and neither on the heap nor native', async () => {
    const grown = await grownBy(() => watched.ask('hold', { what: 'buffer', amount: 64 }));
    about(grown.external, 64 * MIB, 'external');
    about(grown.arrayBuffers, 64 * MIB, 'arrayBuffers');
    about(grown.rss, 64 * MIB, 'rss');
    about(grown.outside, 64 * MIB, 'outside');
    about(grown.anonymous, 64 * MIB, 'anonymous');
    none(grown.native, 'native');
    none(grown.heapUsed, 'heapUsed');

    const returned = await grownBy(() => watched.ask('letGo'));
    about(returned.external, -64 * MIB, 'external');
    about(returned.arrayBuffers, -64 * MIB, 'arrayBuffers');
    about(returned.rss, -64 * MIB, 'rss');
  });

  it('of which V8 knows nothing is native, and nothing else', async () => {
    const grown = await grownBy(() => watched.ask('hold', { what: 'histogram', amount: 2 }));
    about(grown.native, 2 * HISTOGRAM_BYTES, 'native');
    about(grown.rss, 2 * HISTOGRAM_BYTES, 'rss');
    about(grown.outside, 2 * HISTOGRAM_BYTES, 'outside');
    none(grown.external, 'external');
    none(grown.arrayBuffers, 'arrayBuffers');
    none(grown.heapUsed, 'heapUsed');
  });

  it('in a SharedArrayBuffer is in array buffers, and native: V8 does not count it as external', async () => {
    const grown = await grownBy(() => watched.ask('hold', { what: 'shared', amount: 32 }));
    about(grown.arrayBuffers, 32 * MIB, 'arrayBuffers');
    about(grown.native, 32 * MIB, 'native');
    none(grown.external, 'external');
  });

  it('on the heap is heap, and neither external nor native', async () => {
    const grown = await grownBy(() => watched.ask('hold', { what: 'heap', amount: 48 }));
    about(grown.heapUsed, 48 * MIB, 'heapUsed');
    about(grown.rss, 48 * MIB, 'rss');
    none(grown.external, 'external');
    none(grown.native, 'native');
    const { snapshot } = await watched.ask('look');
    expect(snapshot.heap!.spaces['large_object_space']!.usedBytes).to.be.above(47 * MIB);
  });

  it('for contexts is counted by context', async () => {
    const before = (await watched.after()).heap!;
    await watched.ask('hold', { what: 'context', amount: 7 });
    const after = (await watched.after()).heap!;
    expect(after.nativeContexts - before.nativeContexts).to.equal(7);
    await watched.ask('letGo');
    expect((await watched.after()).heap!.nativeContexts).to.be.at.most(before.nativeContexts);
  });

  it('is what the kernel says of it from outside, part by part', async () => {
    for (const [what, amount] of [
      ['buffer', 40],
      ['heap', 20],
      ['histogram', 1],
    ] as const) {
      await watched.ask('hold', { what, amount });
      let before = watched.status();
      let { process: memory } = await watched.after();
      let status = watched.status();
      // V8 gives pages back from a thread of its own, when it likes: compared is a moment in which the kernel stood still.
      for (let look = 0; look < 20 && !standsStill(before, status); look += 1) {
        before = watched.status();
        ({ process: memory } = await watched.after());
        status = watched.status();
      }
      expect(standsStill(before, status), 'stands still').to.equal(true);
      for (const [name, bytes] of [
        ['VmRSS', memory!.residentBytes],
        ['RssAnon', memory!.anonymousBytes],
        ['RssFile', memory!.fileBytes],
        ['RssShmem', memory!.sharedBytes],
        ['VmHWM', memory!.peakBytes],
        ['VmSwap', memory!.swapBytes],
      ] as const) {
        expect(bytes, name).to.be.closeTo(status[name]!, MIB);
      }
      expect(memory!.anonymousBytes! + memory!.fileBytes! + memory!.sharedBytes!).to.equal(
        memory!.residentBytes,
      );
    }
  });
});

function standsStill(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): boolean {
  return ['VmRSS', 'RssAnon', 'RssFile'].every(
    name => Math.abs((after[name] ?? NaN) - (before[name] ?? NaN)) < MIB / 2,
  );
}
