import { expect } from 'chai';
import { GcRig, INTERVAL_MILLIS, NOTHING_GIVEN } from './gc-rig.js';

const TROUBLE = Object.assign(new Error('nothing left'), { code: 'ENOMEM' });

describe('the source of collections, when the runtime fails', () => {
  let rig: GcRig;

  beforeEach(() => {
    rig = new GcRig();
  });

  it('begins to observe with a later tick if it could not at first, and measures meanwhile', () => {
    rig.platform.failures.observe = TROUBLE;
    rig.subscribe();
    expect(rig.source.state).to.deep.equal({ pauses: 'off', heapEffects: 'measuring' });
    // Once when it was arranged, and with the tick at once.
    expect(rig.errors).to.deep.equal({ 'gc.pauses': 2 });
    expect(rig.problems.keys).to.include('gc.pauses');
    delete rig.platform.failures.observe;
    rig.clock.advance(INTERVAL_MILLIS);
    expect(rig.source.state.pauses).to.equal('observer');
    rig.platform.turn();
    expect(rig.pauses).to.have.length(1);
  });

  it('tells of pauses while nothing can be recorded, and records when it can', () => {
    rig.platform.failures.start = TROUBLE;
    const cancel = rig.subscribe();
    rig.clock.advance(INTERVAL_MILLIS);
    rig.load({ gcs: 3, perSecond: 10 });
    expect(rig.pauses).to.have.length(3);
    expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'resting' });
    expect(rig.source.totals).to.include({ measuredGcs: 0, estimatedGcs: 3 });
    expect(Object.keys(rig.errors)).to.deep.equal(['gc.heap_effects']);
    delete rig.platform.failures.start;
    rig.clock.advance(INTERVAL_MILLIS);
    expect(rig.source.state.heapEffects).to.equal('measuring');
    cancel();
    expect(rig.given).to.deep.equal(NOTHING_GIVEN);
  });

  it('goes on measuring after records that could not be read', () => {
    rig.subscribe();
    rig.platform.failures.stop = TROUBLE;
    rig.load({ gcs: 3, perSecond: 10 });
    expect(rig.errors).to.deep.equal({ 'gc.pauses': 3 });
    expect(rig.pauses).to.have.length(3);
    delete rig.platform.failures.stop;
    rig.load({ gcs: 3, perSecond: 10 });
    expect(rig.source.totals.measuredGcs).to.equal(3);
    expect(rig.platform.running).to.equal(1);
  });

  it('does without the used heap', () => {
    rig.platform.failures.used = TROUBLE;
    const cancel = rig.subscribe();
    rig.load({ gcs: 3, perSecond: 10 });
    rig.clock.advance(INTERVAL_MILLIS);
    expect(rig.pauses).to.have.length(3);
    cancel();
    expect(rig.given).to.deep.equal(NOTHING_GIVEN);
  });

  it('does without a major collection', () => {
    rig.platform.failures.provoke = TROUBLE;
    const cancel = rig.subscribe();
    rig.platform.turn({ type: 'major' });
    cancel();
    expect(rig.given).to.deep.equal(NOTHING_GIVEN);
    expect(rig.errors).to.deep.equal({ 'gc.heap_effects': 1 });
  });

  for (const what of ['disconnect', 'stop', 'used', 'provoke'] as const) {
    it(`gives back all that it can, and throws nothing, where "${what}" fails when the last one unsubscribes`, () => {
      const cancel = rig.subscribe();
      rig.platform.turn({ type: 'major' });
      rig.platform.failures[what] = TROUBLE;
      cancel();
      expect(rig.given).to.deep.equal(NOTHING_GIVEN);
      expect(Object.values(rig.errors)).to.deep.equal([1]);
      rig.platform.failures[what] = undefined;
      rig.subscribe();
      rig.clock.advance(INTERVAL_MILLIS);
      expect(rig.source.state).to.deep.equal({ pauses: 'observer', heapEffects: 'measuring' });
    });
  }

  it('throws nothing in any turn, whatever fails, and is well again when that is over', () => {
    const cancel = rig.subscribe();
    const failing = ['observe', 'disconnect', 'start', 'stop', 'used', 'provoke'] as const;
    for (const what of failing) rig.platform.failures[what] = TROUBLE;
    const stop = rig.subscribe({ wantsHeapEffects: false, intervalMillis: 1_000 });
    for (let turn = 0; turn < 100; turn += 1) {
      rig.platform.collect();
      rig.platform.collect({ type: 'major' });
      rig.platform.turn();
      rig.clock.advance(1_000);
      rig.source.flush();
    }
    stop();
    expect(rig.pauses).to.have.length(600);
    for (const what of Object.keys(rig.platform.failures))
      Reflect.deleteProperty(rig.platform.failures, what);
    rig.clock.advance(INTERVAL_MILLIS);
    rig.platform.deliver();
    rig.clock.advance(20 * 60_000);
    const { measuredGcs } = rig.source.totals;
    rig.platform.turn();
    expect(rig.source.totals.measuredGcs).to.equal(measuredGcs + 1);
    cancel();
    expect(rig.given).to.deep.equal(NOTHING_GIVEN);
  });

  it('takes a strange entry for one of unknown type, and goes on', () => {
    let push: (entries: readonly never[]) => void = () => {};
    rig.platform.observe = onEntries => {
      push = onEntries;
      return () => {};
    };
    rig.subscribe();
    push([
      {},
      { startTime: 1, duration: 1, detail: 'x' },
      { startTime: 2, duration: 1, detail: { kind: 1 } },
    ] as never[]);
    expect(rig.pauses.map(({ type }) => type)).to.deep.equal(['unknown', 'unknown', 'minor']);
    push([null] as never[]);
    expect(rig.errors).to.deep.equal({ 'gc.pauses': 1 });
  });
});
