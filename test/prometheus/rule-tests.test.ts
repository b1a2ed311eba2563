import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { exampleFolder } from 'example-prometheus-grafana/dist/src/repository.js';
import {
  ruleTestFiles,
  vitalsTests,
} from 'example-prometheus-grafana/dist/src/rule-tests/rule-test-files.js';
import type { TestGroup } from 'example-prometheus-grafana/dist/src/rule-tests/test-group.js';
import { parse } from 'yaml';
import { prometheusPrograms } from './programs.js';
import { nameOf, renderedGroups } from './rule-rendering.js';
import { surroundingsUnderTest, vitalsUnderTest } from './rule-suites.js';

const run = promisify(execFile);

const RULES = join(exampleFolder, 'rules');
const TESTS = join(RULES, 'tests');

function filesOf(folder: string, end: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith(end))
    .map(name => join(folder, name));
}

/** Alerts that a group expects to fire at some time. */
function fired(tests: readonly TestGroup[]): Set<string> {
  return new Set(tests.flatMap(({ firing }) => firing.map(({ alert }) => alert)));
}

describe('the rules', () => {
  it('are what promtool takes for rules', async function () {
    this.timeout(60_000);
    const { promtool } = await prometheusPrograms();
    const files = [...filesOf(RULES, '.rules.yml'), ...filesOf(TESTS, '.rules.yml')];
    expect(files).to.have.lengthOf(4);
    await run(promtool, ['check', 'rules', ...files]);
  });

  it('do what their tests say, in both spellings', async function () {
    this.timeout(600_000);
    const { promtool } = await prometheusPrograms();
    const files = filesOf(TESTS, '.test.yml');
    // One process for each spelling: promtool takes its files one after the other.
    const outputs = await Promise.all(
      [true, false].map(async otlp => {
        const own = files.filter(file => file.endsWith('.otlp.test.yml') === otlp);
        return (await run(promtool, ['test', 'rules', ...own], { maxBuffer: 1e8 })).stdout;
      }),
    );
    // That of other exporters and that of naive rules have one.
    expect(outputs.map(text => text.match(/SUCCESS/g)?.length)).to.deep.equal([
      vitalsTests().size,
      vitalsTests().size + 2,
    ]);
  });

  it('have all their tests in the folder, and no others', () => {
    const names = readdirSync(TESTS);
    expect(names.sort()).to.deep.equal([...ruleTestFiles().keys()].sort());
  });

  for (const under of [vitalsUnderTest('exporter'), vitalsUnderTest('otlp'), surroundingsUnderTest()]) {
    const groups = renderedGroups(under.rules, under.spelling);
    const rules = groups.flatMap(group => group.rules);
    const named = `of ${groups[0]!.name} in the spelling ${under.spelling}`;

    it(`each have a test ${named}`, () => {
      const tested = new Set(under.tests.flatMap(test => test.rules));
      expect(rules.map(nameOf).filter(name => !tested.has(name))).to.deep.equal([]);
      expect([...tested].filter(name => !rules.some(rule => nameOf(rule) === name))).to.deep.equal([]);
    });

    it(`that are alerts fire and resolve in a test, and say what they have to ${named}`, () => {
      const alerts = rules.flatMap(({ alert }) => (alert === undefined ? [] : [alert]));
      const firing = under.tests.flatMap(test => test.firing);
      expect(alerts.filter(alert => !fired(under.tests).has(alert))).to.deep.equal([]);
      const resolved = new Set(firing.filter(({ to }) => to !== undefined).map(({ alert }) => alert));
      expect(alerts.filter(alert => !resolved.has(alert))).to.deep.equal([]);
      const said = new Set(firing.filter(({ says }) => says !== undefined).map(({ alert }) => alert));
      expect(alerts.filter(alert => !said.has(alert))).to.deep.equal([]);
    });

    it(`that record are asked for in a test ${named}`, () => {
      const asked = under.tests.flatMap(({ queries = [] }) => queries.map(({ query }) => query)).join('\n');
      const records = rules.flatMap(({ record }) => (record === undefined ? [] : [record]));
      expect(records.filter(record => !asked.includes(record))).to.deep.equal([]);
    });
  }

  it('as they are often written are proven wrong', () => {
    const naive = readFileSync(join(TESTS, 'naive.rules.yml'), 'utf8');
    const { groups } = parse(naive) as { groups: { rules: { alert: string }[] }[] };
    const tests = readFileSync(join(TESTS, 'naive.test.yml'), 'utf8');
    const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    expect(alerts).to.have.lengthOf(3);
    expect(alerts.filter(alert => tests.includes(`alertname="${alert}"`))).to.deep.equal([
      'NaiveMemoryUsageHigh',
      'NaiveFDLeakDetected',
    ]);
  });
});
