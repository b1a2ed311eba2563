import { createInterface } from 'node:readline';
import { startFixture } from './run-fixture.js';
import type { FixtureOptions, FixtureResult, RunningFixture } from './run-fixture.js';

/** What can be asked of a child process: each takes one object and gives something that JSON can carry. */
export type Commands = Readonly<Record<string, (parameters: never) => unknown>>;

type Parameters_<Command> = Command extends (...parameters: infer P) => unknown ? P : never;

/** What a command gives. */
export type Answer<Command> = Command extends (...parameters: never[]) => infer R ? Awaited<R> : never;

/**
 * The child's end: does what each line on stdin says, one after the other, and answers with a line each. Nothing here
 * keeps the process alive once stdin has ended.
 */
export function answerTo(commands: Commands): void {
  let queue = Promise.resolve();
  createInterface({ input: process.stdin }).on('line', line => {
    const { name, parameters } = JSON.parse(line) as { name: string; parameters: never };
    queue = queue.then(async () => {
      let answer: { result: unknown } | { error: string };
      try {
        answer = { result: await commands[name]?.(parameters) };
      } catch (thrown) {
        answer = { error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
      }
      process.stdout.write(`${JSON.stringify(answer)}\n`);
    });
  });
  process.stdout.write('ready\n');
}

/** The test's end: a child process that answers. */
export class AskedProcess<Asked extends Commands> {
  readonly #fixture: RunningFixture;
  readonly #waiting: ((line: string) => void)[] = [];

  /** Starts it; see {@link ready}. */
  constructor(script: string, options: FixtureOptions = {}) {
    this.#fixture = startFixture(script, options);
  }

  /** Waits until it can be asked. */
  async ready(): Promise<this> {
    await this.#fixture.waitFor('ready');
    this.#hear();
    return this;
  }

  get pid(): number {
    return this.#fixture.child.pid ?? NaN;
  }

  /** Has it do something, and gives what came of it. */
  async ask<Name extends keyof Asked & string>(
    name: Name,
    ...[parameters]: Parameters_<Asked[Name]>
  ): Promise<Answer<Asked[Name]>> {
    const { child, ended } = this.#fixture;
    const line = await Promise.race([
      new Promise<string>(resolve => {
        this.#waiting.push(resolve);
        child.stdin.write(`${JSON.stringify({ name, parameters })}\n`);
      }),
      ended.then(({ code, signal, stderr }) => {
        throw new Error(`it ended (${code ?? signal ?? ''}) at ${name}: ${stderr}`);
      }),
    ]);
    const { result, error } = JSON.parse(line) as { result?: unknown; error?: string };
    if (error !== undefined) throw new Error(`${name}: ${error}`);
    return result as Answer<Asked[Name]>;
  }

  /** Closes its stdin, and waits until it has ended by itself. */
  async end(): Promise<FixtureResult> {
    this.#fixture.child.stdin.end();
    return this.#fixture.ended;
  }

  #hear(): void {
    let text = '';
    this.#fixture.child.stdout.on('data', (piece: string) => {
      const lines = (text + piece).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) this.#waiting.shift()?.(line);
    });
  }
}

/**
 * Waits for processes of one suite to be ready, and ends them after it (or after each test), which fails if one did not
 * end well or had anything to complain of.
 */
export function endedProcesses(
  ending: (end: () => Promise<void>) => void,
): <Process extends Pick<AskedProcess<Commands>, 'ready' | 'end'>>(started: Process) => Promise<Process> {
  const running: Pick<AskedProcess<Commands>, 'end'>[] = [];
  ending(async () => {
    for (const one of running.splice(0)) {
      const { code, signal, stderr } = await one.end();
      if (code !== 0 || stderr !== '') {
        throw new Error(`the process ended with ${code ?? signal ?? ''} and said:\n${stderr}`);
      }
    }
  });
  return async started => {
    running.push(started);
    await started.ready();
    return started;
  };
}

/** Starts processes that need nothing more, as {@link endedProcesses} does it. */
export function askedProcesses(
  ending: (end: () => Promise<void>) => void,
): <Asked extends Commands>(script: string, options?: FixtureOptions) => Promise<AskedProcess<Asked>> {
  const launched = endedProcesses(ending);
  return <Asked extends Commands>(script: string, options?: FixtureOptions) =>
    launched(new AskedProcess<Asked>(script, options));
}
