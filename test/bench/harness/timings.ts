import type { Comparison, Measurement, Unit } from './benchmark.js';
import type { Sample } from './candidate.js';
import { CONTROL_CONFIDENCE, estimate, median } from './statistics.js';

/** Name under which the samples of a candidate in a setting are kept; `part` where a sample has several numbers. */
export function cellName(setting: string, candidate: string, part?: string): string {
  return [setting, candidate, ...(part === undefined ? [] : [part])].join(' | ');
}

/** What to compare, by cell names. */
export interface ComparisonPlan {
  readonly what: string;
  /** `numerator / denominator` is the ratio. */
  readonly numerator: string;
  readonly denominator: string;
  /** Two cells that do the same thing. */
  readonly control: readonly [string, string];
  /** What the ratio is multiplied by, for instance to speak of samples instead of scrapes. Default 1. */
  readonly factor?: number;
  /**
   * For cells of different processes: how often those were started anew. Each time then counts once, by the median of
   * its rounds, as they share whatever made these processes differ.
   */
  readonly generations?: number;
}

/** The samples of all rounds by cell: the i-th of each was taken in round i. */
export class Timings {
  readonly #samples = new Map<string, number[]>();

  record(setting: string, candidate: string, sample: Sample): void {
    if (typeof sample === 'number') this.#push(cellName(setting, candidate), sample);
    else {
      for (const [part, value] of Object.entries(sample))
        this.#push(cellName(setting, candidate, part), value);
    }
  }

  /** @throws RangeError for a cell that was not measured */
  of(cell: string): readonly number[] {
    const values = this.#samples.get(cell);
    if (values === undefined) {
      throw new RangeError(`no cell "${cell}" among ${[...this.#samples.keys()].join('; ')}`);
    }
    return values;
  }

  measurement(what: string, cell: string, unit: Unit = 's', factor = 1): Measurement {
    return { what, unit, estimate: estimate(this.of(cell).map(value => value * factor)) };
  }

  /** What is left of `minuend` without `subtrahend`, round by round. */
  difference(what: string, minuend: string, subtrahend: string, factor = 1): Measurement {
    const less = this.of(subtrahend);
    const values = this.of(minuend).map((value, round) => (value - (less[round] ?? NaN)) * factor);
    return { what, unit: 's', estimate: estimate(values) };
  }

  comparison(plan: ComparisonPlan): Comparison {
    const { what, numerator, denominator, control, factor = 1, generations } = plan;
    const controlEstimate = estimate(this.#ratios(...control, generations), CONTROL_CONFIDENCE);
    const ratios = this.#ratios(numerator, denominator, generations);
    return {
      what,
      ratio: estimate(ratios.map(ratio => ratio * factor)),
      control: controlEstimate,
      controlHolds: controlEstimate.low <= 1 && controlEstimate.high >= 1,
    };
  }

  #ratios(numerator: string, denominator: string, generations?: number): number[] {
    const below = this.of(denominator);
    const ratios = this.of(numerator).map((value, round) => value / (below[round] ?? NaN));
    if (generations === undefined) return ratios;
    const rounds = ratios.length / generations;
    return Array.from({ length: generations }, (_, index) =>
      median(ratios.slice(index * rounds, (index + 1) * rounds)),
    );
  }

  #push(cell: string, value: number): void {
    const values = this.#samples.get(cell);
    if (values === undefined) this.#samples.set(cell, [value]);
    else values.push(value);
  }
}
