import type { Cancel, Clock, ProblemSink, ReadingLog, Sampler } from '../sampling/index.js';
import { FeedbackGuard } from './feedback-guard.js';
import { gcPauseOf } from './gc-pause.js';
import type { GcPause, GcPerformanceEntry } from './gc-pause.js';
import { hostGcPlatform } from './gc-platform.js';
import type { GcPlatform } from './gc-platform.js';
import type { GcSourceState, GcSubscriber, GcTotals, LiveHeap } from './gc-source-types.js';
import type { HeapEffect } from './heap-effect.js';
import { HeapEffects } from './heap-effects.js';

/** Values of `vitals.reading` in `vitals.sampler.*` that belong to the source of garbage collections. */
export const GC_READINGS = ['gc.pauses', 'gc.heap_effects', 'gc.subscriber'] as const;

/** Rates are judged over this time at least. */
const LEAST_JUDGED_MILLIS = 1_000;

/** What a {@link GcSource} works with. */
export interface GcSourceOptions {
  readonly clock: Clock;
  readonly sampler: Sampler;
  readonly readings: ReadingLog;
  readonly problems: ProblemSink;
  /** The runtime's own means, replaceable for tests. */
  readonly platform?: GcPlatform | undefined;
}

/**
 * The one source of garbage collections of an isolate, for all who ask: every pause from a performance observer, and
 * what each collection did to the heap from `v8.GCProfiler`. It runs while somebody subscribes.
 */
export class GcSource {
  readonly #with: GcSourceOptions;
  readonly #platform: GcPlatform;
  readonly #effects: HeapEffects;
  readonly #subscriptions = new Set<{ readonly subscriber: GcSubscriber }>();
  #guard = new FeedbackGuard();
  #stopObserving: Cancel | undefined;
  #stopTicking: Cancel | undefined;
  /** Of the ticks; infinite while nobody subscribes. */
  #intervalMillis = Infinity;
  #profilerStandsIn = false;
  /** Whether the observer goes off with its next batch. */
  #triesWithout = false;
  /** Whether heap effects are measured for the guard alone. */
  #guardMeasures = false;
  /** Collections that began before this are not the observer's to tell. */
  #observedFromMillis = -Infinity;
  #stopTrial: Cancel | undefined;
  #tickedMillis: number | undefined;
  #allocatedAtTickBytes = 0;
  #measuredAtTick = 0;
  /** Whether the profiler rests since the latest tick or longer. */
  #restedSinceTick = false;
  /** Since the latest tick. */
  #gcs = 0;
  #forcedGcs = 0;
  #batches = 0;
  #forcedTotal = 0;

