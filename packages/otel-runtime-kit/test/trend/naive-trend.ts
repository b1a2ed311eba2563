export interface Point {
  readonly timeMillis: number;
  readonly value: number;
}

export function naiveMedian(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle];
  return sorted.length === 0 ? undefined : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Theil–Sen as the textbook has it: every slope in one array, sorted. Per millisecond. */
export function naiveSlope(points: readonly Point[]): number | undefined {
  const slopes: number[] = [];
  for (const [i, a] of points.entries()) {
    for (const b of points.slice(i + 1)) {
      if (a.timeMillis !== b.timeMillis) slopes.push((b.value - a.value) / (b.timeMillis - a.timeMillis));
    }
  }
  return naiveMedian(slopes);
}

/** At most 64 of the samples, every 2^i-th, with the smallest i that is enough. */
export function thinned(samples: readonly Point[]): Point[] {
  let stride = 1;
  while (Math.ceil(samples.length / stride) > 64) stride *= 2;
  return samples.filter((_, index) => index % stride === 0);
}

/** The points of the closed blocks inside the window, from all samples that ever came. */
export function naivePoints(samples: readonly Point[], windowMillis: number, blockMillis: number): Point[] {
  const blocks = new Map<number, Point[]>();
  let latest = -Infinity;
  for (const sample of samples) {
    latest = Math.max(latest, sample.timeMillis);
    const blockStart = Math.floor(latest / blockMillis) * blockMillis;
    const block = blocks.get(blockStart) ?? [];
    block.push({ timeMillis: latest, value: sample.value });
    blocks.set(blockStart, block);
  }
  const inOrder = [...blocks.values()];
  const opening = inOrder.at(-1)?.[0]?.timeMillis ?? 0;
  return inOrder
    .slice(0, -1)
    .map(block => {
      const kept = thinned(block);
      const timeMillis = kept.reduce((sum, sample) => sum + sample.timeMillis, 0) / kept.length;
      return { timeMillis, value: naiveMedian(kept.map(sample => sample.value))! };
    })
    .filter(point => point.timeMillis >= opening - windowMillis);
}
