import type { Meter } from '@opentelemetry/api';
import { processState } from './sampling-runtime.js';

/** One of several that would record the same things in the same instrument. */
export interface TurnToRecord {
  /** Whether it is this one's to record: the first that asked, of those that have not given up. */
  readonly isMine: boolean;
  /** Leaves it to the next. */
  giveUp(): void;
}

/**
 * Asks for the turn to record on a meter. What is observed has one value a series, however many observe it; what is recorded
 * adds up, and two instrumentations on one meter provider, which hands both the same meter, would count everything twice.
 */
export function turnToRecord(meter: Meter): TurnToRecord {
  const { recorders } = processState();
  let waiting = recorders.get(meter);
  if (waiting === undefined) recorders.set(meter, (waiting = []));
  const turn = {
    get isMine() {
      return waiting[0] === turn;
    },
    giveUp() {
      const index = waiting.indexOf(turn);
      if (index >= 0) waiting.splice(index, 1);
    },
  };
  waiting.push(turn);
  return turn;
}