  constructor(options: GcSourceOptions) {
    this.#with = options;
    this.#platform = options.platform ?? hostGcPlatform();
    this.#effects = new HeapEffects({
      clock: options.clock,
      platform: this.#platform,
      problems: options.problems,
      onUntold: effect => {
        this.#tell(this.#pauseOf(effect));
      },
    });
  }

  /** Whether this runtime can tell the heap before and after a collection. */
  get measuresHeapEffects(): boolean {
    return this.#effects.isPossible;
  }

  /** What it is doing. */
  get state(): GcSourceState {
    const pauses = this.#profilerStandsIn
      ? 'profiler'
      : this.#stopObserving === undefined
        ? 'off'
        : 'observer';
    return { pauses, heapEffects: this.#effects.state };
  }

  /** What collections have done so far. */
  get totals(): GcTotals {
    return this.#effects.totals;
  }

  /**
   * Collections that somebody forced, since the first subscription. Counted here, so that two instrumentations on one meter
   * provider, which share the series, say the same.
   */
  get forcedGcs(): number {
    return this.#forcedTotal;
  }

  /** The heap after the latest major collection; `undefined` before the first. */
  get liveHeap(): LiveHeap | undefined {
    return this.#effects.liveHeap;
  }

  /** Tells a subscriber of every collection from now on. Returns what ends that. */
  subscribe(subscriber: GcSubscriber): Cancel {
    // In an object of its own: the same subscriber may come twice.
    const subscription = { subscriber };
    this.#subscriptions.add(subscription);
    this.#arrange();
    return () => {
      if (this.#subscriptions.delete(subscription)) this.#arrange();
    };
  }

  /** Takes in what the profiler has gathered. What the observer has not delivered yet comes with a later turn. */
  flush(): void {
    if (this.#subscriptions.size === 0) return;
    this.#guarded('gc.heap_effects', () => {
      this.#effects.drain();
    });
  }

  /**
   * Each part fails alone: what is given back must be given back whatever becomes of the rest. The observer comes first,
   * so that no collection is missed when it takes over from the profiler.
   */
  #arrange(): void {
    if (this.#subscriptions.size === 0) this.#endTrial();
    this.#arrangeObserver();
    this.#guarded('gc.heap_effects', () => {
      const subscriptions = [...this.#subscriptions];
      const wanted = subscriptions.some(({ subscriber }) => subscriber.wantsHeapEffects);
      this.#effects.want(wanted || this.#guardMeasures, this.#profilerStandsIn);
    });
    this.#arrangeTicks();
  }

  #arrangeObserver(): void {
    this.#guarded('gc.pauses', () => {
      if (this.#subscriptions.size > 0 && !this.#profilerStandsIn) {
        this.#stopObserving ??= this.#platform.observe(this.#onEntries);
        return;
      }
      const stopObserving = this.#stopObserving;
      this.#stopObserving = undefined;
      stopObserving?.();
    });
  }

  #arrangeTicks(): void {
    let intervalMillis = Infinity;
    for (const { subscriber } of this.#subscriptions) {
      intervalMillis = Math.min(intervalMillis, subscriber.intervalMillis);
    }
    if (intervalMillis === this.#intervalMillis) return;
    this.#intervalMillis = intervalMillis;
    this.#stopTicking?.();
    this.#tickedMillis = undefined;
    this.#stopTicking =
      intervalMillis === Infinity ? undefined : this.#with.sampler.add({ intervalMillis, run: this.#tick });
  }

  /** The host's turn, not a tick: nothing may escape from here, and little may be allocated. */
  readonly #onEntries = (entries: readonly GcPerformanceEntry[]): void => {
    this.#guarded('gc.pauses', () => {
      let sawMajor = false;
      this.#batches += 1;
      for (const entry of entries) {
        if (entry.startTime < this.#observedFromMillis) continue;
        const pause = gcPauseOf(entry);
        sawMajor ||= pause.type === 'major';
        this.#effects.saw(pause);
        this.#tell(pause);
      }
      this.#effects.afterBatch(sawMajor);
      if (this.#triesWithout) this.#beginTrial();
    });
  };

  readonly #tick = (nowMillis: number): void => {
    // It may have failed when it was wanted.
    if (this.#stopObserving === undefined && !this.#profilerStandsIn) this.#arrangeObserver();
    this.#guarded('gc.heap_effects', () => {
      if (this.#stopTrial !== undefined) {
        // The trial has an interval of its own.
        this.#effects.drain();
        return;
      }
      if (this.#triesWithout) {
        this.#triesWithout = false;
        this.#guard.callOff();
      }
      this.#effects.drain();
      this.#tickedMillis ??= nowMillis;
      const millis = nowMillis - this.#tickedMillis;
      // A rate takes a second to tell, however short the interval is.
      if (millis > 0 && millis < LEAST_JUDGED_MILLIS && !this.#profilerStandsIn) return;
      this.#tickedMillis = nowMillis;
      // Before the profiler may go to rest: what it has measured so far tells why there were so many.
      this.#judgeObserver(millis, nowMillis);
      // What is measured for the guard must not go to rest before it is judged.
      if (!this.#guardMeasures) this.#effects.tick(this.#gcs, millis, nowMillis);
      this.#restedSinceTick = this.#effects.state === 'resting';
      this.#gcs = 0;
      this.#forcedGcs = 0;
      this.#batches = 0;
    });
  };

  #judgeObserver(millis: number, nowMillis: number): void {
    const { measuredGcs, ...totals } = this.#effects.totals;
    const measured = measuredGcs - this.#measuredAtTick;
    this.#measuredAtTick = measuredGcs;
    const allocatedBytes = totals.allocatedBytes + this.#effects.externalGrowthBytes;
    const allocatedSinceBytes = allocatedBytes - this.#allocatedAtTickBytes;
    this.#allocatedAtTickBytes = allocatedBytes;
    if (!this.#effects.isPossible) return;
    const { state } = this.#effects;
    // It had been judged when it went to rest, and nothing has been measured since.
    if (this.#restedSinceTick && !this.#profilerStandsIn) return;
    // What is estimated proves nothing.
    if (state !== 'off' && !this.#profilerStandsIn && measured * 2 < this.#gcs) return;
    const verdict = this.#guard.judge(
      {
        millis,
        gcs: this.#gcs,
        forcedGcs: this.#forcedGcs,
        batches: this.#batches,
        allocatedBytes: state === 'off' ? undefined : allocatedSinceBytes,
      },
      nowMillis,
    );
    switch (verdict) {
      case 'no change':
        return;
      case 'measure':
      case 'enough measured':
        this.#guardMeasures = verdict === 'measure';
        this.#arrange();
        return;
      case 'try without':
        this.#guardMeasures = false;
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
        this.#arrange();
    }
  }

  /** Right after a batch: what the observer has not told of by now it will never tell. */
  #beginTrial(): void {
    this.#triesWithout = false;
    this.#profilerStandsIn = true;
    this.#arrange();
    this.#gcs = 0;
    this.#forcedGcs = 0;
    this.#batches = 0;
    const { clock, sampler } = this.#with;
    this.#tickedMillis = clock.nowMillis();
    this.#stopTrial = sampler.defer(this.#guard.trialMillis(this.#intervalMillis), () => {
      this.#stopTrial = undefined;
      this.#tick(clock.nowMillis());
    });
  }

  #endTrial(): void {
    this.#stopTrial?.();
    this.#stopTrial = undefined;
    this.#triesWithout = false;
    this.#guardMeasures = false;
    this.#profilerStandsIn = false;
    this.#observedFromMillis = -Infinity;
    this.#guard = new FeedbackGuard();
  }

  #tell(pause: GcPause): void {
    this.#gcs += 1;
    if (pause.forced) {
      this.#forcedGcs += 1;
      this.#forcedTotal += 1;
    }
    for (const { subscriber } of this.#subscriptions) {
      try {
        subscriber.onPause?.(pause);
      } catch (thrown) {
        this.#with.readings.fail('gc.subscriber', thrown, this.#with.problems);
      }
    }
  }

  /** A record has neither a time nor flags. */
  #pauseOf({ type, seconds }: HeapEffect): GcPause {
    return { type, seconds, startMillis: this.#with.clock.nowMillis() - seconds * 1000, forced: false };
  }

  #guarded(reading: (typeof GC_READINGS)[number], run: () => void): void {
    this.#with.readings.run(reading, run, this.#with.problems);
  }
}
