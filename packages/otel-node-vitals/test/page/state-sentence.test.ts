import { expect } from 'chai';
import { stateOf } from '../../src/page/state-sentence.js';
import { fdSnapshot, gcSummary, memorySnapshot } from './sample-vitals.js';

const MIB = 1024 ** 2;
const growth = (rss: number | null): object => ({ rss, heap_live: 0, external: 0, native: 0 });
const said = (
  ...[memory, fd]: [Parameters<typeof memorySnapshot>[0]?, Parameters<typeof fdSnapshot>[0]?]
): string => {
  const { level, sentence } = stateOf({
    memory: memorySnapshot(memory),
    gc: gcSummary(),
    fd: fdSnapshot(fd),
  });
  return `${level}: ${sentence}`;
};

describe('the sentence of the state', () => {
  it('names RSS, its limit, its growth, and the next limit with its time', () => {
    expect(said()).to.equal('quiet: RSS 182 MiB of 512 MiB container limit, not growing: no limit in sight.');
    expect(
      said({ growthPerSecond: growth(54_176), timeToLimitSeconds: { container: 6_360, heap: 40_000 } }),
    ).to.equal(
      'growing: RSS 182 MiB of 512 MiB container limit, growing 3.1 MiB/min: container memory limit in 1 h 46 min.',
    );
    expect(said({ timeToLimitSeconds: { heap: 1_200 }, growthPerSecond: growth(1) })).to.match(
      /^soon: .*, not growing: heap limit in 20 min\.$/,
    );
    expect(said({}, { timeToLimitSeconds: 600 })).to.match(/^soon: .*: descriptor limit in 10 min\.$/);
  });

  it('says that a limit is nearly full, and that one is reached', () => {
    expect(said({ container: { workingSetBytes: 480 * MIB } })).to.equal(
      'full: RSS 182 MiB of 512 MiB container limit (all in it 480 MiB), not growing: container memory limit 94 % used; no limit in sight.',
    );
    expect(said({}, { open: 1_024, timeToLimitSeconds: 0 })).to.match(
      /^full: .*: descriptor limit 100 % used; descriptor limit reached\.$/,
    );
    // A machine that is full is not this process's state.
    expect(said({ host: { availableBytes: 1 } })).to.match(/^quiet/);
  });

  it('says what it does not know', () => {
    expect(said({ growthPerSecond: growth(null) })).to.equal(
      'unknown: RSS 182 MiB of 512 MiB container limit, growth not known yet (too few samples).',
    );
    expect(said({ container: null })).to.match(/^quiet: RSS 182 MiB, not growing/);
    expect(said({ process: null })).to.match(/^quiet: Heap 96 MiB of 2.05 GiB, not growing/);
    expect(said({ process: null, heap: null })).to.match(/^quiet: 58 descriptors open: no limit in sight\.$/);
    expect(stateOf({ memory: null, gc: null, fd: null })).to.deep.equal({
      level: 'unknown',
      word: 'Learning',
      sentence: 'Nothing has been measured yet.',
    });
    expect(stateOf({ memory: null, gc: null, fd: fdSnapshot({ growthPerSecond: null }) }).sentence).to.equal(
      '58 descriptors open.',
    );
  });
});
