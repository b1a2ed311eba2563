import { expect } from 'chai';
import fc from 'fast-check';
import { KIND } from './fixtures/fake-gc-platform.js';
import { workshop } from './fixtures/gc-rig.js';

interface Pause {
  readonly atMillis: number;
  readonly seconds: number;
}

/** A window is cut into ten slots on a grid from 0: that of now and the nine before are in it. */
function inWindow({ atMillis }: Pause, windowMillis: number, nowMillis: number): boolean {
  const slot = (millis: number): number => Math.floor((millis * 10) / windowMillis);
  return slot(atMillis) > slot(nowMillis) - 10;
}

function naiveP95(seconds: readonly number[]): number | undefined {
  const sorted = seconds.toSorted((one, other) => one - other);
  return sorted[Math.ceil((sorted.length * 95) / 100) - 1];
}

function naiveShare(
  pauses: readonly Pause[],
  windowMillis: number,
  startMillis: number,
  nowMillis: number,
): number {
  const slotMillis = windowMillis / 10;
  const fromMillis = Math.max(startMillis, (Math.floor(nowMillis / slotMillis) - 9) * slotMillis);
  const sum = pauses
    .filter(pause => inWindow(pause, windowMillis, nowMillis))
    .reduce((total, { seconds }) => total + seconds, 0);
  return nowMillis === fromMillis ? 0 : Math.min(1, (sum * 1000) / (nowMillis - fromMillis));
}

const KINDS = [KIND.minor, KIND.major, KIND.incremental, KIND.weakcb];

/** From 2 µs to 100 s, evenly over the orders of magnitude. */
const pauseMillis = fc.double({ min: -2.7, max: 5, noNaN: true }).map(exponent => 10 ** exponent);

/** Steps of the clock, each followed by some pauses. */
const history = fc.array(
  fc.record({
    advanceMillis: fc.integer({ min: 0, max: 40_000 }),
    pauses: fc.array(fc.record({ kind: fc.constantFrom(...KINDS), millis: pauseMillis }), { maxLength: 40 }),
  }),
  { minLength: 1, maxLength: 30 },
);

describe('any history of pauses', () => {
  const { rig } = workshop();

  it('has the P95 of its exact order statistic within 1 %, its exact maximum and its exact share of the time', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 1e9 }), (steps, nowMillis) => {
        const watch = rig({ pauseWindowMillis: 120_000, pauseByType: true }, { nowMillis }).start();
        const told: (Pause & { readonly kind: number })[] = [];
        for (const { advanceMillis, pauses } of steps) {
          watch.clock.advance(advanceMillis);
          for (const { kind, millis } of pauses) {
            watch.collect({ kind, millis });
            told.push({ kind, seconds: millis / 1000, atMillis: watch.clock.nowMillis() });
          }
        }
        // To the next tick and no further.
        const sinceMillis = watch.clock.nowMillis() - nowMillis;
        watch.clock.advance(5_000 - (sinceMillis % 5_000));
        const now = watch.clock.nowMillis();
        const { pauses, pausesByType, utilization } = watch.summary;
        const live = told.filter(pause => inWindow(pause, 120_000, now));
        expectPauses(pauses, live);
        expectPauses(
          pausesByType?.minor,
          live.filter(({ kind }) => kind === KIND.minor),
        );
        expectPauses(
          pausesByType?.weakcb,
          live.filter(({ kind }) => kind === KIND.weakcb),
        );
        expect(utilization['1m']).to.be.closeTo(naiveShare(told, 60_000, nowMillis, now), 1e-9);
        expect(utilization['5m']).to.be.closeTo(naiveShare(told, 300_000, nowMillis, now), 1e-9);
        watch.instrumentation.disable();
      }),
      { numRuns: 150 },
    );
  });

  it('within 1 % as well where there are thousands, of every shape', () => {
    const shapes: Record<string, (index: number) => number> = {
      even: index => 0.1 + (index % 1_000) / 100,
      'heavy tail': index => 0.2 / (1 - ((index * 0.618_033_988_749) % 1)),
      'two humps': index => (index % 10 === 0 ? 80 : 0.4) * (1 + ((index * 7) % 13) / 100),
      equal: () => 3.3,
    };
    for (const [shape, millisOf] of Object.entries(shapes)) {
      const watch = rig().start();
      const seconds: number[] = [];
      for (let index = 0; index < 20_000; index += 1) {
        const millis = millisOf(index);
        seconds.push(millis / 1000);
        watch.collect({ millis });
        if (index % 100 === 0) watch.clock.advance(1);
      }
      watch.tick();
      const exact = naiveP95(seconds) ?? NaN;
      expect(watch.value('vitals.gc.pause.p95'), shape).to.be.closeTo(exact, exact * 0.01);
      expect(watch.value('vitals.gc.pause.max'), shape).to.equal(Math.max(...seconds));
      expect(watch.summary.pauses.count, shape).to.equal(20_000);
    }
  });
});

function expectPauses(
  read:
    | { readonly count: number; readonly p95Seconds: number | null; readonly maxSeconds: number | null }
    | undefined,
  live: readonly Pause[],
): void {
  const seconds = live.map(pause => pause.seconds);
  const exact = naiveP95(seconds);
  expect(read?.count).to.equal(seconds.length);
  if (exact === undefined) {
    expect(read).to.deep.include({ p95Seconds: null, maxSeconds: null });
  } else {
    expect(read?.p95Seconds).to.be.closeTo(exact, exact * 0.01);
    expect(read?.maxSeconds).to.equal(Math.max(...seconds));
  }
}
