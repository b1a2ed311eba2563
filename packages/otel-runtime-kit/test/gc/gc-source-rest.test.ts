import { expect } from 'chai';
import { GcRig, INTERVAL_MILLIS, NOTHING_GIVEN } from './gc-rig.js';

const MINUTE = 60_000;

describe('the source of collections, when the profiler would cost too much', () => {
  let rig: GcRig;

  beforeEach(() => {
    rig = new GcRig();
  });

  describe('as collections come too fast', () => {
    it('rests for a minute, says so once, and tells of every pause meanwhile', () => {
      rig.subscribe();
      rig.load({ gcs: 1_200, perSecond: 200 });
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'resting' });
      expect(rig.problems.keys).to.deep.equal(['gc rate']);
      expect(rig.problems.reports[0]).to.contain('200 collections a second');
      expect(rig.platform.running).to.equal(0);
      rig.load({ gcs: 9_000, perSecond: 200 });
      expect(rig.source.state.heapEffects).to.equal('resting');
      rig.load({ gcs: 2_000, perSecond: 200 });
      expect(rig.pauses).to.have.length(12_200);
    });

    it('is not tried without the observer for what has not been measured since it rests', () => {
      rig.subscribe();
      // Memory outside of the heap explains them, and nobody knows of that while the profiler rests.
      for (let gc = 0; gc < 5_000; gc += 1) {
        rig.platform.externalBytes += 2_000_000;
        rig.load({ gcs: 1, perSecond: 200, bytes: 100 });
      }
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'resting' });
      expect(rig.platform.observed).to.equal(1);
    });

    it('estimates with what it has measured', () => {
      rig.subscribe();
      rig.load({ gcs: 1_200, perSecond: 200 });
      const { measuredGcs, estimatedGcs, allocatedBytes } = rig.source.totals;
      expect(measuredGcs + estimatedGcs).to.equal(1_200);
      expect(measuredGcs).to.be.within(999, 1_001);
      expect(allocatedBytes).to.equal(1_200_000_000);
      expect(rig.source.totals.reclaimedBytes.minor).to.equal(1_200_000_000);
    });

    it('measures again after the minute', () => {
      rig.subscribe();
      rig.load({ gcs: 1_001, perSecond: 200 });
      expect(rig.source.state.heapEffects).to.equal('resting');
      rig.clock.advance(MINUTE);
      expect(rig.source.state.heapEffects).to.equal('measuring');
      const before = rig.source.totals;
      rig.load({ gcs: 10, perSecond: 10, bytes: 77 });
      expect(rig.source.totals.allocatedBytes - before.allocatedBytes).to.equal(770);
      expect(rig.source.totals.measuredGcs - before.measuredGcs).to.equal(10);
      expect(rig.source.totals.estimatedGcs).to.equal(before.estimatedGcs);
    });

    it('estimates each collection of the rest that it is told of after it', () => {
      rig.subscribe();
      rig.load({ gcs: 1_001, perSecond: 200 });
      const before = rig.source.totals;
      rig.clock.advance(MINUTE - 1_000);
      rig.platform.allocate(1_000_000);
      rig.platform.collect({ freedBytes: 1_000_000 });
      rig.clock.advance(INTERVAL_MILLIS);
      expect(rig.source.state.heapEffects).to.equal('measuring');
      rig.platform.deliver();
      expect(rig.source.totals.estimatedGcs - before.estimatedGcs).to.equal(1);
      expect(rig.source.totals.allocatedBytes - before.allocatedBytes).to.equal(1_000_000);
    });

    it('takes into account what was recorded before, though told of after it began', () => {
      rig.subscribe();
      rig.load({ gcs: 998, perSecond: 200 });
      rig.platform.allocate(10);
      for (let gc = 0; gc < 10; gc += 1) rig.platform.collect();
      rig.clock.advance(20);
      expect(rig.source.state.heapEffects).to.equal('resting');
      rig.platform.deliver();
      expect(rig.source.totals).to.include({ measuredGcs: 1_008, estimatedGcs: 0 });
      rig.platform.turn();
      expect(rig.source.totals).to.include({ measuredGcs: 1_008, estimatedGcs: 1 });
    });

    it('gives all back when it is left', () => {
      const cancel = rig.subscribe();
      rig.load({ gcs: 1_001, perSecond: 200 });
      cancel();
      expect(rig.given).to.deep.equal(NOTHING_GIVEN);
    });
  });

  describe('as aged recordings hold too much', () => {
    /** Two collections in each turn: every recording ages. */
    function age(turns: number): void {
      for (let turn = 0; turn < turns; turn += 1) {
        rig.clock.advance(199);
        rig.platform.allocate(1_000_000);
        rig.platform.collect({ freedBytes: 500_000 });
        rig.platform.allocate(500_000);
        rig.platform.turn({ freedBytes: 1_000_000 });
      }
    }

    it('rests at some 300 records, says so, and provokes one major collection, which frees them', () => {
      rig.subscribe();
      let turns = 0;
      while (rig.source.state.heapEffects === 'measuring') {
        age(1);
        turns += 1;
        expect(rig.platform.held.records).to.be.below(310);
      }
      expect(turns).to.be.within(30, 150);
      expect(rig.problems.keys).to.deep.equal(['gc records']);
      expect(rig.platform.provoked).to.equal(1);
      rig.platform.deliver();
      expect(rig.platform.held).to.deep.equal({ recordings: 0, records: 0 });
      expect(rig.source.state.pauses).to.equal('observer');
    });

    it('measures again after ten minutes', () => {
      rig.subscribe();
      age(150);
      const atMillis = rig.clock.nowMillis();
      expect(rig.source.state.heapEffects).to.equal('resting');
      while (rig.source.state.heapEffects === 'resting') rig.clock.advance(INTERVAL_MILLIS);
      // It had begun within these 150 turns.
      expect(rig.clock.nowMillis() - atMillis).to.be.within(565_000, 605_000);
      const { estimatedGcs, measuredGcs } = rig.source.totals;
      age(1);
      expect(rig.source.totals).to.include({ estimatedGcs, measuredGcs: measuredGcs + 2 });
    });

    it('provokes again where that has freed nothing, and does not measure before it has', () => {
      rig.subscribe();
      rig.platform.obeys = false;
      age(150);
      expect(rig.platform.provoked).to.equal(1);
      rig.clock.advance(MINUTE);
      expect(rig.platform.provoked).to.equal(2);
      rig.clock.advance(10 * MINUTE);
      expect(rig.platform.provoked).to.equal(12);
      expect(rig.source.state.heapEffects).to.equal('resting');
      rig.platform.obeys = true;
      rig.clock.advance(MINUTE);
      rig.platform.deliver();
      rig.clock.advance(INTERVAL_MILLIS);
      expect(rig.platform.held.recordings).to.equal(1);
      expect(rig.source.state.heapEffects).to.equal('measuring');
    });

    it('provokes again soon after a major collection that has freed nothing: it was under way already', () => {
      rig.subscribe();
      rig.platform.obeys = false;
      rig.platform.frees = false;
      age(150);
      expect(rig.platform.provoked).to.equal(1);
      rig.clock.advance(10_000);
      expect(rig.platform.provoked).to.equal(1);
      rig.platform.turn({ type: 'major' });
      rig.clock.advance(2 * INTERVAL_MILLIS);
      expect(rig.platform.provoked).to.equal(2);
      rig.clock.advance(10_000);
      expect(rig.platform.provoked).to.equal(2);
    });

    it('does not count collections as records while it rests for another reason', () => {
      rig.subscribe();
      rig.load({ gcs: 5_000, perSecond: 200 });
      expect(rig.source.state.heapEffects).to.equal('resting');
      expect(rig.problems.keys).to.deep.equal(['gc rate']);
      expect(rig.platform.provoked).to.equal(0);
    });

    it('counts each collection once, measured or estimated', () => {
      rig.subscribe();
      age(1_000);
      rig.platform.deliver();
      const { measuredGcs, estimatedGcs, allocatedBytes } = rig.source.totals;
      // Two a turn, and two for each major one that was provoked.
      const gcs = 2_000 + 2 * rig.platform.provoked;
      expect(rig.pauses).to.have.length(gcs);
      expect(measuredGcs + estimatedGcs).to.equal(gcs);
      expect(estimatedGcs).to.be.above(1_000);
      expect(allocatedBytes).to.be.within(0.97 * 1_500_000_000, 1.03 * 1_500_000_000);
    });
  });

  describe('as one turn had more collections than are worth reading', () => {
    it('estimates them, says so, and goes on measuring', () => {
      rig.subscribe();
      rig.load({ gcs: 10, perSecond: 10, bytes: 100 });
      for (let gc = 0; gc < 1_100; gc += 1) {
        rig.platform.allocate(100);
        rig.platform.collect({ freedBytes: 100 });
      }
      rig.clock.advance(1);
      rig.platform.deliver();
      // It has provoked a major one.
      rig.platform.deliver();
      expect(rig.pauses).to.have.length(1_110 + 2);
      const { measuredGcs, estimatedGcs, allocatedBytes } = rig.source.totals;
      expect([measuredGcs, estimatedGcs, allocatedBytes]).to.deep.equal([10, 1_102, 111_000]);
      expect(rig.problems.keys).to.deep.equal(['gc turn', 'gc records']);
    });

    it('counts on from the heap as it is after them', () => {
      rig.subscribe();
      rig.load({ gcs: 10, perSecond: 10, bytes: 1_000 });
      for (let gc = 0; gc < 1_010; gc += 1) {
        rig.platform.allocate(1_000);
        // The last one frees nothing; it all stays.
        rig.platform.collect({ freedBytes: gc < 500 ? 1_000 : 0 });
      }
      rig.clock.advance(1);
      rig.platform.obeys = false;
      rig.platform.deliver();
      expect(rig.source.totals.allocatedBytes).to.equal(1_020_000);
      // Free the records, so that it measures again.
      rig.platform.turn({ type: 'major' });
      rig.clock.advance(11 * MINUTE);
      expect(rig.source.state.heapEffects).to.equal('measuring');
      const { allocatedBytes } = rig.source.totals;
      rig.load({ gcs: 1, perSecond: 10, bytes: 123 });
      expect(rig.source.totals.allocatedBytes - allocatedBytes).to.equal(123);
    });
  });
});
