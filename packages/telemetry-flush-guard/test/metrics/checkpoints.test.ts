import { expect } from 'chai';
import fc from 'fast-check';
import { FakeClock } from 'test-helpers/fake-clock';
import { Checkpoints } from '../../src/metrics/checkpoints.js';

interface Ticks {
  readonly clock: FakeClock;
  readonly checkpoints: Checkpoints;
  /** When, in which interval, and whether one was over. */
  readonly seen: [atMillis: number, window: number, isLast: boolean][];
}

function ticksEvery(checkpointIntervalMillis: number, exportIntervalMillis: number): Ticks {
  const clock = new FakeClock({ nowMillis: 5_000 });
  const seen: Ticks['seen'] = [];
  const options = { checkpointIntervalMillis, exportIntervalMillis };
  const checkpoints = new Checkpoints(options, clock, isLast => {
    seen.push([clock.nowMillis() - 5_000, checkpoints.window, isLast]);
  });
  return { clock, checkpoints, seen };
}

describe('checkpoints', () => {
  it('are made at each interval, and the one at the end of an export interval belongs to it', () => {
    const { clock, seen } = ticksEvery(10, 30);
    clock.advance(75);
    expect(seen).to.deep.equal([
      [10, 0, false],
      [20, 0, false],
      [30, 0, true],
      [40, 1, false],
      [50, 1, false],
      [60, 1, true],
      [70, 2, false],
    ]);
  });

  it('may be as rare as exports', () => {
    const { clock, seen } = ticksEvery(30, 30);
    clock.advance(90);
    expect(seen).to.deep.equal([
      [30, 0, true],
      [60, 1, true],
      [90, 2, true],
    ]);
  });

  it('end each export interval once, at about its end, whatever the two intervals are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 200 }), (checkpoint, more) => {
        const every = checkpoint + more;
        const { clock, seen } = ticksEvery(checkpoint, every);
        clock.advance(20 * every);
        const ends = seen.filter(([, , isLast]) => isLast);
        expect(ends.map(([, window]) => window)).to.deep.equal(ends.map((_, index) => index));
        expect(ends.length).to.be.within(19, 20);
        for (const [at, window] of ends)
          expect(Math.abs(at - (window + 1) * every)).to.be.at.most(checkpoint / 2 + 0.5);
      }),
    );
  });

  it('go on after a sleep of the machine where they would be without it, and tell of the interval that has ended', () => {
    const { clock, seen } = ticksEvery(10, 30);
    clock.advance(20);
    clock.jump(100_003);
    clock.advance(20);
    expect(seen).to.deep.equal([
      [10, 0, false],
      [20, 0, false],
      [100_023, 3_333, true],
      [100_030, 3_334, false],
      [100_040, 3_334, false],
    ]);
  });

  it('are not made twice if a timer is early', () => {
    const clock = new FakeClock();
    let early = 0;
    let count = 0;
    const eager = Object.assign(clock, {
      later: (delayMillis: number, callback: () => void): (() => void) =>
        FakeClock.prototype.later.call(clock, delayMillis - early, callback),
    });
    new Checkpoints({ checkpointIntervalMillis: 10, exportIntervalMillis: 10 }, eager, () => (count += 1));
    early = 0.4;
    clock.advance(100);
    expect(count).to.equal(10);
  });

  it('stop', () => {
    const { clock, checkpoints, seen } = ticksEvery(10, 30);
    clock.advance(15);
    checkpoints.stop();
    clock.advance(100);
    expect(seen).to.have.length(1);
    expect(clock.timerCount).to.equal(0);
  });
});
