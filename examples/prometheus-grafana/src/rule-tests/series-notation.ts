import { catalogue } from '../catalogue/catalogue.js';
import type { CatalogueMetric } from '../catalogue/catalogue.js';
import { labelName, prometheusName } from '../catalogue/spelling.js';
import type { Spelling } from '../catalogue/spelling.js';
import { expand } from '../query/expand.js';
import type { Labels, TestSeries } from './test-group.js';

/** The scope of what several packages emit. */
const SHARED_SCOPE = 'otel-runtime-kit';

/** Name and labels of a series as promtool reads them. */
export function seriesSelector({ metric, labels }: TestSeries, spelling: Spelling): string {
  const match = /^<([\w.]+)(?::(\w+))?(?:\{(.*)\})?>$/.exec(metric);
  if (match === null) {
    const [name = '', own = ''] = metric.split(/[{}]/);
    return `${name}${labelSet(labels, own)}`;
  }
  // For its refusal of what the catalogue has not.
  expand(metric, { spelling });
  const [, name, part, attributes = ''] = match;
  const definition = catalogue.find(candidate => candidate.name === name)!;
  const own = attributes.replaceAll(/([\w.]+)=/g, (_, attribute: string) => `${labelName(attribute)}=`);
  const family = prometheusName(definition, spelling) + (part === undefined ? '' : `_${part}`);
  return `${family}${labelSet({ ...scopeOf(definition, spelling), ...labels }, own)}`;
}

/** The exporter writes the scope to each sample; by OTLP it comes only where Prometheus is told to keep it. */
function scopeOf({ packages }: CatalogueMetric, spelling: Spelling): Labels {
  if (spelling === 'otlp') return {};
  return {
    otel_scope_name: packages.length === 1 ? packages[0]! : SHARED_SCOPE,
    otel_scope_version: '0.1.0',
  };
}

/** `{a="b"}` */
export function labelSet(labels: Labels, more = ''): string {
  const all = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `{${[...all, more].filter(Boolean).join(', ')}}`;
}

/**
 * Values as promtool reads them: `7x4` is five times 7, `1+2x4` goes up by 2 four times, `_` is nothing. Where a scrape
 * fails, Prometheus marks each series of the target as ended: `stale`.
 */
export function seriesValues(values: readonly (number | undefined)[]): string {
  const words: string[] = [];
  let index = 0;
  while (index < values.length) {
    const first = values[index];
    const second = values[index + 1];
    const step = first === undefined || second === undefined ? 0 : second - first;
    let end = index + 1;
    while (end < values.length && follows(values[end - 1], values[end], step)) end += 1;
    words.push(...wordsOf(first, step, end - index, index > 0));
    index = end;
  }
  return words.join(' ');
}

function follows(value: number | undefined, next: number | undefined, step: number): boolean {
  if (value === undefined || next === undefined) return value === next;
  return Math.abs(next - value - step) <= 1e-9 * Math.max(1e-6, Math.abs(value));
}

function wordsOf(value: number | undefined, step: number, times: number, after: boolean): string[] {
  if (value !== undefined) {
    if (times === 1) return [digits(value)];
    const going = digits(step);
    return [`${digits(value)}${going === '0' ? '' : going.replace(/^(?!-)/, '+')}x${times - 1}`];
  }
  const missing = after ? times - 1 : times;
  return [...(after ? ['stale'] : []), ...(missing > 0 ? [`_x${missing}`] : [])];
}

/** Enough of them for any test. */
function digits(value: number): string {
  return String(Number(value.toPrecision(12)));
}
