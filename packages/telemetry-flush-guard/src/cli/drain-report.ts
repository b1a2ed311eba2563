import { join, sep } from 'node:path';
import type { FileSystem } from '../spool/file-system.js';
import type { ProcessView } from '../spool/owner.js';
import { isGone } from '../spool/spool-root.js';
import type { DropReason } from '../spool/outcome.js';
import type { Drain, DrainEnd } from './drain.js';
import { laneSummaries } from './lane-summary.js';
import type { LaneSummary } from './lane-summary.js';
import { spoolTree } from './spool-tree.js';
import type { ProcessTree, SpoolTree, Unreadable } from './spool-tree.js';

/** What became of the items of one exporter. */
export interface DrainedLane {
  readonly lane: string;
  /** URL, without what may be a credential, or path; null: it was left alone. */
  readonly to: string | null;
  readonly found: number;
  readonly delivered: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** To be delivered by whoever takes it over next. */
  readonly left: number;
  /** Why something was left or dropped, in words; null if nothing was, or nobody knows. */
  readonly why: string | null;
}

/** What `drain --json` prints. Fields may be added; those that are there keep their meaning as long as `schema` does. */
export interface DrainReport {
  readonly schema: 'telemetry-flush-guard/drain@1';
  readonly dir: string;
  /** When it ended (RFC 3339), and how long it took. */
  readonly at: string;
  readonly seconds: number;
  /** `finished`: all that could be delivered is; `broken`: nothing more can be; `timeout`; `interrupted`. */
  readonly end: DrainEnd;
  readonly lanes: readonly DrainedLane[];
  /** Folders of dead processes that were taken over. */
  readonly takenOver: number;
  /** Folders of processes that live, left alone. */
  readonly living: readonly { readonly path: string; readonly why: string }[];
  /** Paths of what a later version has written, left alone. */
  readonly newer: readonly string[];
  /** Paths of what is none of the spool's, left alone. */
  readonly foreign: readonly string[];
  /** What could not be taken over or read. */
  readonly unreadable: readonly Unreadable[];
}

/** Whether something of the dead is still there, or lost. What the living have is theirs. */
export function isAllDelivered({ lanes, newer, unreadable }: DrainReport): boolean {
  const isDone = lanes.every(
    ({ left, dropped }) => left === 0 && Object.values(dropped).every(count => count === 0),
  );
  return isDone && newer.length === 0 && unreadable.length === 0;
}

/**
 * Looks at what a drain has left behind.
 *
 * @param drain has ended; undefined: there was nothing to drain
 * @throws what the file system throws if the folder itself cannot be read
 */
export function drainReport(
  { files, dir, view }: { readonly files: FileSystem; readonly dir: string; readonly view: ProcessView },
  drain: Drain | undefined,
  end: DrainEnd,
  [startMillis, nowMillis]: readonly [start: number, now: number],
): DrainReport {
  const tree = spoolTree(files, dir, view, nowMillis);
  const own = tree.processes.find(({ path }) => path === drain?.folder);
  const others = tree.processes.filter(process => process !== own);
  const living = others.filter(({ isAlive }) => isAlive);
  const dead = others.filter(({ isAlive }) => !isAlive);
  const unreadable = [...tree.unreadable];
  const summariesOf = (process: ProcessTree): LaneSummary[] =>
    withAdopted(process).flatMap(each => laneSummaries(files, each, unreadable));
  const kept = (own?.adopted ?? []).flatMap(summariesOf);
  // What went wrong at first may have gone well later.
  const problems = (drain?.problems ?? []).filter(({ path }) => isThere(files, path));
  const newerDead = dead.filter(each => summariesOf(each).some(({ newer }) => newer.length > 0));
  const newer = [
    ...tree.newer,
    ...newerDead.map(({ path }) => path),
    ...kept.flatMap(summary => summary.newer),
  ];
  return {
    schema: 'telemetry-flush-guard/drain@1',
    dir,
    at: new Date(nowMillis).toISOString(),
    seconds: Math.round(nowMillis - startMillis) / 1_000,
    end,
    lanes: drain === undefined ? [] : [...drainedLanes(drain), ...leftLanes(drain, kept)],
    takenOver: drain?.takenOver ?? 0,
    living: living.map(({ path, why }) => ({ path, why })),
    newer,
    foreign: foreignIn(tree),
    unreadable: once([...problems, ...unreadable].filter(({ path }) => !newer.includes(path))),
  };
}

function drainedLanes({ lanes }: Drain): DrainedLane[] {
  return [...lanes].map(([name, lane]) => {
    const { found, delivered, dropped, left } = lane.drained;
    // It may have waited for what another has found out.
    const others = [...lanes.values()].filter(({ gate }) => gate === lane.gate);
    const failure = lane.failure ?? others.find(other => other.failure !== undefined)?.failure;
    const why = (left > 0 ? failure : undefined) ?? lane.refusal ?? null;
    return { lane: name, to: lane.to, found, delivered, dropped, left, why };
  });
}

/** Of lanes that nothing was delivered of, the files tell what there is. */
function leftLanes({ leftAlone }: Drain, kept: readonly LaneSummary[]): DrainedLane[] {
  return [...leftAlone].map(([name, why]) => {
    const left = kept.reduce((sum, { lane, pending }) => (lane === name ? sum + pending : sum), 0);
    return { lane: name, to: null, found: left, delivered: 0, dropped: {}, left, why };
  });
}

function withAdopted(process: ProcessTree): ProcessTree[] {
  return [process, ...process.adopted.flatMap(withAdopted)];
}

function foreignIn({ processes, foreign }: SpoolTree): string[] {
  const inside = processes.flatMap(withAdopted);
  return [...foreign, ...inside.flatMap(({ path, foreign: names }) => names.map(name => join(path, name)))];
}

function isThere(files: FileSystem, path: string): boolean {
  try {
    files.lstatSync(path);
    return true;
  } catch (thrown) {
    return !isGone(thrown);
  }
}

/** Each path once, and no folder of which it is said what inside it is meant. */
function once(problems: readonly Unreadable[]): Unreadable[] {
  const unique = [...new Map(problems.map(problem => [problem.path, problem])).values()];
  return unique.filter(({ path }) => !unique.some(other => other.path.startsWith(`${path}${sep}`)));
}
