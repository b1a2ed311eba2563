import { expect } from 'chai';
import { accessSync, constants } from 'node:fs';
import { skipBecause } from 'test-helpers/skip-because';
import type { FdKind } from '../../src/descriptor-kind.js';
import type { Thing } from '../fixtures/opened-things.js';
import { watchedProcesses } from '../fixtures/watched-process-client.js';

const COUNT = 5;

/** What opening 5 of each adds to the descriptors. */
const ADDED: Record<Exclude<Thing, 'worker' | 'watcher'>, Partial<Record<FdKind, number>>> = {
  file: { file: COUNT },
  directory: { file: COUNT },
  deletedFile: { file: COUNT },
  sharedMemoryFile: { file: COUNT },
  nullDevice: { device: COUNT },
  zeroDevice: { device: COUNT },
  pipe: { pipe: COUNT },
  // Both ends of each, and the one that listens.
  tcp: { socket: 2 * COUNT + 1 },
  unixSocket: { socket: 2 * COUNT + 1 },
};

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function sum(byKind: Record<FdKind, number> | null): number {
  return Object.values(byKind ?? {}).reduce((total, count) => total + count, 0);
}

describe('kinds of the open descriptors, against `ls -l` and the types of the inodes', () => {
  const launch = watchedProcesses();
  const options = { byKindIntervalMillis: 5_000 };

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  for (const [thing, added] of Object.entries(ADDED) as [Thing, Partial<Record<FdKind, number>>][]) {
    it(`${COUNT} × ${thing}`, async function () {
      if (thing === 'sharedMemoryFile' && !writable('/dev/shm')) skipBecause(this, 'no writable /dev/shm');
      const watched = await launch();
      await watched.ask('start', { options });
      let listed: Record<FdKind, number> | undefined;
      const { before, during, after } = await watched.around(thing, COUNT, 5_000, () => {
        listed = watched.listedByKind();
      });
      expect(during.byKind).to.deep.equal(listed);
      expect(during.byKind).to.deep.equal({
        ...before.byKind,
        ...Object.fromEntries(
          Object.entries(added).map(([kind, more]) => [
            kind,
            (before.byKind?.[kind as FdKind] ?? NaN) + more,
          ]),
        ),
      });
      expect(sum(during.byKind)).to.equal(during.open);
      expect(after.byKind).to.deep.equal(before.byKind);
      expect(after.byKind).to.deep.equal(watched.listedByKind());
      expect(sum(after.byKind)).to.equal(after.open);
    });
  }

  it('the event loop of a worker thread: an epoll and an eventfd come and go', async () => {
    const watched = await launch();
    await watched.ask('start', { options });
    let listed: Record<FdKind, number> | undefined;
    const { before, during, after } = await watched.around('worker', 3, 5_000, () => {
      listed = watched.listedByKind();
    });
    expect(during.byKind).to.deep.equal(listed);
    // At least, as how many a loop takes is Node's affair.
    expect(during.byKind?.eventpoll).to.be.at.least((before.byKind?.eventpoll ?? NaN) + 3);
    expect(during.byKind?.eventfd).to.be.at.least((before.byKind?.eventfd ?? NaN) + 3);
    expect(sum(during.byKind)).to.equal(during.open);
    expect(after.byKind).to.deep.equal(watched.listedByKind());
    expect(after.byKind?.eventfd).to.equal(before.byKind?.eventfd);
  });

  it('fs.watch: one inotify, however many watch', async () => {
    const watched = await launch();
    await watched.ask('start', { options });
    let listed: Record<FdKind, number> | undefined;
    const { before, during, after } = await watched.around('watcher', 4, 5_000, () => {
      listed = watched.listedByKind();
    });
    expect(before.byKind?.inotify).to.equal(0);
    expect(during.byKind).to.deep.equal(listed);
    expect(during.byKind).to.deep.equal({ ...before.byKind, inotify: 1 });
    expect(after.byKind).to.deep.equal(watched.listedByKind());
  });

  it('all of it at once', async () => {
    const watched = await launch();
    await watched.ask('start', { options });
    const before = await watched.after(5_000);
    const expected: Record<string, number> = { ...before.byKind };
    for (const [thing, added] of Object.entries(ADDED) as [Thing, Partial<Record<FdKind, number>>][]) {
      if (thing === 'sharedMemoryFile' && !writable('/dev/shm')) continue;
      await watched.ask('open', { thing, count: COUNT });
      for (const [kind, more] of Object.entries(added)) expected[kind] = (expected[kind] ?? NaN) + more;
    }
    const { byKind, open, byKindSampled } = await watched.after(5_000);
    expect(byKind).to.deep.equal(expected);
    expect(byKind).to.deep.equal(watched.listedByKind());
    expect(sum(byKind)).to.equal(open);
    expect(open).to.equal(watched.listedCount());
    expect(byKindSampled).to.equal(false);
  });
});
