import { expect } from 'chai';
import { constants } from 'node:perf_hooks';
import { GC_TYPES, gcTypeOfKind, gcTypeOfName } from '../../src/gc/gc-type.js';

describe('types of collections', () => {
  it('are a fixed list', () => {
    expect(GC_TYPES).to.deep.equal(['minor', 'major', 'incremental', 'weakcb', 'unknown']);
  });

  describe('by the kind of an entry', () => {
    const kinds = { 1: 'minor', 2: 'minor', 4: 'major', 8: 'incremental', 16: 'weakcb' };
    for (const [kind, type] of Object.entries(kinds)) {
      it(`${kind} is ${type}`, () => {
        expect(gcTypeOfKind(Number(kind))).to.equal(type);
      });
    }

    it("are those of Node's constants, as far as it has them", () => {
      const named = Object.entries(constants).filter(
        ([name]) => name.startsWith('NODE_PERFORMANCE_GC_') && !name.includes('FLAGS'),
      );
      const types = Object.fromEntries(
        named.map(([name, kind]) => [name.replace('NODE_PERFORMANCE_GC_', ''), gcTypeOfKind(kind)]),
      );
      expect(types).to.include({
        MAJOR: 'major',
        MINOR: 'minor',
        INCREMENTAL: 'incremental',
        WEAKCB: 'weakcb',
      });
      // A kind that a new Node has and this list does not.
      expect(Object.values(types)).not.to.include('unknown');
    });

    for (const kind of [undefined, 0, 3, 5, 6, 12, 20, 32, 64, -1, 1.5, NaN, Infinity]) {
      it(`${kind ?? 'undefined'} is unknown`, () => {
        expect(gcTypeOfKind(kind)).to.equal('unknown');
      });
    }
  });

  describe('by the name in a record', () => {
    const names = {
      Scavenge: 'minor',
      MinorMarkSweep: 'minor',
      MarkSweepCompact: 'major',
      IncrementalMarking: 'incremental',
      ProcessWeakCallbacks: 'weakcb',
    };
    for (const [name, type] of Object.entries(names)) {
      it(`${name} is ${type}`, () => {
        expect(gcTypeOfName(name)).to.equal(type);
      });
    }

    it('"Unknown" is a minor one where Node has no name for the minor mark-sweep, and unknown elsewhere', () => {
      const hasName = 'NODE_PERFORMANCE_GC_MINOR_MARK_SWEEP' in constants;
      expect(gcTypeOfName('Unknown')).to.equal(hasName ? 'unknown' : 'minor');
    });

    for (const name of ['', 'scavenge', 'Mark-Compact', 'toString', '__proto__']) {
      it(`"${name}" is unknown`, () => {
        expect(gcTypeOfName(name)).to.equal('unknown');
      });
    }
  });
});
