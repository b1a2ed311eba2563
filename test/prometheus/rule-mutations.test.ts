import { expect } from 'chai';
import { equivalents } from './rule-equivalents.js';
import type { Mutant } from './rule-mutants.js';
import { allMutants, runMutants } from './rule-mutation-run.js';
import type { RulesUnderTest } from './rule-mutation-run.js';
import { surroundingsUnderTest, vitalsUnderTest } from './rule-suites.js';

/** The other spelling has the same rules by other names: a sample shows that its tests look as closely. */
const STRIDE = 9;

describe('a rule with one thing changed', () => {
  const survivors: Mutant[] = [];

  async function notNoticed(under: RulesUnderTest, stride?: number): Promise<Mutant[]> {
    const mutants = allMutants(under, stride);
    const run = await runMutants(under, mutants);
    expect(run.refused, 'of what Prometheus does not load no test tells anything').to.deep.equal([]);
    return [...run.survivors];
  }

  function unexpected(some: readonly Mutant[]): string[] {
    return some
      .filter(
        mutant => !equivalents.some(one => one.rules.test(mutant.rule) && one.change.test(mutant.change)),
      )
      .map(({ rule, change }) => `${rule}: ${change}`);
  }

  it('is noticed by the tests of the rules, whatever is changed', async function () {
    this.timeout(1_200_000);
    survivors.push(...(await notNoticed(vitalsUnderTest('exporter'))));
    expect(unexpected(survivors).join('\n')).to.equal('');
  });

  it('is noticed in the rules of what is around', async function () {
    this.timeout(120_000);
    const around = await notNoticed(surroundingsUnderTest());
    survivors.push(...around);
    expect(unexpected(around).join('\n')).to.equal('');
  });

  it('is noticed in the spelling of OTLP', async function () {
    this.timeout(300_000);
    const some = await notNoticed(vitalsUnderTest('otlp'), STRIDE);
    expect(unexpected(some).join('\n')).to.equal('');
  });

  it('goes unnoticed only where it changes nothing, and each such place is still there', () => {
    const gone = equivalents.filter(
      ({ rules, change }) => !survivors.some(mutant => rules.test(mutant.rule) && change.test(mutant.change)),
    );
    expect(gone.map(({ rules, change }) => `${rules}: ${change}`)).to.deep.equal([]);
  });
});
