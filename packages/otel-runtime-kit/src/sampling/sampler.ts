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
    const scheduled: Scheduled = { task, dueMillis: this.#clock.nowMillis() };
    this.#scheduled.add(scheduled);
    this.#arm();
    this.#around(() => {
      this.#run(scheduled, this.#clock.nowMillis());
    });
    return () => {
      if (this.#scheduled.delete(scheduled)) this.#arm();
    };
  }

  /** Runs something once, after `delayMillis`, the way a tick is run. Returns what calls it off. */
  defer(delayMillis: number, run: () => void): Cancel {
    return this.#clock.later(delayMillis, () => {
      this.#around(run);
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
    let smallest = Infinity;
    for (const { task } of this.#scheduled) smallest = Math.min(smallest, task.intervalMillis);
    const tickMillis = smallest === Infinity ? 0 : smallest;
    if (tickMillis === this.#tickMillis) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#tickMillis = tickMillis;
    if (tickMillis > 0) this.#cancelTimer = this.#clock.repeat(tickMillis, this.#tick);
  }

  readonly #tick = (): void => {
    this.#around(this.#runDue);
  };

  readonly #runDue = (): void => {
    const nowMillis = this.#clock.nowMillis();
    // Half a tick of tolerance: timers fire a little early or late, and a task must not slip a whole tick for it.
    const horizonMillis = nowMillis + this.#tickMillis / 2;
    for (const scheduled of this.#scheduled) {
      if (scheduled.dueMillis <= horizonMillis) this.#run(scheduled, nowMillis);
    }
  };

  #run(scheduled: Scheduled, nowMillis: number): void {
    const { task } = scheduled;
    scheduled.dueMillis += task.intervalMillis;
    // Behind by more than a whole run: start counting from now instead of running several times in a row.
    if (scheduled.dueMillis <= nowMillis) scheduled.dueMillis = nowMillis + task.intervalMillis;
    try {
      task.run(nowMillis);
    } catch {
      // A task guards its own readings (ReadingLog.run). Whatever still escapes must not stop the others, and never
      // reach the host as an uncaught exception.
    }
  }
}
