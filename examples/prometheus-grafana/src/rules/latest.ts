import type { Pace } from './pace.js';

/** How long a value holds when scrapes fail. */
export const HOLDS_MINUTES = 3;

/**
 * The latest value of each series, be it some minutes old. Without it, one scrape that fails ends every series of the
 * target, and each alert of it, waiting or firing, begins anew: a process in trouble is the one whose scrapes fail.
 *
 * @param agoMinutes of a moment in the past
 */
export function latest(selector: string, pace: Pace, agoMinutes = 0): string {
  const offset = agoMinutes === 0 ? '' : ` offset ${pace.minutes(agoMinutes)}`;
  return `last_over_time(${selector}[${pace.minutes(HOLDS_MINUTES)}]${offset})`;
}
