import type { Cancel, Clock, ProblemSink, Sampler } from '../sampling/index.js';
import { FeedbackGuard } from './feedback-guard.js';
import type { GcPause } from './gc-pause.js';
import type { HeapEffects } from './heap-effects.js';

/** Rates are judged over this time at least. */
const LEAST_JUDGED_MILLIS = 1_000;

/** Measured collections that stand for all of an interval. */
const ENOUGH_MEASURED = 10;

/** What an {@link ObserverTrial} works with. */
export interface ObserverTrialOptions {
  readonly clock: Clock;
  readonly sampler: Sampler;
  readonly problems: ProblemSink;
  readonly effects: HeapEffects;
  /** Called when {@link ObserverTrial.profilerStandsIn} or {@link ObserverTrial.measures} has changed. */
  readonly onVerdict: () => void;
  /** Called when a trial is over: a tick that must not wait for the next one. */
  readonly onEnd: () => void;
}

/** The observer under suspicion: counts what {@link FeedbackGuard} judges by, and carries out what it says. */
export class ObserverTrial {
  readonly #with: ObserverTrialOptions;
  #guard = new FeedbackGuard();
  #profilerStandsIn = false;
  /** Whether the observer goes off with its next batch. */
  #triesWithout = false;
  #measures = false;
  #observedFromMillis = -Infinity;
  #stopTrial: Cancel | undefined;
  #tickedMillis: number | undefined;
  #allocatedAtTickBytes = 0;
  #externalAtTickBytes = 0;
  #measuredAtTick = 0;
  /** Since the latest tick. */
  #gcs = 0;
  #forcedGcs = 0;
  #batches = 0;

  constructor(options: ObserverTrialOptions) {
    this.#with = options;
  }

  /** Whether pauses are to be taken from the profiler, and the observer to be off. */
  get profilerStandsIn(): boolean {
    return this.#profilerStandsIn;
  }

  /** Whether heap effects have to be measured, though nobody else may want them. */
  get measures(): boolean {
    return this.#measures;
  }

  /** Whether a collection is the observer's to tell. */
  isObserved(startMillis: number): boolean {
    // Also one of which nobody knows when it began.
    return !(startMillis < this.#observedFromMillis);
  }

  /** There was a collection, whoever told of it. */
  saw({ forced }: GcPause): void {
    this.#gcs += 1;
    if (forced) this.#forcedGcs += 1;
  }

  /** The observer has told of a batch. @param intervalMillis of the ticks */
  afterBatch(intervalMillis: number): void {
    this.#batches += 1;
    // What the observer has not told of by now it will never tell.
    if (this.#triesWithout) this.#begin(intervalMillis);
  }

  /** Judges what was seen since the latest tick. */
  tick(nowMillis: number): void {
    // The trial has an interval of its own.
    if (this.#stopTrial !== undefined) return;
    if (this.#triesWithout) {
      this.#triesWithout = false;
      this.#guard.callOff();
    }
    this.#tickedMillis ??= nowMillis;
    const millis = nowMillis - this.#tickedMillis;
    // A rate takes a second to tell, however short the interval is.
    if (millis > 0 && millis < LEAST_JUDGED_MILLIS && !this.#profilerStandsIn) return;
    this.#tickedMillis = nowMillis;
    this.#judge(millis, nowMillis);
    this.#forget();
  }

  /** The interval of the ticks is another one from now on. */
  restart(): void {
    this.#tickedMillis = undefined;
  }

  /** Nobody subscribes any more: the next one begins without suspicion. */
  end(): void {
    this.#stopTrial?.();
    this.#stopTrial = undefined;
    this.#triesWithout = false;
    this.#measures = false;
    this.#profilerStandsIn = false;
    this.#observedFromMillis = -Infinity;
    this.#guard = new FeedbackGuard();
  }

  #judge(millis: number, nowMillis: number): void {
    const { effects } = this.#with;
    const { measuredGcs, allocatedBytes, externalGrowthBytes, state } = effects;
    const measured = measuredGcs - this.#measuredAtTick;
    const heapBytes = allocatedBytes - this.#allocatedAtTickBytes;
    const externalBytes = externalGrowthBytes - this.#externalAtTickBytes;
    this.#measuredAtTick = measuredGcs;
    this.#allocatedAtTickBytes = allocatedBytes;
    this.#externalAtTickBytes = externalGrowthBytes;
    if (!effects.isPossible) return;
    const isMeasured = measured >= Math.min(ENOUGH_MEASURED, this.#gcs / 2);
    // What is estimated by what was earlier proves nothing.
    if (state !== 'off' && !this.#profilerStandsIn && !isMeasured) return;
    // What those that were not measured have allocated on the heap is estimated already, outside of it it is not.
    const share = measured === 0 ? 1 : Math.max(1, this.#gcs / measured);
    const verdict = this.#guard.judge(
      {
        millis,
        gcs: this.#gcs,
        forcedGcs: this.#forcedGcs,
        batches: this.#batches,
        allocatedBytes: state === 'off' ? undefined : heapBytes + externalBytes * share,
      },
      nowMillis,
    );
    switch (verdict) {
      case 'no change':
        return;
      case 'measure':
      case 'enough measured':
        this.#measures = verdict === 'measure';
        this.#with.onVerdict();
        return;
      case 'try without':
        this.#measures = false;
        this.#triesWithout = true;
        return;
      case 'guilty':
        this.#with.problems.report(
          'gc feedback',
          'observing collections causes collections here (nodejs/node#62721): pauses are taken from v8.GCProfiler instead',
        );
        return;
      case 'back to the observer':
        this.#profilerStandsIn = false;
        // Collections that the profiler has told of may still be on their way to observers that were there: a new one
        // gets those, too.
        this.#observedFromMillis = nowMillis;
        this.#with.onVerdict();
    }
  }

  #begin(intervalMillis: number): void {
    this.#triesWithout = false;
    this.#profilerStandsIn = true;
    this.#with.onVerdict();
    this.#forget();
    const { clock, sampler, onEnd } = this.#with;
    this.#tickedMillis = clock.nowMillis();
    this.#stopTrial = sampler.defer(this.#guard.trialMillis(intervalMillis), () => {
      this.#stopTrial = undefined;
      onEnd();
    });
  }

  #forget(): void {
    this.#gcs = 0;
    this.#forcedGcs = 0;
    this.#batches = 0;
  }
}
