import { catalogue } from '../catalogue/catalogue.js';
import type { CatalogueMetric } from '../catalogue/catalogue.js';
import { labelName, prometheusName } from '../catalogue/spelling.js';
import type { Spelling } from '../catalogue/spelling.js';
import { unknownName } from './nearest.js';

/** What a query is made for. */
export interface QueryTarget {
  readonly spelling: Spelling;
  /** Matchers that each of our selectors gets besides its own: `job="$job"`. */
  readonly matchers?: string;
}

/**
 * Makes PromQL of a query in which our metrics stand as the catalogue has them, in angle brackets:
 * `rate(<v8js.gc.duration:sum{v8js.gc.type="major"}>[5m])`. All else is left as it is.
 *
 * Names of the semantic conventions are other instrumentations' too (`@opentelemetry/instrumentation-runtime-node` has
 * `v8js.*`), so that these get a matcher of our scope. It lets series pass that tell no scope: the exporter of
 * OpenTelemetry has an option to leave it out, and not every way of OTLP has it.
 *
 * @throws RangeError for a metric, an attribute or a value that the catalogue has not, with the nearest that it has
 */
export function expand(query: string, { spelling, matchers = '' }: QueryTarget): string {
  return query.replaceAll(
    /<([a-z][\w.]*)(?::(\w+))?(?:\{([^}]*)\})?>/g,
    (_, name: string, part: string | undefined, own: string | undefined) => {
      const metric = metricCalled(name);
      const all = [...ownMatchers(metric, part, own ?? ''), ...scopeMatcher(metric), matchers].filter(
        Boolean,
      );
      return `${prometheusName(metric, spelling)}${partOf(metric, part)}${all.length > 0 ? `{${all.join(',')}}` : ''}`;
    },
  );
}

/** The metrics that a query names, in the catalogue's spelling. */
export function metricsIn(query: string): CatalogueMetric[] {
  const names = [...query.matchAll(/<([a-z][\w.]*)[:{>]/g)].map(([, name = '']) => name);
  return [...new Set(names)].map(metricCalled);
}

const byName = new Map(catalogue.map(metric => [metric.name, metric]));

function metricCalled(name: string): CatalogueMetric {
  const metric = byName.get(name);
  if (metric === undefined) throw new RangeError(unknownName('metric', name, byName.keys()));
  return metric;
}

const HISTOGRAM_PARTS = ['bucket', 'sum', 'count'];

function partOf({ name, kind }: CatalogueMetric, part: string | undefined): string {
  if (kind === 'histogram' ? HISTOGRAM_PARTS.includes(part ?? '') : part === undefined) {
    return part === undefined ? '' : `_${part}`;
  }
  const which = kind === 'histogram' ? `one of ${HISTOGRAM_PARTS.join(', ')}` : 'no part';
  throw new RangeError(`${name} is a ${kind}: a query names ${which} of it, got ${String(part)}`);
}

function ownMatchers(metric: CatalogueMetric, part: string | undefined, text: string): string[] {
  if (text.trim() === '') return [];
  return text.split(/,(?=[^"]*(?:"[^"]*"[^"]*)*$)/).map(matcher => {
    const [, attribute = '', operator = '', value = ''] =
      /^\s*([\w.]+)\s*(=~|!~|!=|=)\s*"(.*)"\s*$/.exec(matcher) ?? [];
    if (attribute === '') throw new RangeError(`not a matcher: ${matcher}, of ${metric.name}`);
    const values = valuesOf(metric, part, attribute);
    if (values === undefined) {
      throw new RangeError(
        unknownName(`attribute of ${metric.name}`, attribute, Object.keys(metric.attributes)),
      );
    }
    // A regular expression here is always a plain choice: `heap|container`.
    for (const choice of operator.includes('~') ? value.split('|') : [value]) {
      // Nothing stands for a series without the attribute.
      if (choice === '' || values.includes(choice)) continue;
      throw new RangeError(unknownName(`value of ${attribute} of ${metric.name}`, choice, values));
    }
    return `${labelName(attribute)}${operator}"${value}"`;
  });
}

/** Of an attribute, or of the boundaries of a histogram's buckets. */
function valuesOf(
  metric: CatalogueMetric,
  part: string | undefined,
  attribute: string,
): readonly string[] | undefined {
  if (part !== 'bucket' || attribute !== 'le') return metric.attributes[attribute];
  return [...(metric.buckets ?? []).map(String), '+Inf'];
}

function scopeMatcher({ stability, packages }: CatalogueMetric): string[] {
  return stability === 'own' ? [] : [`otel_scope_name=~"(${packages.join('|')})?"`];
}
