import { expect } from 'chai';
import type { GcLoad } from '../fixtures/gc-load.js';
import { runGcLoad } from './gc-load-child.js';

const MB = 1_000_000;

/** What a stopped recording holds of each collection is 4 to 7 kB. */
const RECORD_BYTES = 7_000;

const SMALL = ['--max-semi-space-size=1'];

describe('native memory of the profiler', () => {
  describe('after 5,000 collections, at one in a turn at most', () => {
    /** Half a young generation in each turn: never two collections in one. */
    const onePerTurn: GcLoad = { heapEffects: true, turns: 11_000, arraysPerTurn: 62, elements: 1_000 };

    it('has not grown, where no major one comes: each recording is collected by the next', async () => {
      const roomy = [...SMALL, '--initial-heap-size=512'];
      const bare = await runGcLoad({ ...onePerTurn, heapEffects: false }, { nodeArgs: roomy });
      const { result } = await runGcLoad({ ...onePerTurn, subscribesLate: true }, { nodeArgs: roomy });
      expect(result.totals.measuredGcs).to.be.above(5_000);
      expect(result.totals.estimatedGcs).to.equal(0);
      // Held by profilers that are stopped, they would take 20 to 35 MB for each that has aged.
      expect(result.rssGrownBytes - bare.result.rssGrownBytes).to.be.below(15 * MB);
      expect(result.mostHeld * RECORD_BYTES).to.be.below(3 * MB);
    });

    it('has not grown, where one has aged through a major one and no other comes', async () => {
      const { result, paused } = await runGcLoad(onePerTurn, { nodeArgs: SMALL });
      expect(paused.length).to.be.above(5_000);
      expect(result.mostHeld * RECORD_BYTES).to.be.below(3 * MB);
    });
  });

  describe('where recordings age, as a turn has many collections', () => {
    const manyPerTurn: GcLoad = {
      heapEffects: true,
      turns: 150,
      arraysPerTurn: 1_250,
      elements: 1_000,
      idleMillis: 5,
    };

    it('is bounded, and given back by one major collection that is provoked', async () => {
      const { result, paused } = await runGcLoad(
        { ...manyPerTurn, waitForEndMillis: 15_000 },
        { nodeArgs: SMALL },
      );
      expect(paused.length).to.be.above(1_000);
      expect(result.problems.map(problem => problem.slice(0, problem.indexOf(':')))).to.include('gc records');
      expect(result.provoked).to.be.within(1, 2);
      expect(result.states).to.deep.include({ pauses: 'observer', heapEffects: 'resting' });
      // 300, what the turn had that brought it there, and what came until the major one was done.
      expect(result.mostHeld).to.be.within(150, 1_000);
      expect(result.aged).to.be.above(0);
      expect(result.agedCollected).to.equal(result.aged);
    });

    it('is given back, too, by a turn with so many that they are not read', async () => {
      const { result, paused } = await runGcLoad(
        { ...manyPerTurn, turns: 1, arraysPerTurn: 150_000, waitForEndMillis: 15_000 },
        { nodeArgs: SMALL },
      );
      expect(paused.length).to.be.above(1_000);
      expect(result.problems.join()).to.contain('gc turn');
      expect(result.records.length).to.be.below(300);
      expect(result.aged).to.be.above(0);
      expect(result.agedCollected).to.equal(result.aged);
    });

    it('is given back, too, when the last one unsubscribes', async () => {
      const { result } = await runGcLoad(
        { ...manyPerTurn, turns: 5, waitAfterMillis: 15_000 },
        {
          nodeArgs: SMALL,
        },
      );
      expect(result.aged).to.be.above(0);
      expect(result.provoked).to.equal(1);
      expect(result.agedCollected).to.equal(result.aged);
    });
  });
});
