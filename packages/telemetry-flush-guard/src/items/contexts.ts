import { decodeNumber, numberJson } from './numbers.js';
import type { EncodedNumber } from './numbers.js';
import type { SpanContextLike } from './otel-types.js';

/** A span context as it is written: trace, span, flags, whether it came from elsewhere, trace state. */
export type EncodedContext = [string, string, EncodedNumber, boolean | null, string | null];

/** {@link EncodedContext} as JSON. */
export function contextJson(context: SpanContextLike): string {
  const { traceId, spanId, traceFlags, isRemote, traceState } = context;
  const state = traceState === undefined ? 'null' : JSON.stringify(traceState.serialize());
  return `[${idJson(traceId)},${idJson(spanId)},${numberJson(traceFlags)},${isRemote ?? null},${state}]`;
}

const HEXADECIMAL = /^[0-9a-f]+$/;

/** An id as JSON. Nearly all are hexadecimal, and need no second look. */
function idJson(id: string): string {
  return HEXADECIMAL.test(id) ? `"${id}"` : JSON.stringify(id);
}

export function decodeContext([
  traceId,
  spanId,
  traceFlags,
  isRemote,
  state,
]: EncodedContext): SpanContextLike {
  return {
    traceId,
    spanId,
    traceFlags: decodeNumber(traceFlags, 0),
    ...(isRemote === null ? {} : { isRemote }),
    ...(state === null ? {} : { traceState: new WrittenTraceState(state) }),
  };
}

/**
 * A trace state as it was written. Not the one of the API, which would read the text and leave out what it does not like: it has
 * been read once, where it came in.
 */
class WrittenTraceState {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get(key: string): string | undefined {
    const entry = this.#text.split(',').find(text => text.trimStart().startsWith(`${key}=`));
    return entry?.slice(entry.indexOf('=') + 1);
  }

  /** Whatever is set on a span that has ended: nobody does. */
  set(): this {
    return this;
  }

  unset(): this {
    return this;
  }

  serialize(): string {
    return this.#text;
  }
}
