import { join } from 'node:path';
import { readAccounts } from '../spool/account-file.js';
import { ackPath, segmentPath } from '../spool/file-names.js';
import type { FileSystem } from '../spool/file-system.js';
import { NO_TOTALS, sumOfTotals } from '../spool/lane-totals.js';
import type { LaneTotals } from '../spool/lane-totals.js';
import type { DropReason, Outcome } from '../spool/outcome.js';
import { parseAcks, parseSegment, readWhole } from '../spool/segment-reader.js';
import type { AckContents } from '../spool/segment-reader.js';
import { isGone } from '../spool/spool-root.js';
import type { ProcessTree, Unreadable } from './spool-tree.js';
import { errorText } from './spool-tree.js';

/** One segment as it lies on disk. */
export interface SegmentSummary {
  readonly path: string;
  /** Of the segment and its acks. */
  readonly bytes: number;
  /** Items in it, done with or not, damaged or not. */
  readonly items: number;
  /** To be delivered. */
  readonly pending: number;
  /** Neither done with nor to be read any more. */
  readonly damaged: number;
  /** When it was begun, in milliseconds since 1970; null if its header is damaged. */
  readonly beganMillis: number | null;
}

/** What one process has of one exporter. */
export interface LaneSummary {
  readonly lane: string;
  readonly bytes: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly pending: number;
  readonly damaged: number;
  readonly segments: readonly SegmentSummary[];
  /** Paths of segments of a later version, which are not looked into. */
  readonly newer: readonly string[];
}

interface ReadSegment {
  readonly summary: SegmentSummary;
  readonly totals: LaneTotals;
  /** Of segments before that are gone. */
  readonly gone: LaneTotals;
}

/** Sums up the files of each lane in a process's folder. */
export function laneSummaries(
  files: FileSystem,
  { path, files: laneFiles }: ProcessTree,
  unreadable: Unreadable[],
): LaneSummary[] {
  const lanes = [...new Set(laneFiles.map(({ lane }) => lane))];
  return lanes.map(lane => {
    const read: ReadSegment[] = [];
    const newer: string[] = [];
    for (const { number } of laneFiles.filter(file => file.lane === lane && file.kind === 'seg')) {
      attempt(segmentPath(path, lane, number), unreadable, () => {
        const segment = readSegment(files, path, lane, number);
        if (segment === undefined) newer.push(segmentPath(path, lane, number));
        else read.push(segment);
      });
    }
    let totals = NO_TOTALS;
    attempt(join(path, lane), unreadable, () => {
      totals = readAccounts(files, path, lane);
    });
    for (const segment of read) totals = sumOfTotals(totals, segment.totals);
    // Each record has what the ones before it had.
    const gone = read.reduce(
      (most, each) => (each.gone.accepted > most.accepted ? each.gone : most),
      NO_TOTALS,
    );
    return laneSummary(lane, read, sumOfTotals(totals, gone), newer);
  });
}

function laneSummary(
  lane: string,
  read: readonly ReadSegment[],
  { accepted, done: { delivered = 0, ...dropped } }: LaneTotals,
  newer: readonly string[],
): LaneSummary {
  const segments = read.map(({ summary }) => summary);
  const sum = (value: (segment: SegmentSummary) => number): number =>
    segments.reduce((total, segment) => total + value(segment), 0);
  return {
    lane,
    bytes: sum(({ bytes }) => bytes),
    accepted,
    delivered,
    dropped,
    pending: sum(({ pending }) => pending),
    damaged: sum(({ damaged }) => damaged),
    segments,
    newer,
  };
}

function readSegment(
  files: FileSystem,
  folder: string,
  lane: string,
  number: number,
): ReadSegment | undefined {
  const path = segmentPath(folder, lane, number);
  const bytes = readWhole(files, path);
  const { items, corrupt, span, isNewer } = parseSegment(bytes);
  if (isNewer) return undefined;
  const acks = readAcks(files, ackPath(folder, lane, number));
  const done: Partial<Record<Outcome, number>> = {};
  const numbers = [...items.map(item => item.number), ...corrupt];
  for (const item of numbers) {
    const outcome = acks.outcomes.get(item);
    if (outcome !== undefined) done[outcome] = (done[outcome] ?? 0) + 1;
  }
  const isOpen = (item: number): boolean => !acks.outcomes.has(item);
  return {
    summary: {
      path,
      bytes: bytes.length + acks.bytes,
      items: numbers.length,
      pending: items.filter(item => isOpen(item.number)).length,
      damaged: corrupt.filter(isOpen).length,
      beganMillis: span?.beganMillis ?? null,
    },
    totals: { accepted: numbers.length, done },
    gone: acks.totals ?? NO_TOTALS,
  };
}

/** None are as good as no file. */
export function readAcks(files: FileSystem, path: string): AckContents & { readonly bytes: number } {
  let bytes: Buffer = Buffer.alloc(0);
  try {
    bytes = readWhole(files, path);
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
  return { ...parseAcks(bytes), bytes: bytes.length };
}

/** What has vanished since it was listed is of no interest: it is done with. */
export function attempt(path: string, unreadable: Unreadable[], step: () => void): void {
  try {
    step();
  } catch (thrown) {
    if (!isGone(thrown)) unreadable.push({ path, error: errorText(thrown) });
  }
}
