import { expect } from 'chai';
import fc from 'fast-check';
import { EffectBudget } from '../../src/gc/effect-budget.js';

const START_MILLIS = 1_000;

describe('the budget of measured collections', () => {
  let budget: EffectBudget;

  beforeEach(() => {
    budget = new EffectBudget(4, START_MILLIS);
  });

  function spend(gcs: number): void {
    for (let gc = 0; gc < gcs; gc += 1) budget.spend();
  }

  /** How many more it allows for. */
  function left(): number {
    let gcs = 0;
    for (; !budget.isSpent; gcs += 1) budget.spend();
    return gcs;
  }

  it('begins with the savings of 25 seconds, for the bursts of a start', () => {
    expect(budget.isFull).to.equal(true);
    expect(left()).to.equal(100);
  });

  it('is enough to begin anew after five seconds', () => {
    spend(100);
    budget.refill(START_MILLIS + 4_999);
    expect(budget.isEnough).to.equal(false);
    budget.refill(START_MILLIS + 5_000);
    expect(budget.isEnough).to.equal(true);
    expect(budget.isFull).to.equal(false);
    expect(left()).to.equal(20);
  });

  it('lets pauses be of other lengths each, 5 s on average', () => {
    const lengths: number[] = [];
    let nowMillis = START_MILLIS;
    for (let pause = 0; pause < 200; pause += 1) {
      budget.refill(nowMillis);
      left();
      budget.beginPause();
      const beginMillis = nowMillis;
      while (!budget.isEnough) budget.refill((nowMillis += 1));
      lengths.push(nowMillis - beginMillis);
    }
    expect(Math.min(...lengths)).to.be.within(2_490, 2_700);
    expect(Math.max(...lengths)).to.be.within(7_300, 7_760);
    // With what is paid off of the last one of a portion.
    expect(lengths.reduce((sum, each) => sum + each) / 200).to.be.closeTo(5_125, 60);
    expect(new Set(lengths).size).to.be.above(30);
  });

  it('saves up for no more than 25 seconds', () => {
    spend(99);
    budget.refill(START_MILLIS + 3_600_000);
    expect(left()).to.equal(100);
  });

  it('owes no more than one minute, whatever a turn of the loop has cost', () => {
    spend(100_000);
    budget.refill(START_MILLIS + 60_000);
    expect(budget.isSpent).to.equal(true);
    budget.refill(START_MILLIS + 65_000);
    expect(budget.isEnough).to.equal(true);
  });

  it('takes a time that goes backwards for the latest', () => {
    spend(100);
    budget.refill(0);
    expect(budget.isSpent).to.equal(true);
    budget.refill(START_MILLIS);
    // It has counted from the time it was told last.
    expect(left()).to.be.at.most(4);
  });

  it('never allows for more than the rate and the first savings, in whatever steps time goes on', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 50 }), steps => {
        budget = new EffectBudget(4, START_MILLIS);
        let nowMillis = START_MILLIS;
        let spent = left();
        for (const step of steps) {
          budget.refill((nowMillis += step));
          spent += left();
        }
        // What is spent last may be a part of one.
        expect(spent).to.be.at.most(100 + Math.ceil((4 * (nowMillis - START_MILLIS)) / 1_000) + 1);
      }),
    );
  });
});
