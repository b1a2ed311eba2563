import { join } from 'node:path';
import type { FileSystem } from '../spool/file-system.js';
import type { ProcessView } from '../spool/owner.js';
import { laneSummaries } from './lane-summary.js';
import type { LaneSummary } from './lane-summary.js';
import { spoolTree } from './spool-tree.js';
import type { ProcessTree, Unreadable } from './spool-tree.js';

/** One process's folder. */
export interface InspectedProcess {
  readonly path: string;
  readonly alive: boolean;
  /** How that is known. */
  readonly why: string;
  readonly pid: number | null;
  readonly threadId: number | null;
  readonly hostname: string | null;
  /** RFC 3339. */
  readonly lastHeartbeat: string;
  readonly lanes: readonly LaneSummary[];
  /** Folders of dead processes that it has taken over. */
  readonly adopted: readonly InspectedProcess[];
}

/** What `inspect --json` prints. Fields may be added; those that are there keep their meaning as long as `schema` does. */
export interface Inspection {
  readonly schema: 'telemetry-flush-guard/inspect@1';
  readonly dir: string;
  /** RFC 3339. */
  readonly at: string;
  readonly processes: readonly InspectedProcess[];
  /** Over all processes. */
  readonly pending: number;
  readonly bytes: number;
  /** When the oldest segment with something to deliver was begun (RFC 3339); null if there is none. */
  readonly oldest: string | null;
  /** Paths of what a later version has written, which is not looked into. */
  readonly newer: readonly string[];
  /** Paths of what is none of the spool's. */
  readonly foreign: readonly string[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Sums up the folder of a spool. Reads only.
 *
 * @throws what the file system throws if the folder itself cannot be read
 */
export function inspect(files: FileSystem, dir: string, view: ProcessView, nowMillis: number): Inspection {
  const tree = spoolTree(files, dir, view, nowMillis);
  const unreadable = [...tree.unreadable];
  const processes = tree.processes.map(process => inspected(files, process, unreadable));
  const all = processes.flatMap(withAdopted);
  const lanes = all.flatMap(process => process.lanes);
  const waiting = lanes.flatMap(({ segments }) => segments.filter(({ pending }) => pending > 0));
  const begun = waiting.flatMap(({ beganMillis }) => beganMillis ?? []);
  const foreign = tree.processes.flatMap(foreignIn);
  return {
    schema: 'telemetry-flush-guard/inspect@1',
    dir,
    at: time(nowMillis),
    processes,
    pending: lanes.reduce((sum, { pending }) => sum + pending, 0),
    bytes: lanes.reduce((sum, { bytes }) => sum + bytes, 0),
    oldest: begun.length === 0 ? null : time(Math.min(...begun)),
    newer: [...tree.newer, ...lanes.flatMap(({ newer }) => newer)],
    foreign: [...tree.foreign, ...foreign],
    unreadable,
  };
}

function inspected(files: FileSystem, tree: ProcessTree, unreadable: Unreadable[]): InspectedProcess {
  const { path, isAlive, why, owner, beatMillis, adopted } = tree;
  return {
    path,
    alive: isAlive,
    why,
    pid: owner?.pid ?? null,
    threadId: owner?.threadId ?? null,
    hostname: owner?.hostname ?? null,
    lastHeartbeat: time(beatMillis),
    lanes: laneSummaries(files, tree, unreadable),
    adopted: adopted.map(each => inspected(files, each, unreadable)),
  };
}

function withAdopted(process: InspectedProcess): InspectedProcess[] {
  return [process, ...process.adopted.flatMap(withAdopted)];
}

function foreignIn({ path, foreign, adopted }: ProcessTree): string[] {
  return [...foreign.map(name => join(path, name)), ...adopted.flatMap(foreignIn)];
}

function time(millis: number): string {
  return new Date(millis).toISOString();
}
