import { expect } from 'chai';
import fc from 'fast-check';
import { EffectAccount } from '../../src/gc/effect-account.js';
import { GC_TYPES } from '../../src/gc/gc-type.js';
import type { GcType } from '../../src/gc/gc-type.js';
import type { HeapEffect } from '../../src/gc/heap-effect.js';

const NONE = { minor: 0, major: 0, incremental: 0, weakcb: 0, unknown: 0 };

function effect(beforeBytes: number, afterBytes: number, more: Partial<HeapEffect> = {}): HeapEffect {
  return {
    type: 'minor',
    seconds: 0.001,
    beforeBytes,
    afterBytes,
    externalBeforeBytes: 0,
    externalAfterBytes: 0,
    promotedBytes: 0,
    ...more,
  };
}

describe('the account of heap effects', () => {
  let account: EffectAccount;

  beforeEach(() => {
    account = new EffectAccount();
  });

  it('begins at nothing', () => {
    expect(account.totals()).to.deep.equal({
      allocatedBytes: 0,
      promotedBytes: 0,
      reclaimedBytes: NONE,
      measuredGcs: 0,
      estimatedGcs: 0,
    });
  });

  it('adds up what collections reclaimed by type, and promoted', () => {
    account.begin(100);
    account.measured(effect(150, 110, { promotedBytes: 7 }));
    account.measured(effect(170, 120, { promotedBytes: 5 }));
    account.measured(effect(200, 90, { type: 'major' }));
    expect(account.totals()).to.deep.equal({
      allocatedBytes: 50 + 60 + 80,
      promotedBytes: 12,
      reclaimedBytes: { ...NONE, minor: 90, major: 110 },
      measuredGcs: 3,
      estimatedGcs: 0,
    });
  });

  it('reclaims nothing, rather than less, in a collection after which more is used', () => {
    account.begin(100);
    account.measured(effect(150, 160));
    expect(account.totals()).to.include({ allocatedBytes: 50 });
    expect(account.totals().reclaimedBytes).to.deep.equal(NONE);
    // The growth within the collection is no allocation of JavaScript's.
    account.measured(effect(165, 100));
    expect(account.totals().allocatedBytes).to.equal(55);
  });

  it('allocates nothing where less is used than after the collection before', () => {
    account.begin(100);
    account.measured(effect(90, 80));
    expect(account.totals().allocatedBytes).to.equal(0);
  });

  describe('of what has been allocated since the latest collection', () => {
    it('tells at once, and counts it once when the next collection comes', () => {
      account.begin(100);
      account.stand(130);
      expect(account.totals().allocatedBytes).to.equal(30);
      account.stand(150);
      expect(account.totals().allocatedBytes).to.equal(50);
      account.measured(effect(160, 100));
      expect(account.totals().allocatedBytes).to.equal(60);
      account.stand(110);
      expect(account.totals().allocatedBytes).to.equal(70);
    });

    it('never takes back what it told', () => {
      account.begin(100);
      account.stand(150);
      account.stand(120);
      expect(account.totals().allocatedBytes).to.equal(50);
    });

    it('counts it once, too, where it had seen several collections that nobody had told of yet', () => {
      // Three times 50 allocated, of which 40 stay: 120 more are used in the end.
      account.begin(100);
      account.stand(220);
      expect(account.totals().allocatedBytes).to.equal(120);
      account.measured(effect(150, 140));
      account.measured(effect(190, 180));
      account.measured(effect(230, 220));
      expect(account.totals().allocatedBytes).to.equal(150);
    });

    it('does not fall when measuring begins anew', () => {
      account.begin(100);
      account.stand(150);
      account.begin(150);
      expect(account.totals().allocatedBytes).to.equal(50);
    });

    it('adds it up when measuring ends', () => {
      account.begin(100);
      account.stand(130);
      account.end(140);
      expect(account.totals().allocatedBytes).to.equal(40);
      account.begin(500);
      account.measured(effect(510, 400));
      expect(account.totals().allocatedBytes).to.equal(50);
    });

    it('knows nothing of it while nobody measures', () => {
      account.stand(1_000);
      account.begin(100);
      account.end(100);
      account.stand(1_000);
      account.end(2_000);
      expect(account.totals().allocatedBytes).to.equal(0);
    });
  });

  describe('of a collection that nobody measured', () => {
    it('knows nothing before one of its type was measured', () => {
      account.begin(100);
      account.measured(effect(200, 100, { type: 'major' }));
      account.estimated('minor');
      expect(account.totals()).to.include({ allocatedBytes: 100, measuredGcs: 1, estimatedGcs: 1 });
      expect(account.totals().reclaimedBytes).to.deep.equal({ ...NONE, major: 100 });
    });

    it('takes the mean of those of its type, the plain one while they are few', () => {
      account.begin(0);
      account.measured(effect(100, 0, { promotedBytes: 3 }));
      account.measured(effect(200, 50, { promotedBytes: 6 }));
      account.measured(effect(350, 50, { promotedBytes: 9 }));
      const { allocatedBytes, promotedBytes, reclaimedBytes } = account.totals();
      account.estimated('minor');
      const after = account.totals();
      expect(after.allocatedBytes - allocatedBytes).to.equal(200);
      expect(after.promotedBytes - promotedBytes).to.equal(6);
      expect(after.reclaimedBytes.minor - reclaimedBytes.minor).to.be.closeTo((100 + 150 + 300) / 3, 1);
      expect(after).to.include({ measuredGcs: 3, estimatedGcs: 1 });
    });

    it('takes the recent mean when there are many: one of each 16 is of the newest', () => {
      account.begin(0);
      for (let gc = 0; gc < 1_000; gc += 1) account.measured(effect(320, 0));
      account.measured(effect(640, 0));
      const before = account.totals().allocatedBytes;
      account.estimated('minor');
      expect(account.totals().allocatedBytes - before).to.equal(340);
      for (let gc = 0; gc < 200; gc += 1) account.measured(effect(640, 0));
      const later = account.totals().allocatedBytes;
      account.estimated('minor');
      expect(account.totals().allocatedBytes - later).to.be.within(638, 640);
    });

    it('does not change the mean', () => {
      account.begin(0);
      account.measured(effect(100, 0));
      for (let gc = 0; gc < 10; gc += 1) account.estimated('minor');
      expect(account.totals()).to.include({ allocatedBytes: 1_100, estimatedGcs: 10 });
    });
  });

  it('rounds to whole bytes at the end only', () => {
    account.begin(0);
    for (const bytes of [100, 101, 101]) account.measured(effect(bytes, 0, { promotedBytes: bytes }));
    for (let gc = 0; gc < 3; gc += 1) account.estimated('minor');
    expect(account.totals()).to.include({ allocatedBytes: 604, promotedBytes: 604 });
    expect(account.totals().reclaimedBytes.minor).to.equal(604);
  });

  describe('as a naive model has it', () => {
    type Step =
      | { readonly do: 'allocate'; readonly bytes: number }
      | { readonly do: 'gc'; readonly type: GcType; readonly share: number }
      | { readonly do: 'stand' }
      | { readonly do: 'records' };
    const step = fc.oneof(
      fc.record({ do: fc.constant('allocate' as const), bytes: fc.nat({ max: 10_000_000 }) }),
      fc.record({
        do: fc.constant('gc' as const),
        type: fc.constantFrom(...GC_TYPES),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.constant<Step>({ do: 'stand' }),
      fc.constant<Step>({ do: 'records' }),
    );

    it('tells never more than was allocated, in the end all of it, and never less than before', () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), fc.nat({ max: 1_000_000 }), (steps, startBytes) => {
          const played = new EffectAccount();
          played.begin(startBytes);
          let used = startBytes;
          let allocated = 0;
          const reclaimed: Record<GcType, number> = { ...NONE };
          let waiting: HeapEffect[] = [];
          let previous = played.totals();
          for (const each of steps) {
            if (each.do === 'allocate') {
              used += each.bytes;
              allocated += each.bytes;
            } else if (each.do === 'gc') {
              const afterBytes = Math.round(used * each.share);
              waiting.push(effect(used, afterBytes, { type: each.type }));
              reclaimed[each.type] += used - afterBytes;
              used = afterBytes;
            } else if (each.do === 'stand') {
              played.stand(used);
            } else {
              for (const record of waiting) played.measured(record);
              waiting = [];
            }
            const totals = played.totals();
            expect(totals.allocatedBytes).to.be.within(previous.allocatedBytes, allocated);
            previous = totals;
          }
          for (const record of waiting) played.measured(record);
          played.end(used);
          expect(played.totals().allocatedBytes).to.equal(allocated);
          expect(played.totals().reclaimedBytes).to.deep.equal(reclaimed);
        }),
      );
    });

    it('never falls, whatever is begun, ended, measured and estimated in which order', () => {
      const bytes = fc.nat({ max: 1_000_000 });
      const call = fc.oneof(
        fc.record({ call: fc.constantFrom('begin', 'end', 'stand'), bytes }),
        fc.record({ call: fc.constant('estimated'), type: fc.constantFrom(...GC_TYPES) }),
        fc.record({ call: fc.constant('measured'), type: fc.constantFrom(...GC_TYPES), bytes, after: bytes }),
      ) as fc.Arbitrary<{ call: string; bytes: number; after: number; type: GcType }>;
      fc.assert(
        fc.property(fc.array(call, { maxLength: 60 }), calls => {
          const played = new EffectAccount();
          let previous = played.totals();
          for (const { call: name, bytes: used, after, type } of calls) {
            if (name === 'begin' || name === 'end' || name === 'stand') played[name](used);
            else if (name === 'estimated') played.estimated(type);
            else played.measured(effect(used, after, { type, promotedBytes: after }));
            const totals = played.totals();
            expect(totals.allocatedBytes).to.be.at.least(previous.allocatedBytes);
            expect(totals.promotedBytes).to.be.at.least(previous.promotedBytes);
            for (const each of GC_TYPES) {
              expect(totals.reclaimedBytes[each]).to.be.at.least(previous.reclaimedBytes[each]);
            }
            previous = totals;
          }
          const count = (name: string): number => calls.filter(each => each.call === name).length;
          expect(previous).to.include({ measuredGcs: count('measured'), estimatedGcs: count('estimated') });
        }),
      );
    });
  });
});
