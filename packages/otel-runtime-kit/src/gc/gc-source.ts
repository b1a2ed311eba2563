import type { Cancel, Clock, ProblemSink, ReadingLog, Sampler } from '../sampling/index.js';
import { MEASURED_PER_SECOND } from './effect-budget.js';
import { gcPauseOf } from './gc-pause.js';
import type { GcPause, GcPerformanceEntry } from './gc-pause.js';
import { hostGcPlatform } from './gc-platform.js';
import type { GcPlatform } from './gc-platform.js';
import type { GcSourceState, GcSubscriber, GcTotals, LiveHeap } from './gc-source-types.js';
import type { HeapEffect } from './heap-effect.js';
import { HeapEffects } from './heap-effects.js';
import { ObserverTrial } from './observer-trial.js';

/** Values of `vitals.reading` in `vitals.sampler.*` that belong to the source of garbage collections. */
export const GC_READINGS = ['gc.pauses', 'gc.heap_effects', 'gc.subscriber'] as const;

/** What a {@link GcSource} works with. */
export interface GcSourceOptions {
  readonly clock: Clock;
  readonly sampler: Sampler;
  readonly readings: ReadingLog;
  readonly problems: ProblemSink;
  /** The runtime's own means, replaceable for tests. */
  readonly platform?: GcPlatform | undefined;
  /** Collections whose heap effects are measured a second, on average; more of them are estimated. */
  readonly measuredPerSecond?: number | undefined;
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
  readonly #trial: ObserverTrial;
  #stopObserving: Cancel | undefined;
  #stopTicking: Cancel | undefined;
  /** Of the ticks; infinite while nobody subscribes. */
  #intervalMillis = Infinity;
  #forcedTotal = 0;

  constructor(options: GcSourceOptions) {
    this.#with = options;
    this.#platform = options.platform ?? hostGcPlatform();
    this.#effects = new HeapEffects({
      clock: options.clock,
      platform: this.#platform,
      problems: options.problems,
      measuredPerSecond: options.measuredPerSecond ?? MEASURED_PER_SECOND,
      onUntold: effect => {
        this.#tell(this.#pauseOf(effect));
      },
    });
    const { clock, sampler, problems } = options;
    this.#trial = new ObserverTrial({
      clock,
      sampler,
      problems,
      effects: this.#effects,
      onVerdict: () => {
        this.#arrange();
      },
      onEnd: () => {
        this.#tick(clock.nowMillis());
      },
    });
  }

  /** Whether this runtime can tell the heap before and after a collection. */
  get measuresHeapEffects(): boolean {
    return this.#effects.isPossible;
  }

  /** What it is doing. */
  get state(): GcSourceState {
    const pauses = this.#trial.profilerStandsIn
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
    if (this.#subscriptions.size === 0) this.#trial.end();
    this.#arrangeObserver();
    this.#guarded('gc.heap_effects', () => {
      const subscriptions = [...this.#subscriptions];
      const wanted = subscriptions.some(({ subscriber }) => subscriber.wantsHeapEffects);
      this.#effects.want(wanted || this.#trial.measures, this.#trial.profilerStandsIn);
    });
    this.#arrangeTicks();
  }

  #arrangeObserver(): void {
    this.#guarded('gc.pauses', () => {
      if (this.#subscriptions.size > 0 && !this.#trial.profilerStandsIn) {
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
    this.#trial.restart();
    this.#stopTicking =
      intervalMillis === Infinity ? undefined : this.#with.sampler.add({ intervalMillis, run: this.#tick });
  }

  /** The host's turn, not a tick: nothing may escape from here, and little may be allocated. */
  readonly #onEntries = (entries: readonly GcPerformanceEntry[]): void => {
    this.#guarded('gc.pauses', () => {
      let sawMajor = false;
      for (const entry of entries) {
        if (!this.#trial.isObserved(entry.startTime)) continue;
        const pause = gcPauseOf(entry);
        sawMajor ||= pause.type === 'major';
        this.#effects.saw(pause);
        this.#tell(pause);
      }
      this.#effects.afterBatch(sawMajor);
      this.#trial.afterBatch(this.#intervalMillis);
    });
  };

  readonly #tick = (nowMillis: number): void => {
    // It may have failed when it was wanted.
    if (this.#stopObserving === undefined && !this.#trial.profilerStandsIn) this.#arrangeObserver();
    this.#guarded('gc.heap_effects', () => {
      this.#effects.drain();
      this.#trial.tick(nowMillis);
      this.#effects.tick(nowMillis);
    });
  };

  #tell(pause: GcPause): void {
    this.#trial.saw(pause);
    if (pause.forced) this.#forcedTotal += 1;
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
