import type { Cancel, Clock } from './clock.js';

/** Something that wants to run at a steady interval. */
export interface SamplerTask {
  /** Milliseconds between runs; the sampler rounds it to whole ticks. */
  readonly intervalMillis: number;
  /** Runs at most once a tick. Must not throw: whoever reads uses a {@link ReadingLog}. */
  run(nowMillis: number): void;
}

interface Scheduled {
  readonly task: SamplerTask;
  dueMillis: number;
}

/**
 * One timer for everybody: it ticks at the smallest interval asked for, and each task runs at its own multiple of it.
 *
 * A task runs at once when it is added, so that a first scrape right after start already has values. After a
 * stall (a blocked loop, a suspended machine) every task that is due runs once; missed runs are not made up.
 */
export class Sampler {
  readonly #clock: Clock;
  readonly #around: (run: () => void) => void;
  readonly #scheduled = new Set<Scheduled>();
  #tickMillis = 0;
  #cancelTimer: Cancel | undefined;

  /** @param around wraps each tick, for instance to keep it out of the host's traces. */
  constructor(
    clock: Clock,
    around: (run: () => void) => void = run => {
      run();
    },
  ) {
    this.#clock = clock;
    this.#around = around;
  }

  /** Runs `task` now and then every `task.intervalMillis`. Returns what takes it off again. */
  add(task: SamplerTask): Cancel {
    const nowMillis = this.#clock.nowMillis();
    const scheduled: Scheduled = { task, dueMillis: nowMillis + task.intervalMillis };
    this.#scheduled.add(scheduled);
    this.#arm();
    this.#around(() => {
      guarded(() => {
        task.run(nowMillis);
      });
    });
    return () => {
      if (this.#scheduled.delete(scheduled)) this.#arm();
    };
  }

  /** Runs something once, after `delayMillis`, the way a tick is run. Returns what calls it off. */
  defer(delayMillis: number, run: () => void): Cancel {
    return this.#clock.later(delayMillis, () => {
      this.#around(() => {
        guarded(run);
      });
    });
  }

  /** Number of tasks that are scheduled now. */
  get taskCount(): number {
    return this.#scheduled.size;
  }

  /** Interval of the timer, in milliseconds; 0 while nothing is scheduled. */
  get tickMillis(): number {
    return this.#tickMillis;
  }

  #arm(): void {
    let smallestMillis = Infinity;
    let firstDueMillis = Infinity;
    for (const { task, dueMillis } of this.#scheduled) {
      smallestMillis = Math.min(smallestMillis, task.intervalMillis);
      firstDueMillis = Math.min(firstDueMillis, dueMillis);
    }
    const tickMillis = smallestMillis === Infinity ? 0 : smallestMillis;
    if (tickMillis === this.#tickMillis) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#tickMillis = tickMillis;
    if (tickMillis === 0) return;
    // The first tick comes when the first task is due, not a whole tick from now: taking a fast task off must not
    // make a slow one slip.
    const delayMillis = Math.max(0, firstDueMillis - this.#clock.nowMillis());
    this.#cancelTimer = this.#clock.later(delayMillis, () => {
      this.#cancelTimer = this.#clock.repeat(tickMillis, this.#tick);
      this.#tick();
    });
  }

  readonly #tick = (): void => {
    this.#around(this.#runDue);
  };

  readonly #runDue = (): void => {
    const nowMillis = this.#clock.nowMillis();
    for (const scheduled of this.#scheduled) {
      // Half a tick of tolerance: timers fire a little early or late, and a task must not slip a whole tick for it.
      // Looked up each time, as a task may add one that makes the tick shorter.
      if (scheduled.dueMillis <= nowMillis + this.#tickMillis / 2) this.#run(scheduled, nowMillis);
    }
  };

  #run(scheduled: Scheduled, nowMillis: number): void {
    const { task } = scheduled;
    scheduled.dueMillis += task.intervalMillis;
    // Behind by more than a whole run: start counting from now instead of running several times in a row.
    if (scheduled.dueMillis <= nowMillis) scheduled.dueMillis = nowMillis + task.intervalMillis;
    guarded(() => {
      task.run(nowMillis);
    });
  }
}

/**
 * A task guards its own readings (`ReadingLog.run`). Whatever still escapes must not stop the others, and never reach
 * the host as an uncaught exception.
 */
function guarded(run: () => void): void {
  try {
    run();
  } catch {
    // There is nobody to tell: the accounts of readings are the task's own.
  }
}
