import type { ReaderClock } from './reader-clock.js';

interface CheckpointOptions {
  readonly checkpointIntervalMillis: number;
  readonly exportIntervalMillis: number;
}

/** When metrics are collected, and when what was collected is sent: both counted from one start, so that they do not drift apart. */
export class Checkpoints {
  readonly #options: CheckpointOptions;
  readonly #clock: ReaderClock;
  readonly #onCheckpoint: (isLastOfWindow: boolean) => void;
  readonly #startMillis: number;
  #ticks = 0;
  /** The latest export interval of which the end was told. */
  #ended = -1;
  #cancel: () => void = () => {};

  /**
   * Starts.
   *
   * @param onCheckpoint called at each checkpoint, and told whether an export interval is over with it; never throws
   */
  constructor(
    options: CheckpointOptions,
    clock: ReaderClock,
    onCheckpoint: (isLastOfWindow: boolean) => void,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#onCheckpoint = onCheckpoint;
    this.#startMillis = clock.nowMillis();
    this.#schedule();
  }

  /** The export interval of what is collected now, from 0. */
  get window(): number {
    return this.#windowAt(this.#elapsedMillis());
  }

  stop(): void {
    this.#cancel();
  }

  #schedule(): void {
    const { checkpointIntervalMillis } = this.#options;
    const elapsed = this.#elapsedMillis();
    // A timer may be a little early, and must not fire again for it; after a sleep of the machine, what was missed is not made up for.
    this.#ticks = Math.max(this.#ticks, Math.floor(elapsed / checkpointIntervalMillis)) + 1;
    const dueMillis = this.#ticks * checkpointIntervalMillis;
    this.#cancel = this.#clock.later(dueMillis - elapsed, () => {
      const window = this.window;
      this.#schedule();
      const isLast = this.#windowAt(this.#ticks * checkpointIntervalMillis) > window;
      const ended = isLast ? window : window - 1;
      const isNews = ended > this.#ended;
      if (isNews) this.#ended = ended;
      this.#onCheckpoint(isNews);
    });
  }

  /**
   * The checkpoint at the end of an interval belongs to it, though it is always a little late: so each interval begins half a checkpoint later
   * than it would by the clock.
   */
  #windowAt(elapsedMillis: number): number {
    const { checkpointIntervalMillis, exportIntervalMillis } = this.#options;
    return Math.max(0, Math.floor((elapsedMillis - checkpointIntervalMillis / 2) / exportIntervalMillis));
  }

  #elapsedMillis(): number {
    return this.#clock.nowMillis() - this.#startMillis;
  }
}
