import type { Drain } from './drain.js';
import { bytesText, countText, durationText, numberText } from './words.js';

/** A line that is rewritten on a terminal, or one now and then elsewhere. */
const ON_TERMINAL_MILLIS = 200;
const ELSEWHERE_MILLIS = 10_000;

const CLEAR_LINE = '\r\u001b[2K';

export interface ProgressPlace {
  /** How wide the terminal is now; undefined: it is none. */
  readonly columns: (() => number) | undefined;
  readonly write: (text: string) => void;
}

/** Says how far a drain has come, for as long as it takes. */
export class DrainProgress {
  readonly #place: ProgressPlace;
  readonly #timer: NodeJS.Timeout;
  readonly #line: () => string;

  /**
   * @param line how far it has come
   * @param everyMillis between two lines
   */
  constructor(
    place: ProgressPlace,
    line: () => string,
    everyMillis = place.columns === undefined ? ELSEWHERE_MILLIS : ON_TERMINAL_MILLIS,
  ) {
    this.#place = place;
    this.#line = line;
    this.#timer = setInterval(() => {
      this.#show();
    }, everyMillis).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#place.columns !== undefined) this.#place.write(CLEAR_LINE);
  }

  #show(): void {
    const { columns, write } = this.#place;
    const line = this.#line();
    if (columns === undefined) write(`${line}\n`);
    // In its last column, many terminals go on to the next line.
    else write(`${CLEAR_LINE}${line.slice(0, Math.max(0, columns() - 1))}`);
  }
}

/** `1,024 of 10,240 items · 512/s · 9.1 MiB left · spans: HTTP 503, again in 12 s` */
export function progressLine(
  { lanes, trouble }: Pick<Drain, 'lanes' | 'trouble'>,
  elapsedMillis: number,
): string {
  const all = [...lanes.values()];
  const found = all.reduce((sum, { drained }) => sum + drained.found, 0);
  const delivered = all.reduce((sum, { drained }) => sum + drained.delivered, 0);
  const bytes = all.reduce((sum, { leftBytes }) => sum + leftBytes, 0);
  const perSecond = elapsedMillis > 0 ? Math.round(delivered / (elapsedMillis / 1_000)) : 0;
  const failing = all.flatMap(({ name, drained, failure, waitMillis }) =>
    failure === undefined || drained.left === 0
      ? []
      : [`${name}: ${failure}${waitMillis > 0 ? `, again in ${durationText(waitMillis + 999)}` : ''}`],
  );
  return [
    `${numberText(delivered)} of ${countText(found, 'item')}`,
    `${numberText(perSecond)}/s`,
    `${bytesText(bytes)} left`,
    ...failing,
    ...(trouble === undefined ? [] : [trouble]),
  ].join(' · ');
}
