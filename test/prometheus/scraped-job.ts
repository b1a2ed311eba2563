import type { Point, Series } from './prometheus-api.js';

/** How far back an instant looks for the latest sample: Prometheus' default. */
const LOOKBACK_SECONDS = 300;

/** A choice of values for a label, or any. */
export type LabelChoice = Readonly<Record<string, readonly string[]>>;

/**
 * The samples of one job as they were scraped, and the functions of Prometheus that the rules use, written down from its
 * documentation a second time: what a rule should say can be told without the rule.
 */
export class ScrapedJob {
  readonly #series = new Map<string, Series[]>();

  /** @param series with the label `__name__` */
  constructor(series: readonly Series[]) {
    for (const one of series) {
      const name = one.labels['__name__'] ?? '';
      this.#series.set(name, [...(this.#series.get(name) ?? []), one]);
    }
  }

  named(name: string, choice: LabelChoice = {}): readonly Series[] {
    return (this.#series.get(name) ?? []).filter(({ labels }) =>
      Object.entries(choice).every(([label, values]) => values.includes(labels[label] ?? '')),
    );
  }

  /** The same without what came later. */
  upTo(atSeconds: number): ScrapedJob {
    return new ScrapedJob(
      [...this.#series.values()].flat().map(({ labels, points }) => ({
        labels,
        points: points.slice(0, countUpTo(points, atSeconds)),
      })),
    );
  }

  /** The latest value of each series, without those that have none. */
  values(name: string, atSeconds: number, choice: LabelChoice = {}): number[] {
    return this.named(name, choice).flatMap(({ points }) => {
      const latest = points[countUpTo(points, atSeconds) - 1];
      return latest === undefined || latest.atSeconds <= atSeconds - LOOKBACK_SECONDS ? [] : [latest.value];
    });
  }

  maximum(name: string, atSeconds: number, choice: LabelChoice = {}): number {
    return Math.max(...this.values(name, atSeconds, choice));
  }

  minimum(name: string, atSeconds: number, choice: LabelChoice = {}): number {
    return Math.min(...this.values(name, atSeconds, choice));
  }
}

/** The samples of a window, both ends included, as Prometheus 2 has it. */
export function within({ points }: Series, atSeconds: number, windowSeconds: number): Point[] {
  const fromSeconds = atSeconds - windowSeconds;
  const before = countUpTo(points, fromSeconds);
  const first = points[before - 1]?.atSeconds === fromSeconds ? before - 1 : before;
  return points.slice(first, countUpTo(points, atSeconds));
}

/** How many of the points, in the order of time, are not later than that. */
function countUpTo(points: readonly Point[], atSeconds: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[middle]!.atSeconds <= atSeconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `resets(…)`: how often a counter has fallen. */
export function resets(points: readonly Point[]): number {
  return points.filter((point, index) => index > 0 && point.value < points[index - 1]!.value).length;
}

/** `increase(…)`, or `delta(…)` of a gauge; undefined if there are fewer than two samples. */
export function increase(
  series: Series,
  atSeconds: number,
  windowSeconds: number,
  kind: 'counter' | 'gauge' = 'counter',
): number | undefined {
  const points = within(series, atSeconds, windowSeconds);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  let difference = last.value - first.value;
  if (kind === 'counter') {
    points.forEach((point, index) => {
      const before = points[index - 1];
      if (before !== undefined && point.value < before.value) difference += before.value;
    });
  }
  const sampledSeconds = last.atSeconds - first.atSeconds;
  const averageSeconds = sampledSeconds / (points.length - 1);
  // The window begins and ends between samples: up to about one interval is guessed, and a counter not to below zero.
  const reach = (seconds: number): number => (seconds < 1.1 * averageSeconds ? seconds : averageSeconds / 2);
  const toStart = first.atSeconds - (atSeconds - windowSeconds);
  const toZero =
    kind === 'counter' && difference > 0 && first.value >= 0
      ? sampledSeconds * (first.value / difference)
      : Infinity;
  const guessed = reach(Math.min(toStart, toZero)) + reach(atSeconds - last.atSeconds);
  return (difference * (sampledSeconds + guessed)) / sampledSeconds;
}

/** The straight line of least squares: its value at a time, and its slope by the second; undefined of fewer than two samples. */
export function lineThrough(
  points: readonly Point[],
  atSeconds: number,
): { readonly value: number; readonly slope: number } | undefined {
  const count = points.length;
  if (count < 2) return undefined;
  const meanSeconds = points.reduce((sum, point) => sum + point.atSeconds, 0) / count;
  const meanValue = points.reduce((sum, { value }) => sum + value, 0) / count;
  let spread = 0;
  let together = 0;
  for (const point of points) {
    const seconds = point.atSeconds - meanSeconds;
    spread += seconds * seconds;
    together += seconds * (point.value - meanValue);
  }
  const slope = together / spread;
  return { value: meanValue + slope * (atSeconds - meanSeconds), slope };
}

/** `sum(rate(…))` over several series; undefined if none has two samples. */
export function sumOfRates(
  series: readonly Series[],
  atSeconds: number,
  windowSeconds: number,
): number | undefined {
  const increases = series.flatMap(one => increase(one, atSeconds, windowSeconds) ?? []);
  return increases.length === 0 ? undefined : increases.reduce((sum, one) => sum + one / windowSeconds, 0);
}

/** `histogram_quantile(…)` of counts up to each boundary; NaN if there is none. */
export function quantileOf(share: number, cumulative: ReadonlyMap<number, number>): number {
  const buckets = [...cumulative].sort(([a], [b]) => a - b);
  const total = buckets.at(-1)?.[1] ?? 0;
  if (total === 0) return NaN;
  const rank = share * total;
  const index = buckets.findIndex(([, count]) => count >= rank);
  const [upper, count] = buckets[index]!;
  // Of what is beyond the last boundary nothing is known but that it is beyond.
  if (upper === Infinity) return buckets.at(-2)?.[0] ?? NaN;
  const [lower, below] = buckets[index - 1] ?? [0, 0];
  return lower + ((upper - lower) * (rank - below)) / (count - below);
}
