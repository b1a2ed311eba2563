import { expect } from 'chai';
import { EndpointGate } from '../../src/delivery/endpoint-gate.js';

const WAITS = { retryFirstMillis: 1_000, retryLongestMillis: 60_000 };

describe('the gate of an endpoint', () => {
  let now = 0;
  const gateOf = (random = () => 0.999_999): EndpointGate => new EndpointGate(WAITS, random, () => now);
  const failure = { outcome: 'retry', why: 'down' } as const;

  beforeEach(() => {
    now = 1_000_000;
  });

  it('is open, and many may be on their way, until an attempt fails', () => {
    const gate = gateOf();
    expect([gate.enter(), gate.enter(), gate.hasFailed, gate.waitMillis]).to.deep.equal([
      true,
      true,
      false,
      0,
    ]);
    gate.leave({ outcome: 'delivered' });
    expect(gate.waitMillis).to.equal(0);
  });

  it('is closed for up to twice as long after each failure, and no longer than the longest wait', () => {
    const gate = gateOf();
    const waits = Array.from({ length: 9 }, () => {
      gate.leave(failure);
      return gate.waitMillis;
    });
    expect(waits).to.deep.equal([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    now += 59_999;
    expect(gate.waitMillis).to.equal(1);
    gate.leave({ outcome: 'delivered' });
    expect([gate.hasFailed, gate.waitMillis]).to.deep.equal([false, 0]);
  });

  it('spreads those who come back over the whole of the wait', () => {
    let step = 0;
    const gate = gateOf(() => (step += 1) / 11);
    const waits = Array.from({ length: 10 }, () => {
      gate.leave(failure);
      const { waitMillis } = gate;
      gate.leave({ outcome: 'delivered' });
      return waitMillis;
    });
    expect(waits).to.deep.equal(waits.map((_, index) => Math.ceil(((index + 1) * 1_000) / 11)));
  });

  it('lets one go ahead after a failure; the others wait for what becomes of it, and go if it comes through', async () => {
    const gate = gateOf();
    gate.leave(failure);
    expect(gate.enter()).to.equal(true);
    const others = [gate.enter(), gate.enter()];
    gate.leave({ outcome: 'delivered' });
    expect([await others[0], await others[1]]).to.deep.equal([true, true]);

    gate.leave(failure);
    expect(gate.enter()).to.equal(true);
    const other = gate.enter();
    gate.leave(failure);
    expect(await other).to.equal(false);
    expect(gate.enter(), 'the next one').to.equal(true);
  });

  it('does not wait for one that has gone ahead and found nothing to send', async () => {
    const gate = gateOf();
    gate.leave(failure);
    expect(gate.enter()).to.equal(true);
    const other = gate.enter();
    gate.leave(undefined);
    expect(await other).to.equal(false);
    expect(gate.hasFailed).to.equal(true);
    expect(gate.enter()).to.equal(true);
  });

  it('is held for as long as the endpoint asks, a day at most, and nobody gets in', () => {
    const gate = gateOf();
    gate.leave({ ...failure, afterMillis: 30_000 });
    expect([gate.isHeld, gate.waitMillis, gate.enter()]).to.deep.equal([true, 30_000, false]);
    now += 30_000;
    expect([gate.isHeld, gate.waitMillis, gate.enter()]).to.deep.equal([false, 0, true]);
    gate.leave({ ...failure, afterMillis: 1e12 });
    expect(gate.waitMillis).to.equal(86_400_000);
    now += 86_400_000;
    gate.leave({ ...failure, afterMillis: 0 });
    expect(gate.isHeld, 'asked to come back at once').to.equal(false);
    expect(gate.waitMillis, 'and waits all the same').to.equal(4_000);
  });

  it('stays held when an attempt from before comes through', () => {
    const gate = gateOf();
    gate.leave({ ...failure, afterMillis: 30_000 });
    gate.leave({ outcome: 'delivered' });
    expect([gate.hasFailed, gate.isHeld, gate.waitMillis, gate.enter()]).to.deep.equal([
      false,
      true,
      30_000,
      false,
    ]);
  });

  it('is opened by whatever is an answer', () => {
    for (const outcome of ['refused', 'too_large'] as const) {
      const gate = gateOf();
      gate.leave(failure);
      gate.leave({ outcome, why: 'it says' });
      expect(gate.hasFailed, outcome).to.equal(false);
    }
  });
});
