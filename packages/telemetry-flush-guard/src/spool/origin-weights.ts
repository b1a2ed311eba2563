import type { Origin } from '../items/item-codec.js';
import { encodeResource, encodeScope } from '../items/origins.js';
import { mostBytesOf } from './at-once.js';

/** What resources and scopes take on disk. The text of each is looked at once. */
export class OriginWeights {
  readonly #bytes = new WeakMap<object, number>();
  // Of the latest one, which most of the time is the next one too.
  #resource: object | undefined;
  #scope: object | undefined;
  #both = 0;

  /**
   * Bytes of both at most, as they are written twice into a segment that does not have them.
   *
   * @throws what encoding throws: an item with such an origin cannot be written
   */
  of({ resource, scope }: Origin): number {
    if (resource === this.#resource && scope === this.#scope) return this.#both;
    const both = this.#of(resource, encodeResource) + this.#of(scope, encodeScope);
    this.#resource = resource;
    this.#scope = scope;
    this.#both = both;
    return both;
  }

  #of<Part extends object>(part: Part, encode: (part: Part) => string): number {
    const known = this.#bytes.get(part);
    if (known !== undefined) return known;
    // A resource that is not settled complains of being read, and who is told of it may emit something that has the same.
    this.#bytes.set(part, 0);
    try {
      const bytes = 2 * mostBytesOf(encode(part));
      this.#bytes.set(part, bytes);
      return bytes;
    } catch (thrown) {
      this.#bytes.delete(part);
      throw thrown;
    }
  }
}
