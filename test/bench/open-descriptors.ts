import { closeSync, openSync } from 'node:fs';

/** Descriptors that a benchmark holds open: of /dev/null, which cost the kernel nothing but their place in the table. */
export class OpenDescriptors {
  readonly #held: number[] = [];

  get count(): number {
    return this.#held.length;
  }

  /**
   * Opens or closes until `count` are held.
   *
   * @throws Error if the process may not open so many
   */
  hold(count: number): void {
    try {
      while (this.#held.length < count) this.#held.push(openSync('/dev/null', 'r'));
    } catch (cause) {
      throw new Error(`cannot hold ${count} descriptors open: is the limit (ulimit -n) too low?`, { cause });
    }
    for (const descriptor of this.#held.splice(count)) closeSync(descriptor);
  }
}
