import { expect } from 'chai';
import { RingSeries, WindowMaximum, WindowQuantile, WindowSum } from '../../src/window/index.js';
import { retainedGrowth, TOLERATED_BYTES } from './retained-heap.js';

const ADDS = 200_000;

describe('windows', () => {
  const subjects = {
    RingSeries: new RingSeries(360),
    WindowSum: new WindowSum({ windowMillis: 300_000 }),
    WindowMaximum: new WindowMaximum({ windowMillis: 300_000 }),
    WindowQuantile: new WindowQuantile({ windowMillis: 300_000 }),
  };
  let clock = 0;
  for (const [name, subject] of Object.entries(subjects)) {
    it(`retain no heap over 600,000 adds: ${name}`, () => {
      const growth = retainedGrowth(() => {
        for (let i = 0; i < ADDS; i++) {
          clock += 5;
          if (subject instanceof RingSeries) subject.push(clock, i);
          else subject.add(clock, i / 7);
        }
      });
      expect(growth).to.be.below(TOLERATED_BYTES);
    });
  }
});
