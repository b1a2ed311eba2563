import { backoffMillis } from './backoff.js';
import type { RetryWaits } from './backoff.js';
import type { EndpointGate } from './endpoint-gate.js';
import { within } from './within.js';

/**
 * What a step has come to: something was sent, or found to be of no use; a batch was cut and is to be sent in parts; there was nothing to send; it is to be tried again later, when the gate
 * says; or it cannot go on now, and the gate does not know why.
 */
export type Step = 'sent' | 'cut' | 'nothing' | 'failed' | 'stuck';

export interface SendLoopOptions extends RetryWaits {
  /**
   * Sends one batch. If it rejects, it is stuck.
   *
   * @param isHurried whether somebody waits for it
   * @param isFirst whether what there is has waited for others to come
   */
  readonly step: (isHurried: boolean, isFirst: boolean) => Promise<Step>;
  readonly hasWork: () => boolean;
  /** Whether some of it is to be sent as soon as can be, and waits for nothing to come. Default: none. */
  readonly hasBacklog?: (() => boolean) | undefined;
  /** After a step that has sent something: for how long to leave the endpoint to others, unless somebody waits. */
  readonly restMillis: () => number;
  /** How long items wait for others to be sent together with. */
  readonly delayMillis: number;
  readonly gate: EndpointGate;
  /** Whether somebody else is at an attempt. Default: there is nobody. */
  readonly isAnotherSending?: (() => boolean) | undefined;
  /** In [0, 1). */
  readonly random: () => number;
}

const LONGEST_BACKLOG_DELAY_MILLIS = 1_000;

/** When it is sent: soon, at once, after a wait, in turns; one batch at a time. */
export class SendLoop {
  readonly #options: SendLoopOptions;
  #running: Promise<void> | undefined;
  /** Also before there is a promise of it: it may end as it begins. */
  #isRunning = false;
  /** Steps in a row that were in vain, and all that ever were. */
  #failures = 0;
  #inVain = 0;
  #latest: Step = 'nothing';
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** That wait for it. */
  #hurries = 0;
  #endRest: () => void = () => {};

  constructor(options: SendLoopOptions) {
    this.#options = options;
  }

  /** Whether an attempt is under way. */
  get isSending(): boolean {
    return this.#isRunning;
  }

  /** Whether there is little hope: the last attempt has failed. */
  get hasFailed(): boolean {
    return this.#failures > 0 || this.#options.gate.hasFailed;
  }

  /** There is something to send, and so many have come that it can be sent together: or it waits for others. */
  wake(isEnough: boolean): void {
    this.#soon(isEnough ? 0 : this.#options.delayMillis);
  }

  /** There is something to send that waits for no others. */
  wakeForBacklog(): void {
    if (this.#isRunning) return;
    if (this.hasFailed) {
      // Its own timer, as the failure may have been another's; and no sooner than the gate says.
      this.#soon(this.#backlogMillis);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#soon(this.#backlogMillis);
  }

  /**
   * Sends until nothing is left, the time is over, or an attempt fails. Never rejects.
   *
   * @param keepsAlive whether waiting for it keeps the process alive
   * @returns whether nothing is left
   */
  async runUntil(untilMillis: number, keepsAlive = true): Promise<boolean> {
    this.#hurries += 1;
    this.#endRest();
    try {
      return await this.#runUntil(untilMillis, keepsAlive);
    } finally {
      this.#hurries -= 1;
    }
  }

  async #runUntil(untilMillis: number, keepsAlive: boolean): Promise<boolean> {
    const { gate, hasWork } = this.#options;
    for (;;) {
      const inVain = this.#inVain;
      if (!hasWork()) return true;
      const left = untilMillis - performance.now();
      // Who has asked to be left alone is left alone: what is not on disk is written by whoever asks for this.
      if (left <= 0 || (gate.isHeld && !this.isSending)) return false;
      const running = this.#start();
      await within(left, () => running, keepsAlive);
      // One attempt that fails is enough: what is on disk has time, and what is not is no better off for waiting.
      if (this.#inVain > inVain) return false;
      // What is left cannot be got at.
      if (!this.isSending && this.#latest === 'nothing') return !hasWork();
    }
  }

  /** From now on nothing is sent but by {@link runUntil}. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#endRest();
  }

  /** What others have left is not held up for as long as what comes may be. */
  get #backlogMillis(): number {
    return Math.min(this.#options.delayMillis, LONGEST_BACKLOG_DELAY_MILLIS);
  }

  #soon(atLeastMillis: number): void {
    if (this.#isStopped || this.#isRunning) return;
    // Every item comes by here: nearly all of them find a timer set, and that is that.
    if (this.#timer !== undefined && (atLeastMillis > 0 || this.#failures > 0)) return;
    const millis = Math.max(atLeastMillis, this.#options.gate.waitMillis);
    if (this.#timer !== undefined) {
      if (millis > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // After a failure, in turns: an attempt keeps the process alive, and side by side they could do so for ever, one while the
      // other waits for its next. And somebody else may have found the way closed meanwhile.
      const { gate, isAnotherSending } = this.#options;
      if ((this.hasFailed && isAnotherSending?.() === true) || gate.waitMillis > 0) this.wake(false);
      else void this.#start();
    }, millis);
    this.#timer.unref();
  }

  #start(): Promise<void> {
    if (this.#isRunning) return this.#running ?? Promise.resolve();
    this.#isRunning = true;
    const running = this.#run();
    if (this.isSending) this.#running = running;
    return running;
  }

  /** Sends batch after batch until nothing is left or one fails. */
  async #run(): Promise<void> {
    const { gate, step, restMillis, hasWork, hasBacklog, delayMillis, random } = this.#options;
    let latest: Step;
    for (let isFirst = true; ; isFirst = false) {
      const entered = gate.enter();
      const isOpen = typeof entered === 'boolean' ? entered : await entered;
      latest = isOpen ? await step(this.#hurries > 0, isFirst).catch((): Step => 'stuck') : 'failed';
      if (latest === 'cut') continue;
      if (latest !== 'sent') break;
      this.#failures = 0;
      await this.#rest(restMillis());
    }
    this.#latest = latest;
    if (latest === 'failed' || latest === 'stuck') {
      this.#failures += 1;
      this.#inVain += 1;
    }
    this.#running = undefined;
    this.#isRunning = false;
    if (!hasWork()) return;
    if (latest === 'stuck') this.#soon(backoffMillis(this.#failures, random(), this.#options));
    // After a failure the gate says when.
    else this.#soon(latest === 'failed' || hasBacklog?.() === true ? this.#backlogMillis : delayMillis);
  }

  async #rest(millis: number): Promise<void> {
    if (millis <= 0 || this.#hurries > 0 || this.#isStopped) return;
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, millis).unref();
      this.#endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
