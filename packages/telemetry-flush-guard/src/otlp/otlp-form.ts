import type { Origin } from '../items/item-codec.js';
import { ItemFormat } from '../items/item-form.js';
import type { ItemForm, OtherFormats } from '../items/item-form.js';
import type { OtlpEncoding } from './otlp-encoding.js';

/** An item as it is in a request, and where it comes from. */
export interface EncodedItem {
  readonly origin: Origin;
  readonly bytes: Uint8Array;
}

const FORMATS = { json: ItemFormat.otlpJson, protobuf: ItemFormat.otlpProtobuf } as const;

/**
 * Items are encoded once, when they come: what is written is what waits and is sent.
 *
 * @param decode reads what lanes of other forms have written
 */
export function otlpForm<Item>(
  encoding: OtlpEncoding<Item>,
  originOf: (item: Item) => Origin,
  decode: OtherFormats<Item>,
): ItemForm<Item, EncodedItem> {
  const ownFormat = FORMATS[encoding.format];
  return {
    signal: encoding.signal,
    format: ownFormat,
    isEncodedAtOnce: true,
    originOf,
    encode: item => encoding.encodeItem(item),
    keep: (item, payload, origin) => ({ origin, bytes: copyOf(payload ?? encoding.encodeItem(item)) }),
    originOfKept: ({ origin }) => origin,
    payloadOf: ({ bytes }) => bytes,
    decode: (payload, format, origin) =>
      format === ownFormat
        ? { origin, bytes: copyOf(payload) }
        : { origin, bytes: copyOf(encoding.encodeItem(decode(payload, format, origin))) },
  };
}

/** What an encoder answers with is valid until its next item, and what is read from disk until more is. */
function copyOf(payload: string | Uint8Array): Uint8Array {
  return Buffer.from(payload as Uint8Array);
}
