import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';

const PROGRAM = join(repositoryRoot, 'packages', 'telemetry-flush-guard', 'dist', 'src', 'cli', 'main.js');

interface Inspection {
  readonly processes: readonly { readonly alive: boolean }[];
  readonly pending: number;
}

/** The folder of a spool, seen from outside: by the guard's own program, in a process of its own. */
export class SpoolFolder {
  readonly #scratch = mkdtempSync(join(tmpdir(), 'register-spool-'));
  /** Not there until somebody makes it. */
  readonly dir = join(this.#scratch, 'spool');

  /** What waits to be delivered, and the processes whose folders are there. */
  async inspect(): Promise<Inspection> {
    const { code, stdout } = await runFixture(PROGRAM, { args: ['inspect', '--json', this.dir] });
    // Nobody has made it yet.
    if (code !== 0) return { processes: [], pending: 0 };
    return JSON.parse(stdout) as Inspection;
  }

  /** Until there is more than that; gives how much. */
  async pendingAbove(least: number): Promise<number> {
    for (;;) {
      const { pending } = await this.inspect();
      if (pending > least) return pending;
      await sleep(50);
    }
  }

  /** Until nothing of the dead is left, nor anything to deliver. */
  async delivered(): Promise<void> {
    for (;;) {
      const { processes, pending } = await this.inspect();
      if (pending === 0 && processes.every(({ alive }) => alive)) return;
      await sleep(50);
    }
  }

  remove(): void {
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}
