import { WindowSum } from 'otel-runtime-kit/window';

/** Share of the wall time that pauses took, over one sliding window. */
export class PauseShare {
  readonly #seconds: WindowSum;
  readonly #startMillis: number;

  /** @param startMillis since when pauses are added: a window that reaches back further is not yet full */
  constructor(windowMillis: number, startMillis: number) {
    this.#seconds = new WindowSum({ windowMillis });
    this.#startMillis = startMillis;
  }

  add(endMillis: number, seconds: number): void {
    this.#seconds.add(endMillis, seconds);
  }

  /** In [0, 1]; 0 before any time has passed. */
  read(nowMillis: number): number {
    const coveredMillis = Math.min(this.#seconds.coveredMillis(nowMillis), nowMillis - this.#startMillis);
    if (coveredMillis <= 0) return 0;
    // A pause counts whole when it has ended, also one that began before the window did.
    return Math.min(1, (this.#seconds.sum(nowMillis) * 1000) / coveredMillis);
  }
}
