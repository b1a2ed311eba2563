import { createInterface } from 'node:readline';
import { startFixture } from './run-fixture.js';
import type { FixtureOptions, FixtureResult, RunningFixture } from './run-fixture.js';

/** What can be asked of a child process: each takes one object and gives something that JSON can carry. */
export type Commands = Readonly<Record<string, (parameters: never) => unknown>>;

type Parameters_<Command> = Command extends (...parameters: infer P) => unknown ? P : never;
type Answer<Command> = Command extends (...parameters: never[]) => infer R ? Awaited<R> : never;

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

  static async launch<Asked extends Commands>(
    script: string,
    options: FixtureOptions = {},
  ): Promise<AskedProcess<Asked>> {
    const launched = new AskedProcess<Asked>(startFixture(script, options));
    await launched.#fixture.waitFor('ready');
    launched.#hear();
    return launched;
  }

  constructor(fixture: RunningFixture) {
    this.#fixture = fixture;
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
 * Launches processes for one suite and ends them after it (or after each test), which fails if one did not end well or
 * had anything to complain of.
 */
export function askedProcesses(
  ending: (end: () => Promise<void>) => void,
): <Asked extends Commands>(script: string, options?: FixtureOptions) => Promise<AskedProcess<Asked>> {
  const launched: { end(): Promise<FixtureResult> }[] = [];
  ending(async () => {
    for (const one of launched.splice(0)) {
      const { code, signal, stderr } = await one.end();
      if (code !== 0 || stderr !== '') {
        throw new Error(`the process ended with ${code ?? signal ?? ''} and said:\n${stderr}`);
      }
    }
  });
  return async <Asked extends Commands>(script: string, options?: FixtureOptions) => {
    const one = await AskedProcess.launch<Asked>(script, options);
    launched.push(one);
    return one;
  };
}
