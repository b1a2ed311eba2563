import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { diagLines } from 'test-helpers/diag-lines';
import { dropListener } from '../../src/accounting/drop-listener.js';
import type { Drop } from '../../src/accounting/drop-listener.js';

const full = (count: number): Drop => ({ signal: 'log', count, reason: 'queue_full' });

describe('the listener for drops', () => {
  afterEach(() => {
    diag.disable();
  });

  it('is told of each drop, at once', () => {
    const told: Drop[] = [];
    const listener = dropListener(drop => told.push(drop));
    listener(full(1));
    listener(full(2));
    expect(told).to.deep.equal([full(1), full(2)]);
  });

  it('may throw or reject: that is said once, and goes no further', async () => {
    const lines = diagLines();
    let calls = 0;
    const listener = dropListener(() => {
      calls += 1;
      if (calls === 1) throw new Error('thrown');
      return Promise.reject(new Error('rejected'));
    });
    listener(full(1));
    listener(full(1));
    await nextTurn();
    expect(calls).to.equal(2);
    expect(lines).to.deep.equal(['error telemetry-flush-guard: onDrop failed (said once) Error: thrown']);
  });

  it('is told with the next drop of what its own doing drops, and all in all of each item once', () => {
    let told = 0;
    let dropped = 0;
    let depth = 0;
    let deepest = 0;
    const listener = dropListener(({ count }) => {
      depth += 1;
      deepest = Math.max(deepest, depth);
      told += count;
      dropped += 1;
      // As when it logs through the very queue that is full.
      listener(full(1));
      depth -= 1;
    });
    for (let index = 0; index < 10; index += 1) {
      dropped += 1;
      listener(full(1));
    }
    expect(deepest).to.equal(1);
    expect(dropped - told, 'the last one waits for the next').to.equal(1);
  });

  it('may be missing', () => {
    dropListener(undefined)(full(1));
  });
});
