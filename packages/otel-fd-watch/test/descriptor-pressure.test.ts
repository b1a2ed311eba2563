import { expect } from 'chai';
import { DescriptorPressure, describePressure } from '../src/descriptor-pressure.js';
import { FD_KINDS } from '../src/descriptor-kind.js';
import type { FdKind } from '../src/descriptor-kind.js';
import { EMPTY_SNAPSHOT } from '../src/snapshot.js';
import type { FdSnapshot } from '../src/snapshot.js';

const SOFT = 1_000;

/** Reasons at each count, one after the other. */
function reasons(
  pressure: DescriptorPressure,
  counts: readonly number[],
  soft: number | null = SOFT,
): string[] {
  return counts.map(count =>
    pressure
      .update(count, soft)
      .map(({ reason }) => reason)
      .join('+'),
  );
}

describe('DescriptorPressure', () => {
  it('is crossed at the threshold, not one below it', () => {
    const pressure = new DescriptorPressure({ warnAtRatio: 0.8, warnAtCount: 0 });
    expect(pressure.update(799, SOFT)).to.deep.equal([]);
    expect(pressure.crossed).to.deep.equal({ ratio: false, count: false });
    expect(pressure.update(800, SOFT)).to.deep.equal([{ reason: 'ratio', threshold: 800 }]);
    expect(pressure.crossed).to.deep.equal({ ratio: true, count: false });
  });

  it('is crossed once, until the count has fallen a tenth below the threshold', () => {
    const pressure = new DescriptorPressure({ warnAtRatio: 0.8, warnAtCount: 0 });
    // 720 is nine tenths of 800.
    const counts = [100, 800, 801, 799, 800, 720, 900, 719, 799, 800, 720, 719, 720, 1_000];
    expect(reasons(pressure, counts)).to.deep.equal(
      counts.map((_, index) => ([1, 9, 13].includes(index) ? 'ratio' : '')),
    );
  });

  it('has two thresholds, each by itself', () => {
    const pressure = new DescriptorPressure({ warnAtRatio: 0.8, warnAtCount: 500 });
    expect(reasons(pressure, [499, 500, 800, 460, 449, 800, 100, 900])).to.deep.equal([
      '',
      'count',
      'ratio',
      '',
      '',
      'ratio+count',
      '',
      'ratio+count',
    ]);
  });

  it('has no threshold by count at 0, nor by ratio without a limit', () => {
    const pressure = new DescriptorPressure({ warnAtRatio: 0.01, warnAtCount: 0 });
    expect(reasons(pressure, [0, 1, 1e6], null)).to.deep.equal(['', '', '']);
    expect(pressure.crossed).to.deep.equal({ ratio: false, count: false });
  });

  it('goes by the limit of the moment', () => {
    const pressure = new DescriptorPressure({ warnAtRatio: 0.5, warnAtCount: 0 });
    expect(pressure.update(300, 1_000)).to.deep.equal([]);
    expect(pressure.update(300, 600)).to.deep.equal([{ reason: 'ratio', threshold: 300 }]);
    expect(pressure.update(300, 1_000)).to.deep.equal([]);
    expect(pressure.crossed.ratio).to.equal(false);
  });

  it('takes back a crossing that nobody was told of', () => {
    const pressure = new DescriptorPressure({ warnAtRatio: 0.8, warnAtCount: 500 });
    expect(reasons(pressure, [900])).to.deep.equal(['ratio+count']);
    pressure.rearm('count');
    expect(pressure.crossed).to.deep.equal({ ratio: true, count: false });
    expect(reasons(pressure, [900])).to.deep.equal(['count']);
    pressure.rearm('ratio');
    expect(reasons(pressure, [900, 900])).to.deep.equal(['ratio', '']);
  });
});

describe('describePressure', () => {
  const kinds = (counts: Partial<Record<FdKind, number>>): Record<FdKind, number> =>
    Object.fromEntries(FD_KINDS.map(kind => [kind, counts[kind] ?? 0])) as Record<FdKind, number>;
  const known: FdSnapshot = {
    ...EMPTY_SNAPSHOT,
    open: 16_400,
    limit: { soft: 20_000, hard: 1_048_576 },
    utilization: 0.82,
    growthPerSecond: 41.3,
    timeToLimitSeconds: 87,
    byKind: kinds({ socket: 15_908, file: 492 }),
  };

  it('puts what is known together', () => {
    expect(describePressure({ reason: 'ratio', threshold: 16_000 }, 16_400, known)).to.deep.equal({
      reason: 'ratio',
      threshold: 16_000,
      open: 16_400,
      limit: 20_000,
      utilization: 0.82,
      growthPerSecond: 41.3,
      timeToLimitSeconds: 87,
      byKind: known.byKind,
      message:
        '16,400 descriptors are open, 82.0 % of the limit of 20,000, above warnAtRatio (16,000), ' +
        '97 % of them are of kind socket, growing by 41 a second',
    });
  });

  it('says which threshold', () => {
    const { reason, message } = describePressure({ reason: 'count', threshold: 800 }, 812, {
      ...known,
      growthPerSecond: null,
    });
    expect(reason).to.equal('count');
    expect(message).to.equal(
      '812 descriptors are open, 4.1 % of the limit of 20,000, above warnAtCount (800), ' +
        '97 % of them are of kind socket',
    );
  });

  it('leaves out what is not known', () => {
    const { message, ...facts } = describePressure({ reason: 'count', threshold: 800 }, 800, EMPTY_SNAPSHOT);
    expect(message).to.equal('800 descriptors are open, above warnAtCount (800)');
    expect(facts).to.deep.include({ limit: null, utilization: null, growthPerSecond: null, byKind: null });
  });

  it('names no kind where a scan found none, and no growth that is none', () => {
    for (const growthPerSecond of [0, -3]) {
      const { message } = describePressure({ reason: 'count', threshold: 800 }, 800, {
        ...EMPTY_SNAPSHOT,
        growthPerSecond,
        byKind: kinds({}),
      });
      expect(message).to.equal('800 descriptors are open, above warnAtCount (800)');
    }
  });

  it('writes the growth with two digits that people read', () => {
    const words: [number, string][] = [
      [0.012_34, '0.012'],
      [0.5, '0.5'],
      [2, '2'],
      [41.7, '42'],
      [99.6, '100'],
      [123, '120'],
      [4_567, '4,600'],
    ];
    for (const [growthPerSecond, written] of words) {
      const { message } = describePressure({ reason: 'count', threshold: 800 }, 800, {
        ...EMPTY_SNAPSHOT,
        growthPerSecond,
      });
      expect(message).to.equal(
        `800 descriptors are open, above warnAtCount (800), growing by ${written} a second`,
      );
    }
  });

  it('has a share that belongs to its count, though another was taken while the scan ran', () => {
    const { open, utilization, message } = describePressure(
      { reason: 'ratio', threshold: 16_000 },
      16_000,
      known,
    );
    expect(open).to.equal(16_000);
    expect(utilization).to.equal(0.8);
    expect(message).to.match(/^16,000 descriptors are open, 80.0 % of the limit of 20,000, /);
  });
});
