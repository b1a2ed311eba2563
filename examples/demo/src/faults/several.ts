import type { Machine } from '../run/machine.js';
import type { RunRecord } from '../run/run-record.js';
import type { Signal } from '../signals/signal.js';
import { EMPTY_TALLY, sumOf } from '../tally.js';
import type { Aspect, Fault, Room, Work } from './fault.js';

/** Several faults at once, for controls: every request does the work of each. */
export function several(
  faults: readonly [Fault, ...Fault[]],
): Pick<Fault, 'aspects' | 'v8Flags' | 'room' | 'work' | 'shows' | 'signals' | 'sentence'> {
  const [first, ...others] = faults;
  return {
    aspects: [...new Set(faults.flatMap(({ aspects }) => aspects))] as [Aspect, ...Aspect[]],
    v8Flags: faults.flatMap(({ v8Flags }) => v8Flags),
    room: (machine: Machine): Room =>
      others.reduce((least, { room }) => {
        const other = room(machine);
        return other.faultyRequests < least.faultyRequests ? other : least;
      }, first.room(machine)),
    work: (surroundings): Work => {
      const works = faults.map(({ work }) => work(surroundings));
      return {
        answer: async faulty => {
          let tally = EMPTY_TALLY;
          for (const work of works) tally = sumOf(tally, await work.answer(faulty));
          return tally;
        },
        mend: () => {
          for (const work of works) work.mend();
        },
      };
    },
    shows: scrape => faults.every(({ shows }) => shows?.(scrape) ?? true),
    signals: [...new Set<Signal>(faults.flatMap(({ signals }) => signals))],
    sentence: (run: RunRecord) => faults.map(({ name, sentence }) => `(${name}) ${sentence(run)}`).join(' '),
  };
}
