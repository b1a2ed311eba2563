import { parsePrometheusText } from './prometheus-text.js';
import type { Series } from './prometheus-text.js';

/** The numbers of one scrape. */
export class Scrape {
  readonly #series: readonly Series[];

  constructor(text: string) {
    this.#series = parsePrometheusText(text);
  }

  /** The value under a name and, if given, one label; `undefined` if there is no such series. */
  value(name: string, label?: string, labelValue?: string): number | undefined {
    return this.#series.find(
      series => series.name === name && (label === undefined || series.labels.get(label) === labelValue),
    )?.value;
  }

  /**
   * The value that a scrape must have.
   *
   * @throws Error if there is no such series
   */
  demand(name: string, label?: string, labelValue?: string): number {
    const value = this.value(name, label, labelValue);
    if (value === undefined) {
      const of = label === undefined ? '' : `{${label}="${labelValue ?? ''}"}`;
      throw new Error(`the scrape has no ${name}${of}`);
    }
    return value;
  }

  /** All series under a name together; 0 if there are none, as with a counter of which nothing has come yet. */
  sum(name: string): number {
    return this.#series.reduce((sum, series) => (series.name === name ? sum + series.value : sum), 0);
  }

  /** The values under a name by one of its labels; empty if there are none. */
  valuesBy(name: string, label: string): Map<string, number> {
    const values = new Map<string, number>();
    for (const series of this.#series) {
      const key = series.labels.get(label);
      if (series.name === name && key !== undefined) values.set(key, series.value);
    }
    return values;
  }
}
