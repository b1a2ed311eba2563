import { setTimeout as sleep } from 'node:timers/promises';
import { gcChurnSentence } from '../report/gc-churn-sentence.js';
import { gcChurnSignals } from '../signals/gc-churn-signals.js';
import type { Fault, Work } from './fault.js';
import { bytesOfOffers, makeOffers } from './offers.js';

/** Offers that a request has to look at. */
const ON_THE_PAGE = 500;

/** Offers of the whole catalogue. */
const IN_THE_CATALOGUE = 60_000;

/** How long a request holds its offers, while it asks somebody what they cost: what it holds makes collections dear. */
const ASKING_MILLIS = 60;

/** Looks for the best price. Right: among the offers of its page. Wrong: in a copy of the whole catalogue. */
export const gcChurn: Fault = {
  name: 'gc-churn',
  title: 'each request copies a catalogue to read one page; nothing leaks',
  isControl: false,
  beginsIn: 'fault',
  aspects: ['collections'],
  // The young generation as it is by default up to Node.js 22, and everything born in it: with a larger one, and large
  // lists put straight into the old one, the same garbage costs a fraction, and less can be seen.
  v8Flags: ['--max-semi-space-size=16', '--no-allocation-site-pretenuring'],
  room: () => ({ faultyRequests: Infinity, limitedBy: 'nothing', remedy: 'nothing' }),
  work: (): Work => ({
    answer: async faulty => {
      const count = faulty ? IN_THE_CATALOGUE : ON_THE_PAGE;
      const offers = makeOffers(count);
      // What a collection finds alive is what it costs: garbage is dear if it lives for a while.
      await sleep(ASKING_MILLIS);
      const best = offers.reduce((least, { cents }) => Math.min(least, cents), Infinity);
      if (best > 1_250) throw new Error(`no offer costs ${best}`);
      return { garbageBytes: bytesOfOffers(count) };
    },
    mend: () => {},
  }),
  signals: gcChurnSignals,
  sentence: gcChurnSentence,
};
