import type { Clock, ProblemSink } from '../sampling/index.js';
import { EffectAccount } from './effect-account.js';
import { EffectBudget } from './effect-budget.js';
import { EffectRest } from './effect-rest.js';
import type { GcPause } from './gc-pause.js';
import type { GcPlatform, GcRecord } from './gc-platform.js';
import type { GcTotals, HeapEffectState, LiveHeap } from './gc-source-types.js';
import { heapEffectOf } from './heap-effect.js';
import type { HeapEffect } from './heap-effect.js';
import { HeapRecorder } from './heap-recorder.js';

/** What a {@link HeapEffects} works with. */
export interface HeapEffectsOptions {
  readonly clock: Clock;
  readonly platform: GcPlatform;
  readonly problems: ProblemSink;
  /** Collections that are measured a second, on average; more of them are estimated. */
  readonly measuredPerSecond: number;
  /** Called with every collection that the observer does not tell of, as the profiler stands in for it. */
  readonly onUntold: (effect: HeapEffect) => void;
}

/** What collections do to the heap: measured by the profiler as far as that may go, estimated beyond. */
export class HeapEffects {
  readonly #with: HeapEffectsOptions;
  readonly #recorder: HeapRecorder | undefined;
  readonly #account = new EffectAccount();
  readonly #rest = new EffectRest();
  readonly #budget: EffectBudget;
  #wanted = false;
  #standsIn = false;
  /** Whether there have lately been more collections than the budget allows. */
  #samples = false;
  /** Whether the profiler pauses, as the budget is spent. */
  #pauses = false;
  /** Since the latest tick. */
  #gcs = 0;
  /** Whether collections are recorded and taken into account. */
  #measures = false;
  /** The latest stretch in which collections were wanted, but not recorded. */
  #unrecordedMillis = { from: Infinity, until: Infinity };
  #liveHeap: LiveHeap | undefined;
  /** After the latest recorded collection; before the first, nothing can have grown. */
  #externalBytes = Infinity;
  #externalGrowthBytes = 0;
  #major: { readonly startMillis: number; readonly endMillis: number } | undefined;

