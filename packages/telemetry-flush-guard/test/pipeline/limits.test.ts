import { expect } from 'chai';
import { MadeUpProcess, words } from './made-up-process.js';
import { FakeFileSystem } from '../spool/fake-file-system.js';

const WEEK = 7 * 86_400_000;

/** Names of the files that are left. */
function namesOf(files: FakeFileSystem): (string | undefined)[] {
  const paths = [...files.disk.keys()];
  return paths
    .filter(path => !paths.some(other => other.startsWith(`${path}/`) || path === '/'))
    .map(path => path.split('/').at(-1));
}

describe('what has waited too long', () => {
  it('is dropped as expired, counted once, and gone from disk and memory', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1, { memoryItems: 10 });
    process.exporter.mood = 'fails';
    process.accept(...words(40));
    await process.flush();
    const began = process.disk.accounts.oldestMillis!;
    process.disk.expire(began + WEEK);
    expect(process.drops, 'not yet: the newest in it may be an hour younger').to.deep.equal([]);
    process.disk.expire(began + WEEK + 3_600_001);
    expect(process.drops).to.deep.equal([[40, 'expired']]);
    expect(process.lane.counts.dropped).to.deep.equal({ expired: 40 });
    expect(process.missing).to.equal(0);
    expect(process.disk.usedBytes).to.equal(0);
    process.exporter.mood = 'takes';
    process.accept('young');
    await process.flush();
    expect(process.exporter.received).to.deep.equal(['young']);
    expect(process.missing).to.equal(0);
    process.end();
  });

  it('is not sent if a dead process has left it; what is younger is', async () => {
    const files = new FakeFileSystem();
    const first = new MadeUpProcess(files, 1);
    first.exporter.mood = 'fails';
    first.accept(...words(5, 'old'));
    first.lane.shutDown();
    const segment = [...files.disk.keys()].find(path => path.endsWith('.seg'))!;
    const second = new MadeUpProcess(new FakeFileSystem(files.disk), 2);
    await second.adopt();
    expect(second.lane.counts).to.include({ inherited: 5, pendingOnDisk: 5 });
    second.accept(...words(3, 'young'));
    const [adopted] = second.lane.heirlooms;
    expect(adopted?.path).to.include(segment.split('/').at(-1)!);
    second.lane.expireInherited(adopted!.span!.untilMillis + 1);
    expect(second.lane.counts.dropped).to.deep.equal({ expired: 5 });
    await second.flush();
    expect(second.exporter.received).to.deep.equal(words(3, 'young'));
    expect(second.missing).to.equal(0);
    second.end();
    // Its account is for the next start.
    expect(namesOf(files)).to.deep.equal(['owner', 'spans.00000000.ack']);
  });

  it('is dropped when it is taken over, before it can be sent', async () => {
    const files = new FakeFileSystem();
    const first = new MadeUpProcess(files, 1);
    first.accept(...words(5));
    first.lane.shutDown();
    const second = new MadeUpProcess(new FakeFileSystem(files.disk), 2);
    await second.adopt(Date.now() + WEEK + 3_700_000);
    expect(second.lane.counts).to.deep.include({ inherited: 5, dropped: { expired: 5 }, pendingOnDisk: 0 });
    expect(second.missing).to.equal(0);
    second.end();
    // Its account is for the next start.
    expect(namesOf(files)).to.deep.equal(['owner', 'spans.00000000.ack']);
  });

  it('is not dropped while it is being sent', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1);
    process.exporter.mood = 'never answers';
    process.accept(...words(5));
    const flushed = process.flush();
    process.disk.expire(Date.now() + 2 * WEEK);
    expect(process.drops).to.deep.equal([]);
    expect(process.lane.counts, 'and stays on disk').to.include({ pendingOnDisk: 5, pendingInMemory: 0 });
    await flushed;
    process.disk.expire(Date.now() + 2 * WEEK);
    expect(process.drops).to.deep.equal([[5, 'expired']]);
    expect(process.missing).to.equal(0);
    process.end();
  });
});

