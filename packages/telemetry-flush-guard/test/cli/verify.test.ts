import { expect } from 'chai';
import { FrameWriter, RecordType } from '../../src/spool/frame.js';
import { SCHEMA } from '../../src/spool/segment-reader.js';
import { findSegment } from '../../src/spool/segment.js';
import { MadeUpProcess, words } from '../pipeline/made-up-process.js';
import { FakeFileSystem } from '../spool/fake-file-system.js';
import { pathOf, put, say, verification } from './spool-on-paper.js';
import type { Disk } from './spool-on-paper.js';

/** A spool of one dead process with one segment, whose first items are acknowledged. */
async function spool(): Promise<{ disk: Disk; segment: string; acks: string; folder: string }> {
  const files = new FakeFileSystem();
  const process = new MadeUpProcess(files, 1);
  process.accept(...words(7).map(text => JSON.stringify(text)));
  await process.flush();
  process.exporter.mood = 'fails';
  process.accept(...words(10).map(text => JSON.stringify(text)));
  process.lane.shutDown();
  const { disk } = files;
  const segment = pathOf(disk, '.seg');
  return { disk, segment, acks: pathOf(disk, '.ack'), folder: process.disk.places!.folder };
}

describe('verify', () => {
  it('finds nothing in a spool that is whole, and says how much it has read', async () => {
    const { disk, segment, acks } = await spool();
    const result = verification(disk);
    expect(result).to.deep.include({
      schema: 'telemetry-flush-guard/verify@1',
      dir: '/spool',
      ok: true,
      files: 2,
      bytes: disk.get(segment)!.bytes.length + disk.get(acks)!.bytes.length,
      items: 17,
      damage: [],
      torn: [],
      newer: [],
      unreadable: [],
    });
    const { code, out } = say(disk, ['verify', '/spool']);
    expect([code, out.split('\n').at(-2)]).to.deep.equal([0, '✔ no damage']);
  });

  it('finds each damaged byte of a segment, and names the item that the reader of the spool loses with it', async () => {
    const { disk, segment, folder } = await spool();
    const node = disk.get(segment)!;
    const whole = node.bytes;
    for (let at = 0; at < whole.length; at += 1) {
      node.bytes = Buffer.from(whole);
      node.bytes[at]! ^= 0xff;
      const { ok, damage, torn } = verification(disk);
      const what = `byte ${at}`;
      expect([ok, torn], what).to.deep.equal([false, []]);
      expect(damage, what).to.have.length(1);
      const { path, offset, bytes, items, pendingItems } = damage[0]!;
      expect(path).to.equal(segment);
      expect(at, what).to.be.within(offset, offset + bytes - 1);
      // What the spool itself makes of it, on a copy.
      const copy = new FakeFileSystem(new Map([...disk].map(([name, each]) => [name, { ...each }])));
      const found = findSegment(copy, folder, 'spans', 1)!.segment;
      const before = found.pending;
      const read = found.readPending().map(({ number }) => number);
      expect(pendingItems, what).to.equal(before - read.length);
      expect(
        items.filter(number => number >= 7),
        what,
      ).to.deep.equal([7, 8, 9, 10, 11, 12, 13, 14, 15, 16].filter(number => !read.includes(number)));
    }
    node.bytes = whole;
    expect(verification(disk).ok).to.equal(true);
  });

  it('finds each damaged byte of a file of acks, with which no item is lost', async () => {
    const { disk, acks } = await spool();
    const node = disk.get(acks)!;
    const whole = node.bytes;
    for (let at = 0; at < whole.length; at += 1) {
      node.bytes = Buffer.from(whole);
      node.bytes[at]! ^= 0xff;
      const { damage } = verification(disk);
      expect(damage, `byte ${at}`).to.have.length(1);
      expect(damage[0]).to.deep.include({ path: acks, items: [], kind: 'damaged' });
    }
  });

  it('takes a torn end for what a death leaves, and no damage, wherever it is torn', async () => {
    const { disk, segment } = await spool();
    const node = disk.get(segment)!;
    const whole = node.bytes;
    let [torn, clean] = [0, 0];
    for (let length = 0; length < whole.length; length += 1) {
      node.bytes = whole.subarray(0, length);
      const result = verification(disk);
      expect([result.ok, result.damage], `${length} bytes`).to.deep.equal([true, []]);
      if (result.torn.length > 0) torn += 1;
      else clean += 1;
    }
    // Between two records nothing shows: a header, two copies of resource and scope, 17 items; and the empty file.
    expect([torn, clean]).to.deep.equal([whole.length - 22, 22]);
    expect(say(disk, ['verify', '/spool']).code).to.equal(0);
  });

  it('finds items whose resource is gone in both copies, and names each', async () => {
    const { disk, segment } = await spool();
    const node = disk.get(segment)!;
    node.bytes = Buffer.from(node.bytes);
    const text = '{"a":1}';
    const first = node.bytes.indexOf(text);
    const second = node.bytes.indexOf(text, first + 1);
    node.bytes[first]! ^= 0xff;
    node.bytes[second]! ^= 0xff;
    const { damage } = verification(disk);
    expect(damage.flatMap(({ items }) => items)).to.have.members(Array.from({ length: 17 }, (_, at) => at));
    expect(damage.reduce((sum, { pendingItems }) => sum + pendingItems, 0)).to.equal(10);
    expect(
      damage.some(({ loss }) => loss === 'item 9: its resource or scope is damaged in both copies'),
    ).to.equal(true);
  });

  it("does not take for damage what a later version has written, nor what is none of the spool's", async () => {
    const { disk, folder } = await spool();
    const later = new FrameWriter().frame(RecordType.header, SCHEMA + 1, 0, '');
    put(disk, `${folder}/spans.00009999.seg`, Buffer.concat([later, Buffer.from('something new')]));
    put(disk, `${folder}/core.1234`, 'rubbish');
    const { ok, newer, files } = verification(disk);
    expect([ok, newer, files]).to.deep.equal([true, [`${folder}/spans.00009999.seg`], 2]);
  });

  it('says where, how much, and what is lost', async () => {
    const { disk, segment } = await spool();
    const node = disk.get(segment)!;
    node.bytes = Buffer.from(node.bytes);
    node.bytes[node.bytes.length - 1]! ^= 0xff;
    node.bytes[3]! ^= 0xff;
    const { code, out } = say(disk, ['verify', '/spool']);
    expect(code).to.equal(1);
    const lines = out.split('\n');
    expect(lines).to.include('damaged:').and.to.include(`  ${segment}`);
    expect(out).to.match(/^ {4}offset {5}0 {3}51 bytes {3}the header: the age of the segment$/m);
    expect(out).to.match(/^ {4}offset {3}801 {3}36 bytes {3}item 16$/m);
    expect(lines.at(-2)).to.equal('✘ damaged in 2 places: 1 item lost, 1 of them not yet delivered');
  });

  it('ends with 2 when something cannot be read, damage or not', async () => {
    const { disk } = await spool();
    const files = new FakeFileSystem(disk);
    files.faultAt = (call, name) => (name === 'open' && call > 12 ? { fail: 'EIO' } : undefined);
    const { code, out } = say(disk, ['verify', '/spool'], { files });
    expect(code).to.equal(2);
    expect(out).to.include('could not be read');
  });
});
