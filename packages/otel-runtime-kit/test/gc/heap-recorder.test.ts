import { expect } from 'chai';
import { FakeClock } from 'test-helpers/fake-clock';
import { HeapRecorder } from '../../src/gc/heap-recorder.js';
import type { GcType } from '../../src/gc/gc-type.js';
import { FakeGcPlatform } from './fake-gc-platform.js';
import type { FakeGc } from './fake-gc-platform.js';

describe('the recorder of heap effects', () => {
  let clock: FakeClock;
  let platform: FakeGcPlatform;
  let recorder: HeapRecorder;
  /** Names of the records of each time that some were handed out. */
  let handedOut: string[][];
  let givenUp: ReadonlyMap<GcType, number>[];

  beforeEach(() => {
    clock = new FakeClock();
    platform = new FakeGcPlatform(clock);
    handedOut = [];
    givenUp = [];
    recorder = new HeapRecorder({
      clock,
      startRecording: platform.startRecording,
      onRecords: records => handedOut.push(records.map(({ gcType }) => gcType)),
      onGivenUp: seen => givenUp.push(seen),
    });
  });

  /** Collections that are told of at once. */
  function collect(...types: NonNullable<FakeGc['type']>[]): void {
    for (const type of types) {
      platform.collect({ type });
      recorder.saw(type, clock.nowMillis());
    }
  }

  /** Collections that are not told of. */
  function collectUnseen(...types: NonNullable<FakeGc['type']>[]): void {
    for (const type of types) platform.collect({ type });
  }

  it('starts once, and stops', () => {
    expect(recorder.isRecording).to.equal(false);
    recorder.start();
    recorder.start();
    expect([recorder.isRecording, platform.running]).to.deep.equal([true, 1]);
    recorder.stop();
    recorder.stop();
    expect([recorder.isRecording, platform.running, handedOut]).to.deep.equal([false, 0, [[]]]);
  });

  it('forgets nothing of a recording that is started a second time', () => {
    recorder.start();
    collect('minor');
    recorder.start();
    recorder.drainYoung();
    expect(handedOut).to.deep.equal([['Scavenge']]);
  });

  it('drains nothing while it does not record', () => {
    collect('minor');
    recorder.drainYoung();
    recorder.drain(true);
    expect([handedOut, platform.started]).to.deep.equal([[], 0]);
  });

  it('drains nothing after no collection, unless nobody else sees them', () => {
    recorder.start();
    recorder.drainYoung();
    recorder.drain(false);
    expect([handedOut, platform.started]).to.deep.equal([[], 1]);
    recorder.drain(true);
    expect([handedOut, platform.started, platform.running]).to.deep.equal([[[]], 2, 1]);
  });

  describe('while recordings stay young', () => {
    it('hands out each minor collection, and leaves nothing behind', () => {
      recorder.start();
      for (let gc = 0; gc < 100; gc += 1) {
        collect('minor');
        recorder.drainYoung();
        expect([recorder.waiting, recorder.isFull]).to.deep.equal([0, false]);
        // The one that runs, and the one before.
        expect(platform.held.recordings).to.equal(2);
      }
      expect(handedOut).to.deep.equal(Array.from({ length: 100 }, () => ['Scavenge']));
      collect('minor');
      expect(platform.held.recordings).to.equal(1);
    });

    it('counts neither the beginning of marking nor weak callbacks as age', () => {
      recorder.start();
      for (let gc = 0; gc < 5; gc += 1) collect('incremental', 'weakcb');
      collect('minor');
      recorder.drainYoung();
      expect(handedOut).to.have.length(1);
      expect(recorder.waiting).to.equal(0);
      collect('minor');
      expect(platform.held.recordings).to.equal(1);
    });

    it('begins the next recording before it reads the one before: what comes of the reading is recorded', () => {
      const startRecording = (): ReturnType<typeof platform.startRecording> => {
        const recording = platform.startRecording();
        return {
          ...recording,
          stop: () => {
            const records = recording.stop();
            platform.collect({ type: 'minor' });
            return records;
          },
        };
      };
      recorder = new HeapRecorder({
        clock,
        startRecording,
        onRecords: records => handedOut.push(records.map(({ gcType }) => gcType)),
        onGivenUp: () => {},
      });
      recorder.start();
      recorder.drain(true);
      recorder.drain(true);
      recorder.drain(true);
      expect(handedOut).to.deep.equal([[], ['Scavenge'], ['Scavenge']]);
    });

    it('loses one recording at most where reading it fails', () => {
      recorder.start();
      collect('minor');
      platform.failures.stop = new Error('no memory');
      expect(() => {
        recorder.drainYoung();
      }).to.throw('no memory');
      delete platform.failures.stop;
      expect([recorder.isRecording, platform.running]).to.deep.equal([true, 1]);
      collect('minor');
      recorder.drainYoung();
      expect(handedOut).to.deep.equal([['Scavenge']]);
    });

    it('goes on with what it has where no new one can be started', () => {
      recorder.start();
      collect('minor');
      platform.failures.start = new Error('no memory');
      expect(() => {
        recorder.drainYoung();
      }).to.throw('no memory');
      delete platform.failures.start;
      recorder.drainYoung();
      expect(handedOut).to.deep.equal([['Scavenge']]);
    });
  });

  describe('when recordings age', () => {
    for (const [age, types] of Object.entries({
      'two minor collections': ['minor', 'minor'],
      'a major one': ['major'],
      'a minor and a major one': ['minor', 'major'],
    }) as [string, NonNullable<FakeGc['type']>[]][]) {
      it(`through ${age}, leaves the first behind, and waits with the second for a drain`, () => {
        recorder.start();
        collect(...types);
        recorder.drainYoung();
        expect([handedOut.length, recorder.waiting]).to.deep.equal([1, 1]);
        // What just came has aged, and one is waiting: it is not worth a second one.
        platform.obeys = false;
        collectUnseen('minor', 'minor');
        recorder.saw('minor', clock.nowMillis());
        recorder.saw('minor', clock.nowMillis());
        recorder.drainYoung();
        expect([handedOut.length, recorder.waiting]).to.deep.equal([1, 1]);
        recorder.drain(false);
        expect([handedOut.length, recorder.waiting]).to.deep.equal([2, 2]);
      });
    }

    it('still hands out a young one while another waits', () => {
      recorder.start();
      collect('minor', 'minor');
      recorder.drainYoung();
      collect('minor');
      recorder.drainYoung();
      expect([handedOut.length, recorder.waiting]).to.deep.equal([2, 1]);
    });

    it('counts one that the records know to have aged, though only one collection was told of', () => {
      recorder.start();
      collectUnseen('minor');
      collect('minor');
      // `saw` was called for one of the two.
      recorder.drainYoung();
      expect([handedOut, recorder.waiting]).to.deep.equal([[['Scavenge', 'Scavenge']], 1]);
    });

    it('does not take a collection for its own that is told of late: it was in the recording before', () => {
      recorder.start();
      collectUnseen('minor', 'minor');
      const startMillis = clock.nowMillis();
      clock.advance(1);
      recorder.drain(true);
      expect([handedOut.length, recorder.waiting]).to.deep.equal([1, 1]);
      recorder.saw('minor', startMillis);
      recorder.saw('minor', startMillis);
      recorder.drain(false);
      expect(handedOut).to.have.length(1);
      // It is young: what it has is handed out, though another waits.
      collect('minor');
      recorder.drainYoung();
      expect(handedOut).to.deep.equal([['Scavenge', 'Scavenge'], ['Scavenge']]);
    });

    it('lets three wait at most, and then drains no more', () => {
      recorder.start();
      for (let round = 0; round < 6; round += 1) {
        collect('minor', 'minor');
        recorder.drain(false);
      }
      expect([handedOut.length, recorder.waiting]).to.deep.equal([3, 3]);
      expect(handedOut.flat()).to.have.length(6);
      // Only a major collection frees them: then it goes on.
      collect('major');
      expect(recorder.waiting).to.equal(0);
      recorder.drain(false);
      expect(handedOut.at(-1)).to.deep.equal([...Array<string>(6).fill('Scavenge'), 'MarkSweepCompact']);
    });

    it('hands out all the same what it is told to', () => {
      recorder.start();
      for (let round = 0; round < 4; round += 1) {
        collect('minor', 'minor');
        recorder.cut();
      }
      recorder.cut();
      expect([handedOut.map(({ length }) => length), recorder.waiting]).to.deep.equal([[2, 2, 2, 2, 0], 4]);
      recorder.stop();
      recorder.cut();
      expect(platform.running).to.equal(0);
    });

    it('does not wait for those that a major collection has freed', () => {
      recorder.start();
      collect('major');
      recorder.drainYoung();
      expect(recorder.waiting).to.equal(1);
      collectUnseen('minor');
      expect(recorder.waiting).to.equal(1);
      collectUnseen('major');
      expect(recorder.waiting).to.equal(0);
    });

    it('goes on draining where nobody else sees collections, however many wait', () => {
      recorder.start();
      for (let round = 0; round < 10; round += 1) {
        collectUnseen('minor', 'minor');
        recorder.drain(true);
      }
      expect([handedOut.length, recorder.waiting]).to.deep.equal([10, 10]);
    });
  });

  describe('is full', () => {
    it('at 300 records in the one that runs, once it has aged', () => {
      recorder.start();
      for (let gc = 0; gc < 299; gc += 1) collect('minor');
      expect(recorder.isFull).to.equal(false);
      collect('incremental');
      expect(recorder.isFull).to.equal(true);
    });

    it('never by one that is young', () => {
      recorder.start();
      for (let gc = 0; gc < 1_000; gc += 1) collect('incremental');
      expect(recorder.isFull).to.equal(false);
    });

    it('by what waits: each holds one more with each collection', () => {
      recorder.start();
      collect('minor', 'minor');
      recorder.drainYoung();
      let gcs = 0;
      while (!recorder.isFull) {
        collect('minor');
        recorder.drainYoung();
        gcs += 1;
      }
      // 2 when it was left behind.
      expect(gcs).to.equal(298);
      expect(platform.held.records).to.be.within(300, 301);
    });

    it('by all that wait together', () => {
      recorder.start();
      for (let round = 0; round < 3; round += 1) {
        collect('minor', 'minor');
        recorder.drain(false);
      }
      let gcs = 0;
      while (!recorder.isFull) {
        collect('incremental');
        gcs += 1;
      }
      // They hold 2, 4 and 6, and each takes one more; the one that runs is young.
      expect(gcs).to.equal((300 - 12) / 3);
      expect(platform.held.records).to.be.at.least(300);
    });

    it('also where nobody else sees collections', () => {
      recorder.start();
      let rounds = 0;
      while (!recorder.isFull) {
        collectUnseen('minor', 'minor');
        recorder.drain(true);
        rounds += 1;
        expect(rounds).to.be.below(100);
      }
      expect(platform.held.records).to.be.within(300, 350);
    });

    it('and no longer when it is freed', () => {
      recorder.start();
      for (let gc = 0; gc < 300; gc += 1) collect('minor');
      recorder.stop();
      expect([recorder.isFull, recorder.waiting, platform.held.records]).to.deep.equal([true, 1, 300]);
      collect('major');
      expect([recorder.isFull, recorder.waiting, platform.held.records]).to.deep.equal([false, 0, 0]);
    });
  });

  describe('of a turn with very many collections', () => {
    it('still hands out 1,000', () => {
      recorder.start();
      for (let gc = 0; gc < 1_000; gc += 1) collect('minor');
      recorder.drainYoung();
      expect([handedOut[0]?.length, givenUp]).to.deep.equal([1_000, []]);
    });

    it('gives more up unread, says how many there were of each type, and waits for it', () => {
      recorder.start();
      for (let gc = 0; gc < 1_000; gc += 1) collect('minor');
      collect('incremental', 'major');
      platform.failures.stop = new Error('must not be read');
      recorder.drainYoung();
      delete platform.failures.stop;
      expect([handedOut, recorder.waiting, recorder.isRecording]).to.deep.equal([[], 1, true]);
      expect(givenUp.map(seen => [...seen])).to.deep.equal([
        [
          ['minor', 1_000],
          ['incremental', 1],
          ['major', 1],
        ],
      ]);
      expect(recorder.isFull).to.equal(true);
      // What comes then is another's.
      collect('minor');
      recorder.drainYoung();
      expect(handedOut).to.deep.equal([['Scavenge']]);
      expect(givenUp[0]?.get('minor')).to.equal(1_000);
    });
  });

  it('may be stopped by whom it hands records out to', () => {
    recorder = new HeapRecorder({
      clock,
      startRecording: platform.startRecording,
      onRecords: () => {
        recorder.stop();
      },
      onGivenUp: () => {},
    });
    recorder.start();
    collect('minor');
    recorder.drainYoung();
    expect([recorder.isRecording, platform.running]).to.deep.equal([false, 0]);
  });
});
