import { expect } from 'chai';
import { ALL, GcRig, INTERVAL_MILLIS, NOTHING_GIVEN } from './gc-rig.js';

const TEN_MINUTES = 600_000;

describe('feedback of the observer (nodejs/node#62721)', () => {
  let rig: GcRig;

  beforeEach(() => {
    rig = new GcRig();
  });

  /** An idle process in which each batch of entries causes the next collection, `perSecond` times a second. */
  function feedback(millis: number, perSecond: number): number {
    let gcs = 0;
    const untilMillis = rig.clock.nowMillis() + millis;
    while (rig.clock.nowMillis() < untilMillis) {
      rig.clock.advance(1_000 / perSecond - 1);
      if (rig.platform.observers === 0) continue;
      gcs += 1;
      rig.platform.allocate(2_000);
      rig.platform.turn({ freedBytes: 2_000 });
    }
    return gcs;
  }

  /** What was reported, but for that some collections are estimated. */
  function reports(): string[] {
    return rig.problems.keys.filter(key => key !== 'gc rate');
  }

  /** Collections of a process that does something. */
  function work(millis: number, perSecond: number): number {
    const gcs = (millis / 1_000) * perSecond;
    rig.load({ gcs, perSecond });
    return gcs;
  }

  /** Collections that nothing explains, with the observer or without it. */
  function causeless(millis: number, perSecond: number): number {
    const gcs = (millis / 1_000) * perSecond;
    rig.load({ gcs, perSecond, bytes: 0 });
    return gcs;
  }

  /** Minor collections that were told of: major ones are provoked. */
  function minors(): number {
    return rig.pauses.filter(({ type }) => type === 'minor').length;
  }

  for (const perSecond of [25, 90, 200, 400]) {
    for (const wantsHeapEffects of [true, false]) {
      it(`at ${perSecond} a second, ${wantsHeapEffects ? 'with' : 'without'} heap effects, stops, as the observer goes off`, () => {
        rig.subscribe({ wantsHeapEffects });
        const gcs = feedback(60_000, perSecond);
        expect(gcs).to.be.below(perSecond * 11);
        expect(rig.source.state.pauses).to.equal('profiler');
        expect(reports()).to.deep.equal(['gc feedback']);
        expect(rig.problems.reports.at(-1)).to.contain('nodejs/node#62721');
        expect(rig.platform.observers).to.equal(0);
        // None is lost on the way.
        expect(rig.pauses).to.have.length(gcs);
      });
    }
  }

  it('leaves pauses that the profiler tells: with their type and length, late and never forced', () => {
    rig.subscribe();
    feedback(20_000, 50);
    rig.pauses.length = 0;
    rig.platform.collect({ millis: 3 });
    rig.platform.collect({ type: 'major', millis: 40, forced: true });
    expect(rig.pauses).to.deep.equal([]);
    rig.clock.advance(INTERVAL_MILLIS);
    const told = rig.pauses.map(({ type, seconds, forced }) => ({ type, seconds, forced }));
    expect(told).to.deep.equal([
      { type: 'minor', seconds: 0.003, forced: false },
      { type: 'major', seconds: 0.04, forced: false },
    ]);
    for (const { startMillis, seconds } of rig.pauses) {
      expect(startMillis + seconds * 1_000).to.be.within(
        rig.clock.nowMillis() - INTERVAL_MILLIS,
        rig.clock.nowMillis(),
      );
    }
  });

  it('leaves heap effects and the live heap as they are, if wanted', () => {
    rig.subscribe();
    feedback(20_000, 50);
    const before = rig.source.totals;
    rig.platform.allocate(10_000);
    rig.platform.turn({ freedBytes: 3_000, promotedBytes: 500 });
    rig.platform.turn({ type: 'major', freedBytes: 4_000 });
    rig.platform.allocate(7);
    rig.source.flush();
    const { totals, liveHeap } = rig.source;
    expect(totals.allocatedBytes - before.allocatedBytes).to.equal(10_007);
    expect(totals.promotedBytes - before.promotedBytes).to.equal(500);
    expect(totals.reclaimedBytes.major).to.equal(4_000);
    expect(totals.estimatedGcs).to.equal(before.estimatedGcs);
    expect(liveHeap).to.deep.equal({ usedBytes: 3_000, atMillis: rig.clock.nowMillis(), approximate: false });
  });

  it('records what is needed for pauses alone where nobody wants heap effects', () => {
    const cancel = rig.subscribe({ wantsHeapEffects: false });
    feedback(20_000, 50);
    expect(rig.source.state).to.deep.equal({ pauses: 'profiler', heapEffects: 'off' });
    expect(rig.platform.running).to.equal(1);
    // What was measured for the guard stays; what is recorded for pauses is not added to it.
    const before = rig.source.totals;
    rig.platform.allocate(1_000);
    rig.platform.turn({ freedBytes: 1_000 });
    rig.clock.advance(INTERVAL_MILLIS);
    expect(rig.source.totals).to.deep.equal(before);
    cancel();
    expect(rig.given).to.deep.equal(NOTHING_GIVEN);
  });

  it('holds a bounded number of records while the profiler stands in, however long that is and though no major comes', () => {
    rig.subscribe();
    feedback(20_000, 50);
    expect(rig.source.state.pauses).to.equal('profiler');
    const { provoked } = rig.platform;
    let most = 0;
    let gcs = 0;
    rig.pauses.length = 0;
    for (let second = 0; second < 500; second += 1) {
      gcs += work(1_000, 10);
      most = Math.max(most, rig.platform.held.records);
    }
    rig.source.flush();
    expect(rig.source.state.pauses).to.equal('profiler');
    expect(minors()).to.equal(gcs);
    // 5,000 collections; and up to a minute goes by before one more major collection is provoked.
    expect(most).to.be.below(5_000);
    expect(rig.platform.provoked - provoked).to.be.within(5, 15);
  });

  it('brings the observer back when the process is alive again, and loses no pause', () => {
    rig.subscribe();
    feedback(20_000, 50);
    rig.pauses.length = 0;
    const gcs = work(20_000, 30);
    expect(rig.source.state.pauses).to.equal('observer');
    rig.platform.deliver();
    expect(minors()).to.equal(gcs);
  });

  it('does not tell again of what the profiler has told, though the observer that is back is told of it late', () => {
    rig.subscribe();
    feedback(20_000, 50);
    const toldMillis = rig.clock.nowMillis();
    work(20_000, 30);
    expect(rig.source.state.pauses).to.equal('observer');
    rig.pauses.length = 0;
    const entryAt = (startTime: number) => ({ startTime, duration: 1, detail: { kind: 1, flags: 0 } });
    rig.platform.tell([entryAt(toldMillis), entryAt(rig.clock.nowMillis())]);
    expect(rig.pauses.map(({ startMillis }) => startMillis)).to.deep.equal([rig.clock.nowMillis()]);
  });

  it('brings it back after ten minutes, finds it guilty again, and says nothing more', () => {
    rig.subscribe();
    feedback(20_000, 50);
    feedback(TEN_MINUTES - 21_000, 50);
    expect(rig.source.state.pauses).to.equal('profiler');
    const gcs = feedback(60_000, 50);
    expect(gcs).to.be.within(100, 1_000);
    expect(rig.source.state.pauses).to.equal('profiler');
    // The log says each key once.
    expect(new Set(reports())).to.deep.equal(new Set(['gc feedback']));
  });

  it('is looked for anew when all have unsubscribed and somebody subscribes', () => {
    const cancel = rig.subscribe();
    feedback(20_000, 50);
    cancel();
    expect(rig.given).to.deep.equal(NOTHING_GIVEN);
    rig.subscribe();
    expect(rig.source.state.pauses).to.equal('observer');
    feedback(20_000, 50);
    expect(rig.source.state.pauses).to.equal('profiler');
  });

  describe('where nobody wants heap effects', () => {
    beforeEach(() => {
      rig.subscribe({ wantsHeapEffects: false });
    });

    it('is not suspected of ordinary work: that is measured for an interval, and no longer', () => {
      const gcs = work(INTERVAL_MILLIS + 500, 40);
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'measuring' });
      expect(rig.platform.running).to.equal(1);
      const more = work(60_000, 40);
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'off' });
      expect([rig.platform.observed, rig.platform.running]).to.deep.equal([1, 0]);
      expect(minors()).to.equal(gcs + more);
      // No more than stand for the rest: what is saved up, and 4 a second.
      expect(rig.source.totals.measuredGcs).to.be.within(100, 125);
    });

    it('does not begin to measure for the next one who subscribes', () => {
      rig = new GcRig();
      const end = rig.subscribe({ wantsHeapEffects: false });
      work(INTERVAL_MILLIS + 500, 40);
      expect(rig.source.state.heapEffects).to.equal('measuring');
      end();
      expect(rig.given).to.deep.equal(NOTHING_GIVEN);
      rig.subscribe({ wantsHeapEffects: false });
      expect(rig.source.state.heapEffects).to.equal('off');
    });
  });

  describe('that there is not', () => {
    it('tries without the observer for an interval, and brings it back: every pause is told once', () => {
      rig.subscribe({ wantsHeapEffects: false });
      const gcs = causeless(60_000, 50);
      expect(rig.source.state.pauses).to.equal('observer');
      expect(rig.platform.observed).to.equal(2);
      expect(minors()).to.equal(gcs);
      expect(reports()).to.deep.equal([]);
      // What the profiler leaves behind is not left to chance.
      expect(rig.platform.provoked).to.equal(1);
    });

    it('tells nothing twice that the profiler still held when the trial began', () => {
      rig = new GcRig({}, ALL);
      rig.subscribe();
      rig.load({ gcs: 110, perSecond: 25, bytes: 0 });
      const several = (): void => {
        rig.clock.advance(20);
        for (let gc = 0; gc < 3; gc += 1) rig.platform.collect();
        rig.platform.turn();
      };
      // What ages is left for the next tick while something aged waits.
      while (rig.clock.nowMillis() < 1_000 + INTERVAL_MILLIS) several();
      expect(rig.source.state.heapEffects).to.equal('measuring');
      several();
      several();
      expect(rig.source.state.pauses).to.equal('profiler');
      rig.load({ gcs: 200, perSecond: 25, bytes: 0 });
      rig.platform.deliver();
      rig.source.flush();
      expect(rig.source.state.pauses).to.equal('observer');
      expect(rig.pauses).to.have.length(rig.platform.collections);
    });

    describe('counts', () => {
      /** 124 in one interval, and then nothing but one, a while later, with which the trial begins. */
      function beginTrialLate(): void {
        rig.subscribe();
        rig.load({ gcs: 124, perSecond: 25, bytes: 0 });
        rig.clock.advance(3_000);
        rig.platform.turn();
        expect(rig.source.state.pauses).to.equal('profiler');
      }

      for (const [gcs, becomes] of [
        [31, 'profiler'],
        [32, 'observer'],
      ] as const) {
        it(`from the beginning of the trial: ${gcs} in its five seconds leave the ${becomes}`, () => {
          beginTrialLate();
          rig.load({ gcs, perSecond: 10, bytes: 0 });
          rig.clock.advance(INTERVAL_MILLIS - gcs * 100);
          expect(rig.source.state.pauses).to.equal(becomes);
          expect(reports()).to.deep.equal(becomes === 'profiler' ? ['gc feedback'] : []);
        });
      }
    });

    it('tells of pauses at each tick of the trial', () => {
      rig.subscribe();
      causeless(INTERVAL_MILLIS + 100, 40);
      expect(rig.source.state.pauses).to.equal('profiler');
      const cancel = rig.subscribe({ intervalMillis: 500, onPause: () => {} });
      rig.pauses.length = 0;
      causeless(1_000, 40);
      expect(minors()).to.be.within(15, 41);
      cancel();
    });

    it('does not try for collections that somebody forces', () => {
      rig.subscribe();
      const force = (gcs: number): void => {
        for (let gc = 0; gc < gcs; gc += 1) {
          rig.clock.advance(19);
          rig.platform.turn({ forced: true });
        }
      };
      force(1_000);
      expect(rig.platform.observed).to.equal(1);
      // But for others, though some are forced meanwhile: 33 a second, half as many forced.
      for (let gc = 0; gc < 400; gc += 1) {
        rig.load({ gcs: 2, perSecond: 50, bytes: 0 });
        force(1);
      }
      expect(rig.platform.observed).to.equal(2);
    });

    it('takes the allocation of each interval by itself: what was allocated earlier explains nothing', () => {
      rig.subscribe();
      work(20_000, 50);
      expect(rig.source.state.pauses).to.equal('observer');
      feedback(20_000, 50);
      expect(rig.source.state.pauses).to.equal('profiler');
    });

    it('begins anew after the last one has unsubscribed during a trial', () => {
      const cancel = rig.subscribe();
      causeless(INTERVAL_MILLIS + 100, 50);
      expect(rig.source.state.pauses).to.equal('profiler');
      cancel();
      rig.clock.advance(2 * INTERVAL_MILLIS);
      rig.subscribe();
      feedback(20_000, 40);
      expect(rig.source.state.pauses).to.equal('profiler');
      expect(reports()).to.deep.equal(['gc feedback']);
    });

    it('tries no longer than 250 collections take, at a high rate', () => {
      rig.subscribe();
      causeless(INTERVAL_MILLIS, 500);
      let most = 0;
      for (let gc = 0; gc < 2_000; gc += 1) {
        causeless(2, 500);
        most = Math.max(most, rig.platform.held.records);
      }
      expect(most).to.be.within(200, 300);
      expect(rig.source.state.pauses).to.equal('observer');
      expect(minors()).to.equal(4_500);
    });

    it('does not try at all where allocation explains the collections', () => {
      rig.subscribe();
      work(60_000, 90);
      expect([rig.platform.observed, rig.pauses.length]).to.deep.equal([1, 5_400]);
    });

    it('nor where memory outside of the heap does: Buffers', () => {
      rig.subscribe();
      for (let gc = 0; gc < 2_400; gc += 1) {
        rig.clock.advance(24);
        rig.platform.externalBytes += 2_000_000;
        rig.platform.turn();
      }
      expect([rig.platform.observed, rig.pauses.length]).to.deep.equal([1, 2_400]);
    });

    it('nor for a few in a short time', () => {
      rig.subscribe({ intervalMillis: 100 });
      for (let burst = 0; burst < 50; burst += 1) {
        for (let gc = 0; gc < 10; gc += 1) rig.platform.turn();
        rig.clock.advance(990);
      }
      expect([rig.platform.observed, rig.pauses.length]).to.deep.equal([1, 500]);
    });

    it('nor while only some of such collections are measured', () => {
      rig.subscribe();
      const gcs = work(120_000, 200);
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'sampling' });
      expect([rig.platform.observed, rig.pauses.length]).to.deep.equal([1, gcs]);
    });

    it('does not try where collections have stopped before it could', () => {
      rig.subscribe();
      const start = rig.clock.nowMillis();
      while (rig.clock.nowMillis() < start + INTERVAL_MILLIS - 20)
        rig.load({ gcs: 1, perSecond: 50, bytes: 0 });
      rig.clock.advance(3 * INTERVAL_MILLIS);
      rig.platform.turn();
      expect(rig.source.state.pauses).to.equal('observer');
      expect([rig.platform.observed, reports()]).to.deep.equal([1, []]);
    });

    it('ends a trial when the last one unsubscribes', () => {
      const cancel = rig.subscribe();
      causeless(INTERVAL_MILLIS + 100, 50);
      expect(rig.source.state.pauses).to.equal('profiler');
      cancel();
      expect(rig.given).to.deep.equal(NOTHING_GIVEN);
    });

    it('goes on with a trial when others come and go', () => {
      rig.subscribe();
      causeless(INTERVAL_MILLIS + 100, 50);
      const cancel = rig.subscribe({ intervalMillis: 1_000, onPause: () => {} });
      causeless(1_000, 50);
      cancel();
      causeless(1_000, 50);
      expect(rig.source.state.pauses).to.equal('profiler');
      causeless(10_000, 50);
      expect(rig.source.state.pauses).to.equal('observer');
      expect(minors()).to.equal(17_100 / 20);
    });

    it('stops recording for one that unsubscribes from within a pause that the profiler tells', () => {
      let goes = false;
      const cancel = rig.subscribe({
        onPause: () => {
          if (goes) cancel();
        },
      });
      causeless(INTERVAL_MILLIS + 100, 50);
      expect(rig.source.state.pauses).to.equal('profiler');
      goes = true;
      causeless(INTERVAL_MILLIS, 50);
      expect(rig.given).to.deep.equal(NOTHING_GIVEN);
    });
  });
});
