import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CollectedMessage,
  FromService,
  PressureMessage,
  ReadyMessage,
  ReportMessage,
  StartMessage,
  ToService,
} from '../service/messages.js';
import { GcTrace } from './gc-trace.js';

/** How long the service may take to end before it is killed. */
const STOP_MILLIS = 2_000;

const EXIT_NEWS_MILLIS = 200;

const MINUTE_MILLIS = 60_000;

/** The service's process, seen from the parent. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #waiting: ((message: FromService) => void)[] = [];
  readonly #exit: Promise<unknown>;
  readonly #failed: Promise<never>;
  readonly #killAtExit = (): void => void this.#child.kill('SIGKILL');
  readonly #trace = new GcTrace();
  #startMillis = performance.now();
  #collections = 0;
  #errorOutput = '';

  /**
   * @param v8Flags of V8, in addition to this process's own
   * @param onPressure called for each warning of otel-fd-watch in the service
   */
  constructor(v8Flags: readonly string[], onPressure: (pressure: PressureMessage) => void) {
    this.#child = fork(join(__dirname, '..', 'service', 'service.js'), {
      execArgv: [...process.execArgv, '--expose-gc', '--trace-gc', ...v8Flags],
      // Its fifth is this process's stdout, and it writes nothing to it: whoever reads there sees the end of both.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 1],
    });
    process.once('exit', this.#killAtExit);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#trace.take(text);
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errorOutput += text;
    });
    this.#child.on('message', (message: FromService) => {
      if (message.type === 'pressure') onPressure(message);
      else this.#waiting.shift()?.(message);
    });
    this.#exit = once(this.#child, 'exit');
    this.#failed = this.#exit.then(() => {
      const { exitCode, signalCode } = this.#child;
      throw new Error(`the service has ended by itself (${signalCode ?? `exit code ${exitCode ?? '?'}`})`);
    });
    // Reported by whatever waits for the service next.
    this.#failed.catch(() => {});
  }

  /** What it has written to stderr so far. */
  get errorOutput(): string {
    return this.#errorOutput;
  }

  /** What V8 says there of garbage collections. */
  get trace(): GcTrace {
    return this.#trace;
  }

  /** How often it was made to collect. */
  get collections(): number {
    return this.#collections;
  }

  /** Share of the last minute, or of the time since it was asked to serve, that collections took by {@link trace}. */
  get pausedShare(): number {
    const millis = Math.min(MINUTE_MILLIS, performance.now() - this.#startMillis);
    const seconds = this.#trace
      .pausesSince(performance.now() - millis)
      .reduce((sum, pause) => sum + pause, 0);
    return seconds / (millis / 1_000);
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** Rejects if the service ends before the promise does, and says so rather than what else went wrong by that. */
  async whileAlive<Result>(promise: Promise<Result>): Promise<Result> {
    return Promise.race([
      this.#failed,
      promise.catch(async (thrown: unknown): Promise<never> => {
        // A connection breaks a moment before the end of the process is known.
        await Promise.race([this.#failed, sleep(EXIT_NEWS_MILLIS)]);
        throw thrown;
      }),
    ]);
  }

  async start(message: Omit<StartMessage, 'type'>): Promise<ReadyMessage> {
    this.#startMillis = performance.now();
    return this.#ask<ReadyMessage>({ type: 'start', ...message });
  }

  async report(): Promise<ReportMessage> {
    return this.#ask<ReportMessage>({ type: 'report' });
  }

  /** Has it collect all garbage there is. */
  async collect(): Promise<void> {
    this.#collections += 1;
    await this.#ask<CollectedMessage>({ type: 'collect' });
  }

  /**
   * @param name which fault
   * @param every every how many requests to do it wrongly; 0: never
   */
  setFault(name: string, every: number): void {
    this.#child.send({ type: 'fault', name, every } satisfies ToService);
  }

  /** Has it give back all that its faults have left behind. */
  async mend(): Promise<void> {
    this.#collections += 1;
    await this.#ask<CollectedMessage>({ type: 'mend' });
  }

  /** Ends it, in good order if it can. */
  async stop(): Promise<void> {
    const isRunning = this.#child.exitCode === null && this.#child.signalCode === null;
    if (isRunning) {
      const timer = setTimeout(this.#killAtExit, STOP_MILLIS);
      if (this.#child.connected) this.#child.send({ type: 'stop' } satisfies ToService, () => {});
      await this.#exit;
      clearTimeout(timer);
    }
    process.removeListener('exit', this.#killAtExit);
  }

  /** Messages arrive in order, so answers belong to questions in order. */
  async #ask<Answer extends FromService>(question: ToService): Promise<Answer> {
    const answer = new Promise<FromService>(resolve => this.#waiting.push(resolve));
    this.#child.send(question);
    return this.whileAlive(answer) as Promise<Answer>;
  }
}
