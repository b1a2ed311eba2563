import { expect } from 'chai';
import { FakeFileSystem } from '../spool/fake-file-system.js';
import { MadeUpProcess, words } from './made-up-process.js';

describe('the way of an item', () => {
  it('is disk, exporter, ack; then nothing is left of it', async () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1);
    process.accept(...words(20));
    expect(process.lane.counts).to.include({ accepted: 20, pendingOnDisk: 20, pendingInMemory: 0 });
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.deep.equal(words(20));
    expect(process.exporter.attempts, 'batches of 7').to.equal(3);
    expect(process.missing).to.equal(0);
    process.end();
    expect([...files.disk.keys()]).to.deep.equal(['/', '/spool', '/spool/v1']);
    expect(files.openDescriptors).to.equal(0);
  });

  for (const mood of ['fails', 'throws', 'rejects', 'answers nothing', 'never answers'] as const) {
    it(`ends on disk when the exporter ${mood}, and goes on at the next start`, async () => {
      const files = new FakeFileSystem();
      const first = new MadeUpProcess(files, 1);
      first.exporter.mood = mood;
      first.accept(...words(10));
      expect(await first.flush()).to.equal(false);
      expect(first.missing).to.equal(0);
      first.end();
      const second = new MadeUpProcess(new FakeFileSystem(files.disk), 2);
      await second.adopt();
      expect(second.lane.counts).to.include({ inherited: 10, pendingOnDisk: 10 });
      expect(await second.flush()).to.equal(true);
      expect(second.exporter.received).to.deep.equal(words(10));
      expect(second.missing).to.equal(0);
      second.end();
      expect([...files.disk.keys()]).to.deep.equal(['/', '/spool', '/spool/v1']);
    });
  }

  it('takes the first answer of an exporter that answers twice', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1);
    process.exporter.mood = 'answers twice';
    process.accept(...words(5));
    expect(await process.flush()).to.equal(true);
    expect(process.lane.counts).to.include({ delivered: 5 });
    process.end();
  });

  it('leads past memory when that is full, and nothing is lost', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1, { memoryItems: 10 });
    process.accept(...words(100));
    expect(process.lane.counts).to.include({ pendingOnDisk: 100, pendingInMemory: 0 });
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.have.members(words(100));
    expect(process.exporter.received).to.have.length(100);
    expect(process.drops).to.deep.equal([]);
    expect(process.missing).to.equal(0);
    process.end();
  });

  it('leads to disk when memory is full, also where items are not written ahead', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1, { memoryItems: 10, writesAhead: false });
    process.accept(...words(30));
    expect(process.lane.counts).to.include({ pendingInMemory: 10, pendingOnDisk: 20 });
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.have.members(words(30));
    expect(process.missing).to.equal(0);
    process.end();
  });

  it('is written when sending fails, where items are not written ahead', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1, { writesAhead: false });
    process.exporter.mood = 'fails';
    process.accept(...words(30));
    expect(process.files.calls).to.not.include('unlink');
    expect(process.lane.counts).to.include({ pendingInMemory: 30 });
    await process.flush();
    expect(process.lane.counts).to.include({ pendingInMemory: 0, pendingOnDisk: 30 });
    process.end();
  });

  it('is disk for all at once, with few calls, where items are not written ahead', () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1, { writesAhead: false });
    process.accept(...words(500));
    const before = process.files.calls.length;
    expect(process.lane.persist()).to.equal(0);
    const calls = process.files.calls.slice(before);
    // Its header, a resource and a scope, twice each, and all items.
    expect(calls).to.deep.equal(['open', 'write', 'write', 'write', 'write', 'write', 'write']);
    expect(process.lane.counts).to.include({ pendingOnDisk: 500, pendingInMemory: 0 });
    process.end();
  });

  it('leaves memory by its oldest when there is neither room nor a disk, each counted once', async () => {
    const files = new FakeFileSystem();
    files.faultAt = () => ({ fail: 'EROFS' });
    const process = new MadeUpProcess(files, 1, { memoryItems: 10 });
    expect(process.troubles).to.deep.equal(['EROFS']);
    process.accept(...words(25));
    expect(process.lane.counts.dropped).to.deep.equal({ queue_full: 15 });
    expect(process.drops.reduce((sum, [count]) => sum + count, 0)).to.equal(15);
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.deep.equal(words(25).slice(15));
    expect(process.missing).to.equal(0);
    expect(process.troubles, 'said once').to.deep.equal(['EROFS']);
    process.lane.shutDown();
  });

  it('counts what cannot be written as such, and what comes after the end', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1);
    process.accept('one', 'cannot be written', 'two');
    await process.flush();
    process.lane.shutDown();
    process.accept('late');
    expect(process.exporter.received).to.deep.equal(['one', 'two']);
    expect(process.lane.counts.dropped).to.deep.equal({ serialization: 1, already_shutdown: 1 });
    expect(process.missing).to.equal(0);
    process.end();
  });

  it('goes on in memory when the disk is full, and back to disk when it is not', () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1);
    process.accept(...words(5, 'before'));
    const { capacityBytes } = files;
    files.capacityBytes = files.usedBytes;
    process.accept(...words(5, 'while'));
    expect(process.troubles).to.deep.equal(['ENOSPC']);
    expect(process.lane.counts).to.include({ pendingOnDisk: 5, pendingInMemory: 5 });
    process.disk.recover();
    expect(process.lane.counts).to.include({ pendingOnDisk: 5, pendingInMemory: 5 });
    files.capacityBytes = capacityBytes;
    process.disk.recover();
    process.accept(...words(5, 'after'));
    expect(process.lane.counts).to.include({ pendingOnDisk: 15, pendingInMemory: 0 });
    expect(process.troubles).to.deep.equal(['ENOSPC', undefined]);
    process.end();
  });

  it('has its last words on a full disk too: room is kept back for them', async () => {
    const files = new FakeFileSystem();
    const first = new MadeUpProcess(files, 1, { writesAhead: false });
    first.accept(...words(200));
    files.capacityBytes = files.usedBytes;
    first.disk.persistForGood();
    expect(first.lane.counts).to.include({ pendingInMemory: 0, pendingOnDisk: 200 });
    first.end();
    const second = new MadeUpProcess(new FakeFileSystem(files.disk), 2);
    await second.adopt();
    await second.flush();
    expect(second.exporter.received).to.deep.equal(words(200));
    second.end();
  });

  it('needs no descriptor but those it has: a new segment is begun with one that is kept back', () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1);
    const most = files.openDescriptors;
    files.faultAt = (_, name) =>
      name === 'open' && files.openDescriptors >= most ? { fail: 'EMFILE' } : undefined;
    process.accept(...words(5));
    expect(process.troubles).to.deep.equal([]);
    expect(process.lane.counts).to.include({ pendingOnDisk: 5 });
    process.end();
  });

  it('stays within its room on disk: the oldest is given up, counted, and the rest delivered', async () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1, { limitBytes: 20_000, memoryItems: 20 });
    process.exporter.mood = 'fails';
    const all = words(1_000);
    let most = 0;
    for (const word of all) {
      process.accept(word);
      most = Math.max(most, process.disk.usedBytes);
      expect(process.missing).to.equal(0);
    }
    expect(most).to.be.at.most(20_000 + 200);
    const { spool_full: lost = 0 } = process.lane.counts.dropped;
    expect(lost).to.be.within(500, 900);
    process.exporter.mood = 'takes';
    await process.flush();
    expect(process.exporter.received).to.have.members(all.slice(lost));
    expect(process.missing).to.equal(0);
    process.end();
  });

  it('does not take what belongs to the living', async () => {
    const files = new FakeFileSystem();
    const first = new MadeUpProcess(files, 1);
    first.accept(...words(5));
    const second = new MadeUpProcess(files, 2, { living: [1] });
    await second.adopt();
    expect(second.lane.counts.inherited).to.equal(0);
    expect(second.problems).to.deep.equal([]);
    first.end();
    second.end();
  });

  it('goes on in another folder when it was taken for dead; what was written is sent by its heir', async () => {
    const files = new FakeFileSystem();
    const first = new MadeUpProcess(files, 1);
    first.accept(...words(5));
    const second = new MadeUpProcess(files, 2);
    await second.adopt();
    first.accept('by a descriptor that is still open');
    await second.flush();
    expect(second.exporter.received).to.include.members(words(5));
    first.disk.beat(0);
    first.accept('in another folder');
    await first.flush();
    await second.flush();
    expect([...first.exporter.received, ...second.exporter.received]).to.include.members([
      ...words(5),
      'by a descriptor that is still open',
      'in another folder',
    ]);
    expect([first.missing, second.missing]).to.deep.equal([0, 0]);
    expect([first.troubles, second.troubles, second.problems]).to.deep.equal([[], [], []]);
    first.end();
    second.end();
  });
});

