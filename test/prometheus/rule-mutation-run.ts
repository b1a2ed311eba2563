import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Spelling } from 'example-prometheus-grafana/dist/src/catalogue/spelling.js';
import { testFile } from 'example-prometheus-grafana/dist/src/rule-tests/rule-test-files.js';
import type { TestGroup } from 'example-prometheus-grafana/dist/src/rule-tests/test-group.js';
import type { RuleGroup } from 'example-prometheus-grafana/dist/src/rules/rule.js';
import { stringify } from 'yaml';
import { prometheusPrograms } from './programs.js';
import { mutantsOf } from './rule-mutants.js';
import type { Mutant } from './rule-mutants.js';
import { nameOf, renderedGroups } from './rule-rendering.js';
import type { RenderedGroup, RenderedRule } from './rule-rendering.js';

/** Rules, and the tests that are to notice when one is changed. */
export interface RulesUnderTest {
  readonly rules: readonly RuleGroup[];
  readonly tests: readonly TestGroup[];
  readonly spelling: Spelling;
}

export interface MutationRun {
  readonly mutants: number;
  /** Those that no test noticed. */
  readonly survivors: readonly Mutant[];
  /** Those that Prometheus would not load, with what it says: nothing that a test could notice. */
  readonly refused: readonly string[];
}

const MUTANTS_AT_ONCE = 20;
const PROCESSES = 2;

/** Every mutant of every rule, or each `stride`-th. */
export function allMutants({ rules, spelling }: RulesUnderTest, stride = 1): Mutant[] {
  const groups = renderedGroups(rules, spelling);
  return groups.flatMap(group => group.rules.flatMap(mutantsOf)).filter((_, index) => index % stride === 0);
}

/** A mutant, and the tests that have not looked at it yet. */
interface Trial {
  readonly mutant: Mutant;
  readonly tests: readonly TestGroup[];
}

/** Runs the tests of each mutant's rule against it alone: one after the other, until one notices. */
export async function runMutants(under: RulesUnderTest, mutants: readonly Mutant[]): Promise<MutationRun> {
  const { promtool } = await prometheusPrograms();
  const groups = renderedGroups(under.rules, under.spelling);
  const survivors: Mutant[] = [];
  const refused: string[] = [];
  const waiting: Trial[] = mutants.map(mutant => ({
    mutant,
    tests: under.tests.filter(test => test.rules.includes(mutant.rule)),
  }));
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MUTANTS_AT_ONCE);
      const verdicts = await judge(promtool, batch, groups, under);
      batch.forEach(({ mutant, tests }, index) => {
        const verdict = verdicts[index]!;
        if (verdict.includes('could not parse')) {
          refused.push(`${mutant.rule}: ${mutant.change}: ${verdict}`);
        }
        if (!verdict.startsWith('  SUCCESS')) return;
        if (tests.length > 1) waiting.push({ mutant, tests: tests.slice(1) });
        else survivors.push(mutant);
      });
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  return { mutants: mutants.length, survivors, refused };
}

/** What promtool says of each, in their order. */
async function judge(
  promtool: string,
  trials: readonly Trial[],
  groups: readonly RenderedGroup[],
  { rules, spelling }: RulesUnderTest,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  try {
    const files = trials.map(({ mutant, tests }, index) => {
      const path = join(folder, `${index}.test.yml`);
      writeFileSync(join(folder, `${index}.rules.yml`), stringify({ groups: withMutant(groups, mutant) }));
      writeFileSync(path, testFile([`${index}.rules.yml`], rules, tests.slice(0, 1), spelling, mutant.rule));
      return path;
    });
    const outputPath = join(folder, 'output');
    const output = openSync(outputPath, 'w');
    // One file for both, so that what is said of a test stands below its name.
    const child = spawn(promtool, ['test', 'rules', ...files], { stdio: ['ignore', output, output] });
    await once(child, 'exit');
    closeSync(output);
    const verdicts = readFileSync(outputPath, 'utf8')
      .split(/^Unit Testing: .*\n/m)
      .slice(1);
    if (verdicts.length !== trials.length)
      throw new Error(`promtool has judged ${verdicts.length} of ${trials.length}`);
    return verdicts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The changed rule, and what it reads of what others record. */
function withMutant(groups: readonly RenderedGroup[], { rule, mutated }: Mutant): RenderedGroup[] {
  const needed = new Set([rule]);
  const all = groups.flatMap(group => group.rules);
  const visit = ({ expr }: RenderedRule): void => {
    for (const other of all) {
      if (other.record === undefined || needed.has(other.record) || !expr.includes(other.record)) continue;
      needed.add(other.record);
      visit(other);
    }
  };
  visit(mutated);
  return groups
    .map(group => ({
      name: group.name,
      rules: group.rules
        .filter(one => needed.has(nameOf(one)))
        .map(one => (nameOf(one) === rule ? mutated : one)),
    }))
    .filter(group => group.rules.length > 0);
}
