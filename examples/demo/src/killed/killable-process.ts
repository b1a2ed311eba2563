import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { KillSettings, ServingMessage } from './messages.js';

/** How long it may take to end before it is killed. */
const STOP_MILLIS = 4_000;

/** One life of the service, seen from the parent. */
export class KillableProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly #killAtExit = (): void => void this.#child.kill('SIGKILL');
  #errorOutput = '';

  constructor(settings: KillSettings) {
    this.#child = fork(join(__dirname, 'killed-service.js'), [JSON.stringify(settings)], {
      // Its fourth and fifth are the messages and this process's stdout, to which it writes nothing: whoever reads there sees the end of both.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 1],
    });
    process.once('exit', this.#killAtExit);
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errorOutput += text;
    });
    this.#exit = once(this.#child, 'exit');
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** What it has written to stderr so far. */
  get errorOutput(): string {
    return this.#errorOutput;
  }

  /** @throws Error if it ends before it serves */
  async serving(): Promise<ServingMessage> {
    const ended = this.#exit.then(() => {
      throw new Error(`the service has ended by itself:\n${this.#errorOutput}`);
    });
    const [message] = (await Promise.race([once(this.#child, 'message'), ended])) as [ServingMessage];
    return message;
  }

  /** Ends it at once, by what it cannot notice. */
  async kill(): Promise<void> {
    if (this.#isRunning) this.#child.kill('SIGKILL');
    await this.#exit;
    process.removeListener('exit', this.#killAtExit);
  }

  /** Ends it, in good order if it can. */
  async stop(): Promise<void> {
    const timer = setTimeout(this.#killAtExit, STOP_MILLIS);
    if (this.#isRunning) this.#child.kill('SIGTERM');
    await this.#exit;
    clearTimeout(timer);
    process.removeListener('exit', this.#killAtExit);
  }

  get #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
}
