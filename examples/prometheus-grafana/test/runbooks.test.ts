import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { exampleFolder, repositoryRoot } from '../src/repository.js';
import { unknownName } from '../src/query/nearest.js';
import { production } from '../src/rules/pace.js';
import { allAlerts } from '../src/rules/rule-files.js';

interface Panel {
  readonly title: string;
  readonly panels?: readonly Panel[];
}

const text = readFileSync(join(repositoryRoot, 'docs', 'runbooks.md'), 'utf8');
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map(section => [section.slice(0, section.indexOf('\n')), section.split(/^## /m)[0] ?? ''] as const),
);
const titles = new Set(['one-process', 'fleet'].flatMap(titlesOf));

function titlesOf(name: string): string[] {
  const file = readFileSync(join(exampleFolder, 'dashboards', `${name}.json`), 'utf8');
  const dashboard = JSON.parse(file) as Panel;
  const all = (panels: readonly Panel[] = []): string[] =>
    panels.flatMap(panel => [panel.title, ...all(panel.panels)]);
  return [dashboard.title, ...all(dashboard.panels)];
}

describe('the runbooks', () => {
  it('have a section for each alert, and no other', () => {
    expect([...sections.keys()]).to.have.members(allAlerts(production).map(({ alert }) => alert));
  });

  for (const { alert } of allAlerts(production)) {
    it(`say of ${alert} what it means, three things to look at first, and usual causes`, () => {
      const section = sections.get(alert) ?? '';
      const [meaning = '', first = '', causes = ''] = [
        '**What it means.**',
        '**Look first at**',
        '**Usual causes**',
      ].map(heading => section.split(heading)[1]?.split(/^\*\*/m)[0]);
      expect(meaning.trim()).to.have.length.greaterThan(50);
      expect(first.match(/^\d\. (?=\S)/gm)).to.deep.equal(['1. ', '2. ', '3. ']);
      expect(causes.match(/^- /gm)).to.have.length.within(2, 5);
    });
  }

  it('name panels that exist', () => {
    const named = new Set([...text.matchAll(/(?<![\w`])_([A-Z][^_\n]*)_/g)].map(match => match[1]!));
    expect(named.size).to.be.greaterThan(10);
    const wrong = [...named].filter(name => !titles.has(name));
    expect(wrong.map(name => unknownName('panel', name, titles))).to.deep.equal([]);
  });

  it('have the levels of escalation that the alerts have', () => {
    const rows = [...text.matchAll(/^\| (\d) +\| (\d+) % +\| ([\d.]+) GB +\| \[(\w+)\]/gm)];
    expect(rows.map(([, level]) => level)).to.deep.equal(['1', '2', '3']);
    for (const [, level, percent, gigabytes, alert] of rows) {
      const rule = allAlerts(production).find(one => one.alert === alert);
      expect(rule?.query, alert).to.contain(`> ${Number(percent) / 100}`);
      expect(rule?.description, alert).to.contain(`level ${level}`);
      expect(Math.abs(Number(gigabytes) / 2.048 - Number(percent) / 100), alert).to.be.below(0.005);
    }
  });
});
