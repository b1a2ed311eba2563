import { expect } from 'chai';
import fc from 'fast-check';
import { RotatingSlots } from '../../src/window/rotating-slots.js';
import { NaiveWindow, slotShape, steps } from './naive-window.js';

function arraySlots(windowMillis: number, slotCount: number): RotatingSlots<number[]> {
  return new RotatingSlots<number[]>({
    windowMillis,
    slotCount,
    create: () => [],
    reset: slot => {
      slot.length = 0;
    },
  });
}

function live(slots: RotatingSlots<number[]>, nowMillis: number): number[] {
  const values: number[] = [];
  slots.forEachLive(nowMillis, slot => values.push(...slot));
  return values;
}

describe('RotatingSlots', () => {
  it('holds, in order, exactly what the slot rule leaves of an array that keeps everything', () => {
    fc.assert(
      fc.property(slotShape, steps(fc.nat()), fc.boolean(), ({ slotMillis, slotCount }, all, readOften) => {
        const slots = arraySlots(slotMillis * slotCount, slotCount);
        const naive = new NaiveWindow(slotMillis, slotCount);
        let clock = 0;
        for (const { stepMillis, value } of all) {
          clock += stepMillis;
          slots.current(clock).push(value);
          naive.add(clock, value);
          if (readOften) expect(live(slots, clock)).to.deep.equal(naive.live(clock));
        }
        for (const later of [0, 1, slotMillis, slotMillis * slotCount - 1, slotMillis * slotCount]) {
          expect(live(slots, clock + later)).to.deep.equal(naive.live(clock + later));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('shows a value for (slotCount - 1) / slotCount of a window at least, and less than one window', () => {
    fc.assert(
      fc.property(slotShape, fc.nat({ max: 1e9 }), fc.double({ min: 0, max: 1 }), (shape, at, share) => {
        const windowMillis = shape.slotMillis * shape.slotCount;
        const seenAfter = (later: number): number[] => {
          const slots = arraySlots(windowMillis, shape.slotCount);
          slots.current(at).push(7);
          return live(slots, at + later);
        };
        expect(seenAfter(Math.floor(share * (windowMillis - shape.slotMillis)))).to.deep.equal([7]);
        expect(seenAfter(windowMillis)).to.deep.equal([]);
        expect(seenAfter(windowMillis * 1000 + 1)).to.deep.equal([]);
      }),
    );
  });

  it('holds what is added right after an idle period of many windows, and nothing from before it', () => {
    for (const idleMillis of [1000, 1001, 2000, 10_000, 999_999, 86_400_000_000]) {
      const slots = arraySlots(1000, 5);
      for (let now = 0; now < 1000; now += 100) slots.current(now).push(1);
      const after = 900 + idleMillis;
      for (let i = 0; i < 10; i++) slots.current(after).push(2);
      expect(live(slots, after), `idle for ${idleMillis} ms`).to.deep.equal(Array<number>(10).fill(2));
    }
  });

  it('is empty when read after an idle period, without anything added', () => {
    const slots = arraySlots(1000, 5);
    slots.current(500).push(1);
    expect(live(slots, 3_600_000)).to.deep.equal([]);
  });

  it('makes every slot on its own and only resets one that is used again', () => {
    let created = 0;
    const reset: number[] = [];
    const slots = new RotatingSlots({
      windowMillis: 400,
      slotCount: 4,
      create: () => ({ id: created++ }),
      reset: slot => reset.push(slot.id),
    });
    const ids = [0, 100, 200, 300, 399, 400].map(now => slots.current(now).id);
    expect(created).to.equal(4);
    expect(ids).to.deep.equal([0, 1, 2, 3, 3, 0]);
    expect(reset).to.deep.equal([0, 1, 2, 3, 0]);
  });

  it('takes a time that goes backwards, or is no finite number, for the latest seen', () => {
    const slots = arraySlots(1000, 4);
    slots.current(5000).push(1);
    for (const now of [4999, 0, -1, NaN, Infinity, -Infinity, Number.MAX_VALUE]) slots.current(now).push(2);
    expect(live(slots, 5000)).to.deep.equal([1, 2, 2, 2, 2, 2, 2, 2]);
    expect(live(slots, 5999)).to.have.length(8);
    expect(live(slots, 6000)).to.deep.equal([]);
    expect(live(slots, 5000), 'read at an earlier time again').to.deep.equal([]);
  });

  it('takes such a time for 0 while no other has been seen', () => {
    const slots = arraySlots(1000, 4);
    slots.current(NaN).push(1);
    slots.current(-5).push(2);
    expect(live(slots, 999)).to.deep.equal([1, 2]);
    expect(live(slots, 1000)).to.deep.equal([]);
  });

  it('tumbles with a single slot', () => {
    const slots = arraySlots(100, 1);
    slots.current(10).push(1);
    slots.current(99).push(2);
    expect(live(slots, 99)).to.deep.equal([1, 2]);
    slots.current(100).push(3);
    expect(live(slots, 100)).to.deep.equal([3]);
  });

  it('says what span the live slots cover', () => {
    const slots = arraySlots(1000, 4);
    expect(
      [0, 600, 999, 1000, 1249, 1250, 900, 86_400_130].map(now => slots.coveredMillis(now)),
    ).to.deep.equal([0, 600, 999, 750, 999, 750, 750, 880]);
  });

  it('names an option that is impossible', () => {
    for (const windowMillis of [0, -1, NaN, Infinity]) {
      expect(() => arraySlots(windowMillis, 4)).to.throw(
        RangeError,
        `RotatingSlots: windowMillis must be a finite number > 0, got ${windowMillis}`,
      );
    }
    for (const slotCount of [0, -1, 2.5, NaN, Infinity]) {
      expect(() => arraySlots(1000, slotCount)).to.throw(
        RangeError,
        `RotatingSlots: slotCount must be a whole number >= 1, got ${slotCount}`,
      );
    }
  });
});
