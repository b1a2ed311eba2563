/**
 * Counters of one cgroup after another, told as if they were those of one: what another cgroup has counted before is not of
 * now, and a counter must not fall.
 */
export class ContinuedCounters<Name extends string> {
  readonly #told = new Map<Name, number>();
  readonly #offsets = new Map<Name, number>();
  /** Those that the present cgroup has told of; `undefined` while it is the first. */
  #continued: Set<Name> | undefined;

  /**
   * @param counts as read now; one that is missing stays as it was
   * @param isAnother whether they are of another cgroup than the time before
   */
  update(
    counts: Readonly<Partial<Record<Name, number>>>,
    isAnother: boolean,
  ): Readonly<Partial<Record<Name, number>>> {
    if (isAnother) this.#continued = new Set();
    for (const [name, count] of Object.entries(counts) as [Name, number][]) {
      // Not only when it changes: a counter may be unreadable just then.
      if (this.#continued?.has(name) === false) {
        this.#continued.add(name);
        this.#offsets.set(name, (this.#told.get(name) ?? 0) - count);
      }
      this.#told.set(name, count + (this.#offsets.get(name) ?? 0));
    }
    return Object.freeze(Object.fromEntries(this.#told) as Partial<Record<Name, number>>);
  }
}
