import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { PreparedSetting, RemoteSetting } from './benchmark.js';
import type { Candidate, Sample } from './candidate.js';
import { withFreshNursery } from './interleave.js';

/** From the process of a setting: first what it has, then a sample for each request. */
interface Ready {
  readonly candidates: readonly string[];
  readonly facts: PreparedSetting['facts'];
}

/** Starts a script that calls {@link serveSetting}. */
export async function startRemoteSetting(
  name: string,
  entry: string,
  args: readonly string[],
): Promise<RemoteSetting> {
  const child = fork(entry, args, { execArgv: ['--expose-gc'] });
  const { candidates, facts } = (await nextMessage(child)) as Ready;
  return {
    name,
    facts,
    candidates: candidates.map(candidate => ({
      name: candidate,
      measure: async () => {
        const sample = nextMessage(child);
        child.send(candidate);
        return (await sample) as Sample;
      },
    })),
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** The other side: measures what it is asked to. */
export function serveSetting({ candidates, facts }: PreparedSetting): void {
  const byName = new Map<string, Candidate>(
    candidates.map(candidate => [candidate.name, withFreshNursery(candidate)]),
  );
  const answer = async (name: string): Promise<void> => {
    process.send?.(await byName.get(name)?.measure());
  };
  process.on('message', (name: string) => {
    answer(name).catch((thrown: unknown) => {
      process.stderr.write(`${String(thrown)}\n`);
      process.exit(1);
    });
  });
  process.send?.({ candidates: [...byName.keys()], facts } satisfies Ready);
}

/** The next message of a child. Rejects if it ends first. */
export function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stopListening = (): void => {
      child.off('message', onMessage).off('exit', onExit).off('error', reject);
    };
    const onMessage = (message: unknown): void => {
      stopListening();
      resolve(message);
    };
    const onExit = (code: number | null, signal: string | null): void => {
      stopListening();
      reject(new Error(`the process ended with ${signal ?? code ?? 'nothing'}`));
    };
    child.on('message', onMessage).on('exit', onExit).on('error', reject);
  });
}