  constructor(options: HeapEffectsOptions) {
    this.#with = options;
    this.#budget = new EffectBudget(options.measuredPerSecond, options.clock.nowMillis());
    const { startRecording } = options.platform;
    if (startRecording === undefined) return;
    this.#recorder = new HeapRecorder({
      clock: options.clock,
      startRecording,
      onRecords: records => {
        this.#take(records);
      },
      onGivenUp: seen => {
        const { platform, problems } = this.#with;
        problems.report(
          'gc turn',
          'more than 1,000 collections in one turn of the loop; heap effects of these are estimated',
        );
        this.#account.begin(platform.usedHeapBytes());
        for (const [type, count] of seen) for (let gc = 0; gc < count; gc += 1) this.#account.estimated(type);
      },
    });
  }

  /** Whether this runtime can tell. */
  get isPossible(): boolean {
    return this.#recorder !== undefined;
  }

  get state(): HeapEffectState {
    if (this.#recorder === undefined) return 'absent';
    if (!this.#wanted) return 'off';
    if (this.#rest.isResting || (!this.#recorder.isRecording && !this.#pauses)) return 'resting';
    return this.#samples ? 'sampling' : 'measuring';
  }

  get totals(): GcTotals {
    return this.#account.totals();
  }

  /** {@link GcTotals.measuredGcs}, without the rest. */
  get measuredGcs(): number {
    return this.#account.measuredGcs;
  }

  /** {@link GcTotals.allocatedBytes}, without the rest. */
  get allocatedBytes(): number {
    return this.#account.allocatedBytes;
  }

  /** By how much memory outside of the heap has grown between collections: Buffers make V8 collect, too. */
  get externalGrowthBytes(): number {
    return this.#externalGrowthBytes;
  }

  get liveHeap(): LiveHeap | undefined {
    return this.#liveHeap;
  }

  /**
   * @param wanted whether somebody wants heap effects
   * @param standsIn whether the profiler also stands in for the observer
   */
  want(wanted: boolean, standsIn: boolean): void {
    const wasNeeded = this.#wanted || this.#standsIn;
    try {
      // What is recorded so far belongs to those who have asked so far.
      if (wasNeeded && (wanted !== this.#wanted || standsIn !== this.#standsIn)) this.#recorder?.cut();
    } finally {
      if (wanted && !this.#wanted) {
        this.#unrecordedMillis = { from: this.#with.clock.nowMillis(), until: Infinity };
      }
      this.#wanted = wanted;
      this.#standsIn = standsIn;
      this.#arrange();
    }
    // Else what is left of the profiler would hold ever more until a major collection happens to come.
    if (wasNeeded && !wanted && !standsIn && this.#recorder !== undefined && this.#recorder.waiting > 0) {
      this.#with.platform.provokeMajorGc();
    }
  }

  /** There was a collection, as the observer says. */
  saw({ type, startMillis, seconds }: GcPause): void {
    this.#gcs += 1;
    if (this.#recorder?.saw(type, startMillis) === true) this.#budget.spend();
    if (type === 'major') {
      this.#major = { startMillis, endMillis: startMillis + seconds * 1000 };
      this.#rest.sawMajor(this.#major.endMillis);
    }
    const { from, until } = this.#unrecordedMillis;
    if (this.#wanted && startMillis >= from && startMillis < until) this.#account.estimated(type);
  }

  /** Some collections in a row have been seen: takes in what is cheap to have now. */
  afterBatch(sawMajor: boolean): void {
    const before = this.#liveHeap;
    this.#keepToBudget();
    this.#recorder?.drainYoung();
    this.#restIfFull();
    if (!sawMajor || this.#liveHeap !== before || this.#major === undefined) return;
    const { startMillis, endMillis } = this.#major;
    // Its record was taken before it was seen: at a tick, for instance.
    const isKnown = before !== undefined && !before.approximate && before.atMillis > startMillis;
    const usedBytes = isKnown ? before.usedBytes : this.#with.platform.usedHeapBytes();
    this.#liveHeap = { usedBytes, atMillis: endMillis, approximate: !isKnown };
  }

  /** Takes in all there is. */
  drain(): void {
    this.#recorder?.drain(this.#standsIn);
    this.#restIfFull();
    if (this.#measures) this.#account.stand(this.#with.platform.usedHeapBytes());
  }

  /** Ends what is over of a rest or a pause. */
  tick(nowMillis: number): void {
    if (this.#recorder === undefined) return;
    const gcs = this.#gcs;
    this.#gcs = 0;
    const { waiting } = this.#recorder;
    if (this.#rest.shallProvokeAgain(nowMillis, waiting)) this.#with.platform.provokeMajorGc();
    this.#rest.endIfOver(nowMillis, waiting);
    this.#budget.refill(nowMillis);
    if (this.#budget.isFull && !this.#pauses) this.#samples = false;
    // Where collections go on, it is right after one of them.
    if (gcs === 0 && this.#budget.isEnough) this.#pauses = false;
    this.#arrange();
  }

  /** Right after a collection, where hardly anything was allocated since, so that the next one is measured whole. */
  #keepToBudget(): void {
    this.#budget.refill(this.#with.clock.nowMillis());
    const pauses = this.#pauses
      ? !this.#budget.isEnough || this.#recorder?.waiting !== 0
      : this.#budget.isSpent;
    if (pauses === this.#pauses || !this.#wanted) return;
    this.#pauses = pauses;
    if (pauses) this.#budget.beginPause();
    if (pauses && !this.#samples) {
      this.#samples = true;
      this.#with.problems.report(
        'gc rate',
        'collections come so fast that heap effects are measured for some of them and estimated for the others',
      );
    }
    this.#arrange();
  }

  #restIfFull(): void {
    if (this.#recorder?.isFull !== true || this.#rest.isResting) return;
    const { clock, platform, problems } = this.#with;
    this.#rest.begin(clock.nowMillis());
    if (this.#wanted) {
      problems.report(
        'gc records',
        'the profiler of collections holds too much memory; heap effects are estimated for ten minutes',
      );
    }
    this.#arrange();
    platform.provokeMajorGc();
  }

  #arrange(): void {
    const recorder = this.#recorder;
    if (recorder === undefined) return;
    const mayRecord = !this.#rest.isResting && !this.#pauses;
    try {
      // Nobody else tells of pauses while it stands in for the observer: then it must not rest.
      if (this.#standsIn || (this.#wanted && mayRecord)) recorder.start();
      else recorder.stop();
    } finally {
      this.#settle(this.#wanted && recorder.isRecording, this.#with.clock.nowMillis());
      // How much memory there was outside of the heap after a collection that nobody records is not known.
      if (!recorder.isRecording) this.#externalBytes = Infinity;
    }
  }

  #settle(measures: boolean, nowMillis: number): void {
    if (measures === this.#measures) return;
    this.#measures = measures;
    const usedBytes = this.#with.platform.usedHeapBytes();
    if (measures) {
      this.#unrecordedMillis = { ...this.#unrecordedMillis, until: nowMillis };
      this.#account.begin(usedBytes);
    } else {
      this.#unrecordedMillis = { from: nowMillis, until: Infinity };
      this.#account.end(usedBytes);
    }
  }

  #take(records: readonly GcRecord[]): void {
    for (const record of records) {
      const effect = heapEffectOf(record);
      // While it only stands in for the observer, nobody has asked for heap effects.
      if (this.#measures) this.#account.measured(effect);
      const { externalBeforeBytes, externalAfterBytes } = effect;
      this.#externalGrowthBytes += Math.max(0, externalBeforeBytes - this.#externalBytes);
      this.#externalBytes = externalAfterBytes;
      if (effect.type === 'major') this.#tookMajor(effect);
      if (this.#standsIn) this.#with.onUntold(effect);
    }
  }

  #tookMajor({ afterBytes }: HeapEffect): void {
    // A record has no time: it is that of the latest one the observer has told of, unless that one is known already.
    const told = this.#standsIn ? undefined : this.#major?.endMillis;
    const isKnown = this.#liveHeap?.approximate === false && this.#liveHeap.atMillis === told;
    this.#liveHeap = {
      usedBytes: afterBytes,
      atMillis: told === undefined || isKnown ? this.#with.clock.nowMillis() : told,
      approximate: false,
    };
  }
}
