import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** What is to be done at an end. None of it may throw or reject. */
export interface LastThings {
  /** Writes what is in memory only. At once. */
  persist(): void;
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
 * uncaught exceptions or rejections, which would keep the process alive, never calls exit where the host has a listener of its own, and
 * what kills the process without a listener kills it with ours.
 */
export class ExitController {
  readonly #things: LastThings;
  readonly #options: ExitOptions;
  readonly #signalListeners = new Map<NodeJS.Signals, () => void>();
  /** The one flush of the end: a second signal, or the loop's end after a signal, joins it. */
  #flushing: Promise<void> | undefined;
  #hasFlushedAtLoopEnd = false;

  constructor(things: LastThings, options: ExitOptions) {
    this.#things = things;
    this.#options = options;
  }

  install(): void {
    process.on('beforeExit', this.#onBeforeExit);
    // Before all other listeners, one of which may throw, so that the rest are not called; and after those there are, which may emit.
    process.prependListener('exit', this.#onExitFirst);
    process.on('exit', this.#onExitLast);
    process.on('uncaughtExceptionMonitor', this.#onCrash);
    // Signals reach the main thread only.
    for (const signal of isMainThread ? this.#options.signals : []) {
      const listener = (): void => {
        this.#onSignal(signal);
      };
      try {
        process.on(signal, listener);
        this.#signalListeners.set(signal, listener);
      } catch {
        // One that this platform does not have.
      }
    }
  }

  remove(): void {
    process.off('beforeExit', this.#onBeforeExit);
    process.off('exit', this.#onExitFirst);
    process.off('exit', this.#onExitLast);
    process.off('uncaughtExceptionMonitor', this.#onCrash);
    for (const [signal, listener] of this.#signalListeners) process.off(signal, listener);
    this.#signalListeners.clear();
  }

  /** The flush of the end, or the one that is under way. */
  flush(): Promise<void> {
    return (this.#flushing ??= this.#things.flush(this.#options.budgetMillis).finally(() => {
      this.#flushing = undefined;
    }));
  }

  /** Fires again whenever the loop runs empty again, which the flush itself brings about. */
  readonly #onBeforeExit = (): void => {
    if (this.#hasFlushedAtLoopEnd) return;
    this.#hasFlushedAtLoopEnd = true;
    void this.flush();
  };

  readonly #onExitFirst = (): void => {
    this.#things.persist();
  };

  readonly #onExitLast = (): void => {
    this.#things.persist();
    this.#things.close();
  };

  /** The process may yet live on: others may listen for the exception itself. */
  readonly #onCrash = (): void => {
    this.#things.persist();
  };

  #onSignal(signal: NodeJS.Signals): void {
    this.#things.persist();
    const listener = this.#signalListeners.get(signal);
    const others = process.listeners(signal).filter(other => other !== listener);
    // Somebody else decides whether the process ends. It is our business only that nothing is missing if it does.
    if (others.length > 0) {
      void this.flush();
      return;
    }
    if (this.#flushing !== undefined) {
      // Asked again: at once. All is written.
      this.#die(signal);
      return;
    }
    void this.flush().then(() => {
      this.#die(signal);
    });
  }

  /** As the signal would have ended it without us. The kernel spares the first process of a PID namespace, which has to exit itself. */
  #die(signal: NodeJS.Signals): void {
    this.#things.persist();
    this.#things.close();
    if (process.pid === 1) process.exit(128 + constants.signals[signal]);
    this.remove();
    process.kill(process.pid, signal);
  }
}
