import type { Attempt } from './attempt.js';
import { backoffMillis } from './backoff.js';
import type { RetryWaits } from './backoff.js';

/** Longer than that nobody is left alone, whatever is asked: a day, as the exporter of Azure has it. */
const LONGEST_HOLD_MILLIS = 86_400_000;

/**
 * The way to an endpoint, which all lanes share that send there. After a failure it is closed for a while; then one goes ahead, and the
 * others wait for what becomes of it. Nobody sleeps in here: it says how long to wait.
 */
export class EndpointGate {
  readonly #waits: RetryWaits;
  readonly #random: () => number;
  readonly #now: () => number;
  /** In a row. */
  #failures = 0;
  #opensMillis = -Infinity;
  /** Until when the endpoint has asked to be left alone. */
  #heldUntilMillis = -Infinity;
  #probe: Promise<void> | undefined;
  #probeEnds: () => void = () => {};

  /** @param now milliseconds, of a clock that is never put back */
  constructor(waits: RetryWaits, random: () => number, now: () => number = () => performance.now()) {
    this.#waits = waits;
    this.#random = random;
    this.#now = now;
  }

  /** Whether the last attempt has failed. */
  get hasFailed(): boolean {
    return this.#failures > 0;
  }

  /** Whether the endpoint has asked to be left alone, and that is not over. */
  get isHeld(): boolean {
    return this.#now() < this.#heldUntilMillis;
  }

  /** How long it is still closed. */
  get waitMillis(): number {
    return Math.max(0, Math.ceil(this.#opensMillis - this.#now()));
  }

  /**
   * To be called before an attempt, and {@link leave} after it. After a failure only one may try: the others wait here until it is known
   * what has become of that.
   *
   * @returns false if there is no attempt to be made now; at once, if there is nobody to wait for
   */
  enter(): boolean | Promise<boolean> {
    if (this.isHeld) return false;
    if (this.#failures === 0) return true;
    // The one that goes ahead comes through, or not.
    if (this.#probe !== undefined) return this.#probe.then(() => this.#failures === 0);
    this.#probe = new Promise(resolve => (this.#probeEnds = resolve));
    return true;
  }

  /** An attempt is over; undefined: it was not made. */
  leave(attempt: Attempt | undefined): void {
    if (attempt?.outcome === 'retry') {
      this.#failures += 1;
      const now = this.#now();
      const { afterMillis } = attempt;
      this.#opensMillis = now + backoffMillis(this.#failures, this.#random(), this.#waits);
      if (afterMillis !== undefined && afterMillis > 0) {
        this.#heldUntilMillis = now + Math.min(LONGEST_HOLD_MILLIS, afterMillis);
        this.#opensMillis = Math.max(this.#opensMillis, this.#heldUntilMillis);
      }
    } else if (attempt !== undefined) {
      // Whatever it says, it answers. If it has asked to be left alone meanwhile, this is about an attempt from before.
      this.#failures = 0;
      this.#opensMillis = this.#heldUntilMillis;
    }
    this.#probe = undefined;
    this.#probeEnds();
  }
}
