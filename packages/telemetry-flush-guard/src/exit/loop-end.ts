import { createHook } from 'node:async_hooks';

/** How long what cannot be let go of may take to end by itself. */
const LETTING_GO_MILLIS = 25;

/**
 * Calls back once all listeners for the loop's end have been called, if none of them has found work for the loop. To be called from such
 * a listener, and before the others: what there is then keeps no loop going, as it has just run empty.
 */
export function ifLoopStaysEmpty(act: () => void): void {
  // A pipe that was written to is among them, though it keeps nothing alive.
  const before = process.getActiveResourcesInfo().length;
  setImmediate(() => {
    if (process.getActiveResourcesInfo().length <= before) act();
  });
}

/** A timer, a socket: what may keep a process alive, or not. */
interface Holding {
  unref(): unknown;
}

/**
 * Does something at the end of the loop, after which the process ends, whatever that has begun: an exporter that waits for an answer, or
 * for its next attempt, does so for ten seconds and more. Nothing is ended by force but what cannot be let go of, such as a name that is
 * being looked up: so the process ends as it would have, and a module that still waits for something with its code for that.
 */
export async function atLoopEnd(act: () => Promise<void>): Promise<void> {
  const holding = new Set<Holding>();
  let isOver = false;
  // The loop was empty: all there is from now on is of that, or would not have come to be. The hook slows promises down, and stays.
  createHook({
    init(_asyncId, _type, _trigger, resource) {
      if (typeof (resource as Partial<Holding>).unref !== 'function') return;
      // It is not yet made: it can be let go of only afterwards.
      if (isOver) process.nextTick(letGo, resource);
      else holding.add(resource as Holding);
    },
  }).enable();
  await act();
  isOver = true;
  for (const one of holding) letGo(one);
  setTimeout(() => process.exit(), LETTING_GO_MILLIS).unref();
}

function letGo(one: Holding): void {
  try {
    one.unref();
  } catch {
    // Closed by now.
  }
}
