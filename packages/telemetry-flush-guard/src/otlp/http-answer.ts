import type { Attempt } from '../delivery/attempt.js';
import { shortened, wordsOfError, wordsOfStatus } from './http-words.js';
import { retryAfterMillis } from './retry-after.js';

/** More of the words of an endpoint that has failed is not looked at. */
const LONGEST_TEXT_BYTES = 16_384;

/** What an endpoint of OTLP over HTTP has answered, or why it has not. */
export type RawAnswer =
  | {
      readonly status: number;
      /** The header, as it came. */
      readonly retryAfter: string | undefined;
      /** Empty if there was none, or if it was too long. */
      readonly body: Uint8Array;
    }
  | {
      /** In words that name the code, `connect ECONNREFUSED 127.0.0.1:4318`. */
      readonly error: string;
    };

/** What the body of a success says was not taken; undefined if it says nothing. A count of 0 is a warning. */
export type RejectedIn = (
  body: Uint8Array,
) => { readonly count: number; readonly message: string } | undefined;

/**
 * What an attempt has come to, by the answer to it.
 *
 * @param nowMillis since 1970, for a `Retry-After` that is a date
 */
export function attemptOfAnswer(
  answer: RawAnswer,
  rejectedIn: RejectedIn,
  nowMillis: number = Date.now(),
): Attempt {
  if ('error' in answer) return { outcome: 'retry', why: answer.error };
  const { status, retryAfter, body } = answer;
  if (status >= 200 && status <= 299) return attemptOfSuccess(body, rejectedIn);
  const text = new TextDecoder().decode(body.subarray(0, LONGEST_TEXT_BYTES));
  return attemptOfStatus(status, text, retryAfterMillis(retryAfter, nowMillis));
}

/** It was taken, or all but a part of it was. */
export function attemptOfSuccess(body: Uint8Array, rejectedIn: RejectedIn): Attempt {
  try {
    const { count = 0, message = '' } = (body.byteLength > 0 ? rejectedIn(body) : undefined) ?? {};
    const why = shortened(message);
    return {
      outcome: 'delivered',
      ...(count > 0 ? { rejected: count } : {}),
      ...(why === '' ? {} : { why }),
    };
  } catch (thrown) {
    // Whatever is in the body, the status says that it was taken.
    return { outcome: 'delivered', why: wordsOfError(thrown) };
  }
}

/**
 * It was not taken, as the status says.
 *
 * Sent again is all that may be taken later, the same or after somebody has mended something: a wrong credential (401, 403), a wrong
 * path (404, 3xx), a bug (500). OTLP says not to send these again (https://opentelemetry.io/docs/specs/otlp/#otlphttp-response), which
 * is to say not at once, for those that have nowhere to keep what they send: here it is kept, and the waits between attempts grow.
 * Given up is only what an endpoint that works has found fault with.
 *
 * @param body its text
 * @param afterMillis what a `Retry-After` asks for; counts with the statuses that OTLP gives it a meaning with
 */
export function attemptOfStatus(status: number, body: string, afterMillis: number | undefined): Attempt {
  const why = wordsOfStatus(status, body);
  switch (status) {
    case 400:
    case 422:
      return { outcome: 'refused', why };
    case 413:
      return { outcome: 'too_large', why };
    case 429:
    case 502:
    case 503:
    case 504:
      return { outcome: 'retry', why, ...(afterMillis === undefined ? {} : { afterMillis }) };
    default:
      return { outcome: 'retry', why };
  }
}
