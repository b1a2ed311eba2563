import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { catalogue } from '../src/catalogue/catalogue.js';
import { SPELLINGS, prometheusName } from '../src/catalogue/spelling.js';
import { uid } from '../src/dashboards/addresses.js';
import { dashboardJson } from '../src/dashboards/dashboard.js';
import { dashboards } from '../src/dashboards/dashboard-files.js';
import { fleet } from '../src/dashboards/fleet/fleet.js';
import type { DashboardJson } from '../src/dashboards/grafana/json.js';
import { oneProcess } from '../src/dashboards/one-process/one-process.js';
import { generatedFiles } from '../src/generated-files.js';
import { parseQuery } from '../src/query/named-series.js';
import { repositoryRoot } from '../src/repository.js';
import { layoutProblems, panelQueries, panelsOf } from './dashboard-checks.js';
import { schemaProblems } from './dashboard-schema.js';

const all = SPELLINGS.flatMap(spelling =>
  dashboards.map(dashboard => ({ spelling, kind: dashboard.kind, json: dashboardJson(dashboard, spelling) })),
);

const copyOf = (dashboard: DashboardJson): DashboardJson =>
  JSON.parse(JSON.stringify(dashboard)) as DashboardJson;

describe('the dashboards', () => {
  it('lie in dashboards/ as they are generated', () => {
    const files = [...generatedFiles()].filter(([name]) => name.includes('/dashboards/'));
    expect(files.map(([name]) => name.split('/').at(-1))).to.have.members([
      'one-process.json',
      'fleet.json',
      'one-process.otlp.json',
      'fleet.otlp.json',
    ]);
    for (const [name, text] of files) {
      expect(
        readFileSync(join(repositoryRoot, name), 'utf8') === text,
        `${name} is stale: npm run docs`,
      ).to.equal(true);
    }
  });

  for (const { kind, spelling, json } of all) {
    describe(`${kind}, ${spelling}`, () => {
      it('keeps to the schema', () => {
        expect(schemaProblems(JSON.parse(JSON.stringify(json)))).to.deep.equal([]);
      });

      it('has its panels side by side, in full lines', () => {
        expect(layoutProblems(json)).to.deep.equal([]);
        const widths = new Map<number, number>();
        for (const { gridPos } of json.panels) {
          widths.set(gridPos!.y, (widths.get(gridPos!.y) ?? 0) + gridPos!.w);
        }
        expect([...widths.values()].every(width => width === 24)).to.equal(true);
      });

      it('names each query of a panel once, from A on', () => {
        for (const { title, targets } of panelsOf(json)) {
          expect(
            targets.map(({ refId }) => refId),
            title,
          ).to.deep.equal(targets.map((_, index) => 'ABCDEFGHIJ'[index]));
        }
      });

      it('has steps of thresholds that rise', () => {
        for (const { title, fieldConfig } of panelsOf(json)) {
          const [first, ...rest] = fieldConfig!.defaults.thresholds!.steps.map(({ value }) => value);
          expect(first, title).to.equal(null);
          expect(rest, title).to.deep.equal(rest.toSorted((a, b) => a! - b!));
        }
      });

      it('leads to dashboards that there are, with variables that they have', () => {
        const addresses = [...JSON.stringify(json).matchAll(/\/d\/([a-z-]+)(?:\?([^"]*))?/g)];
        expect(addresses.length).to.be.greaterThan(0);
        for (const [, target, query = ''] of addresses) {
          const other = all.find(({ json: { uid } }) => uid === target);
          expect(other?.spelling, target).to.equal(spelling);
          const names = other!.json.templating!.list!.map(({ name }) => name);
          for (const [, name] of query.matchAll(/var-(\w+)=/g)) expect(names).to.include(name);
        }
      });

      it('overrides series and columns that there are', () => {
        for (const { title, targets, fieldConfig, transformations = [] } of panelsOf(json)) {
          const legends = targets.map(({ legendFormat }) => legendFormat);
          const renamed = transformations.flatMap(({ options }) =>
            Object.values((options as { renameByName?: Record<string, string> }).renameByName ?? {}),
          );
          for (const { matcher } of fieldConfig!.overrides) {
            const name = String(matcher.options);
            const found = [...legends, ...renamed].some(
              legend => legend === name || valuesOf(legend).includes(name),
            );
            expect(found, `${title!}: ${name}`).to.equal(true);
          }
        }
      });

      it('has legends of labels that the series have', () => {
        for (const { title, targets } of panelsOf(json)) {
          for (const { legendFormat, expr } of targets) {
            const { groupingLabels, series } = parseQuery(expr.replaceAll('$__rate_interval', '5m'));
            // Series of recording rules keep the labels that their names begin with.
            const kept =
              groupingLabels.length > 0 ? groupingLabels : series.map(({ name }) => name.split(':')[0]);
            for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
              expect(kept, title).to.include(label);
            }
          }
        }
      });
    });
  }

  it('are the same in both spellings, but for the names', () => {
    for (const dashboard of dashboards) {
      const [exporter, otlp] = SPELLINGS.map(spelling => withoutNames(dashboardJson(dashboard, spelling)));
      expect(exporter).to.deep.equal(otlp);
    }
  });

  it('have an address of their own, which never changes', () => {
    expect(all.map(({ kind, spelling }) => uid(kind, spelling))).to.deep.equal([
      'node-vitals-one-process',
      'node-vitals-fleet',
      'node-vitals-one-process-otlp',
      'node-vitals-fleet-otlp',
    ]);
  });
});

describe('the dashboard of one process', () => {
  const exporter = dashboardJson(oneProcess, 'exporter');

  it('shows every metric that is on by default', () => {
    const shown = new Set(
      panelQueries(exporter).flatMap(({ expr }) =>
        parseQuery(expr.replaceAll('$__rate_interval', '5m')).series.map(({ name }) => name),
      ),
    );
    const missing = catalogue
      .filter(metric => metric.optIn === undefined)
      .filter(metric => {
        const name = prometheusName(metric, 'exporter');
        return ![name, `${name}_bucket`].some(shownName => shown.has(shownName));
      });
    expect(missing.map(({ name }) => name)).to.deep.equal([]);
  });

  it('says what stands in for numbers that are absent outside of a container, on other systems, or off by default', () => {
    for (const { id, title, description = '', targets, fieldConfig } of panelsOf(exporter)) {
      const names = targets.flatMap(({ expr }) =>
        parseQuery(expr.replaceAll('$__rate_interval', '5m')).series.map(({ name }) => name),
      );
      const metrics = catalogue.filter(metric =>
        names.some(name => name.replace(/_(bucket|sum|count)$/, '') === prometheusName(metric, 'exporter')),
      );
      const where = `panel ${id} ${title!}`;
      const ofContainer = metrics.filter(({ name }) => /(^|\.)container\./.test(name));
      if (ofContainer.length > 0)
        expect(description, where).to.match(/outside of a container|no container limit/);
      const bound = metrics.filter(metric => metric.platforms !== 'all' && !ofContainer.includes(metric));
      if (bound.length > 0) expect(description, where).to.match(/Linux (only|and macOS)/);
      for (const { optIn } of metrics) if (optIn !== undefined) expect(description, where).to.contain(optIn);
      const isAlwaysThere = metrics.some(({ name, platforms, optIn, source }) => {
        return (
          platforms === 'all' &&
          optIn === undefined &&
          !name.includes('container') &&
          !source.includes('before the first')
        );
      });
      if (metrics.length > 0 && !isAlwaysThere) {
        expect(fieldConfig!.defaults.noValue, `${where} has no text for no value`).to.be.a('string');
      }
    }
  });
});

describe('the check of dashboards', () => {
  const good = dashboardJson(fleet, 'exporter');

  const MUTATIONS: readonly (readonly [what: string, mutate: (d: DashboardJson) => void, problem: RegExp])[] =
    [
      ['no unit', d => delete panelsOf(d)[0]!.fieldConfig!.defaults.unit, /'unit'/],
      [
        'a unit that Grafana has not',
        d => (panelsOf(d)[0]!.fieldConfig!.defaults.unit = 'byte'),
        /defaults\/unit/,
      ],
      ['no description', d => delete panelsOf(d)[1]!.description, /'description'/],
      ['no thresholds', d => delete panelsOf(d)[1]!.fieldConfig!.defaults.thresholds, /'thresholds'/],
      [
        'a data source by its uid',
        d => Object.assign(panelsOf(d)[2]!.targets[0]!, { datasource: { type: 'prometheus', uid: 'P1' } }),
        /datasource\/uid/,
      ],
      [
        'a query that was not expanded',
        d => Object.assign(panelsOf(d)[2]!.targets[0]!, { expr: '<vitals.heap.live>' }),
        /expr/,
      ],
      ['a panel without a query', d => (panelsOf(d)[3]!.targets = []), /targets/],
      ['another kind of panel', d => (panelsOf(d)[3]!.type = 'graph'), /type/],
    ];
  for (const [what, mutate, problem] of MUTATIONS) {
    it(`by the schema finds ${what}`, () => {
      const mutated = copyOf(good);
      mutate(mutated);
      expect(schemaProblems(mutated).join('\n')).to.match(problem);
    });
  }

  it('by their places finds an id that is there twice, and panels upon each other or beside the grid', () => {
    const mutated = copyOf(good);
    const [first, second, third] = panelsOf(mutated);
    second!.id = first!.id!;
    third!.gridPos = { ...first!.gridPos!, x: 23 };
    const problems = layoutProblems(mutated).join('\n');
    expect(problems).to.contain(`the id ${first!.id!} is there twice`);
    expect(problems).to.contain('goes beyond the grid');
    expect(problems).to.match(/lies upon panel \d+/);
  });
});

/** What a legend of one label alone can be. */
function valuesOf(legend: string): readonly string[] {
  const [, label, rest = ''] = /^\{\{(\w+)\}\}(.*)$/.exec(legend) ?? [];
  if (label === 'severity') return ['info', 'warning', 'critical'];
  const values = catalogue.flatMap(({ attributes }) =>
    Object.entries(attributes).flatMap(([name, values]) =>
      name.replaceAll('.', '_') === label ? values : [],
    ),
  );
  return values.map(value => value + rest);
}

/** All but what the spelling changes: names in queries, addresses, title and tags. */
function withoutNames(dashboard: DashboardJson): unknown {
  const text = JSON.stringify(dashboard, (key, value: unknown) =>
    ['expr', 'query', 'definition', 'tags', 'uid', 'title'].includes(key) && typeof value !== 'object'
      ? undefined
      : key === 'tags'
        ? undefined
        : value,
  );
  return JSON.parse(text.replaceAll(/(node-vitals-(?:one-process|fleet))-otlp/g, '$1'));
}
