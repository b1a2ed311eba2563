import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Interruption } from '../interruption.js';
import { tenths, whole } from '../number-format.js';
import { readAccepted } from './accepted.js';
import { ClosedLoopLoad } from './closed-loop-load.js';
import { IngestServer } from './ingest-server.js';
import type { KillStory } from './kill-stories.js';
import { KillableProcess } from './killable-process.js';
import type { KillSettings } from './messages.js';
import { failuresOf, inWords, reconcile } from './reconcile.js';
import type { Fate } from './reconcile.js';

/** How long the service is under load before it is killed. */
const LOAD_MILLIS = 1_500;

/** How long what was left may take to arrive, after a start of half a second; it takes a second unless the machine is busy. */
const DELIVERY_MILLIS = 5_000;

const LOOK_MILLIS = 25;

/** What was seen of a killed service. */
export interface KillReport {
  readonly story: KillStory;
  readonly sentence: string;
  /** What is not as it must be; nothing, if all is well. */
  readonly failures: readonly string[];
}

interface Surroundings {
  readonly interruption: Interruption;
  readonly print: (line: string) => void;
}

/**
 * Kills a service under load, starts it again, and looks what of that which it had accepted has arrived.
 *
 * @throws Error if it could not be done to its end; of that, whatever an interruption has caused
 */
export async function performKill(
  story: KillStory,
  { interruption, print }: Surroundings,
): Promise<KillReport> {
  const { signal } = interruption;
  const folder = mkdtempSync(join(tmpdir(), 'demo-killed-'));
  const accepted = join(folder, 'accepted');
  const ingest = new IngestServer();
  const lives: KillableProcess[] = [];
  let load: ClosedLoopLoad | undefined;
  const live = (settings: KillSettings): KillableProcess => {
    signal.throwIfAborted();
    const life = new KillableProcess(settings);
    lives.push(life);
    return life;
  };
  try {
    const endpoint = await ingest.start();
    const settings = { isGuarded: story.isGuarded, endpoint, spool: join(folder, 'spool') };
    const first = live({ ...settings, accepted });
    const { url } = await first.serving();
    for (const line of [
      `${story.name}: ${story.title}.`,
      `service ${url} (pid ${first.pid})`,
      `OTLP    ${endpoint}/ (this process)`,
      '',
    ])
      print(line);
    load = new ClosedLoopLoad(url);
    await sleep(LOAD_MILLIS, undefined, { signal });
    await first.kill();
    load.end();
    const before = readAccepted(accepted);
    const fates = (): readonly Fate[] => reconcile(before, ingest, load?.sent ?? 0);
    print(
      `Killed after ${tenths(LOAD_MILLIS / 1_000)} s of load: of ${whole(before.spans.length)} spans ${whole(fates()[0]?.lost ?? 0)} had not arrived.`,
    );

    const second = live({ ...settings, accepted: undefined });
    print(`Started again (pid ${second.pid}).`);
    const untilMillis = performance.now() + DELIVERY_MILLIS;
    while (failuresOf(fates()).length > 0 && performance.now() < untilMillis)
      await sleep(LOOK_MILLIS, undefined, { signal });
    await second.stop();
    return { story, sentence: `${story.name}: ${inWords(fates())}.`, failures: failuresOf(fates()) };
  } finally {
    load?.end();
    await Promise.all(lives.map(life => life.kill()));
    ingest.stop();
    for (const { errorOutput } of lives) process.stderr.write(errorOutput);
    rmSync(folder, { recursive: true, force: true });
  }
}
