import { expect } from 'chai';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';
import { systemClock } from '../../src/sampling/clock.js';

const kit = join(repositoryRoot, 'packages/otel-runtime-kit');
const sampling = join(kit, 'dist/src/sampling');
const fixture = (name: string): string => join(kit, 'test/fixtures', name);

describe('systemClock', () => {
  it('tells the monotonic time of the process', () => {
    const outside = (): number => Number(process.hrtime.bigint()) / 1e6;
    const before = outside();
    const first = systemClock.nowMillis();
    const between = outside();
    const second = systemClock.nowMillis();
    const after = outside();
    // Only differences mean anything, and they agree with those of process.hrtime.
    expect(second - first).to.be.within(0, after - before + 1e-3);
    expect(between - before).to.be.at.least(0);
  });

  it('tells the time of day', () => {
    const before = Date.now();
    const now = systemClock.epochMillis();
    expect(now).to.be.within(before, Date.now());
  });

  it('calls back again and again until it is cancelled', async () => {
    let calls = 0;
    await new Promise<void>(resolve => {
      const cancel = systemClock.repeat(1, () => {
        calls += 1;
        if (calls < 3) return;
        cancel();
        cancel();
        // Several times the interval of the cancelled one.
        systemClock.later(10, resolve);
      });
    });
    expect(calls).to.equal(3);
  });

  it('calls back once, or not at all if it is cancelled', async () => {
    const calls: string[] = [];
    const cancel = systemClock.later(1, () => calls.push('cancelled'));
    cancel();
    cancel();
    await new Promise<void>(resolve => {
      systemClock.later(1, () => {
        calls.push('kept');
        systemClock.later(10, resolve);
      });
    });
    expect(calls).to.deep.equal(['kept']);
  });

  it('does not keep a process alive, as a timer would that is not unref’d', async () => {
    for (const [kind, timers] of [
      ['unref', 0],
      ['ref', 1],
    ] as const) {
      const { code, signal, stdout } = await runFixture(fixture('clock-ends-by-itself.cjs'), {
        args: [sampling, kind],
      });
      // It ended by itself: the fixture runner kills what does not.
      expect({ code, signal, stdout }).to.deep.equal({
        code: 0,
        signal: null,
        stdout: `timers: ${timers}\n`,
      });
    }
  });

  it('goes on when the global timers and clocks are replaced', async () => {
    const { code, stdout, stderr } = await runFixture(fixture('clock-under-fake-timers.cjs'), {
      args: [sampling],
    });
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    const seen = JSON.parse(stdout) as Record<
      'ticks' | 'passedMillis' | 'outsideMillis' | 'epochMillis',
      number
    >;
    expect(seen.ticks).to.equal(3);
    expect(seen.passedMillis).to.be.within(10, seen.outsideMillis + 1e-3);
    expect(seen.epochMillis).to.be.above(1_700_000_000_000);
  });
});
