import { expect } from 'chai';
import type { Origin } from '../../src/items/item-codec.js';
import { FakeFileSystem } from '../spool/fake-file-system.js';
import { MadeUpProcess, words } from './made-up-process.js';

const scope = { name: 's' };

/** A resource whose attributes are asked for each time. */
function resourceOf(attributes: () => Record<string, unknown>): Origin {
  return {
    resource: {
      get attributes() {
        return attributes();
      },
    },
    scope,
  };
}

function cyclic(): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  attributes['self'] = attributes;
  return attributes;
}

/** Takes a process's folder away, as somebody who clears up does. */
function removeFolders(files: FakeFileSystem): void {
  for (const path of [...files.disk.keys()]) if (path.startsWith('/spool/v1/')) files.disk.delete(path);
}

async function receivedByNext(files: FakeFileSystem): Promise<string[]> {
  const next = new MadeUpProcess(new FakeFileSystem(files.disk), 99);
  await next.adopt();
  await next.flush();
  expect(next.missing).to.equal(0);
  next.end();
  return next.exporter.received;
}

describe('an item whose resource', () => {
  for (const writesAhead of [true, false]) {
    const mood = writesAhead ? 'written ahead' : 'kept in memory';
    it(`cannot be written is counted as such, and the rest go on, ${mood}`, async () => {
      const process = new MadeUpProcess(new FakeFileSystem(), 1, { writesAhead });
      process.lane.accept({ text: 'contains itself', from: resourceOf(cyclic) });
      process.lane.accept({ text: 'has none', from: { resource: null as never, scope } });
      process.accept(...words(10));
      expect(process.lane.persist()).to.equal(0);
      expect(process.drops).to.deep.equal([
        [1, 'serialization'],
        [1, 'serialization'],
      ]);
      expect(process.troubles).to.deep.equal([]);
      expect(await process.flush()).to.equal(true);
      expect(process.exporter.received).to.deep.equal(words(10));
      expect(process.missing).to.equal(0);
      process.end();
    });
  }

  it('is never settled waits for it once, and not for ever', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1);
    let asked = 0;
    const from = {
      resource: {
        attributes: { a: 1 },
        asyncAttributesPending: true,
        waitForAsyncAttributes: () => {
          asked += 1;
          return new Promise<void>(() => {});
        },
      },
      scope,
    };
    for (const text of words(20)) process.lane.accept({ text, from });
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.deep.equal(words(20));
    expect(asked, 'in three batches').to.equal(1);
    process.end();
  });

  it('comes to know what cannot be written loses that, and nothing else', async () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1, { limitBytes: 20_000 });
    let attributes: Record<string, unknown> = { a: 1 };
    const from = resourceOf(() => attributes);
    process.lane.accept({ text: 'early', from });
    attributes = cyclic();
    // Into segments that do not have it yet.
    for (const text of words(200)) process.lane.accept({ text, from });
    expect(process.troubles).to.deep.equal([]);
    process.lane.shutDown();
    expect(await receivedByNext(files)).to.have.members(['early', ...words(200)]);
  });

  it('is read by somebody who emits in turn keeps its number to itself', async () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1);
    let depth = 0;
    const from: Origin = resourceOf(() => {
      if (depth < 5) {
        depth += 1;
        process.lane.accept({ text: `complaint ${depth}`, from });
      }
      return { a: 1 };
    });
    process.lane.accept({ text: 'first', from });
    process.accept(...words(5));
    expect(depth).to.be.above(1);
    expect(process.lane.counts.accepted).to.equal(6 + depth);
    expect(process.lane.persist()).to.equal(0);
    expect(process.missing).to.equal(0);
    process.lane.shutDown();
    const complaints = Array.from({ length: depth }, (_, index) => `complaint ${index + 1}`);
    expect(await receivedByNext(files)).to.have.members(['first', ...complaints, ...words(5)]);
  });
});

describe('files that somebody removes', () => {
  it('cost what was in them alone, counted, and nobody waits behind them', async () => {
    const files = new FakeFileSystem();
    const dead = new MadeUpProcess(files, 1);
    dead.accept(...words(7, 'left'));
    dead.lane.shutDown();
    const own = new FakeFileSystem(files.disk);
    const process = new MadeUpProcess(own, 2, { memoryItems: 5 });
    process.exporter.mood = 'fails';
    process.accept(...words(30));
    await process.adopt();
    const mine = process.disk.places!.folder;
    for (const path of [...files.disk.keys()]) if (path.startsWith(`${mine}/spans.`)) files.disk.delete(path);
    process.exporter.mood = 'takes';
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.have.members([...words(5), ...words(7, 'left')]);
    expect(process.lane.counts.dropped).to.deep.equal({ spool_io: 25 });
    expect(process.missing).to.equal(0);
    process.end();
  });

  it('with their folder are written anew as far as they are in memory', async () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1);
    process.accept(...words(5));
    removeFolders(files);
    process.disk.beat(1);
    process.accept('sixth');
    expect(process.lane.counts).to.include({ pendingOnDisk: 6, pendingInMemory: 0 });
    process.lane.shutDown();
    expect(await receivedByNext(files)).to.have.members([...words(5), 'sixth']);
  });

  it('and cannot be, when they are given up for room, are given up all the same', async () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1, { limitBytes: 20_000, memoryItems: 20 });
    process.exporter.mood = 'fails';
    files.faultAt = (_, name) => (name === 'unlink' ? { fail: 'EIO' } : undefined);
    process.accept(...words(1_000));
    expect(process.missing).to.equal(0);
    expect(process.lane.counts.dropped.spool_full).to.be.above(10);
    process.exporter.mood = 'takes';
    await process.flush();
    expect(process.missing).to.equal(0);
    process.end();
  });
});

