import { expect } from 'chai';
import fc from 'fast-check';
import { FakeFileSystem } from '../spool/fake-file-system.js';
import { MadeUpProcess, words } from './made-up-process.js';

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
    expect(process.exporter.attempts).to.be.at.most(24);
    expect(process.lane.counts).to.deep.include({ delivered: 0, dropped: {}, pendingOnDisk: 200 });
    process.exporter.judge = undefined;
    expect(await process.flush()).to.equal(true);
    expect(process.exporter.received).to.have.members(all);
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
