/** What a reader knows of time. */
export interface ReaderClock {
  /** Milliseconds that only ever go on. */
  nowMillis(): number;
  /** Milliseconds since 1970. */
  epochMillis(): number;
  /** Calls once, later, without keeping the process alive. Returns what takes that back. */
  later(delayMillis: number, callback: () => void): () => void;
}

export const realClock: ReaderClock = {
  nowMillis: () => performance.now(),
  epochMillis: () => Date.now(),
  later(delayMillis, callback) {
    const timer = setTimeout(callback, delayMillis).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Waits for something, but not longer than that. What it rejects with is not told. Returns whether it is done. */
export async function waitWithin(
  clock: ReaderClock,
  millis: number,
  promise: Promise<unknown>,
): Promise<boolean> {
  let cancel = (): void => {};
  const timeout = new Promise<boolean>(resolve => {
    cancel = clock.later(Math.max(0, millis), () => {
      resolve(false);
    });
  });
  const done = promise.then(
    () => true,
    () => true,
  );
  const isDone = await Promise.race([done, timeout]);
  cancel();
  return isDone;
}
