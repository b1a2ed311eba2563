import type { Spelling } from '../catalogue/spelling.js';
import { expand } from '../query/expand.js';
import { duration, sentences, timeLine } from './expectations.js';
import { labelSet, seriesSelector, seriesValues } from './series-notation.js';
import type { TestGroup } from './test-group.js';

export interface RenderOptions {
  readonly spelling: Spelling;
  /** Only what is expected of this rule. */
  readonly only?: string;
}

/** promtool takes two numbers for different if the last bit is. */
const PRECISION = 1e-8;

function roundedAsPromtool(value: number): number {
  const inverse = 1 / PRECISION;
  return Math.floor(value * inverse + 0.5) / inverse;
}

/** A test group as promtool reads it. */
export function renderGroup(group: TestGroup, { spelling, only }: RenderOptions): object {
  const { name, minutes, series, queries = [], scrapeSeconds = group.stepSeconds } = group;
  const firing = group.firing.filter(({ alert }) => only === undefined || alert === only);
  const asked = queries.filter(({ query }) => only === undefined || query.includes(only));
  const scrapes = (minutes * 60) / scrapeSeconds;
  const own = { ...group, firing };
  return {
    name,
    interval: `${scrapeSeconds}s`,
    input_series: series.map(one => ({
      series: seriesSelector(one, spelling),
      values: seriesValues(
        Array.from({ length: scrapes + 1 }, (_, scrape) => one.shape((scrape * scrapeSeconds) / 60)),
      ),
    })),
    alert_rule_test: sentences(own),
    promql_expr_test: [
      ...timeLine(own, only === undefined ? otherThan(group.besides) : `,alertname="${only}"`),
      ...asked.map(({ at, query, samples }) => ({
        expr: `round(${expand(query, { spelling })}, ${PRECISION})`,
        eval_time: duration(at),
        exp_samples: samples.map(([labels, value]) => ({
          labels: labelSet(labels),
          value: roundedAsPromtool(value),
        })),
      })),
    ],
  };
}

function otherThan(alerts: readonly string[] = []): string {
  return alerts.length === 0 ? '' : `,alertname!~"${alerts.join('|')}"`;
}
