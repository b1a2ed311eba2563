import { bufferLeakSentence } from '../report/buffer-leak-sentence.js';
import { bufferLeakSignals } from '../signals/buffer-leak-signals.js';
import type { Fault, Work } from './fault.js';
import { memoryRoom } from './memory-room.js';

/** Bytes of a rendered answer. */
const BYTES = 262_144;

/** Renders its answers into a Buffer. Right: into the same one again. Wrong: each into a new one, which it keeps. */
export const bufferLeak: Fault = {
  name: 'buffer-leak',
  title: 'each request keeps a Buffer, in memory outside of the V8 heap',
  isControl: false,
  beginsIn: 'fault',
  aspects: ['memory', 'collections'],
  v8Flags: [],
  room: machine => memoryRoom(machine, BYTES),
  work: (): Work => {
    const scratch = Buffer.alloc(BYTES);
    let kept: Buffer[] = [];
    return {
      answer: faulty => {
        // Written to in full: the kernel counts only pages that were touched.
        if (!faulty) {
          scratch.fill('12.50 ');
          return Promise.resolve({});
        }
        kept.push(Buffer.alloc(BYTES, '12.50 '));
        return Promise.resolve({ bufferBytes: BYTES });
      },
      mend: () => {
        kept = [];
      },
    };
  },
  signals: bufferLeakSignals,
  sentence: bufferLeakSentence,
};
