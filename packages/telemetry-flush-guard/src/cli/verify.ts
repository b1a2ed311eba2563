import { ackPath, segmentPath } from '../spool/file-names.js';
import type { FileSystem } from '../spool/file-system.js';
import type { ProcessView } from '../spool/owner.js';
import { readWhole } from '../spool/segment-reader.js';
import { ackDamage, segmentDamage } from './file-damage.js';
import type { Damage } from './file-damage.js';
import { attempt, readAcks } from './lane-summary.js';
import { spoolTree } from './spool-tree.js';
import type { ProcessTree, Unreadable } from './spool-tree.js';

/** A place in a file of the spool. */
export interface FoundDamage extends Damage {
  readonly path: string;
  /** How many of its items were still to be delivered. */
  readonly pendingItems: number;
}

/** What `verify --json` prints. Fields may be added; those that are there keep their meaning as long as `schema` does. */
export interface Verification {
  readonly schema: 'telemetry-flush-guard/verify@1';
  readonly dir: string;
  /** No damage, and all could be read. */
  readonly ok: boolean;
  /** What was read. */
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  readonly items: number;
  readonly damage: readonly FoundDamage[];
  /** Records that were never finished, as a death leaves them: no damage. */
  readonly torn: readonly FoundDamage[];
  /** Paths of what a later version has written, which is not looked into. */
  readonly newer: readonly string[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Reads every record of a spool. Reads only.
 *
 * @throws what the file system throws if the folder itself cannot be read
 */
export function verify(files: FileSystem, dir: string, view: ProcessView, nowMillis: number): Verification {
  const tree = spoolTree(files, dir, view, nowMillis);
  const newer = [...tree.newer];
  const unreadable = [...tree.unreadable];
  const found: FoundDamage[] = [];
  const read = { files: 0, bytes: 0, records: 0, items: 0 };
  for (const { path: folder, lane, number, kind } of tree.processes.flatMap(filesOf)) {
    const acks = ackPath(folder, lane, number);
    const path = kind === 'seg' ? segmentPath(folder, lane, number) : acks;
    attempt(path, unreadable, () => {
      const bytes = readWhole(files, path);
      const result = kind === 'seg' ? segmentDamage(bytes) : ackDamage(bytes);
      if (result === undefined) {
        newer.push(path);
        return;
      }
      read.files += 1;
      read.bytes += bytes.length;
      read.records += result.records;
      read.items += result.items;
      if (result.damage.length === 0) return;
      const { outcomes } = readAcks(files, acks);
      for (const damage of result.damage) {
        const pendingItems = damage.items.filter(item => !outcomes.has(item)).length;
        found.push({ path, ...damage, pendingItems });
      }
    });
  }
  const damage = found.filter(({ kind }) => kind === 'damaged');
  return {
    schema: 'telemetry-flush-guard/verify@1',
    dir,
    ok: damage.length === 0 && unreadable.length === 0,
    ...read,
    damage,
    torn: found.filter(({ kind }) => kind === 'torn'),
    newer,
    unreadable,
  };
}

function filesOf({ path, files, adopted }: ProcessTree): (ProcessTree['files'][number] & { path: string })[] {
  return [...files.map(file => ({ ...file, path })), ...adopted.flatMap(filesOf)];
}
