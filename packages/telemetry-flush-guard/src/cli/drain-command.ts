import type { RetryWaits } from '../delivery/backoff.js';
import type { FileSystem } from '../spool/file-system.js';
import type { ProcessView } from '../spool/owner.js';
import { LAYOUT, SpoolRefusedError } from '../spool/spool-root.js';
import { fileTarget, outputTarget } from './drain-file.js';
import { otlpTarget } from './drain-otlp.js';
import { DrainProgress, progressLine } from './drain-progress.js';
import type { ProgressPlace } from './drain-progress.js';
import { drainReport, isAllDelivered } from './drain-report.js';
import type { DrainRequest } from './drain-request.js';
import { freeReserves } from './drain-room.js';
import type { DrainTarget } from './drain-target.js';
import { drainText } from './drain-text.js';
import { Drain } from './drain.js';
import type { DrainEnd, DrainSettings } from './drain.js';
import { errorText } from './spool-tree.js';
import { paintFor } from './words.js';

/** What a drain is to know of the world. */
export interface DrainWorld {
  readonly files: FileSystem;
  readonly view: ProcessView;
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hasColours: boolean;
  readonly progress: ProgressPlace;
  readonly waits: RetryWaits;
  /** In [0, 1). */
  readonly random: () => number;
  /** Of the batch under way when it is stopped. */
  readonly graceMillis: number;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** To the standard output; resolves when it was taken, rejects if it was not. */
  readonly output: (bytes: Uint8Array) => Promise<void>;
  /** @param listener told of the number of each signal that is to end it. Returns how not to be told any more */
  readonly onSignal: (listener: (signal: number) => void) => () => void;
}

/** As a shell has it for what a signal has ended. */
const SIGNAL_CODES = 128;

/** @returns the exit code */
export async function drainCommand(request: DrainRequest, world: DrainWorld): Promise<number> {
  const { dir } = request;
  const startMillis = Date.now();
  const say = (text: string): void => {
    world.complain(`telemetry-flush-guard: ${text}\n`);
  };
  let target: DrainTarget | undefined;
  try {
    const isThere = isSpool(world.files, dir);
    target = await targetOf(request, world, say);
    if (target === undefined) return 2;
    if (!isThere) return ended(request, world, undefined, 'finished', startMillis);
    const settings = settingsOf(request, world, target);
    let drain = new Drain(settings);
    if (drain.refusal?.code === 'ENOSPC' && freeReserves(world.files, dir, world.view, startMillis)) {
      drain = new Drain(settings);
    }
    if (drain.refusal !== undefined) {
      say(`${dir} cannot be used: ${drain.refusal.message}`);
      return 2;
    }
    let signal: number | undefined;
    const release = world.onSignal(number => {
      signal ??= number;
      drain.stop('interrupted');
    });
    const runningMillis = performance.now();
    const progress = new DrainProgress(world.progress, () =>
      progressLine(drain, performance.now() - runningMillis),
    );
    const end = await drain.run();
    progress.end();
    release();
    const code = ended(request, world, drain, end, startMillis);
    return end === 'interrupted' && signal !== undefined ? SIGNAL_CODES + signal : code;
  } catch (thrown) {
    say(`${dir} cannot be used: ${errorText(thrown)}`);
    return 2;
  } finally {
    await target?.close();
  }
}

function settingsOf(request: DrainRequest, world: DrainWorld, target: DrainTarget): DrainSettings {
  const { dir, timeoutMillis } = request;
  const { files, view, uid, waits, graceMillis, random } = world;
  return { ...waits, files, dir, view, uid, target, timeoutMillis, graceMillis, random };
}

/** Says what has become of it. */
function ended(
  request: DrainRequest,
  world: DrainWorld,
  drain: Drain | undefined,
  end: DrainEnd,
  startMillis: number,
): number {
  const { files, view } = world;
  const report = drainReport({ files, dir: request.dir, view }, drain, end, [startMillis, Date.now()]);
  const isOutputTaken = request.to.kind === 'file' && request.to.path === '-';
  const print = isOutputTaken ? world.complain : world.print;
  print(
    request.isJson
      ? `${JSON.stringify(report, undefined, 2)}\n`
      : drainText(report, paintFor(world.hasColours && !isOutputTaken)),
  );
  return isAllDelivered(report) ? 0 : 1;
}

/**
 * Whether there is anything in a folder that could be drained. Nothing is made in one that is none: its name may be a slip.
 *
 * @throws what the file system throws
 */
function isSpool(files: FileSystem, dir: string): boolean {
  if (files.lstatSync(dir.replace(/(?<=.)\/+$/, '')).isSymbolicLink()) {
    throw new SpoolRefusedError(`${dir} is a symbolic link`);
  }
  return files.readdirSync(dir).includes(LAYOUT);
}

/** Undefined if there is none, which has been said. */
async function targetOf(
  { to, headers }: DrainRequest,
  { env, output }: DrainWorld,
  say: (text: string) => void,
): Promise<DrainTarget | undefined> {
  if (to.kind === 'otlp') {
    const set = otlpTarget(to.url, headers, env);
    if ('problem' in set) {
      say(set.problem);
      return undefined;
    }
    for (const warning of set.warnings) say(warning);
    return set.target;
  }
  if (to.path === '-') return outputTarget(output);
  try {
    return await fileTarget(to.path);
  } catch (thrown) {
    say(`${to.path} cannot be written: ${errorText(thrown)}`);
    return undefined;
  }
}
