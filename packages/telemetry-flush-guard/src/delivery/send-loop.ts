import { backoffMillis } from './backoff.js';
import type { RetryWaits } from './backoff.js';
import { within } from './within.js';

/** What a step has come to: something was sent, there was nothing to send, or it is to be tried again later. */
export type Step = 'sent' | 'nothing' | 'failed';

export interface SendLoopOptions extends RetryWaits {
  /** Sends one batch. If it rejects, it has failed. */
  readonly step: () => Promise<Step>;
  readonly hasWork: () => boolean;
  /** How long items wait for others to be sent together with. */
  readonly delayMillis: number;
  /** Whether somebody else is at an attempt. Default: there is nobody. */
  readonly isAnotherSending?: (() => boolean) | undefined;
  /** In [0, 1). */
  readonly random: () => number;
}

/** When it is sent: soon, at once, after a wait, in turns; one batch at a time. */
export class SendLoop {
  readonly #options: SendLoopOptions;
  #running: Promise<void> | undefined;
  /** In a row. */
  #failures = 0;
  #latest: Step = 'nothing';
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: SendLoopOptions) {
    this.#options = options;
  }

  /** Whether an attempt is under way. */
  get isSending(): boolean {
    return this.#running !== undefined;
  }

  /** Whether the last attempt has failed. */
  get hasFailed(): boolean {
    return this.#failures > 0;
  }

  /** There is something to send, and so many have come that it can be sent together: or it waits for others. */
  wake(isEnough: boolean): void {
    this.#soon(isEnough ? 0 : this.#options.delayMillis);
  }

  /**
   * Sends until nothing is left, the time is over, or an attempt fails. Never rejects.
   *
   * @returns whether nothing is left
   */
  async runUntil(untilMillis: number): Promise<boolean> {
    for (;;) {
      const failures = this.#failures;
      if (!this.#options.hasWork()) return true;
      const left = untilMillis - performance.now();
      if (left <= 0) return false;
      const running = (this.#running ??= this.#run());
      await within(left, () => running);
      // One attempt that fails is enough: what is on disk has time, and what is not is no better off for waiting.
      if (this.#failures > failures) return false;
      // What is left cannot be got at.
      if (!this.isSending && this.#latest === 'nothing') return !this.#options.hasWork();
    }
  }

  /** From now on nothing is sent but by {@link runUntil}. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #soon(millis: number): void {
    if (this.#isStopped || this.#running !== undefined) return;
    if (this.#timer !== undefined) {
      if (millis > 0 || this.#failures > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // After a failure, in turns: an attempt keeps the process alive, and side by side they could do so for ever, one while the
      // other waits for its next.
      if (this.#failures > 0 && this.#options.isAnotherSending?.() === true) this.wake(false);
      else this.#running ??= this.#run();
    }, millis);
    this.#timer.unref();
  }

  /** Sends batch after batch until nothing is left or one fails. */
  async #run(): Promise<void> {
    let step: Step = 'sent';
    while (step === 'sent') {
      step = await this.#options.step().catch((): Step => 'failed');
      if (step === 'sent') this.#failures = 0;
    }
    this.#latest = step;
    if (step === 'failed') this.#failures += 1;
    this.#running = undefined;
    if (!this.#options.hasWork()) return;
    const { delayMillis, random } = this.#options;
    this.#soon(this.#failures > 0 ? backoffMillis(this.#failures, random(), this.#options) : delayMillis);
  }
}
