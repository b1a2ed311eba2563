import { expect } from 'chai';
import fc from 'fast-check';
import { ContinuedCounters } from '../src/continued-counters.js';

describe('counters of one cgroup after another', () => {
  it('are as they are read while it is the same one', () => {
    const counters = new ContinuedCounters<'max' | 'oom_kill'>();
    expect(counters.update({ max: 9_000, oom_kill: 7 }, false)).to.deep.equal({ max: 9_000, oom_kill: 7 });
    expect(counters.update({ max: 9_001, oom_kill: 7 }, false)).to.deep.equal({ max: 9_001, oom_kill: 7 });
  });

  it('neither take what another one has counted before for news, nor fall', () => {
    const counters = new ContinuedCounters<'max' | 'oom_kill'>();
    counters.update({ max: 2, oom_kill: 0 }, false);
    expect(counters.update({ max: 9_000, oom_kill: 7 }, true)).to.deep.equal({ max: 2, oom_kill: 0 });
    expect(counters.update({ max: 9_001, oom_kill: 8 }, false)).to.deep.equal({ max: 3, oom_kill: 1 });
    expect(counters.update({ max: 0, oom_kill: 0 }, true)).to.deep.equal({ max: 3, oom_kill: 1 });
    expect(counters.update({ max: 5, oom_kill: 0 }, false)).to.deep.equal({ max: 8, oom_kill: 1 });
  });

  it('go on, too, where the other one could not be read at first', () => {
    const counters = new ContinuedCounters<'max' | 'oom_kill'>();
    counters.update({ max: 2, oom_kill: 1 }, false);
    expect(counters.update({ max: 50 }, true)).to.deep.equal({ max: 2, oom_kill: 1 });
    expect(counters.update({ max: 51, oom_kill: 7 }, false)).to.deep.equal({ max: 3, oom_kill: 1 });
    expect(counters.update({ max: 51, oom_kill: 8 }, false)).to.deep.equal({ max: 3, oom_kill: 2 });
  });

  it('stay where one has none', () => {
    const counters = new ContinuedCounters<'some'>();
    expect(counters.update({}, false)).to.deep.equal({});
    counters.update({ some: 1.5 }, false);
    expect(counters.update({}, true)).to.deep.equal({ some: 1.5 });
  });

  it('grow by what each has counted while it was the one', () => {
    const stretch = fc.record({ begin: fc.nat(1_000), steps: fc.array(fc.nat(50), { maxLength: 10 }) });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 8 }), stretches => {
        const counters = new ContinuedCounters<'max'>();
        let expected = stretches[0]!.begin;
        for (const [index, { begin, steps }] of stretches.entries()) {
          let count = begin;
          expect(counters.update({ max: count }, index > 0)).to.deep.equal({ max: expected });
          for (const step of steps) {
            count += step;
            expected += step;
            expect(counters.update({ max: count }, false)).to.deep.equal({ max: expected });
          }
        }
      }),
    );
  });
});
