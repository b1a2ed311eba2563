import { expect } from 'chai';
import fc from 'fast-check';
import { setTimeout as wait } from 'node:timers/promises';
import { EndpointGate } from '../../src/delivery/endpoint-gate.js';
import { ItemFormat } from '../../src/items/item-form.js';
import type { ItemForm } from '../../src/items/item-form.js';
import { Origins } from '../../src/items/origins.js';
import { Lane } from '../../src/pipeline/lane.js';
import { FakeFileSystem } from '../spool/fake-file-system.js';
import { MadeUpProcess, words } from './made-up-process.js';
import type { Word } from './made-up-process.js';

const answer = (code: number): { code: number; error: Error } => ({
  code: 1,
  error: Object.assign(new Error(`status ${code}`), { code }),
});

/** A process whose endpoint takes no request in which a bad word is. */
function pickedBy(bad: ReadonlySet<string>, batchItems = 16): MadeUpProcess {
  const process = new MadeUpProcess(new FakeFileSystem(), 1, { batchItems });
  process.exporter.judge = texts => (texts.some(text => bad.has(text)) ? answer(400) : undefined);
  return process;
}

describe('a batch that is refused', () => {
  it('loses what is wrong in it and nothing else, whichever that is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 40 }).chain(count =>
          fc.record({
            count: fc.constant(count),
            // At least one that is right.
            bad: fc.uniqueArray(fc.nat(count - 1), { maxLength: Math.min(count - 1, 6) }),
          }),
        ),
        async ({ count, bad }) => {
          const all = words(count);
          const wrong = new Set(bad.map(index => all[index]!));
          const process = pickedBy(wrong);
          process.accept(...all);
          // What is wrong and comes first is proven by what comes later.
          for (let round = 0; round < 3 && process.lane.counts.pendingOnDisk > 0; round += 1)
            await process.flush();
          const { delivered, dropped } = process.lane.counts;
          expect(new Set(process.exporter.received)).to.deep.equal(
            new Set(all.filter(word => !wrong.has(word))),
          );
          expect(process.exporter.received).to.have.length(count - wrong.size);
          expect(delivered).to.equal(count - wrong.size);
          expect(process.missing).to.equal(0);
          expect(dropped.rejected ?? 0, 'nothing is rejected that is right').to.be.at.most(wrong.size);
          process.end();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is halved until one item is left, which is dropped once others are taken', async () => {
    const process = pickedBy(new Set(['word 5']));
    process.accept(...words(16));
    expect(await process.flush()).to.equal(true);
    expect(process.lane.counts).to.deep.include({ delivered: 15, dropped: { rejected: 1 } });
    expect(process.drops).to.deep.equal([[1, 'rejected']]);
    expect(process.exporter.attempts, 'two for each halving').to.be.at.most(1 + 2 * 4);
    expect(process.missing).to.equal(0);
    process.end();
  });

  it('is kept when all of it is refused, whatever the endpoint means by that, and costs a bounded number of requests', async () => {
    const all = words(200);
    const process = pickedBy(new Set(all), 64);
    process.accept(...all);
    expect(await process.flush()).to.equal(false);
    expect(process.exporter.attempts).to.be.at.most(13);
    expect(process.lane.counts).to.deep.include({ delivered: 0, dropped: {}, pendingOnDisk: 200 });
    process.exporter.judge = undefined;
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.have.members(all);
    process.end();
  });

  it('does not stand in the way of those behind it for long, however much of it is wrong', async () => {
    const wrong = words(600, 'wrong');
    const process = pickedBy(new Set(wrong), 512);
    process.accept(...wrong, ...words(600, 'right'));
    for (let flushes = 0; flushes < 4 && process.lane.counts.pendingOnDisk > 0; flushes += 1)
      await process.flush();
    expect(process.lane.counts).to.deep.include({
      delivered: 600,
      dropped: { rejected: 600 },
      pendingOnDisk: 0,
    });
    expect(process.missing).to.equal(0);
    process.end();
  });

  it('is what becomes of items of which an exporter cannot make anything, however it says so', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1);
    process.exporter.judge = texts => {
      if (texts.includes('word 2')) throw Object.create(null);
      return undefined;
    };
    process.accept(...words(5));
    expect(await process.flush()).to.equal(false);
    expect(process.lane.counts).to.deep.include({ delivered: 0, dropped: {}, pendingOnDisk: 5 });
    process.exporter.judge = undefined;
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.have.members(words(5));
    process.end();
  });

  it('of one item waits for company', async () => {
    const process = pickedBy(new Set(['alone']));
    process.accept('alone');
    expect(await process.flush()).to.equal(false);
    expect(await process.flush()).to.equal(false);
    expect(process.lane.counts).to.deep.include({ dropped: {}, pendingOnDisk: 1 });
    process.accept('one', 'two');
    await process.flush();
    expect(process.lane.counts).to.deep.include({ delivered: 2, dropped: { rejected: 1 }, pendingOnDisk: 0 });
    process.end();
  });
});

