import { close, closeSync, open, read } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { descriptorLeakSentence } from '../report/descriptor-leak-sentence.js';
import { descriptorLeakSignals } from '../signals/descriptor-leak-signals.js';
import { descriptorRoom } from './descriptor-room.js';
import type { Fault, Work } from './fault.js';

// Plain descriptors, not `FileHandle`: the garbage collector closes a forgotten FileHandle.
const openFile = promisify(open);
const readFile = promisify(read);
const closeFile = promisify(close);

/** What the service reads for each request. */
const FILE = join(__dirname, '..', '..', 'package.json');

/** Reads a file per request. Right: closes it. Wrong: forgets to. */
export const fileLeak: Fault = {
  name: 'file-leak',
  title: 'each request opens a file and never closes it',
  isControl: false,
  beginsIn: 'fault',
  aspects: ['descriptors'],
  v8Flags: [],
  room: descriptorRoom,
  work: (): Work => {
    const forgotten: number[] = [];
    return {
      answer: async faulty => {
        const descriptor = await openFile(FILE, 'r');
        await readFile(descriptor, Buffer.alloc(1_024), 0, 1_024, 0);
        if (faulty) {
          forgotten.push(descriptor);
          return { descriptors: 1 };
        }
        await closeFile(descriptor);
        return {};
      },
      mend: () => {
        for (const descriptor of forgotten.splice(0)) closeSync(descriptor);
      },
    };
  },
  signals: descriptorLeakSignals('file'),
  sentence: run => descriptorLeakSentence(run, 'files', 'file'),
};
