import { expect } from 'chai';
import { join } from 'node:path';
import { FakeClock } from 'test-helpers/fake-clock';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';
import { secondCopy } from '../fixtures/second-copy.js';
import { createSamplingRuntime, processState } from '../../src/otel/sampling-runtime.js';
import { systemClock } from '../../src/sampling/index.js';

const kit = join(repositoryRoot, 'packages/otel-runtime-kit');
const fixture = (name: string): string => join(kit, 'test/fixtures', name);

describe('sampling runtime', () => {
  it('has a clock, a sampler on it and accounts of its own', () => {
    const clock = new FakeClock();
    const runtime = createSamplingRuntime(clock);
    const cancel = runtime.sampler.add({ intervalMillis: 50, run: () => {} });
    expect([clock.timerCount, runtime.sampler.tickMillis]).to.deep.equal([1, 50]);
    cancel();
    expect(clock.timerCount).to.equal(0);
    expect(runtime.clock).to.equal(clock);
    expect(runtime.readings.costs.size).to.equal(0);
    const other = createSamplingRuntime(clock);
    expect(other.sampler).not.to.equal(runtime.sampler);
    expect(other.readings).not.to.equal(runtime.readings);
  });

  it('of the process is one, on the real clock, and starts nothing', () => {
    const state = processState();
    expect(processState()).to.equal(state);
    expect(state.protocol).to.equal(1);
    expect(state.runtime.clock).to.equal(systemClock);
    expect(state.runtime.sampler.taskCount).to.equal(0);
  });

  describe('with two copies of the package in one process', () => {
    const copy = secondCopy();

    it('is shared: one sampler with one timer, one set of accounts, one set of sampler metrics', async () => {
      const { code, stdout, stderr } = await runFixture(fixture('two-copies.cjs'), {
        args: [join(kit, 'dist/src'), copy.path],
      });
      expect(stderr).to.equal('');
      expect(code).to.equal(0);
      expect(JSON.parse(stdout)).to.deep.equal({
        copiesAreDifferent: true,
        sameState: true,
        sameSampler: true,
        sameReadings: true,
        timersBefore: 0,
        timersWithOne: 1,
        timersWithBoth: 1,
        tickWithOne: 300_000,
        tickWithBoth: 200_000,
        tasks: 2,
        instruments: {
          'from first': 1,
          'from second': 1,
          'vitals.sampler.errors': 1,
          'vitals.sampler.ticks': 1,
          'vitals.sampler.time': 1,
        },
        ticks: { first: 1, second: 1 },
        callbacksAfterFirstStopped: 4,
        timersAfterFirstStopped: 1,
        callbacksAfterBothStopped: 0,
        timersAfterBothStopped: 0,
      });
    });
  });

  describe('where something else has its place', () => {
    for (const present of ['{"protocol":2}', '{"protocol":"1"}', '{}', 'null', '"text"', '0']) {
      it(`leaves ${present} alone and keeps to itself`, async () => {
        const { code, stdout, stderr } = await runFixture(fixture('foreign-state.cjs'), {
          args: [join(kit, 'dist/src'), present],
        });
        expect(stderr).to.equal('');
        expect(code).to.equal(0);
        expect(JSON.parse(stdout)).to.deep.equal({
          ownProtocol: 1,
          isForeign: false,
          sameEachTime: true,
          foreignStays: true,
          foreignUnchanged: true,
          touched: present.startsWith('{') ? ['protocol'] : [],
          worked: 1,
        });
      });
    }
  });
});
