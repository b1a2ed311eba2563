import { expect } from 'chai';
import type { Origin } from '../../src/items/item-codec.js';
import { DiskUse } from '../../src/spool/disk-use.js';
import { laneFile } from '../../src/spool/file-names.js';
import type { FileSystem } from '../../src/spool/file-system.js';
import { LaneSpool } from '../../src/spool/lane-spool.js';
import type { Place } from '../../src/spool/lane-spool.js';
import { NO_TOTALS, pendingOf, sumOfTotals } from '../../src/spool/lane-totals.js';
import type { LaneTotals } from '../../src/spool/lane-totals.js';
import { findSegment } from '../../src/spool/segment.js';
import { Died, FakeFileSystem } from './fake-file-system.js';
import type { Fault } from './fake-file-system.js';

const LANE = 'spans';
const scope = { name: 'a-scope', version: '1' };
const resource = { attributes: { 'service.name': 'a-service' } };
const origin: Origin = { resource, scope };

function spoolOn(files: FileSystem, settings: { segmentBytes?: number; limitBytes?: number } = {}) {
  const disk = new DiskUse(settings.limitBytes ?? Infinity);
  const spool = new LaneSpool({
    files,
    folder: '/',
    lane: LANE,
    segmentBytes: settings.segmentBytes ?? 600,
    disk,
  });
  return { spool, disk };
}

/** What another process finds on the disk: texts that are to be dealt with, and all that is known of the rest. */
function recover(disk: FakeFileSystem['disk']): { texts: string[]; totals: LaneTotals } {
  const files = new FakeFileSystem(disk);
  const numbers = files
    .readdirSync('/')
    .flatMap(name => (laneFile(name)?.kind === 'seg' ? [laneFile(name)!.number] : []))
    .sort((one, other) => one - other);
  const texts: string[] = [];
  let gone = NO_TOTALS;
  let totals = NO_TOTALS;
  for (const number of numbers) {
    const found = findSegment(files, '/', LANE, number);
    if (found === undefined) continue;
    for (const { payload, resource: written, scope: named } of found.segment.readPending()) {
      expect(written).to.equal('[null,{"service.name":"a-service"}]');
      expect(named).to.equal('["a-scope","1",null,null,null]');
      texts.push(payload.toString());
    }
    if (found.totals !== undefined) gone = found.totals;
    totals = sumOfTotals(totals, found.segment.totals);
  }
  return { texts, totals: sumOfTotals(totals, gone) };
}

/** Items in three batches, of which all but some are dealt with. Says what has happened, step by step, until the process dies. */
function scenario(files: FileSystem, accepted: string[], delivered: string[]): void {
  const { spool } = spoolOn(files, { segmentBytes: 300 });
  const places: (Place & { text: string })[] = [];
  const tolerant = (step: () => void): void => {
    try {
      step();
    } catch (thrown) {
      if (thrown instanceof Died) throw thrown;
    }
  };
  for (let batch = 0; batch < 3; batch += 1) {
    for (let index = 0; index < 6; index += 1) {
      const text = `item ${batch}.${index}`;
      tolerant(() => {
        places.push({ ...spool.append(text, origin), text });
        accepted.push(text);
      });
    }
    for (const { segment, number, text } of places.splice(0, 5)) {
      // Delivered is what the server has; that the ack cannot be written comes after.
      delivered.push(text);
      tolerant(() => spool.settle(segment, number, 1, 'delivered'));
    }
  }
  tolerant(() => {
    spool.close();
  });
}

function callsOf(run: (files: FakeFileSystem) => void): string[] {
  const files = new FakeFileSystem();
  run(files);
  return files.calls;
}

