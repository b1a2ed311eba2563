import { MEMORY_GROWTH, MEMORY_SIGNAL_LABEL } from '../metric-names.js';
import { heapLeakSentence } from '../report/heap-leak-sentence.js';
import { heapLeakSignals } from '../signals/heap-leak-signals.js';
import type { Fault, Work } from './fault.js';
import { heapRoom } from './memory-room.js';
import { bytesOfOffers, makeOffers } from './offers.js';
import type { Offer } from './offers.js';

/** Offers in an answer. */
const OFFERS = 8_000;

/** Answers that a cache with a limit keeps. */
const CACHE_MAXIMUM = 8;

/** While nothing is wrong, one request in so many asks for something new. */
const NEW_EVERY = 5;

const BYTES = bytesOfOffers(OFFERS);

/**
 * Keeps its answers in a cache. Right: most requests find theirs there, and the oldest is dropped for a new one. Wrong:
 * no two requests are the same, and nothing is ever dropped.
 */
export const heapLeak: Fault = {
  name: 'heap-leak',
  title: 'each request fills a cache that has no limit, on the V8 heap',
  isControl: false,
  beginsIn: 'fault',
  aspects: ['memory', 'collections'],
  // A major collection whenever the heap has grown by a twentieth, where it would be left to grow fourfold, and not put
  // off by room for the young generation; all of it by the thread that makes the objects, as others may get no turn on
  // a busy machine.
  v8Flags: ['--heap-growing-percent=5', '--max-semi-space-size=2', '--single-threaded-gc'],
  room: machine => heapRoom(machine, BYTES),
  work: (): Work => {
    const cache = new Map<number, Offer[]>();
    const droppable: number[] = [];
    let request = 0;
    return {
      answer: faulty => {
        request += 1;
        if (!faulty && droppable.length > 0 && request % NEW_EVERY > 0) return Promise.resolve({});
        cache.set(request, makeOffers(OFFERS));
        if (faulty) return Promise.resolve({ heapBytes: BYTES });
        droppable.push(request);
        if (droppable.length > CACHE_MAXIMUM) cache.delete(droppable.shift() ?? NaN);
        return Promise.resolve({ garbageBytes: BYTES });
      },
      mend: () => {
        const right = new Set(droppable);
        for (const answer of cache.keys()) if (!right.has(answer)) cache.delete(answer);
      },
    };
  },
  shows: scrape => scrape.value(MEMORY_GROWTH, MEMORY_SIGNAL_LABEL, 'heap_live') !== undefined,
  signals: heapLeakSignals,
  sentence: heapLeakSentence,
};
