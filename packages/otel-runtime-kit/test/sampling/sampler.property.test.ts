import { expect } from 'chai';
import fc from 'fast-check';
import { FakeClock } from 'test-helpers/fake-clock';
import { Sampler } from '../../src/sampling/sampler.js';

/** Where a task stands that was added at `addedMillis`. */
interface Tracked {
  readonly addedMillis: number;
  readonly intervalMillis: number;
  readonly runs: number[];
  readonly cancel: () => void;
  removedMillis: number | undefined;
}

type Step =
  | { readonly do: 'add'; readonly intervalMillis: number }
  | { readonly do: 'remove'; readonly which: number }
  | { readonly do: 'advance'; readonly millis: number }
  | { readonly do: 'jump'; readonly millis: number };

const interval = fc.oneof(
  fc.integer({ min: 10, max: 400 }),
  fc.constantFrom(10, 50, 100, 250, 1_000),
  fc.integer({ min: 1_000, max: 5_000 }),
);
const add = fc.record({ do: fc.constant('add' as const), intervalMillis: interval });
const remove = fc.record({ do: fc.constant('remove' as const), which: fc.nat({ max: 50 }) });
const advance = fc.record({
  do: fc.constant('advance' as const),
  millis: fc.integer({ min: 0, max: 3_000 }),
});
const jump = fc.record({ do: fc.constant('jump' as const), millis: fc.integer({ min: 0, max: 20_000 }) });

/** Once made a slow task wait for a whole interval of its own when a fast one was taken off. */
const slowAfterFast: Step[] = [
  { do: 'add', intervalMillis: 4_000 },
  { do: 'add', intervalMillis: 100 },
  { do: 'advance', millis: 3_000 },
  { do: 'remove', which: 1 },
  { do: 'advance', millis: 3_000 },
];

/** The tick that is nearest to a time; of two, the earlier one. */
function nearestTick(millis: number, tickMillis: number): number {
  // + 0 turns −0 into 0.
  return Math.ceil((millis - tickMillis / 2) / tickMillis) * tickMillis + 0;
}

function play(
  steps: readonly Step[],
  check: (clock: FakeClock, sampler: Sampler, all: Tracked[]) => void,
): void {
  const clock = new FakeClock();
  const sampler = new Sampler(clock);
  const all: Tracked[] = [];
  for (const step of steps) {
    if (step.do === 'add') {
      const runs: number[] = [];
      const { intervalMillis } = step;
      const cancel = sampler.add({ intervalMillis, run: nowMillis => runs.push(nowMillis) });
      all.push({ addedMillis: clock.nowMillis(), intervalMillis, runs, cancel, removedMillis: undefined });
    } else if (step.do === 'remove') {
      const tracked = all[step.which % Math.max(1, all.length)];
      tracked?.cancel();
      if (tracked !== undefined) tracked.removedMillis ??= clock.nowMillis();
    } else if (step.do === 'advance') clock.advance(step.millis);
    else clock.jump(step.millis);
    check(clock, sampler, all);
  }
}

/** One timer while there are tasks, at the smallest interval; none else. */
function expectOneTimer(clock: FakeClock, sampler: Sampler, all: readonly Tracked[]): void {
  const intervals = all.filter(task => task.removedMillis === undefined).map(task => task.intervalMillis);
  expect(sampler.taskCount).to.equal(intervals.length);
  expect(sampler.tickMillis).to.equal(intervals.length === 0 ? 0 : Math.min(...intervals));
  expect(clock.timerCount).to.equal(intervals.length === 0 ? 0 : 1);
}

describe('Sampler, any tasks at any time', () => {
  it('with all tasks added at once, runs the nth time at the tick nearest to n intervals', () => {
    fc.assert(
      fc.property(
        fc.array(interval, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 20_000 }),
        (intervals, endMillis) => {
          const tickMillis = Math.min(...intervals);
          play(
            [
              ...intervals.map(intervalMillis => ({ do: 'add', intervalMillis }) as const),
              { do: 'advance', millis: endMillis },
            ],
            (clock, _sampler, all) => {
              if (all.length < intervals.length || clock.nowMillis() < endMillis) return;
              for (const { intervalMillis, runs } of all) {
                const expected: number[] = [];
                for (let run = 0; ; run += 1) {
                  const atMillis = nearestTick(run * intervalMillis, tickMillis);
                  if (atMillis > endMillis) break;
                  expected.push(atMillis);
                }
                expect(runs).to.deep.equal(expected);
              }
            },
          );
        },
      ),
    );
  });

  it('with tasks that come and go, never runs one more than half an interval beside its schedule', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof<fc.Arbitrary<Step>[]>(add, remove, advance), { maxLength: 40 }),
        steps => {
          play(steps, (clock, sampler, all) => {
            expectOneTimer(clock, sampler, all);
            for (const { addedMillis, intervalMillis, runs, removedMillis } of all) {
              for (const [index, runMillis] of runs.entries()) {
                const dueMillis = addedMillis + index * intervalMillis;
                expect(Math.abs(runMillis - dueMillis)).to.be.at.most(index === 0 ? 0 : intervalMillis / 2);
              }
              // Nothing that should have been by now is missing.
              const untilMillis = removedMillis ?? clock.nowMillis();
              const latest = Math.floor((untilMillis - addedMillis - intervalMillis / 2) / intervalMillis);
              expect(runs.length).to.be.at.least(1 + Math.max(0, latest));
              if (removedMillis !== undefined) expect(runs.at(-1)).to.be.at.most(removedMillis);
            }
          });
        },
      ),
      { examples: [[slowAfterFast]] },
    );
  });

  it('with stalls as well, runs a task once at the end of one, and never more often than its interval allows', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(add, remove, advance, jump), { maxLength: 40 }), steps => {
        play(steps, (clock, sampler, all) => {
          expectOneTimer(clock, sampler, all);
          for (const { addedMillis, intervalMillis, runs, removedMillis } of all) {
            // Strictly rising but for a run at the very moment of being added: no two runs for one moment.
            for (const [index, runMillis] of runs.entries()) {
              if (index > 0) expect(runMillis).to.be.above(runs[index - 1]!);
            }
            const livedMillis = (removedMillis ?? clock.nowMillis()) - addedMillis;
            expect(runs.length).to.be.at.most(1 + Math.floor(livedMillis / intervalMillis + 0.5));
          }
        });
        // And whatever happened, everything goes on at its pace after it.
        const clock = new FakeClock();
        const sampler = new Sampler(clock);
        const runs: number[] = [];
        sampler.add({ intervalMillis: 100, run: nowMillis => runs.push(nowMillis) });
        for (const step of steps) if (step.do === 'jump') clock.jump(step.millis);
        const before = runs.length;
        clock.advance(1_000);
        expect(runs.length - before).to.be.within(9, 11);
      }),
    );
  });
});
