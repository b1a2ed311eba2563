/** A longer wait is not kept: a day. An endpoint that asks for more has a wrong clock or a wrong unit. */
export const LONGEST_WAIT_MILLIS = 86_400_000;

const SECONDS = /^\d+$/;
/** The date of today's servers, `Sun, 06 Nov 1994 08:49:37 GMT`, and the one before it, `Sunday, 06-Nov-94 08:49:37 GMT`. */
const DATE_IN_GMT = /^[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/;
/** The date of C's `asctime`, `Sun Nov  6 08:49:37 1994`: in GMT too, but without saying so. */
const DATE_OF_ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/**
 * How long a `Retry-After` asks to wait, in milliseconds, 0 to a day; undefined if it says nothing that can be understood. All three
 * formats of dates are to be read (https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7), and nothing else: `Date.parse` alone takes
 * `-5` for a day in 2001.
 *
 * @param nowMillis since 1970, as `Date.now()`
 */
export function retryAfterMillis(text: string | undefined, nowMillis: number): number | undefined {
  const value = text?.trim() ?? '';
  if (SECONDS.test(value)) return waitMillis(Number(value) * 1_000);
  if (DATE_IN_GMT.test(value)) return waitMillis(Date.parse(value) - nowMillis);
  if (DATE_OF_ASCTIME.test(value)) return waitMillis(Date.parse(`${value} GMT`) - nowMillis);
  return undefined;
}

/** A wait as it is kept: not below 0 (what was to be waited for is over), not above a day; undefined if it is no number. */
export function waitMillis(asked: number): number | undefined {
  return Number.isNaN(asked) ? undefined : Math.min(LONGEST_WAIT_MILLIS, Math.max(0, asked));
}