describe('processes that die one after the other', () => {
  it('leave folders side by side, not one inside the other, and nothing of any is lost', async () => {
    const files = new FakeFileSystem();
    const all: string[] = [];
    for (let pid = 1; pid <= 100; pid += 1) {
      const process = new MadeUpProcess(new FakeFileSystem(files.disk), pid);
      process.exporter.mood = 'fails';
      await process.adopt();
      const mine = words(2, `of ${pid},`);
      process.accept(...mine);
      all.push(...mine);
      process.lane.shutDown();
      expect(process.missing).to.equal(0);
    }
    const deepest = Math.max(...[...files.disk.keys()].map(path => path.split('/').length));
    // '', spool, v1, process, adopted, file
    expect(deepest).to.equal(6);
    const last = new MadeUpProcess(new FakeFileSystem(files.disk), 101);
    await last.adopt();
    await last.flush();
    expect(last.exporter.received).to.have.members(all);
    expect([last.missing, last.problems]).to.deep.equal([0, []]);
    last.end();
    expect([...files.disk.keys()]).to.deep.equal(['/', '/spool', '/spool/v1']);
  });
});

describe('the overflow drop-newest', () => {
  it('keeps what is there, on disk and in memory, and counts what comes', async () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1, {
      overflow: 'drop-newest',
      limitBytes: 40_000,
      memoryItems: 50,
    });
    process.exporter.mood = 'fails';
    const all = words(3_000);
    let most = 0;
    for (const word of all) {
      process.accept(word);
      most = Math.max(most, process.disk.usedBytes);
      expect(process.missing).to.equal(0);
    }
    expect(most).to.be.at.most(40_000);
    const { queue_full: lost = 0, ...others } = process.lane.counts.dropped;
    expect(others).to.deep.equal({});
    expect(lost).to.be.within(1_500, 2_500);
    expect(process.troubles).to.deep.equal([]);
    process.exporter.mood = 'takes';
    await process.flush();
    expect(process.exporter.received).to.have.members(all.slice(0, 3_000 - lost));
    expect(process.missing).to.equal(0);
    process.end();
  });
});

describe('the limit of the disk', () => {
  for (const writesAhead of [true, false]) {
    it(`is not exceeded, ${writesAhead ? 'item by item' : 'many at once'}, and what had to go is counted once`, () => {
      const limitBytes = 60_000;
      const process = new MadeUpProcess(new FakeFileSystem(), 1, {
        limitBytes,
        writesAhead,
        memoryItems: 500,
      });
      const lengths = [10, 3_000, 200, 70, 1_200];
      let most = 0;
      for (let round = 0; round < 40; round += 1) {
        process.accept(...words(20).map((word, index) => word + 'ä'.repeat(lengths[index % 5]!)));
        process.lane.persist();
        most = Math.max(most, process.files.usedBytes);
        expect(process.disk.usedBytes).to.be.at.most(limitBytes);
        expect(process.missing).to.equal(0);
      }
      expect(most, 'on the disk, with what is kept back').to.be.above(limitBytes / 2);
      const { spool_full: gone = 0, ...others } = process.lane.counts.dropped;
      expect(others).to.deep.equal({});
      expect(gone).to.be.above(100);
      process.end();
    });
  }

  it('costs nobody else his place for an item that is larger than all of it', () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1, { limitBytes: 10_000 });
    process.accept(...words(5), 'x'.repeat(20_000), 'after');
    expect(process.lane.counts).to.include({ pendingOnDisk: 6, pendingInMemory: 1 });
    process.lane.persist();
    expect(process.lane.counts).to.include({ pendingOnDisk: 6, pendingInMemory: 1 });
    expect(process.drops).to.deep.equal([]);
    expect(process.missing).to.equal(0);
    process.end();
  });
});

describe('an item that is too long for the disk', () => {
  it('stays in memory, is sent, and is no reason to give the disk up', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1);
    process.accept('before', 'x'.repeat(17 * 1024 * 1024), 'after');
    expect(process.lane.counts).to.include({ pendingOnDisk: 2, pendingInMemory: 1 });
    process.lane.persist();
    expect(process.lane.counts).to.include({ pendingOnDisk: 2, pendingInMemory: 1 });
    expect(process.troubles).to.deep.equal([]);
    await process.flush();
    expect(process.lane.counts).to.include({ delivered: 3 });
    expect(process.missing).to.equal(0);
    process.end();
  });
});

describe('what is in memory only at the very end', () => {
  it('and could not be written is counted as lost, with the reason', () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1);
    process.accept(...words(3));
    files.faultAt = (_, name) => (name === 'write' ? { fail: 'EIO' } : undefined);
    process.accept(...words(4, 'lost'));
    process.lane.shutDown();
    process.disk.persistForGood();
    process.disk.close();
    expect(process.drops).to.deep.equal([[4, 'spool_io']]);
    expect(process.lane.counts).to.include({ pendingInMemory: 0, pendingOnDisk: 3 });
    expect(process.missing).to.equal(0);
  });
});
