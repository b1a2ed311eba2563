import type { MetricDefinition } from 'otel-runtime-kit/otel';

/**
 * How a metric's name comes to be spelled in Prometheus.
 *
 * - `exporter`: scraped from `@opentelemetry/exporter-prometheus`, which adds `_total` to counters and nothing else.
 * - `otlp`: by way of OTLP (Prometheus' own receiver, the Collector, remote write), which adds the unit as well.
 */
export type Spelling = 'exporter' | 'otlp';

export const SPELLINGS: readonly Spelling[] = ['exporter', 'otlp'];

/** The part of a metric that its name depends on. */
export type NamedMetric = Pick<MetricDefinition, 'name' | 'kind' | 'unit'>;

/** The name of a metric's family in Prometheus; the lines of a histogram end in `_bucket`, `_sum` and `_count` besides. */
export function prometheusName(metric: NamedMetric, spelling: Spelling): string {
  return spelling === 'exporter' ? exporterName(metric) : otlpName(metric);
}

/** The names of a metric's sample lines. */
export function sampleNames(metric: NamedMetric, spelling: Spelling): string[] {
  const family = prometheusName(metric, spelling);
  return metric.kind === 'histogram' ? ['_bucket', '_sum', '_count'].map(end => family + end) : [family];
}

/** The name of an attribute as a label: both ways alike. */
export function labelName(attribute: string): string {
  return attribute.replaceAll(/[^a-zA-Z0-9_]/g, '_');
}

function exporterName({ name, kind }: NamedMetric): string {
  const sanitised = name.replaceAll(/[^a-zA-Z0-9_:]+/g, '_');
  return isCounter(kind) && !sanitised.endsWith('_total') ? `${sanitised}_total` : sanitised;
}

const UNITS: Readonly<Record<string, string>> = { By: 'bytes', s: 'seconds' };
const PER_UNITS: Readonly<Record<string, string>> = { s: 'per_second' };

/**
 * The rules of https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1 and
 * of their implementation, github.com/prometheus/otlptranslator, for the units that the catalogue has.
 *
 * @throws RangeError for another unit, so that none is spelled wrongly
 */
function otlpName({ name, kind, unit }: NamedMetric): string {
  const tokens = name.split(/[^a-zA-Z0-9:]+/).filter(token => token !== '');
  for (const suffix of unitSuffixes(name, unit)) if (!tokens.includes(suffix)) tokens.push(suffix);
  const last = isCounter(kind) ? 'total' : unit === '1' && isGauge(kind) ? 'ratio' : undefined;
  return (last === undefined ? tokens : [...tokens.filter(token => token !== last), last]).join('_');
}

function unitSuffixes(name: string, unit: string): string[] {
  if (unit === '1') return [];
  const [main = '', per] = unit.split('/');
  const isAnnotation = (text: string): boolean => /^\{.*\}$/.test(text);
  const suffixes = [isAnnotation(main) ? '' : UNITS[main], per === undefined ? '' : PER_UNITS[per]];
  return suffixes.flatMap(suffix => {
    if (suffix === undefined) throw new RangeError(`no rule for the unit "${unit}" of ${name}`);
    return suffix === '' ? [] : [suffix];
  });
}

function isCounter(kind: MetricDefinition['kind']): boolean {
  return kind === 'counter' || kind === 'observableCounter';
}

/** Up-down counters are gauges in Prometheus too, but only what OTel calls a gauge may be a ratio. */
function isGauge(kind: MetricDefinition['kind']): boolean {
  return kind === 'observableGauge';
}
