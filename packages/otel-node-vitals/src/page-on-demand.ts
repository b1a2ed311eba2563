import type * as Page from './page/index.js';

/**
 * {@link Page.vitalsPage}, whose assets (78 kB, 3 ms) are loaded with the first call: most who use the instrumentations
 * need no page.
 *
 * @param readings where the numbers come from
 * @throws TypeError or RangeError for an option that does not exist or cannot be, naming package, option and value
 */
export function vitalsPage(
  readings: Page.VitalsReadings,
  options: Page.VitalsPageOptions = {},
): Page.VitalsPage {
  // Not one of createRequire(), which bundlers do not follow.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./page/index.js') as typeof Page).vitalsPage(readings, options);
}
