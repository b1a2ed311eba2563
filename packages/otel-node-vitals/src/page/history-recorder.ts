import type { Cancel, Sampler } from 'otel-runtime-kit/sampling';
import { BoundedHistory } from './bounded-history.js';
import type { PageHistory, Vitals } from './page-data.js';
import { PEAKS, RECENT_POINTS, WHOLE_POINTS, plottedRow } from './plotted-series.js';

interface HistoryRecorderOptions {
  readonly sampler: Sampler;
  readonly intervalMillis: number;
  readonly epochMillis: () => number;
  /** Must not throw; `undefined` if nothing could be read. */
  readonly read: () => Vitals | undefined;
}

/**
 * Keeps the past of the few numbers that are plotted, from the shared sampler, in some 45 KB: whoever opens the page
 * because something is wrong wants to see how it came to that, and not an empty chart.
 */
export class HistoryRecorder {
  readonly #recent = new BoundedHistory(RECENT_POINTS, 'slide', PEAKS);
  readonly #whole = new BoundedHistory(WHOLE_POINTS, 'thin', PEAKS);
  readonly #stop: Cancel;
  #sequence = 0;
  #latestMillis: number | null = null;
  #allocated: { readonly atMillis: number; readonly bytes: number } | undefined;

  constructor({ sampler, intervalMillis, epochMillis, read }: HistoryRecorderOptions) {
    this.#stop = sampler.add({
      intervalMillis,
      run: () => {
        const vitals = read();
        if (vitals !== undefined) this.#add(epochMillis(), vitals);
      },
    });
  }

  /** Samples taken so far. */
  get sequence(): number {
    return this.#sequence;
  }

  /** When the latest sample was taken, in milliseconds since the Unix epoch. */
  get latestMillis(): number | null {
    return this.#latestMillis;
  }

  /** What came after sample number `after`; everything, if that is no longer kept one by one or was never taken. */
  since(after: number): PageHistory {
    const missed = this.#sequence - after;
    if (after > 0 && missed >= 0 && missed <= this.#recent.length) {
      return { recent: this.#recent.rows(missed), whole: null };
    }
    return { recent: this.#recent.rows(), whole: this.#whole.rows() };
  }

  stop(): void {
    this.#stop();
  }

  #add(nowMillis: number, vitals: Vitals): void {
    const row = plottedRow(vitals, this.#allocationRate(vitals));
    this.#recent.push(nowMillis, row);
    this.#whole.push(nowMillis, row);
    this.#sequence += 1;
    this.#latestMillis = nowMillis;
  }

  /** Bytes a second allocated between the latest two summaries. */
  #allocationRate({ gc }: Vitals): number | null {
    const before = this.#allocated;
    const bytes = gc?.heapEffects?.allocatedBytes;
    const atMillis = gc?.takenAtMillis;
    if (bytes === undefined || atMillis == null) {
      this.#allocated = undefined;
      return null;
    }
    this.#allocated = { atMillis, bytes };
    if (before === undefined || atMillis <= before.atMillis || bytes < before.bytes) return null;
    return ((bytes - before.bytes) / (atMillis - before.atMillis)) * 1000;
  }
}
