/** What a single operation cost, in seconds; or several numbers by name. */
export type Sample = number | Readonly<Record<string, number>>;

/** Something whose cost is measured, again and again. */
export interface Candidate {
  readonly name: string;
  /** One measurement. */
  measure(): Sample | Promise<Sample>;
}

/** Keeps results alive, so that no compiler finds out that nobody reads them. */
export const sink: { latest: unknown } = { latest: undefined };

const realNowMillis = (): number => performance.now();

/**
 * Times `run` in batches that last about `batchMillis`. How many operations that takes is found out at the first
 * measurement, and again when they have become much faster.
 */
export function timed(
  name: string,
  batchMillis: number,
  run: () => unknown,
  nowMillis = realNowMillis,
): Candidate {
  let operations = 1;
  return {
    name,
    measure() {
      for (;;) {
        const startMillis = nowMillis();
        for (let i = 0; i < operations; i += 1) sink.latest = run();
        const millis = nowMillis() - startMillis;
        if (millis >= batchMillis / 2) return millis / 1000 / operations;
        operations *= 2;
      }
    },
  };
}

/** The same for work that ends later, one operation after the other. */
export function timedAsync(
  name: string,
  batchMillis: number,
  run: () => Promise<unknown>,
  nowMillis = realNowMillis,
): Candidate {
  let operations = 1;
  return {
    name,
    async measure() {
      for (;;) {
        const startMillis = nowMillis();
        for (let i = 0; i < operations; i += 1) sink.latest = await run();
        const millis = nowMillis() - startMillis;
        if (millis >= batchMillis / 2) return millis / 1000 / operations;
        operations *= 2;
      }
    },
  };
}
