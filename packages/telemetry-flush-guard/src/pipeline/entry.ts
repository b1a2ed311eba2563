import type { Payload } from '../items/item-form.js';
import type { Place } from '../spool/lane-spool.js';

/** An item in memory. */
export interface Entry<Item> {
  readonly item: Item;
  /** About what it takes. */
  readonly bytes: number;
  /** What it is on disk, if that is known and not yet written. */
  payload: Payload | undefined;
  /** Where it is on disk; undefined: nowhere. */
  place: Place | undefined;
}
