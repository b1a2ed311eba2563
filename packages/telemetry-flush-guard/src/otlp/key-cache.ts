/** Keys of attributes that are kept: far more than conventions name. */
const MOST_KEYS = 1_000;

/** A key that is longer is written anew each time: all that are kept take no more than two megabytes, and mostly some hundred kilobytes. */
const LONGEST_KEY = 128;

/** What is written for a key of an attribute, made once: keys are few, and every item has the same. */
export class KeyCache<Written> {
  readonly #made = new Map<string, Written>();
  readonly #make: (key: string) => Written;

  constructor(make: (key: string) => Written) {
    this.#make = make;
  }

  get(key: string): Written {
    return this.#made.get(key) ?? this.#add(key);
  }

  #add(key: string): Written {
    const written = this.#make(key);
    if (key.length > LONGEST_KEY) return written;
    // Somebody makes up keys as they go. Those that are really shared are soon back.
    if (this.#made.size >= MOST_KEYS) this.#made.clear();
    this.#made.set(key, written);
    return written;
  }
}
