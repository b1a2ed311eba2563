import type { ItemCodec, Origin } from './item-codec.js';
import { PointValues } from './metric-points.js';
import type { DataPointLike, MetricDescriptorLike, MetricItem } from './metric-types.js';
import { decodeNumber, numberJson } from './numbers.js';
import type { EncodedNumber } from './numbers.js';
import { originIn } from './origins.js';
import type { AttributesLike, HrTime } from './otel-types.js';
import { timeJson } from './times.js';
import { attributesJson, decodeAttributes } from './values.js';
import type { Encoded } from './values.js';

/** Start and end (null: those of the metric's first point), attributes, value. */
type EncodedPoint = [HrTime | null, HrTime | null, Encoded, Encoded];

/** Fields in a fixed order. */
type EncodedMetric = [
  reader: string,
  window: EncodedNumber,
  collection: EncodedNumber,
  stream: EncodedNumber,
  descriptor: Encoded,
  type: EncodedNumber,
  temporality: EncodedNumber,
  isMonotonic: boolean | null,
  start: HrTime,
  end: HrTime,
  /** What the values of all points share. */
  shared: Encoded,
  points: EncodedPoint[],
];

export const metricCodec: ItemCodec<MetricItem> = {
  signal: 'metric',

  originOf({ resource, scope }: MetricItem): Origin {
    return originIn('metric', resource, scope);
  },

  encode({ metric, taken }: MetricItem): string {
    const { descriptor, dataPointType, dataPoints } = metric;
    const [first] = dataPoints;
    if (first === undefined) throw new RangeError('a metric has no points');
    const values = PointValues.of(dataPointType, first.value);
    return [
      `[${JSON.stringify(taken.reader)}`,
      numberJson(taken.window),
      numberJson(taken.collection),
      numberJson(taken.stream),
      attributesJson(descriptor as unknown as AttributesLike),
      numberJson(dataPointType),
      numberJson(metric.aggregationTemporality),
      metric.isMonotonic ?? 'null',
      timeJson(first.startTime),
      timeJson(first.endTime),
      values.sharedJson(),
      `[${dataPoints.map(point => pointJson(point, first, values)).join()}]]`,
    ].join();
  },

  decode(text: string, { resource, scope }: Origin): MetricItem {
    const fields = JSON.parse(text) as EncodedMetric;
    const [reader, window, collection, stream, descriptor, type, temporality, isMonotonic] = fields;
    const [start, end, shared, points] = fields.slice(8) as [HrTime, HrTime, Encoded, EncodedPoint[]];
    const dataPointType = decodeNumber(type, 0);
    const values = PointValues.decode(dataPointType, shared);
    return {
      metric: {
        descriptor: decodeAttributes(descriptor) as unknown as MetricDescriptorLike,
        aggregationTemporality: decodeNumber(temporality, 0),
        dataPointType,
        dataPoints: points.map(([startTime, endTime, attributes, value]) => ({
          attributes: decodeAttributes(attributes),
          startTime: startTime ?? start,
          endTime: endTime ?? end,
          value: values.decode(value),
        })),
        ...(isMonotonic === null ? {} : { isMonotonic }),
      },
      resource,
      scope,
      taken: {
        reader,
        window: decodeNumber(window, 0),
        collection: decodeNumber(collection, 0),
        stream: decodeNumber(stream, 0),
      },
    };
  },
};

/** Points of one collection end together, and most begin together. */
function pointJson(
  { startTime, endTime, attributes, value }: DataPointLike,
  first: DataPointLike,
  values: PointValues,
): string {
  return `[${timeUnless(startTime, first.startTime)},${timeUnless(endTime, first.endTime)},${attributesJson(attributes)},${values.json(value)}]`;
}

function timeUnless(time: HrTime, usual: HrTime): string {
  return time[0] === usual[0] && time[1] === usual[1] ? 'null' : timeJson(time);
}
