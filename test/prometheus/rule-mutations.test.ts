import { expect } from 'chai';
import { skipBecause } from 'test-helpers/skip-because';
import { equivalents } from './rule-equivalents.js';
import type { Mutant } from './rule-mutants.js';
import { allMutants, runMutants } from './rule-mutation-run.js';
import type { RulesUnderTest } from './rule-mutation-run.js';
import { surroundingsUnderTest, vitalsUnderTest } from './rule-suites.js';

/** `MUTANTS=all` tries every change, which takes seven minutes of CPU time. Otherwise it is every fourth, always the same ones. */
const isWhole = process.env['MUTANTS'] === 'all';
const STRIDE = isWhole ? 1 : 4;

/** The other spelling has the same rules by other names: a sample shows that its tests look as closely. */
const OTHER_STRIDE = 9 * STRIDE;

describe('a rule with one thing changed', () => {
  const survivors: Mutant[] = [];

  async function notNoticed(under: RulesUnderTest, stride: number): Promise<Mutant[]> {
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

  it(`is noticed by the tests of the rules, ${isWhole ? 'whatever is changed' : `every ${STRIDE}th change`}`, async function () {
    this.timeout(1_200_000);
    survivors.push(...(await notNoticed(vitalsUnderTest('exporter'), STRIDE)));
    expect(unexpected(survivors).join('\n')).to.equal('');
  });

  it('is noticed in the rules of what is around', async function () {
    this.timeout(120_000);
    const around = await notNoticed(surroundingsUnderTest(), STRIDE);
    survivors.push(...around);
    expect(unexpected(around).join('\n')).to.equal('');
  });

  it('is noticed in the spelling of OTLP', async function () {
    this.timeout(300_000);
    const some = await notNoticed(vitalsUnderTest('otlp'), OTHER_STRIDE);
    expect(unexpected(some).join('\n')).to.equal('');
  });

  it('goes unnoticed only where it changes nothing, and each such place is still there', function () {
    if (!isWhole) skipBecause(this, 'only MUTANTS=all tries all of them');
    const gone = equivalents.filter(
      ({ rules, change }) => !survivors.some(mutant => rules.test(mutant.rule) && change.test(mutant.change)),
    );
    expect(gone.map(({ rules, change }) => `${rules}: ${change}`)).to.deep.equal([]);
  });
});
