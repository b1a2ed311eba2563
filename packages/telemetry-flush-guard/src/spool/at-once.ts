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

/** The first of the items: those that are written with one call, and what they take at most. */
export function atOnce<One extends WritableItem>(items: readonly One[]): { together: One[]; bytes: number } {
  const together: One[] = [];
  let bytes = 0;
  for (const item of items) {
    if (bytes >= TOGETHER_BYTES) break;
    together.push(item);
    bytes += mostBytesOf(item.text);
  }
  return { together, bytes };
}
