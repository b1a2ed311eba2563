import { sink } from './harness/candidate.js';

/** Levels of a round, in an order without a trend: each from 0 to 10 once. */
export const CHURN_LEVELS: readonly number[] = Array.from({ length: 11 }, (_, index) => (index * 4) % 11);

/** Ticks before the first counted one, while everything is compiled. */
export const CHURN_WARM_UP_TICKS = CHURN_LEVELS.length;

const STEP_MILLIS = 5;

/** Half a megabyte of objects, which nobody keeps. */
function litter(): void {
  sink.latest = Array.from({ length: 8_000 }, (_, index) => ({ index, half: index / 2 }));
}

/**
 * Makes garbage until there have been as many collections as the level says, or the time is over.
 *
 * @param collections how many there have been so far, as an observer knows it
 */
export function churn(level: number, millis: number, collections: () => number): void {
  const enough = collections() + level;
  const endMillis = performance.now() + millis;
  const step = (): void => {
    if (collections() >= enough || performance.now() > endMillis) return;
    litter();
    setTimeout(step, STEP_MILLIS);
  };
  step();
}