describe('memory', () => {
  it('does not take in more of a dead process than there is room for', async () => {
    const files = new FakeFileSystem();
    const dead = new MadeUpProcess(files, 1);
    dead.accept(...words(500));
    dead.lane.shutDown();
    const process = new MadeUpProcess(new FakeFileSystem(files.disk), 2, {
      memoryItems: 10,
      batchItems: 100,
    });
    let most = 0;
    process.exporter.onReceived = () => (most = Math.max(most, process.lane.queued + process.lane.inFlight));
    await process.adopt();
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.have.members(words(500));
    expect(most).to.equal(10);
    expect(process.missing).to.equal(0);
    process.end();
  });

  it('loses a single item that is larger than all of it, and no other', () => {
    const files = new FakeFileSystem();
    files.faultAt = () => ({ fail: 'EROFS' });
    const process = new MadeUpProcess(files, 1, { memoryBytes: 50_000 });
    process.accept(...words(20), 'x'.repeat(100_000), 'after');
    expect(process.drops).to.deep.equal([[1, 'too_large']]);
    expect(process.lane.counts).to.include({ pendingInMemory: 21 });
    expect(process.missing).to.equal(0);
    process.lane.shutDown();
  });

  it('that is on its way when the process ends, and nowhere else, is counted', async () => {
    const files = new FakeFileSystem();
    files.faultAt = () => ({ fail: 'EROFS' });
    const process = new MadeUpProcess(files, 1);
    process.exporter.mood = 'never answers';
    process.accept(...words(5));
    const flushed = process.flush();
    await Promise.resolve();
    expect(process.lane.inFlight).to.equal(5);
    process.lane.shutDown();
    process.disk.close();
    expect(process.drops).to.deep.equal([[5, 'spool_io']]);
    expect(process.missing).to.equal(0);
    await flushed;
    expect(process.missing, 'also once the attempt has ended').to.equal(0);
  });
});

describe('the disk', () => {
  it('holds no more than its limit of what the dead have left, also where the newest is dropped', async () => {
    const files = new FakeFileSystem();
    for (const pid of [1, 2, 3]) {
      const dead = new MadeUpProcess(new FakeFileSystem(files.disk), pid, { limitBytes: 20_000 });
      dead.accept(...words(300, `of ${pid},`));
      dead.lane.shutDown();
    }
    const process = new MadeUpProcess(new FakeFileSystem(files.disk), 4, {
      limitBytes: 20_000,
      overflow: 'drop-newest',
    });
    process.exporter.mood = 'fails';
    await process.adopt();
    expect(process.disk.usedBytes).to.be.at.most(20_000);
    const { inherited, dropped } = process.lane.counts;
    expect(inherited).to.equal(900);
    expect(dropped.spool_full).to.be.within(300, 800);
    expect(process.missing).to.equal(0);
    process.end();
  });

  it('does not take a resource that is larger than its limit', () => {
    const limitBytes = 60_000;
    const process = new MadeUpProcess(new FakeFileSystem(), 1, { limitBytes });
    const from = resourceOf(() => ({ large: 'x'.repeat(100_000) }));
    process.accept(...words(5));
    process.lane.accept({ text: 'of a large one', from });
    process.accept('after');
    expect(process.files.usedBytes).to.be.at.most(limitBytes);
    expect(process.lane.counts).to.include({ pendingOnDisk: 6, pendingInMemory: 1 });
    process.lane.persist();
    expect(process.lane.counts).to.include({ pendingOnDisk: 6, pendingInMemory: 1 });
    expect(process.files.usedBytes).to.be.at.most(limitBytes);
    expect(process.troubles).to.deep.equal([]);
    process.end();
  });

  it('holds half of its limit at most of what nobody sends, and none of it for ever', async () => {
    const files = new FakeFileSystem();
    for (const pid of [1, 2, 3, 4]) {
      const dead = new MadeUpProcess(new FakeFileSystem(files.disk), pid, { limitBytes: 100_000 });
      dead.accept(...words(400, `of ${pid},`));
      dead.lane.shutDown();
    }
    for (const [path, node] of [...files.disk]) {
      if (!path.includes('/spans.')) continue;
      files.disk.delete(path);
      files.disk.set(path.replace('/spans.', '/logs.'), node);
    }
    const limitBytes = 60_000;
    const process = new MadeUpProcess(new FakeFileSystem(files.disk), 5, { limitBytes });
    await process.adopt();
    expect(process.files.usedBytes).to.be.at.most(limitBytes);
    expect(process.disk.usedBytes).to.be.within(limitBytes / 4, limitBytes / 2);
    expect(process.problems[0]).to.match(
      /given up for want of room with \d+ items: there is no exporter "logs"/,
    );
    process.accept(...words(10));
    expect(process.drops, 'of its own').to.deep.equal([]);
    await process.adopt(Date.now() + 8 * 86_400_000);
    expect(process.problems.at(-1)).to.match(/given up for its age/);
    await process.flush();
    process.end();
    expect([...files.disk.keys()]).to.deep.equal(['/', '/spool', '/spool/v1']);
  });
});
