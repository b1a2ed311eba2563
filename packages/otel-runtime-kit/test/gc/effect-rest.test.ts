import { expect } from 'chai';
import { EffectRest } from '../../src/gc/effect-rest.js';

describe('the rest of the profiler', () => {
  let rest: EffectRest;

  beforeEach(() => {
    rest = new EffectRest();
  });

  it('has not begun by itself', () => {
    rest.endIfOver(0, 0);
    expect(rest.isResting).to.equal(false);
    expect(rest.shallProvokeAgain(1e9, 5)).to.equal(false);
  });

  describe('once it has begun', () => {
    beforeEach(() => {
      rest.begin(1_000);
    });

    it('lasts for ten minutes, and for as long as recordings are waiting', () => {
      const isRestingAfter = (nowMillis: number, waiting: number): boolean => {
        rest.endIfOver(nowMillis, waiting);
        return rest.isResting;
      };
      expect(isRestingAfter(600_999, 0)).to.equal(true);
      expect(isRestingAfter(601_000, 1)).to.equal(true);
      expect(isRestingAfter(601_000, 0)).to.equal(false);
    });

    it('provokes again each minute while recordings are waiting', () => {
      expect(rest.shallProvokeAgain(60_999, 1)).to.equal(false);
      expect(rest.shallProvokeAgain(61_000, 0)).to.equal(false);
      expect(rest.shallProvokeAgain(61_000, 1)).to.equal(true);
      expect(rest.shallProvokeAgain(61_001, 1)).to.equal(false);
      expect(rest.shallProvokeAgain(120_999, 1)).to.equal(false);
      expect(rest.shallProvokeAgain(121_000, 1)).to.equal(true);
    });

    it('provokes again one second after a major collection that has not freed them', () => {
      rest.sawMajor(3_000);
      rest.sawMajor(3_500);
      expect(rest.shallProvokeAgain(3_999, 1)).to.equal(false);
      expect(rest.shallProvokeAgain(4_000, 0)).to.equal(false);
      expect(rest.shallProvokeAgain(4_000, 1)).to.equal(true);
      // From then on a further major one counts.
      expect(rest.shallProvokeAgain(10_000, 1)).to.equal(false);
      rest.sawMajor(10_000);
      expect(rest.shallProvokeAgain(11_000, 1)).to.equal(true);
    });

    it('does not take a major collection for its own that was over before', () => {
      rest.sawMajor(900);
      rest.sawMajor(1_000);
      expect(rest.shallProvokeAgain(60_999, 1)).to.equal(false);
    });

    it('provokes no more when it is over', () => {
      rest.endIfOver(601_000, 0);
      expect(rest.shallProvokeAgain(1e9, 1)).to.equal(false);
    });
  });
});
