import { expect } from 'chai';
import fc from 'fast-check';
import { FakeMachine, MIB, V2_FILES, mountLine, mountLineV1, v1Files } from './fake-machine.js';

const HOST_BYTES = 16n * 1024n ** 3n;

const spelling = fc.oneof(
  fc.integer({ min: 1, max: 20 * 1024 }).map(mebibytes => `${mebibytes * MIB}`),
  fc.bigInt({ min: 0n, max: 2n ** 64n }).map(String),
  fc.constantFrom('max', '0', '', 'garbage', '-5', '9223372036854771712', '1e9'),
);

/** In arbitrary precision and without a single shared line. */
function naiveLimit(spellings: readonly string[]): number | null {
  const limits = spellings
    .filter(text => /^\d+$/.test(text))
    .map(BigInt)
    .filter(bytes => bytes > 0n && bytes <= HOST_BYTES)
    .sort((a, b) => (a < b ? -1 : 1));
  return limits[0] === undefined ? null : Number(limits[0]);
}

describe('CgroupMemory over any chain of cgroups', () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => {
    machine.cleanUp();
  });

  const chain = fc.array(spelling, { minLength: 1, maxLength: 6 });
  const pathOf = (depth: number): string => '/level'.repeat(depth);

  it('has the naive minimum as its limit and as its soft line on v2', () => {
    let tree = 0;
    fc.assert(
      fc.property(chain, chain, (limits, highs) => {
        tree += 1;
        machine.proc(`0::/${tree}${pathOf(limits.length)}`, [mountLine('/sys/fs/cgroup')]);
        for (const [depth, limit] of limits.entries()) {
          machine.cgroup(`/${tree}${pathOf(depth + 1)}`, {
            ...V2_FILES,
            'memory.max': limit,
            'memory.high': highs[depth] ?? 'max',
          });
        }
        const reading = machine.open()!.read();
        const limitBytes = naiveLimit(limits);
        expect(reading).to.include({
          limitBytes,
          highBytes: naiveLimit(highs.slice(0, limits.length)),
          availableBytes: limitBytes === null ? null : Math.max(0, limitBytes - 200 * MIB),
        });
        // What the file does not say is reported, once each.
        const garbage = (spellings: readonly string[]): number =>
          spellings.filter(text => !/^(\d+|max)$/.test(text)).length;
        expect(reading.problems).to.have.length(garbage(limits) + garbage(highs.slice(0, limits.length)));
      }),
      { numRuns: 60 },
    );
  });

  it('has the naive minimum, the hierarchy’s own included, as its limit on v1', () => {
    let tree = 0;
    fc.assert(
      fc.property(chain, spelling, (limits, hierarchical) => {
        tree += 1;
        machine.proc(`4:memory:/${tree}${pathOf(limits.length)}`, [mountLineV1()]);
        for (const [depth, limit] of limits.entries()) {
          machine.cgroup(`/memory/${tree}${pathOf(depth + 1)}`, {
            ...v1Files({ limit: hierarchical }),
            'memory.limit_in_bytes': limit,
          });
        }
        expect(machine.open()!.read().limitBytes).to.equal(naiveLimit([...limits, hierarchical]));
      }),
      { numRuns: 60 },
    );
  });
});
