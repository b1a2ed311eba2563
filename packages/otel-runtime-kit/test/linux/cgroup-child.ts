import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from 'test-helpers/repository';
import { startFixture } from 'test-helpers/run-fixture';
import type { RunningFixture } from 'test-helpers/run-fixture';
import type { CgroupMemoryOptions, CgroupMemoryReading } from '../../src/linux/cgroup-memory.js';
import type { MemoryCgroup } from '../../src/linux/cgroup-place.js';

const kit = join(repositoryRoot, 'packages/otel-runtime-kit');

/** What the child answers to "read". */
export interface ChildReading {
  readonly cgroup: MemoryCgroup | null;
  readonly container: boolean;
  /** What libuv finds. */
  readonly constrainedBytes: number;
  readonly reading: Omit<CgroupMemoryReading, 'problems'> & {
    readonly problems: readonly { readonly part: string; readonly path: string; readonly code: string }[];
  };
}

/** A Node of its own that has a reader open and does as it is told. */
export class CgroupChild {
  readonly #fixture: RunningFixture;
  readonly #answers: NodeJS.AsyncIterator<string>;

  /** @param shellPrefix run by `sh` before it becomes node: `$$` is the process that node will be */
  constructor({ shellPrefix, ...options }: CgroupMemoryOptions & { readonly shellPrefix?: string } = {}) {
    this.#fixture = startFixture(join(kit, 'test/fixtures/memory-cgroup-child.cjs'), {
      args: [join(kit, 'dist/src/linux'), JSON.stringify(options)],
      ...(shellPrefix === undefined ? {} : { shellPrefix }),
    });
    this.#answers = createInterface({ input: this.#fixture.child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#fixture.child.pid!;
  }

  async ask(command: string, ...args: readonly unknown[]): Promise<unknown> {
    this.#fixture.child.stdin.write(`${JSON.stringify([command, ...args])}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true)
      throw new Error(`the child has ended: ${JSON.stringify(await this.#fixture.ended)}`);
    return JSON.parse(answer.value);
  }

  async read(): Promise<ChildReading> {
    return (await this.ask('read')) as ChildReading;
  }

  /** The same of the reader that follows it. */
  async follow(): Promise<ChildReading | { readonly failed: string }> {
    return (await this.ask('follow')) as ChildReading | { readonly failed: string };
  }

  /** Lets it end by itself. */
  async end(): Promise<void> {
    this.#fixture.child.stdin.end();
    const { code, signal, stderr } = await this.#fixture.ended;
    if (code !== 0 || stderr !== '') throw new Error(`the child ended with ${code} ${signal}: ${stderr}`);
  }
}
