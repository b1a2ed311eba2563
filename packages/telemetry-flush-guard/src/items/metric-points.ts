import { PointType } from './metric-types.js';
import type { BucketsLike, ExponentialHistogramLike, HistogramLike } from './metric-types.js';
import { decodeNumber, numberJson } from './numbers.js';
import type { EncodedNumber } from './numbers.js';
import { decodeValue, encodeValue } from './values.js';
import type { Encoded } from './values.js';

// Values of the points of a metric as JSON, and back. Fields in a fixed order, as names would be most of the bytes.

type EncodedNumbers = EncodedNumber[];

/** Count, sum, min, max, counts of the buckets, boundaries (null: those of the metric). */
type EncodedHistogram = [
  EncodedNumber,
  EncodedNumber,
  EncodedNumber,
  EncodedNumber,
  EncodedNumbers,
  EncodedNumbers | null,
];

/** Count, sum, min, max, scale, zeros, offset and counts of the positive buckets, and of the negative ones. */
type EncodedExponential = [
  EncodedNumber,
  EncodedNumber,
  EncodedNumber,
  EncodedNumber,
  EncodedNumber,
  EncodedNumber,
  EncodedNumber,
  EncodedNumbers,
  EncodedNumber,
  EncodedNumbers,
];

/** How the points of one metric are written. Histograms of one metric have nearly always the same boundaries, which are written once. */
export class PointValues {
  readonly #type: number;
  readonly #boundaries: readonly number[] | undefined;

  constructor(type: number, boundaries: readonly number[] | undefined) {
    this.#type = type;
    this.#boundaries = boundaries;
  }

  /** @param first the value of the first point */
  static of(type: number, first: unknown): PointValues {
    const { buckets } = type === PointType.histogram ? (first as HistogramLike) : {};
    return new PointValues(type, buckets?.boundaries);
  }

  static decode(type: number, boundaries: unknown): PointValues {
    return new PointValues(type, boundaries === null ? undefined : decodeNumbers(boundaries));
  }

  /** What all points share, as JSON. */
  sharedJson(): string {
    return this.#boundaries === undefined ? 'null' : numbersJson(this.#boundaries);
  }

  /** @throws if it is not what the type has */
  json(value: unknown): string {
    switch (this.#type) {
      case PointType.sum:
      case PointType.gauge:
        return String(measuredJson(value as number));
      case PointType.histogram:
        return this.#histogramJson(value as HistogramLike);
      case PointType.exponentialHistogram:
        return exponentialJson(value as ExponentialHistogramLike);
      default:
        return JSON.stringify(encodeValue(value));
    }
  }

  decode(encoded: Encoded): unknown {
    switch (this.#type) {
      case PointType.sum:
      case PointType.gauge:
        return decodeNumber(encoded as EncodedNumber, undefined);
      case PointType.histogram:
        return this.#decodeHistogram(encoded as EncodedHistogram);
      case PointType.exponentialHistogram:
        return decodeExponential(encoded as EncodedExponential);
      default:
        return decodeValue(encoded);
    }
  }

  #histogramJson({ count, sum, min, max, buckets: { boundaries, counts } }: HistogramLike): string {
    const own = sameNumbers(boundaries, this.#boundaries) ? 'null' : numbersJson(boundaries);
    return `[${[count, sum, min, max].map(measuredJson).join()},${numbersJson(counts)},${own}]`;
  }

  #decodeHistogram([count, sum, min, max, counts, own]: EncodedHistogram): HistogramLike {
    const boundaries = own === null ? (this.#boundaries ?? []) : decodeNumbers(own);
    return {
      ...known({ min, max, sum }),
      buckets: { boundaries, counts: decodeNumbers(counts) },
      count: decodeNumber(count, 0),
    };
  }
}

/** Whether two lists say the same; NaN is NaN. */
export function sameNumbers(one: readonly number[], other: readonly number[] | undefined): boolean {
  if (one === other) return true;
  return one.length === other?.length && one.every((value, index) => Object.is(value, other[index]));
}

function exponentialJson(value: ExponentialHistogramLike): string {
  const { count, sum, min, max, scale, zeroCount, positive, negative } = value;
  const numbers = [count, sum, min, max, scale, zeroCount].map(measuredJson).join();
  return `[${numbers},${bucketsJson(positive)},${bucketsJson(negative)}]`;
}

function decodeExponential(encoded: EncodedExponential): ExponentialHistogramLike {
  const [count, sum, min, max, scale, zeroCount, above, positive, below, negative] = encoded;
  return {
    ...known({ min, max, sum }),
    positive: { offset: decodeNumber(above, 0), bucketCounts: decodeNumbers(positive) },
    negative: { offset: decodeNumber(below, 0), bucketCounts: decodeNumbers(negative) },
    count: decodeNumber(count, 0),
    scale: decodeNumber(scale, 0),
    zeroCount: decodeNumber(zeroCount, 0),
  };
}

function bucketsJson({ offset, bucketCounts }: BucketsLike): string {
  return `${measuredJson(offset)},${numbersJson(bucketCounts)}`;
}

/** A number that was measured, where -0 is not 0: exporters write it as it is. */
function measuredJson(value: number | undefined): string | number {
  return Object.is(value, -0) ? '"-0"' : numberJson(value);
}

function numbersJson(values: readonly number[]): string {
  return `[${values.map(measuredJson).join()}]`;
}

function decodeNumbers(encoded: unknown): number[] {
  return (encoded as EncodedNumbers).map(value => decodeNumber(value, 0));
}

/** The fields of which something is known. */
function known(fields: Record<'min' | 'max' | 'sum', EncodedNumber>): {
  min?: number;
  max?: number;
  sum?: number;
} {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === null ? [] : [[name, decodeNumber(value, 0)] as const],
    ),
  );
}
