import type { PageData } from '../../src/page/page-data.js';

/** What the page is told about the connection. */
export type ConnectionState =
  | { readonly name: 'live' }
  | { readonly name: 'paused' }
  | { readonly name: 'lost'; readonly sinceMillis: number; readonly retrySeconds: number };

/** The server's tick has a little way to go before its numbers are there. */
const AFTER_SAMPLE_MILLIS = 150;
const SOONEST_MILLIS = 250;
const LONGEST_BACKOFF_MILLIS = 30_000;
const TIMEOUT_MILLIS = 10_000;

interface PollingOptions {
  /** Number of the latest sample that the page has; 0 asks for everything. */
  readonly sequence: () => number;
  readonly onData: (data: PageData) => void;
  readonly onState: (state: ConnectionState) => void;
}

/**
 * Asks for new samples when the next one is due. Polling, not a stream: it holds no connection, and so no descriptor
 * of the process that is looked at, and a lost server and a restarted one need nothing special.
 */
export class Polling {
  readonly #options: PollingOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #paused = false;
  #asking = false;
  #failures = 0;
  #lostMillis = 0;

  constructor(options: PollingOptions) {
    this.#options = options;
    document.addEventListener('visibilitychange', () => {
      this.#look();
    });
    window.addEventListener('online', () => {
      this.#look();
    });
  }

  start(): void {
    this.#look();
  }

  get paused(): boolean {
    return this.#paused;
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    if (paused) this.#options.onState({ name: 'paused' });
    this.#look();
  }

  /** Asks now, or not at all while nobody looks. */
  #look(): void {
    clearTimeout(this.#timer);
    if (!this.#paused && !document.hidden && !this.#asking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    let waitMillis: number;
    try {
      const response = await fetch(`vitals.json?after=${this.#options.sequence()}`, {
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MILLIS),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const data = (await response.json()) as PageData;
      this.#failures = 0;
      if (!this.#paused) {
        this.#options.onState({ name: 'live' });
        this.#options.onData(data);
      }
      waitMillis = Math.max(SOONEST_MILLIS, data.nextSampleMillis + AFTER_SAMPLE_MILLIS);
    } catch {
      waitMillis = this.#lost();
    } finally {
      this.#asking = false;
    }
    if (this.#paused || document.hidden) return;
    this.#timer = setTimeout(() => {
      this.#look();
    }, waitMillis);
  }

  #lost(): number {
    if (this.#failures === 0) this.#lostMillis = Date.now();
    const waitMillis = Math.min(LONGEST_BACKOFF_MILLIS, 1_000 * 2 ** this.#failures);
    this.#failures += 1;
    if (!this.#paused) {
      this.#options.onState({ name: 'lost', sinceMillis: this.#lostMillis, retrySeconds: waitMillis / 1000 });
    }
    return waitMillis;
  }
}
