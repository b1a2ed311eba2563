import { stringify } from 'yaml';
import { SPELLINGS } from '../catalogue/spelling.js';
import type { Spelling } from '../catalogue/spelling.js';
import { production } from '../rules/pace.js';
import { surroundingsRules, vitalsRules } from '../rules/rule-files.js';
import type { RuleGroup } from '../rules/rule.js';
import { descriptorTests } from './descriptor-tests.js';
import { endingTests } from './ending-tests.js';
import { gcTests } from './gc-tests.js';
import { lookAlikeTests } from './look-alike-tests.js';
import { memoryGrowthTests } from './memory-growth-tests.js';
import { memoryTests } from './memory-tests.js';
import { memoryUsageTests } from './memory-usage-tests.js';
import { NAIVE_RULES, naiveTests } from './naive-tests.js';
import { recordingTests } from './recording-tests.js';
import { renderGroup } from './render-group.js';
import { timeToLimitTests } from './time-to-limit-tests.js';
import { surroundingsTests } from './surroundings-tests.js';
import type { TestGroup } from './test-group.js';

/** Tests of the rules of our own metrics, by the name of their file. */
export function vitalsTests(): ReadonlyMap<string, readonly TestGroup[]> {
  return new Map([
    ['recording', recordingTests()],
    ['endings', endingTests()],
    ['gc', gcTests()],
    ['descriptors', descriptorTests()],
    ['memory', memoryTests()],
    ['memory-growth', memoryGrowthTests()],
    ['memory-time-to-limit', timeToLimitTests()],
    ['look-alikes', lookAlikeTests()],
    ['memory-usage', memoryUsageTests()],
  ]);
}

/**
 * A test file as promtool reads it.
 *
 * @param only of these tests, what is expected of one rule
 */
export function testFile(
  ruleFiles: readonly string[],
  rules: readonly RuleGroup[],
  tests: readonly TestGroup[],
  spelling: Spelling,
  only?: string,
): string {
  return stringify(
    {
      rule_files: ruleFiles,
      evaluation_interval: `${tests[0]!.stepSeconds}s`,
      // Without it promtool takes them in any order, and a group that reads what another one records sees the value before.
      group_eval_order: rules.map(({ name }) => name),
      tests: tests.map(test => renderGroup(test, { spelling, ...(only === undefined ? {} : { only }) })),
    },
    { lineWidth: 0 },
  );
}

/** Every test file: its name in `rules/tests` → its text. */
export function ruleTestFiles(): Map<string, string> {
  const files = new Map<string, string>();
  const rules = vitalsRules(production);
  for (const spelling of SPELLINGS) {
    const suffix = spelling === 'otlp' ? '.otlp' : '';
    for (const [name, tests] of vitalsTests()) {
      files.set(
        `${name}${suffix}.test.yml`,
        testFile([`../node-vitals${suffix}.rules.yml`], rules, tests, spelling),
      );
    }
  }
  files.set(
    'surroundings.test.yml',
    testFile(['../surroundings.rules.yml'], surroundingsRules(production), surroundingsTests(), 'exporter'),
  );
  files.set('naive.rules.yml', NAIVE_RULES);
  files.set(
    'naive.test.yml',
    testFile(['naive.rules.yml', '../node-vitals.rules.yml'], rules, naiveTests(), 'exporter'),
  );
  return files;
}
