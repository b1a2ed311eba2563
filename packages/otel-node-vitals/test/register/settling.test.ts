import { expect } from 'chai';
import { FakeClock } from 'test-helpers/fake-clock';
import { whenSettled } from '../../src/register/settling.js';

function settled(clock: FakeClock): { at: number | undefined; cancel: () => void } {
  const state: { at: number | undefined; cancel: () => void } = { at: undefined, cancel: () => {} };
  state.cancel = whenSettled(100, () => (state.at = clock.nowMillis()), clock);
  return state;
}

describe('waiting until the event loop is free', () => {
  it('takes the delay where nothing holds it up', () => {
    const clock = new FakeClock();
    const state = settled(clock);
    clock.advance(99);
    expect(state.at).to.equal(undefined);
    clock.advance(1);
    expect(state.at).to.equal(100);
    expect(clock.timerCount).to.equal(0);
  });

  it('starts again when its timer came late, as while modules are loaded', () => {
    const clock = new FakeClock();
    const state = settled(clock);
    clock.jump(2_000);
    expect(state.at).to.equal(undefined);
    clock.jump(151);
    expect(state.at).to.equal(undefined);
    clock.jump(150);
    expect(state.at).to.equal(2_301);
  });

  it('gives up waiting in a process that is busy for good', () => {
    const clock = new FakeClock();
    const state = settled(clock);
    for (let turn = 1; turn < 20; turn += 1) clock.jump(500);
    expect(state.at).to.equal(undefined);
    clock.jump(500);
    expect(state.at).to.equal(10_000);
  });

  it('can be called off, also after it has started again', () => {
    const clock = new FakeClock();
    const [first, second] = [settled(clock), settled(clock)];
    first.cancel();
    clock.jump(2_000);
    second.cancel();
    expect(clock.timerCount).to.equal(0);
    clock.advance(1_000);
    expect([first.at, second.at]).to.deep.equal([undefined, undefined]);
  });
});
