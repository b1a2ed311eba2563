import { expect } from 'chai';
import { timed, timedAsync } from './candidate.js';

/** A watch that moves on with each operation. */
function work(): { millisEach: number; runs: number; readonly nowMillis: () => number; run(): void } {
  let nowMillis = 1_000;
  return {
    millisEach: 1,
    runs: 0,
    nowMillis: () => nowMillis,
    run() {
      this.runs += 1;
      nowMillis += this.millisEach;
    },
  };
}

describe('timed', () => {
  it('doubles the batch until it lasts, says what one operation took, and keeps the batch', () => {
    const task = work();
    const candidate = timed(
      'it',
      8,
      () => {
        task.run();
      },
      task.nowMillis,
    );
    expect(candidate.measure()).to.equal(0.001);
    expect(task.runs).to.equal(1 + 2 + 4);
    expect(candidate.measure()).to.equal(0.001);
    expect(task.runs).to.equal(7 + 4);
    task.millisEach = 0.25;
    expect(candidate.measure()).to.equal(0.00025);
    expect(task.runs).to.equal(11 + 4 + 8 + 16);
    task.millisEach = 100;
    expect(candidate.measure()).to.equal(0.1);
  });

  it('does the same for work that ends later, one after the other', async () => {
    const task = work();
    let running = 0;
    const candidate = timedAsync(
      'it',
      8,
      async () => {
        running += 1;
        expect(running).to.equal(1);
        await Promise.resolve();
        task.run();
        running -= 1;
      },
      task.nowMillis,
    );
    expect(await candidate.measure()).to.equal(0.001);
    expect(task.runs).to.equal(7);
  });
});
