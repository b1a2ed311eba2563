import { context, createContextKey } from '@opentelemetry/api';
import type { Attempt } from './attempt.js';
import type { ExportResultLike, ExporterLike } from './exporter.js';

/** The key of `@opentelemetry/core`, which is not imported: keys with one description are one key. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Does something that is not to be traced: sending spans would make spans. */
export function untraced<Result>(act: () => Result): Result {
  return context.with(context.active().setValue(SUPPRESS_TRACING, true), act);
}

/**
 * Hands a batch to an exporter, once. Never rejects, whatever the exporter does: it may throw, reject, call back twice (the first time counts: the
 * exporter of Azure always calls back again with a success), or not at all.
 */
export function send<Item>(
  exporter: ExporterLike<Item>,
  items: Item[],
  timeoutMillis: number,
): Promise<Attempt> {
  return new Promise(resolve => {
    const timer = setTimeout(() => {
      resolve({ outcome: 'retry', why: `no answer within ${timeoutMillis} ms` });
    }, timeoutMillis);
    timer.unref();
    const settle = (attempt: Attempt): void => {
      clearTimeout(timer);
      resolve(attempt);
    };
    try {
      untraced(() => {
        // Some call back with nothing at all.
        const returned = exporter.export(items, (result: ExportResultLike | undefined) => {
          settle(result?.code === 0 ? { outcome: 'delivered' } : failureOf(result?.error));
        });
        // Some are async functions: a rejection that nobody handles would end the process.
        Promise.resolve(returned).catch((thrown: unknown) => {
          settle({ outcome: 'retry', why: wordsOf(thrown) });
        });
      });
    } catch (thrown) {
      settle({ outcome: 'retry', why: wordsOf(thrown) });
    }
  });
}

/** Not everything that is thrown can be made a text. */
export function wordsOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something without words was thrown';
  }
}

/** The exporters of OTLP tell the status of the answer, as `code`. All else may be taken later. */
function failureOf(error: Error | undefined): Attempt {
  const why = error?.message ?? 'failed';
  switch ((error as { code?: unknown } | undefined)?.code) {
    case 400:
    case 422:
      return { outcome: 'refused', why };
    case 413:
      return { outcome: 'too_large', why };
    default:
      return { outcome: 'retry', why };
  }
}
