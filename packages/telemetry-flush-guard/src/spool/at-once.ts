import type { WritableItem } from './segment-writer.js';

/** What is written with one call, about: where the disk is full, all of it has to be tried anew. */
const TOGETHER_BYTES = 256 * 1024;

/** What an item takes on disk beside its text, at most. */
const RECORD_BYTES = 64;

/** What an item takes on disk at most. */
export function mostBytesOf(text: string): number {
  // A character of UTF-16 is at most three bytes of UTF-8.
  return RECORD_BYTES + 3 * text.length;
}

/** Adds items to those that are written with one call, while there are any. Returns what all of these take at most. */
export function fill<One extends WritableItem>(together: One[], items: Iterator<One>): number {
  let bytes = together.reduce((sum, { text }) => sum + mostBytesOf(text), 0);
  while (bytes < TOGETHER_BYTES) {
    const next = items.next();
    if (next.done === true) break;
    together.push(next.value);
    bytes += mostBytesOf(next.value.text);
  }
  return bytes;
}
