import { context, createContextKey } from '@opentelemetry/api';
import type { ExportResultLike, ExporterLike } from './exporter.js';

/** What one attempt has come to. */
export type Attempt = { readonly outcome: 'delivered' } | { readonly outcome: 'retry'; readonly why: string };

/** The key of `@opentelemetry/core`, which is not imported: keys with one description are one key. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

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
      context.with(context.active().setValue(SUPPRESS_TRACING, true), () => {
        // Some call back with nothing at all.
        const returned = exporter.export(items, (result: ExportResultLike | undefined) => {
          settle(
            result?.code === 0
              ? { outcome: 'delivered' }
              : { outcome: 'retry', why: result?.error?.message ?? 'failed' },
          );
        });
        // Some are async functions: a rejection that nobody handles would end the process.
        Promise.resolve(returned).catch((thrown: unknown) => {
          settle({ outcome: 'retry', why: String(thrown) });
        });
      });
    } catch (thrown) {
      settle({ outcome: 'retry', why: String(thrown) });
    }
  });
}
