import { expect } from 'chai';
import { catalogue } from '../src/catalogue/catalogue.js';
import { SPELLINGS, prometheusName } from '../src/catalogue/spelling.js';
import { dashboardJson } from '../src/dashboards/dashboard.js';
import { dashboards } from '../src/dashboards/dashboard-files.js';
import { fleet } from '../src/dashboards/fleet/fleet.js';
import type { DashboardJson } from '../src/dashboards/grafana/json.js';
import { oneProcess } from '../src/dashboards/one-process/one-process.js';
import { withoutVariables } from '../src/query/known-series.js';
import { parseQuery } from '../src/query/named-series.js';
import { production } from '../src/rules/pace.js';
import { recordedNames } from '../src/rules/rule-files.js';
import {
  allQueries,
  panelQueries,
  panelsOf,
  percentileProblems,
  queryProblems,
  rateProblems,
} from './dashboard-checks.js';

/** A copy whose first panel that asks for `name` asks for something else. */
function withQuery(dashboard: DashboardJson, title: string, change: (expr: string) => string): DashboardJson {
  const copy = JSON.parse(JSON.stringify(dashboard)) as DashboardJson;
  const panel = panelsOf(copy).find(panel => panel.title === title);
  const target = panel!.targets[0]!;
  const changed = change(target.expr);
  expect(changed).not.to.equal(target.expr);
  Object.assign(target, { expr: changed });
  return copy;
}

describe('the queries of the dashboards', () => {
  for (const spelling of SPELLINGS) {
    for (const dashboard of dashboards) {
      const json = dashboardJson(dashboard, spelling);

      describe(`${dashboard.kind}, ${spelling}`, () => {
        it('ask for what there is', () => {
          expect(allQueries(json).length).to.be.greaterThan(30);
          expect(queryProblems(json, spelling)).to.deep.equal([]);
        });

        it('take rates over $__rate_interval', () => {
          expect(rateProblems(json)).to.deep.equal([]);
        });

        it('average no percentile', () => {
          expect(percentileProblems(json)).to.deep.equal([]);
        });

        it('ask for our own series alone where another instrumentation has some of the same name', () => {
          const shared = new Map(
            catalogue
              .filter(({ stability }) => stability !== 'own')
              .map(metric => [prometheusName(metric, spelling), metric.packages[0]]),
          );
          let selectors = 0;
          for (const { where, expr } of allQueries(json)) {
            for (const { name, matchers } of parseQuery(withoutVariables(expr)).series) {
              const scope = shared.get(name.replace(/_(bucket|sum|count)$/, '')) ?? shared.get(name);
              if (scope === undefined) continue;
              selectors += 1;
              const matcher = matchers.find(({ label }) => label === 'otel_scope_name');
              expect(matcher, where).to.deep.include({ operator: '=~', value: `(${scope})?` });
            }
          }
          expect(selectors).to.be.greaterThan(dashboard.kind === 'fleet' ? 1 : 10);
        });

        it('ask for the chosen processes alone', () => {
          const expected = dashboard.kind === 'fleet' ? ['job=~$job'] : ['job=$job', 'instance=$instance'];
          for (const { where, expr } of allQueries(json)) {
            if (where.startsWith('variable')) continue;
            for (const { name, matchers } of parseQuery(withoutVariables(expr)).series) {
              const written = matchers.map(({ label, operator, value }) => label + operator + value);
              expect(written, `${where}: ${name}`).to.include.members(expected);
            }
          }
        });
      });
    }
  }

  it('name the same recorded series in both spellings', () => {
    const [exporter, otlp] = SPELLINGS.map(spelling =>
      panelQueries(dashboardJson(fleet, spelling)).flatMap(({ expr }) =>
        parseQuery(withoutVariables(expr))
          .series.map(({ name }) => name)
          .filter(name => name.includes(':')),
      ),
    );
    expect(exporter).to.deep.equal(otlp);
    // Parts that other recorded series are put together from are for these alone.
    const unused = [...recordedNames(production)].filter(name => !exporter!.includes(name));
    expect(unused.filter(name => !/_part\d:/.test(name))).to.deep.equal([]);
  });

  it('ask annotations the same in both places that versions of Grafana read', () => {
    for (const annotation of dashboardJson(oneProcess, 'exporter').annotations!.list!) {
      const { expr, target } = annotation as unknown as { expr: string; target: { expr: string } };
      expect(expr).to.equal(target.expr);
    }
  });
});

