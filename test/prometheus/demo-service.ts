import { join } from 'node:path';
import { startFixture } from 'test-helpers/run-fixture';
import type { FixtureOptions, FixtureResult, RunningFixture } from 'test-helpers/run-fixture';
import { repositoryRoot } from 'test-helpers/repository';

const DEMO = join(repositoryRoot, 'examples', 'demo', 'dist', 'demo.js');

/** The line above the table: all addresses are printed by then. */
const LINE_BEFORE_TABLE = /^\d+ requests a second.*\n/m;

/** A row of the table: `0:13  fault   …`. */
const ROW = /^ *\d+:\d\d {2}(warm-up|healthy|fault) /gm;

export type DemoPhase = 'warm-up' | 'healthy' | 'fault' | 'afterwards';

/** A demo that goes on serving: a service under load in a process of its own, and the demo that asks and watches. */
export class DemoService {
  readonly #fixture: RunningFixture;
  readonly #begunSeconds = new Map<DemoPhase, number>();
  #output = '';

  /**
   * @param seconds how long the phases warm-up, healthy and fault take together; then it serves on
   * @throws Error if it does not start
   */
  static async start(
    fault: string,
    { seconds, ...options }: FixtureOptions & { readonly seconds: number; readonly timeoutMillis: number },
  ): Promise<DemoService> {
    const args = ['--fault', fault, '--serve', '--seconds', String(seconds)];
    const demo = new DemoService(startFixture(DEMO, { ...options, args }));
    await demo.untilPrinted(LINE_BEFORE_TABLE);
    return demo;
  }

  /** @param fixture that runs the demo */
  constructor(fixture: RunningFixture) {
    this.#fixture = fixture;
    fixture.child.stdout.on('data', (text: string) => {
      this.#output += text;
      for (const [, phase] of this.#output.matchAll(ROW)) this.#begin(phase as DemoPhase);
      if (this.#output.includes('\nStill serving until Ctrl-C')) this.#begin('afterwards');
    });
  }

  /** Of the demo itself, which makes the load. */
  get demoPid(): number {
    return this.#fixture.child.pid ?? NaN;
  }

  /** Of the service, whose metrics are scraped. */
  get servicePid(): number {
    return Number(this.match(/^service \S+ \(pid (\d+)\)$/m)[1]);
  }

  /** `host:port` of the metrics, as printed. */
  get target(): string {
    return this.match(/^metrics http:\/\/(\S+)\/metrics$/m)[1]!;
  }

  /** When it was first seen in a phase, in seconds of the wall clock; undefined if that has not come yet. */
  begunSeconds(phase: DemoPhase): number | undefined {
    return this.#begunSeconds.get(phase);
  }

  /** What it has printed. @throws Error if that is not in it */
  match(pattern: RegExp): RegExpExecArray {
    const match = pattern.exec(this.#output);
    if (match === null) throw new Error(`not printed by the demo: ${String(pattern)}\n${this.#output}`);
    return match;
  }

  /** Resolves when something was printed; rejects if the demo ends first. */
  async untilPrinted(pattern: RegExp): Promise<void> {
    const { child, ended } = this.#fixture;
    const printed = new Promise<void>(resolve => {
      const look = (): void => {
        if (!pattern.test(this.#output)) return;
        child.stdout.removeListener('data', look);
        resolve();
      };
      child.stdout.on('data', look);
      look();
    });
    const failed = ended.then(({ stdout, stderr }) => {
      throw new Error(`the demo ended before it printed ${String(pattern)}:\n${stdout}\n${stderr}`);
    });
    await Promise.race([printed, failed]);
  }

  /** Interrupts it as Ctrl-C does, and waits until it has ended. Safe more than once. */
  async stop(): Promise<FixtureResult> {
    this.#fixture.child.kill('SIGCONT');
    this.#fixture.child.kill('SIGINT');
    return this.#fixture.ended;
  }

  #begin(phase: DemoPhase): void {
    if (!this.#begunSeconds.has(phase)) this.#begunSeconds.set(phase, Date.now() / 1_000);
  }
}
