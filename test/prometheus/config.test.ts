import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import { SPELLINGS } from 'example-prometheus-grafana/dist/src/catalogue/spelling.js';
import { rehearsal } from 'example-prometheus-grafana/dist/src/rules/pace.js';
import {
  ruleFile,
  surroundingsRules,
  vitalsRules,
} from 'example-prometheus-grafana/dist/src/rules/rule-files.js';
import { prometheusPrograms } from './programs.js';

const EXAMPLE = join(repositoryRoot, 'examples', 'prometheus-grafana');

const CONFIGURATION = join(EXAMPLE, 'prometheus.yml');

/** What promtool says, and with which exit code. */
async function promtool(...args: string[]): Promise<{ status: number | null; output: string }> {
  const { promtool: program } = await prometheusPrograms();
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('prometheus.yml', () => {
  it('is valid as it is, with its rule files', async () => {
    const { status, output } = await promtool('check', 'config', CONFIGURATION);
    expect(status, output).to.equal(0);
    expect(output.match(/SUCCESS: \d+ rules found/g)).to.have.length(2);
  });

  it('is valid with every example in it taken in, but for what this Prometheus is too old for', async () => {
    const text = readFileSync(CONFIGURATION, 'utf8')
      .replaceAll(/^( *)#(?=-|\w| {2})/gm, '$1')
      .replace(/^otlp:\n(?: .*\n)*/m, '')
      // Debian builds it without.
      .replaceAll(/kubernetes_sd_configs:\n( *)- role: \w+/g, 'static_configs:\n$1- targets: [127.0.0.1:1]');
    const lines = text.split('\n').map(line => line.trim());
    expect(lines).to.include.members([
      '- job_name: pods',
      '- job_name: cadvisor',
      '- rules/node-vitals.otlp.rules.yml',
      'storage:',
    ]);
    const folder = mkdtempSync(join(tmpdir(), 'configuration-'));
    try {
      const path = join(folder, 'prometheus.yml');
      writeFileSync(path, text.replaceAll('- rules/', `- ${EXAMPLE}/rules/`));
      const { status, output } = await promtool('check', 'config', '--syntax-only', path);
      expect(status, output).to.equal(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('loads no rules twice: those of one spelling alone', () => {
    const loaded = [...readFileSync(CONFIGURATION, 'utf8').matchAll(/^ +- (rules\/\S+)$/gm)];
    expect(loaded.map(([, file]) => file)).to.deep.equal([
      'rules/node-vitals.rules.yml',
      'rules/surroundings.rules.yml',
    ]);
  });
});

describe('the rules of a rehearsal', () => {
  it('are valid in both spellings', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    try {
      for (const spelling of SPELLINGS) {
        const path = join(folder, `${spelling}.rules.yml`);
        const groups = [...vitalsRules(rehearsal), ...surroundingsRules(rehearsal)];
        writeFileSync(path, ruleFile(groups, rehearsal, spelling));
        const { status, output } = await promtool('check', 'rules', path);
        expect(status, output).to.equal(0);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
