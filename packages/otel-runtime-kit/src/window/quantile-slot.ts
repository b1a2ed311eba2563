/** The values of one slot of a WindowQuantile: how many in each bucket, and the extremes. */
export class QuantileSlot {
  readonly counts: Uint32Array;
  total = 0;
  minimum = Infinity;
  maximum = -Infinity;
  /** The buckets in use are firstBucket..lastBucket: only they are read and emptied. */
  firstBucket = Infinity;
  lastBucket = -1;

  constructor(bucketCount: number) {
    this.counts = new Uint32Array(bucketCount);
  }

  add(value: number, bucket: number): void {
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.total += 1;
    if (value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
    if (bucket < this.firstBucket) this.firstBucket = bucket;
    if (bucket > this.lastBucket) this.lastBucket = bucket;
  }

  clear(): void {
    if (this.total > 0) this.counts.fill(0, this.firstBucket, this.lastBucket + 1);
    this.total = 0;
    this.minimum = Infinity;
    this.maximum = -Infinity;
    this.firstBucket = Infinity;
    this.lastBucket = -1;
  }
}
