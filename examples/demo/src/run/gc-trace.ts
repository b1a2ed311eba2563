/** What V8 itself has said of garbage collections, in the lines of `--trace-gc`. */
export interface GcTraceTotals {
  readonly minor: number;
  readonly major: number;
  /** Of all of them together. */
  readonly pauseSeconds: number;
  /** Bytes that came on the heap from one collection to the next; each line rounds to a tenth of 1,048,576. */
  readonly allocatedBytes: number;
}

/** One line of `--trace-gc`. */
export interface GcTraceLine {
  readonly type: 'minor' | 'major';
  readonly beforeBytes: number;
  readonly afterBytes: number;
  readonly pauseSeconds: number;
}

// `[25005:0x2f8c]  4025 ms: Mark-Compact 14.5 (45.2) -> 4.7 (41.0) MB, pooled: 23 MB, 5.03 / 0.00 ms …`, where the kind
// may have a word before or behind it, and "pooled" exists since V8 12.
const LINE =
  / ms: [A-Za-z ]*?(Scavenge|Minor Mark-Sweep|Mark-Compact)[^\d]* ([\d.]+) \([\d.]+\) -> ([\d.]+) \([\d.]+\) MB,(?: pooled: [\d.]+ MB,)? ([\d.]+) \//;

const MEGABYTE = 1_048_576;

/** More than any look back goes; with `--serve` there is no end. */
const KEPT_MILLIS = 600_000;

/** Reads one line; `undefined` if it is about something else. */
export function parseGcTraceLine(line: string): GcTraceLine | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [, kind, before, after, millis] = match;
  return {
    type: kind === 'Mark-Compact' ? 'major' : 'minor',
    beforeBytes: Number(before) * MEGABYTE,
    afterBytes: Number(after) * MEGABYTE,
    pauseSeconds: Number(millis) / 1_000,
  };
}

/** Adds up what a service with `--trace-gc` prints: of everything that the packages report, V8's own word. */
export class GcTrace {
  #pauses: { readonly atMillis: number; readonly seconds: number }[] = [];
  #tidiedMillis = 0;
  #unfinished = '';
  #heapBytes = 0;
  #totals: GcTraceTotals = { minor: 0, major: 0, pauseSeconds: 0, allocatedBytes: 0 };

  get totals(): GcTraceTotals {
    return this.#totals;
  }

  /** The pauses that were told of since then, in the order of time. */
  pausesSince(millis: number): number[] {
    return this.#pauses.filter(({ atMillis }) => atMillis >= millis).map(({ seconds }) => seconds);
  }

  /** Takes the next piece of the output, wherever it was cut. */
  take(text: string): void {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = lines.pop() ?? '';
    for (const line of lines) {
      const collection = parseGcTraceLine(line);
      if (collection !== undefined) this.#add(collection);
    }
  }

  #add({ type, beforeBytes, afterBytes, pauseSeconds }: GcTraceLine): void {
    const { minor, major, pauseSeconds: pausedSeconds, allocatedBytes } = this.#totals;
    this.#totals = {
      minor: minor + (type === 'minor' ? 1 : 0),
      major: major + (type === 'major' ? 1 : 0),
      pauseSeconds: pausedSeconds + pauseSeconds,
      allocatedBytes: allocatedBytes + beforeBytes - this.#heapBytes,
    };
    this.#heapBytes = afterBytes;
    const nowMillis = performance.now();
    this.#pauses.push({ atMillis: nowMillis, seconds: pauseSeconds });
    if (nowMillis < this.#tidiedMillis + KEPT_MILLIS) return;
    this.#tidiedMillis = nowMillis;
    this.#pauses = this.#pauses.filter(({ atMillis }) => atMillis >= nowMillis - KEPT_MILLIS);
  }
}
