import { expect } from 'chai';
import { FeedbackGuard } from '../../src/gc/feedback-guard.js';
import type { FeedbackVerdict, GcInterval } from '../../src/gc/feedback-guard.js';

const KIB = 1_024;
const TEN_MINUTES = 600_000;
const DAY = 86_400_000;

describe('the guard against feedback of the observer', () => {
  let guard: FeedbackGuard;
  let nowMillis: number;

  beforeEach(() => {
    guard = new FeedbackGuard();
    nowMillis = 0;
  });

  /** Five seconds with so many collections. */
  function judge(perSecond: number, more: Partial<GcInterval> = {}): FeedbackVerdict {
    nowMillis += 5_000;
    const gcs = perSecond * 5;
    return guard.judge(
      { millis: 5_000, gcs, forcedGcs: 0, batches: gcs, allocatedBytes: 0, ...more },
      nowMillis,
    );
  }

  describe('suspects', () => {
    it('from twenty collections a second on', () => {
      expect(judge(19.8)).to.equal('no change');
      expect(judge(20)).to.equal('try without');
    });

    it('at any rate above, as an observer may well cause some hundreds a second', () => {
      expect(judge(10_000)).to.equal('try without');
    });

    it('nobody where allocation explains the collections: 128 KiB each', () => {
      expect(judge(100, { allocatedBytes: 500 * 128 * KIB })).to.equal('no change');
      expect(judge(100, { allocatedBytes: 500 * 128 * KIB - 1 })).to.equal('try without');
    });

    it('somebody where allocation is not known', () => {
      expect(judge(20, { allocatedBytes: undefined })).to.equal('measure');
    });

    it('nobody where there are more than four in a batch: the observer causes one by each of its calls', () => {
      expect(judge(100, { batches: 124 })).to.equal('no change');
      expect(judge(100, { batches: 125 })).to.equal('try without');
    });

    it('nobody for collections that somebody forces', () => {
      expect(judge(100, { forcedGcs: 500 })).to.equal('no change');
      expect(judge(100, { forcedGcs: 401 })).to.equal('no change');
      expect(judge(100, { forcedGcs: 400 })).to.equal('try without');
    });

    for (const millis of [0, -5]) {
      it(`nobody after ${millis} ms`, () => {
        expect(judge(1_000, { millis })).to.equal('no change');
        expect(judge(1_000)).to.equal('try without');
        expect(judge(0, { millis })).to.equal('no change');
        expect(judge(0)).to.equal('guilty');
      });
    }
  });

  it('takes less than twenty collections for no rate: two ticks may lie close together', () => {
    expect(judge(400, { millis: 50, gcs: 19 })).to.equal('no change');
    expect(judge(400, { millis: 50, gcs: 20 })).to.equal('try without');
  });

  describe('has allocation measured for an interval where it is not', () => {
    beforeEach(() => {
      expect(judge(100, { allocatedBytes: undefined })).to.equal('measure');
    });

    it('and tries without the observer if that does not explain the collections', () => {
      expect(judge(80)).to.equal('try without');
      // A quarter of what there was in that interval.
      expect(guard.trialMillis(5_000)).to.equal(3_125);
      expect(judge(20.2)).to.equal('back to the observer');
    });

    it('and finds it guilty if they stop', () => {
      judge(80);
      expect(judge(20)).to.equal('guilty');
    });

    for (const [why, more] of Object.entries({
      'that explains them': { allocatedBytes: 500 * 128 * KIB },
      'they have stopped by themselves': { gcs: 0 },
    })) {
      it(`and leaves the observer alone for ten minutes if ${why}`, () => {
        expect(judge(100, more)).to.equal('enough measured');
        const againMillis = nowMillis + TEN_MINUTES;
        expect(judge(100)).to.equal('no change');
        nowMillis = againMillis - 5_001;
        expect(judge(100)).to.equal('no change');
        nowMillis = againMillis - 5_000;
        expect(judge(100, { allocatedBytes: undefined })).to.equal('measure');
      });
    }
  });

  describe('tries without the observer', () => {
    it('for an interval, or as long as 250 collections take at that rate', () => {
      judge(20);
      expect(guard.trialMillis(5_000)).to.equal(5_000);
      judge(20);
      nowMillis += DAY;
      judge(400);
      expect(guard.trialMillis(5_000)).to.equal(625);
      expect(guard.trialMillis(600)).to.equal(600);
    });

    it('and acquits it if more than a quarter of the collections stay', () => {
      judge(100);
      expect(judge(25.2)).to.equal('back to the observer');
      expect(judge(0)).to.equal('no change');
    });

    it('and finds it guilty if no more than a quarter stay', () => {
      judge(100);
      expect(judge(25)).to.equal('guilty');
    });

    it('does not count forced ones before or without it', () => {
      judge(100, { forcedGcs: 300 });
      // 40 a second were not forced.
      expect(judge(30, { forcedGcs: 100 })).to.equal('guilty');
    });

    it('may be called off', () => {
      judge(100);
      guard.callOff();
      expect(judge(0)).to.equal('no change');
      expect(judge(100)).to.equal('try without');
    });
  });

  describe('leaves it alone once it is acquitted', () => {
    it('for ten minutes, then twenty, up to a day', () => {
      let periodMillis = TEN_MINUTES;
      for (let trial = 0; trial < 10; trial += 1) {
        expect(judge(100)).to.equal('try without');
        expect(judge(100)).to.equal('back to the observer');
        const againMillis = nowMillis + Math.min(periodMillis, DAY);
        nowMillis = againMillis - 5_001;
        expect(judge(100), `after ${periodMillis} ms`).to.equal('no change');
        nowMillis = againMillis - 5_000;
        periodMillis *= 2;
      }
    });
  });

  describe('brings a guilty one back', () => {
    beforeEach(() => {
      judge(100);
      expect(judge(0)).to.equal('guilty');
    });

    it('after ten minutes', () => {
      const backMillis = nowMillis + TEN_MINUTES;
      nowMillis = backMillis - 5_001;
      expect(judge(1)).to.equal('no change');
      nowMillis = backMillis - 5_000;
      expect(judge(1)).to.equal('back to the observer');
      // Nothing has changed: it is found out at once, and stays off for twenty minutes.
      expect(judge(100)).to.equal('try without');
      expect(judge(0)).to.equal('guilty');
      const laterMillis = nowMillis + 2 * TEN_MINUTES;
      nowMillis = laterMillis - 5_001;
      expect(judge(0)).to.equal('no change');
      expect(judge(0)).to.equal('back to the observer');
    });

    it('as soon as the process is alive: twenty collections a second without it', () => {
      expect(judge(19.8)).to.equal('no change');
      expect(judge(20)).to.equal('back to the observer');
      // And leaves it alone for what is left of the ten minutes.
      expect(judge(100)).to.equal('no change');
      nowMillis = 10_000 + TEN_MINUTES - 5_000;
      expect(judge(100)).to.equal('try without');
    });
  });
});
