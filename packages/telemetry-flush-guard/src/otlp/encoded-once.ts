import type { ItemCodec } from '../items/item-codec.js';
import type { ItemForm, OtherFormats } from '../items/item-form.js';
import { otlpRouteOf } from './exporter-route.js';
import { OtlpDeliverer } from './otlp-deliverer.js';
import type { OtlpEncoding } from './otlp-encoding.js';
import { otlpForm } from './otlp-form.js';
import type { EncodedItem } from './otlp-form.js';

/** How items reach an exporter of OTLP without being made objects again. */
export interface EncodedOnce<Item> {
  readonly form: ItemForm<Item, EncodedItem>;
  readonly deliverer: OtlpDeliverer<Item>;
  /** Undefined if it cannot be seen. */
  readonly endpoint: string | undefined;
}

/**
 * The short way through an exporter of OTLP over HTTP. Undefined if it is another kind of exporter, or one that would write something else
 * than we do: its serializer and ours have to agree on samples to the byte.
 *
 * @param samples items that have all there is
 */
export function encodedOnce<Item>(
  exporter: { shutdown(): Promise<void> },
  encodings: Readonly<Record<'protobuf' | 'json', OtlpEncoding<Item>>>,
  codec: ItemCodec<Item>,
  decode: OtherFormats<Item>,
  samples: () => readonly Item[],
): EncodedOnce<Item> | undefined {
  const route = otlpRouteOf(exporter, (body, format) => encodings[format].rejectedIn(body));
  if (route === undefined) return undefined;
  const encoding = encodings[route.format];
  try {
    const items = samples();
    const theirs = route.serialize(items);
    const form = otlpForm(encoding, item => codec.originOf(item), decode);
    const ours = encoding.encodeRequest(items.map(item => form.keep(item, undefined, codec.originOf(item))));
    if (theirs === undefined || Buffer.compare(theirs, ours) !== 0) return undefined;
    return { form, deliverer: new OtlpDeliverer(encoding, route, exporter), endpoint: route.endpoint };
  } catch {
    return undefined;
  }
}
