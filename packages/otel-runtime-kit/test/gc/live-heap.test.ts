import { expect } from 'chai';
import { GcRig, INTERVAL_MILLIS } from './gc-rig.js';

describe('the live heap', () => {
  let rig: GcRig;

  beforeEach(() => {
    rig = new GcRig();
    rig.platform.allocate(1_000);
  });

  it('is what a major collection has left, exactly, with the time at which it ended', () => {
    rig.subscribe();
    rig.platform.collect({ type: 'major', freedBytes: 400, millis: 7 });
    rig.platform.allocate(50);
    rig.clock.advance(20);
    rig.platform.deliver();
    expect(rig.source.liveHeap).to.deep.equal({ usedBytes: 600, atMillis: 1_007, approximate: false });
  });

  it('is unchanged by other collections', () => {
    rig.subscribe();
    rig.platform.turn({ type: 'major', freedBytes: 400 });
    const { liveHeap } = rig.source;
    for (const type of ['minor', 'incremental', 'weakcb'] as const) rig.platform.turn({ type });
    rig.clock.advance(INTERVAL_MILLIS);
    expect(rig.source.liveHeap).to.equal(liveHeap);
  });

  it('is approximate where effects are not wanted: what is in use a moment later', () => {
    rig.subscribe({ wantsHeapEffects: false });
    rig.platform.collect({ type: 'major', freedBytes: 400, millis: 7 });
    rig.platform.allocate(50);
    rig.clock.advance(20);
    rig.platform.deliver();
    expect(rig.source.liveHeap).to.deep.equal({ usedBytes: 650, atMillis: 1_007, approximate: true });
  });

  it('stays exact, and gets its time, where a drain came before the observer', () => {
    rig.subscribe();
    rig.platform.collect();
    rig.platform.collect();
    rig.platform.deliver();
    // One has aged and waits now, so that the next that ages is left for a drain.
    rig.platform.collect();
    rig.platform.collect();
    rig.platform.deliver();
    rig.clock.advance(100);
    rig.platform.collect({ type: 'major', freedBytes: 400, millis: 7 });
    rig.clock.advance(20);
    rig.source.flush();
    expect(rig.source.liveHeap).to.deep.equal({ usedBytes: 600, atMillis: 1_120, approximate: false });
    rig.platform.allocate(50);
    rig.platform.deliver();
    expect(rig.source.liveHeap).to.deep.equal({ usedBytes: 600, atMillis: 1_107, approximate: false });
  });

  it('is approximate until an aged recording is drained', () => {
    rig.subscribe();
    rig.platform.tellsLate = true;
    rig.platform.turn({ type: 'major', freedBytes: 100 });
    rig.platform.collect({ type: 'major', freedBytes: 300, millis: 7 });
    rig.platform.allocate(50);
    rig.platform.deliver();
    expect(rig.source.liveHeap).to.deep.equal({ usedBytes: 650, atMillis: 1_008, approximate: true });
    rig.clock.advance(INTERVAL_MILLIS);
    expect(rig.source.liveHeap).to.deep.equal({ usedBytes: 600, atMillis: 1_008, approximate: false });
  });

  it('has the time of each of two major collections that are drained together', () => {
    rig.subscribe();
    rig.platform.collect({ type: 'major', freedBytes: 100, millis: 5 });
    rig.clock.advance(10);
    rig.platform.collect({ type: 'major', freedBytes: 100, millis: 5 });
    rig.clock.advance(10);
    rig.platform.deliver();
    expect(rig.source.liveHeap).to.deep.include({ usedBytes: 800, approximate: false });
    expect(rig.source.liveHeap?.atMillis).to.be.within(1_015, 1_020);
    rig.clock.advance(1_000);
    rig.platform.collect({ type: 'major', freedBytes: 100, millis: 5 });
    rig.clock.advance(10);
    rig.platform.deliver();
    expect(rig.source.liveHeap).to.deep.equal({ usedBytes: 700, atMillis: 2_025, approximate: false });
  });
});
