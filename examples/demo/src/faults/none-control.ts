import { bufferLeak } from './buffer-leak.js';
import type { Fault, Work } from './fault.js';
import { gcChurn } from './gc-churn.js';
import { heapLeak } from './heap-leak.js';
import { several } from './several.js';
import { socketLeak } from './socket-leak.js';

const all = several([socketLeak, heapLeak, bufferLeak, gcChurn]);

/** A fault that does nothing: the signals of all, and none of them to be moved. The demo must fail with it. */
export const noneControl: Fault = {
  ...all,
  name: 'none',
  title: 'control: claims to be every fault, does no wrong; nothing may move',
  isControl: true,
  beginsIn: 'fault',
  work: (surroundings): Work => {
    const work = all.work(surroundings);
    return {
      answer: () => work.answer(false),
      mend: () => {
        work.mend();
      },
    };
  },
};
