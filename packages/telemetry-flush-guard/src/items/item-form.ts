import type { ItemCodec, Origin, Signal } from './item-codec.js';

/** An item as it is written. */
export type Payload = string | Uint8Array;

/** How an item is written. The numbers are on disk and never change. */
export const ItemFormat = {
  /** JSON of our own, which says all that an exporter may ask. */
  item: 0,
  /** A message of OTLP. */
  otlpProtobuf: 1,
  /** An object of OTLP as JSON. */
  otlpJson: 2,
} as const;

export type ItemFormat = (typeof ItemFormat)[keyof typeof ItemFormat];

/** What a lane makes of items: what is written, and what waits in memory and is sent. */
export interface ItemForm<Item, Kept> {
  readonly signal: Signal;
  /** How it writes. */
  readonly format: ItemFormat;
  /** Whether what waits is what is written, so that an item is encoded when it comes in any case. */
  readonly isEncodedAtOnce: boolean;
  /** @throws TypeError if it has none */
  originOf(item: Item): Origin;
  /** A view into something that is used again: valid until the next call. @throws if it cannot be written */
  encode(item: Item): Payload;
  /** @param payload undefined: it was not encoded */
  keep(item: Item, payload: Payload | undefined, origin: Origin): Kept;
  originOfKept(kept: Kept): Origin;
  /** @throws if it cannot be written */
  payloadOf(kept: Kept): Payload;
  /** @throws for what nobody writes */
  decode(payload: Buffer, format: number, origin: Origin): Kept;
  /** What is sent together is of one group. Default: all is. */
  readonly groupOf?: ((kept: Kept) => string) | undefined;
}

/** Reads what other lanes write than one of this form. @throws for what nobody writes */
export type OtherFormats<Item> = (payload: Buffer, format: number, origin: Origin) => Item;

/** Items wait, and are sent, as they came. */
export function itemForm<Item>(
  codec: ItemCodec<Item>,
  decodeOther: OtherFormats<Item> = unknownFormat,
): ItemForm<Item, Item> {
  return {
    signal: codec.signal,
    format: ItemFormat.item,
    isEncodedAtOnce: false,
    originOf: item => codec.originOf(item),
    encode: item => codec.encode(item),
    keep: item => item,
    originOfKept: item => codec.originOf(item),
    payloadOf: item => codec.encode(item),
    decode: (payload, format, origin) =>
      format === ItemFormat.item
        ? codec.decode(payload.toString(), origin)
        : decodeOther(payload, format, origin),
  };
}

function unknownFormat(_payload: Buffer, format: number): never {
  throw new RangeError(`an item is written in a format ${format}`);
}