describe('the spool of a lane', () => {
  it('has on disk what was not dealt with, and the counts of all', () => {
    const files = new FakeFileSystem();
    const [accepted, delivered]: [string[], string[]] = [[], []];
    scenario(files, accepted, delivered);
    expect(accepted).to.have.length(18);
    const { texts, totals } = recover(files.disk);
    expect(texts).to.deep.equal(accepted.filter(text => !delivered.includes(text)));
    expect(totals).to.deep.equal({ accepted: 18, done: { delivered: 15 } });
    expect(pendingOf(totals)).to.equal(3);
    expect(files.openDescriptors).to.equal(0);
  });

  it('takes segments away that are done with, and keeps account of the disk to the byte', () => {
    const files = new FakeFileSystem();
    const { spool, disk } = spoolOn(files);
    const places = Array.from({ length: 50 }, (_, index) => spool.append(`item ${index}`, origin));
    expect(spool.segments.length).to.be.greaterThan(3);
    expect(disk.usedBytes).to.equal(files.usedBytes);
    for (const { segment, number } of places) spool.settle(segment, number, 1, 'delivered');
    expect(spool.segments).to.have.length(1);
    expect(disk.usedBytes).to.equal(files.usedBytes);
    spool.close();
    expect(files.disk.size, 'the root alone').to.equal(1);
    expect(disk.usedBytes).to.equal(0);
    expect(spool.totals).to.deep.equal({ accepted: 50, done: { delivered: 50 } });
  });

  it('gives the oldest segment up for room, and counts what was in it', () => {
    const files = new FakeFileSystem();
    const { spool } = spoolOn(files);
    const places = Array.from({ length: 20 }, (_, index) => spool.append(`item ${index}`, origin));
    const [first] = places;
    spool.settle(first!.segment, 0, 1, 'delivered');
    const lost = first!.segment.pending;
    spool.evictOldest();
    expect(spool.segments).not.to.include(first!.segment);
    expect(spool.totals.done).to.deep.equal({ delivered: 1, spool_full: lost });
    spool.close();
    expect(recover(files.disk).texts).to.have.length(20 - 1 - lost);
    expect(recover(files.disk).totals.done).to.deep.equal({ delivered: 1, spool_full: lost });
  });

  it('writes a resource again when all of its attributes are known', () => {
    const files = new FakeFileSystem();
    const { spool } = spoolOn(files, { segmentBytes: 1e6 });
    const late = { attributes: { a: 1 } as Record<string, unknown>, asyncAttributesPending: true };
    spool.append('early', { resource: late, scope });
    late.attributes = { a: 1, 'host.id': 'x' };
    late.asyncAttributesPending = false;
    spool.refreshResources();
    spool.append('after', { resource: late, scope });
    spool.close();
    const found = findSegment(new FakeFileSystem(files.disk), '/', LANE, 1)!;
    expect(found.segment.readPending().map(item => item.resource)).to.deep.equal([
      '[null,{"a":1,"host.id":"x"}]',
      '[null,{"a":1,"host.id":"x"}]',
    ]);
  });

  it('loses nothing that was accepted when the process dies in any of its system calls, after any byte', () => {
    const calls = callsOf(files => {
      scenario(files, [], []);
    });
    expect(calls.length).to.be.greaterThan(60);
    let deaths = 0;
    calls.forEach((name, at) => {
      for (const die of name === 'write' ? [0, 1, 10, 24, 40] : [0]) {
        const files = new FakeFileSystem();
        files.faultAt = call => (call === at ? { die } : undefined);
        const [accepted, delivered]: [string[], string[]] = [[], []];
        expect(() => {
          scenario(files, accepted, delivered);
        }, `call ${at}`).to.throw(Died);
        deaths += 1;
        const { texts, totals } = recover(files.disk);
        const what = `${name}, call ${at}, ${die} bytes`;
        // At least once: what is there in the end and what was delivered is all that was accepted.
        expect([...new Set([...delivered, ...texts])], what).to.include.members(accepted);
        // And at most one ack behind: the one that was being written.
        const twice = delivered.filter(text => texts.includes(text));
        expect(twice.length, what).to.be.at.most(1);
        // A record may be whole on disk although the call that wrote it never returned: it is one more, not one less.
        const more = texts.filter(text => !accepted.includes(text));
        expect(more.length, what).to.be.at.most(1);
        expect(pendingOf(totals), what).to.equal(texts.length);
      }
    });
    expect(deaths).to.be.greaterThan(200);
  });

  for (const fault of [{ fail: 'ENOSPC' }, { fail: 'EIO' }, { short: 1 }, { short: 30 }] as Fault[]) {
    it(`goes on when any one of its system calls does this: ${JSON.stringify(fault)}`, () => {
      const calls = callsOf(files => {
        scenario(files, [], []);
      });
      calls.forEach((name, at) => {
        const files = new FakeFileSystem();
        files.faultAt = call => (call === at ? fault : undefined);
        const [accepted, delivered]: [string[], string[]] = [[], []];
        scenario(files, accepted, delivered);
        const { texts } = recover(files.disk);
        const what = `${name}, call ${at}`;
        expect([...new Set([...delivered, ...texts])].sort(), what).to.deep.equal([...accepted].sort());
        expect(accepted.length, what).to.be.at.least('short' in fault ? 18 : 17);
        expect(delivered.filter(text => texts.includes(text)).length, what).to.be.at.most(6);
      });
    });
  }

  it('keeps what there is room for when the disk is full, and takes more when there is room again', () => {
    const files = new FakeFileSystem();
    const { spool, disk } = spoolOn(files, { segmentBytes: 1e6 });
    const accepted: string[] = [];
    files.capacityBytes = 550;
    for (let index = 0; index < 20; index += 1) {
      const text = `item ${index}`;
      try {
        spool.append(text, origin);
        accepted.push(text);
      } catch (thrown) {
        expect(thrown).to.include({ code: 'ENOSPC' });
      }
      if (index === 15) files.capacityBytes = Infinity;
    }
    expect(accepted.length).to.be.within(6, 15);
    expect(accepted.at(-1)).to.equal('item 19');
    expect(disk.usedBytes).to.equal(files.usedBytes);
    spool.close();
    expect(recover(files.disk).texts).to.deep.equal(accepted);
  });

  it('loses one item at most for each damaged byte of a segment of 8 KB, counts it, and reads all others', () => {
    const files = new FakeFileSystem();
    const { spool } = spoolOn(files, { segmentBytes: 1e6 });
    const texts: string[] = [];
    while ((files.disk.get('/spans.00000001.seg')?.bytes.length ?? 0) < 8192) {
      texts.push(`item ${texts.length} ${'x'.repeat(texts.length % 90)}`);
      spool.append(texts.at(-1)!, origin);
    }
    spool.close();
    const node = files.disk.get('/spans.00000001.seg')!;
    const whole = node.bytes;
    for (let at = 0; at < whole.length; at += 1) {
      node.bytes = Buffer.from(whole);
      node.bytes[at]! ^= 0xff;
      const { segment } = findSegment(new FakeFileSystem(files.disk), '/', LANE, 1)!;
      const read = segment.readPending().map(({ payload }) => payload.toString());
      files.disk.delete('/spans.00000001.ack');
      const lost = texts.filter(text => !read.includes(text));
      expect(lost.length, `byte ${at}`).to.be.at.most(1);
      expect(segment.totals, `byte ${at}`).to.deep.equal({
        accepted: texts.length,
        done: lost.length === 0 ? {} : { corrupt: 1 },
      });
    }
  });
});
