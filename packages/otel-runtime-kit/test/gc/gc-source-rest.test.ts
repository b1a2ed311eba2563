import { expect } from 'chai';
import { ALL, GcRig, INTERVAL_MILLIS, NOTHING_GIVEN } from './gc-rig.js';

const MINUTE = 60_000;

describe('the source of collections, when the profiler would cost too much', () => {
  let rig: GcRig;

  beforeEach(() => {
    rig = new GcRig();
  });

  describe('as collections come fast', () => {
    it('measures 4 a second, says so once, and tells of every pause', () => {
      rig.subscribe();
      rig.load({ gcs: 12_000, perSecond: 200 });
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'sampling' });
      expect(rig.problems.keys).to.deep.equal(['gc rate']);
      expect(rig.pauses).to.have.length(12_000);
      const { measuredGcs, estimatedGcs } = rig.source.totals;
      expect(measuredGcs + estimatedGcs).to.equal(12_000);
      // What was saved up, and one minute of 4 a second, in portions of 20.
      expect(measuredGcs).to.be.within(300, 360);
    });

    it('measures all of them again when they come more slowly', () => {
      rig.subscribe();
      rig.load({ gcs: 1_000, perSecond: 200 });
      expect(rig.source.state.heapEffects).to.equal('sampling');
      rig.load({ gcs: 450, perSecond: 3 });
      expect(rig.source.state.heapEffects).to.equal('measuring');
      const before = rig.source.totals;
      rig.load({ gcs: 100, perSecond: 3, bytes: 77 });
      expect(rig.source.totals.allocatedBytes - before.allocatedBytes).to.equal(7_700);
      expect(rig.source.totals.measuredGcs - before.measuredGcs).to.equal(100);
      expect(rig.source.totals.estimatedGcs).to.equal(before.estimatedGcs);
    });

    it('measures all of 4 a second, and of a burst of 100', () => {
      rig.subscribe();
      rig.load({ gcs: 100, perSecond: 200 });
      rig.clock.advance(25_000);
      rig.load({ gcs: 400, perSecond: 4 });
      expect(rig.source.totals).to.include({ measuredGcs: 500, estimatedGcs: 0 });
    });

    it('estimates what is steady exactly', () => {
      rig.subscribe();
      rig.load({ gcs: 1_200, perSecond: 200 });
      const { allocatedBytes, reclaimedBytes } = rig.source.totals;
      expect(allocatedBytes).to.equal(1_200_000_000);
      expect(reclaimedBytes.minor).to.equal(1_200_000_000);
    });

    it('follows what changes', () => {
      rig.subscribe();
      rig.load({ gcs: 3_000, perSecond: 50 });
      const before = rig.source.totals;
      rig.load({ gcs: 3_000, perSecond: 50, bytes: 3_000_000 });
      const allocatedBytes = rig.source.totals.allocatedBytes - before.allocatedBytes;
      // A portion of 20 comes every 5 s; until the first of them, the old mean holds.
      expect(allocatedBytes / 9_000_000_000).to.be.within(0.92, 1);
    });

    for (const periodMillis of [5_000, 10_000]) {
      it(`is not misled by what is done every ${periodMillis / 1_000} s, as often as there are ticks`, () => {
        for (const phaseMillis of [0, 1_000, 2_500, 4_000]) {
          rig = new GcRig();
          rig.subscribe();
          let promotedBytes = 0;
          for (let gc = 0; gc < 12_000; gc += 1) {
            rig.clock.advance(49);
            const isMuch = (rig.clock.nowMillis() + phaseMillis) % periodMillis < 1_000;
            const bytes = isMuch ? 500_000 : 10_000;
            promotedBytes += bytes;
            rig.platform.allocate(1_000_000);
            rig.platform.turn({ freedBytes: 1_000_000, promotedBytes: bytes });
          }
          expect(rig.source.totals.promotedBytes / promotedBytes).to.be.within(0.5, 1.6);
        }
      });
    }

    it('begins right after a collection, and so measures the next one whole', () => {
      rig.subscribe();
      rig.load({ gcs: 200, perSecond: 20, bytes: 5_000 });
      let { measuredGcs } = rig.source.totals;
      for (let gc = 0; gc < 200; gc += 1) {
        rig.load({ gcs: 1, perSecond: 20, bytes: 5_000 });
        const { totals } = rig.source;
        if (totals.measuredGcs > measuredGcs) expect(totals.allocatedBytes % 5_000).to.equal(0);
        ({ measuredGcs } = totals);
      }
      expect(measuredGcs).to.be.above(80);
    });

    it('records nothing while the budget is spent', () => {
      rig.subscribe();
      rig.load({ gcs: 120, perSecond: 200 });
      expect(rig.platform.running).to.equal(0);
      expect(rig.platform.held).to.deep.equal({ recordings: 0, records: 0 });
    });

    it('measures again after quiet, too', () => {
      rig.subscribe();
      rig.load({ gcs: 120, perSecond: 200 });
      rig.clock.advance(MINUTE);
      expect(rig.source.state.heapEffects).to.equal('measuring');
      expect(rig.platform.running).to.equal(1);
      rig.platform.allocate(123);
      rig.source.flush();
      expect(rig.source.totals.allocatedBytes).to.equal(120_000_123);
    });

    it('is not tried without the observer for what is explained by memory outside of the heap', () => {
      rig.subscribe();
      for (let gc = 0; gc < 5_000; gc += 1) {
        rig.platform.externalBytes += 2_000_000;
        rig.load({ gcs: 1, perSecond: 200, bytes: 100 });
      }
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'sampling' });
      expect(rig.platform.observed).to.equal(1);
    });

    it('estimates each collection of a pause that it is told of after it', () => {
      rig.subscribe();
      rig.load({ gcs: 120, perSecond: 200 });
      const before = rig.source.totals;
      rig.platform.allocate(1_000_000);
      rig.platform.collect({ freedBytes: 1_000_000 });
      // The pause ends at a tick that has not been told of it.
      rig.clock.advance(MINUTE);
      expect(rig.source.state.heapEffects).to.equal('measuring');
      rig.platform.deliver();
      expect(rig.source.totals.estimatedGcs - before.estimatedGcs).to.equal(1);
      expect(rig.source.totals.allocatedBytes - before.allocatedBytes).to.equal(1_000_000);
    });

    it('takes into account what was recorded before the pause, though told of after it began', () => {
      rig.subscribe();
      rig.load({ gcs: 99, perSecond: 200 });
      rig.platform.allocate(10);
      for (let gc = 0; gc < 10; gc += 1) rig.platform.collect();
      rig.platform.deliver();
      expect(rig.source.totals).to.include({ measuredGcs: 109, estimatedGcs: 0 });
      rig.platform.turn();
      expect(rig.source.totals).to.include({ measuredGcs: 109, estimatedGcs: 1 });
    });

    it('knows the live heap roughly where a major one is not measured, and says so', () => {
      rig.subscribe();
      rig.load({ gcs: 120, perSecond: 200 });
      rig.platform.turn({ type: 'major' });
      expect(rig.source.liveHeap).to.include({ approximate: true });
    });

    it('gives all back when it is left', () => {
      const cancel = rig.subscribe();
      rig.load({ gcs: 120, perSecond: 200 });
      cancel();
      expect(rig.given).to.deep.equal(NOTHING_GIVEN);
    });
  });

  describe('as aged recordings hold too much', () => {
    beforeEach(() => {
      rig = new GcRig({}, ALL);
    });

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

    it('rests for it in the end, too, where 4 a second are measured', () => {
      rig = new GcRig();
      rig.subscribe();
      let turns = 0;
      while (rig.source.state.heapEffects !== 'resting') {
        age(1);
        turns += 1;
        expect(rig.platform.held.records).to.be.below(310);
      }
      expect(turns).to.be.within(30, 300);
      rig.platform.deliver();
      expect(rig.platform.held).to.deep.equal({ recordings: 0, records: 0 });
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
    beforeEach(() => {
      rig = new GcRig({}, ALL);
    });

    it('estimates them, and says so', () => {
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
