import type { ItemForm } from '../items/item-form.js';
import type { Origins } from '../items/origins.js';
import { errorCode } from '../spool/file-system.js';
import type { Place } from '../spool/lane-spool.js';
import type { SpooledItem } from '../spool/segment-reader.js';
import type { WaitingSegment } from './backlog.js';
import { bytesInMemory } from './item-size.js';
import type { LaneBooks } from './lane-books.js';

/** What waits on disk comes back into memory, a segment at a time. */
export class ReadBack<Item, Kept> {
  readonly #books: LaneBooks<Kept>;
  readonly #form: ItemForm<Item, Kept>;
  readonly #origins: Origins;
  /** Items have lost their place on disk. */
  readonly #onUprooted: () => void;

  constructor(books: LaneBooks<Kept>, form: ItemForm<Item, Kept>, origins: Origins, onUprooted: () => void) {
    this.#books = books;
    this.#form = form;
    this.#origins = origins;
    this.#onUprooted = onUprooted;
  }

  /** Sees to it that something is in memory, if there is anything. Returns false if it cannot be read now. */
  fill(): boolean {
    const { queue, backlog } = this.#books;
    while (queue.length === 0) {
      const waiting = backlog.take();
      if (waiting === undefined) break;
      if (!this.#read(waiting)) return false;
    }
    return true;
  }

  #read({ segment, isWanted, putBack }: WaitingSegment): boolean {
    const books = this.#books;
    const before = segment.pending;
    let items: SpooledItem[];
    try {
      items = segment.readPending(isWanted);
    } catch (thrown) {
      putBack();
      if (errorCode(thrown) !== 'ENOENT') return false;
      if (books.lost(segment)) this.#onUprooted();
      return true;
    }
    // All of it before anybody is told of anything: who is told may have another segment read, into the same buffer.
    const damaged = before - segment.pending;
    const unreadable: Place[] = [];
    for (const { number, format, payload, resource, scope } of items) {
      const place = { number, segment };
      const bytes = bytesInMemory(payload.length, this.#form.isEncodedAtOnce);
      if (books.queue.length > 0 && !books.queue.hasRoomFor(bytes)) {
        books.backlog.leave(place);
        continue;
      }
      try {
        const origin = { resource: this.#origins.resource(resource), scope: this.#origins.scope(scope) };
        const item = this.#form.decode(payload, format, origin);
        books.queue.pushRestored({ item, bytes, payload: undefined, place });
      } catch {
        unreadable.push(place);
      }
    }
    books.drop(damaged + unreadable.length, 'corrupt', books.whereabouts(segment));
    for (const place of unreadable) books.settlePlace(place, 'corrupt');
    books.tidy(segment);
    return true;
  }
}
