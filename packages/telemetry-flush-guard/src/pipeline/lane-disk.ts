import type { Origin } from '../items/item-codec.js';
import type { Payload } from '../items/item-form.js';
import type { Place } from '../spool/lane-spool.js';
import type { Outcome } from '../spool/outcome.js';
import type { Segment } from '../spool/segment.js';
import type { WritableItem } from '../spool/segment-writer.js';

/** What the pipeline asks of the disk. Nothing here throws: whether there is a disk just now is not its business. */
export interface LaneDisk {
  /** @throws if an item of that resource and scope cannot be written at all */
  check(origin: Origin): void;
  /** Writes an item; undefined if it could not be written. */
  append(payload: Payload, origin: Origin): Place | undefined;
  /** Writes items with few calls, and tells of each that is written where it is before it does anything else. */
  appendAll<One extends WritableItem>(
    items: IterableIterator<One>,
    onWritten: (item: One, place: Place) => void,
  ): void;
  /** Own items are done with. */
  settle(segment: Segment, first: number, count: number, outcome: Outcome): void;
  /** Resources have come to know attributes that were not written with them. */
  refreshResources(): void;
  /** The accounts have changed in a way that no segment tells of. */
  counted(): void;
  /** A call about what others have left has failed. */
  failed(thrown: unknown): void;
}
