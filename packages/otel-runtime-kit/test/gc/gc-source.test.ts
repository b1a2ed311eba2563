import { expect } from 'chai';
import type { GcPause } from '../../src/gc/gc-pause.js';
import type { GcSubscriber } from '../../src/gc/gc-source-types.js';
import { GcRig, INTERVAL_MILLIS, NOTHING_GIVEN } from './gc-rig.js';

const ALL_GIVEN = { observers: 1, running: 1, timers: 1, tasks: 1 };

describe('the source of collections', () => {
  let rig: GcRig;

  beforeEach(() => {
    rig = new GcRig();
  });

  it('takes nothing of the runtime before somebody subscribes', () => {
    expect(rig.given).to.deep.equal(NOTHING_GIVEN);
    expect(rig.source.state).to.deep.equal({ pauses: 'off', heapEffects: 'off' });
    expect(rig.source.liveHeap).to.equal(undefined);
    expect(rig.source.measuresHeapEffects).to.equal(true);
    rig.source.flush();
    expect(rig.readings.costs.size).to.equal(0);
  });

  it('tells a subscriber of every collection, in order, as the observer has it', () => {
    rig.subscribe();
    expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'measuring' });
    rig.platform.collect({ millis: 2 });
    rig.clock.advance(10);
    rig.platform.collect({ type: 'incremental', millis: 0.25 });
    rig.platform.collect({ type: 'major', millis: 8, forced: true });
    rig.platform.collect({ type: 'weakcb' });
    expect(rig.pauses).to.deep.equal([]);
    rig.platform.deliver();
    expect(rig.pauses).to.deep.equal([
      { type: 'minor', startMillis: 1_000, seconds: 0.002, forced: false },
      { type: 'incremental', startMillis: 1_010, seconds: 0.00025, forced: false },
      { type: 'major', startMillis: 1_010, seconds: 0.008, forced: true },
      { type: 'weakcb', startMillis: 1_010, seconds: 0.001, forced: false },
    ]);
  });

  describe('with several subscribers', () => {
    it('tells each of every collection, over one observer, one recording and one timer', () => {
      const told: string[] = [];
      const tell = (name: string) => (): void => void told.push(name);
      rig.subscribe({ onPause: tell('a') });
      rig.subscribe({ onPause: tell('b'), wantsHeapEffects: false });
      rig.source.subscribe({ intervalMillis: INTERVAL_MILLIS, wantsHeapEffects: false });
      rig.platform.turn();
      expect(told).to.deep.equal(['a', 'b']);
      expect(rig.given).to.deep.equal(ALL_GIVEN);
      expect(rig.platform.observed).to.equal(1);
    });

    it('tells the same one twice that subscribed twice, and once when one of the two is ended', () => {
      const pauses: GcPause[] = [];
      const subscriber: GcSubscriber = {
        intervalMillis: INTERVAL_MILLIS,
        wantsHeapEffects: true,
        onPause: pause => pauses.push(pause),
      };
      const [first, second] = [rig.source.subscribe(subscriber), rig.source.subscribe(subscriber)];
      rig.platform.turn();
      expect(pauses).to.have.length(2);
      first();
      first();
      rig.platform.turn();
      expect(pauses).to.have.length(3);
      expect(rig.given).to.deep.equal(ALL_GIVEN);
      second();
      expect(rig.given).to.deep.equal(NOTHING_GIVEN);
    });

    it('calls a subscriber that is an object of a class as its own', () => {
      class Counter implements GcSubscriber {
        readonly intervalMillis = INTERVAL_MILLIS;
        #pauses = 0;
        readonly wantsHeapEffects = true;
        get pauses(): number {
          return this.#pauses;
        }
        onPause(): void {
          this.#pauses += 1;
        }
      }
      const counter = new Counter();
      rig.source.subscribe(counter);
      rig.platform.turn();
      expect(counter.pauses).to.equal(1);
      expect(rig.source.state.heapEffects).to.equal('measuring');
    });

    it('counts what one throws, says it once, and tells the others', () => {
      rig.subscribe({
        onPause: () => {
          throw new TypeError('not mine');
        },
      });
      rig.subscribe();
      rig.platform.collect();
      rig.platform.collect();
      rig.platform.deliver();
      expect(rig.pauses).to.have.length(2);
      expect(rig.errors).to.deep.equal({ 'gc.subscriber': 2 });
      expect(rig.readings.costs.get('gc.subscriber')?.errors.get('TypeError')).to.equal(2);
      expect(new Set(rig.problems.keys)).to.deep.equal(new Set(['gc.subscriber']));
    });

    it('ticks at the smallest interval of all', () => {
      rig.subscribe({ intervalMillis: 10_000 });
      expect(rig.sampler.tickMillis).to.equal(10_000);
      const cancel = rig.subscribe({ intervalMillis: 3_000 });
      rig.subscribe({ intervalMillis: 7_000 });
      expect([rig.sampler.tickMillis, rig.sampler.taskCount]).to.deep.equal([3_000, 1]);
      cancel();
      expect([rig.sampler.tickMillis, rig.sampler.taskCount]).to.deep.equal([7_000, 1]);
    });

    it('measures heap effects while one of them wants it', () => {
      rig.subscribe({ wantsHeapEffects: false });
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'off' });
      expect(rig.platform.started).to.equal(0);
      const [first, second] = [rig.subscribe(), rig.subscribe()];
      expect(rig.source.state.heapEffects).to.equal('measuring');
      first();
      expect(rig.source.state.heapEffects).to.equal('measuring');
      second();
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'off' });
      expect(rig.given).to.deep.equal({ ...ALL_GIVEN, running: 0 });
    });
  });

  describe('when the last one unsubscribes', () => {
    it('gives back the observer, the timer and the recording, and what is left of it with the next minor one', () => {
      const cancel = rig.subscribe();
      rig.platform.turn();
      cancel();
      expect(rig.given).to.deep.equal(NOTHING_GIVEN);
      expect(rig.source.state).to.deep.equal({ pauses: 'off', heapEffects: 'off' });
      expect(rig.platform.provoked).to.equal(0);
      rig.platform.turn();
      expect(rig.pauses).to.have.length(1);
      expect(rig.platform.held).to.deep.equal({ recordings: 0, records: 0 });
    });

    it('provokes one major collection if something aged would be left', () => {
      const cancel = rig.subscribe();
      rig.platform.turn({ type: 'major' });
      cancel();
      expect(rig.platform.provoked).to.equal(1);
      rig.platform.deliver();
      expect(rig.platform.held.recordings).to.equal(0);
    });

    it('and not when one goes that had no part in it', () => {
      rig.subscribe({ wantsHeapEffects: true })();
      rig.subscribe({ wantsHeapEffects: false });
      const cancel = rig.subscribe();
      rig.platform.turn({ type: 'major' });
      rig.platform.obeys = false;
      cancel();
      expect(rig.platform.provoked).to.equal(1);
      for (let times = 0; times < 5; times += 1) rig.subscribe({ wantsHeapEffects: false })();
      expect(rig.platform.provoked).to.equal(1);
    });

    it('may be called from within a pause', () => {
      const cancel = rig.subscribe({
        onPause: () => {
          cancel();
        },
      });
      rig.platform.collect();
      rig.platform.collect();
      rig.platform.deliver();
      expect(rig.given).to.deep.equal(NOTHING_GIVEN);
      expect(rig.errors).to.deep.equal({});
    });

    it('can begin again', () => {
      rig.subscribe()();
      rig.subscribe();
      rig.platform.turn();
      expect([rig.pauses.length, rig.given]).to.deep.equal([1, ALL_GIVEN]);
    });

    it('keeps its totals', () => {
      const cancel = rig.subscribe();
      rig.load({ gcs: 3, perSecond: 1 });
      cancel();
      const { totals } = rig.source;
      expect(totals).to.include({ allocatedBytes: 3_000_000, measuredGcs: 3, estimatedGcs: 0 });
      rig.platform.allocate(1_000_000);
      rig.platform.turn({ freedBytes: 500_000 });
      expect(rig.source.totals).to.deep.equal(totals);
    });

    it('takes into account what was not told of yet', () => {
      const cancel = rig.subscribe();
      rig.platform.allocate(1_000);
      rig.platform.collect({ freedBytes: 900 });
      rig.platform.allocate(50);
      cancel();
      expect(rig.source.totals).to.deep.include({ allocatedBytes: 1_050, measuredGcs: 1 });
      expect(rig.source.totals.reclaimedBytes.minor).to.equal(900);
    });
  });

  describe('of heap effects', () => {
    it('tells what was allocated, promoted and reclaimed since it was first wanted', () => {
      rig.platform.allocate(5_000_000);
      rig.platform.turn({ freedBytes: 1_000_000 });
      rig.subscribe();
      rig.platform.allocate(4_000);
      rig.platform.turn({ freedBytes: 2_500, promotedBytes: 700 });
      rig.platform.allocate(3_000);
      rig.platform.turn({ type: 'major', freedBytes: 1_200 });
      expect(rig.source.totals).to.deep.equal({
        allocatedBytes: 7_000,
        promotedBytes: 700,
        reclaimedBytes: { minor: 2_500, major: 1_200, incremental: 0, weakcb: 0, unknown: 0 },
        measuredGcs: 2,
        estimatedGcs: 0,
      });
    });

    it('takes what was allocated since the latest collection in with each tick and flush', () => {
      rig.subscribe();
      rig.platform.allocate(100);
      expect(rig.source.totals.allocatedBytes).to.equal(0);
      rig.source.flush();
      expect(rig.source.totals.allocatedBytes).to.equal(100);
      rig.platform.allocate(10);
      rig.clock.advance(INTERVAL_MILLIS);
      expect(rig.source.totals.allocatedBytes).to.equal(110);
      rig.platform.turn({ freedBytes: 110 });
      expect(rig.source.totals.allocatedBytes).to.equal(110);
    });

    it('does not count what was allocated while nobody wanted to know', () => {
      rig.subscribe({ wantsHeapEffects: false });
      const cancel = rig.subscribe();
      rig.load({ gcs: 1, perSecond: 1, bytes: 100 });
      cancel();
      rig.load({ gcs: 1, perSecond: 1, bytes: 1_000 });
      rig.clock.advance(INTERVAL_MILLIS);
      rig.platform.allocate(5);
      rig.subscribe();
      rig.load({ gcs: 1, perSecond: 1, bytes: 10 });
      expect(rig.source.totals).to.include({ allocatedBytes: 110, measuredGcs: 2, estimatedGcs: 0 });
    });

    it('estimates nothing that it measures, whoever joins meanwhile', () => {
      rig.subscribe();
      rig.load({ gcs: 2, perSecond: 10 });
      rig.subscribe({ wantsHeapEffects: true });
      rig.load({ gcs: 2, perSecond: 10 });
      rig.subscribe({ wantsHeapEffects: false })();
      rig.load({ gcs: 2, perSecond: 10 });
      expect(rig.source.totals).to.include({ allocatedBytes: 6_000_000, measuredGcs: 6, estimatedGcs: 0 });
    });

    it('does not estimate a collection that came before it was wanted', () => {
      rig.subscribe({ wantsHeapEffects: false });
      rig.platform.collect();
      rig.clock.advance(1);
      rig.subscribe();
      rig.platform.deliver();
      expect(rig.source.totals).to.include({ measuredGcs: 0, estimatedGcs: 0 });
      expect(rig.pauses).to.have.length(2);
    });

    it('does not estimate what it has measured already when it is told of it late', () => {
      rig.subscribe({ wantsHeapEffects: false });
      const cancel = rig.subscribe();
      rig.platform.allocate(100);
      rig.platform.collect({ freedBytes: 100 });
      rig.clock.advance(1);
      cancel();
      rig.subscribe();
      rig.clock.advance(1);
      rig.platform.deliver();
      expect(rig.source.totals).to.include({ allocatedBytes: 100, measuredGcs: 1, estimatedGcs: 0 });
    });
  });

  describe('where there is no profiler', () => {
    beforeEach(() => {
      rig = new GcRig({ startRecording: undefined });
    });

    it('tells of pauses and of the heap after a major one, and that effects are absent', () => {
      expect(rig.source.measuresHeapEffects).to.equal(false);
      const cancel = rig.subscribe();
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'absent' });
      rig.platform.allocate(1_000);
      rig.platform.turn({ type: 'major', freedBytes: 300 });
      expect(rig.pauses).to.have.length(1);
      expect(rig.source.liveHeap).to.deep.equal({ usedBytes: 700, atMillis: 1_001, approximate: true });
      rig.load({ gcs: 1_000, perSecond: 200, bytes: 10 });
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'absent' });
      cancel();
      expect(rig.given).to.deep.equal(NOTHING_GIVEN);
      expect([rig.errors, rig.problems.reports]).to.deep.equal([{}, []]);
    });
  });
});
