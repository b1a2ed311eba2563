import { catalogue } from '../catalogue/catalogue.js';
import { foreignMetrics, TARGET_LABELS } from '../catalogue/foreign-metrics.js';
import { labelName, prometheusName, sampleNames } from '../catalogue/spelling.js';
import type { Spelling } from '../catalogue/spelling.js';
import { unknownName } from './nearest.js';
import { parseQuery } from './named-series.js';

/** Names of series, each with the labels that it can have and, where they are a fixed list, their values. */
export type KnownSeries = ReadonlyMap<string, ReadonlyMap<string, readonly string[] | undefined>>;

/** What there is to ask for in one spelling: the catalogue's metrics and those of the other exporters. */
export function knownSeries(spelling: Spelling): KnownSeries {
  const known = new Map<string, ReadonlyMap<string, readonly string[] | undefined>>();
  for (const metric of catalogue) {
    for (const name of sampleNames(metric, spelling)) {
      known.set(
        name,
        new Map<string, readonly string[] | undefined>([
          ...TARGET_LABELS.map(label => [label, undefined] as const),
          ['otel_scope_name', metric.packages],
          ['otel_scope_version', undefined],
          ...Object.entries(metric.attributes).map(([name, values]) => [labelName(name), values] as const),
          ...(name === `${prometheusName(metric, spelling)}_bucket` ? [['le', undefined] as const] : []),
        ]),
      );
    }
  }
  for (const [name, labels] of Object.entries(foreignMetrics)) {
    // By way of OTLP, `container.memory.working_set` has the very name that cAdvisor gave to its own.
    const ours = known.get(name) ?? [];
    known.set(
      name,
      new Map([...ours, ...[...TARGET_LABELS, ...labels].map(label => [label, undefined] as const)]),
    );
  }
  return known;
}

/**
 * What is wrong with a query: not PromQL, or it names a series, a label or a value that does not exist, each with the
 * nearest that does. Nothing if all is well.
 *
 * @param recorded names that recording rules make: their labels are not looked at
 */
export function problemsOf(query: string, known: KnownSeries, recorded: ReadonlySet<string>): string[] {
  let parsed;
  try {
    parsed = parseQuery(withoutVariables(query));
  } catch (error) {
    return [String(error)];
  }
  const problems: string[] = [];
  const possible = new Set<string>();
  for (const { name, matchers } of parsed.series) {
    const labels = known.get(name);
    if (labels === undefined) {
      if (!recorded.has(name)) problems.push(unknownName('series', name, [...known.keys(), ...recorded]));
      continue;
    }
    for (const label of labels.keys()) possible.add(label);
    for (const { label, value, operator } of matchers) {
      if (!labels.has(label)) problems.push(unknownName(`label of ${name}`, label, labels.keys()));
      const values = labels.get(label);
      if (values === undefined) continue;
      const choices = operator.includes('~') ? value.replace(/^\((.*)\)\?$/, '$1').split('|') : [value];
      for (const choice of choices.filter(text => text !== '' && !values.includes(text))) {
        problems.push(unknownName(`value of ${label}`, choice, values));
      }
    }
  }
  const anyRecorded = parsed.series.some(({ name }) => recorded.has(name));
  for (const label of anyRecorded ? [] : parsed.groupingLabels) {
    if (!possible.has(label)) problems.push(unknownName('label', label, possible));
  }
  return problems;
}

/** Grafana's variables stand for something by the time that Prometheus sees the query. */
export function withoutVariables(query: string): string {
  return query.replaceAll(/\$__(rate_interval|interval|range)\b|\$\{?window\}?/g, '5m');
}
