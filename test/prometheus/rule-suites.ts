import type { Spelling } from 'example-prometheus-grafana/dist/src/catalogue/spelling.js';
import { vitalsTests } from 'example-prometheus-grafana/dist/src/rule-tests/rule-test-files.js';
import { surroundingsTests } from 'example-prometheus-grafana/dist/src/rule-tests/surroundings-tests.js';
import { production } from 'example-prometheus-grafana/dist/src/rules/pace.js';
import { surroundingsRules, vitalsRules } from 'example-prometheus-grafana/dist/src/rules/rule-files.js';
import type { RulesUnderTest } from './rule-mutation-run.js';

/** Our own rules, and all the tests that look at one of them. */
export function vitalsUnderTest(spelling: Spelling): RulesUnderTest {
  return {
    rules: vitalsRules(production),
    tests: [...vitalsTests().values()].flat(),
    spelling,
  };
}

/** Other exporters have but one spelling. */
export function surroundingsUnderTest(): RulesUnderTest {
  return { rules: surroundingsRules(production), tests: surroundingsTests(), spelling: 'exporter' };
}
