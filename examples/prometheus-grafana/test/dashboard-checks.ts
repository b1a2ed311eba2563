import { parser } from '@prometheus-io/lezer-promql';
import type { Spelling } from '../src/catalogue/spelling.js';
import type { DashboardJson, PlacedPanel } from '../src/dashboards/grafana/json.js';
import { knownSeries, problemsOf } from '../src/query/known-series.js';
import { parseQuery } from '../src/query/named-series.js';
import { production } from '../src/rules/pace.js';
import { recordedNames } from '../src/rules/rule-files.js';

/** The panels that show something: no headings. */
export function panelsOf({ panels }: DashboardJson): PlacedPanel[] {
  return panels.filter(panel => 'targets' in panel);
}

/** A query of a dashboard, and where it stands. */
export interface Asked {
  readonly where: string;
  readonly expr: string;
}

/** Queries of panels, in their order. */
export function panelQueries(dashboard: DashboardJson): Asked[] {
  return panelsOf(dashboard).flatMap(({ id, title = '', targets }) =>
    targets.map(({ refId, expr }) => ({ where: `panel ${id} "${title}" ${refId}`, expr })),
  );
}

/** Queries of panels, annotations and variables. */
export function allQueries(dashboard: DashboardJson): Asked[] {
  const annotations = (dashboard.annotations?.list ?? []).map(annotation => ({
    where: `annotation "${annotation.name}"`,
    expr: (annotation as unknown as { expr: string }).expr,
  }));
  const variables = (dashboard.templating?.list ?? [])
    .filter(({ type }) => type === 'query')
    .map(({ name, query }) => {
      const text = (query as { query: string }).query;
      const [, series = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(text) ?? [];
      return { where: `variable ${name}`, expr: `count by (${label}) (${series})` };
    });
  return [...panelQueries(dashboard), ...annotations, ...variables];
}

/** Queries that ask for what does not exist, with the nearest that does. */
export function queryProblems(dashboard: DashboardJson, spelling: Spelling): string[] {
  const known = knownSeries(spelling);
  const recorded = recordedNames(production);
  return allQueries(dashboard).flatMap(({ where, expr }) =>
    problemsOf(expr, known, recorded).map(problem => `${where}: ${problem}`),
  );
}

/** Rates over a window that does not follow the zoom and the scrape interval. */
export function rateProblems(dashboard: DashboardJson): string[] {
  return panelQueries(dashboard).flatMap(({ where, expr }) =>
    [...expr.matchAll(/\b(rate|irate|increase|delta|idelta|deriv)\([^[]*\[([^\]]*)\]/g)]
      .filter(([, , window]) => window !== '$__rate_interval')
      .map(([, name, window]) => `${where}: ${name!} over ${window!}, not over $__rate_interval`),
  );
}

const MIXING = /^(avg|sum|quantile|stddev|stdvar)(_over_time)?$/;
const MIXING_CALCS = /^(mean|sum|median|variance|stdDev|range|total)$/;
const PERCENTILE = /p9\d/;

/** A percentile that is averaged, or otherwise mixed with others: the result is a percentile of nothing. */
export function percentileProblems(dashboard: DashboardJson): string[] {
  return panelsOf(dashboard).flatMap(({ id, title = '', targets, options, transformations = [] }) => {
    const problems = targets.flatMap(({ expr }) => mixedPercentiles(expr));
    if (targets.some(({ expr }) => PERCENTILE.test(expr))) {
      const text = JSON.stringify(options ?? {});
      const calcs = [...text.matchAll(/"calcs":\[([^\]]*)\]/g)].flatMap(([, list = '']) => list.split(','));
      for (const calc of calcs.map(quoted => quoted.replaceAll('"', ''))) {
        if (MIXING_CALCS.test(calc)) problems.push(`${calc} of a percentile`);
      }
      for (const transformation of transformations) {
        if (!['merge', 'organize'].includes(transformation.id))
          problems.push(`${transformation.id} of a percentile`);
      }
    }
    return problems.map(problem => `panel ${id} "${title}": ${problem}`);
  });
}

function mixedPercentiles(expr: string): string[] {
  const query = expr.replaceAll('$__rate_interval', '5m');
  const problems: string[] = [];
  parser.parse(query).iterate({
    enter: ({ type, node, from, to }) => {
      if (type.name !== 'AggregateExpr' && type.name !== 'FunctionCall') return;
      const operator = node.getChild(type.name === 'AggregateExpr' ? 'AggregateOp' : 'FunctionIdentifier');
      const name = operator === null ? '' : query.slice(operator.from, operator.to);
      const percentiles = parseQuery(query.slice(from, to)).series.filter(series =>
        PERCENTILE.test(series.name),
      );
      if (MIXING.test(name)) problems.push(...percentiles.map(series => `${name} of ${series.name}`));
    },
  });
  return problems;
}

/** Panels that lie upon each other or beside the grid, and ids that are taken twice. */
export function layoutProblems({ panels }: DashboardJson): string[] {
  const problems: string[] = [];
  const cells = new Map<string, number>();
  const ids = new Set<number>();
  for (const { id = 0, gridPos, title = '' } of panels) {
    if (ids.has(id)) problems.push(`the id ${id} is there twice, also of "${title}"`);
    ids.add(id);
    const { x, y, w, h } = gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
    if (x + w > 24) problems.push(`"${title}" goes beyond the grid`);
    const upon = new Set<number>();
    for (let column = x; column < x + w; column += 1) {
      for (let line = y; line < y + h; line += 1) {
        const below = cells.get(`${column},${line}`);
        if (below !== undefined) upon.add(below);
        cells.set(`${column},${line}`, id);
      }
    }
    for (const below of upon) problems.push(`"${title}" lies upon panel ${below}`);
  }
  return problems;
}
