import type { ItemCodec } from '../items/item-codec.js';
import { ItemFormat } from '../items/item-form.js';
import type { OtherFormats } from '../items/item-form.js';
import type { OtlpEncoding } from './otlp-encoding.js';

/** Reads items of one signal in whatever format they were written: the exporter may have been another one then. */
export function decoderOf<Item>(
  codec: ItemCodec<Item>,
  protobuf: OtlpEncoding<Item>,
  json: OtlpEncoding<Item>,
): OtherFormats<Item> {
  return (payload, format, origin) => {
    switch (format) {
      case ItemFormat.item:
        return codec.decode(payload.toString(), origin);
      case ItemFormat.otlpProtobuf:
        return protobuf.decodeItem(payload, origin);
      case ItemFormat.otlpJson:
        return json.decodeItem(payload, origin);
      default:
        throw new RangeError(`an item is written in a format ${format}`);
    }
  };
}
