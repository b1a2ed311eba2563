/** Does something in rounds, one at a time. */
export class Rounds {
  readonly #act: () => Promise<void>;
  #latest: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** @param act never rejects */
  constructor(act: () => Promise<void>) {
    this.#act = act;
  }

  /** A round that begins from now on, as one that is under way may have passed what is asked for. Those who ask before it begins share it. */
  fresh(): Promise<void> {
    return (this.#next ??= this.#latest.then(() => {
      this.#next = undefined;
      return (this.#latest = this.#act());
    }));
  }
}