describe('the check of the queries of dashboards', () => {
  const process = dashboardJson(oneProcess, 'exporter');
  const all = dashboardJson(fleet, 'exporter');

  it('finds a metric, a label and a value that do not exist, with the nearest that do', () => {
    const problems = (change: (expr: string) => string): string[] =>
      queryProblems(withQuery(process, 'GC overhead', change), 'exporter');
    const where = `panel ${panelsOf(process).find(({ title }) => title === 'GC overhead')!.id!} "GC overhead" A`;
    expect(problems(expr => expr.replace('vitals_gc_utilization', 'vitals_gc_utilisation'))).to.deep.equal([
      `${where}: unknown series "vitals_gc_utilisation"; the nearest is "vitals_gc_utilization"`,
    ]);
    expect(problems(expr => expr.replace('vitals_window', 'vitals_windows'))).to.deep.equal([
      `${where}: unknown label of vitals_gc_utilization "vitals_windows"; the nearest is "vitals_window"`,
    ]);
    expect(problems(expr => expr.replace('5m', '10m'))).to.deep.equal([
      `${where}: unknown value of vitals_window "10m"; the nearest is "1m"`,
    ]);
  });

  it('finds a name of the other spelling', () => {
    expect(queryProblems(process, 'otlp').join('\n')).to.contain(
      'unknown series "process_memory_usage"; the nearest is "process_memory_usage_bytes"',
    );
  });

  it('finds a recorded series that no rule records', () => {
    expect(
      queryProblems(
        withQuery(all, 'Instances', expr => expr.replace(':count', ':counts')),
        'exporter',
      ).join(),
    ).to.contain('unknown series "job:vitals_instances:counts"; the nearest is "job:vitals_instances:count"');
  });

  it('finds what is no PromQL', () => {
    expect(
      queryProblems(
        withQuery(process, 'Heap', expr => `${expr})`),
        'exporter',
      ).join(),
    ).to.contain('not PromQL');
  });

  it('finds a rate over a fixed window', () => {
    expect(
      rateProblems(
        withQuery(process, 'Minor collections', expr => expr.replace('$__rate_interval', '5m')),
      ).join(),
    ).to.contain('rate over 5m, not over $__rate_interval');
  });

  for (const [what, expr] of [
    ['averaged over instances', 'avg by (job) (vitals_gc_pause_p95{job=~"$job"})'],
    ['added up over instances', 'sum(vitals_gc_pause_p95) / count(vitals_gc_pause_p95)'],
    ['averaged over time', 'max(avg_over_time(vitals_gc_pause_p95[1h]))'],
    ['taken a percentile of', 'quantile(0.95, vitals_gc_pause_p95)'],
    ['averaged over jobs, though each comes from a histogram', 'avg(job:v8js_gc_duration:p95_5m)'],
  ] as const) {
    it(`finds a P95 that is ${what}`, () => {
      expect(percentileProblems(withQuery(all, 'GC pause, P95', () => expr))).to.have.lengthOf(1);
    });
  }

  it('finds a P95 of which a stat shows the mean', () => {
    const copy = JSON.parse(JSON.stringify(process)) as DashboardJson;
    const panel = panelsOf(copy).find(({ title }) => title === 'GC pause, P95')!;
    panel.options = { ...panel.options, reduceOptions: { calcs: ['mean'], fields: '', values: false } };
    expect(percentileProblems(copy)).to.deep.equal([
      `panel ${panel.id!} "GC pause, P95": mean of a percentile`,
    ]);
  });

  it('lets the highest P95 of instances pass, and the P95 of summed buckets', () => {
    for (const expr of [
      'topk(10, max by (job, instance) (vitals_gc_pause_p95))',
      'histogram_quantile(0.95, sum by (le) (job_le:v8js_gc_duration_bucket:rate5m))',
    ]) {
      expect(percentileProblems(withQuery(all, 'GC pause, P95', () => expr))).to.deep.equal([]);
    }
  });
});
