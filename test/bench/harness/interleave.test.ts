import { expect } from 'chai';
import { interleave } from './interleave.js';
import type { Setting } from './interleave.js';
import { seededRandom } from './random.js';
import { cellName } from './timings.js';

const ROUNDS = 12;
const WARM_UP = 2;

/** Candidates that write down when they were measured, and measure how many rounds they have had. */
function recorder(): { log: string[]; setting: (name: string, candidates: string[]) => Setting } {
  const log: string[] = [];
  return {
    log,
    setting: (name, candidates) => ({
      name,
      candidates: candidates.map(candidate => {
        let round = 0;
        return {
          name: candidate,
          measure: () => {
            log.push(`${name}.${candidate}`);
            round += 1;
            return Promise.resolve(round);
          },
        };
      }),
    }),
  };
}

describe('interleave', () => {
  it('measures every candidate once a round inside its setting, and does not count the warm-up', async () => {
    const { log, setting } = recorder();
    const timings = await interleave([setting('x', ['a', 'b']), setting('y', ['a'])], {
      rounds: ROUNDS,
      warmUpRounds: WARM_UP,
      random: seededRandom(1),
    });
    const expected = Array.from({ length: ROUNDS }, (_, index) => index + 1 + WARM_UP);
    for (const cell of [cellName('x', 'a'), cellName('x', 'b'), cellName('y', 'a')]) {
      expect(timings.of(cell)).to.deep.equal(expected);
    }
    expect(log).to.have.length(3 * (ROUNDS + WARM_UP));
    for (let start = 0; start < log.length; start += 3) {
      const round = log.slice(start, start + 3).join(' ');
      expect(round).to.match(/^((x\.a x\.b|x\.b x\.a) y\.a|y\.a (x\.a x\.b|x\.b x\.a))$/);
    }
  });

  it('changes the order from round to round', async () => {
    const { log, setting } = recorder();
    await interleave([setting('x', ['a', 'b'])], {
      rounds: ROUNDS,
      warmUpRounds: 0,
      random: seededRandom(1),
    });
    const firsts = new Set(log.filter((_, index) => index % 2 === 0));
    expect([...firsts].sort()).to.deep.equal(['x.a', 'x.b']);
  });

  it('passes on what a candidate throws', async () => {
    const failing: Setting = {
      name: 'x',
      candidates: [
        {
          name: 'a',
          measure: () => {
            throw new Error('no');
          },
        },
      ],
    };
    let thrown: unknown;
    await interleave([failing], { rounds: 1, warmUpRounds: 0, random: seededRandom(1) }).catch(
      (error: unknown) => {
        thrown = error;
      },
    );
    expect((thrown as Error).message).to.equal('no');
  });
});
