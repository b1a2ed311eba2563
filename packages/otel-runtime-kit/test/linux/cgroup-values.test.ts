import { expect } from 'chai';
import fc from 'fast-check';
import {
  effectiveLimit,
  keyedValue,
  limitOf,
  lowestLimit,
  parseCount,
  parseLimit,
} from '../../src/linux/cgroup-values.js';
import type { LimitValue } from '../../src/linux/cgroup-values.js';

describe('parseLimit', () => {
  it('takes every spelling of "unlimited"', () => {
    for (const word of [
      'max',
      '-1',
      // LONG_MAX in whole pages of 4, 16 and 64 KiB, LONG_MAX, ULONG_MAX, and where doubles stop being exact.
      '9223372036854771712',
      '9223372036854759424',
      '9223372036854710272',
      '9223372036854775807',
      '18446744073709551615',
      '9007199254740992',
      '9'.repeat(400),
    ]) {
      expect(parseLimit(word), word).to.equal(null);
      expect(parseLimit(`${word}\n`), word).to.equal(null);
    }
  });

  it('takes every whole number below, 0 too', () => {
    expect(parseLimit('0\n')).to.equal(0);
    expect(parseLimit('536870912\n')).to.equal(536_870_912);
    expect(parseLimit('9007199254740991')).to.equal(9_007_199_254_740_991);
  });

  it('is undefined for what is no limit', () => {
    for (const text of ['', '\n', ' ', 'maximum', 'MAX', '-2', '1e9', '0x10', '1.5', '512M', '12 34', '١٢']) {
      expect(parseLimit(text), JSON.stringify(text)).to.equal(undefined);
    }
  });

  it('agrees with arbitrary precision', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 65n }), bytes => {
        expect(parseLimit(`${bytes}\n`)).to.equal(bytes >= 2n ** 53n ? null : Number(bytes));
      }),
      { numRuns: 300 },
    );
  });
});

describe('limitOf', () => {
  it('tells a number that is a limit from one that is not', () => {
    expect([0, 4096, 2 ** 53 - 1, 2 ** 53, 2 ** 63, undefined].map(limitOf)).to.deep.equal([
      0,
      4096,
      2 ** 53 - 1,
      null,
      null,
      undefined,
    ]);
  });
});

describe('parseCount', () => {
  it('is the number and nothing but', () => {
    expect(parseCount('12\n')).to.equal(12);
    for (const text of ['', '\n', 'max', '-1', '12k', '1 2']) {
      expect(parseCount(text), JSON.stringify(text)).to.equal(undefined);
    }
  });
});

describe('keyedValue', () => {
  it('finds the line of that name and of no other', () => {
    const text = 'anon 5\ntotal_anon 6\nanon_thp 7\ninactive_anon 8\n';
    expect(keyedValue(text, 'anon')).to.equal(5);
    expect(keyedValue(text, 'anon_thp')).to.equal(7);
    expect(keyedValue(text, 'inactive_anon')).to.equal(8);
    expect(keyedValue(text, 'total')).to.equal(undefined);
    expect(keyedValue(text, 'thp')).to.equal(undefined);
    expect(keyedValue('oom_kill_disable 1\noom_kill 4', 'oom_kill')).to.equal(4);
  });

  it('is undefined where the value is none', () => {
    for (const text of [
      '',
      'anon',
      'anon \n',
      'anon x\n',
      'anon 12k\n',
      'anon 1 2\n',
      'anon -1\n',
      'x\nanon ',
    ]) {
      expect(keyedValue(text, 'anon'), JSON.stringify(text)).to.equal(undefined);
    }
  });

  it('agrees with taking the text apart', () => {
    const key = fc.constantFrom(
      'anon',
      'file',
      'total_anon',
      'anon_thp',
      'inactive_file',
      'total_inactive_file',
    );
    const lines = fc.uniqueArray(fc.tuple(key, fc.nat()), { selector: ([name]) => name });
    fc.assert(
      fc.property(lines, key, (entries, wanted) => {
        const text = entries.map(([name, value]) => `${name} ${value}\n`).join('');
        expect(keyedValue(text, wanted)).to.equal(new Map(entries).get(wanted));
      }),
      { numRuns: 300 },
    );
  });
});

describe('effectiveLimit', () => {
  it('is the lowest of those that can be reached', () => {
    expect(effectiveLimit([512, 256, 1024], Infinity)).to.equal(256);
    expect(effectiveLimit([null, 512, undefined], Infinity)).to.equal(512);
    expect(effectiveLimit([0, 512], Infinity)).to.equal(512);
  });

  it('is null if there is none', () => {
    for (const limits of [[], [null], [undefined], [0], [null, 0, undefined]]) {
      expect(effectiveLimit(limits, 1024)).to.equal(null);
      expect(effectiveLimit(limits, Infinity)).to.equal(null);
    }
  });

  it('leaves out what is more than the host has, not what is all that it has', () => {
    expect(effectiveLimit([1025], 1024)).to.equal(null);
    expect(effectiveLimit([1024], 1024)).to.equal(1024);
    expect(effectiveLimit([2048, 512], 1024)).to.equal(512);
  });

  it('agrees with a naive minimum', () => {
    const limit: fc.Arbitrary<LimitValue> = fc.oneof(
      fc.nat({ max: 2000 }),
      fc.constantFrom(null, undefined, 0, 2 ** 53 - 1),
    );
    fc.assert(
      fc.property(
        fc.array(limit, { maxLength: 8 }),
        fc.oneof(fc.nat({ max: 2000 }), fc.constant(Infinity)),
        (limits, hostTotalBytes) => {
          const reachable = limits.filter(
            (bytes): bytes is number => typeof bytes === 'number' && bytes > 0 && bytes <= hostTotalBytes,
          );
          expect(effectiveLimit(limits, hostTotalBytes)).to.equal(
            reachable.length === 0 ? null : Math.min(...reachable),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('lowestLimit', () => {
  it('takes 0 for what it is', () => {
    expect(lowestLimit([null, 5, 0, undefined])).to.equal(0);
    expect(lowestLimit([null, 5, 7])).to.equal(5);
    expect(lowestLimit([null, undefined])).to.equal(null);
  });
});
