import type { Signal } from '../items/item-codec.js';
import type { DropReason } from '../spool/outcome.js';
import { tell } from '../tell.js';

/** What was dropped. */
export interface Drop {
  readonly signal: Signal;
  readonly count: number;
  readonly reason: DropReason;
}

/**
 * The host's listener, so that nothing it does gets in the way of what was just going on.
 *
 * What it throws, or rejects with, is said once. What is dropped while it runs, as when it logs each drop through a logger whose queue is
 * full, is told with the next drop: else one drop would bring about the next without end.
 */
export function dropListener(listener: ((drop: Drop) => unknown) | undefined): (drop: Drop) => void {
  if (listener === undefined) return () => {};
  let isRunning = false;
  let hasComplained = false;
  const held = new Map<string, Drop>();
  const complain = (thrown: unknown): void => {
    if (hasComplained) return;
    hasComplained = true;
    tell('error', 'onDrop failed (said once)', thrown);
  };
  const hold = (drop: Drop): void => {
    const key = `${drop.signal} ${drop.reason}`;
    held.set(key, { ...drop, count: drop.count + (held.get(key)?.count ?? 0) });
  };
  return drop => {
    hold(drop);
    if (isRunning) return;
    isRunning = true;
    const drops = [...held.values()];
    held.clear();
    for (const each of drops) {
      try {
        // An async function that fails would else end the process, as nobody else waits for it.
        Promise.resolve(listener(each)).catch(complain);
      } catch (thrown) {
        complain(thrown);
      }
    }
    isRunning = false;
  };
}
