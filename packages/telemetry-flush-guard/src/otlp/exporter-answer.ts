import { types } from 'node:util';
import type { Attempt } from '../delivery/attempt.js';
import { attemptOfStatus, attemptOfSuccess } from './http-answer.js';
import type { RejectedIn } from './http-answer.js';
import { wordsOfError } from './http-words.js';
import { waitMillis } from './retry-after.js';

/** What the transport of an exporter answers with, if it is as it is known. */
interface ExportResponseLike {
  readonly status?: unknown;
  /** The body of a success. */
  readonly data?: unknown;
  readonly error?: unknown;
  /** Of `Retry-After`; -1 for "0", 0 for what it could not read. */
  readonly retryInMillis?: unknown;
}

/** What an attempt has come to, by what the transport of an exporter makes of the answer. The same rules as for the answer itself. */
export function attemptOfResponse(response: unknown, rejectedIn: RejectedIn): Attempt {
  const { status, data, error, retryInMillis } = (response ?? {}) as ExportResponseLike;
  if (status === 'success')
    return attemptOfSuccess(types.isUint8Array(data) ? data : new Uint8Array(), rejectedIn);
  // It has one status for all of these, and for what the network does.
  if (status === 'retryable') {
    const afterMillis = typeof retryInMillis === 'number' ? waitMillis(retryInMillis) : undefined;
    return {
      outcome: 'retry',
      why: error === undefined ? 'HTTP 429, 502, 503 or 504' : wordsOfError(error),
      ...(afterMillis === undefined ? {} : { afterMillis }),
    };
  }
  if (status !== 'failure') return { outcome: 'retry', why: 'an answer of an unknown kind' };
  const { code, data: body } = (error ?? {}) as Partial<Record<'code' | 'data', unknown>>;
  if (typeof code !== 'number') return { outcome: 'retry', why: wordsOfError(error ?? 'failed') };
  // Its message is the reason phrase, which says nothing that the status does not say.
  return attemptOfStatus(code, typeof body === 'string' ? body : '', undefined);
}
