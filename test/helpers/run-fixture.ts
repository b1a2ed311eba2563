import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';

/** How a child process ended and what it said. */
export interface FixtureResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What to run, and how long it may take. */
export interface FixtureOptions {
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly timeoutMillis?: number;
  /** Run by `sh` in front of node, for instance `ulimit -n 64`. */
  readonly shellPrefix?: string;
}

/** A running child. */
export interface RunningFixture {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when `line` was printed; rejects if the child ends first. */
  waitFor(line: string): Promise<void>;
  readonly ended: Promise<FixtureResult>;
}

/** Starts a script in a Node of its own. It is killed when its time is over. */
export function startFixture(script: string, options: FixtureOptions = {}): RunningFixture {
  const { args = [], nodeArgs = [], env = {}, timeoutMillis = 30_000, shellPrefix, cwd } = options;
  const command = [process.execPath, ...nodeArgs, script, ...args];
  const childEnv = { ...process.env, NODE_OPTIONS: '', ...env };
  const where = cwd === undefined ? {} : { cwd };
  const child =
    shellPrefix === undefined
      ? spawn(command[0] ?? '', command.slice(1), { env: childEnv, ...where })
      : spawn('sh', ['-c', `${shellPrefix} && exec "$0" "$@"`, ...command], { env: childEnv, ...where });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMillis);
  const ended = new Promise<FixtureResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
  const waitFor = (line: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stdout.split('\n').includes(line)) resolve();
      };
      child.stdout.on('data', look);
      child.once('close', () => {
        reject(new Error(`the child ended before it printed "${line}":\n${stdout}\n${stderr}`));
      });
      look();
    });
  return { child, waitFor, ended };
}

/** Runs a script in a Node of its own to its end. */
export async function runFixture(script: string, options: FixtureOptions = {}): Promise<FixtureResult> {
  return startFixture(script, options).ended;
}

/**
 * The same, for a script that ends well, complains of nothing and prints JSON.
 *
 * @throws Error if it does not
 */
export async function runForJson<Result>(script: string, options: FixtureOptions = {}): Promise<Result> {
  const { code, signal, stdout, stderr } = await runFixture(script, options);
  if (code !== 0 || stderr !== '') {
    throw new Error(`${script} ended with ${code ?? signal ?? ''} and said:\n${stdout}\n${stderr}`);
  }
  return JSON.parse(stdout) as Result;
}
