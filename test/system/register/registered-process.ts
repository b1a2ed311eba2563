import { request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import { startFixture } from 'test-helpers/run-fixture';
import type { FixtureOptions, FixtureResult, RunningFixture } from 'test-helpers/run-fixture';

/** Where the applications of these tests are. */
export const APPLICATIONS = join(repositoryRoot, 'test', 'system', 'register');

/** What is given to node, or to NODE_OPTIONS. */
export const REGISTER = 'otel-node-vitals/register';

const ANNOUNCEMENT = /^otel-node-vitals: metrics (http:\/\/127\.0\.0\.1:\d+)\/metrics, page \1\/$/gm;

/** An HTTP answer. */
export interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** Asks over a connection of its own, which stays open if `keepAlive`. */
export function ask(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, headers }, response => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('end', () => {
        resolve({ status: response.statusCode, body });
      });
    })
      .once('error', reject)
      .end();
  });
}

/** A port that was free a moment ago, and some after it most likely too. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port > 65_000 ? freePort() : port;
}

/** A Node.js process that was started with register, and an application that does what it is asked to. */
export class RegisteredProcess {
  readonly #fixture: RunningFixture;
  readonly #waiting: { settled(): boolean }[] = [];
  #stdout = '';
  #stderr = '';
  #asked = 0;

  /** By `--require` unless `nodeArgs` or NODE_OPTIONS say otherwise; on any free port unless `env` says otherwise. */
  constructor(application: string, options: FixtureOptions = {}) {
    const { env, nodeArgs = env?.['NODE_OPTIONS'] === undefined ? ['--require', REGISTER] : [] } = options;
    this.#fixture = startFixture(
      application.startsWith('/') ? application : join(APPLICATIONS, application),
      {
        cwd: repositoryRoot,
        ...options,
        nodeArgs,
        env: { OTEL_EXPORTER_PROMETHEUS_PORT: '0', ...env },
      },
    );
    const { child } = this.#fixture;
    const look = (): void => {
      for (const one of this.#waiting.splice(0)) if (!one.settled()) this.#waiting.push(one);
    };
    child.stdout.on('data', (text: string) => {
      this.#stdout += text;
      look();
    });
    child.stderr.on('data', (text: string) => {
      this.#stderr += text;
      look();
    });
    child.once('close', look);
  }

  get pid(): number {
    return this.#fixture.child.pid ?? NaN;
  }

  /** What it has said so far to the person at the terminal. */
  get notices(): string[] {
    return this.#stderr.split('\n').slice(0, -1);
  }

  /** The addresses that were announced, once there are so many. */
  announced(count = 1): Promise<string[]> {
    return this.#until(() => {
      const urls = [...this.#stderr.matchAll(ANNOUNCEMENT)].map(([, url = '']) => url);
      return urls.length >= count ? urls : undefined;
    });
  }

  /** Until stderr says something. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#until(() => pattern.exec(this.#stderr) ?? undefined);
  }

  /** Until the application runs. */
  async ready(): Promise<void> {
    await this.#answer(0);
  }

  /** Has the application do something, and gives its answer. */
  async ask(what: string): Promise<unknown> {
    await this.ready();
    this.#asked += 1;
    const index = this.#asked;
    this.#fixture.child.stdin.write(`${what}\n`);
    return this.#answer(index);
  }

  /** Until an answer fits: some things come a moment later. */
  async askUntil(what: string, fits: (answer: string) => boolean): Promise<string> {
    for (;;) {
      const answer = (await this.ask(what)) as string;
      if (fits(answer)) return answer;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  /** Closes its stdin, after which it must end by itself. */
  async end(): Promise<FixtureResult> {
    this.#fixture.child.stdin.end();
    return this.#fixture.ended;
  }

  /** Until it has ended by itself. */
  get ended(): Promise<FixtureResult> {
    return this.#fixture.ended;
  }

  kill(): void {
    this.#fixture.child.kill('SIGKILL');
  }

  #answer(index: number): Promise<unknown> {
    return this.#until(() => {
      const lines = this.#stdout.split('\n');
      const line = index < lines.length - 1 ? lines[index] : undefined;
      return line === undefined ? undefined : { parsed: (JSON.parse(line) as { result?: unknown }).result };
    }).then(({ parsed }) => parsed);
  }

  /** Until something is there; fails if the process ends before. */
  #until<Found>(find: () => Found | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const { child } = this.#fixture;
      const settled = (): boolean => {
        const found = find();
        if (found !== undefined) resolve(found);
        else if (child.exitCode !== null || child.signalCode !== null) {
          reject(new Error(`the process has ended:\n${this.#stdout}\n${this.#stderr}`));
        } else return false;
        return true;
      };
      if (!settled()) this.#waiting.push({ settled });
    });
  }
}

/** Starts processes for tests, and kills those that a failed test leaves. */
export function registeredProcesses(
  ending: (end: () => void) => void,
): (application: string, options?: FixtureOptions) => RegisteredProcess {
  const started: RegisteredProcess[] = [];
  ending(() => {
    for (const one of started.splice(0)) one.kill();
  });
  return (application, options) => {
    const one = new RegisteredProcess(application, options);
    started.push(one);
    return one;
  };
}