/** What has become of a life, as the world outside knows it. */
interface Deeds {
  readonly accepted: string[];
  readonly delivered: string[];
  dropped: number;
}

/** A life with a full memory, failures and successes, until its end or its death. */
async function life(files: FakeFileSystem): Promise<Deeds> {
  const deeds: Deeds = { accepted: [], delivered: [], dropped: 0 };
  const process = new MadeUpProcess(files, 1, { memoryItems: 6, batchItems: 4, limitBytes: 1e7 });
  const { exporter } = process;
  for (let round = 0; round < 3 && !files.isDead(); round += 1) {
    exporter.mood = round === 1 ? 'fails' : 'takes';
    for (const word of words(9, `round ${round},`)) {
      process.accept(word);
      if (files.isDead()) break;
      deeds.accepted.push(word);
      expect(process.missing).to.equal(0);
    }
    exporter.onReceived = word => {
      if (!files.isDead()) deeds.delivered.push(word);
    };
    if (!files.isDead()) await process.flush();
    if (!files.isDead()) expect(process.missing).to.equal(0);
  }
  process.lane.shutDown();
  if (!files.isDead()) process.end();
  deeds.dropped = process.drops.reduce((sum, [count]) => sum + count, 0);
  return deeds;
}

async function inherit(disk: FakeFileSystem['disk'], what: string): Promise<string[]> {
  const heir = new MadeUpProcess(new FakeFileSystem(disk), 2);
  await heir.adopt();
  await heir.flush();
  expect(heir.missing, what).to.equal(0);
  expect(heir.problems, what).to.deep.equal([]);
  expect(heir.troubles, what).to.deep.equal([]);
  heir.end();
  expect([...disk.keys()], what).to.deep.equal(['/', '/spool', '/spool/v1']);
  return heir.exporter.received;
}

