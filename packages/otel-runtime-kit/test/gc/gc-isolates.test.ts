import { expect } from 'chai';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';
import { secondCopy } from '../fixtures/second-copy.js';

const kit = join(repositoryRoot, 'packages/otel-runtime-kit');
const fixture = (name: string): string => join(kit, 'test/fixtures', name);

interface Told {
  readonly forced: number;
  readonly minor: number;
  readonly state: unknown;
  readonly reclaimed: number;
}

describe('the source of collections of an isolate', () => {
  it('tells of its own collections only, and ends with its thread', async () => {
    const { code, stdout, stderr } = await runFixture(fixture('gc-worker.cjs'), {
      args: [join(kit, 'dist/src/otel')],
      nodeArgs: ['--expose-gc'],
    });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const { own, others, code: workerCode } = JSON.parse(stdout) as { own: Told; others: Told; code: number };
    expect(workerCode).to.equal(1);
    for (const { state } of [own, others]) expect(state).to.have.property('pauses', 'observer');
    expect([own.forced, others.forced]).to.deep.equal([3, 5]);
    // 100 MB, of which the young generation holds 32 MB at most.
    expect(others.minor).to.be.at.least(3);
    expect(others.reclaimed).to.be.within(50_000_000, 110_000_000);
    expect(own.minor).to.be.below(3);
    expect(own.reclaimed).to.be.below(10_000_000);
  });

  describe('with two copies of the package', () => {
    const copy = secondCopy();

    it('is one: one observer, one recording, one task of one sampler', async () => {
      const { code, stdout, stderr } = await runFixture(fixture('gc-two-copies.cjs'), {
        args: [join(kit, 'dist/src'), copy.path],
        nodeArgs: ['--expose-gc'],
      });
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).to.deep.equal({
        copiesAreDifferent: true,
        sameSource: true,
        isOfTheFirst: true,
        beganWithBoth: { observers: 1, recordings: 1 },
        told: { a: 1, b: 1 },
        tasks: 1,
        stateAfter: { pauses: 'off', heapEffects: 'off' },
      });
    });
  });
});
