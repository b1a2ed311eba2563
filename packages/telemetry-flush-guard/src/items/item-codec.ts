import type { ResourceLike, ScopeLike } from './otel-types.js';

/** The signal, as the metrics about it name it. */
export type Signal = 'span' | 'log' | 'metric';

/** Where an item says that it comes from. */
export interface Origin<Resource = ResourceLike, Scope = ScopeLike> {
  readonly resource: Resource;
  readonly scope: Scope;
}

/**
 * How one kind of item is written and read. Resource and scope stand beside it.
 *
 * `decode(encode(item), originOf(item))` is an item that exporters cannot tell from the first one.
 */
export interface ItemCodec<Item> {
  readonly signal: Signal;
  originOf(item: Item): Origin;
  /**
   * The item as a line of JSON, without its origin.
   *
   * @throws if it cannot be written
   */
  encode(item: Item): string;
  /** @throws if the text is none of {@link encode}'s */
  decode(text: string, origin: Origin): Item;
}