describe('a batch that is too large', () => {
  it('is halved, and those after it are no larger; an item that is too large alone is dropped', async () => {
    const process = new MadeUpProcess(new FakeFileSystem(), 1, { batchItems: 64 });
    const sizes: number[] = [];
    process.exporter.judge = texts => {
      const bytes = texts.reduce((sum, text) => sum + text.length, 0);
      sizes.push(bytes);
      return bytes > 20_000 ? answer(413) : undefined;
    };
    const large = words(64).map(word => word.padEnd(1_000, '.'));
    process.accept(...large, 'x'.repeat(30_000));
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.have.members(large);
    expect(process.lane.counts.dropped).to.deep.equal({ too_large: 1 });
    const refusedAtFirst = sizes.filter(bytes => bytes > 20_000).length;
    process.accept(...large);
    expect(await process.flush()).to.equal(true);
    expect(sizes.filter(bytes => bytes > 20_000).length, 'it has learnt').to.equal(refusedAtFirst);
    expect(process.missing).to.equal(0);
    process.end();
  });
});

describe('what the dead have left', () => {
  it('is sent by itself once the endpoint is well again, also where another lane had found it down', async () => {
    const files = new FakeFileSystem();
    const dead = new MadeUpProcess(files, 1);
    dead.accept(...words(3));
    dead.lane.shutDown();
    const gate = new EndpointGate({ retryFirstMillis: 20, retryLongestMillis: 20 }, () => 0.99);
    const process = new MadeUpProcess(new FakeFileSystem(files.disk), 2, { gate, delayMillis: 5 });
    gate.leave({ outcome: 'retry', why: 'the other one has found it down' });
    await process.adopt();
    for (let polls = 0; polls < 200 && process.lane.counts.delivered < 3; polls += 1) await wait(10);
    expect(process.exporter.received).to.deep.equal(words(3));
    process.end();
  });
});

describe('items that are kept as bytes', () => {
  /** Its encoder has one buffer, as those of OTLP have. */
  function formOfBytes(): ItemForm<Word, Uint8Array> {
    const shared = Buffer.alloc(100);
    return {
      signal: 'span',
      format: ItemFormat.otlpProtobuf,
      isEncodedAtOnce: true,
      originOf: () => ({ resource: { attributes: {} }, scope: { name: 's' } }),
      encode: ({ text }) => shared.subarray(0, shared.write(text)),
      keep: (_word, payload) => Buffer.from(payload as Uint8Array),
      originOfKept: () => ({ resource: { attributes: {} }, scope: { name: 's' } }),
      payloadOf: bytes => bytes,
      decode: payload => Buffer.from(payload),
    };
  }

  it('are written as they were, though whoever is told of a drop emits another meanwhile', async () => {
    const files = new FakeFileSystem();
    const process = new MadeUpProcess(files, 1, { limitBytes: 20_000 });
    const sent: string[] = [];
    let dropped = 0;
    const lane: Lane<Word, Uint8Array> = process.disk.addLane(
      'bytes',
      disk =>
        new Lane<Word, Uint8Array>(
          'bytes',
          formOfBytes(),
          {
            send: items => {
              sent.push(...items.map(bytes => Buffer.from(bytes).toString()));
              return Promise.resolve({ outcome: 'delivered' });
            },
            shutdown: () => Promise.resolve(),
          },
          disk,
          new Origins(),
          {
            memoryItems: 5,
            memoryBytes: 1e6,
            batchItems: 50,
            exportTimeoutMillis: 1_000,
            delayMillis: 1e6,
            writesAhead: true,
            onDrop: count => {
              dropped += count;
              lane.accept({ text: `told of ${dropped}` });
            },
            random: () => 0.5,
          },
        ),
    );
    const all = words(1_000);
    for (const text of all) lane.accept({ text });
    expect(dropped).to.be.above(50);
    await lane.flush(performance.now() + 5_000);
    expect(sent.filter(text => !/^(word|told of) \d+$/.test(text))).to.deep.equal([]);
    expect(new Set(sent).size).to.equal(sent.length);
    const { accepted, delivered } = lane.counts;
    expect(accepted).to.equal(delivered + dropped);
    lane.shutDown();
    process.end();
  });
});

describe('what comes', () => {
  it('is sent before what was left by the dead, and before what is left of that', async () => {
    const files = new FakeFileSystem();
    const dead = new MadeUpProcess(files, 1);
    dead.accept(...words(20, 'old'));
    dead.lane.shutDown();
    const process = new MadeUpProcess(new FakeFileSystem(files.disk), 2);
    await process.adopt();
    process.exporter.onReceived = text => {
      // While the first batch of the old ones is on its way.
      if (text === 'old 0') process.accept(...words(3, 'new'));
    };
    expect(await process.flush()).to.equal(true);
    const { received } = process.exporter;
    expect(received).to.have.length(23);
    expect(received.slice(7, 10)).to.deep.equal(words(3, 'new'));
    process.end();
  });
});
