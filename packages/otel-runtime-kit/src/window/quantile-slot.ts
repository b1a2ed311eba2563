/** The values of one slot of a WindowQuantile, or of all: how many in each bucket, and the extremes. */
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

  addAll(other: QuantileSlot): void {
    for (let bucket = other.firstBucket; bucket <= other.lastBucket; bucket++) {
      this.counts[bucket] = (this.counts[bucket] ?? 0) + (other.counts[bucket] ?? 0);
    }
    this.total += other.total;
    this.minimum = Math.min(this.minimum, other.minimum);
    this.maximum = Math.max(this.maximum, other.maximum);
    this.firstBucket = Math.min(this.firstBucket, other.firstBucket);
    this.lastBucket = Math.max(this.lastBucket, other.lastBucket);
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
