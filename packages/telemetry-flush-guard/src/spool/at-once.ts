import type { Payload } from '../items/item-form.js';
import { mostBytesOfPayload } from './frame.js';
import type { WritableItem } from './segment-writer.js';

/** What is written with one call, about: where the disk is full, all of it has to be tried anew. */
const TOGETHER_BYTES = 256 * 1024;

/** What an item takes on disk beside its payload, at most. */
const RECORD_BYTES = 64;

/** What an item takes on disk at most. */
export function mostBytesOf(payload: Payload): number {
  return RECORD_BYTES + mostBytesOfPayload(payload);
}

/** Adds items to those that are written with one call, while there are any. Returns what all of these take at most. */
export function fill<One extends WritableItem>(together: One[], items: Iterator<One>): number {
  let bytes = together.reduce((sum, { payload }) => sum + mostBytesOf(payload), 0);
  while (bytes < TOGETHER_BYTES) {
    const next = items.next();
    if (next.done === true) break;
    together.push(next.value);
    bytes += mostBytesOf(next.value.payload);
  }
  return bytes;
}