describe('a process that dies in any of its system calls', () => {
  let calls: string[];
  before(async () => {
    const rehearsal = new FakeFileSystem();
    await life(rehearsal);
    ({ calls } = rehearsal);
    expect(calls.length).to.be.greaterThan(60);
  });

  it('has lost nothing: its heir delivers what it had accepted', async function () {
    this.timeout(60_000);
    for (const [at, name] of calls.entries()) {
      const files = new FakeFileSystem();
      files.faultAt = call => (call === at ? { die: name === 'write' ? 13 : 0 } : undefined);
      const { accepted, delivered } = await life(files);
      const what = `${name}, call ${at}`;
      expect(files.isDead(), what).to.equal(true);
      const inherited = await inherit(files.disk, what);
      expect([...delivered, ...inherited], what).to.include.members(accepted);
      // Twice is what was being acknowledged: a batch.
      expect(delivered.filter(word => inherited.includes(word)).length, what).to.be.at.most(4);
    }
  });

  for (const fault of [{ fail: 'ENOSPC' }, { fail: 'EIO' }, { fail: 'EMFILE' }, { short: 3 }] as const) {
    it(`or one of which does this, goes on and accounts for all: ${JSON.stringify(fault)}`, async function () {
      this.timeout(60_000);
      for (const [at, name] of calls.entries()) {
        const files = new FakeFileSystem();
        files.faultAt = call => (call === at ? fault : undefined);
        const { accepted, delivered, dropped } = await life(files);
        const what = `${name}, call ${at}`;
        const arrived = new Set([...delivered, ...(await inherit(files.disk, what))]);
        const lost = accepted.filter(word => !arrived.has(word));
        expect(lost.length, what).to.equal(dropped);
      }
    });
  }
});
