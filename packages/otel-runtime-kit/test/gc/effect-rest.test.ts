import { expect } from 'chai';
import { EffectRest } from '../../src/gc/effect-rest.js';

describe('the rest of the profiler', () => {
  let rest: EffectRest;

  beforeEach(() => {
    rest = new EffectRest();
  });

  it('is over before it ever began', () => {
    expect(rest.reason).to.equal(undefined);
    expect(rest.isOver(0, 0)).to.equal(true);
    expect(rest.shallProvokeAgain(1e9, 5)).to.equal(false);
  });

  describe('for too high a rate', () => {
    it('begins above 50 collections a second', () => {
      expect(rest.isTooFast(250, 5_000, 0)).to.equal(false);
      expect(rest.reason).to.equal(undefined);
      expect(rest.isTooFast(251, 5_000, 0)).to.equal(true);
      expect(rest.reason).to.equal('rate');
    });

    it('takes no few collections between two ticks that lie close together for a rate', () => {
      expect(rest.isTooFast(49, 1, 0)).to.equal(false);
      expect(rest.isTooFast(50, 1, 0)).to.equal(true);
    });

    for (const elapsedMillis of [0, -1]) {
      it(`knows no rate over ${elapsedMillis} ms`, () => {
        expect(rest.isTooFast(1_000_000, elapsedMillis, 0)).to.equal(false);
      });
    }

    it('lasts for a minute', () => {
      rest.isTooFast(501, 5_000, 1_000);
      expect(rest.isOver(60_999, 0)).to.equal(false);
      expect(rest.reason).to.equal('rate');
      expect(rest.isOver(61_000, 0)).to.equal(true);
      expect(rest.reason).to.equal(undefined);
    });

    it('lasts longer where recordings are still waiting, but provokes nothing', () => {
      rest.isTooFast(501, 5_000, 0);
      expect(rest.isOver(100_000, 1)).to.equal(false);
      expect(rest.shallProvokeAgain(100_000, 1)).to.equal(false);
      expect(rest.isOver(100_000, 0)).to.equal(true);
    });
  });

  describe('for memory', () => {
    beforeEach(() => {
      rest.beginForMemory(1_000);
    });

    it('lasts for ten minutes, and for as long as recordings are waiting', () => {
      expect(rest.reason).to.equal('memory');
      expect(rest.isOver(600_999, 0)).to.equal(false);
      expect(rest.isOver(601_000, 1)).to.equal(false);
      expect(rest.reason).to.equal('memory');
      expect(rest.isOver(601_000, 0)).to.equal(true);
      expect(rest.reason).to.equal(undefined);
    });

    it('takes the place of one for the rate', () => {
      rest = new EffectRest();
      rest.isTooFast(501, 5_000, 0);
      rest.beginForMemory(30_000);
      expect(rest.isOver(61_000, 0)).to.equal(false);
      expect(rest.isOver(630_000, 0)).to.equal(true);
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
      rest.isOver(601_000, 0);
      expect(rest.shallProvokeAgain(1e9, 1)).to.equal(false);
    });
  });
});
