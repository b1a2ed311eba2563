import { constants } from 'node:os';

/** Signals that end the demo in good order. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The wish of somebody outside that the demo end. */
export class Interruption {
  readonly #controller = new AbortController();
  #exitCode = 0;

  constructor() {
    for (const name of SIGNALS) {
      process.on(name, () => {
        this.#end(128 + constants.signals[name]);
      });
    }
    // `npm run demo | head -3`: nobody reads on.
    process.stdout.on('error', () => {
      this.#end(128 + constants.signals.SIGPIPE);
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What a shell expects of a process that a signal has ended. */
  get exitCode(): number {
    return this.#exitCode;
  }

  #end(exitCode: number): void {
    this.#exitCode = exitCode;
    this.#controller.abort();
  }
}
