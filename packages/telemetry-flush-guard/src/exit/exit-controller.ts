import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { atLoopEnd, ifLoopStaysEmpty } from './loop-end.js';
import { listenersFor, markOwn } from './own-listeners.js';
import { within } from '../delivery/within.js';

/** What is to be done at an end. */
export interface LastThings {
  /** Writes what is in memory only. At once; the process may go on. */
  persist(): void;
  /** The same, and from now on writes at once what comes: there may be no later. */
  persistForGood(): void;
  /** Whether there is anything to send, and hope that it can be. */
  isWorthFlushing(): boolean;
  /** Sends what can be sent within that time. */
  flush(millis: number): Promise<void>;
  /** Closes files. Nothing comes after, but what later listeners emit. */
  close(): void;
}

export interface ExitOptions {
  readonly budgetMillis: number;
  readonly signals: readonly NodeJS.Signals[];
}

/**
 * Sees to every way a process ends that lets itself be seen. It changes neither how the process ends nor with what: it never listens for
 * uncaught exceptions or rejections, which would keep the process alive, never ends it where the host has a listener of its own, and
 * what kills the process without a listener kills it with ours.
 */
export class ExitController {
  readonly #things: LastThings;
  readonly #options: ExitOptions;
  readonly #signalListeners = new Map<NodeJS.Signals, () => void>();
  /** The one flush of the end: whatever else asks for one joins it. */
  #flushing: Promise<void> | undefined;
  /** The first signal that came while nobody but guards listened: the process dies of it. */
  #fatal: NodeJS.Signals | undefined;
  #hasFlushedAtLoopEnd = false;

  constructor(things: LastThings, options: ExitOptions) {
    this.#things = things;
    this.#options = options;
  }

  install(): void {
    process.prependListener('beforeExit', this.#onBeforeExit);
    // Before all other listeners, one of which may throw, so that the rest are not called; and after those there are, which may emit.
    process.prependListener('exit', this.#onExitFirst);
    process.on('exit', this.#onExitLast);
    process.on('uncaughtExceptionMonitor', this.#onCrash);
    // Signals reach the main thread only.
    for (const signal of isMainThread ? this.#options.signals : []) {
      const listener = (): void => {
        this.#onSignal(signal, listener);
      };
      try {
        process.prependListener(signal, listener);
      } catch {
        // One that this platform does not have.
        continue;
      }
      this.#signalListeners.set(signal, listener);
      markOwn(listener, true);
    }
  }

  remove(): void {
    process.off('beforeExit', this.#onBeforeExit);
    process.off('exit', this.#onExitFirst);
    process.off('exit', this.#onExitLast);
    process.off('uncaughtExceptionMonitor', this.#onCrash);
    for (const [signal, listener] of this.#signalListeners) {
      process.off(signal, listener);
      markOwn(listener, false);
    }
    this.#signalListeners.clear();
  }

  /** The flush of the end, or the one that is under way. It keeps the process alive, but not beyond the budget. Never rejects. */
  flush(): Promise<void> {
    const { budgetMillis } = this.#options;
    return (this.#flushing ??= within(budgetMillis, async () => this.#things.flush(budgetMillis)).finally(
      () => {
        this.#flushing = undefined;
      },
    ));
  }

  /** Comes again whenever the loop runs empty again, which the flush itself brings about. */
  readonly #onBeforeExit = (): void => {
    if (this.#hasFlushedAtLoopEnd || !this.#isWorthFlushing()) return;
    // If another listener finds work for the loop it is not the end yet, and this comes again.
    ifLoopStaysEmpty(() => {
      this.#hasFlushedAtLoopEnd = true;
      void atLoopEnd(() => this.flush());
    });
  };

  readonly #onExitFirst = (): void => {
    this.#attempt(() => {
      this.#things.persistForGood();
    });
  };

  readonly #onExitLast = (): void => {
    this.#persistAndClose();
  };

  /** The process may yet live on: others may listen for the exception itself. */
  readonly #onCrash = (): void => {
    this.#attempt(() => {
      this.#things.persist();
    });
  };

  #onSignal(signal: NodeJS.Signals, listener: () => void): void {
    if (listenersFor(signal).hosts > 0) {
      this.#hide(signal, listener);
      // Somebody else decides whether the process ends: many only read their settings anew at SIGHUP. It is our business only that
      // nothing is missing if it does; what comes after is for the exit.
      this.#attempt(() => {
        this.#things.persist();
      });
      if (this.#isWorthFlushing()) void this.flush();
      return;
    }
    this.#onExitFirst();
    const isFirst = this.#fatal === undefined;
    this.#fatal ??= signal;
    // Asked again, there is no more waiting: all is written.
    if (isFirst && this.#isWorthFlushing()) {
      void this.flush().then(() => {
        this.#die(signal);
      });
    } else {
      this.#die(this.#fatal);
    }
  }

  /**
   * There are listeners (of signal-exit, for one) that end the process only if nobody else listens. For those that come after ours we
   * are not there.
   */
  #hide(signal: NodeJS.Signals, listener: () => void): void {
    process.off(signal, listener);
    process.nextTick(() => {
      if (this.#signalListeners.get(signal) === listener) process.prependListener(signal, listener);
    });
  }

  /** As the signal would have ended it without us. The kernel spares the first process of a PID namespace, which has to exit itself. */
  #die(signal: NodeJS.Signals): void {
    this.#persistAndClose();
    this.remove();
    // Another guard is not done yet. It comes here too.
    if (listenersFor(signal).guards > 0) return;
    if (process.pid !== 1) {
      try {
        process.kill(process.pid, signal);
        return;
      } catch {
        // Not allowed to: the next best.
      }
    }
    process.exit(128 + constants.signals[signal]);
  }

  #isWorthFlushing(): boolean {
    try {
      return this.#options.budgetMillis > 0 && this.#things.isWorthFlushing();
    } catch {
      return false;
    }
  }

  #persistAndClose(): void {
    this.#onExitFirst();
    this.#attempt(() => {
      this.#things.close();
    });
  }

  /** Whatever goes wrong in here, the host's own listeners are to be called, and the process to end with the code it has. */
  #attempt(step: () => void): void {
    try {
      step();
    } catch {
      // There is nobody left to tell.
    }
  }
}
