/** What the requests have done, by the service's own count: not from its metrics, so that these can be checked against it. */
export interface Tally {
  /** Descriptors left open. */
  readonly descriptors: number;
  /** Bytes of objects kept on the V8 heap. */
  readonly heapBytes: number;
  /** Bytes of Buffers kept outside of it. */
  readonly bufferBytes: number;
  /** Bytes of objects made on the heap and forgotten with the answer. */
  readonly garbageBytes: number;
}

/** Nothing yet. */
export const EMPTY_TALLY: Tally = { descriptors: 0, heapBytes: 0, bufferBytes: 0, garbageBytes: 0 };

/** One tally and what comes on top of it. */
export function sumOf(tally: Tally, more: Partial<Tally>): Tally {
  return {
    descriptors: tally.descriptors + (more.descriptors ?? 0),
    heapBytes: tally.heapBytes + (more.heapBytes ?? 0),
    bufferBytes: tally.bufferBytes + (more.bufferBytes ?? 0),
    garbageBytes: tally.garbageBytes + (more.garbageBytes ?? 0),
  };
}
