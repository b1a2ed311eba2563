import { expect } from 'chai';
import fc from 'fast-check';
import type { GcTotals } from '../../src/gc/gc-source-types.js';
import { GC_TYPES } from '../../src/gc/gc-type.js';
import { ALL, GcRig, NOTHING_GIVEN } from './gc-rig.js';

type Kind = 'minor' | 'major' | 'incremental';

type Step =
  | { readonly do: 'collect'; readonly type: Kind; readonly times: number }
  | { readonly do: 'allocate'; readonly bytes: number }
  | { readonly do: 'turn' }
  | { readonly do: 'advance'; readonly millis: number }
  | { readonly do: 'flush' }
  | { readonly do: 'join'; readonly wantsHeapEffects: boolean }
  | { readonly do: 'leave'; readonly which: number };

const collect = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant('collect' as const),
      type: fc.constantFrom<Kind[]>('minor', 'minor', 'minor', 'major', 'incremental'),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  // More than are worth reading.
  { weight: 1, arbitrary: fc.constant({ do: 'collect' as const, type: 'minor' as const, times: 1_200 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: collect },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('allocate' as const), bytes: fc.nat({ max: 4_000_000 }) }),
  },
  { weight: 8, arbitrary: fc.constant({ do: 'turn' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      millis: fc.oneof(fc.integer({ min: 1, max: 6_000 }), fc.constantFrom(5_000, 60_000, 600_000)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'flush' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('join' as const), wantsHeapEffects: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat({ max: 5 }) }) },
);

function expectNotBelow(totals: GcTotals, previous: GcTotals): void {
  for (const name of ['allocatedBytes', 'promotedBytes', 'measuredGcs', 'estimatedGcs'] as const) {
    expect(totals[name], name).to.be.at.least(previous[name]);
  }
  for (const type of GC_TYPES) {
    expect(totals.reclaimedBytes[type], type).to.be.at.least(previous.reclaimedBytes[type]);
  }
}

/** Plays steps on a source that one subscriber wants heap effects of all the time. */
function play(steps: readonly Step[], tellsLate: boolean, measuredPerSecond: number | undefined): void {
  const rig = new GcRig({}, measuredPerSecond);
  rig.platform.tellsLate = tellsLate;
  const cancel = rig.subscribe();
  const others: (() => void)[] = [];
  let previous = rig.source.totals;
  let mostInTurn = 0;
  let inTurn = 0;
  for (const each of steps) {
    switch (each.do) {
      case 'collect':
        inTurn += each.times;
        for (let gc = 0; gc < each.times; gc += 1) {
          const used = rig.platform.usedHeapBytes();
          rig.platform.collect({ type: each.type, freedBytes: Math.floor(used / 2) });
          rig.clock.advance(0.25);
        }
        break;
      case 'allocate':
        rig.platform.allocate(each.bytes);
        break;
      case 'turn':
        rig.clock.advance(0.25);
        rig.platform.deliver();
        inTurn = 0;
        break;
      case 'advance':
        // A turn may be long, but not this long.
        if (each.millis > 6_000) rig.platform.deliver();
        rig.clock.advance(each.millis);
        break;
      case 'flush':
        rig.source.flush();
        break;
      case 'join':
        others.push(rig.source.subscribe({ intervalMillis: 1_000, wantsHeapEffects: each.wantsHeapEffects }));
        break;
      case 'leave':
        others[each.which]?.();
    }
    mostInTurn = Math.max(mostInTurn, inTurn);
    const { totals } = rig.source;
    expectNotBelow(totals, previous);
    previous = totals;
    // 300 of the aged, as much again of those that came in the same turn, for each that waits.
    expect(rig.platform.held.records).to.be.at.most(300 + 10 * (mostInTurn + 10));
    expect(rig.platform.running).to.be.at.most(1);
  }
  // What was provoked meanwhile, too, and what the profiler tells while it stands in for the observer.
  for (let turn = 0; turn < 5; turn += 1) {
    rig.clock.advance(1);
    rig.platform.deliver();
    rig.source.flush();
  }
  for (const leave of others) leave();
  expect(rig.errors).to.deep.equal({});
  const { collections } = rig.platform;
  expect(rig.pauses, 'pauses').to.have.length(collections);
  cancel();
  const { totals } = rig.source;
  expectNotBelow(totals, previous);
  expect(totals.measuredGcs + totals.estimatedGcs, 'measured and estimated').to.equal(collections);
  if (totals.estimatedGcs === 0) expect(totals.allocatedBytes).to.equal(rig.platform.allocatedBytes);
  expect(rig.given).to.deep.equal(NOTHING_GIVEN);
  rig.platform.collect();
  rig.platform.deliver();
  rig.platform.collect({ type: 'major' });
  rig.platform.deliver();
  expect(rig.platform.held).to.deep.equal({ recordings: 0, records: 0 });
}

describe('the source of collections, in whatever order things come', () => {
  for (const tellsLate of [false, true]) {
    for (const measuredPerSecond of [ALL, undefined]) {
      it(`tells of each collection once and takes each into account once, ${measuredPerSecond === ALL ? 'all' : 'some'} measured, where the end of a recording is told ${tellsLate ? 'late' : 'at once'}`, () => {
        fc.assert(
          fc.property(fc.array(step, { maxLength: 150, size: 'max' }), steps => {
            play(steps, tellsLate, measuredPerSecond);
          }),
          { numRuns: 100 },
        );
      });
    }
  }
});
