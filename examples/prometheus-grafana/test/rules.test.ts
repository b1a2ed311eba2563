import { expect } from 'chai';
import { parse } from 'yaml';
import { SPELLINGS } from '../src/catalogue/spelling.js';
import { knownSeries, problemsOf } from '../src/query/known-series.js';
import { production, rehearsal } from '../src/rules/pace.js';
import { recordedNames, ruleFile, surroundingsRules, vitalsRules } from '../src/rules/rule-files.js';

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert?: string;
      readonly record?: string;
      readonly expr: string;
      readonly for?: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    }[];
  }[];
}

const DURATION = /^\d+(ms|s|m|h)$/;

describe('the rules', () => {
  for (const [name, pace] of Object.entries({ production, rehearsal })) {
    for (const spelling of SPELLINGS) {
      const groups = [...vitalsRules(pace), ...surroundingsRules(pace)];
      const rules = (parse(ruleFile(groups, pace, spelling)) as RuleFile).groups.flatMap(
        group => group.rules,
      );
      const known = knownSeries(spelling);
      const recorded = recordedNames(pace);

      it(`ask for what there is: ${name}, ${spelling}`, () => {
        expect(rules.length).to.be.greaterThan(30);
        const problems = rules.flatMap(({ alert, record, expr }) =>
          problemsOf(expr, known, recorded).map(problem => `${alert ?? record ?? ''}: ${problem}`),
        );
        expect(problems).to.deep.equal([]);
      });

      it(`have durations that Prometheus reads: ${name}, ${spelling}`, () => {
        const durations = rules.flatMap(({ for: waits, expr }) => [
          ...(waits === undefined ? [] : [waits]),
          ...[...expr.matchAll(/(?:\[|offset )([^\]\s)]+)/g)].map(([, duration]) => duration!),
        ]);
        expect(durations.filter(duration => !DURATION.test(duration))).to.deep.equal([]);
      });
    }
  }

  it('say what, of which process, with its number and where to read on', () => {
    const [ours, theirs] = [vitalsRules(production), surroundingsRules(production)].map(groups =>
      (parse(ruleFile(groups, production, 'exporter')) as RuleFile).groups
        .flatMap(({ rules }) => rules)
        .filter(({ alert }) => alert !== undefined),
    );
    for (const { alert = '', annotations = {}, labels } of [...ours!, ...theirs!]) {
      expect(Object.keys(annotations), alert).to.deep.equal(['summary', 'description', 'runbook']);
      expect(annotations['summary'], alert).to.contain('{{ $labels.');
      expect(annotations['description'], alert).to.match(/\{\{ \$value/);
      expect(annotations['runbook'], alert).to.equal(`docs/runbooks.md#${alert.toLowerCase()}`);
      expect(labels?.['severity'], alert).to.be.oneOf(['info', 'warning', 'critical']);
    }
    for (const { alert = '', annotations } of ours!) {
      expect(annotations?.['summary'], alert).to.contain('{{ $labels.job }}');
    }
  });

  it('have one name each', () => {
    const names = [...vitalsRules(production), ...surroundingsRules(production)].flatMap(({ rules }) =>
      rules.map(rule => ('alert' in rule ? rule.alert : rule.record)),
    );
    expect(new Set(names).size).to.equal(names.length);
  });
});
