import type { Attempt, Deliverer } from '../delivery/attempt.js';
import type { OtlpEncoding } from './otlp-encoding.js';
import type { OtlpRoute } from './exporter-route.js';
import type { EncodedItem } from './otlp-form.js';

/** What is encoded is put together to a request, and takes the exporter's own way. */
export class OtlpDeliverer<Item> implements Deliverer<EncodedItem> {
  readonly #encoding: OtlpEncoding<Item>;
  readonly #route: Pick<OtlpRoute, 'send'>;
  readonly #exporter: { shutdown(): Promise<void> };

  constructor(
    encoding: OtlpEncoding<Item>,
    route: Pick<OtlpRoute, 'send'>,
    exporter: { shutdown(): Promise<void> },
  ) {
    this.#encoding = encoding;
    this.#route = route;
    this.#exporter = exporter;
  }

  async send(items: readonly EncodedItem[], timeoutMillis: number): Promise<Attempt> {
    let body: Uint8Array;
    try {
      body = this.#encoding.encodeRequest(items);
    } catch (thrown) {
      // A resource that cannot be written as OTLP has it, say: halving finds whose it is.
      return { outcome: 'refused', why: String(thrown) };
    }
    return this.#route.send(body, timeoutMillis);
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }
}
