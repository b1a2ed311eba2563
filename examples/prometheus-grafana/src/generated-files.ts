import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SPELLINGS } from './catalogue/spelling.js';
import type { Spelling } from './catalogue/spelling.js';
import { dashboardFiles } from './dashboards/dashboard-files.js';
import { metricsDocument } from './metrics-document.js';
import { repositoryRoot } from './repository.js';
import { production } from './rules/pace.js';
import { ruleTestFiles } from './rule-tests/rule-test-files.js';
import { ruleFile, surroundingsRules, vitalsRules } from './rules/rule-files.js';
import { withRules } from './runbook-sections.js';

const FOLDER = 'examples/prometheus-grafana';

const RUNBOOKS = 'docs/runbooks.md';

const NOTICE = '# Generated from the catalogue of metrics: a change belongs into ../src.\n';

/** Every file of this example that is generated, from the root of the repository: name → text. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const spelling of SPELLINGS) {
    files.set(
      `${FOLDER}/rules/node-vitals${suffix(spelling)}.rules.yml`,
      NOTICE + ruleFile(vitalsRules(production), production, spelling),
    );
    for (const [kind, text] of dashboardFiles(spelling)) {
      files.set(`${FOLDER}/dashboards/${kind}${suffix(spelling)}.json`, text);
    }
  }
  files.set(
    `${FOLDER}/rules/surroundings.rules.yml`,
    NOTICE + ruleFile(surroundingsRules(production), production, 'exporter'),
  );
  for (const [name, text] of ruleTestFiles())
    files.set(`${FOLDER}/rules/tests/${name}`, NOTICE.replace('../src', '../../src') + text);
  files.set('docs/metrics.md', metricsDocument());
  files.set(RUNBOOKS, withRules(readFileSync(join(repositoryRoot, RUNBOOKS), 'utf8')));
  return files;
}

/** What tells the files of the two spellings apart. */
export function suffix(spelling: Spelling): string {
  return spelling === 'otlp' ? '.otlp' : '';
}
