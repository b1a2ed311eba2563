import { join } from 'node:path';

// `spans.00000001.seg` has records, `spans.00000001.ack` says which of them are done with.

/** A file of a lane. */
export interface LaneFile {
  readonly lane: string;
  readonly number: number;
  readonly kind: 'seg' | 'ack';
}

export function segmentPath(folder: string, lane: string, number: number): string {
  return join(folder, `${lane}.${padded(number)}.seg`);
}

export function ackPath(folder: string, lane: string, number: number): string {
  return join(folder, `${lane}.${padded(number)}.ack`);
}

/** What a file name says; undefined if it is none of ours. */
export function laneFile(name: string): LaneFile | undefined {
  const [, lane, digits, kind] = /^([a-z][a-z0-9-]*)\.(\d{8,15})\.(seg|ack)$/.exec(name) ?? [];
  if (lane === undefined) return undefined;
  return { lane, number: Number(digits), kind: kind as LaneFile['kind'] };
}

/** Whether a folder has a name that a process gives to its own: `4711-0-9f3c00aa12bd`, by its number, its thread and at random. */
export function isProcessFolder(name: string): boolean {
  return /^\d+-\d+-[\da-f]{12}$/.test(name);
}

function padded(number: number): string {
  return String(number).padStart(8, '0');
}
