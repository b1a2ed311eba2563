/** Collections per second, and in one interval, from which the observer is suspected. */
const SUSPICIOUS_PER_SECOND = 20;
const SUSPICIOUS_GCS = 20;

/** The observer causes a collection by each of its calls: with more of them in a batch, they have another cause. */
const MOST_GCS_PER_BATCH = 4;

/** Collections that a trial is long enough for: the profiler, which stands in, holds each in 4 to 7 kB of native memory. */
const GCS_IN_TRIAL = 250;

/** V8 collects the young generation after 512 KiB at the very least: much less than that for each is no allocation's doing. */
const ORDINARY_BYTES_PER_GC = 128 * 1024;

/** The observer is to blame if there are no more than this share of collections without it. */
const GUILTY_SHARE = 0.25;

/** How long the observer stays off once it is found guilty, and is left alone once it is not; doubled each time. */
const FIRST_PERIOD_MILLIS = 600_000;
const LONGEST_PERIOD_MILLIS = 86_400_000;

/** What was seen between two ticks. */
export interface GcInterval {
  readonly millis: number;
  readonly gcs: number;
  readonly forcedGcs: number;
  /** Batches in which the observer told of them. */
  readonly batches: number;
  /** On the heap and outside of it; `undefined` if it is not measured. */
  readonly allocatedBytes: number | undefined;
}

/** What the guard makes of it. */
export type FeedbackVerdict =
  'no change' | 'measure' | 'enough measured' | 'try without' | 'guilty' | 'back to the observer';

/**
 * Finds out whether the performance observer itself keeps an otherwise idle process collecting: its callback allocates,
 * and on some versions that was enough for one collection after another (nodejs/node#62721). Collections that come fast
 * without allocation to explain them are watched for one interval without the observer, or less where they come very fast
 * (some 400 a second there); if they stop then, it stays off and the profiler tells of pauses. Where allocation is not
 * measured, it is for one interval first: a process that works hard is not to be tried.
 */
export class FeedbackGuard {
  #state: 'watching' | 'measuring' | 'trying' | 'off' = 'watching';
  #perSecondBefore = 0;
  #untilMillis = -Infinity;
  #periodMillis = FIRST_PERIOD_MILLIS;

  /** How long to try without the observer. */
  trialMillis(intervalMillis: number): number {
    return Math.min(intervalMillis, (GCS_IN_TRIAL * 1000) / this.#perSecondBefore);
  }

  /** It has not come to a trial: collections have stopped by themselves. */
  callOff(): void {
    this.#state = 'watching';
  }

  judge(interval: GcInterval, nowMillis: number): FeedbackVerdict {
    if (interval.millis <= 0) return 'no change';
    const perSecond = ((interval.gcs - interval.forcedGcs) * 1000) / interval.millis;
    switch (this.#state) {
      case 'watching':
        if (nowMillis < this.#untilMillis || !isSuspicious(interval, perSecond)) return 'no change';
        if (interval.allocatedBytes === undefined) {
          this.#state = 'measuring';
          return 'measure';
        }
        this.#state = 'trying';
        this.#perSecondBefore = perSecond;
        return 'try without';
      case 'measuring':
        if (isSuspicious(interval, perSecond)) {
          this.#state = 'trying';
          this.#perSecondBefore = perSecond;
          return 'try without';
        }
        this.#state = 'watching';
        this.#leaveAlone(nowMillis);
        return 'enough measured';
      case 'trying':
        this.#leaveAlone(nowMillis);
        if (perSecond <= this.#perSecondBefore * GUILTY_SHARE) {
          this.#state = 'off';
          return 'guilty';
        }
        this.#state = 'watching';
        return 'back to the observer';
      case 'off':
        // Alive again, the process needs the observer: the profiler alone tells pauses late and without their flags.
        if (nowMillis < this.#untilMillis && perSecond < SUSPICIOUS_PER_SECOND) return 'no change';
        this.#state = 'watching';
        return 'back to the observer';
    }
  }

  /** For a while, longer each time. */
  #leaveAlone(nowMillis: number): void {
    this.#untilMillis = nowMillis + this.#periodMillis;
    this.#periodMillis = Math.min(2 * this.#periodMillis, LONGEST_PERIOD_MILLIS);
  }
}

function isSuspicious({ gcs, batches, allocatedBytes }: GcInterval, perSecond: number): boolean {
  if (perSecond < SUSPICIOUS_PER_SECOND || gcs < SUSPICIOUS_GCS) return false;
  if (gcs > batches * MOST_GCS_PER_BATCH) return false;
  return allocatedBytes === undefined || allocatedBytes / gcs < ORDINARY_BYTES_PER_GC;
}
