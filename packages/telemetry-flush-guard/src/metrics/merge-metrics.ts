import type {
  DataPointLike,
  MetricDataLike,
  MetricItem,
  ResourceMetricsLike,
  ScopeMetricsLike,
} from '../items/metric-types.js';
import { encodeResource, encodeScope } from '../items/origins.js';
import type { AttributesLike, HrTime, ResourceLike, ScopeLike } from '../items/otel-types.js';
import { encodeValue } from '../items/values.js';
import { compareTimes, mergePoints } from './merge-points.js';

/** What goes out in one request, and what it is made of. */
export interface MergedMetrics {
  readonly metrics: ResourceMetricsLike;
  readonly items: readonly MetricItem[];
}

/**
 * Which items may be put together: those of one reader and one of its export intervals. Each interval keeps points of its own, with their own
 * times, however late they are sent.
 */
export function groupOf({ taken: { reader, window } }: MetricItem): string {
  return `${window} of ${reader}`;
}

/**
 * Items put together, by resource and {@link groupOf}, the oldest first: one metric of each name, one point of each set of attributes. Nothing
 * of what was counted is lost: differences are added, and of what stands for itself the latest counts. The items are not changed.
 */
export function mergeMetrics(items: readonly MetricItem[]): ResourceMetricsLike[] {
  return mergedGroups(items).map(({ metrics }) => metrics);
}

/** {@link mergeMetrics}, and which items each is made of. */
export function mergedGroups(items: readonly MetricItem[]): MergedMetrics[] {
  const texts = new Map<ResourceLike, string>();
  const groups = groupBy(items, item => `${groupOf(item)} ${textOf(texts, item.resource, encodeResource)}`);
  return groups
    .map(group => ({ end: latestEnd(group), merged: mergeGroup(inOrder(group)) }))
    .sort((one, other) => compareTimes(one.end, other.end))
    .map(({ merged }) => merged);
}

function mergeGroup(items: NonEmpty<MetricItem>): MergedMetrics {
  const texts = new Map<ScopeLike, string>();
  const scopeMetrics = groupBy(items, ({ scope }) => textOf(texts, scope, encodeScope)).map(
    (ofScope): ScopeMetricsLike => ({
      scope: ofScope[0].scope,
      metrics: groupBy(ofScope, identityOf).map(ofMetric =>
        mergeMetric(mapped(ofMetric, ({ metric }) => metric)),
      ),
    }),
  );
  return { metrics: { resource: items[0].resource, scopeMetrics }, items };
}

/**
 * What makes two metrics one by the data model of OpenTelemetry: the description does not
 * (https://opentelemetry.io/docs/specs/otel/metrics/data-model/#opentelemetry-protocol-data-model).
 */
function identityOf({ metric, taken }: MetricItem): string {
  const { name, unit, type, valueType } = metric.descriptor;
  const { dataPointType, aggregationTemporality, isMonotonic } = metric;
  const kind = [type, valueType, dataPointType, aggregationTemporality, isMonotonic, taken.stream];
  return JSON.stringify([name, unit, ...kind]);
}

/** @param parts in the order in which they were collected */
function mergeMetric(parts: NonEmpty<MetricDataLike>): MetricDataLike {
  if (parts.length === 1) return parts[0];
  const points = parts.flatMap(({ dataPoints }) => dataPoints);
  const latest = parts[parts.length - 1] ?? parts[0];
  const { dataPointType, aggregationTemporality } = latest;
  return {
    ...latest,
    dataPoints: groupBy(points, ({ attributes }) => seriesOf(attributes)).flatMap(series =>
      mergePoints(dataPointType, aggregationTemporality, series),
    ),
  };
}

/** Attributes as text that is equal if and only if they are, in whatever order they stand. */
function seriesOf(attributes: AttributesLike): string {
  const names = Object.keys(attributes).sort();
  return JSON.stringify([names, encodeValue(names.map(name => attributes[name]))]);
}

function inOrder(items: NonEmpty<MetricItem>): NonEmpty<MetricItem> {
  // What comes from disk comes in the order of the disk.
  return items.toSorted((one, other) => one.taken.collection - other.taken.collection) as [
    MetricItem,
    ...MetricItem[],
  ];
}

function latestEnd(items: readonly MetricItem[]): HrTime {
  const ends = items.flatMap(({ metric }) => metric.dataPoints.map(({ endTime }: DataPointLike) => endTime));
  return ends.reduce((latest, end) => (compareTimes(latest, end) < 0 ? end : latest), [0, 0]);
}

type NonEmpty<Part> = readonly [Part, ...Part[]];

/** Parts that have the same key, in the order in which the first of each comes. */
function groupBy<Part>(parts: readonly Part[], keyOf: (part: Part) => string): NonEmpty<Part>[] {
  const groups = new Map<string, [Part, ...Part[]]>();
  for (const part of parts) {
    const key = keyOf(part);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [part]);
    else group.push(part);
  }
  return [...groups.values()];
}

function mapped<Part, Other>(parts: NonEmpty<Part>, map: (part: Part) => Other): NonEmpty<Other> {
  return parts.map(map) as [Other, ...Other[]];
}

/** The text of an object, made once. */
function textOf<Key>(texts: Map<Key, string>, key: Key, make: (key: Key) => string): string {
  let text = texts.get(key);
  if (text === undefined) texts.set(key, (text = make(key)));
  return text;
}
