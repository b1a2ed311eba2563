import { decodeOtlpRequest } from './otlp-protobuf.js';

/** What a request is about, as its path has it: `/v1/traces`. */
export type OtlpSignal = 'traces' | 'logs' | 'metrics';

export interface ReadSpan {
  readonly name: string;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ReadLog {
  /** Its text; of another body, the body as JSON. */
  readonly body: string;
  readonly timeNanos: bigint;
  readonly observedNanos: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ReadBuckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface ReadHistogram {
  readonly count: number;
  readonly sum: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** With bounds of its own. */
  readonly bounds?: readonly number[];
  readonly counts?: readonly number[];
  /** Exponential. */
  readonly scale?: number;
  readonly zeroCount?: number;
  readonly positive?: ReadBuckets;
  readonly negative?: ReadBuckets;
}

export interface ReadPoint {
  /** Of its metric. */
  readonly name: string;
  readonly kind: 'gauge' | 'sum' | 'histogram' | 'exponential histogram';
  /** A gauge has none. */
  readonly temporality: 'delta' | 'cumulative' | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: number | ReadHistogram;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
}

/** One item of a request. A metric is one for each of its points: that is how points are counted when a part is rejected. */
export type ReadItem =
  | { readonly signal: 'traces'; readonly label: string; readonly item: ReadSpan }
  | { readonly signal: 'logs'; readonly label: string; readonly item: ReadLog }
  | { readonly signal: 'metrics'; readonly label: string; readonly item: ReadPoint };

interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] };
  readonly bytesValue?: string;
}

interface KeyValue {
  readonly key: string;
  readonly value?: AnyValue;
}

type Nanos = string | number;
type Count = string | number;

interface Point {
  readonly attributes?: readonly KeyValue[];
  readonly startTimeUnixNano?: Nanos;
  readonly timeUnixNano?: Nanos;
  readonly asDouble?: number;
  readonly asInt?: Count;
  readonly count?: Count;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly bucketCounts?: readonly Count[];
  readonly explicitBounds?: readonly number[];
  readonly scale?: number;
  readonly zeroCount?: Count;
  readonly positive?: { readonly offset?: number; readonly bucketCounts?: readonly Count[] };
  readonly negative?: { readonly offset?: number; readonly bucketCounts?: readonly Count[] };
}

interface Points {
  readonly dataPoints?: readonly Point[];
  readonly aggregationTemporality?: number;
}

interface Metric {
  readonly name: string;
  readonly gauge?: Points;
  readonly sum?: Points;
  readonly histogram?: Points;
  readonly exponentialHistogram?: Points;
}

interface Item {
  readonly name?: string;
  readonly startTimeUnixNano?: Nanos;
  readonly endTimeUnixNano?: Nanos;
  readonly timeUnixNano?: Nanos;
  readonly observedTimeUnixNano?: Nanos;
  readonly body?: AnyValue;
  readonly attributes?: readonly KeyValue[];
}

/** A request as JSON. */
interface Request {
  readonly resourceSpans?: readonly {
    readonly scopeSpans?: readonly { readonly spans?: readonly Item[] }[];
  }[];
  readonly resourceLogs?: readonly {
    readonly scopeLogs?: readonly { readonly logRecords?: readonly Item[] }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics?: readonly { readonly metrics?: readonly Metric[] }[];
  }[];
}

/**
 * The items of a request, in its order.
 *
 * @throws if it is not one
 */
export function readOtlpRequest(
  body: Buffer,
  signal: OtlpSignal,
  format: 'json' | 'protobuf',
): readonly ReadItem[] {
  const request = (
    format === 'json' ? JSON.parse(body.toString()) : decodeOtlpRequest(body, signal)
  ) as Request;
  switch (signal) {
    case 'traces':
      return (request.resourceSpans ?? [])
        .flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap(({ spans = [] }) => spans))
        .map(span => ({ signal, label: span.name ?? '', item: readSpan(span) }));
    case 'logs':
      return (request.resourceLogs ?? [])
        .flatMap(({ scopeLogs = [] }) => scopeLogs.flatMap(({ logRecords = [] }) => logRecords))
        .map(readLog)
        .map(item => ({ signal, label: item.body, item }));
    case 'metrics':
      return (request.resourceMetrics ?? [])
        .flatMap(({ scopeMetrics = [] }) => scopeMetrics.flatMap(({ metrics = [] }) => metrics))
        .flatMap(readPoints)
        .map(item => ({ signal, label: item.name, item }));
  }
}

function readSpan({ name = '', startTimeUnixNano = 0, endTimeUnixNano = 0, attributes }: Item): ReadSpan {
  return {
    name,
    startNanos: BigInt(startTimeUnixNano),
    endNanos: BigInt(endTimeUnixNano),
    attributes: readAttributes(attributes),
  };
}

function readLog({ body, timeUnixNano = 0, observedTimeUnixNano = 0, attributes }: Item): ReadLog {
  const value = readValue(body);
  return {
    body: typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value),
    timeNanos: BigInt(timeUnixNano),
    observedNanos: BigInt(observedTimeUnixNano),
    attributes: readAttributes(attributes),
  };
}

const KINDS = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'exponential histogram'],
] as const;

function readPoints(metric: Metric): ReadPoint[] {
  return KINDS.flatMap(([field, kind]) => {
    const { dataPoints = [], aggregationTemporality } = metric[field] ?? {};
    return dataPoints.map(point => ({
      name: metric.name,
      kind,
      temporality: ([undefined, 'delta', 'cumulative'] as const)[aggregationTemporality ?? 0],
      attributes: readAttributes(point.attributes),
      value:
        kind === 'gauge' || kind === 'sum'
          ? (point.asDouble ?? Number(point.asInt))
          : readHistogram(point, kind === 'histogram'),
      startNanos: BigInt(point.startTimeUnixNano ?? 0),
      endNanos: BigInt(point.timeUnixNano ?? 0),
    }));
  });
}

function readHistogram(point: Point, hasBounds: boolean): ReadHistogram {
  const {
    count = 0,
    sum,
    min,
    max,
    explicitBounds = [],
    bucketCounts = [],
    scale = 0,
    zeroCount = 0,
  } = point;
  const both = { count: Number(count), sum, min, max };
  if (hasBounds) return { ...both, bounds: explicitBounds, counts: bucketCounts.map(Number) };
  const [positive, negative] = [point.positive, point.negative].map(
    ({ offset = 0, bucketCounts: counts = [] } = {}) => ({ offset, counts: counts.map(Number) }),
  );
  return { ...both, scale, zeroCount: Number(zeroCount), positive: positive!, negative: negative! };
}

function readAttributes(attributes: readonly KeyValue[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)]));
}

function readValue(value: AnyValue = {}): unknown {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value;
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(readValue);
  if (kvlistValue !== undefined) return readAttributes(kvlistValue.values);
  if (intValue !== undefined) return Number(intValue);
  return stringValue ?? boolValue ?? doubleValue ?? bytesValue;
}
