import { expect } from 'chai';
import { FakeClock } from 'test-helpers/fake-clock';
import { Sampler } from '../../src/sampling/sampler.js';
import type { SamplerTask } from '../../src/sampling/sampler.js';

/** A task that notes when it ran. */
function recorded(intervalMillis: number): SamplerTask & { readonly runs: number[] } {
  const runs: number[] = [];
  return {
    intervalMillis,
    runs,
    run: nowMillis => {
      runs.push(nowMillis);
    },
  };
}

/** Numbers from `first` to `last` in steps. */
function steps(first: number, last: number, step: number): number[] {
  const all: number[] = [];
  for (let value = first; value <= last; value += step) all.push(value);
  return all;
}

describe('Sampler', () => {
  let clock: FakeClock;
  let sampler: Sampler;

  beforeEach(() => {
    clock = new FakeClock({ nowMillis: 1_000 });
    sampler = new Sampler(clock);
  });

  describe('intervals', () => {
    it('has no timer and no tick before the first task', () => {
      expect(sampler.taskCount).to.equal(0);
      expect(sampler.tickMillis).to.equal(0);
      expect(clock.timerCount).to.equal(0);
    });

    it('runs a task at once when it is added, with the time of the clock, and then at its interval', () => {
      const task = recorded(5_000);
      sampler.add(task);
      expect(task.runs).to.deep.equal([1_000]);
      expect(sampler.taskCount).to.equal(1);
      clock.advance(20_000);
      expect(task.runs).to.deep.equal([1_000, 6_000, 11_000, 16_000, 21_000]);
    });

    it('has one timer, at the smallest interval that anyone wants', () => {
      sampler.add(recorded(60_000));
      expect([sampler.tickMillis, clock.timerCount]).to.deep.equal([60_000, 1]);
      sampler.add(recorded(5_000));
      expect([sampler.tickMillis, clock.timerCount]).to.deep.equal([5_000, 1]);
      sampler.add(recorded(7_000));
      expect([sampler.tickMillis, clock.timerCount]).to.deep.equal([5_000, 1]);
      clock.advance(100_000);
      expect([sampler.tickMillis, clock.timerCount, sampler.taskCount]).to.deep.equal([5_000, 1, 3]);
    });

    it('runs each task at its own multiple of the tick', () => {
      const fast = recorded(1_000);
      const slow = recorded(3_000);
      sampler.add(slow);
      sampler.add(fast);
      clock.advance(12_000);
      expect(fast.runs).to.deep.equal(steps(1_000, 13_000, 1_000));
      expect(slow.runs).to.deep.equal(steps(1_000, 13_000, 3_000));
    });

    it('rounds an interval that is no multiple to the nearest tick, and is right in the long run', () => {
      const odd = recorded(2_500);
      sampler.add(recorded(1_000));
      sampler.add(odd);
      clock.advance(10_000);
      expect(odd.runs).to.deep.equal([1_000, 3_000, 6_000, 8_000, 11_000]);
      clock.advance(2_490_000);
      expect(odd.runs).to.have.lengthOf(1 + 1_000);
    });

    it('runs tasks of one tick in the order in which they were added', () => {
      const order: string[] = [];
      const named = (name: string): SamplerTask => ({ intervalMillis: 1_000, run: () => order.push(name) });
      for (const name of ['limit', 'kinds', 'count']) sampler.add(named(name));
      order.length = 0;
      clock.advance(1_000);
      expect(order).to.deep.equal(['limit', 'kinds', 'count']);
    });

    it('does not run a task twice in the tick in which another task adds it', () => {
      const inner = recorded(100);
      let added = false;
      sampler.add({
        intervalMillis: 1_000,
        run: nowMillis => {
          if (nowMillis === 1_000 || added) return;
          added = true;
          sampler.add(inner);
        },
      });
      clock.advance(1_250);
      expect(inner.runs).to.deep.equal([2_000, 2_100, 2_200]);
    });
  });

  describe('removal', () => {
    it('leaves nothing behind: no task, no timer, no tick', () => {
      const task = recorded(1_000);
      const cancels = [sampler.add(task), sampler.add(recorded(2_000))];
      clock.advance(3_000);
      for (const cancel of cancels) cancel();
      expect([sampler.taskCount, sampler.tickMillis, clock.timerCount]).to.deep.equal([0, 0, 0]);
      const runs = task.runs.length;
      clock.advance(60_000);
      expect(task.runs).to.have.lengthOf(runs);
    });

    it('takes effect once, however often it is asked for', () => {
      const cancel = sampler.add(recorded(1_000));
      const other = recorded(1_000);
      sampler.add(other);
      cancel();
      cancel();
      expect(sampler.taskCount).to.equal(1);
      clock.advance(2_000);
      expect(other.runs).to.deep.equal([1_000, 2_000, 3_000]);
    });

    it('slows the timer down to the smallest interval that is left', () => {
      const cancel = sampler.add(recorded(1_000));
      sampler.add(recorded(5_000));
      cancel();
      expect([sampler.tickMillis, clock.timerCount]).to.deep.equal([5_000, 1]);
    });

    it('does not make the tasks that stay slip', () => {
      const slow = recorded(60_000);
      sampler.add(slow);
      const cancel = sampler.add(recorded(5_000));
      clock.advance(58_000);
      cancel();
      clock.advance(122_000);
      expect(slow.runs).to.deep.equal([1_000, 61_000, 121_000, 181_000]);
    });

    it('by a task of itself or of one that has its turn later in the same tick, holds at once', () => {
      const victim = recorded(1_000);
      const cancels: (() => void)[] = [];
      const killer: SamplerTask = {
        intervalMillis: 1_000,
        run: nowMillis => {
          if (nowMillis === 3_000) for (const cancel of cancels) cancel();
        },
      };
      cancels.push(sampler.add(killer), sampler.add(victim));
      clock.advance(5_000);
      expect(victim.runs).to.deep.equal([1_000, 2_000]);
      expect([sampler.taskCount, clock.timerCount]).to.deep.equal([0, 0]);
    });

    it('lets the same task be added again later', () => {
      const task = recorded(1_000);
      sampler.add(task)();
      clock.advance(500);
      sampler.add(task);
      clock.advance(1_000);
      expect(task.runs).to.deep.equal([1_000, 1_500, 2_500]);
    });
  });

  describe('a clock that misbehaves', () => {
    it('after a stall, runs each task that is due once and does not catch up', () => {
      const fast = recorded(1_000);
      const slow = recorded(60_000);
      sampler.add(fast);
      sampler.add(slow);
      clock.jump(600_000);
      expect(fast.runs).to.deep.equal([1_000, 601_000]);
      expect(slow.runs).to.deep.equal([1_000, 601_000]);
      clock.advance(60_000);
      expect(fast.runs.slice(1)).to.deep.equal(steps(601_000, 661_000, 1_000));
      expect(slow.runs.slice(1)).to.deep.equal([601_000, 661_000]);
    });

    it('loses no run to timers that fire late, and stays with the time that really passed', () => {
      const every = recorded(1_000);
      const fifth = recorded(5_000);
      sampler.add(every);
      sampler.add(fifth);
      const ticks = 3_000;
      for (let tick = 1; tick <= ticks; tick += 1) clock.jump(1_003);
      expect(every.runs).to.deep.equal(steps(1_000, 1_000 + ticks * 1_003, 1_003));
      const passedMillis = ticks * 1_003;
      expect(fifth.runs).to.have.lengthOf(1 + Math.floor(passedMillis / 5_000));
      for (const [index, runMillis] of fifth.runs.entries()) {
        expect(Math.abs(runMillis - (1_000 + index * 5_000))).to.be.at.most(502);
      }
    });

    it('loses no run to timers that fire early', () => {
      // Timers of whole milliseconds under a clock with fractions: each fires 0.4 ms before the task is due.
      const task = recorded(10.4);
      const early = {
        nowMillis: () => clock.nowMillis(),
        epochMillis: () => clock.epochMillis(),
        repeat: (millis: number, run: () => void) => clock.repeat(Math.floor(millis), run),
        later: (millis: number, run: () => void) => clock.later(Math.floor(millis), run),
      };
      new Sampler(early).add(task);
      clock.advance(104_000);
      // 10,000 intervals in 10,400 ticks.
      expect(task.runs).to.have.lengthOf(1 + 10_000);
    });
  });

  describe('a task that throws', () => {
    it('does not stop the others, itself or the caller', () => {
      const before = recorded(1_000);
      const after = recorded(1_000);
      let thrown = 0;
      sampler.add(before);
      expect(() =>
        sampler.add({
          intervalMillis: 1_000,
          run: () => {
            thrown += 1;
            throw new Error('a task of ours is broken');
          },
        }),
      ).not.to.throw();
      sampler.add(after);
      clock.advance(3_000);
      expect(thrown).to.equal(4);
      expect(before.runs).to.deep.equal([1_000, 2_000, 3_000, 4_000]);
      expect(after.runs).to.deep.equal([1_000, 2_000, 3_000, 4_000]);
    });

    it('when it was deferred, does not reach the timer that runs it', () => {
      let ran = 0;
      sampler.defer(10, () => {
        ran += 1;
        throw new Error('a deferred run of ours is broken');
      });
      expect(() => {
        clock.advance(10);
      }).not.to.throw();
      expect(ran).to.equal(1);
    });
  });

  describe('defer', () => {
    it('runs once after the delay', () => {
      const runs: number[] = [];
      sampler.defer(2, () => runs.push(clock.nowMillis()));
      clock.advance(1);
      expect(runs).to.deep.equal([]);
      clock.advance(10);
      expect(runs).to.deep.equal([1_002]);
      expect(clock.timerCount).to.equal(0);
    });

    it('can be called off, also twice', () => {
      const runs: number[] = [];
      const cancel = sampler.defer(2, () => runs.push(clock.nowMillis()));
      cancel();
      cancel();
      expect(clock.timerCount).to.equal(0);
      clock.advance(10);
      expect(runs).to.deep.equal([]);
    });
  });

  describe('around', () => {
    it('wraps each tick once, the first run of a task, and each deferred run', () => {
      const log: string[] = [];
      const wrapped = new Sampler(clock, run => {
        log.push('enter');
        run();
        log.push('leave');
      });
      const named = (name: string): SamplerTask => ({ intervalMillis: 1_000, run: () => log.push(name) });
      wrapped.add(named('a'));
      wrapped.add(named('b'));
      expect(log.splice(0)).to.deep.equal(['enter', 'a', 'leave', 'enter', 'b', 'leave']);
      clock.advance(1_000);
      expect(log.splice(0)).to.deep.equal(['enter', 'a', 'b', 'leave']);
      wrapped.defer(10, () => log.push('deferred'));
      clock.advance(10);
      expect(log).to.deep.equal(['enter', 'deferred', 'leave']);
    });
  });
});
